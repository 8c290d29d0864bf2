"""
Assignment of rows to columns.

Sets: rows i, columns j, allowed pairs (i, j).
Parameters: cost c_ij.
Decision variables: x_ij, 1 when row i takes column j.
Objective: minimise (or maximise) sum c_ij x_ij.
Constraints: row_i: sum_j x_ij = 1; column_j: sum_i x_ij = 1 (<= 1 on the longer side); x_ij >= 0 (integrality comes for free).

Dual: prices u_i + v_j <= c_ij, equal on chosen pairs. Engine: shortest augmenting paths (Jonker and Volgenant 1987) of SciPy on
whole numbers; the prices come from label correcting on the residual network.
"""

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

from models.network.assignment import AssignmentProblem, AssignmentSolution, Pair
from solvers.base import Budget, Outcome, Progress
from solvers.errors import EngineError
from solvers.network.arrays import Floats, Integers
from solvers.network.evidence import ended, optimal_objective, rounding_warnings
from solvers.network.feasibility import reachable
from solvers.network.grid import Grid, grid_of
from solvers.network.labels import shortest_labels
from solvers.network.pairs import Pairs, pairs_of

Result = Outcome[AssignmentSolution]
DENSE_SHARE = 0.3
"""From this share of allowed pairs on, the dense algorithm is faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEvidence:
    """
    Proof of an assignment answer.

    `chosen` are indices of pairs; `row_price`, `column_price` the duals. For an infeasible problem `crowded` (names, on side
    `side`) may only be paired with `partners`, which are fewer.
    """

    pairs: Pairs
    chosen: Integers | None = None
    row_price: Floats | None = None
    column_price: Floats | None = None
    side: str = "row"
    crowded: Integers | None = None
    partners: Integers | None = None


class ShortestAugmentingPath:
    """Jonker-Volgenant, dense or sparse by the share of allowed pairs; exact for numbers with few decimals."""

    name: ClassVar[str] = "shortest_augmenting_path"
    libraries: ClassVar[tuple[str, ...]] = ("scipy", "numpy")

    def supports(self, problem: AssignmentProblem) -> str | None:
        """Every assignment problem is supported."""
        return None

    def solve(self, problem: AssignmentProblem, budget: Budget, progress: Progress) -> Result:
        """Return a best assignment with its prices, or the rows (or columns) that have too few partners."""
        started = time.perf_counter()
        pairs = pairs_of(problem)
        sign = 1.0 if problem.sense == "min" else -1.0
        largest = float(np.abs(pairs.cost).max(initial=0.0))
        grid = grid_of(pairs.cost, magnitude=(len(pairs.rows) + len(pairs.columns) + 1) * largest)
        steps = grid.integers(sign * pairs.cost)
        built = time.perf_counter()
        result = _infeasible(pairs) or _optimal(pairs, steps, grid, sign)
        return Outcome(
            status=result.status,
            termination=result.termination,
            objective=result.objective,
            solution=result.solution,
            evidence=result.evidence,
            build_time=built - started,
            solve_time=time.perf_counter() - built,
            warnings=rounding_warnings("/costs", costs=grid),
        )


def _infeasible(pairs: Pairs) -> Result | None:
    """Return the proof by Hall's theorem that the smaller side cannot be paired completely, or None."""
    tall = len(pairs.rows) > len(pairs.columns)
    small, large = (pairs.column, pairs.row) if tall else (pairs.row, pairs.column)
    few, many = sorted((len(pairs.rows), len(pairs.columns)))
    if len(pairs.cost) == few * many:
        return None
    partner = np.asarray(
        maximum_bipartite_matching(csr_array((np.ones(len(small)), (small, large)), shape=(few, many)), perm_type="column"),
        dtype=np.int64,
    )
    lonely = np.flatnonzero(partner < 0)
    if not lonely.size:
        return None
    matched = np.flatnonzero(partner >= 0)
    starts, ends = np.concatenate((small, few + partner[matched])), np.concatenate((few + large, matched))
    seen = reachable(few + many, starts, ends, lonely[:1])
    crowded, partners = np.flatnonzero(seen[:few]), np.flatnonzero(seen[few:])
    side = "column" if tall else "row"
    other = "row" if tall else "column"
    detail = f"{len(crowded)} {side}s may only be paired with {len(partners)} {other}s."
    return Outcome(
        status="infeasible",
        termination=ended("infeasible", detail),
        objective=None,
        solution=None,
        evidence=AssignmentEvidence(pairs=pairs, side=side, crowded=crowded, partners=partners),
    )


