"""
A smaller support of Farkas multipliers, from a vertex of the alternative polyhedron.

Sets        members s of a conflict and the bounds that always hold, each written as g_s'x >= h_s
Variables   t_s >= 0
Objective   min sum of t_s over members
Constraints sum_s t_s g_s = 0 (one row for every column of the model), sum_s t_s h_s = 1

Any solution proves that the members conflict: the weighted sum reads 0 >= 1. A vertex uses an irreducible set of them (Gleeson
and Ryan, ORSA Journal on Computing 2, 1990, theorem 1).
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from solvers.base import Budget, Silent
from solvers.linear.engine import run_engine
from solvers.linear.member import Member, domain, indices, part_of
from solvers.linear.model import Floats, LinearModel

CLEAR = 1e-9
LEAST_TIME = 0.02


def smaller_support(model: LinearModel, members: Sequence[Member], *, deadline: float, seed: int = 0) -> list[Member] | None:
    """Return those of the conflicting linear members that a vertex uses, or None when none was found in time."""
    part = part_of(model, members)
    rows = np.unique(indices(members, "row", "row_lower", "row_upper"))
    made, columns = part.model, part.columns
    down, up = np.flatnonzero(np.isfinite(made.row_lower)), np.flatnonzero(np.isfinite(made.row_upper))
    low, high = np.flatnonzero(np.isfinite(made.column_lower)), np.flatnonzero(np.isfinite(made.column_upper))
    matrix, unit = made.matrix(), sparse.eye_array(made.columns, format="csr")
    gradients = sparse.vstack([matrix[down], -matrix[up], unit[low], -unit[high]], format="csr")
    demands = np.concatenate([made.row_lower[down], -made.row_upper[up], made.column_lower[low], -made.column_upper[high]])
    always_lower, always_upper = (np.isfinite(bounds[columns]) for bounds in domain(model))
    costs = np.concatenate([np.ones(len(down) + len(up)), ~always_lower[low], ~always_upper[high]]).astype(np.float64)
    weights = _vertex(model, gradients, demands, costs, deadline=deadline, seed=seed)
    if weights is None:
        return None
    used = weights > CLEAR * max(1.0, float(weights.max(initial=0.0)))
    ends = np.cumsum([len(down), len(up), len(low)])
    on_down, on_up, on_low, on_high = np.split(used, ends)
    touched = {
        "row_lower": set(rows[down[on_down]].tolist()),
        "row_upper": set(rows[up[on_up]].tolist()),
        "lower": set(columns[low[on_low]].tolist()),
        "upper": set(columns[high[on_high]].tolist()),
    }
    touched["row"] = touched["row_lower"] | touched["row_upper"]
    return [member for member in members if member.index in touched[member.kind]]


def _vertex(
    model: LinearModel, gradients: sparse.csr_array, demands: Floats, costs: Floats, *, deadline: float, seed: int
) -> Floats | None:
    """Return the weights of the sides at a vertex of the alternative polyhedron."""
    system = sparse.csr_array(sparse.vstack([gradients.T, sparse.csr_array(demands[None, :])], format="csr"))
    system.sum_duplicates()
    system.sort_indices()
    sums = np.append(np.zeros(gradients.shape[1]), 1.0)
    program = replace(
        model,
        sense="min",
        offset=0.0,
        indptr=system.indptr.astype(np.int64),
        indices=system.indices.astype(np.int64),
        coefficients=np.asarray(system.data, dtype=np.float64),
        column_lower=np.zeros(len(costs)),
        column_upper=np.full(len(costs), np.inf),
        objective=costs,
        integer=np.zeros(len(costs), dtype=np.bool_),
        row_lower=sums,
        row_upper=sums,
    )
    left = max(deadline - time.monotonic(), LEAST_TIME)
    budget = Budget(time_limit=left, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
    raw = run_engine(program, budget, Silent())
    return raw.values if raw.reason == "optimal" else None
