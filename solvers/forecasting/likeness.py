"""
New items: the forecasts of the series that they are like, each relative to its level, averaged, times the level expected.

The width takes the widest of the likes' scaled intervals, and adds what lies between the likes and what is not known of the
level, both as variances. Analogy is the usual way for items without a history (Goodwin, Dyussekeneva and Meeran, International
Journal of Forecasting 29, 2013, 268-275).
"""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from models.forecasting import ForecastProblem, Interval, LikenessFit, LikeShare, Series, SeriesForecast
from solvers.forecasting.answer import Evidence, key_of
from solvers.forecasting.fit import described
from solvers.forecasting.history import FloatArray
from solvers.forecasting.likeness_semantics import new_items

SHORTEST_LEVEL = 6
"""Fewest observations of a level, where there are so many."""

PRIOR_OBSERVATIONS = 4
"""A scale that was given counts as so many own observations."""

LEVEL_ERROR = 0.25
"""Relative error of a level of which nothing has been observed: a convention."""

NOTHING = 1e-12
"""A level below this share of the others counts as none: nothing can be relative to it."""

LEAST_TAIL = 2.0**-54

_NORMAL = NormalDist()


def with_new_items(
    problem: ForecastProblem, evidence: Evidence, series: Sequence[SeriesForecast], skipped: Mapping[str, object]
) -> list[SeriesForecast]:
    """Return the forecasts with those of the new items, series in request order and groups of the hierarchy last."""
    wanted = new_items(problem)
    if not wanted:
        return list(series)
    answers = {answer.id: answer for answer in series}
    values = {history.id: history.values for history in evidence.histories}
    stream = np.random.default_rng([problem.options.seed, 1])
    ordered: list[SeriesForecast] = []
    for entry in problem.series or ():
        if entry.id in skipped:
            continue
        if entry.id in wanted:
            likes = [answers[name] for name in entry.like or ()]
            fit, count = likeness_fit(entry, likes, [values[like.id] for like in likes], season_length=evidence.season_length)
            ordered.append(_forecast(problem, entry, likes, fit, count, evidence.season_length, stream))
        else:
            ordered.append(answers[entry.id])
    listed = {answer.id for answer in ordered}
    return ordered + [answer for answer in series if answer.id not in listed]


def likeness_fit(
    entry: Series, likes: Sequence[SeriesForecast], values: Sequence[FloatArray], *, season_length: int
) -> tuple[LikenessFit, int]:
    """
    Return levels and scale of a new item, and how many of its own observations were used.

    `values` are the complete observations of its likes, which end with its own.
    """
    shortest = min(history.size for history in values)
    window = min(max(season_length, SHORTEST_LEVEL), shortest)
    levels = np.array([float(history[-window:].mean()) or float(history.mean()) for history in values])
    typical = float(levels.mean())
    prior = 1.0 if entry.scale is None else entry.scale
    ratio, count = _own_scale(entry, values, shortest)
    weight = 0.0 if ratio is None else 1.0 if entry.scale is None and ratio > 0 else count / (count + PRIOR_OBSERVATIONS)
    scale = prior if ratio is None else (1 - weight) * prior + weight * ratio
    level = scale * typical
    variance = LEVEL_ERROR**2
    if entry.scale is None and ratio is None and typical > 0:
        variance += float(np.mean((levels / typical - 1) ** 2))
    factors = np.divide(level / len(likes), levels, out=np.zeros_like(levels), where=levels > NOTHING * typical)
    scaled = len(likes) * factors[:, None] * np.array([like.mean for like in likes])
    between = scaled.std(axis=0, ddof=1) if len(likes) > 1 else np.zeros(scaled.shape[1])
    parts = zip(likes, levels.tolist(), factors.tolist(), strict=True)
    fit = LikenessFit(
        likes=[LikeShare(id=like.id, level=size, factor=factor) for like, size, factor in parts],
        level_observations=window,
        prior_scale=prior,
        own_scale=ratio,
        own_weight=weight,
        scale=scale,
        level=level,
        level_error=math.sqrt(variance * PRIOR_OBSERVATIONS / (PRIOR_OBSERVATIONS + count)),
        dispersion=between.tolist(),
    )
    return fit, count


