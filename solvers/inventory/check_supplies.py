"""Independent check of what is ordered from suppliers: every order priced again from the price list of the request."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory import PlanProblem, PlanSolution
from models.inventory_supply import Supply

Floats = NDArray[np.float64]

NOTHING = 1e-7
"""An order up to this counts as none."""


@dataclass(slots=True, kw_only=True)
class SupplyChecks:
    """What suppliers mean for the rest: orders and receipts (I, T), use (R, T), money spent (T,), cost of units and orders."""

    violations: dict[str, float]
    orders: Floats
    receipts: Floats
    use: Floats
    spent: Floats
    purchase: float = 0.0
    setup: float = 0.0

    def worse(self, name: str, amount: float) -> None:
        """Note a violation."""
        self.violations[name] = max(self.violations.get(name, 0.0), float(amount))


def check_supplies(problem: PlanProblem, solution: PlanSolution) -> SupplyChecks:
    """Return the checks of all orders from suppliers; nothing is violated or paid without suppliers."""
    shape = (len(problem.items), problem.periods)
    found = SupplyChecks(
        violations={},
        orders=np.zeros(shape),
        receipts=np.zeros(shape),
        use=np.zeros((len(problem.resources), problem.periods)),
        spent=np.zeros(problem.periods),
    )
    ordered = {supplier.id: np.zeros(problem.periods) for supplier in problem.suppliers}
    for index, (item, plan) in enumerate(zip(problem.items, solution.items, strict=True)):
        given = plan.supplies or []
        if [one.supplier for one in given] != [supply.supplier for supply in item.supplies]:
            raise ValueError("the plan lists other suppliers than the request")
        for supply, one in zip(item.supplies, given, strict=True):
            _check(problem, index, supply, np.array(one.orders), np.array(one.costs), found)
            ordered[supply.supplier] += one.orders
        if item.supplies:
            off = np.abs(found.orders[index] - plan.orders).max() / max(1.0, found.orders[index].max())
            found.worse("supply_total", off)
    for supplier in problem.suppliers:
        if supplier.capacity is not None:
            capacity = np.broadcast_to(np.asarray(supplier.capacity, dtype=np.float64), (problem.periods,))
            found.worse("supplier_capacity", ((ordered[supplier.id] - capacity) / np.maximum(1.0, capacity)).max())
    return found


def _check(problem: PlanProblem, index: int, supply: Supply, orders: Floats, costs: Floats, found: SupplyChecks) -> None:
    """Check the orders of one item from one supplier, and add what they bring, take and cost."""
    placed = orders > NOTHING
    prices = np.array([_price(supply, float(units), period) for period, units in enumerate(orders)])
    fixed = np.broadcast_to(np.asarray(supply.fixed_cost, dtype=np.float64), orders.shape) * placed
    found.worse("supply_cost", (np.abs(prices - costs) / np.maximum(1.0, prices)).max())
    found.worse("supply_non_negative", -orders.min())
    found.worse("supply_minimum", ((supply.minimum_order - orders[placed]) / max(1.0, supply.minimum_order)).max(initial=0.0))
    if supply.maximum_order is not None:
        found.worse("supply_limit", ((orders - supply.maximum_order) / max(1.0, supply.maximum_order)).max())
    if supply.order_multiple is not None:
        count = orders / supply.order_multiple
        found.worse("supply_multiple", (np.abs(count - np.round(count)) / np.maximum(1.0, count)).max())
    kept = max(problem.periods - supply.lead_time, 0)
    found.worse("supply_arrives", orders[kept:].max(initial=0.0))
    found.worse("supply_frozen", orders[: problem.frozen_periods].max(initial=0.0))
    found.orders[index] += orders
    found.receipts[index, problem.periods - kept :] += orders[:kept]
    found.spent += prices + fixed
    found.purchase += float(prices.sum())
    found.setup += float(fixed.sum())
    row = {resource.id: place for place, resource in enumerate(problem.resources)}
    for name, taken in problem.items[index].resource_use.items() if supply.takes_resources else ():
        amount = taken.per_unit * orders + taken.per_setup * placed
        delay = supply.lead_time if taken.at == "receipt" else 0
        found.use[row[name], delay:] += amount[: max(problem.periods - delay, 0)]


def _price(supply: Supply, units: float, period: int) -> float:
    """Return what an order costs by the price list, without its fixed cost."""
    if not supply.breakpoints:
        price = supply.unit_cost[period] if isinstance(supply.unit_cost, list) else supply.unit_cost
        return price * units
    steps = list(zip(supply.breakpoints, supply.unit_costs, strict=True))
    if supply.discount == "all_units":
        reached = [price for start, price in steps if units >= start - 1e-6 * max(1.0, start)]
        return reached[-1] * units
    stops = [*supply.breakpoints[1:], float("inf")]
    return sum(price * max(min(units, stop) - start, 0.0) for (start, price), stop in zip(steps, stops, strict=True))
