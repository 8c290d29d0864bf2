"""Point forecasts recomputed from the observations and the reported numbers, many series at once."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from models.forecasting import MethodFit, SeriesForecast
from solvers.forecasting.check_data import FloatArray, Given
from solvers.forecasting.check_random_walk import walk_mean

BLOCK = 2_000
"""Series recomputed side by side."""

Pairs = Sequence[tuple[Given, SeriesForecast]]


def recomputed(pairs: Pairs) -> Iterator[tuple[int, FloatArray]]:
    """Yield the index and the recomputed forecast (H,), before clipping, of every series."""
    groups: dict[str, list[int]] = {}
    for index, (given, answer) in enumerate(pairs):
        groups.setdefault(answer.method, []).append(index)
        assert 1 <= answer.fit.observations <= given.values.size, (
            "a fit uses at least one observation and no more than there are"
        )
    for method, indices in groups.items():
        for first in range(0, len(indices) if method in _RECOMPUTE else 0, BLOCK):
            block = sorted(indices[first : first + BLOCK], key=lambda i: pairs[i][1].fit.observations)
            yield from zip(block, _RECOMPUTE[method]([pairs[i] for i in block]), strict=True)


def _last_values(block: Pairs) -> Iterator[FloatArray]:
    """Repeat the last season (of length 1: the last value)."""
    for given, answer in block:
        m = answer.fit.season_length
        yield np.array([given.values[given.values.size - m + step % m] for step in range(len(answer.mean))])


def _means(block: Pairs) -> Iterator[FloatArray]:
    """Repeat the arithmetic mean."""
    for given, answer in block:
        used = given.values[-answer.fit.observations :]
        yield np.full(len(answer.mean), sum(used.tolist()) / used.size)


def _weighted_means(block: Pairs) -> Iterator[FloatArray]:
    """Smooth from the first value on, with the weight that makes all weights sum to 1, and scale every step."""
    for given, answer in block:
        level, weight = 0.0, 0.0
        for value in given.values[-answer.fit.observations :].tolist():
            weight = (1 - (answer.fit.alpha or 0.0)) * weight + 1.0
            level += (value - level) / weight
        yield level * np.array(answer.fit.scaling or [1.0] * len(answer.mean))


def _by_intervals(block: Pairs) -> Iterator[FloatArray]:
    """Croston's ratio of two weighted means over the demands, the first of them with what is left of the weight."""
    for given, answer in block:
        alpha = answer.fit.alpha or 0.0
        used = given.values[-answer.fit.observations :]
        places = [t for t, value in enumerate(used.tolist()) if value > 0]
        gaps = [later - before for before, later in zip([-1, *places[:-1]], places, strict=True)]
        weights = alpha * (1 - alpha) ** np.arange(len(places) - 1, -1, -1.0)
        weights[0] = (1 - alpha) ** (len(places) - 1)
        ratio = float(weights @ used[places]) / float(weights @ np.array(gaps, dtype=np.float64))
        yield np.full(len(answer.mean), ratio * (1 - alpha / 2 if answer.method == "sba" else 1.0))


def _by_probability(block: Pairs) -> Iterator[FloatArray]:
    """TSB: weighted means of the flags of demand and of the sizes, from the first demand on."""
    for given, answer in block:
        alpha = answer.fit.alpha or 0.0
        used = given.values[-answer.fit.observations :]
        first = int(np.argmax(used > 0))
        chance, sizes = 1.0 / (first + 1), [float(used[first])]
        for value in used[first + 1 :].tolist():
            chance = (1 - alpha) * chance + alpha * (1.0 if value > 0 else 0.0)
            sizes += [value] if value > 0 else []
        weights = alpha * (1 - alpha) ** np.arange(len(sizes) - 1, -1, -1.0)
        weights[0] = (1 - alpha) ** (len(sizes) - 1)
        yield np.full(len(answer.mean), chance * float(weights @ np.array(sizes)))


def _by_blocks(block: Pairs) -> Iterator[FloatArray]:
    """IMAPA: weighted means of block sums, per block length up to the mean interval."""
    for given, answer in block:
        alpha = answer.fit.alpha or 0.0
        used = given.values[-answer.fit.observations :].tolist()
        means = []
        for length in range(1, min(max(1, round(len(used) / sum(value > 0 for value in used))), len(used)) + 1):
            count = len(used) // length
            first = len(used) - count * length
            sums = [sum(used[first + k * length : first + (k + 1) * length]) for k in range(count)]
            weights = [alpha * (1 - alpha) ** (count - 1 - k) for k in range(count)]
            weights[0] = (1 - alpha) ** (count - 1)
            means.append(sum(w * s for w, s in zip(weights, sums, strict=True)) / length)
        yield np.full(len(answer.mean), sum(means) / len(means))


def _walks(block: Pairs) -> Iterator[FloatArray]:
    """Take the expected prices of a random walk."""
    for given, answer in block:
        yield walk_mean(given, answer)


def _numbers(fits: list[MethodFit], name: str) -> FloatArray:
    """Return one reported number per series, 0 where it is null."""
    return np.array([getattr(fit, name) or 0.0 for fit in fits])


