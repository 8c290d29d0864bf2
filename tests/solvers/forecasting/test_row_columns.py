"""Covariates and stock-outs in long form: the same answer as with columns."""

from typing import Any

import pytest

from models.forecasting import ForecastProblem
from solvers.forecasting.check import check_forecast
from solvers.forecasting.semantics import issues
from tests.solvers.forecasting.problems import solve

DAYS = 28
SALES = [20.0 + 8 * (day % 5 == 0) + day % 3 for day in range(DAYS)]
PROMOTION = [float(day % 5 == 0) for day in range(DAYS + 2)]
STOCK_OUT = [day == 17 for day in range(DAYS)]


def as_rows(**fields: Any) -> dict[str, Any]:
    """Return a request in long form."""
    rows = [
        {"unique_id": "a", "ds": day, "y": SALES[day], "stock_out": STOCK_OUT[day], "covariates": {"promotion": PROMOTION[day]}}
        for day in range(DAYS)
    ]
    ahead = [{"unique_id": "a", "ds": day, "covariates": {"promotion": PROMOTION[day]}} for day in (DAYS + 1, DAYS)]
    return {"horizon": 2, "season_length": 7, "rows": rows[::-1], "future_rows": ahead} | fields


def test_rows_are_forecast_as_columns_are() -> None:
    """Whatever the order of the rows, covariates and stock-outs mean the same in both forms."""
    series = {
        "id": "a",
        "start": 0,
        "values": SALES,
        "stock_out": STOCK_OUT,
        "covariates": {"promotion": PROMOTION[:DAYS]},
        "future_covariates": {"promotion": PROMOTION[DAYS:]},
    }
    rows = ForecastProblem.model_validate(as_rows())
    columns = ForecastProblem.model_validate({"horizon": 2, "season_length": 7, "series": [series]})
    assert issues(rows) == []
    outcome, other = solve(rows), solve(columns)
    assert outcome.solution is not None
    assert other.solution is not None
    answer = outcome.solution.series[0]
    assert answer.mean == other.solution.series[0].mean
    assert "STOCK_OUT_ESTIMATED" in [repair.code for repair in answer.repairs]
    assert answer.fit.covariates is not None
    assert all(check.max_violation <= check.tolerance for check in check_forecast(rows, outcome))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"future_rows": []}, "COVARIATE_FUTURE_MISSING"),
        ({"future_rows": [{"unique_id": "b", "ds": 1, "covariates": {}}]}, "UNKNOWN_SERIES"),
        ({"events": [{"name": "promotion", "timestamps": [3]}]}, "DUPLICATE_NAME"),
        ({"rows": [row for row in as_rows()["rows"] if row["ds"] != 5]}, "COVARIATE_GAP"),
        ({"rows": [row | ({"covariates": None} if row["ds"] == 5 else {}) for row in as_rows()["rows"]]}, "COVARIATE_MISSING"),
        ({"rows": [row | {"stock_out": True} for row in as_rows()["rows"]]}, "NO_OBSERVATIONS"),
    ],
)
def test_what_rows_lack_is_named(fields: dict[str, Any], code: str) -> None:
    """Each fault has its own code."""
    assert code in [found.code for found in issues(ForecastProblem.model_validate(as_rows(**fields)))]
