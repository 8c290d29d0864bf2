"""
How much each past observation counts in the one-step forecast, the fitted numbers held fixed.

With weights, initial states and (for a multiplicative season) indices fixed, every method is linear in the observations, so
the forecast is a weighted sum of them plus a remainder. The weights of exponential smoothing come from running its recursion
on unit impulses; those of Theta from the geometric weights of its level and the least-squares weights of its line.
"""

import numpy as np

from models.forecasting import MethodFit
from models.forecasting.solution import MethodName
from solvers.forecasting.holt_winters import Weights, smooth
from solvers.forecasting.windows import FloatArray


def past_weights(method: MethodName, fit: MethodFit) -> FloatArray | None:
    """
    Return the weight of every observation used, oldest first, shape (n,).

    None for a multiplicative season that moves, an ensemble, Croston-like methods and random walks of prices: no
    forecast that is linear in the past.
    """
    n = fit.observations
    if method in ("ensemble", "croston", "sba", "tsb", "imapa", "random_walk"):
        return None
    if method == "historical_mean":
        return np.full(n, 1 / n)
    if method == "weighted_mean":
        weights = (1 - (fit.alpha or 0.0)) ** np.arange(n - 1, -1, -1.0)
        return np.asarray(weights / weights.sum() * (fit.scaling[0] if fit.scaling else 1.0))
    if method in ("naive", "seasonal_naive"):
        weights = np.zeros(n)
        weights[n - fit.season_length] = 1.0
        return weights
    if fit.season == "multiplicative" and fit.gamma:
        return None
    weights = _theta_weights(fit) if method == "theta" else _smoothing_weights(fit)
    if fit.season == "multiplicative" and fit.initial_season:
        factors = np.resize(fit.initial_season, n + 1)
        weights = weights * factors[n] / factors[:n]
    return weights


def _smoothing_weights(fit: MethodFit) -> FloatArray:
    """Run the recursion on n unit impulses at once."""
    n = fit.observations
    m = fit.season_length if fit.season == "additive" else 1
    alpha, beta, gamma, phi = (np.full((n, 1), value or 0.0) for value in (fit.alpha, fit.beta, fit.gamma, fit.phi))
    if fit.season != "additive":
        gamma = np.zeros((n, 1))
    start = (np.zeros((n, 1)), np.zeros((n, 1)), np.zeros((m, n, 1)))
    states = smooth(np.eye(n), [n] * n, Weights(alpha, beta, phi, gamma), start, multiplicative=False)
    return np.asarray((states.level + phi * states.trend + states.season[n % m])[:, 0])


def _theta_weights(fit: MethodFit) -> FloatArray:
    """Add the weights of the level and of the line A + B t."""
    n = fit.observations
    alpha, weight = fit.alpha or 1.0, fit.drift_weight or 0.0
    times = np.arange(1, n + 1, dtype=np.float64)
    middle = (n + 1) / 2
    slope = 12 * (times - middle) / (n * (n * n - 1.0))
    power = (1 - alpha) ** n
    line = power * (1 / n - slope * middle) + (1 - power * (1 - alpha)) / alpha * slope
    return np.asarray(alpha * (1 - alpha) ** (n - times) + weight * line)
