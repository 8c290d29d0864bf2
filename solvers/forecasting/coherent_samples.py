"""
Joint futures of the members of a hierarchy that add up path by path: quantiles of sums come from sums.

Own forecasts are drawn together: ranks from a Gaussian copula whose correlations over members are those of the one-step errors
(shrunk as for the means) and over steps those of neighbouring backtest errors; at every step each member's draws have exactly
the distribution of its own forecast (ranks spread evenly). The projection of the means takes every path to one that adds up.
Source: Panagiotelis, Gamakumara, Athanasopoulos and Hyndman, European Journal of Operational Research 306 (2023), 693-706.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtri

from solvers.forecasting.answer import COUNTED
from solvers.forecasting.history import FloatArray
from solvers.forecasting.intermittent import counting_unit
from solvers.forecasting.intervals import ScorePool
from solvers.forecasting.reconciliation import Projection
from solvers.forecasting.sample_paths import score_quantiles
from solvers.forecasting.selection import Chosen

LONGEST_TABLE = 20_000
"""Counts up to which the distribution of counted demand is tabulated."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a hierarchy: observations used, own choices, own point forecasts (n, H) and what they become (n, H)."""

    used: Sequence[FloatArray]
    chosen: Sequence[Chosen]
    base: FloatArray
    mean: FloatArray


def coherent_draws(
    members: Members,
    projection: Projection | None,
    leaves: Projection,
    *,
    pool: ScorePool,
    correlation: float,
    count: int,
    seed: int,
) -> Iterator[FloatArray]:
    """
    Yield, per step, `count` draws of every member that add up, shape (n, count); a path keeps its column.

    `projection` is that of the means, None for bottom-up; `leaves` gives structure, signs and correlations.
    """
    stream = np.random.default_rng(seed)
    covariance = leaves.covariance
    periods = covariance.scores.shape[1]
    n, steps = members.base.shape
    probabilities = (np.arange(count) + 0.5) / count
    normals = np.zeros((n, count))
    tables = [_Table(used, chosen, probabilities) for used, chosen in zip(members.used, members.chosen, strict=True)]
    signs, shares = np.sign(probabilities - 0.5), np.abs(2 * probabilities - 1)
    for step in range(steps):
        shared = covariance.scores @ stream.standard_normal((periods, count)) / np.sqrt(periods)
        alone = stream.standard_normal((n, count))
        fresh = np.sqrt(covariance.shrinkage) * alone + np.sqrt(1 - covariance.shrinkage) * shared
        normals = fresh if step == 0 else correlation * normals + np.sqrt(1 - correlation**2) * fresh
        ranks = np.argsort(np.argsort(normals, axis=1), axis=1)
        sizes = signs * score_quantiles(pool.by_step[step], shares)
        own = np.stack([table.sorted(step, sizes) for table in tables])
        draws = np.take_along_axis(own, ranks, axis=1)
        if projection is not None:
            draws = projection.apply(draws)
            draws += (members.mean[:, step] - projection.apply(members.base[:, step : step + 1])[:, 0])[:, None]
        draws[leaves.bounded] = np.maximum(draws[leaves.bounded], 0.0)
        yield leaves.structure.add_up(draws)


@dataclass(slots=True)
class _Table:
    """The distribution of one member's own forecast at evenly spread probabilities."""

    used: FloatArray
    chosen: Chosen
    probabilities: FloatArray
    counted: tuple[float, FloatArray] | None = None

    def sorted(self, step: int, sizes: FloatArray) -> FloatArray:
        """Return the quantiles at a step, shape (N,); `sizes` are those of a symmetric error of width 1."""
        chosen = self.chosen
        if chosen.method == "historical_mean":
            return np.asarray(np.quantile(self.used, self.probabilities, method="inverted_cdf"))
        if chosen.method not in COUNTED:
            return np.asarray(chosen.point[step] + sizes * chosen.width[step])
        unit = counting_unit(self.used)
        mean = max(float(chosen.point[step]), 0.0) / unit
        if self.counted is None or self.counted[0] != mean:
            self.counted = (mean, _counts(mean, float(chosen.width[0]), self.probabilities))
        return unit * self.counted[1]


def _counts(mean: float, dispersion: float, probabilities: FloatArray) -> FloatArray:
    """Return negative binomial quantiles of a mean and a ratio of variance to mean, shape (N,)."""
    if mean <= 0:
        return np.zeros(probabilities.size)
    size, chance = mean / (dispersion - 1), 1 / dispersion
    last = mean + 12 * np.sqrt(mean * dispersion) + 15 * dispersion + 20
    if last > LONGEST_TABLE:
        return np.asarray(mean * (1 + np.sqrt(dispersion / mean) * ndtri(probabilities))).clip(0.0)
    counts = np.arange(int(last) + 1)
    logs = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0) + size * np.log(chance)
    reached = np.cumsum(np.exp(logs + counts * np.log1p(-chance)))
    return np.searchsorted(reached, probabilities).clip(0, counts[-1]).astype(np.float64)
