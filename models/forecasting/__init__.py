"""Forecasting: series in, mean, median, quantiles and prediction intervals out."""

from models.forecasting.explanation import (
    BacktestOrigin,
    Candidate,
    Counterfactual,
    ForecastExplanation,
    MemberShare,
    PastWeights,
    SeriesBacktest,
    SeriesCandidates,
    SeriesComponents,
    SeriesCounterfactuals,
)
from models.forecasting.problem import EffectForm, Event, ForecastOptions, ForecastProblem, LongRow, Series
from models.forecasting.solution import (
    BacktestSummary,
    CovariateEffect,
    CovariateFit,
    ForecastSolution,
    Interval,
    MethodFit,
    SeriesForecast,
    SeriesRepair,
)

__all__ = [
    "BacktestOrigin",
    "BacktestSummary",
    "Candidate",
    "Counterfactual",
    "CovariateEffect",
    "CovariateFit",
    "EffectForm",
    "Event",
    "ForecastExplanation",
    "ForecastOptions",
    "ForecastProblem",
    "ForecastSolution",
    "Interval",
    "LongRow",
    "MemberShare",
    "MethodFit",
    "PastWeights",
    "Series",
    "SeriesBacktest",
    "SeriesCandidates",
    "SeriesComponents",
    "SeriesCounterfactuals",
    "SeriesForecast",
    "SeriesRepair",
]
