"""
The full recursion of exponential smoothing with an additive or multiplicative season, for given weights and initial states.

    additive         f = l + phi b + s,    e = y - f,        s += gamma e
    multiplicative   f = (l + phi b) s,    e = (y - f) / s,  s += gamma (y - f) / (l + phi b)
    both             l += phi b + alpha e, b = phi b + beta e

Holt (1957) and Winters (1960), in the error-correction form of Hyndman, Koehler, Ord and Snyder (2008), chapter 2.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.forecasting.windows import FloatArray

SMALLEST_FACTOR = 0.01
"""A seasonal factor below this makes the multiplicative form unusable for the window."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Smoothing weights and damping, arrays that broadcast to (W, G)."""

    alpha: FloatArray
    beta: FloatArray
    phi: FloatArray
    gamma: FloatArray


@dataclass(frozen=True, slots=True)
class States:
    """Level and trend (W, G), season (m, W, G) by phase, squared errors and log-factors (W, G), and where all was sound."""

    level: FloatArray
    trend: FloatArray
    season: FloatArray
    squares: FloatArray
    log_factors: FloatArray
    sound: npt.NDArray[np.bool_]


def smooth(
    values: FloatArray,
    active: list[int],
    weights: Weights,
    start: tuple[FloatArray, FloatArray, FloatArray],
    *,
    multiplicative: bool,
) -> States:
    """
    Run the recursion over every window.

    Parameters
    ----------
    values
        Observations, shape (T, W).
    active
        Running columns at every time.
    weights
        Arrays of shape (W, G).
    start
        Initial level (W, G), trend (W, G) and season (m, W, G); they are copied.
    multiplicative
        Whether the season multiplies the level.
    """
    level, trend, season = (np.array(part, dtype=np.float64) for part in start)
    squares, logs = np.zeros_like(level), np.zeros_like(level)
    sound = np.ones(level.shape, dtype=bool)
    period = season.shape[0]
    fixed = not np.any(weights.gamma)
    for time, k in enumerate(active):
        index = season[time % period, :k]
        slope = weights.phi[:k] * trend[:k]
        base = level[:k] + slope
        if multiplicative:
            sound[:k] &= (index > SMALLEST_FACTOR) & (base > 0)
            index = np.where(sound[:k], index, 1.0)
            error = values[time, :k, None] / index - base
            logs[:k] += np.log(index)
        else:
            error = values[time, :k, None] - base - index
        level[:k] = base + weights.alpha[:k] * error
        trend[:k] = slope + weights.beta[:k] * error
        squares[:k] += error * error
        if not fixed:
            moved = error * index / np.where(sound[:k], base, 1.0) if multiplicative else error
            season[time % period, :k] += weights.gamma[:k] * moved
    return States(level, trend, season, squares, logs, sound)
