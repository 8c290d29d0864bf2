"""Members with two seasons fitted once more: waves and lag regressions as least squares with the ridge as further rows."""

import numpy as np

from solvers.forecasting.check_data import FloatArray

HARMONICS = 3
WAVE_RIDGE = 0.25
LAG_RIDGE = 30.0


def recomputed_two_seasons(values: FloatArray, m: int, long: float, horizon: int) -> dict[str, FloatArray]:
    """Return the forecasts (H,) of three members for observations (n,) with the seasons m and `long`."""
    steps = np.arange(horizon)
    result = {"seasonal_naive": values[values.size - m + steps % m]}
    positive = values.min() > 1e-9 * np.abs(values).max()
    cap = 10 * np.abs(values).max()
    if long % m == 0:
        whole = int(long)
        result["two_seasons_seasonal_naive"] = values[values.size - whole + steps % whole]
        result["lag_regression"] = np.clip(_lagged(values, m, whole, horizon), -cap, cap)
        return result
    wave = _wave(np.log(values) if positive else values, long, horizon)
    past, ahead = wave[: values.size], wave[values.size :]
    base = values * np.exp(-past) if positive else values - past
    cap = 10 * np.abs(base).max()
    path = np.clip(_lagged(base, m, 0, horizon), -cap, cap)
    result["lag_regression"] = path * np.exp(ahead) if positive else path + ahead
    return result


def _wave(source: FloatArray, period: float, horizon: int) -> FloatArray:
    """Return the smooth long season (n + H,)."""
    n = source.size
    angles = 2 * np.pi * np.arange(n + horizon)[:, None] * np.arange(1, HARMONICS + 1) / period
    waves = np.hstack([np.sin(angles), np.cos(angles)])
    table = np.hstack([np.ones((n, 1)), np.arange(n)[:, None] / period, waves[:n]])
    pull = np.hstack([np.zeros((2 * HARMONICS, 2)), np.sqrt(WAVE_RIDGE * period / 2) * np.eye(2 * HARMONICS)])
    target = np.r_[source, np.zeros(2 * HARMONICS)]
    return np.asarray(waves @ np.linalg.lstsq(np.vstack([table, pull]), target, rcond=None)[0][2:])


def _lagged(values: FloatArray, m: int, long: int, horizon: int) -> FloatArray:
    """Return the forecasts of the regression on telling lags."""
    pulled: dict[int, float] = {lag: 0.0 for lag in (1, 2, 3) if lag < m}
    multiples = min((long - 1) // m, 8) if long else 4
    pulled |= {k * m: 0.0 for k in range(1, multiples + 1)} | {m + 1: 0.0}
    if long:
        pulled |= {long: 0.4, long + 1: 0.0, m: 0.4}
        if values.size >= 3 * long:
            pulled[2 * long] = 0.0
    else:
        pulled |= {k * m: 0.8 / multiples for k in range(1, multiples + 1)}
    if 1 in pulled:
        pulled[1] = 0.2
    lags, prior = np.array(list(pulled)), np.array(list(pulled.values()))
    deepest = int(lags.max())
    if values.size < deepest + 2 * lags.size:
        return np.full(horizon, values[-1])
    known = (values - values.mean()).tolist()
    rows = np.array([[known[t - lag] for lag in lags] for t in range(deepest, len(known))])
    target = np.array(known[deepest:]) - rows @ prior
    pull = np.diag(np.sqrt(LAG_RIDGE * np.square(rows).mean(axis=0)))
    weights = prior + np.linalg.lstsq(np.vstack([rows, pull]), np.r_[target, np.zeros(lags.size)], rcond=None)[0]
    for _ in range(horizon):
        known.append(float(sum(w * known[-lag] for w, lag in zip(weights.tolist(), lags.tolist(), strict=True))))
    return np.asarray(np.array(known[-horizon:]) + values.mean())
