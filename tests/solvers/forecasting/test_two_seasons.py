"""Series with two seasons: a day and a week, a week and a year."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.check import check_forecast
from solvers.forecasting.semantics import issues
from tests.solvers.forecasting.problems import monthly, solve

FloatArray = npt.NDArray[np.float64]
HOURS = 21 * 24


def weekly_load(*, level: float) -> FloatArray:
    """Return three weeks and a Monday of an hourly load: a daily wave, lower at the weekend, with noise."""
    times = np.arange(HOURS + 24)
    noise = np.random.default_rng(1).normal(0, 1, times.size)
    weekend = np.where(times // 24 % 7 >= 5, -25.0, 0.0)
    return np.asarray(level + 15 * np.sin(2 * np.pi * times / 24) + weekend + noise)


def hourly(values: FloatArray, **fields: Any) -> ForecastProblem:
    """Return a request for the next 24 hours."""
    series = {"id": "northgate", "start": "2024-01-01T00:00", "values": values.tolist()}
    return ForecastProblem.model_validate({"frequency": "h", "horizon": 24, "series": [series]} | fields)


def forecast(request: ForecastProblem) -> SeriesForecast:
    """Return the forecast of the only series, with every check passed."""
    outcome = solve(request)
    assert all(check.max_violation <= check.tolerance for check in check_forecast(request, outcome))
    assert outcome.solution is not None
    return outcome.solution.series[0]


@pytest.mark.parametrize("level", [100.0, 0.0])
def test_hours_follow_the_day_of_the_week(level: float) -> None:
    """A Monday after a weekend is forecast as a Monday, also where values are negative; with the day alone as a Sunday."""
    load = weekly_load(level=level)
    both, day = forecast(hourly(load[:HOURS])), forecast(hourly(load[:HOURS], season_lengths=[24]))
    assert (both.fit.season_lengths, day.fit.season_lengths) == ([24, 168], [24])
    error, single = (np.abs(np.array(answer.mean) - load[HOURS:]).mean() for answer in (both, day))
    assert error < 2.0
    assert error < 0.5 * single


def test_days_follow_the_year() -> None:
    """A daily series of three years turns with the year: the forecast misses by a quarter less than with the week alone."""
    times = np.arange(3 * 365 + 90)
    noise = np.random.default_rng(2).normal(0, 2, times.size)
    demand = 100 + 40 * np.sin(2 * np.pi * times / 365.25) + 10 * (times % 7 >= 5) + noise
    series = {"id": "oat-milk", "start": "2022-01-01", "values": demand[:-90].tolist()}
    body = {"frequency": "D", "horizon": 90, "series": [series]}
    both = forecast(ForecastProblem.model_validate(body))
    week = forecast(ForecastProblem.model_validate(body | {"season_lengths": [7]}))
    assert both.fit.season_lengths == [7, 365.25]
    error, single = (np.abs(np.array(answer.mean) - demand[-90:]).mean() for answer in (both, week))
    assert error < 0.75 * single


def test_a_short_history_keeps_one_season() -> None:
    """Without two weeks before the backtest nothing is said about the week."""
    assert forecast(hourly(weekly_load(level=100)[:300])).fit.season_lengths == [24]


def test_months_have_one_season() -> None:
    """Monthly series are forecast with the sixteen members of one season, however long they are."""
    answer = forecast(monthly([100.0 + k % 12 + (k * 7) % 5 for k in range(120)]))
    assert answer.fit.season_lengths == [12]
    assert len(answer.fit.members or {}) == 16


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"season_lengths": [24, 24]}, "SEASONS_NOT_INCREASING"),
        ({"season_lengths": [1, 24]}, "SEASONS_NOT_INCREASING"),
        ({"season_lengths": [24.5]}, "SEASON_NOT_WHOLE"),
        ({"season_lengths": [24, 168], "season_length": 12}, "SEASON_LENGTHS_DISAGREE"),
    ],
)
def test_seasons_that_contradict_are_refused(fields: dict[str, Any], code: str) -> None:
    """Each contradiction has its own code."""
    assert [found.code for found in issues(hourly(weekly_load(level=100), **fields))] == [code]
