"""
Seasonal naive forecast: the value one season ago, or the last value where there is no season or less than one season.

It is the yardstick of the backtest: a method that does not beat it adds no value.
"""

import numpy as np

from models.forecasting import MethodFit
from solvers.forecasting.fit import Fit, described
from solvers.forecasting.seasonality import Profile
from solvers.forecasting.windows import FloatArray, Windows


def seasonal_naive(windows: Windows, profile: Profile, *, season_length: int, horizon: int) -> Fit:
    """Forecast y[n + h - m] (repeated season by season), with m = 1 for windows shorter than one season."""
    del profile
    lengths = windows.lengths
    lag = np.where(lengths >= season_length, season_length, 1)
    steps = np.arange(horizon)
    rows = (lengths - lag)[:, None] + steps % lag[:, None]
    mean = windows.values[rows, np.arange(lengths.size)[:, None]]
    level = np.empty_like(mean)
    scale = np.zeros(lengths.size)
    for distinct in sorted(set(lag.tolist())):
        chosen = lag == distinct
        last = (lengths[chosen] - distinct)[:, None] + np.arange(distinct)
        level[chosen] = windows.values[last, np.flatnonzero(chosen)[:, None]].mean(axis=1, keepdims=True)
        scale[chosen] = _difference_scale(windows, distinct)[chosen]
    growth = np.sqrt(1.0 + steps // lag[:, None])

    def describe(column: int) -> MethodFit:
        return described(observations=int(lengths[column]), season_length=int(lag[column]), residual_scale=float(scale[column]))

    usable = np.ones(lengths.size, dtype=bool)
    return Fit(level, np.zeros_like(mean), mean - level, scale, growth, usable, np.full(lengths.size, np.nan), describe)


def _difference_scale(windows: Windows, lag: int) -> FloatArray:
    """Return the root mean squared difference at a lag, shape (W,); 0 where there is none."""
    values = windows.values
    if values.shape[0] <= lag:
        return np.zeros(values.shape[1])
    inside = windows.mask()[lag:]
    squares = np.where(inside, values[lag:] - values[:-lag], 0.0) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=0) / np.maximum(inside.sum(axis=0), 1)))
