"""Least cost of one small item with a safety stock, kept or missed at a price, by a search over all whole plans."""

from dataclasses import dataclass
from functools import cache
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class SafeItem:
    """One item; tuples hold one number per period, all quantities are whole."""

    demand: tuple[int, ...]
    safety: tuple[int, ...]
    safety_cost: tuple[float, ...] | None
    """None: the safety stock must be kept."""
    unit_cost: tuple[int, ...]
    fixed_cost: int
    holding_cost: float
    initial: int
    most: int
    unmet: Literal["forbidden", "backorder", "lost"]
    stockout_cost: float


def least_cost(item: SafeItem) -> float:
    """Return the least cost, infinite when there is no plan; units may be kept for the safety stock while demand waits."""
    periods = len(item.demand)

    @cache
    def from_period(period: int, stock: int, owed: int) -> float:
        if period == periods:
            return 0.0
        best = float("inf")
        for order in range(item.most + 1):
            there, wanted = stock + order, owed + item.demand[period]
            for served in range(min(there, wanted) + 1):
                short, left = wanted - served, there - served
                lacks = max(item.safety[period] - left, 0)
                if (short and item.unmet == "forbidden") or (lacks and item.safety_cost is None):
                    continue
                cost = order * item.unit_cost[period] + item.fixed_cost * (order > 0) + short * item.stockout_cost
                cost += left * item.holding_cost + lacks * (item.safety_cost[period] if item.safety_cost else 0)
                best = min(best, cost + from_period(period + 1, left, short if item.unmet == "backorder" else 0))
        return best

    return from_period(0, item.initial, 0)
