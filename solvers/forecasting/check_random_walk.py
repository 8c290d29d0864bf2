"""Random walks of prices recomputed from the request: returns, their test, volatility, and every quantile."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from models.forecasting import ReturnsFit, SeriesForecast
from solvers.forecasting.check_data import FloatArray, Given

CONFIDENCE = 0.95
SMALLEST = 1e-9
"""Smaller log returns are compared absolutely: those of equal prices are rounding."""

LARGEST_GROWTH, LARGEST_PRICE = 600.0, 1e30
_NORMAL = NormalDist()


def walk_violations(pairs: Sequence[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Return, per random walk, the largest relative difference of a fitted number or a quantile from its recomputation."""
    for given, answer in pairs:
        if answer.method != "random_walk":
            continue
        fit = answer.fit.returns
        assert fit is not None, "a random walk reports its returns"
        prices = given.values[-answer.fit.observations :].tolist()
        yield max(_fit_violation(fit, prices), _quantile_violation(answer, fit, prices[-1]))


def walk_mean(given: Given, answer: SeriesForecast) -> FloatArray:
    """Return the expected prices (H,): of a lognormal distribution, with the reported drift and volatility."""
    fit = answer.fit.returns
    assert fit is not None, "a random walk reports its returns"
    steps = np.arange(1.0, len(answer.mean) + 1)
    return _prices(float(given.values[-1]), steps * fit.drift + _variances(fit, steps) / 2)


def _prices(last: float, growth: FloatArray) -> FloatArray:
    return np.minimum(last * np.exp(np.minimum(growth, LARGEST_GROWTH)), LARGEST_PRICE)


def _variances(fit: ReturnsFit, steps: FloatArray) -> FloatArray:
    own = (steps * fit.standard_error) ** 2 if fit.drift != 0 else 0.0
    return steps * fit.volatility**2 + own


def _fit_violation(fit: ReturnsFit, prices: list[float]) -> float:
    returns = [math.log(after) - math.log(before) for before, after in pairwise(prices)]
    n = len(returns)
    mean = math.fsum(returns) / n
    deviation = math.sqrt(math.fsum((r - mean) ** 2 for r in returns) / (n - 1))
    variance = weight = 0.0
    for r in returns:
        variance, weight = fit.decay * variance + (r - fit.drift) ** 2, fit.decay * weight + 1.0
    told = fit.mean != 0 if fit.t_statistic is None else abs(fit.t_statistic) > fit.critical_value
    expected = [
        (fit.mean, mean),
        (fit.standard_deviation, deviation),
        (fit.standard_error, deviation / math.sqrt(n)),
        (fit.drift, fit.mean if told else 0.0),
        (fit.volatility, math.sqrt(variance / weight)),
    ]
    if fit.t_statistic is not None:
        expected.append((fit.t_statistic * fit.standard_error, fit.mean))
    differences = [abs(reported - own) / max(abs(own), SMALLEST) for reported, own in expected]
    return max(*differences, abs(_between(fit.critical_value, n - 1) - CONFIDENCE), float(fit.count != n))


@lru_cache(maxsize=1024)
def _between(limit: float, freedom: int) -> float:
    """Return the probability that Student's t lies within the limits, by Simpson's rule."""
    points = np.linspace(0.0, limit, 4001)
    constant = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    density = np.exp(constant - (freedom + 1) / 2 * np.log1p(points**2 / freedom))
    weights = np.ones(points.size)
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    return 2 * float(weights @ density) * limit / (points.size - 1) / 3


def _quantile_violation(answer: SeriesForecast, fit: ReturnsFit, last: float) -> float:
    rows = [(0.5, answer.median), *((float(key), row) for key, row in answer.quantiles.items())]
    for key, interval in answer.intervals.items():
        rows += [(0.5 - float(key) / 200, interval.lower), (0.5 + float(key) / 200, interval.upper)]
    steps = np.arange(1.0, len(answer.mean) + 1)
    worst = 0.0
    for share, row in rows:
        inside = 2.0**-54 if share <= 0 else min(share, 1 - 2.0**-53)
        expected = _prices(last, steps * fit.drift + _NORMAL.inv_cdf(inside) * np.sqrt(_variances(fit, steps)))
        worst = max(worst, float((np.abs(np.array(row) - expected) / np.maximum(expected, SMALLEST * last)).max()))
    return worst
