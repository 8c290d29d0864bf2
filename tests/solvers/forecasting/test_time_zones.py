"""Time zones by name: hours count on through a change of the clock, days keep their time of day."""

from typing import Any

import pytest

from models.forecasting import ForecastProblem, UpdateProblem
from solvers.base import Budget, Silent
from solvers.forecasting.check import check_forecast
from solvers.forecasting.check_update import check_update
from solvers.forecasting.error_correction import ErrorCorrection
from solvers.forecasting.semantics import issues
from tests.solvers.forecasting.problems import solve


def london(frequency: str, start: str, *, horizon: int, count: int = 6, **fields: Any) -> ForecastProblem:
    """Return a request of one series in London."""
    series = {"id": "northgate", "start": start, "values": [float(10 + k % 3) for k in range(count)]}
    body = {"frequency": frequency, "time_zone": "Europe/London", "horizon": horizon, "series": [series]}
    return ForecastProblem.model_validate(body | fields)


def stamps(problem: ForecastProblem) -> list[str | int]:
    """Return the times of the forecast, with every check passed."""
    assert issues(problem) == []
    outcome = solve(problem)
    assert outcome.solution is not None
    assert all(check.max_violation <= check.tolerance for check in check_forecast(problem, outcome))
    return outcome.solution.series[0].timestamps


def test_the_hour_that_is_left_out_in_spring() -> None:
    """On 31 March 2024 the clock goes from 01:00 to 02:00: the local day has 23 hours."""
    times = stamps(london("h", "2024-03-30T18:00", horizon=24))
    assert times[:3] == ["2024-03-31T00:00:00+00:00", "2024-03-31T02:00:00+01:00", "2024-03-31T03:00:00+01:00"]
    assert sum(str(time).startswith("2024-03-31") for time in times) == 23


def test_the_hour_that_comes_twice_in_autumn() -> None:
    """On 27 October 2024 the hour from 01:00 comes twice: the local day has 25 hours."""
    times = stamps(london("h", "2024-10-26T18:00", horizon=26))
    assert times[:3] == ["2024-10-27T00:00:00+01:00", "2024-10-27T01:00:00+01:00", "2024-10-27T01:00:00+00:00"]
    assert sum(str(time).startswith("2024-10-27") for time in times) == 25


@pytest.mark.parametrize(
    ("start", "first", "second"),
    [
        ("2024-03-24T06:00", "2024-03-30T06:00:00+00:00", "2024-03-31T06:00:00+01:00"),
        ("2024-10-20T01:30", "2024-10-26T01:30:00+01:00", "2024-10-27T01:30:00+01:00"),
        ("2024-03-24", "2024-03-30", "2024-03-31"),
    ],
)
def test_days_keep_their_time_of_day(start: str, first: str, second: str) -> None:
    """A day may have 23 or 25 hours; a start without a time of day is answered in kind."""
    assert stamps(london("D", start, horizon=3))[:2] == [first, second]


def test_rows_with_changing_offsets_lie_on_one_grid() -> None:
    """Daily rows of midnight in London, exported with their offsets, are 23 hours apart in spring and on the grid."""
    days = ["2024-03-29T00:00:00+00:00", "2024-03-30T00:00:00Z", "2024-03-31T00:00:00+00:00", "2024-04-01T00:00:00+01:00"]
    rows = [{"unique_id": "a", "ds": day, "y": 1.0} for day in days]
    problem = ForecastProblem.model_validate({"frequency": "D", "time_zone": "Europe/London", "horizon": 1, "rows": rows})
    assert stamps(problem) == ["2024-04-02T00:00:00+01:00"]


def test_a_state_remembers_its_zone() -> None:
    """An update goes on in local time."""
    outcome = solve(london("h", "2024-03-30T17:00", horizon=2))
    assert outcome.solution is not None
    problem = UpdateProblem.model_validate(
        {"series": [{"state": outcome.solution.series[0].state, "values": [11]}], "horizon": 2}
    )
    budget = Budget(time_limit=5, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
    updated = ErrorCorrection().solve(problem, budget, Silent())
    assert updated.solution is not None
    assert updated.solution.series[0].timestamps == ["2024-03-31T00:00:00+00:00", "2024-03-31T02:00:00+01:00"]
    assert all(check.max_violation <= check.tolerance for check in check_update(problem, updated))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"time_zone": "Europe/Nowhere"}, "UNKNOWN_TIME_ZONE"),
        ({"time_zone": "../etc/passwd"}, "UNKNOWN_TIME_ZONE"),
        ({"time_zone": "Europe"}, "UNKNOWN_TIME_ZONE"),
    ],
)
def test_unknown_zones_are_refused(fields: dict[str, Any], code: str) -> None:
    """Names are those of the IANA data base."""
    assert [found.code for found in issues(london("h", "2024-03-30T18:00", horizon=1, **fields))] == [code]


def test_undated_series_have_no_zone() -> None:
    """A count has no clock."""
    body = {"time_zone": "UTC", "horizon": 1, "series": [{"id": "a", "values": [1, 2]}]}
    assert [found.code for found in issues(ForecastProblem.model_validate(body))] == ["TIME_ZONE_WITHOUT_DATES"]
