"""Least cost of small plans of one item at two sites, by dynamic programming over whole stocks."""

from dataclasses import dataclass
from functools import cache
from itertools import product


@dataclass(frozen=True, kw_only=True)
class TwoSites:
    """Two sites; a tuple holds one number per site, or per way (0 to 1, 1 to 0). All quantities are whole."""

    demand: tuple[tuple[int, ...], tuple[int, ...]]
    initial: tuple[int, int]
    unit_cost: tuple[tuple[int, ...], tuple[int, ...]]
    fixed_cost: tuple[int, int]
    holding_cost: tuple[int, int]
    backorder_cost: tuple[int | None, int | None]
    most: int
    way_lead: tuple[int, int]
    way_cost: tuple[int, int]
    way_fixed: tuple[int, int]
    way_capacity: tuple[int, int]


def least_cost(plan: TwoSites) -> float:
    """Return the least cost, infinite when there is no plan; only demand may be owed, and stay so after the last period."""
    periods = len(plan.demand[0])

    @cache
    def from_period(period: int, stock: tuple[int, int], arriving: tuple[int, int]) -> float:
        if period == periods:
            return 0.0
        best = float("inf")
        choices = [range(plan.most + 1)] * 2 + [range(limit + 1) for limit in plan.way_capacity]
        for orders_0, orders_1, sent_0, sent_1 in product(*choices):
            orders, sent = (orders_0, orders_1), (sent_0, sent_1)
            cost, after, coming = 0.0, [0, 0], [0, 0]
            for site in (0, 1):
                way_in, way_out = 1 - site, site
                now = sent[way_in] if plan.way_lead[way_in] == 0 else 0
                coming[site] = sent[way_in] if plan.way_lead[way_in] == 1 else 0
                demand = plan.demand[site][period]
                after[site] = stock[site] + arriving[site] + orders[site] + now - sent[way_out] - demand
                owed = max(-after[site], 0)
                if owed and (plan.backorder_cost[site] is None or owed - max(-stock[site], 0) > demand):
                    cost = float("inf")
                    break
                cost += orders[site] * plan.unit_cost[site][period] + plan.fixed_cost[site] * (orders[site] > 0)
                cost += max(after[site], 0) * plan.holding_cost[site] + owed * (plan.backorder_cost[site] or 0)
                cost += sent[way_out] * plan.way_cost[way_out] + plan.way_fixed[way_out] * (sent[way_out] > 0)
            if cost < best:
                best = min(best, cost + from_period(period + 1, (after[0], after[1]), (coming[0], coming[1])))
        return best

    return from_period(0, plan.initial, (0, 0))