def _tables(block: Pairs) -> tuple[list[MethodFit], FloatArray, FloatArray, FloatArray]:
    """Return fits, observations (S, T) with NaN after the end, their number (S,), and seasonal indices (S, m)."""
    fits = [answer.fit for _, answer in block]
    counts = np.array([fit.observations for fit in fits])
    table = np.full((len(fits), int(counts.max())), np.nan)
    neutral = {"none": 0.0, "additive": 0.0, "multiplicative": 1.0}
    indices = np.array([fit.initial_season or [neutral[fit.season]] * fit.season_length for fit in fits])
    for row, (given, answer) in enumerate(block):
        table[row, : counts[row]] = given.values[-answer.fit.observations :]
    return fits, table, counts, indices


def _smoothing(block: Pairs) -> Iterator[FloatArray]:
    """Component form: level = alpha (y adjusted) + (1 - alpha)(level + phi trend), trend and season likewise."""
    fits, table, counts, season = _tables(block)
    alpha, beta, gamma, phi = (_numbers(fits, name) for name in ("alpha", "beta", "gamma", "phi"))
    level, trend = _numbers(fits, "initial_level"), _numbers(fits, "initial_trend")
    factor = np.array([fit.season == "multiplicative" for fit in fits])
    rows = np.arange(len(fits))
    for time in range(table.shape[1]):
        running = time < counts
        phase = time % season.shape[1]
        index = season[:, phase]
        before = level + phi * trend
        adjusted = np.where(factor, table[:, time] / np.where(factor, index, 1.0), table[:, time] - index)
        after = alpha * adjusted + (1 - alpha) * before
        slope = phi * trend + beta * (adjusted - before)
        observed = np.where(factor, table[:, time] / np.where(factor & running, before, 1.0), table[:, time] - before)
        moved = (1 - gamma) * index + gamma * observed
        level, trend = np.where(running, after, level), np.where(running, slope, trend)
        season[:, phase] = np.where(running & (gamma > 0), moved, index)
    for row in rows.tolist():
        yield _continued(block[row][1], level[row], trend[row], phi[row], season[row], factor=bool(factor[row]))


def _continued(
    answer: SeriesForecast, level: float, trend: float, phi: float, season: FloatArray, *, factor: bool
) -> FloatArray:
    forecasts = []
    slope = trend
    for step in range(len(answer.mean)):
        slope *= phi
        level += slope
        index = season[(answer.fit.observations + step) % season.size]
        forecasts.append(level * index if factor else level + index)
    return np.array(forecasts)


def _theta(block: Pairs) -> Iterator[FloatArray]:
    """Level plus weighted line, the line from plain sums over observations, then over forecasts as if they were observed."""
    fits, table, counts, season = _tables(block)
    alpha, weight, level = (_numbers(fits, name) for name in ("alpha", "drift_weight", "initial_level"))
    factor = np.array([[fit.season == "multiplicative"] for fit in fits])
    phases = np.arange(table.shape[1]) % season.shape[1]
    adjusted = np.where(factor, table / np.where(factor, season[:, phases], 1.0), table - season[:, phases])
    horizon = len(block[0][1].mean)
    total, moment = np.zeros(len(fits)), np.zeros(len(fits))
    result = np.full((len(fits), horizon), np.nan)
    for time in range(table.shape[1] + horizon):
        ahead = time - counts
        line = _line_ahead(total, moment, time, alpha)
        forecast = level + weight * line
        observed = adjusted[:, time] if time < table.shape[1] else forecast
        value = np.where(ahead < 0, observed, forecast)
        rows = np.flatnonzero((ahead >= 0) & (ahead < horizon))
        result[rows, ahead[rows]] = forecast[rows]
        level = alpha * value + (1 - alpha) * level
        total, moment = total + value, moment + (time + 1) * value
    for row, (_, answer) in enumerate(block):
        index = season[row, (answer.fit.observations + np.arange(horizon)) % season.shape[1]]
        yield result[row] * index if factor[row, 0] else result[row] + index


def _line_ahead(total: FloatArray, moment: FloatArray, count: int, alpha: FloatArray) -> FloatArray:
    """Return what the least-squares line through `count` values adds to the level: q^n A + (1 - q^(n+1)) / alpha B."""
    if count == 0:
        return np.zeros_like(total)
    middle = (count + 1) / 2
    spread = count * (count * count - 1) / 12
    slope = (moment - middle * total) / spread if count > 1 else np.zeros_like(total)
    intercept = total / count - slope * middle
    power = (1 - alpha) ** count
    return np.asarray(power * intercept + (1 - power * (1 - alpha)) / alpha * slope)


_RECOMPUTE: dict[str, Callable[[Pairs], Iterator[FloatArray]]] = {
    "naive": _last_values,
    "seasonal_naive": _last_values,
    "historical_mean": _means,
    "weighted_mean": _weighted_means,
    "croston": _by_intervals,
    "sba": _by_intervals,
    "tsb": _by_probability,
    "imapa": _by_blocks,
    "random_walk": _walks,
    "exponential_smoothing": _smoothing,
    "theta": _theta,
}
