"""New items recomputed: levels and scale from the request, the mean from the likes' forecasts of the same answer."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from models.forecasting import ForecastProblem, Series, SeriesForecast
from solvers.forecasting.check_data import Given

PRIOR = 4
FEWEST = 6
NOTHING = 1e-12
"""Share of the others below which a level is none."""


def likeness_violations(
    problem: ForecastProblem, given: Mapping[str, Given], answers: Mapping[str, SeriesForecast]
) -> Iterator[float]:
    """Return, per new item, the largest difference from the recomputed mean and level, relative to their size."""
    for entry in problem.series or ():
        if entry.like is None or entry.id not in answers:
            continue
        answer, fit = answers[entry.id], answers[entry.id].fit.likeness
        if fit is None or [share.id for share in fit.likes] != entry.like:
            yield math.inf
            continue
        pasts = [given[name].values.tolist() for name in entry.like]
        levels = _levels(pasts, max(answer.fit.season_length, FEWEST))
        level = _scale(entry, pasts) * sum(levels) / len(levels)
        expected = [0.0] * problem.horizon
        for name, size in zip(entry.like, levels, strict=True):
            for step, forecast in enumerate(answers[name].mean):
                expected[step] += forecast * (level / size) / len(levels) if size > NOTHING * sum(levels) / len(levels) else 0.0
        if entry.non_negative is not False:
            expected = [max(number, 0.0) for number in expected]
        largest = max([level, *map(abs, expected), 1e-300])
        pairs = [(level, fit.level), *zip(expected, answer.mean, strict=True)]
        yield max(abs(before - after) for before, after in pairs) / largest
        yield float(answer.timestamps != answers[entry.like[0]].timestamps)


def width_violations(problem: ForecastProblem, answers: Mapping[str, SeriesForecast]) -> Iterator[float]:
    """Return, per new item, by how much an interval is narrower upwards than one of the likes' scaled to its level."""
    for entry in problem.series or ():
        if entry.like is None or entry.id not in answers or answers[entry.id].fit.likeness is None:
            continue
        answer, fit = answers[entry.id], answers[entry.id].fit.likeness
        for share in fit.likes if fit is not None else ():
            like, scale = answers[share.id], share.factor * len(entry.like)
            for key, interval in answer.intervals.items():
                rows = zip(interval.upper, answer.median, like.intervals[key].upper, like.median, strict=True)
                size = max(*map(abs, interval.upper), 1e-300)
                yield max(0.0, *(scale * (top - middle) - (upper - median) for upper, median, top, middle in rows)) / size


def new_pairs(problem: ForecastProblem, answers: Mapping[str, SeriesForecast]) -> Iterator[tuple[Given, SeriesForecast]]:
    """Yield the new items as the checks of every forecast read them: sign, and the level for a size."""
    for entry in problem.series or ():
        if entry.like is not None and entry.id in answers:
            fit = answers[entry.id].fit.likeness
            size = np.array([1.0 if fit is None else fit.level])
            yield Given(entry.id, 0, len(entry.values), size, entry.non_negative is not False), answers[entry.id]


def _levels(pasts: list[list[float]], wanted: int) -> list[float]:
    """Return the mean of the latest observations of every like, of all of them where those are 0."""
    window = min(wanted, *(len(past) for past in pasts))
    recent = [sum(past[len(past) - window :]) / window for past in pasts]
    return [level if level > 0 else sum(past) / len(past) for level, past in zip(recent, pasts, strict=True)]


def _scale(entry: Series, pasts: list[list[float]]) -> float:
    """Return what the level is relative to the likes': own observations weigh k / (k + 4) beside a scale that was given."""
    prior = entry.scale if entry.scale is not None else 1.0
    own, beside, count = 0.0, 0.0, 0
    for back, value in enumerate(reversed(entry.values), start=1):
        if value is not None and all(len(past) >= back for past in pasts):
            own, count = own + value, count + 1
            beside += sum(past[-back] for past in pasts) / len(pasts)
    if beside <= NOTHING * own:
        return prior
    weight = 1.0 if entry.scale is None and own > 0 else count / (count + PRIOR)
    return prior + weight * (own / beside - prior)
