"""Independent check of assignments: pairs, cost, and the prices that prove it, from the request alone."""

from typing import Any

import numpy as np

from models.run import Check
from solvers.base import Outcome
from solvers.network.check import Floats, Integers, make_check, objective_check, reported_value


class AllowedPairs:
    """The request's pairs read afresh: `row`, `column`, `cost` (k,), and the height and width of the matrix."""

    def __init__(self, problem: Any) -> None:
        costs = problem.costs
        if isinstance(costs, list):
            self.height, self.width = len(costs), len(costs[0]) if costs else 0
            matrix = np.array(costs, dtype=np.float64).reshape(self.height, self.width)
            self.row, self.column = np.where(np.isfinite(matrix))
            self.cost: Floats = matrix[self.row, self.column]
        else:
            self.height, self.width = costs.rows, costs.columns
            self.row, self.column = np.array(costs.row, dtype=np.int64), np.array(costs.column, dtype=np.int64)
            self.cost = np.array(costs.cost, dtype=np.float64)

    def cost_of(self, row: Integers, column: Integers) -> Floats:
        """Return the cost of pairs, NaN where a pair is not allowed."""
        code = self.row * self.width + self.column
        by_code = np.argsort(code)
        wanted = row * self.width + column
        place = np.minimum(np.searchsorted(code[by_code], wanted), len(code) - 1)
        found = by_code[place]
        return np.where(code[found] == wanted, self.cost[found], np.nan)


def check_assignment(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Check an assignment with its prices, or that the crowded rows (or columns) have too few partners."""
    if outcome.evidence is None:
        return []
    allowed = AllowedPairs(problem)
    if outcome.status == "infeasible":
        return [_hall_check(allowed, outcome)]
    solution: Any = outcome.solution
    row = np.array([pair.row_index for pair in solution.assignment], dtype=np.int64)
    column = np.array([pair.column_index for pair in solution.assignment], dtype=np.int64)
    cost = allowed.cost_of(row, column) if len(row) else np.zeros(0)
    repeated = 2 * len(row) - len(np.unique(row)) - len(np.unique(column))
    scale = max(1.0, float(np.abs(cost).sum()))
    return [
        make_check("allowed_pairs", float(np.isnan(cost).sum()), tolerance=0.0),
        make_check("each_at_most_once", float(repeated), tolerance=0.0),
        make_check("smaller_side_complete", float(abs(min(allowed.height, allowed.width) - len(row))), tolerance=0.0),
        objective_check(reported_value(outcome), float(cost.sum()), scale=scale),
        *_price_checks(problem, solution, allowed, row=row, column=column, scale=scale),
    ]


def _price_checks(
    problem: Any, solution: Any, allowed: AllowedPairs, *, row: Integers, column: Integers, scale: float
) -> list[Check]:
    """Check u + v <= c on every pair, equality on chosen ones, the sign on the longer side, and the dual value."""
    sign = 1.0 if problem.sense == "min" else -1.0
    u: Floats = sign * np.array(list(solution.row_duals.values()), dtype=np.float64)
    v: Floats = sign * np.array(list(solution.column_duals.values()), dtype=np.float64)
    reduced = sign * allowed.cost - u[allowed.row] - v[allowed.column]
    sizes = np.abs(allowed.cost) + np.abs(u[allowed.row]) + np.abs(v[allowed.column])
    longer = v if len(v) > len(u) else u if len(u) > len(v) else np.zeros(0)
    chosen = sign * allowed.cost_of(row, column) if len(row) else np.zeros(0)
    return [
        make_check("dual_feasibility", -reduced / np.maximum(1.0, sizes)),
        make_check("dual_sign", np.maximum(longer, 0.0)),
        make_check("complementary_slackness", np.abs(chosen - u[row] - v[column]) / scale),
        make_check("duality_gap", abs(float(chosen.sum() - u.sum() - v.sum())) / scale),
    ]


def _hall_check(allowed: AllowedPairs, outcome: Outcome[Any]) -> Check:
    """Check that Hall's condition is broken: a side that must be paired completely has members with too few partners."""
    by_row = outcome.evidence.side == "row"
    own, other = (allowed.row, allowed.column) if by_row else (allowed.column, allowed.row)
    complete = allowed.height <= allowed.width if by_row else allowed.width <= allowed.height
    crowded = outcome.evidence.crowded
    partners = len(np.unique(other[np.isin(own, crowded)]))
    proved = complete and partners < len(crowded)
    return make_check("hall_violation", 0.0 if proved else 1.0 + partners, tolerance=0.0)
