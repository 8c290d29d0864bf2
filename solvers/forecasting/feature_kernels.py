"""Compiled features of a series that tell which members suit it: length, trend, noise, season, recent change."""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]

FEATURES = 8
"""log n, R2 of the line, autocorrelation of changes, share of the season, drift / noise, last jump, log noise, recent drift."""


@kernel()
def features(
    logs: FloatArray, source: FloatArray, indices: FloatArray, positive: bool, largest: float, out: FloatArray
) -> None:
    """
    Write the features, each roughly between -3 and 3.

    `logs` (n,) are seasonally adjusted logarithms (values over the largest where the series is not positive).
    """
    n = logs.size
    scale = 1.0 if positive or largest <= 0 else largest
    changes = np.empty(max(n - 1, 1))
    changes[0] = 0.0
    for t in range(n - 1):
        changes[t] = (logs[t + 1] - logs[t]) / scale
    drift = changes.mean()
    noise = np.abs(changes - drift).mean() + 1e-9
    squares, products = 1e-18, 0.0
    for t in range(n - 1):
        squares += (changes[t] - drift) ** 2
        if t > 0:
            products += (changes[t] - drift) * (changes[t - 1] - drift)
    middle, mean = (n - 1) / 2, logs.mean()
    cross, spread, total = 0.0, 1e-9, 1e-18
    for t in range(n):
        cross += (t - middle) * (logs[t] - mean)
        spread += (t - middle) ** 2
        total += (logs[t] - mean) ** 2
    season = (indices * indices).mean()
    recent = 0.0
    back = min(max(n // 5, 2), n - 1)
    if back > 0:
        recent = (logs[n - 1] - logs[n - 1 - back]) / scale / back
    out[0] = min(np.log(n / 30.0), 3.0)
    out[1] = cross * cross / spread / total
    out[2] = products / squares
    out[3] = season / (season + source.var() + 1e-18)
    out[4] = min(max(drift / noise, -2.0), 2.0)
    out[5] = min(max((changes[changes.size - 1] - drift) / noise / 3.0, -2.0), 2.0)
    out[6] = min(max(np.log(noise) / 2.0 + 1.5, -3.0), 3.0)
    out[7] = min(max((recent - drift) / noise, -2.0), 2.0)
