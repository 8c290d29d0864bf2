"""
Sample paths: possible futures, each a whole path, for whoever has to plan against all steps together.

Every step has the distribution that its quantiles and intervals have. The steps of a path belong together: a standard normal
autoregression of order one gives their ranks, its coefficient the correlation of neighbouring backtest errors, pooled over the
request (a Gaussian copula; Nelsen, An Introduction to Copulas, 2006, section 2.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import ndtr, ndtri

from solvers.forecasting.history import FloatArray
from solvers.forecasting.intermittent import counting_unit
from solvers.forecasting.intervals import ScorePool
from solvers.forecasting.selection import Chosen

USUAL_CORRELATION = 0.6
"""Correlation of neighbouring errors where nothing was tested; it counts as much as 20 pairs."""

USUAL_PAIRS = 20
LARGEST_CORRELATION = 0.98


@dataclass(slots=True)
class Sampler:
    """Draws `count` paths for one series after the other from one stream of random numbers."""

    count: int
    pool: ScorePool
    correlation: float
    stream: np.random.Generator

    def normals(self, horizon: int) -> FloatArray:
        """Return standard normal numbers (count, H), neighbours correlated."""
        fresh = self.stream.standard_normal((self.count, horizon))
        for step in range(1, horizon):
            fresh[:, step] = self.correlation * fresh[:, step - 1] + np.sqrt(1 - self.correlation**2) * fresh[:, step]
        return fresh

    def around(self, chosen: Chosen, floor: float) -> list[list[float]]:
        """Return paths around a point forecast: backtest errors of the request, scaled for the series."""
        z = self.normals(chosen.base.size)
        share = 2 * ndtr(np.abs(z)) - 1
        size = np.column_stack([score_quantiles(scores, share[:, step]) for step, scores in enumerate(self.pool.by_step)])
        paths: list[list[float]] = np.maximum(chosen.point + np.sign(z) * size * chosen.width, floor).tolist()
        return paths

    def counts(self, used: FloatArray, mean: FloatArray, dispersion: float) -> list[list[float]]:
        """Return paths of counted demand, negative binomial at every step; 0 where none is expected."""
        unit = counting_unit(used)
        counted = np.maximum(mean, 0.0) / unit
        share = np.clip(ndtr(self.normals(mean.size)), 1e-12, 1 - 1e-12)
        drawn = stats.nbinom.ppf(share, np.maximum(counted, 1e-12) / (dispersion - 1), 1 / dispersion)
        paths: list[list[float]] = (unit * np.where(counted > 0, drawn, 0.0)).tolist()
        return paths

    def from_history(self, used: FloatArray, horizon: int) -> list[list[float]]:
        """Return paths whose steps have the distribution of the history."""
        share = ndtr(self.normals(horizon))
        paths: list[list[float]] = np.quantile(used, share, method="inverted_cdf").tolist()
        return paths


def neighbour_correlation(chosen: Sequence[Chosen]) -> float:
    """Return the correlation of the errors of neighbouring steps in the backtests, drawn to the usual one when they are few."""
    together, alone, pairs = 0.0, 0.0, 0
    for choice in chosen:
        if not choice.errors.size or choice.errors.shape[2] < 2 or choice.scale <= 0 or choice.method not in choice.methods:
            continue
        errors = choice.errors[:, choice.methods.index(choice.method)] / choice.scale
        before, after = errors[:, :-1].ravel(), errors[:, 1:].ravel()
        known = np.isfinite(before) & np.isfinite(after)
        together += float(before[known] @ after[known])
        alone += float(0.5 * (before[known] @ before[known] + after[known] @ after[known]))
        pairs += int(known.sum())
    if alone <= 0:
        return USUAL_CORRELATION
    mixed = (pairs * together / alone + USUAL_PAIRS * USUAL_CORRELATION) / (pairs + USUAL_PAIRS)
    return float(np.clip(mixed, 0.0, LARGEST_CORRELATION))


def score_quantiles(scores: FloatArray, share: FloatArray) -> FloatArray:
    """Return the scores that the given shares (N,) of absolute errors stay below; beyond the largest as a normal grows."""
    rank = share * (scores.size + 1)
    inside = np.interp(rank, np.arange(scores.size + 1), np.concatenate([[0.0], scores]))
    last = scores.size / (scores.size + 1)
    beyond = scores[-1] * -ndtri(np.maximum((1 - share) / 2, 2.0**-54)) / -ndtri((1 - last) / 2)
    found: FloatArray = np.where(rank <= scores.size, inside, beyond)
    return found
