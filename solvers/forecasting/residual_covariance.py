"""
Covariance of the one-step errors of the members of a hierarchy, shrunk towards its diagonal.

Errors are those of simple smoothing of the seasonally adjusted series, each with the weight that misses least, over at most
200 periods that all members are aligned to. The shrinkage of the correlations is that of Schaefer and Strimmer, Statistical
Applications in Genetics and Molecular Biology 4 (2005), article 32.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import signal

from solvers.forecasting.history import FloatArray
from solvers.forecasting.seasonality import seasonal_profile
from solvers.forecasting.smoothing_weight import smoothing_weight
from solvers.forecasting.windows import pack

MOST_PERIODS = 200
FEWEST_ERRORS = 3
"""Errors from which on a member has a variance of its own."""

LEAST_SHRINKAGE = 0.02
SMALLEST_SHARE = 1e-8
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Covariance:
    """
    W = D^(1/2) (s I + (1 - s) Z Z' / T) D^(1/2) of n members.

    `variances` (n,) is the diagonal of D, `scores` (n, T) the standardised errors Z with mean square 1, `shrinkage` s.
    """

    variances: FloatArray
    scores: FloatArray
    shrinkage: float

    def times(self, table: FloatArray) -> FloatArray:
        """Return table @ W for a table of shape (k, n)."""
        size = np.sqrt(self.variances)
        shared = ((table * size) @ self.scores) @ self.scores.T * size / max(self.scores.shape[1], 1)
        return np.asarray(self.shrinkage * table * self.variances + (1 - self.shrinkage) * shared)


def covariance_of(histories: Sequence[FloatArray], season_length: int) -> Covariance:
    """Return the shrunk covariance of members whose histories end together."""
    errors = one_step_errors(histories, season_length)
    known = np.isfinite(errors)
    filled = np.where(known, errors, 0.0)
    counts = known.sum(axis=1)
    variances = (filled**2).sum(axis=1) / np.maximum(counts, 1)
    size = np.array([float(np.abs(values).mean()) for values in histories])
    sound = (counts >= FEWEST_ERRORS) & (variances > 0)
    typical = float(np.median(variances[sound] / np.maximum(size[sound], 1e-300) ** 2)) if sound.any() else 1.0
    variances = np.where(counts >= FEWEST_ERRORS, variances, typical * size**2)
    largest = float(variances.max())
    variances = np.maximum(variances, SMALLEST_SHARE * largest) if largest > 0 else np.ones(len(histories))
    length = np.sqrt((filled**2).sum(axis=1))
    periods = errors.shape[1]
    scores = filled * (np.sqrt(periods) / np.where(length > 0, length, 1.0))[:, None]
    return Covariance(variances, scores, shrinkage_of(scores))


def one_step_errors(histories: Sequence[FloatArray], season_length: int) -> FloatArray:
    """Return errors of simple smoothing, latest last, shape (n, T); NaN before the second observation of a member."""
    recent = [values[-(MOST_PERIODS + 1) :] for values in histories]
    windows = pack(recent)
    profile = seasonal_profile(windows, season_length)
    table = np.full((len(recent), max(1, max(values.size for values in recent) - 1)), np.nan)
    for row, values in enumerate(recent):
        if values.size < 2:
            continue
        adjusted = values - np.resize(profile.additive[:, windows.place[row]], values.size)
        weight = smoothing_weight(adjusted)
        levels, _ = signal.lfilter([weight], [1.0, weight - 1.0], adjusted, zi=[(1 - weight) * adjusted[0]])
        table[row, table.shape[1] - values.size + 1 :] = adjusted[1:] - levels[:-1]
    return table


def shrinkage_of(scores: FloatArray) -> float:
    """Return the share of the diagonal, between 0.02 and 1: sum of the variances of the correlations / sum of their squares."""
    count, periods = scores.shape
    if periods <= FEWEST_ERRORS or count < 2:
        return 1.0
    spread = squares = 0.0
    for first in range(0, count, ROWS_AT_ONCE):
        rows = scores[first : first + ROWS_AT_ONCE]
        correlation = rows @ scores.T / periods
        second = (rows**2) @ (scores**2).T / periods
        own = np.arange(first, first + len(rows))
        noise = (second - correlation**2) / (periods - 1)
        noise[own - first, own] = 0.0
        correlation[own - first, own] = 0.0
        spread += float(noise.sum())
        squares += float((correlation**2).sum())
    return float(np.clip(spread / squares, LEAST_SHRINKAGE, 1.0)) if squares > 0 else 1.0
