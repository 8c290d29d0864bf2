"""
Compiled autoregressions with ridge penalty.

The change from the last value is regressed on how far earlier values lie from it, so that with all weights shrunk to 0 the
forecast is the last value; forecasts beyond the first step take earlier ones for observations. The penalty is in units of the
mean square of each regressor: Hoerl and Kennard, Technometrics 12 (1970), 55-67.
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]


@kernel()
def solve(matrix: FloatArray, right: FloatArray) -> None:
    """Solve a symmetric positive definite system in place by Cholesky factors; `right` becomes the solution."""
    size = right.size
    for j in range(size):
        for k in range(j):
            for i in range(j, size):
                matrix[i, j] -= matrix[i, k] * matrix[j, k]
        pivot = np.sqrt(max(matrix[j, j], 1e-300))
        for i in range(j, size):
            matrix[i, j] /= pivot
    for i in range(size):
        for k in range(i):
            right[i] -= matrix[i, k] * right[k]
        right[i] /= matrix[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            right[i] -= matrix[k, i] * right[k]
        right[i] /= matrix[i, i]


@kernel()
def _weights(data: FloatArray, lags: int, penalty: float, drift: bool) -> FloatArray:
    """Return the weights of the lags, and of the constant in the last place."""
    n = data.size
    size = lags + 1
    matrix, right, row = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for t in range(lags + 1, n):
        last = data[t - 1]
        for j in range(lags):
            row[j] = data[t - 2 - j] - last
        row[lags] = 1.0 if drift else 0.0
        target = data[t] - last
        for i in range(size):
            right[i] += row[i] * target
            for j in range(i + 1):
                matrix[i, j] += row[i] * row[j]
    used = max(n - lags - 1, 1)
    largest = 0.0
    for i in range(lags):
        largest = max(largest, matrix[i, i])
    for i in range(lags):
        matrix[i, i] += penalty * matrix[i, i] / used + 1e-12 * largest + 1e-300
    matrix[lags, lags] += 1e-6 if drift else 1.0
    solve(matrix, right)
    return right


@kernel()
def autoregression_path(data: FloatArray, lags: int, penalty: float, drift: bool, path: FloatArray) -> None:
    """Write iterated forecasts of an autoregression with at most so many lags; shape (H,)."""
    n = data.size
    order = min(lags, max((n - 2) // 3, 0))
    if order < 1:
        path[:] = data[n - 1]
        return
    weights = _weights(data, order, penalty, drift)
    recent = np.empty(order + 1)
    for k in range(order + 1):
        recent[k] = data[n - 1 - k]
    for h in range(path.size):
        forecast = recent[0] + weights[order]
        for j in range(order):
            forecast += weights[j] * (recent[j + 1] - recent[0])
        for k in range(order, 0, -1):
            recent[k] = recent[k - 1]
        recent[0] = forecast
        path[h] = forecast


@kernel()
def seasonal_autoregression_path(data: FloatArray, m: int, lags: int, penalty: float, path: FloatArray) -> None:
    """
    Write forecasts by an autoregression of the seasonal differences.

    Differences are regressed on earlier ones and a constant; at least two seasons are needed, else the last value is repeated.
    """
    n = data.size
    count = n - m
    order = min(lags, max((count - 2) // 3, 0))
    if order < 1:
        path[:] = data[n - 1]
        return
    size = order + 1
    matrix, right, row = np.zeros((size, size)), np.zeros(size), np.ones(size)
    for t in range(order, count):
        for j in range(order):
            row[j] = data[t - 1 - j + m] - data[t - 1 - j]
        target = data[t + m] - data[t]
        for i in range(size):
            right[i] += row[i] * target
            for j in range(i + 1):
                matrix[i, j] += row[i] * row[j]
    largest = 0.0
    for i in range(order):
        largest = max(largest, matrix[i, i])
    for i in range(order):
        matrix[i, i] += penalty * matrix[i, i] / max(count - order, 1) + 1e-12 * largest + 1e-300
    matrix[order, order] += 1e-6
    solve(matrix, right)
    extended = np.empty(n + path.size)
    extended[:n] = data
    for h in range(path.size):
        t = n + h
        forecast = extended[t - m] + right[order]
        for j in range(order):
            forecast += right[j] * (extended[t - 1 - j] - extended[t - 1 - j - m])
        extended[t] = forecast
        path[h] = forecast
