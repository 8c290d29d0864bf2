"""
Compiled regression on a few telling lags, for series with a short and a long season (a day and a week).

Regressors are the last three values, whole short seasons back to the long one, one step beyond each season, and two long
seasons. Ridge pulls the weights not to 0 but to a sensible forecast: a fifth of the last value, two fifths of the value one
short season ago and two fifths of that one long season ago. Ridge towards a prior mean: Swindel, Communications in Statistics -
Theory and Methods 5 (1976), 1065-1075.
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel, warm_up
from solvers.forecasting.autoregression_kernels import solve

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PENALTY = 30.0
"""Strength of the pull in observations."""

LARGEST_RATIO = 10.0
"""No forecast exceeds this many times the largest observation used."""

MOST_LAGS = 32
SHORT_MULTIPLES = 4
"""Short seasons looked back where there is no long one."""

LAST, SHORT, LONG = 0.2, 0.4, 0.4


@kernel()
def telling_lags(n: int, short: int, long: int) -> tuple[IntArray, FloatArray]:
    """Return lags and the weights they are pulled to; `long` is 0 without a long season."""
    lags, prior = np.zeros(MOST_LAGS, dtype=np.int64), np.zeros(MOST_LAGS)
    count = 0
    for lag in range(1, min(4, short)):
        lags[count] = lag
        prior[count] = LAST if lag == 1 else 0.0
        count += 1
    multiples = SHORT_MULTIPLES if long == 0 else min((long - 1) // short, 8)
    for k in range(1, multiples + 1):
        lags[count] = k * short
        if long == 0:
            prior[count] = (SHORT + LONG) / multiples
        elif k == 1:
            prior[count] = SHORT
        count += 1
    lags[count] = short + 1
    count += 1
    if long > 0:
        lags[count], prior[count] = long, LONG
        lags[count + 1] = long + 1
        count += 2
        if n >= 3 * long:
            lags[count] = 2 * long
            count += 1
    return lags[:count], prior[:count]


@kernel()
def lag_path(data: FloatArray, short: int, long: int, path: FloatArray) -> None:
    """Write iterated forecasts (H,) of the regression on telling lags; the last value where the history is too short."""
    n = data.size
    lags, prior = telling_lags(n, short, long)
    size, deepest = lags.size, lags.max()
    if n < deepest + 2 * size:
        path[:] = data[n - 1]
        return
    centre = data.mean()
    extended = np.empty(n + path.size)
    extended[:n] = data - centre
    matrix, right, row = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for t in range(deepest, n):
        expected = 0.0
        for j in range(size):
            row[j] = extended[t - lags[j]]
            expected += prior[j] * row[j]
        target = extended[t] - expected
        for i in range(size):
            right[i] += row[i] * target
            for j in range(i + 1):
                matrix[i, j] += row[i] * row[j]
    largest = 0.0
    for i in range(size):
        largest = max(largest, matrix[i, i])
    for i in range(size):
        matrix[i, i] += PENALTY * matrix[i, i] / (n - deepest) + 1e-12 * largest + 1e-300
    solve(matrix, right)
    for h in range(path.size):
        t = n + h
        value = 0.0
        for j in range(size):
            value += (prior[j] + right[j]) * extended[t - lags[j]]
        extended[t] = value
        path[h] = value + centre


@kernel("void(float64[::1],int64[::1],int64[::1],int64,int64,float64[:,:,::1])")
def lag_batch(values: FloatArray, starts: IntArray, lengths: IntArray, short: int, long: int, paths: FloatArray) -> None:
    """
    Forecast W windows of one long array of observations on values and on logarithms: `paths` (W, 2, H).

    Windows that are not positive have the same forecast twice. `starts` and `lengths` (W,) say where a window lies.
    """
    for w in range(starts.size):
        window = values[starts[w] : starts[w] + lengths[w]]
        largest = np.abs(window).max()
        cap = LARGEST_RATIO * largest
        lag_path(window, short, long, paths[w, 0])
        positive = window.min() > 1e-9 * largest
        if positive:
            lag_path(np.log(window), short, long, paths[w, 1])
        for h in range(paths.shape[2]):
            if positive:
                paths[w, 1, h] = np.exp(min(paths[w, 1, h], np.log(cap)))
            paths[w, 0, h] = min(max(paths[w, 0, h], -cap), cap)
            if not positive:
                paths[w, 1, h] = paths[w, 0, h]


@warm_up
def _once() -> None:
    values, place = np.arange(1.0, 40.0), np.zeros(1, dtype=np.int64)
    lag_batch(values, place, place + 39, 2, 4, np.empty((1, 2, 2)))
