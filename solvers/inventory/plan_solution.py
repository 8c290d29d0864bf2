"""From the values of the linear model back to orders, stock and shortages of every item."""

from collections.abc import Mapping

import numpy as np

from models.inventory import ItemPlan, PlanProblem, PlanSolution, ResourcePlan
from models.inventory_links import SubstitutionPlan
from models.inventory_supply import SupplyPlan
from models.inventory_transfer import SentLot, TransferPlan
from solvers.inventory.demand_paths import is_uncertain
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.oldest_first import oldest_first_lots
from solvers.inventory.plan_arrays import Floats, Integers, PlanArrays
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
    substituted = _substituted(problem, plan, values)
    supplied, received, use_of_supplies = _supplied(problem, plan, values)
    setups = np.where(plan.setup != NONE, _cells(values, plan.setup) > 0.5, orders > 0) & (orders > 0)
    receipts = arrivals(orders, arrays.lead) + arrays.scheduled + received
    use = _use_of_orders(arrays, orders, setups.astype(np.float64)) + use_of_supplies
    for index, supplies in supplied.items():
        orders[index] = np.sum([one.orders for one in supplies], axis=0)
        setups[index] = orders[index] > 0
    disposal = None if plan.parts.shelf_life is None else _cells(values, plan.parts.shelf_life.disposal)
    short = _missing_safety(problem, plan, values)
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
            safety_shortfalls=short[index].tolist() if short is not None and item.safety_stock_cost is not None else None,
            supplies=supplied.get(index),
            substitutions=substituted.get(index),
            disposals=disposal[index].tolist() if disposal is not None and item.shelf_life is not None else None,
        )
        for index, item in enumerate(problem.items)
    ]
    by_age = plan.parts.use_by
    lots = {} if by_age is None else oldest_first_lots(problem, by_age, values, receipts=receipts, stock=stock)
    sent, dispatched = _transferred(plan, values, lots)
    use += _use_of_transfers(problem, plan, sent, dispatched)
    return PlanSolution.model_construct(
        items=items, resources=_resources(problem, plan, use), transfers=_transfers(problem, plan, sent, lots), uncertainty=None
    )


def _missing_safety(problem: PlanProblem, plan: PlanModel, values: Floats) -> Floats | None:
    """Return (I, T): what the stock lacks of safety stock that may be missed, in the mean where demand is uncertain."""
    if plan.parts.safety is None:
        return None
    if is_uncertain(problem):
        return _cells(values, plan.parts.safety.short)
    # Where missing costs nothing, the model leaves open how much it says is missing.
    return np.where(plan.parts.safety.short == NONE, 0.0, np.maximum(plan.arrays.safety - _cells(values, plan.stock), 0.0))


def _supplied(problem: PlanProblem, plan: PlanModel, values: Floats) -> tuple[dict[int, list[SupplyPlan]], Floats, Floats]:
    """Return the orders from suppliers by item, what arrives of them (I, T), and what they take of resources (R, T)."""
    supplied: dict[int, list[SupplyPlan]] = {}
    received, use = np.zeros(plan.arrays.demand.shape), np.zeros(plan.arrays.capacity.shape)
    part = plan.parts.supplies
    if part is None:
        return supplied, received, use
    offers = part.offers
    place = {resource.id: index for index, resource in enumerate(problem.resources)}
    units = _cells(values, part.order) * offers.unit[part.of_range][:, None]
    chosen = _cells(values, part.choice) > 0.5
    for at, index in enumerate(offers.item.tolist()):
        rows = np.flatnonzero(part.of_range == at)
        orders, costs = units[rows].sum(axis=0), np.zeros(problem.periods)
        for row in rows:
            one = offers.ranges[row]
            costs += one.unit_cost * units[row] + one.extra * (chosen[row] & (units[row] > 0))
        plan_of_supplier = SupplyPlan.model_construct(
            supplier=offers.supplies[at].supplier, orders=orders.tolist(), costs=costs.tolist()
        )
        supplied.setdefault(index, []).append(plan_of_supplier)
        lead = offers.lead[[at]]
        received[index] += arrivals(orders[None, :], lead)[0]
        for name, taken in offers.resource_use[at].items():
            amount = taken.per_unit * orders + taken.per_setup * (orders > 0)
            use[place[name]] += arrivals(amount[None, :], lead)[0] if taken.at == "receipt" else amount
    return supplied, received, use


