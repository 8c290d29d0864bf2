"""Forced alternatives of an inventory plan: an order of a period, or none; light enough for the front door."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from models.errors import issue
from models.force import ForcedOrder, ForcedSetup, PlanForce
from models.inventory import PlanProblem
from solvers.errors import UnforceableError
from solvers.inventory.plan_arrays import labels

Changes = list[tuple[str, Any]]


def forced_changes(problem: PlanProblem, force: PlanForce) -> Changes:
    """
    Return the changes of the request that force an alternative: limits of the orders of single periods.

    Raises
    ------
    UnforceableError
        When item or period is unknown, or no size is given.
    """
    if force.order is None and force.setup is None:
        raise _refused("/force", "NOTHING_FORCED", "Give an `order` or a `setup`.")
    limits: dict[int, list[dict[str, Any]]] = {}
    if force.order is not None:
        index = _item(problem, force.order, "/force/order")
        limits.setdefault(index, []).append(_order_limit(force.order))
    if force.setup is not None:
        index = _item(problem, force.setup, "/force/setup")
        limits.setdefault(index, []).append(_setup_limit(problem, index, force.setup))
    return [
        (f"/items/{index}/order_limits", [limit.model_dump() for limit in problem.items[index].order_limits] + added)
        for index, added in limits.items()
    ]


def forced_columns(problem: PlanProblem, force: PlanForce) -> list[str]:
    """Return the names of the order variables that are forced."""
    names = labels(problem.items)
    wanted = [(part, f"/force/{field}") for field in ("order", "setup") if (part := getattr(force, field)) is not None]
    return [f"order[{names[_item(problem, part, pointer)]},{part.period}]" for part, pointer in wanted]


def decisions(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return every order by item (with its site) and period."""
    count = Counter(item["id"] for item in solution["items"])
    found: dict[str, float | str] = {}
    for item in solution["items"]:
        label = item["id"] if count[item["id"]] == 1 else f"{item['id']}@{item['site']}"
        found |= {f"order[{label},{period}]": units for period, units in enumerate(item["orders"], start=1)}
    return found


def _item(problem: PlanProblem, wanted: ForcedOrder | ForcedSetup, pointer: str) -> int:
    """Return the position of an item; its period must lie within the plan, and an order must be able to arrive."""
    named = [index for index, item in enumerate(problem.items) if item.id == wanted.item]
    found = [index for index in named if wanted.site in (None, problem.items[index].site)]
    if not found:
        place, what = (f"{pointer}/site", "site") if named else (f"{pointer}/item", "id")
        raise _refused(place, "UNKNOWN_ITEM", f"No item has this {what}; correct the name.")
    if len(found) > 1:
        raise _refused(f"{pointer}/site", "MISSING_SITE", f"{len(found)} sites keep this item; name the one that is meant.")
    if wanted.period > problem.periods:
        message = f"The plan has {problem.periods} periods, counted from 1."
        raise _refused(f"{pointer}/period", "VALUE_OUT_OF_RANGE", message, limit=problem.periods, got=wanted.period)
    if problem.items[found[0]].supplies:
        message = "The item is ordered from several suppliers, so no single order can be forced; change a supply by what-if."
        raise _refused(f"{pointer}/item", "ORDERED_FROM_SUPPLIERS", message)
    lead = problem.items[found[0]].lead_time
    if wanted.period + lead > problem.periods:
        message = f"With a lead time of {lead}, an order of this period arrives after the last one: there is no place for it."
        raise _refused(f"{pointer}/period", "ORDER_AFTER_HORIZON", message, limit=problem.periods - lead, got=wanted.period)
    return found[0]


def _order_limit(wanted: ForcedOrder) -> dict[str, Any]:
    if (wanted.quantity is None) == (wanted.at_least is None):
        raise _refused("/force/order", "NOTHING_FORCED", "Give one of `quantity` and `at_least`.")
    lower = wanted.at_least if wanted.quantity is None else wanted.quantity
    return {"period": wanted.period, "lower": lower, "upper": wanted.quantity}


def _setup_limit(problem: PlanProblem, index: int, wanted: ForcedSetup) -> dict[str, Any]:
    if not wanted.value:
        return {"period": wanted.period, "lower": 0.0, "upper": 0.0}
    item = problem.items[index]
    smallest = max(item.minimum_order, item.order_multiple or 0.0)
    if smallest <= 0:
        message = "The item has no smallest order, so an order of nearly nothing would do; force an `order` with `at_least`."
        raise _refused("/force/setup/value", "NO_SMALLEST_ORDER", message)
    return {"period": wanted.period, "lower": smallest, "upper": None}


def _refused(pointer: str, code: str, message: str, *, limit: int | None = None, got: int | None = None) -> UnforceableError:
    return UnforceableError([issue(pointer, code, message, limit=limit, got=got)])
