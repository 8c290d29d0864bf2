"""
Log returns of prices: is there a drift, how volatile are they now, and what follows for the prices ahead.

The logarithm of the price is a random walk. A drift is used only where the mean log return differs from zero by the two-sided
t test at 5 %. The volatility is the root of the exponentially weighted mean of squared returns about that drift, weights
falling by 6 % a step (J.P. Morgan/Reuters, RiskMetrics Technical Document, 4th edition, 1996, chapter 5). Prices ahead are
lognormal; a drift adds its own uncertainty (Hyndman and Athanasopoulos, Forecasting, 3rd edition, 2021, section 5.5).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from models.forecasting import ReturnsFit

FloatArray = npt.NDArray[np.float64]

DECAY = 0.94
SIGNIFICANCE = 0.05
LARGEST_GROWTH, LARGEST_PRICE = 600.0, 1e30
"""Logarithms of growth and prices are cut off here, far beyond any observation: wild volatility would overflow."""

LEAST_TAIL, LARGEST_SHARE = 2.0**-54, 1 - 2.0**-53
"""Probabilities that rounding took to 0 or 1 are moved back inside."""


def returns_fit(prices: FloatArray) -> ReturnsFit:
    """Return drift and volatility of at least three positive prices (n,), oldest first."""
    returns = np.diff(np.log(prices))
    n = returns.size
    mean, spread = float(returns.mean()), float(returns.std(ddof=1))
    error = spread / n**0.5
    statistic = mean / error if error > 0 else None
    critical = float(stdtrit(n - 1, 1 - SIGNIFICANCE / 2))
    told = mean != 0 if statistic is None else abs(statistic) > critical
    drift = mean if told else 0.0
    weights = DECAY ** np.arange(n - 1, -1, -1.0)
    variance = float(weights @ np.square(returns - drift) / weights.sum())
    return ReturnsFit(
        count=n,
        mean=mean,
        standard_error=error,
        t_statistic=statistic,
        critical_value=critical,
        drift=drift,
        volatility=variance**0.5,
        decay=DECAY,
        standard_deviation=spread,
    )


def log_spread(fit: ReturnsFit, horizon: int) -> FloatArray:
    """Return the standard deviation of the logarithm of the price at every step, shape (H,)."""
    steps = np.arange(1.0, horizon + 1)
    return np.asarray(np.sqrt(steps * fit.volatility**2 + np.square(steps * _drift_error(fit))))


def median_prices(last: float, fit: ReturnsFit, horizon: int) -> FloatArray:
    """Return the median price at every step (H,): the last one, moved by the drift."""
    return _prices(last, fit.drift * np.arange(1.0, horizon + 1))


def mean_prices(last: float, fit: ReturnsFit, horizon: int) -> FloatArray:
    """Return the expected price at every step (H,): above the median by half the variance of the logarithm."""
    return _prices(last, fit.drift * np.arange(1.0, horizon + 1) + np.square(log_spread(fit, horizon)) / 2)


def price_quantiles(last: float, fit: ReturnsFit, horizon: int, probabilities: Sequence[float]) -> FloatArray:
    """Return lognormal quantiles, shape (P, H)."""
    shares = np.array(probabilities)
    shares = np.where(shares <= 0, LEAST_TAIL, np.minimum(shares, LARGEST_SHARE))
    centre = fit.drift * np.arange(1.0, horizon + 1)
    return _prices(last, centre + ndtri(shares)[:, None] * log_spread(fit, horizon))


def price_paths(last: float, fit: ReturnsFit, normals: FloatArray) -> FloatArray:
    """Return sample paths (N, H) from independent standard normal numbers (N, 1 + H), the first of a row for the drift."""
    steps = np.arange(1.0, normals.shape[1])
    drift = fit.drift + _drift_error(fit) * normals[:, :1]
    return _prices(last, drift * steps + fit.volatility * np.cumsum(normals[:, 1:], axis=1))


def returns_reason(fit: ReturnsFit) -> str:
    """Return what the returns say of drift and volatility, in two sentences."""
    told = f"Mean log return {fit.mean:+.3g} with standard error {fit.standard_error:.3g} over {fit.count} returns"
    if fit.t_statistic is None:
        told += ", all equal: " + ("the price never moved" if fit.mean == 0 else "this drift is used")
    elif fit.drift == 0:
        told += (
            f": t = {fit.t_statistic:.2f} is within {fit.critical_value:.2f} of 0 (two-sided 5 %), so a drift cannot be told "
            "from none and the median stays at the last price"
        )
    else:
        told += (
            f": t = {fit.t_statistic:.2f} is more than {fit.critical_value:.2f} away from 0 (two-sided 5 %), so this drift is "
            "used"
        )
    volatility = f"volatility {fit.volatility:.3g} a step (squared returns weighted by powers of {fit.decay:g})"
    return f"{told}; {volatility}, plain standard deviation {fit.standard_deviation:.3g}."


def _drift_error(fit: ReturnsFit) -> float:
    return fit.standard_error if fit.drift else 0.0


def _prices(last: float, growth: FloatArray) -> FloatArray:
    return np.asarray(np.minimum(last * np.exp(np.minimum(growth, LARGEST_GROWTH)), LARGEST_PRICE))
