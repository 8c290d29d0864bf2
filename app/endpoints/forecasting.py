"""Demand forecasting over HTTP."""

from fastapi import APIRouter

from app.endpoints.solving import add_solving_endpoint

router = APIRouter(tags=["Forecasting"])

add_solving_endpoint(
    router,
    "forecasting",
    operation_id="solve_forecasting",
    summary="Forecast demand",
    description=(
        "Point forecasts, quantiles and prediction intervals for one or many series, from a combination of methods or "
        "from the one that a backtest chooses. The answer says how the forecasts would have done on the past of each "
        "series, beside naive ones. Tables of observations (`text/csv`, Parquet) are read too."
    ),
    takes_tables=True,
)

add_solving_endpoint(
    router,
    "forecasting/update",
    operation_id="update_forecasting",
    summary="Move forecasts on",
    description=(
        "New observations on the states that a forecast returned: the forecast moves on without a refit, a constant time per "
        "observation, and says how it has done (tracking signal, bias) and when a refit is due. A state is signed: one that "
        "was changed is refused."
    ),
)
