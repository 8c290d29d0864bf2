"""From an answer back to the whole numbers of its linear model."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Floats
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_lot_sizes import LotSizes, Needs
from solvers.inventory.plan_prices import order_periods


def whole_numbers(plan: PlanModel, solution: Mapping[str, Any]) -> Floats:
    """
    Return values (n,) with the orders, setups and dispatches of a solution as it was answered; other columns are 0.

    Raises
    ------
    KeyError
        When items are ordered from suppliers: which range of a price list an order lies in is not part of the answer.
    """
    if plan.parts.supplies is not None:
        raise KeyError("supplies")
    values = np.zeros(plan.model.columns)
    orders = np.array([item["orders"] for item in solution["items"]], dtype=np.float64)
    setups = np.array([item["setups"] for item in solution["items"]], dtype=np.float64)
    cells = [(plan.order, orders / plan.arrays.unit()[:, None]), (plan.setup, setups)]
    if plan.parts.transfers is not None:
        sent = np.array([way["quantities"] for way in solution["transfers"]], dtype=np.float64)
        cells.append((plan.parts.transfers.setup, np.where(sent > 0, 1.0, 0.0)))
    for columns, numbers in cells:
        there = columns != NONE
        values[columns[there]] = numbers[there]
    return values


def values_of_lots(plan: PlanModel, needs: Needs, lots: LotSizes) -> Floats:
    """Return the value of every column, shape (n,), for lot sizes of items that share nothing."""
    values = np.zeros(plan.model.columns)
    orders, starts = order_periods(needs, lots.receipts), order_periods(needs, lots.starts)
    ahead = np.cumsum(lots.receipts - needs.net, axis=1)
    cells = (
        (plan.order, orders / plan.arrays.unit()[:, None]),
        (plan.setup, starts),
        (plan.stock, needs.baseline + np.maximum(ahead, 0.0)),
        (plan.backorder, np.maximum(-ahead, 0.0)),
    )
    for columns, numbers in cells:
        exists = columns != NONE
        values[columns[exists]] = numbers[exists]
    return np.clip(values, plan.model.column_lower, plan.model.column_upper)
