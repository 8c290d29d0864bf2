"""
Simple, Holt and damped exponential smoothing over a grid of weights, with the best initial states by least squares.

For fixed weights the one-step errors are linear in the initial level and trend: e_t = r_t - l0 u_t - b0 v_t, where r comes
from the recursion on the data with zero initial states and u, v from the recursion on nothing with unit ones. So every grid
point needs one pass over the data and a 2 x 2 system; no search. Recursions in error-correction form (Hyndman, Koehler, Ord
and Snyder, Forecasting with Exponential Smoothing, 2008, chapter 3): f = l + phi b, e = y - f, l = f + alpha e, b = phi b +
beta e.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from solvers.forecasting.windows import Windows

FloatArray = npt.NDArray[np.float64]

SMALLEST_SHARE = 1e-14
"""A sum of squares below this share of the data's own counts as this share: a perfect fit has a finite likelihood."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Grid points as arrays of shape (G,); `parameters` counts weights, initial states and the variance."""

    alpha: FloatArray
    beta: FloatArray
    phi: FloatArray
    parameters: FloatArray


def _grid() -> Grid:
    simple = [(a, 0.0, 0.0, 3) for a in (0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)]
    levels = (0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
    damped = [(a, a * s, p, 6) for a in levels for s in (0.05, 0.15, 0.4, 0.8) for p in (0.8, 0.9, 0.95, 0.98)]
    linear = [(a, a * s, 1.0, 5) for a in levels for s in (0.01, 0.05, 0.15, 0.3, 0.6)]
    columns = np.array([*simple, *damped, *linear], dtype=np.float64).T
    return Grid(*(np.ascontiguousarray(column) for column in columns))


GRID = _grid()
"""13 simple points (phi = 0: no trend), 128 damped, 40 Holt (phi = 1)."""


@dataclass(frozen=True, slots=True)
class GridFit:
    """
    Best grid point of every window by AICc.

    `point` (W,), initial states (W,) and the criterion (W,), infinite if too short.
    """

    point: npt.NDArray[np.int64]
    level: FloatArray
    trend: FloatArray
    aicc: FloatArray


def fit_grid(values: FloatArray, windows: Windows, *, extra: FloatArray, penalty: FloatArray) -> GridFit:
    """
    Fit every grid point to every window.

    Parameters
    ----------
    values
        Seasonally adjusted observations, shape (T, W).
    windows
        Lengths and running columns.
    extra
        Parameters of the season, shape (W,): they cost 2 each, without the small-sample correction, as shrinkage has made it.
    penalty
        Added to n log(SSE / n): the Jacobian of the adjustment, shape (W,).
    """
    mask = windows.mask()
    count = windows.lengths.astype(np.float64)
    centre = np.where(mask, values, 0.0).sum(axis=0) / count
    data = np.where(mask, values - centre, 0.0)
    squares, by_level, by_trend = _accumulate(data, windows.active)
    level, trend = _initial_states(windows, by_level, by_trend)
    errors = squares - level * by_level - trend * by_trend
    floor = SMALLEST_SHARE * (np.square(data).sum(axis=0) + count * np.square(centre)) + 1e-300
    errors = np.maximum(errors, floor[:, None])
    aicc = corrected_criterion(errors, count, GRID.parameters, penalty + 2 * extra)
    best = np.argmin(aicc, axis=1)
    rows = np.arange(best.size)
    return GridFit(best, level[rows, best] + centre, trend[rows, best], aicc[rows, best])


def corrected_criterion(errors: FloatArray, count: FloatArray, parameters: FloatArray, penalty: FloatArray) -> FloatArray:
    """Return AICc, shape (W, G), of sums of squared errors (W, G); infinite where observations do not suffice."""
    n = count[:, None]
    room = n - parameters - 1
    correction = 2 * parameters + 2 * parameters * (parameters + 1) / np.where(room > 0, room, 1.0)
    return np.where(room > 0, n * np.log(errors / n) + penalty[:, None] + correction, np.inf)


def _accumulate(data: FloatArray, active: list[int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return sums of r r, r u and r v over each window, all (W, G)."""
    shape = (data.shape[1], GRID.alpha.size)
    level, trend, forecast, error, scratch = (np.zeros(shape) for _ in range(5))
    squares, by_level, by_trend = (np.zeros(shape) for _ in range(3))
    responses = response_tables(data.shape[0])
    for time, k in enumerate(active):
        row, e, f, b, s = level[:k], error[:k], forecast[:k], trend[:k], scratch[:k]
        np.multiply(b, GRID.phi, out=b)
        np.add(row, b, out=f)
        np.subtract(data[time, :k, None], f, out=e)
        np.multiply(e, GRID.alpha, out=s)
        np.add(f, s, out=row)
        np.multiply(e, GRID.beta, out=s)
        b += s
        for total, factor in ((squares, e), (by_level, responses[0][time]), (by_trend, responses[1][time])):
            np.multiply(e, factor, out=s)
            total[:k] += s
    return squares, by_level, by_trend


@lru_cache(maxsize=32)
def response_tables(length: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return u, v of shape (T, G) and the running sums of u u, u v, v v: what unit initial states do to the forecasts."""
    size = GRID.alpha.size
    tables = np.empty((2, length, size))
    for table, level, trend in ((tables[0], np.ones(size), np.zeros(size)), (tables[1], np.zeros(size), np.ones(size))):
        state, slope = level, trend
        for time in range(length):
            slope = GRID.phi * slope
            forecast = state + slope
            table[time] = forecast
            state = forecast * (1 - GRID.alpha)
            slope = slope - GRID.beta * forecast
    u, v = tables
    return u, v, np.cumsum(u * u, axis=0), np.cumsum(u * v, axis=0), np.cumsum(v * v, axis=0)


def _initial_states(windows: Windows, by_level: FloatArray, by_trend: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Solve the 2 x 2 systems; the trend stays 0 where the grid point has none or the system is singular."""
    _, _, uu, uv, vv = (windows.last(table) if i > 1 else table for i, table in enumerate(response_tables(len(windows.active))))
    determinant = uu * vv - uv * uv
    solvable = (determinant > 1e-9 * uu * vv) & (GRID.phi > 0)
    safe = np.where(solvable, determinant, 1.0)
    trend = np.where(solvable, (by_trend * uu - by_level * uv) / safe, 0.0)
    return (by_level - trend * uv) / uu, trend
