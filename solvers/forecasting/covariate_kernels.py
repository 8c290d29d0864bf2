"""Compiled moments of a regression whose errors follow simple exponential smoothing, for a grid of smoothing weights."""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]


@kernel("float64[:,:,::1](float64[:,::1], float64[::1])")
def filtered_moments(columns: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Return, for every smoothing weight, the products of the one-step errors of the columns, shape (A, q, q).

    Every column (of `columns`, shape (n, q)) is smoothed from its best initial level, so that the errors are those that are
    left when a level is fitted to each combination of columns.
    """
    n, q = columns.shape
    moments = np.zeros((weights.size, q, q))
    errors, level = np.empty(q), np.empty(q)
    with_start = np.empty(q)
    for a in range(weights.size):
        alpha = weights[a]
        start, squares = 1.0, 0.0
        level[:] = 0.0
        with_start[:] = 0.0
        for t in range(n):
            for i in range(q):
                errors[i] = columns[t, i] - level[i]
                level[i] += alpha * errors[i]
                with_start[i] += start * errors[i]
            for i in range(q):
                for j in range(i, q):
                    moments[a, i, j] += errors[i] * errors[j]
            squares += start * start
            start *= 1.0 - alpha
        for i in range(q):
            for j in range(i, q):
                moments[a, i, j] -= with_start[i] * with_start[j] / squares
                moments[a, j, i] = moments[a, i, j]
    return moments
