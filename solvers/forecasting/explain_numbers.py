"""The formulation of a forecast with its numbers put in: the last three periods of a recursion, and the first steps."""

import numpy as np

from models.forecasting import MethodFit, NumbersLine, ReturnsFit, SeriesNumbers
from solvers.forecasting.frequency import Frequency
from solvers.forecasting.history import FloatArray, History
from solvers.forecasting.selection import Chosen

PERIODS = 3
MOST_MEMBERS = 6
"""Members of an ensemble that are written out; the others are one sum."""


def numbers_of(history: History, used: FloatArray, chosen: Chosen, frequency: Frequency) -> SeriesNumbers | None:
    """Return the equations of one series with numbers; None for methods whose forecast is a mean of the history."""
    skipped = history.values.size - used.size

    def line(place: int, text: str, value: float) -> NumbersLine:
        return NumbersLine(timestamp=history.stamp(skipped + place, frequency), text=text, value=value)

    n = used.size
    if chosen.combination is not None:
        if chosen.combination.weights is None or chosen.combination.paths is None:
            return None
        steps = [
            line(n + step, *_combined(chosen.combination.names, weights, paths))
            for step, (weights, paths) in enumerate(
                zip(chosen.combination.weights.T[:PERIODS], chosen.combination.paths.T[:PERIODS], strict=True)
            )
        ]
        return SeriesNumbers(id=history.id, recursion=[], forecast=steps)
    if chosen.method in ("naive", "seasonal_naive"):
        place = n - chosen.fit.season_length
        text = f"yhat = y[{history.stamp(skipped + place, frequency)}] = {used[place]:.6g}"
        return SeriesNumbers(id=history.id, recursion=[], forecast=[line(n, text, float(used[place]))])
    if chosen.fit.returns is not None:
        logs = [line(place, *_log_return(used, place)) for place in range(max(1, n - PERIODS), n)]
        return SeriesNumbers(id=history.id, recursion=logs, forecast=[line(n, *_walk(used, chosen, chosen.fit.returns))])
    if chosen.method not in ("exponential_smoothing", "theta"):
        return None
    recursion, last = (_smoothing if chosen.method == "exponential_smoothing" else _theta)(used, chosen.fit)
    first = max(0, n - PERIODS)
    lines = [line(first + k, *entry) for k, entry in enumerate(recursion[first:])]
    return SeriesNumbers(id=history.id, recursion=lines, forecast=[line(n, *last)])


def _combined(names: tuple[str, ...], weights: FloatArray, paths: FloatArray) -> tuple[str, float]:
    """Return the weighted mean of the members at one step, largest weight first."""
    order = [k for k in np.argsort(-weights, kind="stable").tolist() if weights[k] > 0]
    total = float(weights @ paths)
    parts = [f"{weights[k]:.4g} x {paths[k]:.6g} ({names[k]})" for k in order[:MOST_MEMBERS]]
    rest = order[MOST_MEMBERS:]
    if rest:
        parts.append(f"{float(weights[rest] @ paths[rest]):.6g} ({len(rest)} others)")
    return f"yhat = {' + '.join(parts)} = {total:.6g}", total


def _log_return(used: FloatArray, place: int) -> tuple[str, float]:
    """Return the log return that ends at an observation."""
    value = float(np.log(used[place]) - np.log(used[place - 1]))
    return f"r = ln({used[place]:.6g} / {used[place - 1]:.6g}) = {value:.4g}", value


def _walk(used: FloatArray, chosen: Chosen, fit: ReturnsFit) -> tuple[str, float]:
    """Return the first step of a random walk of prices: median, then the expected price."""
    spread, value = float(chosen.width[0]), float(chosen.point[0])
    text = f"median = {used[-1]:.6g} exp({fit.drift:.4g}) = {used[-1] * np.exp(fit.drift):.6g}"
    return f"{text}; yhat = median x exp({spread:.4g}^2 / 2) = {value:.6g}", value


def _smoothing(used: FloatArray, fit: MethodFit) -> tuple[list[tuple[str, float]], tuple[str, float]]:
    """Return level, trend and season of every period, and the first step, of exponential smoothing."""
    alpha, beta, gamma = fit.alpha or 0.0, fit.beta or 0.0, fit.gamma or 0.0
    phi, level, trend = fit.phi or 0.0, fit.initial_level or 0.0, fit.initial_trend or 0.0
    times = fit.season == "multiplicative"
    season = list(fit.initial_season or [1.0 if times else 0.0])
    sign = "/" if times else "-"
    lines = []
    for t, value in enumerate(used.tolist()):
        index = season[t % len(season)]
        base = level + phi * trend
        error = (value / index if times else value - index) - base
        shown = f"e = {value:.6g} {sign} {index:.6g} - {base:.6g} = {error:.6g}"
        text = f"{shown}; l = {base:.6g} + {alpha:.4g} x {error:.6g} = {base + alpha * error:.6g}"
        if fit.trend != "none":
            text += f"; b = {phi:.4g} x {trend:.6g} + {beta:.4g} x {error:.6g} = {phi * trend + beta * error:.6g}"
        if gamma:
            push = value / base - index if times else error
            season[t % len(season)] = index + gamma * push
            text += f"; s = {index:.6g} + {gamma:.4g} x {push:.6g} = {index + gamma * push:.6g}"
        level, trend = base + alpha * error, phi * trend + beta * error
        lines.append((text, level))
    index = season[used.size % len(season)]
    base = level + phi * trend
    total = base * index if times else base + index
    mark = "x" if times else "+"
    return lines, (f"yhat = ({level:.6g} + {phi:.4g} x {trend:.6g}) {mark} {index:.6g} = {total:.6g}", total)


def _theta(used: FloatArray, fit: MethodFit) -> tuple[list[tuple[str, float]], tuple[str, float]]:
    """Return the level of every period, and the first step, of dynamic optimised Theta."""
    alpha, weight, level = fit.alpha or 1.0, fit.drift_weight or 0.0, fit.initial_level or 0.0
    times, n = fit.season == "multiplicative", used.size
    season = np.array(fit.initial_season or [1.0 if times else 0.0])
    past = np.resize(season, n + 1)
    adjusted = used / past[:n] if times else used - past[:n]
    lines = []
    for value, x in zip(used.tolist(), adjusted.tolist(), strict=True):
        after = alpha * x + (1 - alpha) * level
        lines.append(
            (f"x = {x:.6g} (y = {value:.6g}); l = {alpha:.4g} x {x:.6g} + {1 - alpha:.4g} x {level:.6g} = {after:.6g}", after)
        )
        level = after
    places = np.arange(1, n + 1) - (n + 1) / 2
    slope = float(places @ adjusted / (places @ places)) if n > 1 else 0.0
    start = float(adjusted.mean()) - slope * (n + 1) / 2
    power = (1 - alpha) ** n
    line = power * start + (1 - power * (1 - alpha)) / alpha * slope
    base = level + weight * line
    total = float(base * past[n] if times else base + past[n])
    mark = "x" if times else "+"
    numbers = f"({level:.6g} + {weight:.4g} x {line:.6g}) {mark} {past[n]:.6g}"
    return lines, (f"A = {start:.6g}, B = {slope:.6g}; yhat = {numbers} = {total:.6g}", total)
