"""
A second pool for series with two seasons, such as a day and a week: every member again with the long one, and lag regressions.

Where the long season is a whole number of short ones, the members of the second pool take it for their season. Otherwise (a
week and a year of 365.25 days) a smooth wave of the long season is taken out first, and the short one is theirs as before.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from solvers.forecasting.lag_kernels import lag_batch
from solvers.forecasting.pool import MEMBERS, Pool
from solvers.forecasting.pool_kernels import DIFFERENCE

FloatArray = npt.NDArray[np.float64]

PREFIX = "two_seasons_"
TWO_SEASON_MEMBERS = (*MEMBERS, *(PREFIX + name for name in MEMBERS), "lag_regression", "lag_regression_log")
"""Names of the members of both pools."""

HARMONICS = 3
"""Pairs of waves of a long season that is not a whole number of short ones."""

WAVE_PENALTY = 0.25
"""Ridge penalty of the waves, in long seasons of observations."""


def has_two_seasons(length: int, long_season: float | None, *, horizon: int) -> bool:
    """Tell whether two long seasons lie before the latest cutoff of the backtest."""
    return long_season is not None and length - max(1, min(horizon, length // 3)) >= 2 * long_season


def two_season_pool(
    windows: Sequence[FloatArray], *, season_length: int, long_season: float, horizon: int, threads: int
) -> Pool:
    """Return the forecasts of all members with the short season, then with both, then of the lag regressions."""
    short = Pool.of(windows, season_length=season_length, horizon=horizon, threads=threads)
    if long_season % season_length == 0:
        whole = int(long_season)
        long = Pool.of(windows, season_length=whole, horizon=horizon, threads=threads)
        lagged = _lag_paths(windows, season_length, whole, horizon)
    else:
        waves = [_wave(values, long_season, horizon) for values in windows]
        bases = [_without(values, wave[: values.size]) for values, wave in zip(windows, waves, strict=True)]
        ahead = np.array([wave[values.size :] for values, wave in zip(windows, waves, strict=True)])
        positive = np.array([_positive(values) for values in windows])[:, None]
        factors, offsets = np.exp(np.where(positive, ahead, 0.0)), np.where(positive, 0.0, ahead)
        base = Pool.of(bases, season_length=season_length, horizon=horizon, threads=threads)
        long = replace(base, paths=base.paths * factors[:, None] + offsets[:, None], season=base.season + ahead)
        lagged = _lag_paths(bases, season_length, 0, horizon) * factors[:, None] + offsets[:, None]
    facts = long.facts.copy()
    facts[:, DIFFERENCE] = short.facts[:, DIFFERENCE]
    return Pool(np.concatenate([short.paths, long.paths, lagged], axis=1), long.season, facts, short.features)


def _lag_paths(windows: Sequence[FloatArray], short: int, long: int, horizon: int) -> FloatArray:
    lengths = np.array([window.size for window in windows], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    paths = np.empty((lengths.size, 2, horizon))
    lag_batch(np.concatenate(windows).astype(np.float64), starts, lengths, short, long, paths)
    return paths


def _positive(values: FloatArray) -> bool:
    return bool(values.min() > 1e-9 * np.abs(values).max())


def _without(values: FloatArray, wave: FloatArray) -> FloatArray:
    """Return the window with its long season taken out."""
    return np.asarray(values * np.exp(-wave)) if _positive(values) else values - wave


def _wave(values: FloatArray, period: float, horizon: int) -> FloatArray:
    """
    Return the long season of a window and of the steps after it, shape (n + H,): waves about a line, drawn to 0 by ridge.

    It is added to the logarithms of positive windows, to the values of others.
    """
    n = values.size
    source = np.log(values) if _positive(values) else values
    times = np.arange(n + horizon)
    angles = 2 * np.pi * np.outer(times, np.arange(1, HARMONICS + 1)) / period
    table = np.column_stack([np.ones(times.size), times / period, np.sin(angles), np.cos(angles)])
    penalty = np.diag([0.0, 0.0, *[WAVE_PENALTY * period / 2] * (2 * HARMONICS)])
    past = table[:n]
    weights = np.linalg.solve(past.T @ past + penalty, past.T @ (source - source.mean()))
    return np.asarray(table[:, 2:] @ weights[2:])
