"""
A model as whole numbers only, which constraint programming needs: it takes no continuous column and no fraction.

Rows and objective are multiplied by the power of ten that makes all of their numbers whole; a model for which none does is
refused rather than rounded. With whole activities the sides may be rounded inwards without losing a point.
"""

from dataclasses import dataclass, replace

import numpy as np

from solvers.linear.model import Floats, Integers, LinearModel

MOST_DIGITS = 6
"""Most decimal places of a coefficient that are scaled away."""

EXACT = 1e-12
"""Relative distance to a whole number that counts as the noise of writing decimals in binary."""

MOST_RANGE = 2.0**40
"""Widest bounds of a column."""

MOST_ACTIVITY = 2.0**52
"""Largest sum of |coefficient| x |bound| of a row or of the objective: doubles and 64-bit integers agree up to there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeModel:
    """A model of whole numbers with the same points; its objective is `scale` times the original one without its offset."""

    model: LinearModel
    scale: float


def whole_model(model: LinearModel) -> WholeModel | str:
    """Return the model as whole numbers, or a sentence that tells why it cannot be written so."""
    if model.columns == 0 or not model.integer.all():
        continuous = int((~model.integer).sum())
        return f"{continuous} variables are continuous, and constraint programming takes whole numbers only"
    lower, upper = np.ceil(model.column_lower - 1e-9), np.floor(model.column_upper + 1e-9)
    reach = np.maximum(np.abs(lower), np.abs(upper))
    if not np.all(reach <= MOST_RANGE):
        return "some variable has no bounds or very wide ones, and constraint programming needs all of them"
    digits = _digits(model.coefficients)
    objective_digits = int(_digits(model.objective).max(initial=0))
    if digits.max(initial=0) > MOST_DIGITS or objective_digits > MOST_DIGITS:
        return (
            f"some coefficient has more than {MOST_DIGITS} decimal places, and constraint programming takes whole numbers only"
        )
    row = model.row_index()
    row_digits = np.zeros(model.rows, dtype=np.int64)
    np.maximum.at(row_digits, row, digits)
    scale: Floats = np.power(10.0, row_digits, dtype=np.float64)
    coefficients: Floats = np.round(model.coefficients * scale[row])
    objective = np.round(model.objective * 10.0**objective_digits)
    activity = np.bincount(row, weights=np.abs(coefficients) * reach[model.indices], minlength=model.rows)
    if max(activity.max(initial=0.0), float(np.abs(objective) @ reach)) > MOST_ACTIVITY:
        return "some sum may exceed 2^52, beyond which whole numbers are no longer exact"
    made = replace(
        model,
        coefficients=coefficients,
        objective=objective,
        offset=0.0,
        column_lower=lower,
        column_upper=upper,
        row_lower=_inwards(-model.row_lower, scale, -1.0),
        row_upper=_inwards(model.row_upper, scale, 1.0),
    )
    return WholeModel(model=made, scale=10.0**objective_digits)


def _digits(numbers: Floats) -> Integers:
    """Return how many decimal places each number has; `MOST_DIGITS` + 1 when it has more."""
    digits = np.full(len(numbers), MOST_DIGITS + 1, dtype=np.int64)
    for places in range(MOST_DIGITS, -1, -1):
        scaled = numbers * 10.0**places
        noise = np.minimum(EXACT * np.maximum(1.0, np.abs(scaled)), 1e-3)
        digits[np.abs(scaled - np.round(scaled)) <= noise] = places
    return digits


def _inwards(side: Floats, scale: Floats, direction: float) -> Floats:
    """Return scaled upper sides rounded down; lower sides come in and go out with their sign changed."""
    scaled = side * scale
    return np.where(np.isfinite(side), direction * np.floor(scaled + EXACT * np.maximum(1.0, np.abs(scaled))), direction * side)
