"""The sides of a linear program of two variables as half-planes with exact numbers."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solvers.linear.model import LinearModel
from solvers.linear.render_text import number


@dataclass(frozen=True, slots=True)
class HalfPlane:
    """The points with a x + b y <= c, and the constraint or bound that says so."""

    a: Fraction
    b: Fraction
    c: Fraction
    name: str

    def slack(self, x: Fraction, y: Fraction) -> Fraction:
        """Return c - a x - b y, which is not negative in the half-plane and 0 on its line."""
        return self.c - self.a * x - self.b * y


def exact(value: float) -> Fraction:
    """Return the decimal number that a float stands for: 0.1 is one tenth."""
    return Fraction(repr(float(value)))


def half_planes(model: LinearModel) -> list[HalfPlane]:
    """
    Return a half-plane for each finite side of a model of two variables.

    Bounds come first, then rows, lower sides before upper ones. Both sides of a row share its name; bounds are named as
    conditions, such as `oats >= 0`.
    """
    unit = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))
    planes: list[HalfPlane] = []
    for column, (a, b) in enumerate(unit):
        lower, upper = float(model.column_lower[column]), float(model.column_upper[column])
        name = model.column_names[column]
        planes += _sides(a, b, lower, upper, (f"{name} >= {number(lower)}", f"{name} <= {number(upper)}"))
    dense = model.matrix().toarray().tolist()
    for row, (a, b) in enumerate(dense):
        name = model.row_names[row]
        planes += _sides(exact(a), exact(b), float(model.row_lower[row]), float(model.row_upper[row]), (name, name))
    return planes


def _sides(a: Fraction, b: Fraction, lower: float, upper: float, names: tuple[str, str]) -> list[HalfPlane]:
    found = [HalfPlane(-a, -b, -exact(lower), names[0])] if np.isfinite(lower) else []
    return [*found, HalfPlane(a, b, exact(upper), names[1])] if np.isfinite(upper) else found
