"""
The vertex of a basis on other numbers, when it is optimal there.

With the nonbasic rows N at a side and the nonbasic columns at a bound, the basic columns B solve
A[N, B] x_B = side - A[N, rest] x; the prices of N solve A[N, B]' y = c_B.
(Chvatal (1983), Linear Programming, chapters 8 and 10.)
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from solvers.linear.model import Floats, LinearModel

TOLERANCE = 1e-9
"""Relative tolerance of both feasibilities."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vertex:
    """An optimal vertex: values (n,) and prices (m,), d objective / d right-hand side in the caller's sense."""

    values: Floats
    duals: Floats


def vertex_of(model: LinearModel, column_status: Sequence[str], row_status: Sequence[str]) -> Vertex | None:
    """
    Return the vertex of a basis if it is optimal for a linear program, else None.

    Parameters
    ----------
    model
        A linear program with m rows and n columns.
    column_status, row_status
        basic, at_lower, at_upper, fixed or free for every column and row, m of them basic.
    """
    columns, rows = np.array(column_status), np.array(row_status)
    basic, binding = columns == "basic", rows != "basic"
    if int(basic.sum()) != int(binding.sum()):
        return None
    point = _resting(columns, model.column_lower, model.column_upper)
    side = _resting(rows, model.row_lower, model.row_upper)
    if not (np.isfinite(point[~basic]).all() and np.isfinite(side[binding]).all()):
        return None
    point[basic] = 0.0
    matrix = model.matrix()
    duals = np.zeros(model.rows)
    if basic.any():
        square = sparse.csc_matrix(matrix[np.flatnonzero(binding)][:, np.flatnonzero(basic)])
        solved = _solved(square, side[binding] - (matrix @ point)[binding], model.sign * model.objective[basic])
        if solved is None:
            return None
        point[basic], duals[binding] = solved
    if not _proved(model, matrix, point, duals):
        return None
    return Vertex(values=point, duals=model.sign * duals)


def _resting(status: NDArray[np.str_], lower: Floats, upper: Floats) -> Floats:
    """Return where every nonbasic column or row stands; one without any bound stands at 0."""
    near = np.where(np.isfinite(lower), lower, upper)
    near = np.where((status == "at_upper") & np.isfinite(upper), upper, near)
    # What is fixed or stood at a bound that is gone rests at the other one; without any it is free and rests at 0.
    return np.where(np.isfinite(near), near, np.where(status == "free", 0.0, near)).astype(np.float64)


def _solved(square: sparse.csc_matrix, right: Floats, costs: Floats) -> tuple[Floats, Floats] | None:
    """Return x with Bx = right and y with B'y = costs, or None when the basis is singular."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            factors: Any = splu(square)  # its stubs know no transposed system
            x, y = np.asarray(factors.solve(right)), np.asarray(factors.solve(costs, trans="T"))
    except (RuntimeError, Warning):
        return None
    return (x, y) if np.isfinite(x).all() and np.isfinite(y).all() else None


def _proved(model: LinearModel, matrix: sparse.csr_array, point: Floats, prices: Floats) -> bool:
    """Tell whether a point and prices (of the minimised objective) are feasible and complementary, and so optimal."""
    transposed = sparse.csr_array(matrix.T)
    reduced = model.sign * model.objective - transposed @ prices
    column_size = np.maximum(1.0, np.abs(model.objective) + abs(transposed) @ np.abs(prices))
    row_size = np.full(model.rows, max(1.0, float(np.abs(prices).max(initial=0.0))))
    activity, scale = matrix @ point, np.maximum(1.0, abs(matrix) @ np.abs(point))
    for at, lower, upper, size, multiplier, unit in (
        (point, model.column_lower, model.column_upper, np.maximum(1.0, np.abs(point)), reduced, column_size),
        (activity, model.row_lower, model.row_upper, scale, prices, row_size),
    ):
        above, below = (at - lower) / size, (upper - at) / size
        outside = min(float(above.min(initial=0.0)), float(below.min(initial=0.0)))
        stray = ((multiplier > TOLERANCE * unit) & (above > TOLERANCE)) | (
            (multiplier < -TOLERANCE * unit) & (below > TOLERANCE)
        )
        if outside < -TOLERANCE or bool(stray.any()):
            return False
    return True
