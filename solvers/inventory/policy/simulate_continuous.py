"""
Simulation of (r, Q) policies.

Poisson demand: unit by unit, exactly. The unit that demand j takes was ordered by the demand that brought the stock position to
r, so that its waiting, or its time on stock, follows from two arrival times. Normal demand: on a fine grid of time; an order is
placed when the position has fallen to r, so that what is achieved holds what the formulas leave out (demand that comes back).
"""

import math

import numpy as np

from models.inventory_policy.demand import NormalDemand
from models.inventory_policy.solution import Simulation
from models.inventory_policy.stochastic import ReorderQuantity
from solvers.inventory.policy.simulate import mean_figure, ratio_figure

DEMANDS = 200_000
STEPS = 400_000


def simulate_poisson(given: ReorderQuantity, r: int, Q: int, *, seed: int, fill: float, cost: float) -> Simulation:
    """Return what the policy achieves over 200,000 demands."""
    rate = given.demand.mean
    generator = np.random.default_rng(seed)
    reach = abs(r) + 2 * Q + int(10 * rate * given.lead_time) + 10
    count = DEMANDS + 2 * reach
    moments = np.concatenate(([0.0], np.cumsum(generator.exponential(1 / rate, count))))
    unit = np.arange(reach, reach + DEMANDS)
    order = -((r - unit) // Q) - 1
    trigger = order * Q
    inside = (trigger >= 0) & (trigger <= count)
    unit, trigger = unit[inside], trigger[inside]
    wait = moments[trigger] + given.lead_time - moments[unit]
    gaps = moments[unit] - moments[unit - 1]
    money = given.holding_cost * np.maximum(-wait, 0.0) + given.stockout_cost * np.maximum(wait, 0.0)
    money = money + given.fixed_cost / Q
    met = (wait <= 0).astype(np.float64)
    return Simulation(
        periods=len(unit) // Q,
        unit="cycles",
        seed=seed,
        figures=[ratio_figure("cost", cost, money, gaps), ratio_figure("fill_rate", fill, met, np.ones(len(met)))],
    )


def simulate_normal(given: ReorderQuantity, r: float, Q: float, *, seed: int, fill: float, cost: float) -> Simulation:
    """Return what the policy achieves on a grid of time; costs as the method counts them."""
    assert isinstance(given.demand, NormalDemand)
    rate, sd = given.demand.mean, given.demand.sd
    step = min(given.lead_time / 20, Q / rate / 50)
    lag = max(1, round(given.lead_time / step))
    step = given.lead_time / lag
    generator = np.random.default_rng(seed)
    size = STEPS + lag
    used = np.concatenate(([0.0], np.cumsum(generator.normal(rate * step, sd * math.sqrt(step), size))))
    orders = np.floor(np.maximum.accumulate(used) / Q)
    position = r + Q - used + orders * Q
    stock = position[:-lag] - (used[lag:] - used[:-lag])
    placed = np.diff(orders[:-lag], prepend=0.0)
    short = np.maximum(-stock, 0.0)
    if given.method == "expected_inventory_level":
        arrivals = np.diff(orders[:-lag], prepend=0.0) > 0
        money = given.holding_cost * stock * step + given.fixed_cost * placed
        money = money + given.stockout_cost * np.where(arrivals, np.concatenate(([0.0], short[:-1])), 0.0)
    else:
        money = (given.holding_cost * np.maximum(stock, 0.0) + given.stockout_cost * short) * step + given.fixed_cost * placed
    clock = np.full(len(money), step)
    return Simulation(
        periods=int(placed.sum()),
        unit="cycles",
        seed=seed,
        figures=[
            ratio_figure("cost", cost, money, clock),
            mean_figure("in_stock_probability", fill, (stock > 0).astype(np.float64)),
        ],
    )
