"""Exact answers for small lot-sizing problems, by dynamic programs that know nothing of linear programming."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache


def wagner_whitin(
    demand: Sequence[float], *, fixed_cost: Sequence[float], unit_cost: Sequence[float], holding_cost: Sequence[float]
) -> float:
    """
    Return the least cost of serving all demand of one item without capacity limits and without initial stock.

    Some optimal plan orders only when stock is 0, so an order in t covers t, ..., u - 1 (Wagner and Whitin 1958, theorem 2).
    """
    periods = len(demand)
    best = [0.0] * (periods + 1)
    for start in reversed(range(periods)):
        options = [best[start + 1]] if demand[start] == 0 else []
        cost, price = fixed_cost[start], unit_cost[start]
        for end in range(start, periods):
            cost += demand[end] * price
            price += holding_cost[end]
            options.append(cost + best[end + 1])
        best[start] = min(options)
    return best[0]


@dataclass(frozen=True, kw_only=True)
class SmallItem:
    """One item of a small problem; all quantities are whole numbers, costs hold for every period."""

    demand: Sequence[int]
    holding_cost: float = 0.0
    unit_cost: float = 0.0
    fixed_cost: float = 0.0
    stockout_cost: float = 0.0
    initial_stock: int = 0
    lead_time: int = 0
    minimum_order: int = 0
    order_multiple: int = 1
    unmet_demand: str = "forbidden"
    setup_use: int = 0
    orders: range = field(default_factory=lambda: range(20))


def least_cost(items: Sequence[SmallItem], *, capacity: int | None = None, storage: int | None = None) -> float | None:
    """
    Return the least cost over all whole-number plans, or None when there is none.

    Each unit ordered takes one unit of the shared `capacity` of its period, each order `setup_use` more. The recursion runs
    over periods with the stock (negative: backorders) and the orders under way of every item as its state, and tries every
    order. With unit use 1 and whole-number data some optimal plan is whole: for fixed setups the rest is a network flow.
    """
    periods = len(items[0].demand)

    @cache
    def from_period(period: int, stock: tuple[int, ...], pipeline: tuple[tuple[int, ...], ...]) -> float:
        if period == periods:
            return 0.0
        best = float("inf")
        for orders in _orders(items, capacity):
            cost = 0.0
            next_stock, next_pipeline = [], []
            for item, order, before, under_way in zip(items, orders, stock, pipeline, strict=True):
                coming = (*under_way, order)
                next_pipeline.append(coming[1:])
                next_stock.append(before + coming[0] - item.demand[period])
                cost += item.unit_cost * order + (item.fixed_cost if order else 0.0)
            if any(order and period + item.lead_time >= periods for item, order in zip(items, orders, strict=True)):
                continue
            for after, price in _ends(items, next_stock):
                if storage is None or sum(max(amount, 0) for amount in after) <= storage:
                    best = min(best, cost + price + from_period(period + 1, after, tuple(next_pipeline)))
        return best

    start = tuple(item.initial_stock for item in items)
    least = from_period(0, start, tuple((0,) * item.lead_time for item in items))
    return None if least == float("inf") else least


def _orders(items: Sequence[SmallItem], capacity: int | None) -> Iterator[tuple[int, ...]]:
    """Yield every combination of orders that respects sizes and capacity."""
    allowed = [
        [size for size in item.orders if size == 0 or (size >= item.minimum_order and size % item.order_multiple == 0)]
        for item in items
    ]
    for orders in itertools.product(*allowed):
        use = sum(order + (item.setup_use if order else 0) for item, order in zip(items, orders, strict=True))
        if capacity is None or use <= capacity:
            yield orders


def _ends(items: Sequence[SmallItem], stock: Sequence[int]) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield the ways to end a period with this net stock, each with its price; nothing when a shortage is forbidden."""
    after, price = [], 0.0
    for item, amount in zip(items, stock, strict=True):
        if amount < 0 and item.unmet_demand == "forbidden":
            return
        price += item.holding_cost * max(amount, 0) + item.stockout_cost * max(-amount, 0)
        after.append(max(amount, 0) if item.unmet_demand == "lost" else amount)
    yield tuple(after), price
