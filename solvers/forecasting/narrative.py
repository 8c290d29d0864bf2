"""The story of a forecast in 3 to 6 sentences with numbers, from templates."""

from collections import Counter

import numpy as np

from models.forecasting import ForecastSolution, MethodFit, SeriesForecast
from solvers.forecasting.answer import Evidence
from solvers.forecasting.history import FloatArray


def narrative(solution: ForecastSolution, evidence: Evidence, *, shown: int, hierarchy: str | None = None) -> list[str]:
    """Return sentences over all series, and on the first one (the only one, or the first shown)."""
    counts = Counter(answer.method for answer in solution.series)
    methods = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    sentences = [f"{_series(len(solution.series))} forecast {len(solution.series[0].mean)} steps ahead; methods: {methods}."]
    added = [answer.backtest.value_added for answer in solution.series if answer.backtest is not None]
    known = [value for value in added if value is not None]
    if known:
        sentences.append(_gain(100 * float(np.mean(known)), beaten=any(known)))
    repaired = sum(repair.count for answer in solution.series for repair in answer.repairs)
    if repaired:
        made = "1 repair was" if repaired == 1 else f"{repaired} repairs were"
        sentences.append(f"{made} made to the data; each is listed in `repairs`.")
    if hierarchy is not None:
        sentences.append(hierarchy)
    sentences += _story(solution.series[0], evidence.used[0])
    if shown < len(solution.series):
        sentences.append(f"Details are given of the first {shown} series.")
    return sentences[:6]


def _gain(per_cent: float, *, beaten: bool) -> str:
    """Return how the chosen methods did beside the naive forecast."""
    if not beaten:
        return "In the backtest no other method did better than the (seasonal) naive forecast, which is used."
    change = f"{abs(per_cent):.1f} % {'above' if per_cent < 0 else 'below'}"
    return f"In the backtest the error of the chosen methods was {change} that of the (seasonal) naive forecast, on average."


def _series(count: int) -> str:
    return "1 series" if count == 1 else f"{count} series"


def _story(answer: SeriesForecast, used: FloatArray) -> list[str]:
    """Return two sentences on one series."""
    last, first = float(used[-1]), answer.mean[0]
    step = f"{answer.id}: the last observation is {last:.6g}, the first step {first:.6g}"
    interval = next(iter(answer.intervals.items()), None)
    if interval is not None:
        level, bounds = interval
        step += f", with {level} % probability between {bounds.lower[0]:.6g} and {bounds.upper[0]:.6g}"
    return [f"{step}.", f"{answer.id} uses {answer.method}{_shape(answer.fit)}: {answer.reason}", *_effects(answer.fit)]


def _effects(fit: MethodFit) -> list[str]:
    """Return one sentence on the effects of the covariates, the first three."""
    if fit.covariates is None:
        return []
    told = []
    for effect in fit.covariates.effects[:3]:
        if effect.logarithm:
            told.append(f"1 % more {effect.name} changes demand by {effect.coefficient:+.2f} %")
        elif fit.covariates.form == "multiplicative":
            told.append(f"1 more {effect.name} changes it by {100 * float(np.expm1(min(effect.coefficient, 4.0))):+.0f} %")
        else:
            told.append(f"1 more {effect.name} changes it by {effect.coefficient:+.6g}")
    return [f"Covariates of the first series, other things equal: {'; '.join(told)}."]


def _shape(fit: MethodFit) -> str:
    """Return the fitted numbers in brackets."""
    parts = []
    if fit.alpha is not None:
        parts.append(f"alpha {fit.alpha:.2f}")
    if fit.phi is not None:
        parts.append("linear trend" if fit.trend == "linear" else f"trend damped by {fit.phi:.2f} a step")
    if fit.drift_weight is not None:
        parts.append(f"weight of the line {fit.drift_weight:.2f}")
    if fit.season != "none":
        parts.append(f"{fit.season} season of {fit.season_length}")
    return f" ({', '.join(parts)})" if parts else ""
