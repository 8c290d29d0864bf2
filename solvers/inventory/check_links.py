"""Independent check of components and substitutes: what they move from item to item, within what is served, and their cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, ItemPlan, PlanProblem, PlanSolution

Floats = NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class LinkChecks:
    """`moved` (I, T) is what an item gains from others less what it gives, `gives` (I,) whether it may give, and the cost."""

    violations: dict[str, float]
    moved: Floats
    gives: NDArray[np.bool_]
    cost: float = 0.0


def check_links(problem: PlanProblem, solution: PlanSolution) -> LinkChecks:
    """Return the checks of components and substitutes; nothing is moved without them."""
    place = {(item.id, item.site): index for index, item in enumerate(problem.items)}
    shape = (len(problem.items), problem.periods)
    found = LinkChecks(violations={}, moved=np.zeros(shape), gives=np.zeros(shape[0], dtype=np.bool_))
    zeros = np.zeros(problem.periods)
    for index, (item, plan) in enumerate(zip(problem.items, solution.items, strict=True)):
        for component in item.components:
            at = place[component.item, item.site]
            found.moved[at] -= component.quantity * _made(item, plan)
            found.gives[at] = True
        given = plan.substitutions or []
        if [one.item for one in given] != [way.item for way in item.substitutes]:
            raise ValueError("the plan lists other substitutes than the request")
        if not given:
            continue
        total = np.sum([one.quantities for one in given], axis=0)
        owed = np.array(plan.backorders or zeros)
        served = np.array(item.demand) - np.diff(owed, prepend=0.0) - np.array(plan.lost_sales or zeros)
        for way, one in zip(item.substitutes, given, strict=True):
            at = place[way.item, item.site]
            found.moved[at] -= one.quantities
            found.gives[at] = True
            found.cost += float((np.asarray(way.unit_cost) * np.array(one.quantities)).sum())
        found.moved[index] += total
        worst = max(float((total - served).max()), -float(np.min([one.quantities for one in given])), 0.0)
        found.violations["substitution"] = max(found.violations.get("substitution", 0.0), worst / max(1.0, float(total.max())))
    return found


def _made(item: Item, plan: ItemPlan) -> Floats:
    """Return the units of each period's orders that take components."""
    bought = np.zeros(len(plan.orders))
    for supply, one in zip(item.supplies, plan.supplies or (), strict=True):
        if not supply.takes_components:
            bought += one.orders
    return np.asarray(plan.orders) - bought
