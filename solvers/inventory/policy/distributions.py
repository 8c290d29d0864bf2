"""
Random demand as the policies need it: distribution function, quantile, expected shortage, points, samples.

The expected shortage of a quantity x is n(x) = E[(D - x)^+], the expected leftover n(x) + x - E[D].
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special, stats

from models.inventory_policy.demand import (
    AnyDemand,
    DiscreteDemand,
    EmpiricalDemand,
    LognormalDemand,
    NormalDemand,
    PoissonDemand,
    UniformDemand,
)

Floats = NDArray[np.float64]
DIRECT = 400
"""Shorter arrays are convolved directly."""

DEVIATIONS, UNITS = 12, 40
"""Standard deviations and units above the mean where a Poisson distribution is cut: less than 1e-30 lies beyond."""


class Distribution(Protocol):
    """A distribution of demand in units."""

    mean: float
    discrete: bool

    def cdf(self, x: float) -> float:
        """Return P(D <= x)."""

    def quantile(self, share: float) -> float:
        """Return the least x with P(D <= x) >= share."""

    def shortage(self, x: float) -> float:
        """Return E[(D - x)^+]."""

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        """Return independent demands, shape (size,)."""

    def points(self) -> tuple[Floats, Floats]:
        """Return values, ascending, and their probabilities; of a discrete distribution only."""


class Continuous:
    """A distribution with a density, as scipy has it, with its expected shortage in closed form."""

    discrete = False

    def __init__(self, frozen: Any, kind: AnyDemand) -> None:
        self._frozen, self._kind = frozen, kind
        self.mean = float(frozen.mean())

    def cdf(self, x: float) -> float:
        """Return P(D <= x)."""
        return float(self._frozen.cdf(x))

    def quantile(self, share: float) -> float:
        """Return the x with P(D <= x) = share."""
        return float(self._frozen.ppf(share))

    def shortage(self, x: float) -> float:
        """Return E[(D - x)^+]."""
        kind = self._kind
        if isinstance(kind, NormalDemand):
            return normal_shortage(x, mean=kind.mean, sd=kind.sd)
        if isinstance(kind, LognormalDemand):
            if x <= 0:
                return self.mean - x
            z = (kind.mu - np.log(x)) / kind.sigma
            return float(self.mean * special.ndtr(z + kind.sigma) - x * special.ndtr(z))
        if isinstance(kind, UniformDemand):
            inside = min(max(x, kind.lower), kind.upper)
            return (kind.upper - inside) ** 2 / (2 * (kind.upper - kind.lower)) + max(0.0, kind.lower - x)
        return self.mean * float(np.exp(-x / self.mean)) if x > 0 else self.mean - x

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        """Return independent demands."""
        return np.asarray(self._frozen.rvs(size=size, random_state=generator), dtype=np.float64)

    def points(self) -> tuple[Floats, Floats]:
        """Return 200 points of equal probability: the middles of their shares."""
        shares = (np.arange(200) + 0.5) / 200
        return np.asarray(self._frozen.ppf(shares), dtype=np.float64), np.full(200, 1 / 200)


class Points:
    """A distribution over finitely many values."""

    discrete = True

    def __init__(self, values: Floats, probabilities: Floats) -> None:
        order = np.argsort(values, kind="stable")
        unique, place = np.unique(values[order], return_inverse=True)
        weights = np.bincount(place, weights=probabilities[order], minlength=len(unique))
        kept = weights > 0
        self._values, self._weights = unique[kept], weights[kept] / weights[kept].sum()
        self._cumulative = np.cumsum(self._weights)
        self.mean = float(self._values @ self._weights)

    def cdf(self, x: float) -> float:
        """Return P(D <= x)."""
        place = int(np.searchsorted(self._values, x, side="right"))
        return min(1.0, float(self._cumulative[place - 1])) if place else 0.0

    def quantile(self, share: float) -> float:
        """Return the least value whose cumulative probability reaches the share, up to the noise of summing."""
        place = int(np.searchsorted(self._cumulative, share - 1e-12, side="left"))
        return float(self._values[min(place, len(self._values) - 1)])

    def shortage(self, x: float) -> float:
        """Return E[(D - x)^+]."""
        return float(np.maximum(self._values - x, 0.0) @ self._weights)

    def sample(self, generator: np.random.Generator, size: int) -> Floats:
        """Return independent demands."""
        return np.asarray(generator.choice(self._values, size=size, p=self._weights), dtype=np.float64)

    def points(self) -> tuple[Floats, Floats]:
        """Return values and probabilities."""
        return self._values, self._weights


def distribution_of(demand: AnyDemand) -> Distribution:
    """Return the distribution that a request describes."""
    if isinstance(demand, PoissonDemand):
        return poisson(demand.mean)
    if isinstance(demand, DiscreteDemand):
        return Points(np.array(demand.values), np.array(demand.probabilities))
    if isinstance(demand, EmpiricalDemand):
        count = len(demand.observations)
        return Points(np.array(demand.observations), np.full(count, 1 / count))
    if isinstance(demand, NormalDemand):
        return Continuous(stats.norm(demand.mean, demand.sd), demand)
    if isinstance(demand, LognormalDemand):
        return Continuous(stats.lognorm(s=demand.sigma, scale=np.exp(demand.mu)), demand)
    if isinstance(demand, UniformDemand):
        return Continuous(stats.uniform(demand.lower, demand.upper - demand.lower), demand)
    return Continuous(stats.expon(scale=demand.mean), demand)


def poisson(mean: float) -> Points:
    """Return Poisson demand, cut far above its mean: a shortage may cost very much more than holding."""
    last = int(mean + DEVIATIONS * np.sqrt(mean)) + UNITS
    return Points(np.arange(last + 1.0), np.asarray(stats.poisson.pmf(np.arange(last + 1), mean), dtype=np.float64))


def normal_shortage(x: float, *, mean: float, sd: float) -> float:
    """Return E[(D - x)^+] of normal demand."""
    z = (x - mean) / sd
    return sd * float(np.exp(-z * z / 2) / np.sqrt(2 * np.pi) - z * special.ndtr(-z))


def over_periods(demand: AnyDemand, periods: int) -> Distribution:
    """Return the distribution of the sum of independent demands of so many periods; normal, Poisson or discrete."""
    if isinstance(demand, NormalDemand):
        sd = demand.sd * np.sqrt(periods)
        return Continuous(
            stats.norm(demand.mean * periods, sd),
            NormalDemand.model_construct(distribution="normal", mean=demand.mean * periods, sd=float(sd)),
        )
    if isinstance(demand, PoissonDemand):
        return poisson(demand.mean * periods)
    weights = whole_unit_weights(demand)
    total = convolution_power(weights, periods)
    return Points(np.arange(len(total), dtype=np.float64), total)


def whole_unit_weights(demand: AnyDemand) -> Floats:
    """
    Return P(D = 0), P(D = 1), ... of demand in whole units.

    Normal demand is rounded to the nearest whole unit, and what would be below 0 is 0.
    """
    if isinstance(demand, NormalDemand):
        last = max(1, int(np.ceil(demand.mean + 9 * demand.sd)))
        edges = special.ndtr((np.arange(last + 1) + 0.5 - demand.mean) / demand.sd)
        return np.asarray(np.diff(edges, prepend=0.0) / edges[-1], dtype=np.float64)
    values, weights = distribution_of(demand).points()
    return np.asarray(np.bincount(values.astype(np.int64), weights=weights), dtype=np.float64)


def convolution_power(weights: Floats, times: int) -> Floats:
    """Return the weights of the sum of independent demands, by repeated squaring; the far tail (1e-18) is cut off."""
    result, power, left = np.ones(1), weights, times
    while left:
        if left & 1:
            result = _shortened(np.maximum(convolve(result, power), 0.0))
        left >>= 1
        if left:
            power = _shortened(np.maximum(convolve(power, power), 0.0))
    return result


def convolve(first: Floats, second: Floats) -> Floats:
    """Return the convolution of two arrays, by transforms where both are long."""
    if min(len(first), len(second)) < DIRECT:
        return np.asarray(np.convolve(first, second))
    size = len(first) + len(second) - 1
    length = fft.next_fast_len(size, real=True)
    return np.asarray(fft.irfft(fft.rfft(first, length) * fft.rfft(second, length), length)[:size])


def _shortened(weights: Floats) -> Floats:
    tail = np.cumsum(weights[::-1])[::-1]
    kept = weights[: max(1, int(np.searchsorted(-tail, -1e-18, side="left")))]
    return np.asarray(kept / kept.sum(), dtype=np.float64)
