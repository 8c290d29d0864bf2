"""
Seasonal indices by classical decomposition, shrunk towards no season.

Indices are means of the deviations from a centred moving average, recent years counting more (half-life three seasons).
Shrinkage replaces a yes/no test: every index is multiplied by 1 - W with W = V / T, V the mean sampling variance of the
indices and T their mean square (James-Stein; Miller and Williams, International Journal of Forecasting 19, 2003, 669-684).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.forecasting.windows import Windows

FloatArray = npt.NDArray[np.float64]

HALF_LIFE = 3.0
"""Seasons after which an observation counts half."""

UNKNOWN_SHRINKAGE = 0.5
"""Used when a phase is seen only once, so that its sampling variance cannot be estimated."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    Seasonal indices of every window.

    `additive` has shape (m, W) and sums to 0 over each column; `factors` (m, W) has geometric mean 1 and is 1 where the
    series is not positive; `positive` (W,) says where factors exist; `kept_*` (W,) is 1 - W, the share of the raw indices
    kept.
    """

    additive: FloatArray
    factors: FloatArray
    positive: npt.NDArray[np.bool_]
    kept_additive: FloatArray
    kept_factors: FloatArray


def seasonal_profile(windows: Windows, season_length: int) -> Profile:
    """Return shrunk indices; no season (0 and 1) for windows shorter than two seasons."""
    mask = windows.mask()
    positive = np.where(mask, windows.values, 1.0).min(axis=0) > 0
    additive, kept = _indices(windows.values, windows, season_length)
    logs = np.log(np.where(mask & positive, windows.values, 1.0))
    exponents, kept_factors = _indices(logs, windows, season_length)
    return Profile(additive, np.exp(exponents), positive, kept, np.where(positive, kept_factors, 0.0))


def unseasonal_profile(windows: Windows, season_length: int) -> Profile:
    """Return indices without effect, for methods that use none."""
    count = windows.lengths.size
    none = np.zeros((season_length, count))
    return Profile(none, np.ones_like(none), np.zeros(count, dtype=bool), np.zeros(count), np.zeros(count))


def repeat(indices: FloatArray, count: int) -> FloatArray:
    """Return indices of shape (m, W) repeated along time to shape (count, W)."""
    return np.tile(indices, (-(-count // indices.shape[0]), 1))[:count]


def _indices(values: FloatArray, windows: Windows, m: int) -> tuple[FloatArray, FloatArray]:
    """Return shrunk additive indices (m, W) and the share kept (W,)."""
    total, count = values.shape
    deviations, valid = _detrended(values, windows, m)
    ages = (windows.lengths - 1 - np.arange(total)[:, None]) / m
    weights = np.where(valid, 0.5 ** np.clip(ages / HALF_LIFE, 0, 60), 0.0)
    seasons = -(-total // m)
    folded = np.zeros((2, seasons * m, count))
    folded[0, :total], folded[1, :total] = deviations, weights
    dev, wgt = folded.reshape(2, seasons, m, count)
    sums = wgt.sum(axis=0)
    usable = (sums > 0).all(axis=0)
    safe = np.where(sums > 0, sums, 1.0)
    raw = (wgt * dev).sum(axis=0) / safe
    number = safe**2 / np.where(sums > 0, (wgt**2).sum(axis=0), 1.0)
    spread = (wgt * (dev - raw) ** 2).sum(axis=0) / safe
    centred = raw - raw.mean(axis=0)
    several = (number > 1 + 1e-9).all(axis=0)
    variance = (spread / np.maximum(number - 1, 1e-9)).mean(axis=0)
    size = (centred**2).sum(axis=0) / max(m - 1, 1)
    shrinkage = np.where(several, variance / np.where(size > 0, size, 1.0), UNKNOWN_SHRINKAGE)
    kept = np.where(usable & (size > 0), 1 - np.clip(shrinkage, 0.0, 1.0), 0.0)
    return centred * kept, kept


def _detrended(values: FloatArray, windows: Windows, m: int) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """
    Return deviations from the centred moving average, and where they exist: both (T, W), 0 elsewhere.

    The average does not reach the first and last half season. Windows of less than three seasons would then show every phase
    about once; there it is extended along its mean slope, so that every phase is seen twice.
    """
    total, count = values.shape
    half = m // 2
    if m < 2 or total < 2 * m:
        return np.zeros((total, count)), np.zeros((total, count), dtype=bool)
    trend = _moving_average(values, m)
    times = np.arange(total)[:, None]
    last = windows.lengths - 1 - half
    inside = (times >= half) & (times <= last)
    short = (windows.lengths >= 2 * m) & (windows.lengths < 3 * m)
    columns = np.flatnonzero(short)
    first, final = trend[half, columns], trend[last[columns], columns]
    slope = (final - first) / np.maximum(last[columns] - half, 1)
    before = np.minimum(times - half, 0) * slope + first
    after = np.maximum(times - last[columns], 0) * slope + final
    trend[:, columns] = np.where(times < half, before, np.where(times > last[columns], after, trend[:, columns]))
    valid = (inside & (windows.lengths >= 3 * m)) | (short & (times < windows.lengths))
    return np.where(valid, values - trend, 0.0), valid


def _moving_average(values: FloatArray, m: int) -> FloatArray:
    """Return the centred moving average over one season, shape (T, W); 0 in the first and last half season of the table."""
    total, count = values.shape
    origin = values[0]
    sums = np.vstack([np.zeros((1, count)), np.cumsum(values - origin, axis=0)])
    means = (sums[m:] - sums[:-m]) / m + origin
    centred = (means[:-1] + means[1:]) / 2 if m % 2 == 0 else means
    trend = np.zeros((total, count))
    trend[m // 2 : m // 2 + centred.shape[0]] = centred
    return trend
