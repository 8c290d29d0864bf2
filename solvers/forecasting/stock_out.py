"""
Demand behind a stock-out: what would have been sold had there been stock.

Sales of a period without stock are a lower bound of its demand. The expected demand is a mean of the other observations, near
ones counting more (weight 0.8 a period, both ways), with the season put in; given that it was at least what was sold, a normal
distribution around it has the expectation mu + sigma phi(z) / (1 - Phi(z)), z = (sold - mu) / sigma (Tobin, Econometrica 26,
1958, 24-36). Sigma is the root mean square of what the same mean misses at observations with stock, each left out of its own.
"""

from math import erfc, exp, pi, sqrt

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NEARNESS = 0.8
"""What the weight of an observation is multiplied by for each period of distance."""

LEAST_WEIGHT = 1e-270
"""Below it, thousands of periods away from any stock, the mean of all observations with stock stands in."""

FEWEST = 3
"""Observations with stock that an estimate needs."""

ROUNDS = 2
"""Season and mean are estimated anew so many times with the estimates of the round before."""


def estimated_demand(values: FloatArray, flagged: BoolArray, season_length: int) -> FloatArray | None:
    """
    Return the observations (n,) with expected demand where `flagged`; None when too few others are left.

    `values` are complete: missing sales of flagged periods stand there as 0.
    """
    if values.size - int(flagged.sum()) < FEWEST:
        return None
    known = np.flatnonzero(~flagged)
    result = values.copy()
    result[flagged] = np.maximum(np.interp(np.flatnonzero(flagged), known, values[known]), values[flagged])
    for _ in range(ROUNDS):
        expected, spread = expected_values(result, flagged, season_length)
        sold = values[flagged]
        mean = expected[flagged]
        pairs = zip(sold.tolist(), mean.tolist(), strict=True)
        result[flagged] = [at_least(bound, centre, spread) for bound, centre in pairs]
    return result


def expected_values(values: FloatArray, flagged: BoolArray, season_length: int) -> tuple[FloatArray, float]:
    """Return the mean of the near observations that are not flagged, each left out of its own, and what it misses (RMS)."""
    season = seasonal_part(values, season_length)
    mean = nearby_mean(values - season, flagged) + season
    errors = (values - mean)[~flagged]
    return mean, float(np.sqrt(np.square(errors).mean()))


def at_least(sold: float, mean: float, spread: float) -> float:
    """Return the expectation of a normal demand, given that it was at least what was sold; its mean where nothing was."""
    if sold <= 0:
        return max(mean, 0.0)
    if spread <= 0:
        return max(mean, sold)
    z = (sold - mean) / spread
    above = 0.5 * erfc(z / sqrt(2))
    if above < 1e-12:  # far out in the tail the expectation is just above the bound, and the fraction cannot be computed
        return sold
    return max(sold, mean + spread * exp(-0.5 * z * z) / sqrt(2 * pi) / above)


def nearby_mean(values: FloatArray, flagged: BoolArray) -> FloatArray:
    """Return, at every time, the weighted mean of the other observations that are not flagged, shape (n,)."""
    total, weight = np.zeros(values.size), np.zeros(values.size)
    everywhere = float(values[~flagged].mean())
    for order in (range(values.size), range(values.size - 1, -1, -1)):
        carried, counted = 0.0, 0.0
        for t in order:
            total[t] += carried
            weight[t] += counted
            own = 0.0 if flagged[t] else 1.0
            carried = NEARNESS * (carried + own * values[t])
            counted = NEARNESS * (counted + own)
    near = weight > LEAST_WEIGHT
    return np.where(near, total / np.where(near, weight, 1.0), everywhere)


def seasonal_part(values: FloatArray, season_length: int) -> FloatArray:
    """Return what the season adds to every observation (n,): phase means of the deviations from a mean over one season."""
    m = season_length
    if m < 2 or values.size < 2 * m:
        return np.zeros(values.size)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    starts = np.clip(np.arange(values.size) - m // 2, 0, values.size - m)
    deviations = values - (sums[starts + m] - sums[starts]) / m
    phases = np.arange(values.size) % m
    means = np.bincount(phases, deviations, m) / np.bincount(phases, minlength=m)
    return np.asarray((means - means.mean())[phases])
