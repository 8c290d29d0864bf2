"""
Made-up series on which the weights of the forecasting ensemble are trained: no public data is looked at.

A series is the sum of a level that wanders, a slope that wanders, breaks or dies out, a business cycle, a season that may move,
and noise (normal, heavy-tailed or autocorrelated), on the scale of logarithms or of values, with outliers, level shifts and
rounding in some.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Season length, horizon, range of lengths and size of the drift per step relative to the noise."""

    season_length: int
    horizon: int
    shortest: int
    longest: int
    drift: float


KINDS = {
    "undated": Kind(1, 6, 12, 90, 1.0),
    "quarterly": Kind(4, 8, 16, 72, 0.5),
    "monthly": Kind(12, 18, 40, 140, 0.15),
    "weekly": Kind(52, 13, 120, 900, 0.05),
}


def series(kind: Kind, rng: np.random.Generator) -> FloatArray:
    """Return one series: history and the horizon after it."""
    length = int(np.exp(rng.uniform(np.log(kind.shortest), np.log(kind.longest)))) + kind.horizon
    noise = np.exp(rng.uniform(np.log(0.006), np.log(0.25)))
    path = _level(kind, length, rng) + _cycle(kind, length, rng) + _season(kind, length, rng) + _noise(length, rng)
    scale = np.exp(rng.uniform(3, 9))
    if rng.random() < 0.5:
        values = scale * np.exp(np.clip(noise * path, -6, 6))
    else:
        values = scale * (1 + noise * path)
        lowest = values.min()
        if lowest < 0.03 * scale:
            values = values - lowest + scale * rng.uniform(0.03, 0.5)
    if rng.random() < 0.5:
        values = np.maximum(np.round(values, 0 if scale > 100 else 1), 0.1)
    return np.asarray(values)


def _level(kind: Kind, length: int, rng: np.random.Generator) -> FloatArray:
    """Return a wandering level with a slope, in units of the noise."""
    wander = 0.0 if rng.random() < 0.15 else np.exp(rng.uniform(np.log(0.05), np.log(5.0)))
    drift = kind.drift * np.exp(rng.normal(0, 1.2)) * (1 if rng.random() < 0.85 else -1)
    if rng.random() < 0.2:
        drift = 0.0
    change = 0.0 if rng.random() < 0.4 else (abs(drift) + 0.3 * kind.drift) * np.exp(rng.uniform(np.log(0.02), np.log(0.6)))
    damping = 1.0 if rng.random() < 0.4 else rng.uniform(0.8, 0.99)
    breaks = rng.random(length) < (0.0 if rng.random() < 0.5 else 2.0 / length)
    shifts = rng.random(length) < (0.0 if rng.random() < 0.7 else 1.5 / length)
    level, slope = np.empty(length), drift
    position = 0.0
    for t in range(length):
        slope = drift + damping * (slope - drift) + change * rng.normal()
        if breaks[t]:
            drift = drift * rng.uniform(-0.7, 1.0)
            slope = drift
        position += slope + wander * rng.normal() + (shifts[t] * rng.normal(0, 5))
        level[t] = position
    return level


def _cycle(kind: Kind, length: int, rng: np.random.Generator) -> FloatArray:
    """Return a stochastic cycle of 3 to 9 years, often absent."""
    if rng.random() < 0.5:
        return np.zeros(length)
    period = rng.uniform(3, 9) * max(kind.season_length, 1)
    rho = 0.97 ** (1 / max(kind.season_length, 1)) if kind.season_length > 1 else 0.9
    angle = 2 * np.pi / period
    turn = rho * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    state = rng.normal(0, 1, 2)
    path = np.empty(length)
    shock = np.sqrt(1 - rho**2)
    for t in range(length):
        state = turn @ state + shock * rng.normal(0, 1, 2)
        path[t] = state[0]
    return np.asarray(path * np.exp(rng.uniform(np.log(0.3), np.log(5.0))))


def _season(kind: Kind, length: int, rng: np.random.Generator) -> FloatArray:
    """Return a season of random harmonics and single peaks, fixed or slowly moving; sometimes none."""
    m = kind.season_length
    if m == 1 or rng.random() < 0.2:
        return np.zeros(length)
    size = np.exp(rng.uniform(np.log(0.3), np.log(6.0)))
    phases = np.arange(m)
    shape = np.zeros(m)
    for k in range(1, min(m // 2, 6) + 1):
        shape += rng.normal() / k * np.cos(2 * np.pi * k * phases / m + rng.uniform(0, 6.3))
    shape += rng.normal(0, rng.uniform(0, 0.8), m)
    shape *= size / max(shape.std(), 1e-9)
    moving = 0.0 if rng.random() < 0.6 else np.exp(rng.uniform(np.log(0.02), np.log(0.4)))
    path = np.empty(length)
    for t in range(length):
        shape[t % m] += moving * rng.normal()
        path[t] = shape[t % m]
    return path


def _noise(length: int, rng: np.random.Generator) -> FloatArray:
    """Return noise of about unit size with the outliers of some series."""
    kind = rng.random()
    noise = rng.normal(0, 1, length) if kind < 0.6 else rng.standard_t(4, length) / np.sqrt(2)
    if rng.random() < 0.35:
        rho = rng.uniform(-0.4, 0.8)
        for t in range(1, length):
            noise[t] = rho * noise[t - 1] + np.sqrt(1 - rho**2) * noise[t]
    if rng.random() < 0.25:
        noise += (rng.random(length) < 0.02) * rng.normal(0, 6, length)
    return np.asarray(noise)
