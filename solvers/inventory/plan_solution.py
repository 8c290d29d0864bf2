"""From the values of the linear model back to orders, stock and shortages of every item."""

import numpy as np

from models.inventory import ItemPlan, PlanProblem, PlanSolution, ResourcePlan
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Floats, Integers
from solvers.inventory.plan_formulation import PlanModel

NEGLIGIBLE = 1e-7
"""Amounts up to this are rounding of the engine and count as 0."""


def plan_solution(problem: PlanProblem, plan: PlanModel, values: Floats) -> PlanSolution:
    """
    Return the plan that the values of the model's variables stand for.

    Parameters
    ----------
    problem
        The request.
    plan
        The formulation of the request.
    values
        Value of every column, shape (n,), integers exact.
    """
    arrays = plan.arrays
    orders = _cells(values, plan.order) * arrays.unit()[:, None]
    setups = np.where(plan.setup != NONE, _cells(values, plan.setup) > 0.5, orders > 0) & (orders > 0)
    receipts = arrivals(orders, arrays.lead)
    stock, backorders, lost = (_cells(values, columns) for columns in (plan.stock, plan.backorder, plan.lost))
    items = [
        ItemPlan.model_construct(
            id=item.id,
            site=item.site,
            orders=orders[index].tolist(),
            receipts=receipts[index].tolist(),
            stock=stock[index].tolist(),
            backorders=backorders[index].tolist() if item.unmet_demand == "backorder" else None,
            lost_sales=lost[index].tolist() if item.unmet_demand == "lost" else None,
            setups=setups[index].astype(np.int64).tolist(),
        )
        for index, item in enumerate(problem.items)
    ]
    return PlanSolution.model_construct(items=items, resources=_resources(problem, plan, orders, setups.astype(np.float64)))


def arrivals(orders: Floats, lead: Integers) -> Floats:
    """Return (I, T): what arrives in each period, for orders (I, T) and lead times (I,)."""
    periods = orders.shape[1]
    ordered = np.arange(periods)[None, :] - lead[:, None]
    return np.where(ordered >= 0, np.take_along_axis(orders, np.maximum(ordered, 0), axis=1), 0.0)


def _resources(problem: PlanProblem, plan: PlanModel, orders: Floats, setups: Floats) -> list[ResourcePlan]:
    """Return use and overtime; overtime is what the use exceeds the capacity by, never more than was paid for in the model."""
    arrays = plan.arrays
    use = np.zeros(arrays.capacity.shape)
    received, started = arrivals(orders, arrays.lead), arrivals(setups, arrays.lead)
    for at_receipt, units, starts in ((False, orders, setups), (True, received, started)):
        at = arrays.at_receipt == at_receipt
        use += np.where(at, arrays.per_unit, 0.0) @ units + np.where(at, arrays.per_setup, 0.0) @ starts
    overtime = np.clip(use - arrays.capacity, 0.0, arrays.overtime_limit)
    overtime[overtime <= NEGLIGIBLE] = 0.0
    return [
        ResourcePlan.model_construct(id=resource.id, use=use[index].tolist(), overtime=overtime[index].tolist())
        for index, resource in enumerate(problem.resources)
    ]


def _cells(values: Floats, columns: Integers) -> Floats:
    """Return the values of the columns, 0 where there is no variable or next to nothing."""
    cells = np.where(columns == NONE, 0.0, values[np.maximum(columns, 0)])
    return np.where(np.abs(cells) <= NEGLIGIBLE, 0.0, cells)
