"""
Simulation of a policy: what it achieves beside what its formulas promise.

Every simulation is vectorised and seeded; standard errors come from the means of 50 batches of equal length.
"""

import numpy as np

from models.inventory_policy.solution import ServiceFigure, Simulation
from models.inventory_policy.stochastic import BaseStock
from solvers.inventory.policy.distributions import Distribution, Floats, distribution_of, over_periods

PERIODS = 100_000
"""Simulated periods."""

BATCHES = 50


def simulate_newsvendor(
    demand: Distribution,
    S: float,
    *,
    holding_cost: float,
    stockout_cost: float,
    seed: int,
    value: float,
    best: float | None,
) -> Simulation:
    """Return what the order achieves over many independent periods; `best` turns the cost into a profit (best less cost)."""
    wanted = demand.sample(np.random.default_rng(seed), PERIODS)
    cost = holding_cost * np.maximum(S - wanted, 0.0) + stockout_cost * np.maximum(wanted - S, 0.0)
    gain = cost if best is None else stockout_cost * (wanted - demand.mean) + best - cost
    return Simulation(
        periods=PERIODS,
        unit="periods",
        seed=seed,
        figures=[
            mean_figure("cost" if best is None else "profit", value, gain),
            ratio_figure("fill_rate", 1 - demand.shortage(S) / demand.mean, np.minimum(wanted, S), wanted),
            mean_figure("cycle_service_level", demand.cdf(S), (wanted <= S).astype(np.float64)),
        ],
    )


def simulate_base_stock(given: BaseStock, S: float, *, seed: int, promised: float) -> Simulation:
    """Return what a base-stock level achieves over many periods in a row."""
    lead = given.lead_time
    wanted = distribution_of(given.demand).sample(np.random.default_rng(seed), PERIODS + lead)
    total = np.concatenate(([0.0], np.cumsum(wanted)))
    after = S - (total[lead + 1 :] - total[: -lead - 1])
    before = after + wanted[lead:]
    cost = given.holding_cost * np.maximum(after, 0.0) + given.stockout_cost * np.maximum(-after, 0.0)
    met = np.minimum(np.maximum(before, 0.0), wanted[lead:])
    whole, start = over_periods(given.demand, lead + 1), over_periods(given.demand, lead) if lead else None
    before_short = start.shortage(S) if start is not None else max(0.0, -S)
    mean = whole.mean / (lead + 1)
    return Simulation(
        periods=PERIODS,
        unit="periods",
        seed=seed,
        figures=[
            mean_figure("cost", promised, cost),
            ratio_figure("fill_rate", 1 - (whole.shortage(S) - before_short) / mean, met, wanted[lead:]),
            mean_figure("in_stock_probability", whole.cdf(S), (after >= 0).astype(np.float64)),
        ],
    )


def mean_figure(name: str, promised: float | None, values: Floats) -> ServiceFigure:
    """Return the mean of a value per period."""
    return _figure(name, promised, float(values.mean()), _batches(values))


def ratio_figure(name: str, promised: float | None, above: Floats, below: Floats) -> ServiceFigure:
    """Return the ratio of two sums."""
    whole = float(below.sum())
    parts = _batches(below)
    ratios = np.divide(_batches(above), parts, out=np.ones(len(parts)), where=parts > 0)
    return _figure(name, promised, float(above.sum()) / whole if whole > 0 else 1.0, ratios)


def _batches(values: Floats) -> Floats:
    size = max(1, len(values) // BATCHES)
    count = len(values) // size
    return np.asarray(values[: size * count].reshape(count, size).mean(axis=1))


def _figure(name: str, promised: float | None, achieved: float, batches: Floats) -> ServiceFigure:
    error = float(batches.std(ddof=1) / np.sqrt(len(batches))) if len(batches) > 1 else 0.0
    return ServiceFigure.model_validate({"name": name, "promised": promised, "achieved": achieved, "standard_error": error})
