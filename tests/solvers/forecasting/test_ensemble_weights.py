"""The weights of the past of ensembles."""

from typing import Literal

import numpy as np
import pytest

from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal, undated
from tests.solvers.forecasting.test_explain import explained


@pytest.mark.parametrize("values", [[float(value) for value in MADE_UP], seasonal(60, noise=9.0)])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_weights_reproduce_an_ensemble(values: list[float], scale: float) -> None:
    """The forecast scales with its data, so weights times observations are the forecast (Euler's theorem)."""
    explanation, series = explained(monthly([scale * value for value in values]))
    assert explanation.weights_of_the_past is not None
    found = explanation.weights_of_the_past[0]
    assert len(found.weights) == len(values)
    assert found.remainder == pytest.approx(0, abs=1e-5 * series[0].mean[0])
    total = scale * float(np.dot(found.weights, values[::-1])) + found.remainder
    assert total == pytest.approx(series[0].mean[0])


def test_a_weight_foretells_a_small_change() -> None:
    """A slightly larger last observation moves the forecast by its weight (one short window, so the rule stays the same)."""
    values = np.random.default_rng(2).normal(50, 4, 30).tolist()
    explanation, before = explained(undated(values))
    assert explanation.weights_of_the_past is not None
    _, after = explained(undated([*values[:-1], values[-1] + 1e-3]))
    change = (after[0].mean[0] - before[0].mean[0]) / 1e-3
    assert change == pytest.approx(explanation.weights_of_the_past[0].weights[0], abs=0.05)


@pytest.mark.parametrize(("level", "count"), [("summary", 3), ("full", 5)])
def test_only_the_first_ensembles_have_weights(level: Literal["summary", "full"], count: int) -> None:
    """Members are fitted anew for them, so their number is limited."""
    series = [{"id": str(k), "start": "2020-01-01", "values": seasonal(30, noise=5.0, seed=k)} for k in range(8)]
    explanation, _ = explained(monthly([], series=series), level)
    assert explanation.weights_of_the_past is not None
    assert [found.id for found in explanation.weights_of_the_past] == [str(k) for k in range(count)]


def test_a_constant_series_has_no_weights() -> None:
    """Nothing varies, so there is no scale for a small change: a reason stands instead."""
    explanation, _ = explained(undated([5.0] * 20))
    assert explanation.weights_of_the_past is None
    assert "weights_of_the_past" in explanation.unavailable
