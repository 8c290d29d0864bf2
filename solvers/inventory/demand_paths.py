"""
Demand paths of a plan with uncertain demand: the same request and seed give the same paths, wherever they are drawn.

Normal demand and quantiles are drawn by Latin hypercube sampling: of N draws of a period one lies in each N-th of the
distribution. Source: McKay, Beckman and Conover (1979), Technometrics 21, 239-245.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, PlanProblem

Floats = NDArray[np.float64]

NORMAL = NormalDist()


def is_uncertain(problem: PlanProblem) -> bool:
    """Tell whether any demand is uncertain."""
    return any(item.demand_uncertainty is not None for item in problem.items)


def scenario_paths(problem: PlanProblem) -> Floats:
    """Return the demand of every scenario, shape (N, I, T)."""
    return demand_paths(problem, problem.uncertainty.scenarios, seed=problem.options.seed)


def demand_paths(problem: PlanProblem, count: int, *, seed: int) -> Floats:
    """Return demand paths, shape (count, I, T); items with as many sample paths are drawn together."""
    generator = np.random.default_rng(seed)
    drawn: dict[int, NDArray[np.int64]] = {}
    paths = np.empty((count, len(problem.items), problem.periods))
    for index, item in enumerate(problem.items):
        known = item.demand_uncertainty
        if known is None:
            paths[:, index] = item.demand
        elif known.paths:
            chosen = drawn.get(len(known.paths))
            if chosen is None:
                chosen = drawn[len(known.paths)] = _drawn(len(known.paths), count, generator)
            paths[:, index] = np.array(known.paths)[chosen]
        else:
            paths[:, index] = _sampled(item, problem.periods, count, generator)
    return paths


def _drawn(paths: int, count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return which paths are taken: each as often as any other, give or take one."""
    rounds = [generator.permutation(paths) for _ in range(-(-count // paths))]
    return np.asarray(np.concatenate(rounds)[:count], dtype=np.int64)


def _sampled(item: Item, periods: int, count: int, generator: np.random.Generator) -> Floats:
    """Return (count, T) draws of normal demand or from quantiles."""
    strata = np.argsort(generator.random((count, periods)), axis=0)
    levels = np.clip((strata + generator.random((count, periods))) / count, 1e-9, 1 - 1e-9)
    scores = np.array([NORMAL.inv_cdf(level) for level in levels.ravel().tolist()]).reshape(levels.shape)
    known = item.demand_uncertainty
    assert known is not None
    if known.sd is not None:
        return np.asarray(np.maximum(np.array(item.demand) + np.asarray(known.sd) * scores, 0.0))
    order = sorted(known.quantiles, key=float)
    at = np.array([NORMAL.inv_cdf(float(level)) for level in order])
    values = np.maximum.accumulate(np.array([known.quantiles[level] for level in order]), axis=0)
    draws = np.empty(levels.shape)
    for period in range(periods):
        draws[:, period] = _interpolated(scores[:, period], at, values[:, period])
    return np.maximum(draws, 0.0)


def _interpolated(scores: Floats, at: Floats, values: Floats) -> Floats:
    """Interpolate quantiles over normal scores; beyond the outermost go on as the outermost pair does."""
    inside = np.interp(scores, at, values)
    low = values[0] + (scores - at[0]) * (values[1] - values[0]) / (at[1] - at[0])
    high = values[-1] + (scores - at[-1]) * (values[-1] - values[-2]) / (at[-1] - at[-2])
    return np.asarray(np.where(scores < at[0], low, np.where(scores > at[-1], high, inside)))
