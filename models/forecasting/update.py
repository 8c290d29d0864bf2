"""New observations on returned states: forecasts that move on without a refit."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Input, Output
from models.explanation import Explanation
from models.forecasting.problem import MAX_HORIZON, MAX_SERIES, Observation
from models.forecasting.solution import Interval
from models.options import Options

MAX_STATE_LENGTH = 400_000
MAX_NEW_VALUES = 10_000

RefitReason = Literal["BIASED", "ERRORS_GROWN", "PATH_USED_UP"]


class SeriesUpdate(Input):
    """New observations of one series."""

    state: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_STATE_LENGTH,
            description="The `state` of the last forecast or update of the series, unchanged: it is signed.",
        ),
    ]
    values: Annotated[
        list[Observation | None],
        Field(
            default_factory=list,
            max_length=MAX_NEW_VALUES,
            json_schema_extra={"default": []},
            description="Observations that follow the last one known, oldest first; null where missing. Without any the "
            "forecast stays as it was.",
            examples=[[131]],
        ),
    ]


class UpdateOptions(Options):
    """Options of an update."""

    solver: Annotated[
        Literal["auto", "error_correction"], Field(description="How states move: error_correction, a constant time per row.")
    ] = "auto"


class UpdateProblem(Input):
    """States to be moved on, and how far to forecast from there."""

    series: Annotated[
        list[SeriesUpdate], Field(min_length=1, max_length=MAX_SERIES, description="States with their new observations.")
    ]
    horizon: Annotated[int, Field(ge=1, le=MAX_HORIZON, description="Steps to forecast, 1 to 1,000.", examples=[6])]
    options: Annotated[UpdateOptions, Field(description="How much to explain.")] = UpdateOptions()


class Tracking(Output):
    """How the forecasts have done since the fit, one step ahead."""

    observations: Annotated[int, Field(description="New observations since the fit, missing ones left out.")]
    bias: Annotated[
        float | None,
        Field(description="Sum of (forecast - actual) / sum of |actual|: above 0 too high; null without observations."),
    ]
    mean_absolute_error: Annotated[float | None, Field(description="Of one step ahead; null without observations.")]
    signal: Annotated[
        float,
        Field(
            description="Tracking signal: sum of (actual - forecast) / mean absolute error, the error expected at the fit "
            "counting as four observations. Beyond 4 either way the forecasts are biased."
        ),
    ]


class SeriesUpdated(Output):
    """The forecast of one series from its last new observation."""

    id: Annotated[str, Field(description="Name of the series.")]
    timestamps: Annotated[list[str | int], Field(description="Time of each step, in the kind of the first request.")]
    mean: Annotated[list[float], Field(description="Expected value per step; exactly `horizon` finite numbers.")]
    median: Annotated[list[float], Field(description="Median per step.")]
    quantiles: Annotated[dict[str, list[float]], Field(description="Quantiles that the first request asked for.")]
    intervals: Annotated[dict[str, Interval], Field(description="Intervals of the levels that the first request asked for.")]
    tracking: Annotated[Tracking, Field(description="How the forecasts have done since the fit.")]
    refit: Annotated[bool, Field(description="True when the whole history should be forecast anew now.")]
    refit_reasons: Annotated[
        list[RefitReason],
        Field(
            description="BIASED: tracking signal beyond 4; ERRORS_GROWN: errors twice as large as expected at the fit; "
            "PATH_USED_UP: more new observations than steps were forecast at the fit."
        ),
    ]
    state: Annotated[str, Field(description="Signed state after these observations, for the next update.")]


class UpdateSolution(Output):
    """Updated forecasts in the order of the request."""

    series: Annotated[list[SeriesUpdated], Field(description="One entry per series.")]


class UpdatedComponents(Output):
    """An updated forecast as a sum: path of the fit + correction + clipping = mean at every step."""

    id: Annotated[str, Field(description="Name of the series.")]
    pointer: Annotated[str, Field(description="Where in the request it comes from.")]
    path: Annotated[list[float], Field(description="Forecast of the fit for these times, season and covariates included.")]
    correction: Annotated[list[float], Field(description="What the new observations add.")]
    clipping: Annotated[list[float], Field(description="What non-negativity adds; 0 where the forecast is not below 0.")]


class UpdateExplanation(Explanation):
    """The explanation of an update; details of at most 100 series (summary: 20)."""

    components: Annotated[list[UpdatedComponents], Field(description="The updated forecast as a sum, per series.")]
