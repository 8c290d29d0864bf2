"""
Real numbers as whole multiples of a power of ten, so that the integer algorithms are exact.

Numbers written with few decimals are represented exactly. Where no admissible power of ten does it, the finest one is taken and
`error` declares the largest rounding; it is then of the order of 1e-15 of the largest sum, the noise of 64-bit floats.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from solvers.network.arrays import Floats, Integers

EXACT_INTEGERS = 2.0**53
"""Whole numbers up to here are exact in a 64-bit float."""

MOST_DECIMALS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`scale` steps per unit, and the largest rounding `error` of the values the grid was made for, in units."""

    scale: float
    error: float

    def integers(self, values: Floats, *, rounding: Literal["nearest", "up", "down"] = "nearest") -> Integers:
        """Return values as whole steps; up and down matter only when the grid is not exact."""
        steps = np.rint(values * self.scale)
        if self.error > 0 and rounding == "up":
            steps = np.where(steps / self.scale < values, steps + 1, steps)
        if self.error > 0 and rounding == "down":
            steps = np.where(steps / self.scale > values, steps - 1, steps)
        return steps.astype(np.int64)

    def numbers(self, steps: Integers) -> Floats:
        """Return whole steps as numbers in the caller's unit."""
        return np.asarray(steps / self.scale, dtype=np.float64)


def grid_of(values: Floats, *, magnitude: float, limit: float = EXACT_INTEGERS) -> Grid:
    """
    Return the coarsest exact grid, or the finest admissible one.

    Parameters
    ----------
    values
        Finite numbers that must lie on the grid.
    magnitude
        Largest sum that the algorithm forms from the values; scale * magnitude stays at or below `limit`.
    limit
        Largest admissible whole number.
    """
    finest = min(MOST_DECIMALS, int(np.floor(np.log10(limit / max(magnitude, 1.0)))))
    for decimals in range(finest + 1):
        scale = 10.0**decimals
        if np.array_equal(np.rint(values * scale) / scale, values):
            return Grid(scale=scale, error=0.0)
    scale = 10.0**finest
    error = float(np.max(np.abs(np.rint(values * scale) / scale - values), initial=0.0))
    return Grid(scale=scale, error=error)
