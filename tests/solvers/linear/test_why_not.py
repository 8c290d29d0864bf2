"""Inverse linear programming: the least change of costs that makes a forced answer optimal."""

import time
from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.model import LinearModel
from solvers.linear.why_not import InverseCosts, least_cost_change
from tests.solvers.linear.test_what_if import random_model, solved, two_rows


def forced(model: LinearModel, column: int, value: float) -> LinearModel:
    """Return the model with one column fixed."""
    at = np.arange(model.columns) == column
    return replace(
        model, column_lower=np.where(at, value, model.column_lower), column_upper=np.where(at, value, model.column_upper)
    )


def least(model: LinearModel, column: int, value: float) -> InverseCosts | None:
    """Return the least change for a column fixed at a value, or None when that is impossible."""
    result = solved(forced(model, column, value))
    if result is None or result.values is None:
        return None
    return least_cost_change(model, result.values, [column], deadline=time.monotonic() + 5.0, seed=0, progress=Silent())


def test_the_least_change_is_the_difference_of_the_prices() -> None:
    """Two of x are best only when x costs as much as y."""
    found = least(two_rows(), 0, 2.0)
    assert found is not None
    assert found.verified
    assert found.objective.tolist() == pytest.approx([2.0, 2.0])
    assert found.total == pytest.approx(1.0)


def test_what_is_optimal_already_needs_no_change() -> None:
    """The answer itself is an alternative that costs nothing."""
    found = least(two_rows(), 0, 3.0)
    assert found is not None
    assert found.verified
    assert found.total == 0.0


def test_every_change_is_verified_and_none_smaller_does() -> None:
    """With 1 % less of the change, the alternative costs more than the optimum."""
    changes = 0
    for seed in range(40):
        model = random_model(seed)
        column = seed % model.columns
        value = float(seed % 3)
        if value > model.column_upper[column] or solved(model) is None:
            continue
        found = least(model, column, value)
        if found is None:
            continue
        assert found.verified, seed
        if found.total > 1e-6:
            point = solved(forced(model, column, value))
            short = replace(model, objective=model.objective + 0.99 * (found.objective - model.objective))
            best = solved(short)
            assert point is not None
            assert point.values is not None
            if best is not None and best.value is not None:
                assert model.sign * (short.value(point.values) - best.value) > 1e-9, seed
            changes += 1
    assert changes > 5
