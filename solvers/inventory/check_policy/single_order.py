"""Newsvendor, newsvendor with random yield, base stock: cost by numerical integration, neighbours on both sides."""

from typing import Any

import numpy as np

from solvers.inventory.check_policy.demand import is_continuous, leftover_and_shortage, mean_of, points
from solvers.inventory.check_policy.judgement import NEAR, Judgement, around


def judge_newsvendor(given: Any, solution: Any) -> Judgement:
    """Judge the order of one period, by cost or by profit."""
    S = solution.order_quantity
    if given.revenue is None:
        return _judge(given.demand, S, given.holding_cost, given.stockout_cost, periods=1)
    salvage = given.salvage_value or 0.0
    h, p = given.purchase_cost - salvage, given.revenue - given.purchase_cost
    base = _judge(given.demand, S, h, p, periods=1)
    below, above = leftover_and_shortage(given.demand, S)
    terms = {
        "sales": given.revenue * (mean_of(given.demand) - above),
        "salvage": salvage * below,
        "purchase": -given.purchase_cost * S,
    }
    known = p * mean_of(given.demand)
    return Judgement(terms, -sum(terms.values()), [cost - known for cost in base.neighbours])


def judge_base_stock(given: Any, solution: Any) -> Judgement:
    """Judge a base-stock level: a newsvendor for the demand of the lead time and one period."""
    return _judge(
        given.demand, solution.order_up_to_level, given.holding_cost, given.stockout_cost, periods=given.lead_time + 1
    )


def judge_newsvendor_yield(given: Any, solution: Any) -> Judgement:
    """Judge the order when the arrival differs by a uniform amount: cost by the midpoint rule over 200,000 amounts."""
    shares = (np.arange(200_000) + 0.5) / 200_000
    surplus = given.yield_lower + shares * (given.yield_upper - given.yield_lower) - given.demand

    def parts(Q: float) -> tuple[float, float]:
        left = np.maximum(Q + surplus, 0.0).mean()
        return given.holding_cost * float(left), given.stockout_cost * float(np.maximum(-Q - surplus, 0.0).mean())

    Q, step = solution.order_quantity, NEAR * (given.yield_upper - given.yield_lower)
    holding, stockout = parts(Q)
    steps = [step] if Q <= 0 else [-min(step, Q), step]
    return Judgement(
        {"holding": holding, "stockout": stockout}, holding + stockout, around(lambda x: sum(parts(x)), Q, steps=steps)
    )


def _judge(demand: Any, S: float, h: float, p: float, *, periods: int) -> Judgement:
    def cost(level: float) -> float:
        below, above = leftover_and_shortage(demand, level, periods=periods)
        return h * below + p * above

    below, above = leftover_and_shortage(demand, S, periods=periods)
    if is_continuous(demand):
        size = mean_of(demand) if demand.distribution != "normal" else demand.sd
        steps = [-NEAR * size, NEAR * size]
    else:
        values = np.unique(points(demand, periods)[0])
        place = int(np.searchsorted(values, S))
        steps = [float(values[k]) - S for k in (place - 1, place + 1) if 0 <= k < len(values)]
    return Judgement({"holding": h * below, "stockout": p * above}, cost(S), around(cost, S, steps=steps))
