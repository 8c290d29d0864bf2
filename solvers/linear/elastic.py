"""
The elastic (phase one) model: every row may be violated at a price of 1 per unit, bounds of variables stay hard.

Sets        rows i, columns j
Variables   x_j as in the model; shortfall_i >= 0 and excess_i >= 0 of every row
Objective   min sum_i shortfall_i + excess_i
Constraints row_lower_i <= sum_j a_ij x_j + shortfall_i - excess_i <= row_upper_i

Its optimum is the least total violation; above zero the model is infeasible, and the row duals are Farkas multipliers
(Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapters 6 and 7).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from solvers.base import Budget, Progress
from solvers.linear.engine import run_engine
from solvers.linear.model import Floats, LinearModel

FEASIBLE_TOTAL = 1e-7
"""A least total violation up to this counts as feasible."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Elastic:
    """
    Least total violation of a model with m rows.

    `violations` (m) is positive where the activity falls short of the lower side and negative where it exceeds the upper side.
    `multipliers` (m) are the row duals, None for a MIP. `point` (n) is where the rows are violated by that much.
    """

    total: float
    point: Floats
    violations: Floats
    multipliers: Floats | None


def elastic_model(model: LinearModel) -> LinearModel:
    """Return the elastic model: columns x, then shortfalls, then excesses."""
    m = model.rows
    identity = sparse.eye_array(m, format="csr")
    matrix = sparse.csr_array(sparse.hstack([model.matrix(), identity, -identity], format="csr"))
    matrix.sort_indices()
    return replace(
        model,
        sense="min",
        offset=0.0,
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        coefficients=np.asarray(matrix.data, dtype=np.float64),
        column_lower=np.concatenate([model.column_lower, np.zeros(2 * m)]),
        column_upper=np.concatenate([model.column_upper, np.full(2 * m, np.inf)]),
        objective=np.concatenate([np.zeros(model.columns), np.ones(2 * m)]),
        integer=np.concatenate([model.integer, np.zeros(2 * m, dtype=np.bool_)]),
    )


def solve_elastic(model: LinearModel, budget: Budget, progress: Progress) -> Elastic | None:
    """Return the least total violation of a model, or None when the budget ends before it is proved."""
    if np.any(model.column_lower > model.column_upper) or np.any(model.row_lower > model.row_upper):
        return None
    elastic = elastic_model(model)
    raw = run_engine(elastic, budget, progress)
    if model.is_mip and raw.reason == "optimal" and raw.values is not None:
        # A vertex for the integers found, free of the tolerance that branch and bound makes use of.
        raw = run_engine(elastic.with_fixed_integers(raw.values), budget, progress)
    if raw.reason != "optimal" or raw.values is None:
        return None
    slack = raw.values[model.columns :]
    shortfall, excess = slack[: model.rows], slack[model.rows :]
    return Elastic(
        total=float(shortfall.sum() + excess.sum()),
        point=raw.values[: model.columns],
        violations=shortfall - excess,
        multipliers=None if model.is_mip else raw.duals,
    )
