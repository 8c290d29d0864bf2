"""Forecasts of a hierarchy made to add up: point forecasts by projection, quantiles and sample paths from coherent draws."""

from collections.abc import Sequence

import numpy as np

from models.forecasting import ForecastProblem, Interval, SeriesForecast
from solvers.forecasting.answer import Evidence, key_of
from solvers.forecasting.coherent_samples import Members, coherent_draws
from solvers.forecasting.hierarchy import Structure
from solvers.forecasting.history import FloatArray
from solvers.forecasting.intervals import pool_scores
from solvers.forecasting.reconciliation import Coherence, Projection
from solvers.forecasting.residual_covariance import covariance_of
from solvers.forecasting.sample_paths import neighbour_correlation

DRAWS = 1_000
"""Draws from which quantiles are read; a fifth of it for large hierarchies."""

MANY_STEPS = 20_000
"""Members x steps from which on a hierarchy counts as large."""


def coherent(
    problem: ForecastProblem, evidence: Evidence, series: Sequence[SeriesForecast], structure: Structure
) -> tuple[list[SeriesForecast], Coherence]:
    """Return the forecasts with those of the hierarchy made to add up, and how."""
    places = structure.places.tolist()
    chosen = [evidence.chosen[place] for place in places]
    used = [evidence.used[place] for place in places]
    bounded = np.array([evidence.histories[place].non_negative for place in places], dtype=np.bool_)
    plain = [values if pick.effect is None else pick.effect.removed(values) for values, pick in zip(used, chosen, strict=True)]
    projection = Projection.of(structure, covariance_of(plain, evidence.season_length), bounded)
    base = np.array([series[place].mean for place in places])
    bottom_up = problem.reconciliation == "bottom_up"
    mean = structure.add_up(base) if bottom_up else projection.means(base)
    draws = coherent_draws(
        Members(used, chosen, base, mean),
        None if bottom_up else projection,
        projection,
        pool=pool_scores(np.concatenate([pick.scaled_errors for pick in evidence.chosen]), problem.horizon),
        correlation=neighbour_correlation(evidence.chosen),
        count=max(problem.samples, DRAWS if base.size <= MANY_STEPS else DRAWS // 5),
        seed=problem.options.seed,
    )
    tails = [(0.5 - level / 200, 0.5 + level / 200) for level in problem.levels]
    wanted = [0.5, *problem.quantiles, *(tail for pair in tails for tail in pair)]
    tables, paths = [], []
    for drawn in draws:
        tables.append(np.quantile(drawn, wanted, axis=1))
        paths.append(drawn[:, : problem.samples])
    quantiles, samples = np.stack(tables, axis=2), np.stack(paths, axis=2)
    result = list(series)
    for member, place in enumerate(places):
        own = samples[member].tolist() if problem.samples else None
        result[place] = _rewritten(problem, series[place], mean[member], quantiles[:, member], own)
    return result, Coherence(structure, projection, base, mean, bottom_up)


def _rewritten(
    problem: ForecastProblem, answer: SeriesForecast, mean: FloatArray, rows: FloatArray, samples: list[list[float]] | None
) -> SeriesForecast:
    """Return a forecast with coherent numbers; `rows` are the median, the quantiles and both ends of every interval."""
    first = 1 + len(problem.quantiles)
    flat = rows.tolist()
    pairs = zip(problem.levels, flat[first::2], flat[first + 1 :: 2], strict=True)
    changed = {
        "mean": mean.tolist(),
        "median": flat[0],
        "quantiles": {key_of(q): row for q, row in zip(problem.quantiles, flat[1:first], strict=True)},
        "intervals": {key_of(level): Interval(lower=lower, upper=upper) for level, lower, upper in pairs},
        "samples": samples,
        "base_mean": answer.mean,
    }
    return answer.model_copy(update=changed)
