"""Compiled robust trends: the median of all pairwise slopes (Theil 1950; Sen, JASA 63, 1968, 1379-1389)."""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]

LONGEST = 120
"""Slopes are taken between this many of the latest observations."""

DAMPING = 0.9


@kernel()
def theil_sen(data: FloatArray) -> float:
    """Return the median slope per step of the latest observations."""
    n = min(data.size, LONGEST)
    if n < 2:
        return 0.0
    slopes = np.empty(n * (n - 1) // 2)
    first = data.size - n
    k = 0
    for i in range(first, data.size):
        for j in range(i + 1, data.size):
            slopes[k] = (data[j] - data[i]) / (j - i)
            k += 1
    return np.median(slopes)


@kernel()
def damped_path(data: FloatArray, slope: float, path: FloatArray) -> None:
    """Write the last value plus the slope, damped by 0.9 a step."""
    step, value = slope, data[data.size - 1]
    for h in range(path.size):
        step *= DAMPING
        value += step
        path[h] = value


@kernel()
def robust_path(data: FloatArray, slope: float, path: FloatArray) -> None:
    """Write the line with the median slope through the median of the last three residuals."""
    n = data.size
    recent = np.empty(min(3, n))
    for k in range(recent.size):
        recent[k] = data[n - 1 - k] + slope * k
    level = np.median(recent)
    for h in range(path.size):
        path[h] = level + slope * (h + 1)
