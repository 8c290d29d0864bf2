"""
Ensembles recomputed: the combination from the members' forecasts, and members from the observations.

Of every series whose member forecasts were kept, the mean is recomputed: by sorting them, or with weights that must be
non-negative and sum to 1. Of a few series, spread over the request, members are fitted once more with plain NumPy:
least squares on regressors simulated one by one, where the methods use tables and recursions over whole grids.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.check_covariates import adjusted
from solvers.forecasting.check_data import FloatArray, Given
from solvers.forecasting.check_members import recomputed_members
from solvers.forecasting.check_two_seasons import recomputed_two_seasons

Pairs = Sequence[tuple[Given, SeriesForecast]]

MOST_REFITTED = 3
LONGEST_REFITTED = 200
LONGEST_TWO_SEASONS = 4_000
"""Members with two seasons are recomputed by plain regressions, which take longer histories."""


def _kept(pairs: Pairs, evidence: Any) -> Iterator[tuple[Given, SeriesForecast, Any]]:
    """Yield every series with its combination, None where it is no ensemble or its members were not kept."""
    for (given, answer), chosen in zip(pairs, evidence.chosen, strict=True):
        kept = answer.method == "ensemble" and chosen.combination.paths is not None
        yield given, answer, chosen.combination if kept else None


def combination_violations(pairs: Pairs, evidence: Any) -> Iterator[float]:
    """Return, per kept ensemble, how far the answer is from the combination of its members, relative to its size."""
    for given, answer, combination in _kept(pairs, evidence):
        if combination is None:
            continue
        expected = combined(combination.paths, combination.weights, answer)
        if given.non_negative:
            expected = np.maximum(expected, 0.0)
        yield float(np.abs(expected - np.array(answer.mean)).max()) / size(given, answer)
        named = answer.fit.members or {}
        told = np.array([named.get(name, np.nan) for name in combination.names])
        yield float(np.abs(told - combination.weights.mean(axis=1)).max())


def combined(paths: FloatArray, weights: FloatArray, answer: SeriesForecast) -> FloatArray:
    """Return the forecasts (H,) that follow from members (K, H), weights of the evidence and the rule that was reported."""
    ordered = np.sort(paths, axis=0)
    quarter = len(paths) // 4
    middle = ordered[quarter : len(paths) - quarter].mean(axis=0)
    if answer.fit.combination == "trimmed_mean":
        return np.asarray(middle)
    inside = bool((weights >= 0).all()) and bool(np.allclose(weights.sum(axis=0), 1.0, atol=1e-9))
    return np.asarray((weights * paths).sum(axis=0)) if inside else np.full(paths.shape[1], np.nan)


def member_violations(problem: ForecastProblem, pairs: Pairs, evidence: Any) -> Iterator[float]:
    """Return, for a few ensembles spread over the request, how far members fitted once more are from those that were used."""
    kept = [(k, combination) for k, (_, answer, combination) in enumerate(_kept(pairs, evidence)) if combination is not None]
    for index, combination in kept[:: max(1, -(-len(kept) // MOST_REFITTED))]:
        given, answer = pairs[index]
        two = len(answer.fit.season_lengths) > 1
        if answer.fit.observations > (LONGEST_TWO_SEASONS if two else LONGEST_REFITTED):
            continue
        base = adjusted(problem, given, answer)
        m, horizon = answer.fit.season_length, len(answer.mean)
        if two:
            again = recomputed_two_seasons(base.values, m, answer.fit.season_lengths[1], horizon)
        else:
            again = recomputed_members(base.values, m, horizon)
        for name, plain in again.items():
            path = plain * base.factor + base.offset
            before = combination.paths[combination.names.index(name)]
            largest = max(float(np.abs(path).max()), size(given, answer))
            yield float(np.abs(path - before).max()) / largest


def size(given: Given, answer: SeriesForecast) -> float:
    """Return the largest number of a series and its forecast."""
    return max(float(np.abs(given.values).max()), max(map(abs, answer.mean)), 1e-300)
