"""One bad series among others: it is named and left out, the others are forecast as they would be alone."""

from typing import Any

import pytest

from models.forecasting import ForecastProblem
from solvers.forecasting.check import check_forecast
from solvers.forecasting.semantics import issues, warnings
from tests.solvers.forecasting.problems import MADE_UP, long_rows, monthly, solve

GOOD: dict[str, Any] = {"id": "oat-milk", "start": "2022-01-01", "values": MADE_UP, "covariates": {"price": [1.0, 2.0] * 12}}
FUTURE = {"price": [1.0] * 6}


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"values": [None, None], "covariates": {}}, "/series/0/values", "NO_OBSERVATIONS"),
        ({"start": "soon"}, "/series/0/start", "START_NOT_A_TIME"),
        ({"covariates": {"price": [1.0, 2.0]}}, "/series/0/covariates/price", "COVARIATE_LENGTH"),
        ({"future_covariates": {}}, "/series/0/future_covariates/price", "COVARIATE_FUTURE_MISSING"),
        ({"future_covariates": FUTURE | {"snow": [0.0] * 6}}, "/series/0/future_covariates/snow", "COVARIATE_PAST_MISSING"),
        ({"stock_out": [True]}, "/series/0/stock_out", "STOCK_OUT_LENGTH"),
    ],
)
def test_a_bad_series_does_not_stop_the_others(fields: dict[str, Any], pointer: str, code: str) -> None:
    """It is named with pointer and code, warned of, and the other one has the very forecast it has alone."""
    good = GOOD | {"future_covariates": FUTURE}
    alone = monthly([], series=[good])
    problem = monthly(
        [], series=[good | {"id": "apples", "future_covariates": FUTURE if code != "NO_OBSERVATIONS" else {}} | fields, good]
    )
    assert issues(problem) == []
    assert [(found.code, found.pointer) for found in warnings(problem)] == [("SERIES_SKIPPED", pointer)]
    outcome = solve(problem)
    solution, before = outcome.solution, solve(alone).solution
    assert solution is not None
    assert before is not None
    assert [(entry.id, entry.pointer, entry.code) for entry in solution.skipped] == [("apples", pointer, code)]
    assert [answer.mean for answer in solution.series] == [answer.mean for answer in before.series]
    assert all(check.max_violation <= check.tolerance for check in check_forecast(problem, outcome))


def test_rows_off_the_grid_stop_their_series_only() -> None:
    """A time between two days takes its series out, not the others of the table."""
    rows = [("b", "2024-01-01", 1.0), ("b", "2024-01-02T03:00:00", 2.0), ("a", "2024-01-01", 3.0), ("a", "2024-01-02", 4.0)]
    problem = long_rows([*rows, ("c", "2024-01-05", None)])
    assert issues(problem) == []
    outcome = solve(problem)
    assert outcome.solution is not None
    assert [answer.id for answer in outcome.solution.series] == ["a"]
    assert [entry.code for entry in outcome.solution.skipped] == ["TIME_OFF_GRID", "NO_OBSERVATIONS"]
    assert all(check.max_violation <= check.tolerance for check in check_forecast(problem, outcome))


def test_a_request_without_any_good_series_is_refused() -> None:
    """When nothing can be forecast every fault is an issue, as for a single series."""
    empty = {"start": "2022-01-01", "values": [None]}
    problem = ForecastProblem.model_validate(
        {"frequency": "MS", "horizon": 2, "series": [empty | {"id": name} for name in "ab"]}
    )
    assert [found.code for found in issues(problem)] == ["NO_OBSERVATIONS", "NO_OBSERVATIONS"]


def test_ids_must_be_unique_all_the_same() -> None:
    """Which of two series of one name is meant cannot be told, so the request is refused."""
    assert [found.code for found in issues(monthly([], series=[GOOD | {"covariates": {}}] * 2))] == ["DUPLICATE_ID"]
