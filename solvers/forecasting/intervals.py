"""
Prediction intervals from backtest errors.

Every error of the backtest becomes a score |error| / (s g_j): s a scale known at the origin, g_j the growth of the j-step
error that the method implies. The half-width at a level is the level's quantile of the scores times s g_j at the end of the
series. Errors come from the method that the other origins would have chosen, so that the choice does not flatter them. Scores
are pooled over the series of the request: per step (with its neighbours) when there are enough, otherwise over all steps. A
small sample is joined by half-normal scores of the same size, so that two errors do not pretend to know the 95 % quantile.

Source: split conformal prediction; Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), chapter 4.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from solvers.forecasting.windows import FloatArray

ENOUGH = 200
"""Scores of one step (with its neighbours) that let it have a quantile of its own."""

PRIOR_SCORES = 20
"""Half-normal scores that join every pool."""

DEFAULT_SIZE = 1.25
"""Size of the scores where nothing could be tested: errors out of sample exceed those in sample."""

LEAST_TAIL = 2.0**-54
"""Half the distance of 1 to the next number below: a probability nearer to 1 cannot be told from it."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class ScorePool:
    """Sorted scores of every step 1..H."""

    by_step: list[FloatArray]

    def quantile(self, probability: float) -> FloatArray:
        """
        Return, per step, the score that a share `probability` of absolute errors stays below.

        Increasing in it; shape (H,).
        """
        cache: dict[int, float] = {}
        for scores in self.by_step:
            if id(scores) not in cache:
                cache[id(scores)] = _quantile(scores, probability)
        return np.array([cache[id(scores)] for scores in self.by_step])


def pool_scores(scores: FloatArray, horizon: int) -> ScorePool:
    """
    Pool scores.

    Parameters
    ----------
    scores
        Shape (N, H): one row per series and origin, NaN where there is none.
    horizon
        Steps of the forecast (H); steps that no backtest reached use the last one that has enough.
    """
    everything = _with_prior(scores[np.isfinite(scores)])
    by_step = [everything] * horizon
    own = None
    for step in range(horizon):
        near = scores[:, max(step - 1, 0) : step + 2]
        near = near[np.isfinite(near)]
        reached = step < scores.shape[1] and bool(np.isfinite(scores[:, step]).any())
        if reached and near.size >= ENOUGH:
            own = _with_prior(near)
        by_step[step] = everything if own is None else own
    return ScorePool(by_step)


def _with_prior(scores: FloatArray) -> FloatArray:
    """Return the scores and half-normal ones of the same root mean square, sorted."""
    size = float(np.sqrt(np.mean(np.square(scores)))) if scores.size else DEFAULT_SIZE
    probabilities = (np.arange(PRIOR_SCORES) + 0.5) / PRIOR_SCORES
    prior = [size * _NORMAL.inv_cdf(0.5 + p / 2) for p in probabilities.tolist()]
    return np.sort(np.concatenate([scores, prior]))


def _quantile(scores: FloatArray, probability: float) -> float:
    """Return the conformal quantile; beyond the largest score it grows as that of a normal distribution."""
    rank = probability * (scores.size + 1)
    if rank <= scores.size:
        return float(np.interp(rank, np.arange(scores.size + 1), np.concatenate([[0.0], scores])))
    return float(scores[-1] * _half_normal(probability) / _half_normal(scores.size / (scores.size + 1)))


def _half_normal(probability: float) -> float:
    """Return the half-normal quantile, from its tail: 0.5 + p / 2 rounds to 1 for the largest p below 1."""
    return -_NORMAL.inv_cdf(max((1 - probability) / 2, LEAST_TAIL))
