"""
Compiled seasonal indices of one series: classical decomposition, recent seasons counting more, shrunk towards no season.

The same definition as `solvers.forecasting.seasonality`, for one series at a time. Shrinkage instead of a test: the indices are
multiplied by 1 - V / T, V their mean sampling variance and T their mean square (James-Stein; Miller and Williams,
International Journal of Forecasting 19, 2003, 669-684).
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]

HALF_LIFE = 3.0
"""Seasons after which an observation counts half."""

UNKNOWN_SHRINKAGE = 0.5
"""Used when a phase is seen only once, so that its sampling variance cannot be estimated."""


@kernel()
def moving_average(values: FloatArray, m: int) -> FloatArray:
    """Return the centred moving average over one season, shape (n,); its ends continue along its mean slope."""
    n = values.size
    half = m // 2
    trend = np.empty(n)
    total = 0.0
    for k in range(m):
        total += values[k] - values[0]
    last = n - 1 - half
    for centre in range(half, last + 1):
        end = centre + (m - 1 - half)
        if centre > half:
            total += values[end] - values[end - m]
        trend[centre] = total / m + values[0]
        if m % 2 == 0:
            trend[centre] += (values[end + 1] - values[end + 1 - m]) / (2 * m)
    slope = (trend[last] - trend[half]) / max(last - half, 1)
    for k in range(half):
        trend[k] = trend[half] + slope * (k - half)
        trend[n - 1 - k] = trend[last] + slope * (half - k)
    return trend


@kernel()
def seasonal_indices(values: FloatArray, m: int, indices: FloatArray) -> float:
    """
    Write additive indices that sum to 0, shape (m,), and return the share that shrinkage kept.

    Index p belongs to observations p, p + m, ...; all are 0 for less than two seasons.
    """
    n = values.size
    indices[:] = 0.0
    if m < 2 or n < 2 * m:
        return 0.0
    trend = moving_average(values, m)
    first, last = 0, n
    if n >= 3 * m:
        first, last = m // 2, n - m // 2
    weight, square, spread = np.zeros(m), np.zeros(m), np.zeros(m)
    for t in range(first, last):
        w = 0.5 ** min((n - 1 - t) / m / HALF_LIFE, 60.0)
        weight[t % m] += w
        square[t % m] += w * w
        indices[t % m] += w * (values[t] - trend[t])
    several = True
    for p in range(m):
        if weight[p] <= 0.0:
            indices[:] = 0.0
            return 0.0
        indices[p] /= weight[p]
        several = several and weight[p] * weight[p] / square[p] > 1 + 1e-9
    for t in range(first, last):
        w = 0.5 ** min((n - 1 - t) / m / HALF_LIFE, 60.0)
        spread[t % m] += w * (values[t] - trend[t] - indices[t % m]) ** 2
    return _shrink(indices, weight, square, spread, several)


@kernel()
def _shrink(indices: FloatArray, weight: FloatArray, square: FloatArray, spread: FloatArray, several: bool) -> float:
    """Centre and shrink raw indices in place; return the share kept."""
    m = indices.size
    mean = indices.mean()
    size, variance = 0.0, 0.0
    for p in range(m):
        indices[p] -= mean
        size += indices[p] * indices[p]
        number = weight[p] * weight[p] / square[p]
        variance += spread[p] / weight[p] / max(number - 1, 1e-9)
    size /= m - 1
    variance /= m
    if size <= 0.0:
        return 0.0
    shrinkage = min(variance / size, 1.0) if several else UNKNOWN_SHRINKAGE
    kept = 1.0 - shrinkage
    for p in range(m):
        indices[p] *= kept
    return kept