def _chosen(pairs: Pairs, steps: Integers) -> Integers:
    """Return the indices of the pairs of a cheapest complete assignment, shape (min(rows, columns),)."""
    shape = (len(pairs.rows), len(pairs.columns))
    if not min(shape):
        return np.zeros(0, dtype=np.int64)
    if len(steps) >= DENSE_SHARE * shape[0] * shape[1]:
        matrix = np.full(shape, np.inf)
        matrix[pairs.row, pairs.column] = steps
        row, column = (np.asarray(side, dtype=np.int64) for side in linear_sum_assignment(matrix))
    else:
        # Weights must not be 0; all complete assignments have equally many pairs, so that a shift changes no choice.
        weight = (steps - steps.min() + 1).astype(np.float64)
        found = min_weight_full_bipartite_matching(csr_array((weight, (pairs.row, pairs.column)), shape=shape))
        row, column = (np.asarray(side, dtype=np.int64) for side in found)
    code = pairs.row * shape[1] + pairs.column
    by_code = np.argsort(code)
    picked = row * shape[1] + column
    return np.sort(by_code[np.searchsorted(code[by_code], picked)])


def _prices(pairs: Pairs, steps: Integers, chosen: Integers) -> tuple[Integers, Integers]:
    """
    Return prices u (rows), v (columns) in whole steps with u + v <= cost, equal on chosen pairs.

    Nodes: rows, then columns, then a terminal that the longer side is joined to for its right to stay free. The label of a
    column minus that of the terminal is v, minus the label of a row is u.
    """
    rows, columns = len(pairs.rows), len(pairs.columns)
    terminal = rows + columns
    tail, head, cost = (
        [pairs.row, rows + pairs.column[chosen]],
        [rows + pairs.column, pairs.row[chosen]],
        [steps, -steps[chosen]],
    )
    if columns > rows:
        taken = rows + pairs.column[chosen]
        free = np.setdiff1d(np.arange(rows, terminal), taken)
        tail, head = [*tail, np.full(len(taken), terminal), free], [*head, taken, np.full(len(free), terminal)]
    elif rows > columns:
        taken = pairs.row[chosen]
        free = np.setdiff1d(np.arange(rows), taken)
        tail, head = [*tail, taken, np.full(len(free), terminal)], [*head, np.full(len(taken), terminal), free]
    joined = sum(len(part) for part in tail) - len(steps) - len(chosen)
    labels = shortest_labels(
        terminal + 1,
        np.concatenate(tail),
        np.concatenate(head),
        np.concatenate((*cost, np.zeros(joined, dtype=np.int64))),
        source=None,
    )
    if labels.cycle is not None:
        raise EngineError("the engine's assignment is not optimal: its residual network has a negative cycle")
    price = labels.distance - (labels.distance[terminal] if rows != columns else labels.distance[:rows].max(initial=0))
    u, v = -price[:rows], price[rows:terminal]
    if columns > rows:
        v = np.minimum(v, 0)
    if rows > columns:
        u = np.minimum(u, 0)
    return u, v


def _optimal(pairs: Pairs, steps: Integers, grid: Grid, sign: float) -> Result:
    """Return the best assignment with prices in the caller's sense."""
    chosen = _chosen(pairs, steps)
    u, v = _prices(pairs, steps, chosen)
    row_price, column_price = sign * grid.numbers(u) + 0.0, sign * grid.numbers(v) + 0.0
    value = float(pairs.cost[chosen].sum())
    bound = float(sign * (int(u.sum()) + int(v.sum())) / grid.scale)
    row, column = pairs.row[chosen], pairs.column[chosen]
    free_rows = np.setdiff1d(np.arange(len(pairs.rows)), row)
    free_columns = np.setdiff1d(np.arange(len(pairs.columns)), column)
    listed = [
        Pair(row=pairs.rows[i], column=pairs.columns[j], row_index=i, column_index=j, cost=cost)
        for i, j, cost in zip(row.tolist(), column.tolist(), pairs.cost[chosen].tolist(), strict=True)
    ]
    solution = AssignmentSolution.model_construct(
        assignment=listed,
        unassigned_rows=[pairs.rows[i] for i in free_rows.tolist()],
        unassigned_columns=[pairs.columns[j] for j in free_columns.tolist()],
        row_duals=dict(zip(pairs.rows, row_price.tolist(), strict=True)),
        column_duals=dict(zip(pairs.columns, column_price.tolist(), strict=True)),
    )
    evidence = AssignmentEvidence(pairs=pairs, chosen=chosen, row_price=row_price, column_price=column_price)
    return Outcome(
        status="succeeded",
        termination=ended("optimal", "The prices of rows and columns prove that no assignment is better."),
        objective=optimal_objective(value, bound, unit="cost", term="assignment"),
        solution=solution,
        evidence=evidence,
    )
