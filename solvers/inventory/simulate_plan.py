"""
A finished plan on demand paths, period by period: what is there serves demand at once, the oldest units first.

A safety stock that must be kept serves no demand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, ItemPlan, PlanProblem, PlanSolution

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """One item on N demand paths: `cost` (N,) of stock and shortage, `late` and `demand` (N, T) units, `short` (N, T) flags."""

    cost: Floats
    late: Floats
    demand: Floats
    short: NDArray[np.bool_]

    def fill_rate(self) -> float | None:
        """Return the share of demand that is served on time; None where nothing is asked for."""
        total = float(self.demand.sum())
        return None if total <= 0 else 1.0 - float(self.late.sum()) / total

    def cycle_service(self) -> float:
        """Return the share of periods in which nothing is short."""
        return 1.0 - float(self.short.mean())


def moved_items(problem: PlanProblem) -> set[int]:
    """Return the places of items that leave otherwise than by their demand, which cannot be tried out one by one."""
    ends: set[tuple[str, str | None]] = {
        (way.item, site) for way in problem.transfers for site in (way.origin, way.destination)
    }
    for item in problem.items:
        ends |= {(one.item, item.site) for one in item.components}
        ends |= {(one.item, item.site) for one in item.substitutes}
    return {index for index, item in enumerate(problem.items) if item.substitutes or (item.id, item.site) in ends}


def simulate_plan(problem: PlanProblem, solution: PlanSolution, paths: Floats) -> list[Trial | None]:
    """Return each item's trial on the demand paths (N, I, T); None for items that are moved between sites."""
    moved = moved_items(problem)
    return [
        None if index in moved else simulate_item(item, plan, paths[:, index])
        for index, (item, plan) in enumerate(zip(problem.items, solution.items, strict=True))
    ]


def simulate_item(item: Item, plan: ItemPlan, demand: Floats) -> Trial:
    """Return the trial of one item on demand (N, T)."""
    count, periods = demand.shape
    life = item.shelf_life or 0
    lots = np.zeros((count, max(life, 1)))
    lots[:, -1] = item.initial_stock - sum(lot.quantity for lot in item.initial_lots)
    for lot in item.initial_lots:
        lots[:, lot.remaining_life - 1] += lot.quantity
    owed, cost = np.zeros(count), np.zeros(count)
    late, short = np.zeros(demand.shape), np.zeros(demand.shape, dtype=np.bool_)
    holding, stockout, disposal, safety, shortfall = (
        np.broadcast_to(np.asarray(getattr(item, name) or 0.0, dtype=np.float64), (periods,))
        for name in ("holding_cost", "stockout_cost", "disposal_cost", "safety_stock", "safety_stock_cost")
    )
    firm = safety if item.safety_stock_cost is None else np.zeros(periods)
    for period in range(periods):
        lots[:, -1] += plan.receipts[period]
        wanted = owed + demand[:, period]
        missing = wanted - np.minimum(wanted, np.maximum(lots.sum(axis=1) - firm[period], 0.0))
        to_serve = wanted - missing
        for age in range(lots.shape[1]):
            taken = np.minimum(lots[:, age], to_serve)
            lots[:, age] -= taken
            to_serve -= taken
        short[:, period] = missing > 1e-7
        late[:, period] = np.minimum(missing, demand[:, period])
        cost += stockout[period] * missing
        owed = missing if item.unmet_demand == "backorder" else np.zeros(count)
        if life:
            cost += disposal[period] * lots[:, 0]
            lots = np.hstack([lots[:, 1:], np.zeros((count, 1))])
        left = lots.sum(axis=1)
        cost += holding[period] * left + shortfall[period] * np.maximum(safety[period] - left, 0.0)
    limit = sum(item.demand) if item.terminal_stock_limit is None else item.terminal_stock_limit
    cost -= item.terminal_value * np.minimum(lots.sum(axis=1), limit)
    return Trial(cost=cost, late=late, demand=demand, short=short)