def _own_scale(entry: Series, values: Sequence[FloatArray], shortest: int) -> tuple[float | None, int]:
    """Return own observations over the likes' mean at the same times, and their number; None and 0 without any."""
    recent = entry.values[-shortest:]
    places = [k for k, value in enumerate(recent) if value is not None]
    beside = float(sum(np.mean([history[k - len(recent)] for history in values]) for k in places))
    own = sum(recent[k] or 0.0 for k in places)
    if not places or beside <= NOTHING * own:
        return None, 0
    return own / beside, len(places)


def _forecast(
    problem: ForecastProblem,
    entry: Series,
    likes: Sequence[SeriesForecast],
    fit: LikenessFit,
    count: int,
    season_length: int,
    stream: np.random.Generator,
) -> SeriesForecast:
    """Return the forecast of one new item."""
    factors = np.array([share.factor for share in fit.likes])
    floor = -np.inf if entry.non_negative is False else 0.0
    mean = factors @ np.array([like.mean for like in likes])
    middles = np.array([like.median for like in likes])
    median = factors @ middles
    unknown = np.hypot(fit.dispersion, fit.level_error * mean)
    scales = factors[:, None] * len(likes)

    def bound(rows: Sequence[Sequence[float]], probability: float) -> list[float]:
        widest = np.abs(scales * (np.array(rows) - middles)).max(axis=0)
        reach = np.hypot(widest, -_NORMAL.inv_cdf(max(min(probability, 1 - probability), LEAST_TAIL)) * unknown)
        bounds: list[float] = np.maximum(median + (reach if probability >= 0.5 else -reach), floor).tolist()
        return bounds

    intervals = {}
    for key, level in ((key_of(level), level) for level in problem.levels):
        lower = bound([like.intervals[key].lower for like in likes], 0.5 - level / 200)
        upper = bound([like.intervals[key].upper for like in likes], 0.5 + level / 200)
        intervals[key] = Interval(lower=lower, upper=upper)
    return SeriesForecast(
        id=entry.id,
        method="likeness",
        demand=None,
        timestamps=likes[0].timestamps,
        mean=np.maximum(mean, floor).tolist(),
        base_mean=None,
        median=np.maximum(median, floor).tolist(),
        quantiles={key_of(q): bound([like.quantiles[key_of(q)] for like in likes], q) for q in problem.quantiles},
        intervals=intervals,
        samples=_samples(likes, scales, median, middles, unknown, floor, stream) if problem.samples else None,
        fit=described(observations=count, season_length=season_length, residual_scale=None, likeness=fit),
        backtest=None,
        repairs=[],
        reason=_reason(fit, entry.scale is not None, count),
        state=None,
    )


def _samples(
    likes: Sequence[SeriesForecast],
    scales: FloatArray,
    median: FloatArray,
    middles: FloatArray,
    unknown: FloatArray,
    floor: float,
    stream: np.random.Generator,
) -> list[list[float]]:
    """Return paths: those of the likes in turn, scaled, each with one normal number for what is not known of the level."""
    paths = []
    for place in range(len(likes[0].samples or ())):
        turn = place % len(likes)
        drawn = np.array((likes[turn].samples or [])[place]) - middles[turn]
        path = median + scales[turn] * drawn + stream.standard_normal() * unknown
        paths.append(np.maximum(path, floor).tolist())
    return paths


def _reason(fit: LikenessFit, given: bool, count: int) -> str:
    """Return how the level came about, in one sentence."""
    names = ", ".join(share.id for share in fit.likes[:3]) + (f" and {len(fit.likes) - 3} more" if len(fit.likes) > 3 else "")
    alone = len(fit.likes) == 1
    made = "its forecast, relative to its level" if alone else "their forecasts, each relative to its own level, averaged"
    text = f"Like {names}: {made}, times a level of {fit.level:.6g}"
    if count == 0:
        source = "the scale of the request" if given else "no scale and no observation, so that level is taken"
        return f"{text} ({fit.scale:.4g} x {'its' if alone else 'their mean'} level: {source})."
    seen = f"{count} own observation{'' if count == 1 else 's'}"
    if not given:
        return f"{text} ({fit.scale:.4g} x {'its' if alone else 'their mean'} level, as {seen} at the same times say)."
    source = f"weight {fit.own_weight:.2f} on {seen}, the rest on the scale of the request"
    return f"{text} ({fit.scale:.4g} x {'its' if alone else 'their mean'} level: {source})."
