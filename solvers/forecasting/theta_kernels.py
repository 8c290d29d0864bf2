"""
Compiled optimised Theta, averaged over its smoothing weight by likelihood.

The model of `solvers.forecasting.theta` (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, International Journal of
Forecasting 32, 2016, 1151-1161): the dynamic form takes the least-squares line through the observations so far, the static
one the line through all of them. For a fixed weight the errors are linear in the initial level and the weight of the line.
"""

import numpy as np
import numpy.typing as npt

from solvers.compiled import kernel

FloatArray = npt.NDArray[np.float64]

ALPHAS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.27, 0.34, 0.41, 0.48, 0.55, 0.62, 0.69, 0.76, 0.83, 0.9, 0.98])
COUNT = 16
SKIPPED = 2
"""The first two errors do not count: no line goes through fewer points."""

LEVEL, POWER, ALPHA, KEEP, S_UU, S_UZ, S_ZZ, S_UR, S_ZR, S_RR = range(10)


@kernel()
def _advance(state: FloatArray, value: float, intercept: float, slope: float, counted: float) -> None:
    """Move all weights over one observation; `counted` is 0 for the first ones."""
    for g in range(COUNT):
        u = state[POWER * COUNT + g]
        keep = state[KEEP * COUNT + g]
        z = u * intercept + (1.0 - u * keep) / state[ALPHA * COUNT + g] * slope
        r = value - state[LEVEL * COUNT + g]
        state[S_UU * COUNT + g] += counted * u * u
        state[S_UZ * COUNT + g] += counted * u * z
        state[S_ZZ * COUNT + g] += counted * z * z
        state[S_UR * COUNT + g] += counted * u * r
        state[S_ZR * COUNT + g] += counted * z * r
        state[S_RR * COUNT + g] += counted * r * r
        state[LEVEL * COUNT + g] = keep * state[LEVEL * COUNT + g] + state[ALPHA * COUNT + g] * value
        state[POWER * COUNT + g] = u * keep


@kernel()
def _line(count: int, total: float, moment: float) -> tuple[float, float, float]:
    """Return mean, intercept and slope of the least-squares line through `count` values, from their sums."""
    if count == 0:
        return 0.0, 0.0, 0.0
    mean = total / count
    slope = 0.0
    if count > 1:
        slope = (moment - (count + 1) / 2 * total) / (count * (count * count - 1.0) / 12)
    return mean, mean - slope * (count + 1) / 2, slope


@kernel()
def theta_path(data: FloatArray, dynamic: bool, path: FloatArray) -> None:
    """Write the forecasts of the values `data` (n,), less the first of them; shape (H,)."""
    n = data.size
    state = np.zeros(10 * COUNT)
    for g in range(COUNT):
        state[ALPHA * COUNT + g] = ALPHAS[g]
        state[KEEP * COUNT + g] = 1.0 - ALPHAS[g]
        state[POWER * COUNT + g] = 1.0
    all_total, all_moment = 0.0, 0.0
    for t in range(n):
        all_total += data[t] - data[0]
        all_moment += (t + 1) * (data[t] - data[0])
    fixed = _line(n, all_total, all_moment)
    total, moment = 0.0, 0.0
    for t in range(n):
        value = data[t] - data[0]
        _, intercept, slope = _line(t, total, moment) if dynamic else fixed
        _advance(state, value, intercept, slope, 1.0 if t >= SKIPPED else 0.0)
        total += value
        moment += (t + 1) * value
    _average(state, n, fixed, dynamic, path)


@kernel()
def _average(state: FloatArray, n: int, line: tuple[float, float, float], dynamic: bool, path: FloatArray) -> None:
    """Solve the 2 x 2 system of every weight, and average the forecasts by likelihood."""
    level, weight, squares = np.empty(COUNT), np.empty(COUNT), np.empty(COUNT)
    for g in range(COUNT):
        uu = max(state[S_UU * COUNT + g], 1e-300)
        uz, zz = state[S_UZ * COUNT + g], state[S_ZZ * COUNT + g]
        ur, zr, rr = state[S_UR * COUNT + g], state[S_ZR * COUNT + g], state[S_RR * COUNT + g]
        determinant = uu * zz - uz * uz
        w = 0.0
        if determinant > 1e-10 * uu * zz:
            w = min(max((zr * uu - ur * uz) / determinant, 0.0), 1.0)
        start = (ur - w * uz) / uu if uu > 1e-12 else 0.0
        error = rr - 2 * (start * ur + w * zr) + start * start * uu + 2 * start * w * uz + w * w * zz
        squares[g] = max(error, 1e-14 * rr + 1e-300)
        weight[g] = w
        level[g] = state[LEVEL * COUNT + g] + start * state[POWER * COUNT + g]
    best = squares.min()
    counted = max(n - SKIPPED, 1)
    path[:] = 0.0
    total = 0.0
    for g in range(COUNT):
        likelihood = (best / squares[g]) ** (0.5 * counted)
        if likelihood > 1e-6:
            total += likelihood
            _continue(level[g], weight[g], ALPHAS[g], n, line, dynamic, likelihood, path)
    for h in range(path.size):
        path[h] /= total


@kernel()
def _continue(
    level: float,
    weight: float,
    alpha: float,
    n: int,
    line: tuple[float, float, float],
    dynamic: bool,
    likelihood: float,
    path: FloatArray,
) -> None:
    """Add one weight's forecasts, times its likelihood; forecasts count as observations."""
    mean, intercept, slope = line
    keep = 1.0 - alpha
    power = keep**n
    count = float(n)
    for h in range(path.size):
        forecast = level + weight * (power * intercept + (1.0 - power * keep) / alpha * slope)
        path[h] += likelihood * forecast
        level = keep * level + alpha * forecast
        power *= keep
        if dynamic:
            slope = ((count - 1) * slope + 6 * (forecast - mean) / (count + 1)) / (count + 2)
            mean = (count * mean + forecast) / (count + 1)
            count += 1.0
            intercept = mean - slope * (count + 1) / 2
