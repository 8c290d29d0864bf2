"""Expected leftover and shortage by numerical integration or summation, and weights of whole units by transforms."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
PANELS = 32


def leftover_and_shortage(demand: Any, level: float, *, periods: float = 1) -> tuple[float, float]:
    """Return E[(level - D)^+] and E[(D - level)^+] of the demand of so many independent periods."""
    if is_continuous(demand):
        low, high = _ends(demand, periods)
        inside = min(max(level, low), high)
        below = _integral(lambda x: (level - x) * _density(demand, x, periods), low, inside)
        above = _integral(lambda x: (x - level) * _density(demand, x, periods), inside, high)
        return below, above
    values, weights = points(demand, periods)
    return float(np.maximum(level - values, 0.0) @ weights), float(np.maximum(values - level, 0.0) @ weights)


def mean_of(demand: Any) -> float:
    """Return the mean demand of a period, from the parameters of the distribution."""
    kind = demand.distribution
    if kind == "lognormal":
        return math.exp(demand.mu + demand.sigma**2 / 2)
    if kind == "uniform":
        return float(demand.lower + demand.upper) / 2
    if kind == "discrete":
        return float(np.dot(demand.values, demand.probabilities) / sum(demand.probabilities))
    return float(np.mean(demand.observations)) if kind == "empirical" else float(demand.mean)


def is_continuous(demand: Any) -> bool:
    """Tell whether the distribution has a density."""
    return demand.distribution in ("normal", "lognormal", "uniform", "exponential")


def points(demand: Any, periods: float = 1) -> tuple[Floats, Floats]:
    """Return values and probabilities of discrete demand; of several periods for whole units only."""
    if demand.distribution == "empirical":
        count = len(demand.observations)
        return np.array(demand.observations), np.full(count, 1 / count)
    if demand.distribution == "discrete" and periods == 1:
        weights = np.array(demand.probabilities)
        return np.array(demand.values), weights / weights.sum()
    whole = unit_weights(demand, periods)
    return np.arange(len(whole), dtype=np.float64), whole


def unit_weights(demand: Any, periods: float = 1) -> Floats:
    """Return P(D = 0), P(D = 1), ... of the sum over so many periods; normal demand is rounded, what is below 0 is 0."""
    if demand.distribution == "poisson":
        return poisson_weights(demand.mean * periods)
    if demand.distribution == "normal":
        last = int(demand.mean + 9 * demand.sd) + 2
        edges = np.array([_normal_cdf((k + 0.5 - demand.mean) / demand.sd) for k in range(last + 1)])
        single = np.diff(edges, prepend=0.0) / edges[-1]
    else:
        single = np.bincount(np.array(demand.values, dtype=np.int64), weights=np.array(demand.probabilities))
        single = single / single.sum()
    if periods == 1:
        return np.asarray(single)
    size = (len(single) - 1) * int(periods) + 1
    total = np.fft.irfft(np.fft.rfft(single, 2 * size) ** periods, 2 * size)[:size]
    kept = np.maximum(total, 0.0)
    return np.asarray(kept / kept.sum())


def poisson_weights(mean: float) -> Floats:
    """Return Poisson probabilities from 0 to 14 standard deviations above the mean."""
    last = int(mean + 14 * math.sqrt(mean) + 30)
    logarithms = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, last + 1)))))
    weights = np.exp(np.arange(last + 1) * math.log(mean) - mean - logarithms)
    return np.asarray(weights / weights.sum())


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _ends(demand: Any, periods: float) -> tuple[float, float]:
    """Return an interval that holds all but a negligible part of the probability."""
    if demand.distribution == "normal":
        spread = 12 * demand.sd * math.sqrt(periods)
        return demand.mean * periods - spread, demand.mean * periods + spread
    if demand.distribution == "lognormal":
        return math.exp(demand.mu - 12 * demand.sigma), math.exp(demand.mu + demand.sigma**2 + 12 * demand.sigma)
    return (demand.lower, demand.upper) if demand.distribution == "uniform" else (0.0, 45 * demand.mean)


def _density(demand: Any, x: Floats, periods: float) -> Floats:
    if demand.distribution == "normal":
        sd = demand.sd * math.sqrt(periods)
        return np.asarray(np.exp(-0.5 * ((x - demand.mean * periods) / sd) ** 2) / (sd * math.sqrt(2 * math.pi)))
    if demand.distribution == "lognormal":
        z = (np.log(x) - demand.mu) / demand.sigma
        return np.asarray(np.exp(-0.5 * z * z) / (x * demand.sigma * math.sqrt(2 * math.pi)))
    if demand.distribution == "uniform":
        return np.full(x.shape, 1 / (demand.upper - demand.lower))
    return np.asarray(np.exp(-x / demand.mean) / demand.mean)


def _integral(function: Any, low: float, high: float) -> float:
    """Integrate by Gauss and Legendre on panels; on geometric ones where the interval spans decades."""
    if high <= low:
        return 0.0
    wide = low > 0 and high / low > 100
    edges = np.geomspace(low, high, PANELS + 1) if wide else np.linspace(low, high, PANELS + 1)
    half = np.diff(edges) / 2
    places = edges[:-1, None] + half[:, None] * (NODES + 1)
    return float((function(places) * WEIGHTS * half[:, None]).sum())
