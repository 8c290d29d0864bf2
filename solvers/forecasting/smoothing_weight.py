"""The weight with which simple exponential smoothing follows a series best."""

import numpy as np

from solvers.forecasting.covariate_kernels import filtered_moments
from solvers.forecasting.windows import FloatArray

WEIGHTS = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def smoothing_weight(values: FloatArray) -> float:
    """Return the weight with which simple exponential smoothing of a series (n,) misses least, one step ahead."""
    if values.size < 3:
        return 1.0
    squares = filtered_moments(np.ascontiguousarray(values[:, None] - values[0]), WEIGHTS)[:, 0, 0]
    return float(WEIGHTS[int(np.argmin(squares))])
