"""
Mean of the history, for intermittent demand.

A series counts as intermittent when it is never negative and its mean interval between demands exceeds 1.32 periods
(Syntetos, Boylan and Croston, Journal of the Operational Research Society 56, 2005, 495-503). Absolute errors would reward a
forecast of zero there, so no method is chosen by MASE: the mean demand per period is forecast, and quantiles are those of the
history itself.
"""

import numpy as np

from models.forecasting import MethodFit
from solvers.forecasting.fit import described
from solvers.forecasting.windows import FloatArray

LONGEST_REGULAR_INTERVAL = 1.32


def is_intermittent(values: FloatArray) -> bool:
    """Tell whether demand is never negative and more than 1.32 periods apart on average."""
    demands = int(np.count_nonzero(values))
    return bool(values.min() >= 0) and values.size > LONGEST_REGULAR_INTERVAL * demands


def empirical_quantiles(values: FloatArray, probabilities: list[float]) -> list[float]:
    """Return the smallest observation with at least the given share at or below it, for every probability."""
    if not probabilities:
        return []
    quantiles = np.quantile(values, probabilities, method="inverted_cdf")
    return [float(quantile) for quantile in quantiles]


def historical_mean(values: FloatArray) -> tuple[float, MethodFit]:
    """Return the mean and its description."""
    mean = float(values.mean())
    spread = float(values.std())
    return mean, described(observations=values.size, season_length=1, residual_scale=spread, initial_level=mean)
