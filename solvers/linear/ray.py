"""A direction that proves a model unbounded: from any feasible point the objective improves along it for ever."""

from dataclasses import replace

import numpy as np

from solvers.base import Budget, Progress
from solvers.linear.engine import run_engine
from solvers.linear.model import Floats, LinearModel

IMPROVEMENT = 1e-9
"""Least improvement per unit of the ray that counts."""


def improving_ray(model: LinearModel, budget: Budget, progress: Progress) -> Floats | None:
    """
    Return the direction d, |d_j| <= 1, that improves the objective most while leaving no side or bound, shape (n,).

    It is the optimum of the LP over the recession cone: rows and columns with a finite lower side may not fall, those with a
    finite upper side may not rise. None when no direction improves or the budget ends.
    """
    cone = replace(
        model.relaxed(),
        offset=0.0,
        column_lower=np.where(np.isfinite(model.column_lower), 0.0, -1.0),
        column_upper=np.where(np.isfinite(model.column_upper), 0.0, 1.0),
        row_lower=np.where(np.isfinite(model.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(model.row_upper), 0.0, np.inf),
    )
    raw = run_engine(cone, budget, progress)
    if raw.reason != "optimal" or raw.values is None:
        return None
    ray = np.where(np.abs(raw.values) < 1e-9, 0.0, raw.values)
    return ray if model.sign * float(model.objective @ ray) < -IMPROVEMENT else None
