"""Random small inventory plans, made from a seed: whole numbers for enumeration, and linear programs for prices."""

import random
from typing import Any

from tests.oracles.lot_sizing import SmallItem

Request = dict[str, Any]


def small_plan(draw: random.Random) -> tuple[Request, list[SmallItem], int | None, int | None]:
    """Return a small plan as a request, and as the oracle takes it: items, capacity and room of the store."""
    periods, count = draw.choice([(3, 1), (4, 1), (5, 1), (3, 2)])
    capacity, storage = draw.choice([None, 4, 6, 8]), draw.choice([None, None, 3, 6])
    items = [
        SmallItem(
            demand=[draw.randint(0, 4) for _ in range(periods)],
            holding_cost=draw.choice([0, 0.5, 1, 2]),
            unit_cost=draw.choice([0, 1, 3]),
            fixed_cost=draw.choice([0, 3, 8]),
            stockout_cost=draw.choice([1, 2, 5]),
            initial_stock=draw.choice([0, 0, 3]),
            lead_time=draw.choice([0, 0, 1, 2]),
            minimum_order=draw.choice([0, 0, 3]),
            order_multiple=draw.choice([1, 1, 2]),
            unmet_demand=draw.choice(["forbidden", "backorder", "lost"]),
            setup_use=draw.choice([0, 1]),
            orders=range(14 if count == 1 else 9),
        )
        for _ in range(count)
    ]
    request = {
        "periods": periods,
        "items": [_entry(index, small, shares=capacity is not None) for index, small in enumerate(items)],
        "sites": [{"id": "northgate", "storage_capacity": storage}],
        "resources": [] if capacity is None else [{"id": "line", "capacity": capacity}],
    }
    return request, items, capacity, storage


def _entry(index: int, small: SmallItem, *, shares: bool) -> dict[str, Any]:
    """Return a small item as an entry of the request."""
    return {
        "id": f"item-{index}",
        "site": "northgate",
        "demand": list(small.demand),
        "holding_cost": small.holding_cost,
        "unit_cost": small.unit_cost,
        "fixed_cost": small.fixed_cost,
        "stockout_cost": small.stockout_cost,
        "initial_stock": small.initial_stock,
        "lead_time": small.lead_time,
        "minimum_order": small.minimum_order,
        "order_multiple": None if small.order_multiple == 1 else small.order_multiple,
        "unmet_demand": small.unmet_demand,
        "resource_use": {"line": {"per_unit": 1, "per_setup": small.setup_use}} if shares else {},
    }


def linear_plan(draw: random.Random) -> Request:
    """Return a plan without whole-number decisions: two to four items on one line with overtime, in a store."""
    periods = draw.randint(3, 8)
    items = [_linear_item(draw, k, periods) for k in range(draw.randint(2, 4))]
    need = sum(sum(item["demand"]) for item in items) / periods
    capacity = [round(need * draw.uniform(0.6, 1.4)) + 5 for _ in range(periods)]
    line = {"id": "line", "capacity": capacity, "overtime_limit": 40, "overtime_cost": draw.randint(3, 9)}
    return {
        "periods": periods,
        "items": items,
        "sites": [{"id": "northgate", "storage_capacity": [draw.choice([60, 90, 200])] * periods}],
        "resources": [line],
    }


def _linear_item(draw: random.Random, k: int, periods: int) -> Request:
    return {
        "id": f"item-{k}",
        "site": "northgate",
        "demand": [draw.randint(3, 40) for _ in range(periods)],
        "holding_cost": draw.choice([0.4, 1.1, 1.7]),
        "unit_cost": [draw.randint(1, 9) + draw.choice([0, 0.3]) for _ in range(periods)],
        "stockout_cost": draw.choice([4.6, 8.2]),
        "initial_stock": draw.choice([0, 3]),
        "unmet_demand": draw.choice(["backorder", "lost"]),
        "resource_use": {"line": {"per_unit": 1}},
    }
