"""
Compiled exponential smoothing on a grid of weights, every grid point with its best initial states, averaged by likelihood.

For fixed weights the one-step errors are linear in the initial level and trend: e = r - l0 u - b0 v, where r comes from the
recursion on the data with zero initial states and u, v from the recursion on nothing with unit ones. u and v do not depend on
the data, so they are tabled once for all series. Recursions in error-correction form (Hyndman, Koehler, Ord and Snyder,
Forecasting with Exponential Smoothing, 2008, chapter 3). Averaging with weights exp(-k/2 AICc difference) instead of taking
the best point: Burnham and Anderson, Model Selection and Multimodel Inference (2002), section 2.9.

All grids have 192 points and the state of a grid lies in one flat array at constant distances, so that the compiler can turn
the inner loop into vector instructions without testing whether arrays overlap.
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]

POINTS = 192
"""Points of a grid; unused ones have so many parameters that no criterion is formed."""

LEVEL, TREND, SQUARES, BY_LEVEL, BY_TREND, START, SLOPE, CRITERION, ALPHA, BETA, PHI, GAMMA, PARAMETERS, KIND = range(14)
ROWS = 14
"""Rows of the flat state; the last six are those of the grid."""

GRID_ROWS = 6
DAMPINGS = np.array([0.0, 0.8, 0.9, 0.95, 0.97, 0.98, 1.0])
"""Values of phi that occur; KIND is the place in this array."""

U, V, UU, UV, VV, LU, LV, BU, BV, SU, SV = range(11)
TABLES = 11
"""Responses: forecasts to unit initial level (u) and trend (v), their running products, and the states they leave behind."""

SOFTNESS = 0.5
"""k: criteria count half, which spreads the weights; the estimate of a criterion is itself noisy."""


def _grid(points: list[tuple[float, float, float, float, float]]) -> FloatArray:
    """Return grid rows alpha, beta, phi, gamma, parameters, kind, shape (6, 192)."""
    rows = np.zeros((GRID_ROWS, POINTS))
    rows[4] = 1e9
    rows[:5, : len(points)] = np.array(points).T
    rows[5] = np.searchsorted(DAMPINGS, rows[2])
    return rows


def _plain_points() -> list[tuple[float, float, float, float, float]]:
    simple = (0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
    levels = (0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
    points = [(a, 0.0, 0.0, 0.0, 3.0) for a in simple]
    points += [(a, a * s, p, 0.0, 6.0) for a in levels for s in (0.05, 0.15, 0.4, 0.8) for p in (0.8, 0.9, 0.95, 0.98)]
    return points + [(a, a * s, 1.0, 0.0, 5.0) for a in levels for s in (0.01, 0.05, 0.15, 0.3, 0.6)]


def _seasonal_points() -> list[tuple[float, float, float, float, float]]:
    shapes = (
        (0.0, 0.0, 3.0),
        (0.3, 0.8, 6.0),
        (0.1, 0.9, 6.0),
        (0.4, 0.9, 6.0),
        (0.05, 0.97, 6.0),
        (0.2, 0.97, 6.0),
        (0.02, 1.0, 5.0),
        (0.1, 1.0, 5.0),
    )
    return [
        (a, a * s, p, g * (1 - a), k + (g > 0))
        for a in (0.02, 0.1, 0.2, 0.35, 0.55, 0.8)
        for s, p, k in shapes
        for g in (0.0, 0.05, 0.15, 0.35)
    ]


PLAIN = _grid(_plain_points())
"""13 simple points (phi = 0: no trend), 128 damped, 40 Holt (phi = 1)."""

SEASONAL = _grid(_seasonal_points())
"""6 levels x 8 trends x 4 speeds of the season."""


@kernel("float64[:,:,::1](float64[:,::1],int64,int64)")
def response_tables(grid: FloatArray, m: int, length: int) -> FloatArray:
    """Return what unit initial states do, shape (11, length, 192): see the names of the tables above."""
    tables = np.zeros((TABLES, length, POINTS))
    season = np.zeros((m, POINTS))
    for unit in range(2):
        season[:] = 0.0
        forecast, level_row, trend_row, season_row = (U, LU, BU, SU) if unit == 0 else (V, LV, BV, SV)
        for g in range(POINTS):
            level, trend = 1.0 - unit, 0.0 + unit
            for t in range(length):
                trend *= grid[2, g]
                level += trend
                expected = level + season[t % m, g]
                tables[forecast, t, g] = expected
                level -= grid[0, g] * expected
                trend -= grid[1, g] * expected
                season[t % m, g] -= grid[3, g] * expected
                tables[level_row, t, g] = level
                tables[trend_row, t, g] = trend
                tables[season_row, t, g] = season[t % m, g]
    for t in range(length):
        for g in range(POINTS):
            u, v = tables[U, t, g], tables[V, t, g]
            earlier = t - 1 if t > 0 else 0
            keep = 1.0 if t > 0 else 0.0
            tables[UU, t, g] = keep * tables[UU, earlier, g] + u * u
            tables[UV, t, g] = keep * tables[UV, earlier, g] + u * v
            tables[VV, t, g] = keep * tables[VV, earlier, g] + v * v
    return tables


@kernel()
def _advance(state: FloatArray, u: FloatArray, v: FloatArray, value: float) -> None:
    """Move all grid points over one observation, season aside."""
    for g in range(POINTS):
        trend = state[TREND * POINTS + g] * state[PHI * POINTS + g]
        level = state[LEVEL * POINTS + g] + trend
        error = value - level
        state[LEVEL * POINTS + g] = level + state[ALPHA * POINTS + g] * error
        state[TREND * POINTS + g] = trend + state[BETA * POINTS + g] * error
        state[SQUARES * POINTS + g] += error * error
        state[BY_LEVEL * POINTS + g] += error * u[g]
        state[BY_TREND * POINTS + g] += error * v[g]


@kernel()
def _advance_seasonal(state: FloatArray, season: FloatArray, u: FloatArray, v: FloatArray, value: float) -> None:
    """Move all grid points over one observation; `season` is the row of its phase."""
    for g in range(POINTS):
        trend = state[TREND * POINTS + g] * state[PHI * POINTS + g]
        level = state[LEVEL * POINTS + g] + trend
        error = value - level - season[g]
        season[g] += state[GAMMA * POINTS + g] * error
        state[LEVEL * POINTS + g] = level + state[ALPHA * POINTS + g] * error
        state[TREND * POINTS + g] = trend + state[BETA * POINTS + g] * error
        state[SQUARES * POINTS + g] += error * error
        state[BY_LEVEL * POINTS + g] += error * u[g]
        state[BY_TREND * POINTS + g] += error * v[g]


@kernel()
def fit_grid(data: FloatArray, grid: FloatArray, tables: FloatArray, season: FloatArray, state: FloatArray) -> None:
    """
    Fit every grid point.

    `data` (n,) is centred and seasonally adjusted; `season` (m, 192) receives what the season moved, with no rows where it does
    not move; `state` (14 x 192,) receives final states and criteria.
    """
    n = data.size
    state[: ALPHA * POINTS] = 0.0
    for row in range(GRID_ROWS):
        for g in range(POINTS):
            state[(ALPHA + row) * POINTS + g] = grid[row, g]
    season[:] = 0.0
    m = season.shape[0]
    size = 0.0
    for t in range(n):
        size += data[t] * data[t]
        if m == 0:
            _advance(state, tables[U, t], tables[V, t], data[t])
        else:
            _advance_seasonal(state, season[t % m], tables[U, t], tables[V, t], data[t])
    _solve(state, tables, n, 1e-14 * size + 1e-300)
    for back in range(min(m, n)):
        t = n - 1 - back
        for g in range(POINTS):
            season[t % m, g] += state[START * POINTS + g] * tables[SU, t, g] + state[SLOPE * POINTS + g] * tables[SV, t, g]


@kernel()
def _solve(state: FloatArray, tables: FloatArray, n: int, floor: float) -> None:
    """Set the best initial states, the final states that follow from them, and the criterion of every grid point."""
    last = n - 1
    for g in range(POINTS):
        uu, uv, vv = tables[UU, last, g], tables[UV, last, g], tables[VV, last, g]
        by_level, by_trend = state[BY_LEVEL * POINTS + g], state[BY_TREND * POINTS + g]
        determinant = uu * vv - uv * uv
        slope = 0.0
        if state[PHI * POINTS + g] > 0 and determinant > 1e-9 * uu * vv:
            slope = (by_trend * uu - by_level * uv) / determinant
        start = (by_level - slope * uv) / uu
        squares = max(state[SQUARES * POINTS + g] - start * by_level - slope * by_trend, floor)
        state[START * POINTS + g] = start
        state[SLOPE * POINTS + g] = slope
        state[SQUARES * POINTS + g] = squares
        state[LEVEL * POINTS + g] += start * tables[LU, last, g] + slope * tables[LV, last, g]
        state[TREND * POINTS + g] += start * tables[BU, last, g] + slope * tables[BV, last, g]
        k = state[PARAMETERS * POINTS + g]
        room = n - k - 1
        criterion = np.inf
        if room > 0:
            criterion = n * np.log(squares / n) + 2 * k + 2 * k * (k + 1) / room
        state[CRITERION * POINTS + g] = criterion


@kernel()
def average_path(state: FloatArray, season: FloatArray, n: int, phi_from: float, phi_to: float, path: FloatArray) -> float:
    """
    Write the forecasts averaged over the grid points with phi in a range, shape (H,), centre left out.

    Returns the averaged level; NaN when no point of the range has a criterion.
    """
    best = np.inf
    for g in range(POINTS):
        if phi_from <= state[PHI * POINTS + g] <= phi_to:
            best = min(best, state[CRITERION * POINTS + g])
    if not np.isfinite(best):
        path[:] = np.nan
        return np.nan
    m = season.shape[0]
    total, level = 0.0, 0.0
    trends = np.zeros(DAMPINGS.size)
    shift = np.zeros(max(m, 1))
    for g in range(POINTS):
        gap = state[CRITERION * POINTS + g] - best
        if phi_from <= state[PHI * POINTS + g] <= phi_to and gap < 60.0:
            weight = np.exp(-0.5 * SOFTNESS * gap)
            total += weight
            level += weight * state[LEVEL * POINTS + g]
            trends[int(state[KIND * POINTS + g])] += weight * state[TREND * POINTS + g]
            for p in range(m):
                shift[p] += weight * season[p, g]
    level /= total
    path[:] = level
    for kind in range(1, DAMPINGS.size):
        step, run = trends[kind] / total, 0.0
        if step != 0.0:
            for h in range(path.size):
                step *= DAMPINGS[kind]
                run += step
                path[h] += run
    for h in range(path.size if m > 0 else 0):
        path[h] += shift[(n + h) % m] / total
    return level
