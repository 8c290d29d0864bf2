"""
Dynamic optimised Theta.

On the seasonally adjusted series, with w = 1 - 1/theta in [0, 1], q = 1 - alpha and A_t, B_t the least-squares line through
the first t observations, the one-step forecast is

    mu_{t+1} = l_t + w (q^t A_t + (1 - q^{t+1}) / alpha B_t),    l_{t+1} = alpha y_{t+1} + q l_t.

For fixed alpha the errors are linear in l_0 and w, so each alpha of the grid needs one pass and a 2 x 2 system. Forecasts
beyond the first take earlier forecasts for observations. Source: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler,
International Journal of Forecasting 32 (2016), 1151-1161 (DOTM); Assimakopoulos and Nikolopoulos, ibid. 16 (2000), 521-530.
"""

from dataclasses import dataclass

import numpy as np

from models.forecasting import MethodFit
from solvers.forecasting.fit import Fit, described, shortest
from solvers.forecasting.seasonality import Profile, repeat
from solvers.forecasting.windows import FloatArray, Windows

ALPHAS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.27, 0.34, 0.41, 0.48, 0.55, 0.62, 0.69, 0.76, 0.83, 0.9, 0.98])
SKIPPED = 2
"""The first two errors do not count: no line goes through fewer points."""

LARGEST_WEIGHT = 1 - 1e-9
"""Weight of the line from which theta counts as unlimited."""


@dataclass(frozen=True, slots=True)
class Line:
    """Running means and least-squares lines: intercept and slope after every observation, all (T, W)."""

    mean: FloatArray
    intercept: FloatArray
    slope: FloatArray


@dataclass(frozen=True, slots=True)
class Parameters:
    """Fitted numbers of every window, all (W,)."""

    alpha: FloatArray
    weight: FloatArray
    level: FloatArray
    squares: FloatArray


def theta(windows: Windows, profile: Profile, *, season_length: int, horizon: int) -> Fit:
    """Fit every window and forecast with it."""
    multiplicative = profile.positive & (profile.kept_factors > 0)
    total = windows.values.shape[0]
    factors = np.where(multiplicative, profile.factors, 1.0)
    shifts = np.where(multiplicative, 0.0, profile.additive)
    values = np.where(windows.mask(), windows.values / repeat(factors, total) - repeat(shifts, total), 0.0)
    line = running_line(values)
    parameters = _fit(values, line, windows)
    level, mean = _continue(values, line, windows, parameters, horizon)
    phase = (windows.lengths[:, None] + np.arange(horizon)) % season_length
    columns = np.arange(phase.shape[0])[:, None]
    season = mean * (factors[phase, columns] - 1) + shifts[phase, columns]
    kind = np.where(multiplicative, 2, np.where(profile.kept_additive > 0, 1, 0))
    counted = np.maximum(windows.lengths - SKIPPED, 1)
    scale = np.sqrt(parameters.squares / counted) * np.abs(factors[phase, columns]).mean(axis=1)
    growth = np.sqrt(1 + np.arange(horizon) * parameters.alpha[:, None] ** 2)
    forecastable = np.isfinite(mean + season).all(axis=1)
    usable = (windows.lengths >= shortest("theta")) & forecastable

    def describe(column: int) -> MethodFit:
        indices = (None, shifts, factors)[kind[column]]
        season = None if indices is None else indices[:, column].tolist()
        weight = float(parameters.weight[column])
        return described(
            observations=int(windows.lengths[column]),
            season_length=season_length,
            residual_scale=float(scale[column]),
            season=("none", "additive", "multiplicative")[kind[column]],
            initial_season=season,
            alpha=float(parameters.alpha[column]),
            initial_level=float(parameters.level[column]),
            drift_weight=weight,
            theta=1 / (1 - weight) if weight < LARGEST_WEIGHT else None,
        )

    start = np.repeat(level[:, None], horizon, axis=1)
    return Fit(start, mean - start, season, scale, growth, usable, np.full(windows.lengths.size, np.nan), describe)


