"""Inventory plans of every kind that makes a linear program, drawn from a seed; 500 items and 52 weeks are 77,000 columns."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

MOST_LEAD_TIME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    One kind of plan.

    `unmet` is what happens to demand that is not served, `tightness` the capacity of the resources as a share of the mean need,
    `resources` their number. `storage` and `budget` add those limits; `seasonal_cost` lets purchase costs change every week.
    """

    unmet: Literal["backorder", "lost", "forbidden", "mixed"] = "mixed"
    resources: int = 3
    tightness: float = 0.95
    storage: bool = True
    budget: bool = False
    seasonal_cost: bool = True


KINDS: dict[str, Kind] = {
    "mixed": Kind(),
    "no-storage": Kind(storage=False),
    "backorder": Kind(unmet="backorder"),
    "lost": Kind(unmet="lost"),
    "forbidden": Kind(unmet="forbidden"),
    "budget": Kind(budget=True),
    "flat-cost": Kind(seasonal_cost=False),
    "loose": Kind(tightness=1.2),
    "tight": Kind(tightness=0.8),
    "separate": Kind(resources=0),
}


def plan(kind: Kind, *, seed: int, items: int = 500, periods: int = 52) -> dict[str, Any]:
    """Return the request of a plan; the same arguments give the same plan."""
    draw = np.random.default_rng(seed)
    base, swing, start = draw.lognormal(3.5, 0.8, items), draw.uniform(0, 0.6, items), draw.uniform(0, 2 * np.pi, items)
    season = 1 + swing[:, None] * np.sin(2 * np.pi * np.arange(periods) / 52 + start[:, None])
    demand = np.round(base[:, None] * season * draw.lognormal(0, 0.2, (items, periods)))
    cost = draw.uniform(1, 20, items)
    use = draw.uniform(0.2, 2, (kind.resources, items)) * (draw.random((kind.resources, items)) < 0.5)
    need = (use @ demand).mean(axis=1)
    request: dict[str, Any] = {
        "periods": periods,
        "items": [_item(kind, draw, k, demand[k], cost=float(cost[k]), use=use[:, k]) for k in range(items)],
        "resources": [_resource(kind, draw, k, need=float(need[k])) for k in range(kind.resources)],
    }
    if kind.storage:
        request["sites"] = [{"id": "dc", "storage_capacity": float(round(2 * demand.sum(axis=0).mean()))}]
    if kind.budget:
        request["budget"] = float(round(1.05 * (demand * cost[:, None]).sum(axis=0).mean()))
    return request


def _item(kind: Kind, draw: Any, k: int, demand: Any, *, cost: float, use: Any) -> dict[str, Any]:
    unmet = kind.unmet if kind.unmet != "mixed" else ("backorder", "lost", "backorder")[k % 3]
    weekly = np.round(cost * draw.uniform(0.9, 1.1, len(demand)), 3).tolist()
    item: dict[str, Any] = {
        "id": f"item-{k}",
        "demand": demand.tolist(),
        "initial_stock": float(round(demand.mean() * draw.uniform(0, 4))),
        "holding_cost": round(cost * 0.01, 4),
        "unit_cost": weekly if kind.seasonal_cost else round(cost, 3),
        "lead_time": 0 if unmet == "forbidden" else int(draw.integers(0, MOST_LEAD_TIME + 1)),
        "unmet_demand": unmet,
        "stockout_cost": round(cost * draw.uniform(0.5, 3), 3),
        "resource_use": {f"line-{r}": {"per_unit": round(float(part), 3)} for r, part in enumerate(use) if part > 0},
    }
    return {**item, "site": "dc"} if kind.storage else item


def _resource(kind: Kind, draw: Any, k: int, *, need: float) -> dict[str, Any]:
    overtime = 5.0 if kind.unmet == "forbidden" else 0.2
    return {
        "id": f"line-{k}",
        "capacity": float(round(need * kind.tightness)),
        "overtime_limit": float(round(need * overtime)),
        "overtime_cost": round(float(draw.uniform(5, 15)), 2),
    }
