"""
Intermittent demand: an exponentially weighted mean, scaled to the total, with negative binomial quantiles.

No method is chosen by absolute errors here, because they favour a forecast of zero. The expected demand per period is the mean
of the history with weights that fall by 15 % a period. It equals the forecast of Teunter, Syntetos and Babai (European Journal
of Operational Research 214, 2011, 606-615) with one weight for probability and size, and unlike Croston's it also falls while
nothing is sold.

A single such series is too thin to show a trend or a season, but their sum is not: with 100 or more in a request the total is
forecast by the pool, and all forecasts are multiplied by what makes them add up to it (top-down; Gross and Sohl, Journal of
Forecasting 9, 1990, 233-254).

Quantiles are those of a negative binomial distribution with that mean; its ratio of variance to mean is the middle between that
of the series and the median of the request.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from models.forecasting.solution import MethodName
from solvers.forecasting.backtest import plan
from solvers.forecasting.combination import member_weights
from solvers.forecasting.fit import described
from solvers.forecasting.history import FloatArray
from solvers.forecasting.pool import MEMBERS, Pool
from solvers.forecasting.selection import Chosen

ALPHA = 0.15
ENOUGH_SERIES = 100
LARGEST_FACTOR = 2.0
ENOUGH_FOR_MEDIAN = 20
SMALLEST_DISPERSION = 1.02
"""Ratio of variance to mean: just above that of a Poisson distribution."""

PARTS_OF_SIZE = 20
"""Demand that is not in whole units is counted in this share of its mean size."""


def weighted_mean(values: FloatArray) -> float:
    """Return the mean with weights (1 - alpha) ** age."""
    weights = (1 - ALPHA) ** np.arange(values.size - 1, -1, -1.0)
    return float(weights @ values / weights.sum())


def total_factors(used: Sequence[FloatArray], means: FloatArray, *, season_length: int, horizon: int) -> FloatArray:
    """Return per step (H,) what the forecasts are multiplied by: 1 for few series."""
    shortest = min(values.size for values in used)
    if len(used) < ENOUGH_SERIES or means.sum() <= 0 or shortest < max(12, 2 * season_length if season_length < 24 else 12):
        return np.ones(horizon)
    total = np.sum([values[-shortest:] for values in used], axis=0)
    pool = Pool.of([total], season_length=season_length, horizon=horizon)
    unknown = np.full((1, len(MEMBERS)), np.nan)
    weights, _ = member_weights(pool.paths, pool.features, unknown, np.array([shortest]), season_length=season_length)
    path = (weights * pool.paths).sum(axis=1)[0]
    return np.asarray(np.clip(path / means.sum(), 1 / LARGEST_FACTOR, LARGEST_FACTOR))


def intermittent_choices(used: Sequence[FloatArray], *, season_length: int, horizon: int) -> list[Chosen]:
    """Return the forecasts of intermittent series; `width` holds the ratio of variance to mean."""
    if not used:
        return []
    means = np.array([weighted_mean(values) for values in used])
    own = np.array([own_dispersion(values) for values in used])
    dispersion = 0.5 * own + 0.5 * np.median(own) if len(used) >= ENOUGH_FOR_MEDIAN else own
    factors = total_factors(used, means, season_length=season_length, horizon=horizon)
    scaling = None if np.all(factors == 1.0) else factors.tolist()
    rows = zip(used, means.tolist(), dispersion.tolist(), strict=True)
    return [counted_choice(values, mean, spread, factors, scaling) for values, mean, spread in rows]


def own_dispersion(values: FloatArray) -> float:
    """Return the ratio of variance to mean of a series, in its counting unit."""
    return float(values.var()) / max(float(values.mean()), 1e-300) / counting_unit(values)


def counted_choice(
    values: FloatArray,
    mean: float,
    dispersion: float,
    factors: FloatArray,
    scaling: list[float] | None,
    *,
    method: MethodName = "weighted_mean",
    alpha: float = ALPHA,
) -> Chosen:
    """Return a forecast of counted demand: the same mean at every step, times factors (H,); `width` holds the dispersion."""
    horizon = factors.size
    fit = described(
        observations=values.size,
        season_length=1,
        residual_scale=float(values.std()),
        alpha=alpha,
        initial_level=mean,
        scaling=scaling,
    )
    return Chosen(
        method=method,
        level=np.full(horizon, mean),
        trend=mean * (factors - 1),
        season=np.zeros(horizon),
        width=np.full(horizon, max(dispersion, SMALLEST_DISPERSION)),
        fit=fit,
        plan=plan(0, season_length=1, horizon=horizon),
        methods=(method,),
        scores={},
        aicc={},
        errors=np.empty((0, 1, 0)),
        scale=0.0,
        scaled_errors=np.full((1, horizon), np.nan),
        refused=False,
    )


def counting_unit(values: FloatArray) -> float:
    """Return what demand is counted in: 1 for whole numbers, else a part of its mean size."""
    sizes = values[values > 0]
    if sizes.size == 0 or bool((sizes == np.round(sizes)).all()):
        return 1.0
    return float(sizes.mean()) / PARTS_OF_SIZE


def count_quantiles(mean: FloatArray, dispersion: float, unit: float, probabilities: Sequence[float]) -> FloatArray:
    """Return negative binomial quantiles, shape (P, H), of demand with the given mean per step (H,)."""
    counted = np.maximum(mean, 0.0) / unit
    size = np.maximum(counted, 1e-12) / (dispersion - 1)
    quantiles = stats.nbinom.ppf(np.array(probabilities)[:, None], size, 1 / dispersion)
    return np.asarray(unit * np.where(counted > 0, quantiles, 0.0))