def running_line(values: FloatArray) -> Line:
    """
    Return mean, intercept and slope of the line through observations 1..t, for every t.

    Columns beyond a window's end are idle.
    """
    times = np.arange(1, values.shape[0] + 1, dtype=np.float64)[:, None]
    origin = values[0]
    shifted = values - origin
    mean = np.cumsum(shifted, axis=0) / times
    cross = np.cumsum(shifted * times, axis=0) - times * (times + 1) / 2 * mean
    slope = np.where(times > 1, 12 * cross / np.maximum(times * (times * times - 1), 1.0), 0.0)
    return Line(mean + origin, mean + origin - slope * (times + 1) / 2, slope)


def _fit(values: FloatArray, line: Line, windows: Windows) -> Parameters:
    """Fit level and weight of the line for every alpha of the grid and keep the best alpha."""
    shape = (values.shape[1], ALPHAS.size)
    keep = 1 - ALPHAS
    centre = values[0].copy()
    level = np.zeros(shape)
    sums = {name: np.zeros(shape) for name in ("uu", "uz", "zz", "ur", "zr", "rr")}
    for time, k in enumerate(windows.active):
        observed = values[time, :k, None] - centre[:k, None]
        if time >= SKIPPED:
            u = keep**time
            z = (
                u * (line.intercept[time - 1, :k, None] - centre[:k, None])
                + (1 - u * keep) / ALPHAS * line.slope[time - 1, :k, None]
            )
            r = observed - level[:k]
            for name, product in (("uu", u * u), ("uz", u * z), ("zz", z * z), ("ur", u * r), ("zr", z * r), ("rr", r * r)):
                sums[name][:k] += product
        level[:k] = keep * level[:k] + ALPHAS * observed
    weight, start = _solve(sums)
    squares = sums["rr"] - 2 * (start * sums["ur"] + weight * sums["zr"])
    squares += start**2 * sums["uu"] + 2 * start * weight * sums["uz"] + weight**2 * sums["zz"]
    best = np.argmin(squares, axis=1)
    rows = np.arange(best.size)
    drift = weight[rows, best]
    return Parameters(ALPHAS[best], drift, start[rows, best] + centre * (1 - drift), np.maximum(squares[rows, best], 0.0))


def _solve(sums: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the weight in [0, 1] and the initial level that minimise the squared errors."""
    uu = np.maximum(sums["uu"], 1e-300)
    determinant = uu * sums["zz"] - sums["uz"] ** 2
    solvable = determinant > 1e-10 * uu * sums["zz"]
    free = (sums["zr"] * uu - sums["ur"] * sums["uz"]) / np.where(solvable, determinant, 1.0)
    weight = np.where(solvable, np.clip(free, 0.0, 1.0), 0.0)
    return weight, np.where(sums["uu"] > 1e-12, (sums["ur"] - weight * sums["uz"]) / uu, 0.0)


def _continue(
    values: FloatArray, line: Line, windows: Windows, parameters: Parameters, horizon: int
) -> tuple[FloatArray, FloatArray]:
    """Return the last level (W,) and the forecasts of the adjusted series (W, H)."""
    alpha, keep = parameters.alpha, 1 - parameters.alpha
    level = parameters.level.copy()
    for time, k in enumerate(windows.active):
        level[:k] = keep[:k] * level[:k] + alpha[:k] * values[time, :k]
    last = level.copy()
    count = windows.lengths.astype(np.float64)
    rows = np.arange(count.size)
    mean, intercept, slope = (table[windows.lengths - 1, rows] for table in (line.mean, line.intercept, line.slope))
    forecasts = np.empty((count.size, horizon))
    for step in range(horizon):
        power = keep**count
        forecast = level + parameters.weight * (power * intercept + (1 - power * keep) / alpha * slope)
        forecasts[:, step] = forecast
        level = keep * level + alpha * forecast
        slope = ((count - 1) * slope + 6 * (forecast - mean) / (count + 1)) / (count + 2)
        mean = (count * mean + forecast) / (count + 1)
        count = count + 1
        intercept = mean - slope * (count + 1) / 2
    return last, forecasts
