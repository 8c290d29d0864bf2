"""
Independent check of an inventory plan: every condition and every cost again, from the request and the answer alone.

Nothing of the engine's side is imported. Violations are relative to max(1, the size of the numbers that are compared).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.inventory import PlanProblem, PlanSolution
from models.run import Check
from solvers.base import Outcome
from solvers.inventory.check_items import check_items, disposals, item_costs, scheduled
from solvers.inventory.check_links import check_links
from solvers.inventory.check_scenarios import check_scenarios, mean_problem
from solvers.inventory.check_supplies import SupplyChecks, check_supplies
from solvers.inventory.check_transfers import check_transfers

Floats = NDArray[np.float64]

TOLERANCE = 1e-6
NOTHING = 1e-7
"""An order up to this counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The answer as arrays of shape (I, T); resources (R, T)."""

    orders: Floats
    receipts: Floats
    stock: Floats
    backorders: Floats
    lost: Floats
    setups: Floats
    use: Floats
    overtime: Floats


def check_plan(problem: PlanProblem, outcome: Outcome[Any]) -> list[Check]:
    """
    Recompute feasibility and cost of a plan.

    Returns
    -------
    list of Check
        One per family of conditions and one per named cost; empty when the outcome holds no plan.
    """
    if outcome.solution is None or outcome.objective is None or outcome.objective.value is None:
        return []
    solution: PlanSolution = outcome.solution
    is_sampled = any(item.demand_uncertainty is not None for item in problem.items)
    asked, problem = problem, mean_problem(problem) if is_sampled else problem
    plan = _read(problem, solution)
    transfers = check_transfers(problem, solution)
    supplies = check_supplies(problem, solution)
    links = check_links(problem, solution)
    moved = transfers.moved + links.moved - disposals(problem, solution)
    violations = {**_flow(problem, plan, moved, supplies), **_orders(problem, plan)}
    violations |= _shared(problem, plan, transfers.use + supplies.use, supplies.spent)
    violations |= (
        supplies.violations
        | transfers.violations
        | links.violations
        | _owed(problem, plan, transfers.sends | links.gives)
        | check_items(problem, solution)
    )
    claimed = {term.name: term.value for term in outcome.objective.terms}
    more = item_costs(problem, solution) | ({"transfer": transfers.cost} if problem.transfers else {})
    if is_sampled and "terminal_value" in more:
        # The mean of what has a value, at most the limit in each scenario, is at most what the mean stock has.
        more["terminal_value"] = min(max(claimed.get("terminal_value", 0.0), more["terminal_value"]), 0.0)
    if any(item.substitutes for item in problem.items):
        more["substitution"] = links.cost
    if problem.uncertainty.risk_weight > 0 and solution.uncertainty is not None:
        report, weight = solution.uncertainty, problem.uncertainty.risk_weight
        more["risk"] = weight * (report.conditional_value_at_risk - report.expected_cost)
    violations |= _costs(problem, plan, claimed, outcome.objective.value, more, supplies)
    if is_sampled:
        once = sum(claimed.get(name, 0.0) for name in ("purchase", "setup", "transfer", "overtime"))
        violations |= check_scenarios(asked, solution, once)
    return [Check(name=name, max_violation=float(value), tolerance=TOLERANCE) for name, value in violations.items()]


def _read(problem: PlanProblem, solution: PlanSolution) -> _Plan:
    """Return the answer as arrays; a plan for other items than those asked for is an error of the engine."""
    asked = [(item.id, item.site) for item in problem.items]
    if [(item.id, item.site) for item in solution.items] != asked:
        raise ValueError("the plan lists other items than the request")
    if [resource.id for resource in solution.resources] != [resource.id for resource in problem.resources]:
        raise ValueError("the plan lists other resources than the request")
    zeros = [0.0] * problem.periods
    shape = (len(problem.resources), problem.periods)
    return _Plan(
        orders=np.array([item.orders for item in solution.items]),
        receipts=np.array([item.receipts for item in solution.items]),
        stock=np.array([item.stock for item in solution.items]),
        backorders=np.array([item.backorders or zeros for item in solution.items]),
        lost=np.array([item.lost_sales or zeros for item in solution.items]),
        setups=np.array([item.setups for item in solution.items], dtype=np.float64),
        use=np.array([resource.use for resource in solution.resources]).reshape(shape),
        overtime=np.array([resource.overtime for resource in solution.resources]).reshape(shape),
    )


def _flow(problem: PlanProblem, plan: _Plan, moved: Floats, supplies: SupplyChecks) -> dict[str, float]:
    """Check receipts, the balance of every item and period, signs, and what may be unmet or must be on hand."""
    demand = _each(problem, "demand")
    arrived = scheduled(problem) + supplies.receipts
    late = 0.0
    for row, item in enumerate(problem.items):
        if item.supplies:
            continue
        lead = item.lead_time
        kept = max(problem.periods - lead, 0)
        arrived[row, lead:] += plan.orders[row, :kept]
        late = max(late, _largest(plan.orders[row, kept:]))
    initial = np.array([[item.initial_stock] for item in problem.items])
    before = np.hstack([initial, (plan.stock - plan.backorders)[:, :-1]])
    after = plan.stock - plan.backorders
    served = demand - plan.lost
    size = np.abs(before) + plan.receipts + plan.stock + plan.backorders + demand + np.abs(moved)
    lowest = min(_smallest(part) for part in (plan.orders, plan.stock, plan.backorders, plan.lost, plan.overtime))
    may_backorder = np.array([[item.unmet_demand == "backorder"] for item in problem.items])
    may_lose = np.array([[item.unmet_demand == "lost"] for item in problem.items])
    unmet = np.where(may_backorder, 0.0, plan.backorders) + np.where(may_lose, 0.0, plan.lost)
    is_firm = np.array([[item.safety_stock_cost is None] for item in problem.items])
    safety = np.where(is_firm, _each(problem, "safety_stock"), 0.0)
    final_limit = [np.inf if item.maximum_final_backorder is None else item.maximum_final_backorder for item in problem.items]
    return {
        "receipts": max(_off(plan.receipts, arrived), late),
        "balance": _largest(np.abs(before + plan.receipts + moved - served - after) / np.maximum(1.0, size)),
        "non_negative": max(0.0, -lowest),
        "unmet_demand": max(_largest(unmet), _over(plan.lost, demand)),
        "safety_stock": _over(safety, plan.stock),
        "final_backorder": _over(plan.backorders[:, -1], np.array(final_limit)),
    }


def _owed(problem: PlanProblem, plan: _Plan, gives: NDArray[np.bool_]) -> dict[str, float]:
    """
    Check that no more becomes owed in a period than was asked for in it, where stock pays otherwise than by serving demand.

    It does where an item is sent elsewhere or disposed of, is a safety stock, or has a value at the end.
    """
    pays = [item.shelf_life is not None or item.terminal_value > 0 or np.any(item.safety_stock) for item in problem.items]
    checked = gives | np.array(pays)
    if not checked.any():
        return {}
    grown = np.diff(plan.backorders, axis=1, prepend=0.0)[checked]
    return {"backorder_growth": _over(grown, _each(problem, "demand")[checked])}


def _orders(problem: PlanProblem, plan: _Plan) -> dict[str, float]:
    """Check smallest and largest orders, whole multiples, and that a setup stands exactly where something is ordered."""
    ordered = plan.orders > NOTHING
    minimum = np.array([[item.minimum_order] for item in problem.items])
    maximum = np.array([[np.inf if item.maximum_order is None else item.maximum_order] for item in problem.items])
    multiple = np.array([[item.order_multiple or np.nan] for item in problem.items])
    count = plan.orders / multiple
    odd = np.where(np.isnan(multiple), 0.0, np.abs(count - np.round(count)) / np.maximum(1.0, np.abs(count)))
    return {
        "minimum_order": _over(np.where(ordered, minimum, 0.0), plan.orders),
        "maximum_order": _over(plan.orders, np.broadcast_to(maximum, plan.orders.shape)),
        "order_limits": _order_limits(problem, plan),
        "order_multiple": _largest(odd),
        "setups": float(np.count_nonzero((plan.setups > 0.5) != ordered)),
    }


def _order_limits(problem: PlanProblem, plan: _Plan) -> float:
    """Check the bounds of the orders of single periods."""
    worst = 0.0
    for row, item in enumerate(problem.items):
        for limit in item.order_limits:
            ordered = float(plan.orders[row, limit.period - 1])
            above = 0.0 if limit.upper is None else (ordered - limit.upper) / max(1.0, limit.upper)
            worst = max(worst, (limit.lower - ordered) / max(1.0, limit.lower), above)
    return worst


def _shared(problem: PlanProblem, plan: _Plan, use_of_others: Floats, spent_otherwise: Floats) -> dict[str, float]:
    """Check resources with their overtime, storage and budget."""
    use = _resource_use(problem, plan) + use_of_others
    capacity, limit = _each_resource(problem, "capacity"), _each_resource(problem, "overtime_limit")
    storage = 0.0
    for site in problem.sites:
        if site.storage_capacity is not None:
            at_site = [item.site == site.id for item in problem.items]
            storage = max(storage, _over(plan.stock[at_site].sum(axis=0), _one(site.storage_capacity, problem.periods)))
    budget = 0.0
    if problem.budget is not None:
        spent = _each(problem, "unit_cost") * plan.orders + _each(problem, "fixed_cost") * plan.setups
        budget = _over(spent.sum(axis=0) + spent_otherwise, _one(problem.budget, problem.periods))
    return {
        "resource_use": _off(plan.use, use),
        "capacity": _over(use, capacity + plan.overtime),
        "overtime_limit": _over(plan.overtime, limit),
        "storage": storage,
        "budget": budget,
    }


def _resource_use(problem: PlanProblem, plan: _Plan) -> Floats:
    """Return (R, T): what the orders take of each resource, in the period of the order or of the receipt."""
    row = {resource.id: index for index, resource in enumerate(problem.resources)}
    use = np.zeros((len(problem.resources), problem.periods))
    for index, item in enumerate(problem.items):
        for name, taken in item.resource_use.items() if not item.supplies else ():
            amount = taken.per_unit * plan.orders[index] + taken.per_setup * plan.setups[index]
            delay = item.lead_time if taken.at == "receipt" else 0
            use[row[name], delay:] += amount[: max(problem.periods - delay, 0)]
    return use


def _costs(
    problem: PlanProblem,
    plan: _Plan,
    claimed: Mapping[str, float],
    value: float,
    more: Mapping[str, float],
    supplies: SupplyChecks,
) -> dict[str, float]:
    """Compare every named cost, and the total, with what the engine claims."""
    stockout = _each(problem, "stockout_cost")
    true = {
        "purchase": float((_each(problem, "unit_cost") * plan.orders).sum()) + supplies.purchase,
        "holding": float((_each(problem, "holding_cost") * plan.stock).sum()),
        "setup": float((_each(problem, "fixed_cost") * plan.setups).sum()) + supplies.setup,
        "backorder": float((stockout * plan.backorders).sum()),
        "lost_sales": float((stockout * plan.lost).sum()),
        "overtime": float((_each_resource(problem, "overtime_cost") * plan.overtime).sum()),
    } | dict(more)
    total = sum(true.values())
    size = max(1.0, abs(total))
    unknown = sum(abs(amount) for name, amount in claimed.items() if name not in true)
    off = {f"cost_{name}": abs(amount - claimed.get(name, 0.0)) / size for name, amount in true.items()}
    off["objective"] = max(abs(total - value), abs(sum(claimed.values()) - value), unknown) / size
    return off


def _each(problem: PlanProblem, name: str) -> Floats:
    """Return a field of the items as an array (I, T)."""
    return np.array([_one(getattr(item, name), problem.periods) for item in problem.items])


def _each_resource(problem: PlanProblem, name: str) -> Floats:
    """Return a field of the resources as an array (R, T)."""
    rows = [_one(getattr(resource, name), problem.periods) for resource in problem.resources]
    return np.array(rows).reshape(len(rows), problem.periods)


def _one(value: ArrayLike, periods: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (periods,))


def _over(amount: Floats, limit: Floats) -> float:
    """Return by how much an amount exceeds its limit at most, relative to max(1, limit)."""
    finite = np.where(np.isfinite(limit), limit, 0.0)
    excess = np.where(np.isfinite(limit), amount - finite, 0.0)
    return _largest(excess / np.maximum(1.0, np.abs(finite)))


def _off(amount: Floats, other: Floats) -> float:
    return _largest(np.abs(amount - other) / np.maximum(1.0, np.abs(other)))


def _largest(numbers: Floats) -> float:
    return max(0.0, float(numbers.max())) if numbers.size else 0.0


def _smallest(numbers: Floats) -> float:
    return float(numbers.min()) if numbers.size else 0.0
