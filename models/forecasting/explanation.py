"""The working behind a forecast: components, candidates, weights of the past, backtest."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.explanation import Explanation
from models.forecasting.hierarchy import NodeReconciliation
from models.forecasting.quantile_regression import QuantileProgram


class MemberShare(Output):
    """What one member of an ensemble adds to the forecast."""

    member: Annotated[str, Field(description="Name of the member.")]
    weight: Annotated[list[float], Field(description="Its weight at every step.")]
    share: Annotated[list[float], Field(description="Weight x its forecast at every step.")]


class SeriesComponents(Output):
    """
    The point forecast as a sum: level + trend + season + all covariates + clipping + reconciliation = mean at every step.

    For an ensemble, and for a new item with its likes as members, also: the shares of the members + clipping +
    reconciliation = mean.
    """

    id: Annotated[str, Field(description="Name of the series.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    level: Annotated[list[float], Field(description="Last level, carried forward.")]
    trend: Annotated[list[float], Field(description="What the trend adds since the last observation.")]
    season: Annotated[
        list[float], Field(description="What the season adds (for a multiplicative season: in units, not as a factor).")
    ]
    covariates: Annotated[
        dict[str, list[float]],
        Field(
            description="Per covariate and event: what it adds, compared with its reference. Factors are split in proportion "
            "to their logarithms."
        ),
    ]
    clipping: Annotated[list[float], Field(description="What non-negativity adds; 0 where the forecast is not below 0.")]
    reconciliation: Annotated[
        list[float], Field(description="What adding up in a hierarchy changes; 0 for series outside of one.")
    ]
    members: Annotated[
        list[MemberShare] | None,
        Field(description="The same as a sum over the members of an ensemble or the likes of a new item; else null."),
    ]


class Candidate(Output):
    """One method that was tried on a series."""

    method: Annotated[str, Field(description="Name of the method.")]
    chosen: Annotated[bool, Field(description="True for the method used.")]
    score: Annotated[
        float | None, Field(description="Mean backtest score, smaller is better; null when it could not be tested.")
    ]
    aicc: Annotated[float | None, Field(description="Corrected Akaike criterion of its best form; null where none is formed.")]
    sentence: Annotated[str, Field(description="Why it won or lost.")]


class SeriesCandidates(Output):
    """Every method that was tried on one series."""

    id: Annotated[str, Field(description="Name of the series.")]
    candidates: Annotated[list[Candidate], Field(description="Methods, best score first.")]


class PastWeights(Output):
    """The one-step forecast as a weighted sum of the past: sum of weight x observation + remainder."""

    id: Annotated[str, Field(description="Name of the series.")]
    timestamps: Annotated[list[str | int], Field(description="Observations, latest first.")]
    weights: Annotated[
        list[float],
        Field(
            description="Weight of each, fitted numbers held fixed; of an ensemble: what one unit more changes it by, its "
            "members fitted anew."
        ),
    ]
    remainder: Annotated[
        float, Field(description="What comes from older observations, initial states and fixed seasonal indices.")
    ]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class NumbersLine(Output):
    """One equation of the formulation with the numbers put in."""

    timestamp: Annotated[str | int, Field(description="The period that it is for.")]
    text: Annotated[str, Field(description="The equation, numbers to six digits.")]
    value: Annotated[float, Field(description="What it comes to: the level of an observed period, or the forecast.")]


class SeriesNumbers(Output):
    """The formulation of one series with its numbers: the last three periods of a recursion, and the steps that follow."""

    id: Annotated[str, Field(description="Name of the series.")]
    recursion: Annotated[
        list[NumbersLine],
        Field(description="Level, trend and season in the last three periods; empty for ensembles and means."),
    ]
    forecast: Annotated[
        list[NumbersLine],
        Field(description="Of single methods the first step, of ensembles the first three, by weight."),
    ]


class BacktestOrigin(Output):
    """What every method forecast from one cutoff, beside what came."""

    cutoff: Annotated[str | int, Field(description="Last observation that the methods saw.")]
    actual: Annotated[list[float], Field(description="What came, per step.")]
    forecasts: Annotated[dict[str, list[float]], Field(description="Per method: what it forecast, per step.")]
    scores: Annotated[dict[str, float | None], Field(description="Per method: mean absolute error / scale.")]


class SeriesBacktest(Output):
    """The rolling-origin backtest of one series."""

    id: Annotated[str, Field(description="Name of the series.")]
    scale: Annotated[
        float, Field(description="Mean absolute seasonal difference of the history: the errors are divided by it.")
    ]
    origins: Annotated[list[BacktestOrigin], Field(description="Every cutoff, latest first.")]


class Counterfactual(Output):
    """The forecast had one thing been different."""

    kind: Annotated[
        Literal["stock_out", "outlier", "covariate"],
        Field(
            description="stock_out: sales taken for demand; outlier: the most unusual observation replaced by what was "
            "expected; covariate: one driver at its reference over the horizon (no promotion)."
        ),
    ]
    name: Annotated[str | None, Field(description="Name of the covariate or event; null for the other kinds.")]
    timestamps: Annotated[list[str | int], Field(description="Observations that are changed; empty for covariates.")]
    values: Annotated[list[float], Field(description="What stands there instead.")]
    mean: Annotated[
        list[float], Field(description="The point forecast that follows, per step; in a hierarchy before adding up.")
    ]
    change: Annotated[
        list[float], Field(description="That forecast less the one given (in a hierarchy `base_mean`), per step.")
    ]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class SeriesCounterfactuals(Output):
    """What the forecast of one series would have been otherwise."""

    id: Annotated[str, Field(description="Name of the series.")]
    counterfactuals: Annotated[list[Counterfactual], Field(description="Stock-outs, the largest outlier, then covariates.")]


class ForecastExplanation(Explanation):
    """The explanation of a forecasting run; details of at most 100 series (summary: 20)."""

    components: Annotated[list[SeriesComponents] | None, Field(description="The forecast as a sum, per series.")]
    candidates: Annotated[list[SeriesCandidates] | None, Field(description="Methods tried, with scores, per series.")]
    weights_of_the_past: Annotated[list[PastWeights] | None, Field(description="How much each past observation counts.")]
    backtest: Annotated[list[SeriesBacktest] | None, Field(description="Forecasts from earlier cutoffs beside what came.")]
    counterfactuals: Annotated[
        list[SeriesCounterfactuals] | None,
        Field(description="The forecast without stock-outs told, an outlier or a promotion, per series."),
    ]
    quantile_regression: Annotated[
        list[QuantileProgram] | None,
        Field(
            description="Level full: a quantile as a linear program with its duals, for the first series and quantiles (0.9 "
            "when none is asked for), at most 5."
        ),
    ]
    hierarchy: Annotated[
        list[NodeReconciliation] | None,
        Field(description="How far reconciliation moved every level, top first; at most 200 (summary: 20)."),
    ]
    numbers: Annotated[
        list[SeriesNumbers] | None,
        Field(description="The formulation with numbers put in, before clipping and reconciliation; none of Croston's kind."),
    ]
