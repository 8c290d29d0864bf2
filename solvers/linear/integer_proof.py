"""What proves by arithmetic alone that whole numbers leave a model no answer; see `solvers.linear.integer_conflict`."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from solvers.linear.model import Booleans, Floats, Integers, LinearModel

MOST_POINTS = 200_000
"""Largest box that is enumerated, in points; less where the model is large."""

MOST_WORK = 50_000_000
"""Largest number of points times nonzeros."""

EXACT = 2.0**53
"""Whole numbers below this are exact in a 64-bit float."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntegerConflict:
    """
    Why whole numbers leave no answer.

    divisor: the sum of the equations `rows`, or the one row, has coefficients divisible by `divisor`. enumeration: the box of
    whole numbers has no point. engine: `agrees` tells whether the second engine found the model infeasible too.
    """

    kind: Literal["divisor", "enumeration", "engine"]
    rows: Integers
    divisor: int = 1
    agrees: bool = True


def divides(model: LinearModel, rows: Integers, divisor: int) -> bool:
    """Tell whether the sum of rows reads d times a whole number on the left, and allows no multiple of d on the right."""
    if divisor < 2 or not rows.size or not bool(whole_rows(model)[rows].all()):
        return False
    total: dict[int, int] = {}
    lower = upper = 0
    for row in rows.tolist():
        start, stop = model.indptr[row], model.indptr[row + 1]
        columns = model.indices[start:stop].tolist()
        for column, value in zip(columns, model.coefficients[start:stop].tolist(), strict=True):
            total[column] = total.get(column, 0) + int(value)
        if rows.size > 1 and model.row_lower[row] != model.row_upper[row]:
            return False
        if not (abs(model.row_lower[row]) < EXACT and abs(model.row_upper[row]) < EXACT):
            return False
        lower, upper = lower + int(np.ceil(model.row_lower[row])), upper + int(np.floor(model.row_upper[row]))
        if rows.size > 1 and model.row_lower[row] != round(float(model.row_lower[row])):
            return False
    return all(value % divisor == 0 for value in total.values()) and -(-lower // divisor) * divisor > upper


def box_of(model: LinearModel) -> tuple[Floats, Floats] | None:
    """Return the whole bounds of a model of whole variables whose box is small enough to be enumerated, else None."""
    if not model.integer.all():
        return None
    lower, upper = np.ceil(model.column_lower - 1e-9), np.floor(model.column_upper + 1e-9)
    if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
        return None
    sizes = np.maximum(upper - lower + 1, 0)
    points = float(np.exp(np.log(np.maximum(sizes, 1)).sum()))
    if points > MOST_POINTS or points * max(model.nonzeros, 1) > MOST_WORK:
        return None
    return lower, upper


def least_violation_in_box(model: LinearModel) -> float:
    """
    Return the least over all points of the box of the largest violation of a row, relative to max(1, sum_j |a_ij x_j|).

    Infinite when the box is empty; 0 when the box is not to be enumerated.
    """
    box = box_of(model)
    if box is None:
        return 0.0
    ranges = [np.arange(low, high + 1) for low, high in zip(*box, strict=True)]
    if any(values.size == 0 for values in ranges):
        return float("inf")
    points = np.stack([axis.ravel() for axis in np.meshgrid(*ranges, indexing="ij")])
    matrix = model.matrix()
    activity, scale = matrix @ points, np.maximum(1.0, abs(matrix) @ np.abs(points))
    outside = np.maximum(model.row_lower[:, None] - activity, activity - model.row_upper[:, None]) / scale
    return float(np.maximum(outside, 0.0).max(axis=0, initial=0.0).min())


def whole_rows(model: LinearModel) -> Booleans:
    """Return which rows have whole coefficients on whole columns only, shape (m,)."""
    stray = ~model.integer[model.indices] | (model.coefficients != np.round(model.coefficients))
    stray |= np.abs(model.coefficients) >= EXACT
    return np.asarray(np.bincount(model.row_index()[stray], minlength=model.rows) == 0)
