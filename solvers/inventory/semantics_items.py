"""What pydantic cannot see in single items: lots that cannot be, frozen periods, and conditions without effect."""

from collections.abc import Iterator

import numpy as np

from models.errors import Issue, issue
from models.inventory import Item, PlanProblem
from models.run import RunWarning

ROUNDING = 1e-9


def life_issues(item: Item, pointer: str) -> Iterator[Issue]:
    """Find lots of the initial stock that do not fit the item."""
    if item.initial_lots and item.shelf_life is None:
        message = "Lots have an age, so the item needs a shelf_life; without one its units keep."
        yield issue(f"{pointer}/initial_lots", "NO_SHELF_LIFE", message)
        return
    total = sum(lot.quantity for lot in item.initial_lots)
    if total > item.initial_stock * (1 + ROUNDING):
        message = "The lots hold more than the initial stock; correct one of them."
        yield issue(f"{pointer}/initial_lots", "LOTS_ABOVE_STOCK", message, limit=item.initial_stock, got=total)
    for index, lot in enumerate(item.initial_lots):
        if item.shelf_life is not None and lot.remaining_life > item.shelf_life:
            message = "A unit cannot keep longer than the shelf life of the item."
            place = f"{pointer}/initial_lots/{index}/remaining_life"
            yield issue(place, "LIFE_ABOVE_SHELF_LIFE", message, limit=item.shelf_life, got=lot.remaining_life)


def frozen_issues(problem: PlanProblem) -> Iterator[Issue]:
    """Find more frozen periods than there are."""
    if problem.frozen_periods > problem.periods:
        message = f"The plan has only {problem.periods} periods."
        yield issue("/frozen_periods", "VALUE_OUT_OF_RANGE", message, limit=problem.periods, got=problem.frozen_periods)


def condition_warnings(item: Item, pointer: str) -> Iterator[RunWarning]:
    """Yield conditions of an item that have no effect, or a surprising one."""
    if item.shelf_life is None and np.any(item.disposal_cost):
        message = "Only items with a shelf_life are disposed of, so this cost is never charged."
        yield RunWarning(code="DISPOSAL_COST_UNUSED", pointer=f"{pointer}/disposal_cost", message=message)
    if item.safety_stock_cost is not None and not np.any(item.safety_stock):
        message = "The item has no safety stock that could be missed, so this cost is never charged."
        yield RunWarning(code="SAFETY_STOCK_COST_UNUSED", pointer=f"{pointer}/safety_stock_cost", message=message)
    if item.maximum_backorder_periods is not None and item.unmet_demand != "backorder":
        message = f"Unmet demand is {item.unmet_demand}, so none waits; choose backorder to use this limit."
        yield RunWarning(code="BACKORDER_LIMIT_UNUSED", pointer=f"{pointer}/maximum_backorder_periods", message=message)
    if item.terminal_value and item.terminal_value > np.min(item.unit_cost):
        message = "A unit left at the end is worth more than one costs, so units may be bought for their value alone; "
        message += "terminal_stock_limit bounds that."
        yield RunWarning(code="TERMINAL_VALUE_ABOVE_COST", pointer=f"{pointer}/terminal_value", message=message)
