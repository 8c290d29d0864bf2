"""Independent check of conditions of single items: shelf life by following every lot, waiting times, frozen periods, values."""

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, ItemPlan, PlanProblem, PlanSolution
from solvers.inventory.check_ages import check_ages, moving_lives

Floats = NDArray[np.float64]


def disposals(problem: PlanProblem, solution: PlanSolution) -> Floats:
    """Return (I, T): what the answer disposes of."""
    zeros = [0.0] * problem.periods
    return np.array([plan.disposals or zeros for plan in solution.items])


def scheduled(problem: PlanProblem) -> Floats:
    """Return (I, T): what is under way already."""
    zeros = [0.0] * problem.periods
    return np.array([item.scheduled_receipts or zeros for item in problem.items])


def check_items(problem: PlanProblem, solution: PlanSolution) -> dict[str, float]:
    """Return the violations of the conditions that any item has; those that none has are left out."""
    pairs = list(zip(problem.items, solution.items, strict=True))
    found: dict[str, float] = {}
    if any(item.shelf_life is not None for item in problem.items):
        moving = moving_lives(problem)
        staying = [(item, plan) for item, plan in pairs if (item.id, item.site) not in moving]
        found["shelf_life"] = max([_spoiled(item, plan) for item, plan in staying], default=0.0)
        found |= check_ages(problem, solution)
    if any(item.safety_stock_cost is not None for item in problem.items):
        is_mean = any(item.demand_uncertainty is not None for item in problem.items)
        found["safety_shortfalls"] = max(_missing_safety(item, plan, is_mean=is_mean) for item, plan in pairs)
    if any(item.maximum_backorder_periods is not None for item in problem.items):
        found["backorder_time"] = max(_waited(item, plan) for item, plan in pairs)
    if problem.frozen_periods:
        found["frozen_periods"] = max(_thawed(item, plan, problem.frozen_periods) for item, plan in pairs)
        moved = [quantity for way in solution.transfers for quantity in way.quantities[: problem.frozen_periods]]
        found["frozen_periods"] = max(found["frozen_periods"], *moved, 0.0)
    return found


def item_costs(problem: PlanProblem, solution: PlanSolution) -> dict[str, float]:
    """Return the costs that any item has for disposals and, below zero, for the value of what is left."""
    costs: dict[str, float] = {}
    if any(item.shelf_life is not None for item in problem.items):
        thrown = disposals(problem, solution)
        costs["disposal"] = sum(
            float((np.asarray(item.disposal_cost) * row).sum()) for item, row in zip(problem.items, thrown, strict=True)
        )
    if any(item.safety_stock_cost is not None for item in problem.items):
        costs["safety_stock"] = sum(
            float((np.asarray(item.safety_stock_cost) * np.asarray(plan.safety_shortfalls)).sum())
            for item, plan in zip(problem.items, solution.items, strict=True)
            if item.safety_stock_cost is not None
        )
    if any(item.terminal_value for item in problem.items):
        costs["terminal_value"] = -sum(_left(item, plan) for item, plan in zip(problem.items, solution.items, strict=True))
    return costs


def _missing_safety(item: Item, plan: ItemPlan, *, is_mean: bool) -> float:
    """
    Return by how much the told shortfall differs from what the stock lacks of the safety stock.

    Means over demand scenarios: there the shortfall is at least what the mean stock lacks, and at most all of it.
    """
    if item.safety_stock_cost is None:
        return 0.0 if plan.safety_shortfalls is None else max(map(abs, plan.safety_shortfalls))
    safety, told = np.broadcast_to(np.asarray(item.safety_stock, dtype=np.float64), len(plan.stock)), plan.safety_shortfalls
    if told is None:
        raise ValueError("the plan tells no shortfall of a safety stock that may be missed")
    lacks = np.maximum(safety - np.asarray(plan.stock), 0.0)
    above = np.asarray(told) - (safety if is_mean else lacks)
    return float((np.maximum(lacks - told, above) / np.maximum(1.0, safety)).max())


def _left(item: Item, plan: ItemPlan) -> float:
    limit = sum(item.demand) if item.terminal_stock_limit is None else item.terminal_stock_limit
    return item.terminal_value * min(plan.stock[-1], limit)


def _spoiled(item: Item, plan: ItemPlan) -> float:
    """Follow every lot, the oldest leaving first, and return the most that is on hand after it has spoiled."""
    if item.shelf_life is None:
        return max(plan.disposals or [0.0])
    lots = [[lot.remaining_life, lot.quantity] for lot in item.initial_lots]
    lots.append([item.shelf_life, item.initial_stock - sum(lot.quantity for lot in item.initial_lots)])
    lots.sort()
    before, worst = item.initial_stock, 0.0
    for period, (received, left) in enumerate(zip(plan.receipts, plan.stock, strict=True), start=1):
        lots.append([period + item.shelf_life - 1, received])
        leaving, before = before + received - left, left
        for lot in lots:
            taken = min(max(leaving, 0.0), lot[1])
            lot[1] -= taken
            leaving -= taken
        worst = max(worst, sum(units for last, units in lots if last <= period) / max(1.0, left), -leaving)
        lots = [lot for lot in lots if lot[1] > 0]
    return worst


def _waited(item: Item, plan: ItemPlan) -> float:
    """Serve demand in the order in which it came, and return the most that is open after its time."""
    if item.maximum_backorder_periods is None or plan.backorders is None:
        return 0.0
    worst = 0.0
    for period, open_units in enumerate(plan.backorders):
        latest = item.demand[max(period + 1 - item.maximum_backorder_periods, 0) : period + 1]
        worst = max(worst, (open_units - sum(latest)) / max(1.0, open_units))
    return worst


def _thawed(item: Item, plan: ItemPlan, frozen: int) -> float:
    """Return by how much an order of a frozen period differs from the one that is placed there."""
    placed = [0.0] * frozen
    for limit in item.order_limits:
        if limit.period <= frozen:
            placed[limit.period - 1] = max(placed[limit.period - 1], limit.lower)
    return max(abs(ordered - there) / max(1.0, there) for ordered, there in zip(plan.orders, placed, strict=False))
