"""A direction that proves a model unbounded: from any feasible point the objective improves along it for ever."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from solvers.base import Budget, Progress, Silent
from solvers.linear.engine import run_engine
from solvers.linear.model import Floats, LinearModel

IMPROVEMENT = 1e-9
"""Least improvement along a ray that counts, relative to sum_j |c_j d_j|."""

CLEAR = 1e-9
SMALLEST = 1e-300
LARGEST_WHOLE = 1_000
"""Steps are given in whole numbers where that takes none larger than this."""


def improving_ray(model: LinearModel, budget: Budget, progress: Progress) -> Floats | None:
    """
    Return a direction that improves the objective while leaving no side or bound, in few variables, shape (n,).

    It lies in the recession cone: rows and columns with a finite lower side may not fall, those with a finite upper side may
    not rise. Of the directions that improve the objective by 1 it is a vertex of least total movement, scaled to small whole
    numbers where it has such a multiple and to |d_j| <= 1 elsewhere. None when no direction improves or the budget ends.
    """
    raw = run_engine(_by_least_movement(model), budget, progress)
    ray = None
    if raw.reason == "optimal" and raw.values is not None:
        ray = raw.values[: model.columns] - raw.values[model.columns :]
    else:
        steepest = run_engine(recession_cone(model), budget, progress)
        ray = steepest.values if steepest.reason == "optimal" else None
    if ray is None or not ray.any():
        return None
    ray = _in_whole_steps(np.where(np.abs(ray) < CLEAR * np.abs(ray).max(), 0.0, ray))
    return ray if improvement_of(model, ray) > IMPROVEMENT else None


def improvement_of(model: LinearModel, ray: Floats) -> float:
    """Return by how much the objective improves along a direction, relative to sum_j |c_j d_j|; 0 where it stays."""
    size = float(np.abs(model.objective) @ np.abs(ray))
    return -model.sign * float(model.objective @ ray) / size if size else 0.0


def has_improving_ray(model: LinearModel, budget: Budget) -> bool | None:
    """Tell whether some direction of the recession cone improves the objective; None when the budget ends first."""
    raw = run_engine(recession_cone(model), budget, Silent())
    if raw.reason != "optimal" or raw.values is None:
        return None
    return improvement_of(model, np.where(np.abs(raw.values) < CLEAR, 0.0, raw.values)) > IMPROVEMENT


def recession_cone(model: LinearModel) -> LinearModel:
    """Return the LP over the directions d, |d_j| <= 1, that leave no side or bound, with the scaled objective of the model."""
    return replace(
        model.relaxed(),
        offset=0.0,
        objective=model.objective / max(float(np.abs(model.objective).max(initial=0.0)), SMALLEST),
        column_lower=np.where(np.isfinite(model.column_lower), 0.0, -1.0),
        column_upper=np.where(np.isfinite(model.column_upper), 0.0, 1.0),
        row_lower=np.where(np.isfinite(model.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(model.row_upper), 0.0, np.inf),
    )


def _by_least_movement(model: LinearModel) -> LinearModel:
    """Return the LP of the least total movement that improves the objective by 1: columns that rise, then that fall."""
    n = model.columns
    matrix = model.matrix()
    scale = max(float(np.abs(model.objective).max(initial=0.0)), SMALLEST)
    gain = sparse.csr_array(model.sign * model.objective[None, :] / scale)
    system = sparse.csr_array(sparse.vstack([sparse.hstack([matrix, -matrix]), sparse.hstack([gain, -gain])], format="csr"))
    system.eliminate_zeros()
    system.sort_indices()
    rises = np.where(np.isfinite(model.column_upper), 0.0, np.inf)
    falls = np.where(np.isfinite(model.column_lower), 0.0, np.inf)
    return replace(
        model,
        sense="min",
        offset=0.0,
        indptr=system.indptr.astype(np.int64),
        indices=system.indices.astype(np.int64),
        coefficients=np.asarray(system.data, dtype=np.float64),
        column_lower=np.zeros(2 * n),
        column_upper=np.concatenate([rises, falls]),
        objective=np.ones(2 * n),
        integer=np.zeros(2 * n, dtype=np.bool_),
        row_lower=np.append(np.where(np.isfinite(model.row_lower), 0.0, -np.inf), -1.0),
        row_upper=np.append(np.where(np.isfinite(model.row_upper), 0.0, np.inf), -1.0),
    )


def _in_whole_steps(ray: Floats) -> Floats:
    """Return the direction scaled to small whole numbers, or to a largest step of 1."""
    smallest = np.abs(ray[ray != 0]).min()
    for factor in range(1, 13):
        scaled = ray / smallest * factor
        whole = np.round(scaled)
        if np.abs(whole).max() <= LARGEST_WHOLE and np.abs(scaled - whole).max() <= CLEAR * np.abs(whole).max():
            return np.asarray(whole + 0.0)
    return np.asarray(ray / np.abs(ray).max() + 0.0)
