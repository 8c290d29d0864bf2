"""What is to be forecast: series on a regular time grid, how far ahead, and which quantiles."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.base import FirstErrorOnly, Identifier, Input, Number
from models.forecasting.hierarchy import MAX_GROUPS, Group, Reconciliation
from models.forecasting.likeness import LARGEST_SCALE, MAX_LIKES
from models.options import Options

MAX_SERIES = 100_000
MAX_VALUES = 20_000
"""Most observations of one series, gaps included."""

MAX_ROWS = 5_000_000
MAX_HORIZON = 1_000
MAX_SEASON_LENGTH = 1_500
LARGEST_VALUE = 1e15
"""Largest magnitude of an observation: its square, summed over a series, stays far inside a 64-bit float."""

LARGEST_POSITION = 10**12
MAX_SAMPLES = 1_000
MAX_COVARIATES = 50
MAX_EVENTS = 200
MAX_EVENT_TIMES = 5_000

EffectForm = Literal["additive", "multiplicative"]

Observation = Annotated[float, Field(ge=-LARGEST_VALUE, le=LARGEST_VALUE)]
Alias = Annotated[str, StringConstraints(min_length=1, max_length=16)]
Stamp = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Position = Annotated[int, Field(ge=-LARGEST_POSITION, le=LARGEST_POSITION)]


class Series(Input):
    """Observations of one item at equal steps of time, oldest first."""

    id: Annotated[Identifier, Field(description="Name of the series, unique in the request.", examples=["oat-milk"])]
    start: Annotated[
        Stamp | Position | None,
        Field(
            description="Time of the first value: ISO 8601 with a frequency alias (required there), an integer with an integer "
            "frequency (null: 0).",
            examples=["2022-01-01"],
        ),
    ] = None
    values: Annotated[
        list[Observation | None],
        FirstErrorOnly,
        Field(
            max_length=MAX_VALUES,
            description="Observations in the caller's unit, oldest first, 1 to 20,000; null where missing "
            "(interpolated and listed in `repairs`). Empty only with `like`.",
            examples=[[112, 118, None, 129]],
        ),
    ]
    covariates: Annotated[
        dict[Identifier, Annotated[list[Number], FirstErrorOnly, Field(max_length=MAX_VALUES)]],
        Field(
            max_length=MAX_COVARIATES,
            description="Known drivers by name, such as price, promotion (0 or 1) or holidays: one number per entry of "
            "`values`. At most 50. Positive ones of more than two values enter multiplicative effects as logarithms.",
            examples=[{"price": [2.0, 2.0, 1.8, 2.0]}],
        ),
    ] = Field(default_factory=dict)
    future_covariates: Annotated[
        dict[Identifier, Annotated[list[Number], FirstErrorOnly, Field(max_length=MAX_HORIZON)]],
        Field(
            max_length=MAX_COVARIATES,
            description="The values that the same drivers will have: exactly `horizon` numbers for every name in `covariates`.",
            examples=[{"price": [1.8, 2.0]}],
        ),
    ] = Field(default_factory=dict)
    stock_out: Annotated[
        list[bool] | None,
        Field(
            max_length=MAX_VALUES,
            description="One flag per entry of `values`: true where stock ran out, so that sales were less than demand. "
            "Demand is estimated before anything is fitted and listed in `repairs`. Null: there was stock at all times.",
            examples=[[False, False, True, False]],
        ),
    ] = None
    non_negative: Annotated[
        bool | None,
        Field(description="True: no forecast or bound lies below 0. Null: true exactly when no observation is negative."),
    ] = None
    like: Annotated[
        list[Identifier] | None,
        Field(
            min_length=1,
            max_length=MAX_LIKES,
            description="Marks a new item: ids of 1 to 20 series of the request, never negative and ending together, from "
            "whose forecasts its own is made. Its few `values` must end with them and set its level; null entries are left "
            "out. Without values it begins after their end. Null: forecast from its own values.",
            examples=[["oat-milk", "butter"]],
        ),
    ] = None
    scale: Annotated[
        float | None,
        Field(
            gt=0,
            le=LARGEST_SCALE,
            description="With `like`: level expected of the new item / mean level of the likes. Null: from its own values at "
            "the same times; without any 1.",
            examples=[0.5],
        ),
    ] = None


class Event(Input):
    """Something that happens at known times and may move the demand of every series: a holiday, a fair, a campaign."""

    name: Annotated[Identifier, Field(description="Name of the event, no name of a covariate.", examples=["easter"])]
    timestamps: Annotated[
        list[Stamp | Position],
        Field(
            min_length=1,
            max_length=MAX_EVENT_TIMES,
            description="When it happened and will happen, in the kind of the series. It counts for the period that it falls "
            "into: the last one that starts no later (for month, quarter and year ends: the first one that ends no earlier).",
            examples=[["2024-03-31", "2025-04-20"]],
        ),
    ]


class LongRow(Input):
    """One observation of one series in the long form that many tools export."""

    unique_id: Annotated[Identifier, Field(description="Name of the series.", examples=["oat-milk"])]
    ds: Annotated[Stamp | Position, Field(description="Time: ISO 8601, or an integer.", examples=["2022-01-01"])]
    y: Annotated[Observation | None, Field(description="Observation in the caller's unit; null where missing.", examples=[112])]
    stock_out: Annotated[bool, Field(description="True where stock ran out, so that sales were less than demand.")] = False
    covariates: Annotated[
        dict[Identifier, Number] | None,
        Field(
            max_length=MAX_COVARIATES,
            description="Known drivers by name. Every row of a series has the same names, there are no gaps, and `future_rows` "
            "holds their values for every step.",
            examples=[{"price": 2.0}],
        ),
    ] = None


class FutureRow(Input):
    """The drivers of one series at one step to be forecast, in long form."""

    unique_id: Annotated[Identifier, Field(description="Name of the series.", examples=["oat-milk"])]
    ds: Annotated[Stamp | Position, Field(description="Time: ISO 8601, or an integer.", examples=["2022-02-01"])]
    covariates: Annotated[
        dict[Identifier, Number],
        Field(max_length=MAX_COVARIATES, description="The values that the drivers will have.", examples=[{"price": 1.8}]),
    ]


class ForecastOptions(Options):
    """Options of a forecasting request."""

    solver: Annotated[
        Literal[
            "auto",
            "ensemble",
            "backtest_selection",
            "seasonal_naive",
            "exponential_smoothing",
            "theta",
            "croston",
            "sba",
            "tsb",
            "imapa",
            "random_walk",
        ],
        Field(
            description="auto takes the ensemble: a combination of 16 methods. backtest_selection chooses one method for each "
            "series by a rolling-origin backtest; the other names force one method on every series that is long enough for it. "
            "random_walk is for prices, all above 0."
        ),
    ] = "auto"


class ForecastProblem(Input):
    """Series to be continued. Give either `series` or `rows`."""

    frequency: Annotated[
        Alias | Annotated[int, Field(ge=1, le=10**9)],
        Field(
            description="Time between observations. An alias with an optional multiple: YS AS YE Y A, QS QE Q, MS ME M, W, D, "
            "B (Monday to Friday), h H, min T, s S; anchors such as W-SUN or QS-OCT are accepted. Or an integer of at least 1 "
            "for undated series.",
            examples=["MS"],
        ),
    ] = 1
    time_zone: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=64),
        Field(
            description="IANA name of the zone the series live in. Times without an offset are read there, all are answered "
            "there with the offset that holds then: hours and minutes count on through a change of the clock, days, weeks and "
            "months keep the time of day. Null: times are taken as written, an offset stays the same.",
            examples=["Europe/London"],
        ),
    ] = None
    season_length: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAX_SEASON_LENGTH,
            description="Observations in one season, 1 to 1,500. Null: Y 1, Q 4, M 12, W 52, D 7, B 5, shorter steps one "
            "day, integers 1; a multiple such as 2MS divides it.",
        ),
    ] = None
    season_lengths: Annotated[
        list[Annotated[float, Field(ge=1, le=MAX_SEASON_LENGTH)]] | None,
        Field(
            min_length=1,
            max_length=2,
            description="One or two seasons that lie over one another, shorter first, such as 24 and 168 hours or 7 and 365.25 "
            "days; the first a whole number and equal to `season_length` if both are given, [24] for a day alone. Null: "
            "`season_length`, and over a day a week, over a week of daily data a year, once two of them lie in the history.",
            examples=[[24, 168]],
        ),
    ] = None
    horizon: Annotated[int, Field(ge=1, le=MAX_HORIZON, description="Steps to forecast, 1 to 1,000.", examples=[18])]
    levels: Annotated[
        list[Annotated[float, Field(gt=0, lt=100)]],
        Field(
            default_factory=lambda: [80.0, 95.0],
            max_length=20,
            json_schema_extra={"default": [80, 95]},
            description="Levels of the prediction intervals in percent, each above 0 and below 100.",
        ),
    ]
    quantiles: Annotated[
        list[Annotated[float, Field(gt=0, lt=1)]],
        Field(
            default_factory=list,
            max_length=50,
            json_schema_extra={"default": []},
            description="Quantiles to return, each above 0 and below 1.",
        ),
    ]
    series: Annotated[
        list[Series] | None, Field(max_length=MAX_SERIES, description="Series as columns of values, at most 100,000.")
    ] = None
    rows: Annotated[
        list[LongRow] | None,
        Field(
            max_length=MAX_ROWS,
            description="The same data in long form. Unsorted rows are sorted, of duplicate times the last number counts, gaps "
            "are filled: each with a warning and an entry in `repairs`.",
        ),
    ] = None
    future_rows: Annotated[
        list[FutureRow],
        Field(
            max_length=MAX_ROWS,
            description="With `rows`: covariates over the horizon, one row for each step of every series that has any.",
        ),
    ] = Field(default_factory=list)
    events: Annotated[
        list[Event], Field(max_length=MAX_EVENTS, description="Calendar of events that enter every series as a covariate.")
    ] = Field(default_factory=list)
    covariate_effects: Annotated[
        Literal["auto", "additive", "multiplicative"],
        Field(
            description="How covariates and events act: added to demand, or multiplied with it (positive series only; any "
            "other takes additive effects). auto takes the more likely form."
        ),
    ] = "auto"
    hierarchy: Annotated[
        list[Group],
        Field(
            max_length=MAX_GROUPS,
            description="Which series add up to which: at most 1,000 groups, 5,000 members, 60,000 members x steps. "
            "Means and sample paths add up, and quantiles are those of paths that do. Other series stand by themselves.",
        ),
    ] = Field(default_factory=list)
    reconciliation: Annotated[
        Reconciliation,
        Field(
            description="How forecasts of a hierarchy add up. minimum_trace: moved as little as their errors allow (MinT, "
            "covariance shrunk, non-negative series kept so). bottom_up: groups are the sums of the series at the bottom."
        ),
    ] = "minimum_trace"
    samples: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_SAMPLES,
            description="Sample paths to return per series, 0 to 1,000: possible futures over all steps together.",
        ),
    ] = 0
    states: Annotated[
        bool | None,
        Field(
            description="True: every forecast carries a signed `state` for `/v1/forecasting/update`. Null: in requests of at "
            "most 2,000 series without a hierarchy."
        ),
    ] = None
    options: Annotated[ForecastOptions, Field(description="How long to work, which method, how much to explain.")] = (
        ForecastOptions()
    )
