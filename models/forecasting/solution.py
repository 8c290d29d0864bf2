"""The forecasts: point forecasts, quantiles, intervals, and the numbers from which they can be recomputed."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.forecasting.likeness import LikenessFit
from models.forecasting.problem import EffectForm
from models.forecasting.returns import ReturnsFit

MethodName = Literal[
    "naive",
    "seasonal_naive",
    "exponential_smoothing",
    "theta",
    "historical_mean",
    "weighted_mean",
    "croston",
    "sba",
    "tsb",
    "imapa",
    "random_walk",
    "ensemble",
    "likeness",
]
CombinationRule = Literal["trimmed_mean", "half_learned", "past_errors"]
DemandClass = Literal["smooth", "erratic", "intermittent", "lumpy"]
SeasonKind = Literal["none", "additive", "multiplicative"]
TrendKind = Literal["none", "linear", "damped"]


class Interval(Output):
    """A prediction interval at every step."""

    lower: Annotated[list[float], Field(description="Lower end per step, in the unit of the series.")]
    upper: Annotated[list[float], Field(description="Upper end per step, in the unit of the series.")]


class CovariateEffect(Output):
    """What one covariate or event does to the series."""

    name: Annotated[str, Field(description="Name of the covariate or event.")]
    coefficient: Annotated[
        float,
        Field(
            description="Additive: units per unit of the covariate. Multiplicative: change of the logarithm of demand per unit "
            "of it, or its elasticity when `logarithm` is true."
        ),
    ]
    reference: Annotated[
        float, Field(description="Value at which it has no effect (median of the history; the logarithm when `logarithm`).")
    ]
    logarithm: Annotated[bool, Field(description="True when the covariate enters as its natural logarithm.")]


class CovariateFit(Output):
    """
    The regression on covariates: additive, mean = base + sum of coefficient x (x - reference).

    Multiplicative: mean = base x exp(that sum, kept within -4 and 4).
    """

    form: Annotated[EffectForm, Field(description="How the covariates act.")]
    alpha: Annotated[float, Field(description="Smoothing weight of the level in the regression, 0 to 1.")]
    effects: Annotated[list[CovariateEffect], Field(description="One entry per covariate, then one per event.")]


class MethodFit(Output):
    """
    The fitted numbers of one method: with the series itself they give the point forecast by a closed recursion.

    `initial_season[i]` belongs to observations i, i + m, i + 2m, ... of those used (m the season length).
    """

    observations: Annotated[int, Field(description="How many of the latest observations were used.")]
    season_length: Annotated[int, Field(description="Observations in one season (m).")]
    season_lengths: Annotated[
        list[float], Field(description="The seasons that were used: `season_length`, and a longer one where there are two.")
    ]
    trend: Annotated[TrendKind, Field(description="Kind of trend.")]
    season: Annotated[SeasonKind, Field(description="Kind of season.")]
    alpha: Annotated[float | None, Field(description="Smoothing weight of the level, 0 to 1; null without smoothing.")]
    beta: Annotated[float | None, Field(description="Smoothing weight of the trend, 0 to alpha; null without a trend.")]
    gamma: Annotated[float | None, Field(description="Smoothing weight of the season, 0 to 1; 0 keeps the initial indices.")]
    phi: Annotated[float | None, Field(description="Damping of the trend per step, 0 to 1; null without a trend.")]
    theta: Annotated[
        float | None, Field(description="Theta coefficient, 1 or more; null for other methods, and when unlimited.")
    ]
    drift_weight: Annotated[
        float | None, Field(description="1 - 1/theta, 0 to 1: the weight of the line; null for other methods.")
    ]
    initial_level: Annotated[float | None, Field(description="Level before the first observation used, unit of the series.")]
    initial_trend: Annotated[float | None, Field(description="Trend per step before the first observation used.")]
    initial_season: Annotated[
        list[float] | None, Field(description="Indices: added to (additive) or multiplied with (multiplicative) the level.")
    ]
    aicc: Annotated[
        float | None, Field(description="Corrected Akaike criterion of the chosen form; null where none is formed.")
    ]
    residual_scale: Annotated[float | None, Field(description="Root mean squared one-step error in sample; null if unknown.")]
    scaling: Annotated[
        list[float] | None,
        Field(
            description="Per step: factor that makes the forecasts of intermittent series add up to that of their total; null "
            "without one."
        ),
    ]
    combination: Annotated[
        CombinationRule | None,
        Field(
            description="How an ensemble is combined: mean of the middle half of its members at every step; half of "
            "that and half weights learned on made-up series; or weights by past errors. Null for single methods."
        ),
    ]
    covariates: Annotated[
        CovariateFit | None, Field(description="Effects of covariates and events; null without any, or when they did not help.")
    ]
    members: Annotated[
        dict[str, float] | None,
        Field(description="Weights of the members of an ensemble, mean over the steps, sum 1. Null for single methods."),
    ]
    likeness: Annotated[
        LikenessFit | None, Field(description="Of a new item: likes, level and how both make its forecast; null for others.")
    ]
    returns: Annotated[
        ReturnsFit | None, Field(description="Drift and volatility of a random walk of prices; null for other methods.")
    ]


class BacktestSummary(Output):
    """How the methods did when the end of the series was hidden from them."""

    metric: Annotated[str, Field(description="mase: mean absolute error / mean absolute seasonal difference of the history.")]
    horizon: Annotated[int, Field(description="Steps forecast from each cutoff.")]
    cutoffs: Annotated[list[str | int], Field(description="Last observation that the methods saw, latest first.")]
    scores: Annotated[
        dict[str, float | None],
        Field(
            description="Mean score per method over all cutoffs; smaller is better. `with_covariates` or "
            "`without_covariates`: the same ensemble the other way."
        ),
    ]
    value_added: Annotated[
        float | None, Field(description="1 - score / score of the (seasonal) naive forecast; null when that is 0 or unknown.")
    ]
    value_added_over_naive: Annotated[
        float | None, Field(description="1 - score / score of carrying the last value forward; null when that is 0 or unknown.")
    ]


class SeriesRepair(Output):
    """What was changed in a series before it was used."""

    code: Annotated[str, Field(description="Stable name, UPPER_SNAKE.", examples=["MISSING_INTERPOLATED"])]
    count: Annotated[int, Field(description="How many observations.")]
    timestamps: Annotated[list[str | int], Field(description="Which ones.")]
    values: Annotated[list[float | None], Field(description="What stands there now; null where the observation was dropped.")]
    message: Annotated[str, Field(description="What was done, in one sentence.")]


class SeriesForecast(Output):
    """The forecast of one series."""

    id: Annotated[str, Field(description="Name of the series.")]
    method: Annotated[MethodName, Field(description="Method that made the point forecast.")]
    demand: Annotated[
        DemandClass | None,
        Field(
            description="Class of demand by the mean interval between demands (limit 1.32) and the squared coefficient of "
            "variation of their sizes (limit 0.49): smooth, erratic, intermittent, lumpy. Null with negative values, all 0, "
            "or for a new item."
        ),
    ]
    timestamps: Annotated[list[str | int], Field(description="Time of each step, in the kind of the request.")]
    mean: Annotated[list[float], Field(description="Expected value per step; exactly `horizon` finite numbers.")]
    base_mean: Annotated[
        list[float] | None,
        Field(description="In a hierarchy: the own point forecast, before it was made to add up; else null."),
    ]
    median: Annotated[list[float], Field(description="Median per step.")]
    quantiles: Annotated[dict[str, list[float]], Field(description="Requested quantiles per step, keyed as requested (0.9).")]
    intervals: Annotated[
        dict[str, Interval], Field(description="Prediction intervals per step, keyed by level in percent (80).")
    ]
    samples: Annotated[
        list[list[float]] | None,
        Field(description="Sample paths, one list of `horizon` numbers each, equally likely; null without `samples`."),
    ]
    fit: Annotated[MethodFit, Field(description="Fitted numbers; they reproduce `mean` (in a hierarchy `base_mean`).")]
    backtest: Annotated[
        BacktestSummary | None, Field(description="Evidence for the choice; null when the series is too short.")
    ]
    repairs: Annotated[list[SeriesRepair], Field(description="What was changed before the series was used.")]
    reason: Annotated[str, Field(description="Why this method, in one sentence.")]
    state: Annotated[
        str | None,
        Field(
            description="Signed state for `/v1/forecasting/update`; null when `states` did not ask for it, and of new items."
        ),
    ]


class SkippedSeries(Output):
    """A series that could not be forecast; it does not stop the others."""

    id: Annotated[str, Field(description="Name of the series.")]
    pointer: Annotated[str, Field(description="Where in the request its first fault stands.")]
    code: Annotated[str, Field(description="What is wrong, UPPER_SNAKE.", examples=["NO_OBSERVATIONS"])]
    message: Annotated[str, Field(description="What is wrong and what to do, in one or two sentences.")]


class ForecastSolution(Output):
    """Forecasts in the order of the request."""

    series: Annotated[
        list[SeriesForecast],
        Field(
            description="One entry per series that was forecast, in request order; then the groups of the hierarchy that are "
            "not given as series."
        ),
    ]
    skipped: Annotated[
        list[SkippedSeries],
        Field(
            description="Series that cannot be forecast (no observation, times off the grid, a covariate without its future, "
            "...), each with a warning. When none can, the request is refused (422)."
        ),
    ]
