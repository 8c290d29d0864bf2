"""
Compiled pool of forecasting methods ("members"), all of them on one series after the other.

A positive series is divided by seasonal factors and its members work on values or on logarithms; any other series has additive
indices subtracted, and the members on logarithms work on values. No forecast exceeds ten times the largest observation, so
that no exponential explodes.
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel, warm_up
from solvers.forecasting.autoregression_kernels import autoregression_path, seasonal_autoregression_path
from solvers.forecasting.feature_kernels import FEATURES, features
from solvers.forecasting.seasonal_kernels import seasonal_indices
from solvers.forecasting.smoothing_kernels import PLAIN, POINTS, ROWS, SEASONAL, average_path, fit_grid, response_tables
from solvers.forecasting.theta_kernels import theta_path
from solvers.forecasting.trend_kernels import damped_path, robust_path, theil_sen

FloatArray = npt.NDArray[np.float64]

MEMBERS = (
    "theta",
    "theta_log",
    "theta_static_log",
    "smoothing",
    "smoothing_log",
    "holt_log",
    "aggregated_smoothing",
    "aggregated_smoothing_log",
    "aggregated_theta_log",
    "seasonal_smoothing",
    "seasonal_smoothing_log",
    "autoregression_log",
    "short_autoregression_log",
    "robust_trend",
    "robust_trend_log",
    "seasonal_naive",
)
"""Names of the members, in the order of the numbers below."""

(
    THETA,
    THETA_LOG,
    THETA_STATIC_LOG,
    SMOOTHING,
    SMOOTHING_LOG,
    HOLT_LOG,
    AGGREGATED,
    AGGREGATED_LOG,
    AGGREGATED_THETA_LOG,
    SEASONAL_SMOOTHING,
    SEASONAL_SMOOTHING_LOG,
    AUTOREGRESSION_LOG,
    SHORT_AUTOREGRESSION_LOG,
    ROBUST_TREND,
    ROBUST_TREND_LOG,
    SEASONAL_NAIVE,
) = range(16)
COUNT = 16

LARGEST_RATIO = 10.0
"""No forecast exceeds this many times the largest observation used."""

MOST_LAGS = 53
"""Lags of the autoregression at most: its cost grows with their square."""

SHORTEST_AGGREGATE = 6
"""Blocks that a temporal aggregation must leave."""

PENALTY = 40.0
LIGHT_PENALTY = 5.0
"""Ridge penalty of the autoregressions with and without a season."""

LEVEL, POSITIVE, KEPT, NOISE, RECENT_NOISE, DIFFERENCE = range(6)
FACTS = 6
"""Smoothed level, 1 for a positive window, share of the season kept; mean absolute changes of the adjusted series, all and
recent, and over one season."""


@kernel()
def _smoothing_paths(
    data: FloatArray,
    tables: FloatArray,
    state: FloatArray,
    wanted: npt.NDArray[np.bool_],
    first: int,
    holt: int,
    paths: FloatArray,
) -> float:
    """Write the averaged smoothing forecasts (all forms; Holt alone where `holt` is a member); return the level."""
    centre = data.mean()
    none = np.empty((0, POINTS))
    fit_grid(data - centre, PLAIN, tables, none, state)
    level = average_path(state, none, data.size, 0.0, 1.0, paths[first])
    paths[first] += centre
    if holt >= 0 and wanted[holt]:
        average_path(state, none, data.size, 1.0, 1.0, paths[holt])
        paths[holt] += centre
    return float(level + centre)


@kernel()
def _block_levels(m: int, n: int) -> npt.NDArray[np.int64]:
    """Return the block lengths of temporal aggregation."""
    if m == 1:
        candidates = np.array([1, 2])
    elif m < 8:
        candidates = np.array([1, 2, 4])
    elif m < 24:
        candidates = np.array([1, 2, 3, 4, 6, 12])
    else:
        candidates = np.array([1, 2, 4, 8, 13])
    return candidates[n // candidates >= SHORTEST_AGGREGATE]


@kernel()
def _aggregated_path(
    data: FloatArray, m: int, tables: FloatArray, state: FloatArray, smoothing: bool, path: FloatArray
) -> None:
    """Write the mean over block lengths of forecasts of block means, read off linearly between the middles of blocks."""
    n = data.size
    levels = _block_levels(m, n)
    path[:] = 0.0
    none = np.empty((0, POINTS))
    for size in levels:
        count = n // size
        blocks = np.empty(count)
        for k in range(count):
            start = n - (count - k) * size
            blocks[k] = data[start : start + size].mean()
        ahead = np.empty(path.size // size + 3)
        if smoothing:
            centre = blocks.mean()
            fit_grid(blocks - centre, PLAIN, tables, none, state)
            average_path(state, none, count, 0.0, 1.0, ahead)
            ahead += centre
        else:
            theta_path(blocks, True, ahead)
            ahead += blocks[0]
        for h in range(path.size):
            place = (h + 1 - (size + 1) / 2) / size
            left = int(np.floor(place))
            share = place - left
            before = ahead[left] if left >= 0 else 2 * ahead[0] - ahead[1]
            path[h] += (1 - share) * before + share * ahead[left + 1]
    for h in range(path.size):
        path[h] = path[h] / levels.size if levels.size > 0 else np.nan


@kernel()
def _seasonal_smoothing_path(
    values: FloatArray, m: int, tables: FloatArray, state: FloatArray, phi_to: float, path: FloatArray
) -> None:
    """Write the averaged forecasts of smoothing with a season that moves, started from the shrunk indices."""
    n = values.size
    indices = np.zeros(m)
    seasonal_indices(values, m, indices)
    centre = values.mean()
    data = np.empty(n)
    for t in range(n):
        data[t] = values[t] - centre - indices[t % m]
    season = np.zeros((m, POINTS))
    fit_grid(data, SEASONAL, tables, season, state)
    average_path(state, season, n, 0.0, phi_to, path)
    for h in range(path.size):
        path[h] += centre + indices[(n + h) % m]


@kernel()
def _adjusted_members(
    plain: FloatArray,
    logs: FloatArray,
    m: int,
    tables: FloatArray,
    state: FloatArray,
    wanted: npt.NDArray[np.bool_],
    paths: FloatArray,
) -> float:
    """Write the members that work on seasonally adjusted values (`plain`) or their logarithms; return the smoothed level."""
    if wanted[THETA]:
        theta_path(plain, True, paths[THETA])
        paths[THETA] += plain[0]
    if wanted[THETA_LOG]:
        theta_path(logs, True, paths[THETA_LOG])
        paths[THETA_LOG] += logs[0]
    if wanted[THETA_STATIC_LOG]:
        theta_path(logs, False, paths[THETA_STATIC_LOG])
        paths[THETA_STATIC_LOG] += logs[0]
    level = _smoothing_paths(plain, tables, state, wanted, SMOOTHING, -1, paths)
    if wanted[SMOOTHING_LOG] or wanted[HOLT_LOG]:
        _smoothing_paths(logs, tables, state, wanted, SMOOTHING_LOG, HOLT_LOG, paths)
    if wanted[AGGREGATED]:
        _aggregated_path(plain, m, tables, state, True, paths[AGGREGATED])
    if wanted[AGGREGATED_LOG]:
        _aggregated_path(logs, m, tables, state, True, paths[AGGREGATED_LOG])
    if wanted[AGGREGATED_THETA_LOG]:
        _aggregated_path(logs, m, tables, state, False, paths[AGGREGATED_THETA_LOG])
    if wanted[AUTOREGRESSION_LOG]:
        lags, penalty = (5, LIGHT_PENALTY) if m == 1 else (min(m + 1, MOST_LAGS), PENALTY)
        autoregression_path(logs, lags, penalty, False, paths[AUTOREGRESSION_LOG])
    if wanted[ROBUST_TREND]:
        damped_path(plain, theil_sen(plain), paths[ROBUST_TREND])
    if wanted[ROBUST_TREND_LOG]:
        robust_path(logs, theil_sen(logs), paths[ROBUST_TREND_LOG])
    return level


@kernel()
def _is_logarithmic(member: int) -> bool:
    return member in (
        THETA_LOG,
        THETA_STATIC_LOG,
        SMOOTHING_LOG,
        HOLT_LOG,
        AGGREGATED_LOG,
        AGGREGATED_THETA_LOG,
        AUTOREGRESSION_LOG,
        ROBUST_TREND_LOG,
    )


@kernel()
def _restore_season(
    paths: FloatArray, season: FloatArray, wanted: npt.NDArray[np.bool_], positive: bool, largest: float
) -> None:
    """Turn forecasts of adjusted values or logarithms into forecasts of the series, within the cap."""
    cap = LARGEST_RATIO * largest
    for member in range(COUNT):
        whole = member in (SEASONAL_SMOOTHING, SEASONAL_NAIVE)
        on_logs = member in (SEASONAL_SMOOTHING_LOG, SHORT_AUTOREGRESSION_LOG)
        for h in range(season.size):
            value = paths[member, h]
            if not wanted[member]:
                value = np.nan
            elif positive and (on_logs or _is_logarithmic(member)):
                value = np.exp(min(value + (0.0 if on_logs else season[h]), np.log(cap) + 1))
            elif not (whole or on_logs):
                value = value * np.exp(season[h]) if positive else value + season[h]
            paths[member, h] = min(max(value, -cap), cap) if np.isfinite(value) else np.nan


@kernel()
def _mean_change(values: FloatArray, lag: int, latest: int) -> float:
    """Return the mean absolute change over a lag among so many of the latest values; 0 when there is none."""
    n = values.size
    first = max(lag, n - latest + lag)
    total = 0.0
    for t in range(first, n):
        total += abs(values[t] - values[t - lag])
    return total / max(n - first, 1)


@kernel()
def forecast_series(
    values: FloatArray,
    m: int,
    plain_tables: FloatArray,
    seasonal_tables: FloatArray,
    wanted: npt.NDArray[np.bool_],
    state: FloatArray,
    paths: FloatArray,
    season: FloatArray,
    facts: FloatArray,
) -> None:
    """Write the forecasts of every wanted member (16, H), the seasonal index of every step (H,) and the features."""
    n, horizon = values.size, season.size
    largest = np.abs(values).max()
    positive = values.min() > 1e-9 * largest
    indices = np.zeros(m)
    source = np.log(values) if positive else values.copy()
    kept = seasonal_indices(source, m, indices)
    logs = np.empty(n)
    for t in range(n):
        logs[t] = source[t] - indices[t % m]
    plain = np.exp(logs) if positive else logs
    for h in range(horizon):
        season[h] = indices[(n + h) % m]
    level = _adjusted_members(plain, logs, m, plain_tables, state, wanted, paths)
    if wanted[SEASONAL_SMOOTHING]:
        _seasonal_smoothing_path(values, m, seasonal_tables, state, 1.0, paths[SEASONAL_SMOOTHING])
    if wanted[SEASONAL_SMOOTHING_LOG]:
        _seasonal_smoothing_path(source, m, seasonal_tables, state, 0.99, paths[SEASONAL_SMOOTHING_LOG])
    if wanted[SHORT_AUTOREGRESSION_LOG]:
        if m == 1:
            autoregression_path(source, 3, 4 * LIGHT_PENALTY, True, paths[SHORT_AUTOREGRESSION_LOG])
        else:
            seasonal_autoregression_path(source, m, 3, PENALTY, paths[SHORT_AUTOREGRESSION_LOG])
    lag = m if n >= m else 1
    for h in range(horizon):
        paths[SEASONAL_NAIVE, h] = values[n - lag + h % lag]
    _restore_season(paths, season, wanted, positive, largest)
    facts[LEVEL], facts[POSITIVE], facts[KEPT] = level, 1.0 if positive else 0.0, kept
    facts[NOISE] = _mean_change(plain, 1, n)
    facts[RECENT_NOISE] = _mean_change(plain, 1, max(m, 8) + 1)
    facts[DIFFERENCE] = _mean_change(values, lag if n > lag else 1, n)
    features(logs, source, indices, positive, largest, facts[FACTS:])


@kernel(
    "void(float64[::1],int64[::1],int64[::1],int64,float64[:,:,::1],float64[:,:,::1],boolean[::1],"
    "float64[:,:,::1],float64[:,::1],float64[:,::1])"
)
def forecast_batch(
    values: FloatArray,
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    m: int,
    plain_tables: FloatArray,
    seasonal_tables: FloatArray,
    wanted: npt.NDArray[np.bool_],
    paths: FloatArray,
    season: FloatArray,
    facts: FloatArray,
) -> None:
    """
    Forecast W windows of one long array of observations.

    `starts` and `lengths` (W,) say where a window lies; `wanted` (16,) which members work. Written are `paths` (W, 16, H), NaN
    where a member was not wanted or cannot be used; `season` (W, H), an exponent for positive windows, else a shift; and
    `facts` (W, 6 + features): what the names above say, then the features.
    """
    state = np.zeros(ROWS * POINTS)
    for w in range(starts.size):
        window = values[starts[w] : starts[w] + lengths[w]]
        forecast_series(window, m, plain_tables, seasonal_tables, wanted, state, paths[w], season[w], facts[w])


@warm_up
def _once() -> None:
    plain, seasonal = response_tables(PLAIN, 1, 9), response_tables(SEASONAL, 2, 9)
    values, place = np.arange(1.0, 10.0), np.zeros(1, dtype=np.int64)
    paths, season, facts = np.empty((1, COUNT, 2)), np.empty((1, 2)), np.empty((1, FACTS + FEATURES))
    forecast_batch(values, place, place + 9, 2, plain, seasonal, np.ones(COUNT, dtype=np.bool_), paths, season, facts)