def _substituted(problem: PlanProblem, plan: PlanModel, values: Floats) -> dict[int, list[SubstitutionPlan]]:
    """Return what other items serve, by item."""
    part = plan.parts.substitutions
    found: dict[int, list[SubstitutionPlan]] = {}
    if part is None:
        return found
    for index, other, units in zip(part.item.tolist(), part.other.tolist(), _cells(values, part.quantity), strict=True):
        one = SubstitutionPlan.model_construct(item=problem.items[other].id, quantities=units.tolist())
        found.setdefault(index, []).append(one)
    return found


def arrivals(orders: Floats, lead: Integers) -> Floats:
    """Return (I, T): what arrives in each period, for orders (I, T) and lead times (I,)."""
    periods = orders.shape[1]
    ordered = np.arange(periods)[None, :] - lead[:, None]
    return np.where(ordered >= 0, np.take_along_axis(orders, np.maximum(ordered, 0), axis=1), 0.0)


def _transferred(plan: PlanModel, values: Floats, lots: Mapping[int, list[SentLot]]) -> tuple[Floats, Floats]:
    """
    Return units sent, and 1 where a dispatch is paid for, (M, T) each; (0, T) without transfers.

    Where `lots` hold less than the model sends, the rest is sent around in a circle within a period, at no cost: none of it is
    there, and it is left out.
    """
    transfers = plan.parts.transfers
    if transfers is None:
        none = np.zeros((0, plan.arrays.periods))
        return none, none
    sent = _cells(values, transfers.quantity)
    for way, of_way in lots.items():
        there = np.bincount([lot.period - 1 for lot in of_way], [lot.quantity for lot in of_way], sent.shape[1])
        sent[way] = np.where(sent[way] - there > NEGLIGIBLE * np.maximum(1.0, sent[way]), there, sent[way])
    return sent, np.where(sent > 0, 1.0, 0.0)


def _transfers(problem: PlanProblem, plan: PlanModel, sent: Floats, lots: Mapping[int, list[SentLot]]) -> list[TransferPlan]:
    if plan.parts.transfers is None:
        return []
    arrived = arrivals(sent, plan.parts.transfers.ways.lead)
    return [
        TransferPlan.model_construct(
            item=way.item,
            origin=way.origin,
            destination=way.destination,
            quantities=sent[index].tolist(),
            arrivals=arrived[index].tolist(),
            lots=lots.get(index),
        )
        for index, way in enumerate(problem.transfers)
    ]


def _use_of_transfers(problem: PlanProblem, plan: PlanModel, sent: Floats, dispatched: Floats) -> Floats:
    """Return (R, T): what transfers take of each resource."""
    use = np.zeros(plan.arrays.capacity.shape)
    transfers = plan.parts.transfers
    if transfers is None:
        return use
    lead = transfers.ways.lead
    received, reached = arrivals(sent, lead), arrivals(dispatched, lead)
    place = {resource.id: index for index, resource in enumerate(problem.resources)}
    for index, way in enumerate(problem.transfers):
        for name, taken in way.resource_use.items():
            units, starts = (received, reached) if taken.at == "receipt" else (sent, dispatched)
            use[place[name]] += taken.per_unit * units[index] + taken.per_setup * starts[index]
    return use


def _use_of_orders(arrays: PlanArrays, orders: Floats, setups: Floats) -> Floats:
    """Return (R, T): what orders take of each resource."""
    use = np.zeros(arrays.capacity.shape)
    received, started = arrivals(orders, arrays.lead), arrivals(setups, arrays.lead)
    for at_receipt, units, starts in ((False, orders, setups), (True, received, started)):
        at = arrays.at_receipt == at_receipt
        use += np.where(at, arrays.per_unit, 0.0) @ units + np.where(at, arrays.per_setup, 0.0) @ starts
    return use


def _resources(problem: PlanProblem, plan: PlanModel, use: Floats) -> list[ResourcePlan]:
    """Return use and overtime; overtime is what the use exceeds the capacity by, never more than was paid for in the model."""
    arrays = plan.arrays
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
