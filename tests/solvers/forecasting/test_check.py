"""The independent check catches wrong answers."""

from dataclasses import replace
from typing import Any

import pytest

from models.forecasting import ForecastSolution, Interval
from models.run import Check
from solvers.base import Outcome
from solvers.forecasting.check import check_forecast
from tests.solvers.forecasting.problems import MADE_UP, monthly, solve


def violations(checks: list[Check]) -> set[str]:
    """Return the names of the checks that failed."""
    return {check.name for check in checks if check.max_violation > check.tolerance}


def tampered(outcome: Outcome[ForecastSolution], **changes: Any) -> Outcome[ForecastSolution]:
    """Return the outcome with fields of its first series replaced."""
    assert outcome.solution is not None
    first = outcome.solution.series[0].model_copy(update=changes)
    return replace(outcome, solution=ForecastSolution(series=[first], skipped=[]))


@pytest.mark.parametrize("solver", ["auto", "seasonal_naive", "exponential_smoothing", "theta"])
@pytest.mark.parametrize("fields", [{}, {"season_length": 1}, {"season_length": 4}])
def test_right_answers_pass(solver: str, fields: dict[str, int]) -> None:
    """Every method's forecast is reproduced from its reported numbers."""
    problem = monthly(MADE_UP, solver=solver, **fields)
    assert violations(check_forecast(problem, solve(problem))) == set()


@pytest.mark.parametrize("solver", ["seasonal_naive", "exponential_smoothing", "theta"])
def test_a_wrong_point_forecast_is_caught(solver: str) -> None:
    """One number off by a thousandth fails the check."""
    problem = monthly(MADE_UP, solver=solver, levels=[])
    outcome = solve(problem)
    assert outcome.solution is not None
    mean = outcome.solution.series[0].mean
    assert violations(check_forecast(problem, tampered(outcome, mean=[*mean[:-1], mean[-1] * 1.001]))) == {"point_forecast"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"id": "butter"}, "series"),
        ({"mean": [1.0, 2.0]}, "horizon"),
        ({"quantiles": {}}, "horizon"),
        ({"timestamps": ["2024-01-01", "2024-02-01", "2024-03-01", "2024-05-01", "2024-05-01", "2024-06-01"]}, "timestamps"),
        ({"intervals": {"80": Interval(lower=[0.0] * 6, upper=[1.0] * 6)}}, "interval_order"),
        ({"quantiles": {"0.1": [-1.0] * 6}}, "non_negativity"),
    ],
)
def test_a_wrong_field_is_caught(changes: dict[str, Any], name: str) -> None:
    """Each family of conditions is violated by a change of its own."""
    problem = monthly(MADE_UP, levels=[80], quantiles=[0.1])
    assert violations(check_forecast(problem, tampered(solve(problem), **changes))) == {name}


def test_nothing_to_check_without_a_solution() -> None:
    """An outcome without a solution has no checks."""
    problem = monthly(MADE_UP)
    assert check_forecast(problem, replace(solve(problem), solution=None)) == []
