"""
Weights of the members of the ensemble.

Three rules. The mean of the middle half of the members at every step needs nothing but their forecasts (a trimmed mean, between
mean and median). Short seasons and none add weights learned on made-up series from features of the series: half of each. Long
histories and long seasons have enough past to weight the members by their own errors at earlier cutoffs: a member counts in
proportion to its accuracy to the power 2.8.

Sources: Bates and Granger, OR Quarterly 20 (1969), 451-468; Montero-Manso, Athanasopoulos, Hyndman and Talagala, International
Journal of Forecasting 36 (2020), 86-92 (weights from features).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.forecasting.solution import CombinationRule
from solvers.forecasting.pool_weights import TABLES

FloatArray = npt.NDArray[np.float64]

TRIMMED_SHARE = 0.25
LEARNED_SHARE = 0.5
ACCURACY_POWER = 2.8
TWO_SEASON_POWER = 5.0
"""With two seasons, many members lack one of them: accuracy counts more."""

LONGEST_SHORT_SEASON = 8
"""Learned weights are used for shorter seasons; on longer ones they were no better than the trimmed mean."""

LONG_SEASON = 24
LONG_HISTORY = 200
"""From this season length or number of observations on, the members' own past errors decide."""


@dataclass(frozen=True, slots=True)
class Combination:
    """
    How one series was combined.

    `weights` and `paths` (K, H), None in very large requests; `scores` (K,) are the members' backtest scores, NaN if none.
    """

    rule: CombinationRule
    names: tuple[str, ...]
    weights: FloatArray | None
    paths: FloatArray | None
    scores: FloatArray
    reason: str


def trimmed_weights(paths: FloatArray) -> FloatArray:
    """Return weights (W, K, H) that give the mean of the middle half of the members at every step."""
    members = paths.shape[1]
    cut = int(members * TRIMMED_SHARE)
    rank = np.argsort(np.argsort(paths, axis=1, kind="stable"), axis=1, kind="stable")
    return np.where((rank >= cut) & (rank < members - cut), 1.0 / (members - 2 * cut), 0.0)


def learned_weights(features: FloatArray, *, season_length: int, horizon: int) -> FloatArray:
    """Return the weights (W, K, H) of the shipped table for series features (W, F)."""
    table = np.array(TABLES["undated" if season_length == 1 else "quarterly"])
    place = np.linspace(-0.5, 0.5, horizon) if horizon > 1 else np.zeros(1)
    score = (table[:, 0] + features @ table[:, 2:].T)[:, :, None] + table[:, 1][:, None] * place
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def accuracy_weights(past: FloatArray, power: float = ACCURACY_POWER) -> FloatArray:
    """Return weights (W, K) from mean absolute past errors (W, K)."""
    middle = np.median(past, axis=1, keepdims=True)
    relative = np.where(middle > 0, middle / np.maximum(past, 0.02 * middle + 1e-300), 1.0)
    weight = np.clip(relative, 0.02, 50.0) ** power
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def member_weights(
    paths: FloatArray,
    features: FloatArray,
    past: FloatArray,
    lengths: npt.NDArray[np.int64],
    *,
    season_length: int,
    two_seasons: bool = False,
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """
    Return the weights of the members, shape (W, K, H), and which windows are weighted by past errors (W,).

    `past` (W, K) holds mean absolute errors at other cutoffs, NaN where there are none.
    """
    weights = trimmed_weights(paths)
    if season_length < LONGEST_SHORT_SEASON and not two_seasons:
        learned = learned_weights(features, season_length=season_length, horizon=paths.shape[2])
        weights = (1 - LEARNED_SHARE) * weights + LEARNED_SHARE * learned
    by_past = np.isfinite(past).all(axis=1) & (two_seasons | (lengths >= LONG_HISTORY) | (season_length >= LONG_SEASON))
    if by_past.any():
        power = TWO_SEASON_POWER if two_seasons else ACCURACY_POWER
        weights[by_past] = accuracy_weights(past[by_past], power)[:, :, None]
    return weights, by_past
