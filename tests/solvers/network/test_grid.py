"""Whole steps for real numbers: exact where decimals allow it, declared rounding elsewhere, never an overflow."""

import numpy as np
import pytest

from solvers.network.grid import EXACT_INTEGERS, grid_of


@pytest.mark.parametrize(("values", "scale"), [([1.0, 2.0], 1.0), ([0.1, 0.25], 100.0), ([1e12, 0.5], 10.0), ([], 1.0)])
def test_decimals_are_exact(values: list[float], scale: float) -> None:
    """The coarsest power of ten that makes all numbers whole is taken, without error."""
    numbers = np.array(values)
    grid = grid_of(numbers, magnitude=float(np.abs(numbers).sum()))
    assert (grid.scale, grid.error) == (scale, 0.0)
    assert np.array_equal(grid.numbers(grid.integers(numbers)), numbers)


@pytest.mark.parametrize("magnitude", [1.0, 1e6, 1e15, 1e18])
def test_steps_stay_below_the_limit(magnitude: float) -> None:
    """The scaled magnitude is exact in a float, and the error is at most half a step."""
    grid = grid_of(np.array([magnitude / 3]), magnitude=magnitude)
    assert grid.scale * magnitude <= EXACT_INTEGERS
    assert grid.error <= 0.5 / grid.scale


def test_inexact_bounds_are_rounded_outwards() -> None:
    """A capacity never shrinks and a lower bound never grows by rounding."""
    third = np.array([1 / 3, 2 / 3])
    grid = grid_of(third, magnitude=1.0)
    assert (grid.numbers(grid.integers(third, rounding="up")) >= third).all()
    assert (grid.numbers(grid.integers(third, rounding="down")) <= third).all()
