"""Members of the pool fitted once more from their definitions, one grid point at a time: slow, plain, and no code shared."""

import numpy as np

from solvers.forecasting.check_data import FloatArray

HALF_LIFE = 3.0
THETA_WEIGHTS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.27, 0.34, 0.41, 0.48, 0.55, 0.62, 0.69, 0.76, 0.83, 0.9, 0.98)
SIMPLE = (0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
LEVELS = (0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
COLLINEAR = 1e-7
SMALLEST_SHARE = 1e-6
"""Members on nearly exact fits depend on rounding: those are left out."""


def recomputed_members(values: FloatArray, m: int, horizon: int) -> dict[str, FloatArray]:
    """Return the forecasts of three members for observations (n,) with season length m: each of shape (H,)."""
    last = np.array([values[values.size - lag + h % lag] for lag in [m if values.size >= m else 1] for h in range(horizon)])
    result = {"seasonal_naive": last}
    positive = values.min() > 1e-9 * np.abs(values).max()
    source = np.log(values) if positive else values
    indices = season_of(source, m)
    adjusted = source - np.resize(indices, values.size)
    ahead = np.array([indices[(values.size + h) % m] for h in range(horizon)])
    plain = np.exp(adjusted) if positive else adjusted
    if plain.std() <= SMALLEST_SHARE * np.abs(plain).max():
        return result
    cap = 10 * np.abs(values).max()
    for name, path in (("theta", theta(plain, horizon)), ("smoothing", smoothing(plain, horizon))):
        if path is not None:
            result[name] = np.clip(path * np.exp(ahead) if positive else path + ahead, -cap, cap)
    return result


def season_of(values: FloatArray, m: int) -> FloatArray:
    """Return the shrunk additive indices (m,)."""
    n = values.size
    if m < 2 or n < 2 * m:
        return np.zeros(m)
    half = m // 2
    window = np.r_[0.5, np.ones(m - 1), 0.5] / m if m % 2 == 0 else np.ones(m) / m
    inner = np.convolve(values, window, "valid")
    slope = (inner[-1] - inner[0]) / max(inner.size - 1, 1)
    trend = np.r_[inner[0] - slope * np.arange(half, 0, -1), inner, inner[-1] + slope * np.arange(1, half + 1)]
    known = np.arange(n) if n < 3 * m else np.arange(half, n - half)
    deviations = values - trend
    weights = 0.5 ** ((n - 1 - np.arange(n)) / m / HALF_LIFE)
    raw, variance, several = np.empty(m), np.empty(m), True
    for phase in range(m):
        rows = known[known % m == phase]
        w, d = weights[rows], deviations[rows]
        raw[phase] = np.average(d, weights=w)
        number = w.sum() ** 2 / np.square(w).sum()
        several = several and number > 1 + 1e-9
        variance[phase] = np.average(np.square(d - raw[phase]), weights=w) / max(number - 1, 1e-9)
    centred = raw - raw.mean()
    total = np.square(centred).sum() / (m - 1)
    if total <= 0:
        return np.zeros(m)
    return np.asarray(centred * (1 - (min(variance.mean() / total, 1.0) if several else 0.5)))


def smoothing(values: FloatArray, horizon: int) -> FloatArray | None:
    """Return the average over simple, damped and linear smoothing, weights exp(-AICc difference / 4)."""
    data = values - values.mean()
    n = data.size
    points = [(a, 0.0, 0.0, 3) for a in SIMPLE]
    points += [(a, a * s, p, 6) for a in LEVELS for s in (0.05, 0.15, 0.4, 0.8) for p in (0.8, 0.9, 0.95, 0.98)]
    points += [(a, a * s, 1.0, 5) for a in LEVELS for s in (0.01, 0.05, 0.15, 0.3, 0.6)]
    grid = np.array([point for point in points if n - point[3] - 1 > 0])
    if grid.size == 0:
        return None
    nothing, count = np.zeros(n), grid[:, 3]
    errors, path = _run(data, (0.0, 0.0), grid, horizon)
    by_level, by_trend = (_run(nothing, start, grid, horizon) for start in ((1.0, 0.0), (0.0, 1.0)))
    u, v = -by_level[0], -by_trend[0]
    uu = np.square(u).sum(axis=1)
    apart = v - ((u * v).sum(axis=1) / uu)[:, None] * u
    own = np.square(apart).sum(axis=1)
    told = (grid[:, 2] > 0) & (own > 1e-9 * np.square(v).sum(axis=1))
    slope = np.where(told, (apart * errors).sum(axis=1) / np.where(told, own, 1.0), 0.0)
    level = (u * (errors - slope[:, None] * v)).sum(axis=1) / uu
    squares = np.square(errors - level[:, None] * u - slope[:, None] * v).sum(axis=1)
    paths = path + level[:, None] * by_level[1] + slope[:, None] * by_trend[1]
    floor = max(1e-14 * float(data @ data), 1e-300)
    criteria = n * np.log(np.maximum(squares, floor) / n) + 2 * count + 2 * count * (count + 1) / (n - count - 1)
    weights = np.exp(-0.25 * (criteria - criteria.min()))
    return np.asarray(values.mean() + weights @ paths / weights.sum())


def _run(data: FloatArray, start: tuple[float, float], grid: FloatArray, horizon: int) -> tuple[FloatArray, FloatArray]:
    """Return one-step errors (G, n) and forecasts (G, H) of smoothing recursions from the given level and trend."""
    alpha, beta, phi = grid[:, 0], grid[:, 1], grid[:, 2]
    level, trend = np.full(alpha.size, start[0]), np.full(alpha.size, start[1])
    errors, path = [], []
    for value in data.tolist():
        forecast = level + phi * trend
        errors.append(value - forecast)
        level, trend = (1 - alpha) * forecast + alpha * value, phi * trend + beta * errors[-1]
    for _ in range(horizon):
        trend = phi * trend
        level = level + trend
        path.append(level)
    return np.array(errors).T, np.array(path).T


def theta(values: FloatArray, horizon: int) -> FloatArray | None:
    """
    Return the average over smoothing weights of dynamic optimised Theta, weighted by likelihood.

    None where level and line cannot be told apart, so that rounding decides.
    """
    unit = float(np.abs(values - values[0]).max()) or 1.0
    data = (values - values[0]) / unit
    n = data.size
    lines = [_line(data[:t]) for t in range(n)]
    alphas = np.array(THETA_WEIGHTS)
    keep, times = 1 - alphas, np.arange(n)
    level = np.zeros(alphas.size)
    residuals = np.empty((alphas.size, n))
    for t, value in enumerate(data.tolist()):
        residuals[:, t] = value - level
        level = alphas * value + keep * level
    u = keep[:, None] ** times
    z = u * [line[0] for line in lines] + (1 - u * keep[:, None]) / alphas[:, None] * [line[1] for line in lines]
    fitted = [_fitted(r[2:], a[2:], b[2:]) for r, a, b in zip(residuals, u, z, strict=True)]
    if any(fit is None for fit in fitted):
        return None
    start, weight, squares = np.array([fit for fit in fitted if fit is not None]).T
    paths = _theta_paths(data, level + start * keep**n, weight, alphas, horizon)
    squares = np.maximum(squares, 1e-300)
    likelihood = (squares.min() / squares) ** (0.5 * max(n - 2, 1))
    likelihood = np.where(likelihood > 1e-6, likelihood, 0.0)
    return np.asarray(values[0] + unit * (likelihood @ paths) / likelihood.sum())


def _fitted(r: FloatArray, u: FloatArray, z: FloatArray) -> tuple[float, float, float] | None:
    """Return initial level, weight of the line in [0, 1] and the sum of squared errors; None where the two are collinear."""
    if (u @ z) ** 2 > (1 - COLLINEAR) * (u @ u) * (z @ z):
        return None
    free = np.linalg.lstsq(np.array([u, z]).T, r, rcond=None)[0]
    weight = float(np.clip(free[1], 0.0, 1.0))
    start = float(u @ (r - weight * z) / (u @ u)) if u @ u > 1e-12 else 0.0
    return start, weight, float(np.square(r - start * u - weight * z).sum())


def _line(values: FloatArray) -> tuple[float, float]:
    """Return intercept and slope of the least-squares line through values at times 1, 2, ..."""
    if values.size < 2:
        return (float(values.sum()), 0.0)
    times = np.arange(1, values.size + 1) - (values.size + 1) / 2
    slope = float(times @ values / (times @ times))
    return float(values.mean()) - slope * (values.size + 1) / 2, slope


def _theta_paths(data: FloatArray, level: FloatArray, weight: FloatArray, alphas: FloatArray, horizon: int) -> FloatArray:
    """Return forecasts (16, H), each counted as an observation for the next."""
    extended = np.repeat(data[None, :], alphas.size, axis=0)
    keep = 1 - alphas
    for _ in range(horizon):
        t = extended.shape[1]
        times = np.arange(1, t + 1) - (t + 1) / 2
        slope = extended @ times / (times @ times)
        intercept = extended.mean(axis=1) - slope * (t + 1) / 2
        forecast = level + weight * (keep**t * intercept + (1 - keep ** (t + 1)) / alphas * slope)
        extended = np.column_stack([extended, forecast])
        level = alphas * forecast + keep * level
    return extended[:, data.size :]
