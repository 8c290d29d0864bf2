"""The formulation with numbers put in."""

import re

import pytest

from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal
from tests.solvers.forecasting.test_explain import explained

SMALL = [0.001 * value for value in MADE_UP]


@pytest.mark.parametrize("solver", ["seasonal_naive", "exponential_smoothing", "theta", "ensemble"])
@pytest.mark.parametrize("values", [MADE_UP, SMALL, seasonal(50, noise=9.0), [50.0 - k for k in range(40)], [-3.0, 4.0] * 15])
def test_the_last_line_is_the_forecast(solver: str, values: list[float]) -> None:
    """Running the recursion on paper ends at the forecast of the first step."""
    explanation, series = explained(monthly(values, solver=solver, horizon=4))
    assert explanation.numbers is not None
    told = explanation.numbers[0]
    assert told.forecast[0].timestamp == series[0].timestamps[0]
    for line, mean in zip(told.forecast, series[0].mean, strict=False):
        assert line.value == pytest.approx(mean)
        assert float(line.text.split(" = ")[-1]) == pytest.approx(mean, rel=1e-4)
    assert len(told.recursion) == (3 if solver in ("exponential_smoothing", "theta") else 0)


def test_an_ensemble_shows_its_members_by_weight() -> None:
    """Six members are written out and the others are one number."""
    explanation, _ = explained(monthly(seasonal(60, noise=5.0)))
    assert explanation.numbers is not None
    lines = explanation.numbers[0].forecast
    assert len(lines) == 3
    weights = [float(found) for found in re.findall(r"([\d.]+) x ", lines[0].text)]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 6


def test_counted_demand_has_no_equations() -> None:
    """A reason stands instead."""
    explanation, _ = explained(monthly([0, 0, 5, 0, 0, 0, 0, 3, 0, 0]))
    assert explanation.numbers is None
    assert "numbers" in explanation.unavailable
