"""Simulation of (s, S) policies: many independent histories side by side, period after period."""

import numpy as np

from models.inventory_policy.demand import NormalDemand
from models.inventory_policy.solution import ServiceFigure, Simulation
from models.inventory_policy.stochastic import ReorderUpTo
from solvers.inventory.policy.distributions import Floats, distribution_of
from solvers.inventory.policy.simulate import mean_figure, ratio_figure

HISTORIES = 1_000
PERIODS = 200
WARM_UP = 100


def simulate_reorder_up_to(
    given: ReorderUpTo, s: float, S: float, *, seed: int, promised: dict[str, float], cost: float | None = None
) -> Simulation:
    """Return what the levels achieve in 200,000 periods after a warm-up; promises that are missing are None."""
    lead, length = given.lead_time, WARM_UP + PERIODS
    generator = np.random.default_rng(seed)
    size = HISTORIES * (length + lead)
    wanted = distribution_of(given.demand).sample(generator, size).reshape(length + lead, HISTORIES)
    if isinstance(given.demand, NormalDemand):
        wanted = np.maximum(np.rint(wanted) if given.method == "exact" else wanted, 0.0)
    total = np.concatenate((np.zeros((1, HISTORIES)), np.cumsum(wanted, axis=0)))
    position = generator.uniform(s, S, HISTORIES).round() if given.method == "exact" else generator.uniform(s, S, HISTORIES)
    figures: list[list[Floats]] = [[], [], [], []]
    for t in range(length):
        orders = position <= s
        position = np.where(orders, S, position)
        if t >= WARM_UP:
            before = position - (total[t + lead] - total[t])
            after = before - wanted[t + lead]
            cost_now = given.holding_cost * np.maximum(after, 0.0) + given.stockout_cost * np.maximum(-after, 0.0)
            figures[0].append(cost_now + given.fixed_cost * orders)
            figures[1].append(np.minimum(np.maximum(before, 0.0), wanted[t + lead]))
            figures[2].append(wanted[t + lead])
            figures[3].append((after >= 0).astype(np.float64))
        position = position - wanted[t]
    costs, met, asked, enough = (np.array(rows).T.ravel() for rows in figures)
    found: list[ServiceFigure] = [
        mean_figure("cost", cost, costs),
        ratio_figure("fill_rate", promised.get("fill_rate"), met, asked),
        mean_figure("in_stock_probability", promised.get("in_stock_probability"), enough),
    ]
    return Simulation(periods=HISTORIES * PERIODS, unit="periods", seed=seed, figures=found)
