"""What pydantic cannot see in suppliers: names, terms in two places, odd price lists, impossible order sizes."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from models.errors import Issue, issue
from models.inventory import Item, PlanProblem
from models.inventory_supply import Supply

OWN_TERMS = {"unit_cost": 0.0, "fixed_cost": 0.0, "lead_time": 0, "minimum_order": 0.0, "order_multiple": None}
"""Terms of an item that suppliers take the place of, and their neutral values."""


def supply_issues(problem: PlanProblem) -> Iterator[Issue]:
    """Yield what makes the suppliers of a plan meaningless, in the order of the request."""
    names = {supplier.id for supplier in problem.suppliers}
    for index, item in enumerate(problem.items):
        if item.supplies:
            yield from _terms(item, f"/items/{index}")
        seen: dict[str, int] = {}
        for number, supply in enumerate(item.supplies):
            pointer = f"/items/{index}/supplies/{number}"
            if supply.supplier not in names:
                message = "No entry of `suppliers` has this id; add the supplier or correct the name."
                yield issue(f"{pointer}/supplier", "UNKNOWN_SUPPLIER", message)
            first = seen.setdefault(supply.supplier, number)
            if first != number:
                message = f"Entry {first} is the same supplier; give one entry per supplier of an item."
                yield issue(f"{pointer}/supplier", "DUPLICATE_ID", message)
            yield from _prices(supply, pointer)
            yield from _sizes(supply, pointer)


def whole_number_supply(supply: Supply) -> str | None:
    """Return which field makes ordering from a supplier a whole-number decision, or None when it is linear."""
    if len(supply.breakpoints) > 1:
        return "breakpoints"
    if np.any(np.asarray(supply.fixed_cost) > 0):
        return "fixed_cost"
    if supply.minimum_order > 0:
        return "minimum_order"
    return "order_multiple" if supply.order_multiple is not None else None


def _terms(item: Item, pointer: str) -> Iterator[Issue]:
    """Find terms that are given for the item and by suppliers."""
    message = "With `supplies` each supplier has its own terms; give this there, or leave out `supplies`."
    given = [name for name, neutral in OWN_TERMS.items() if getattr(item, name) != neutral]
    given += [name for name in ("maximum_order", "order_limits") if getattr(item, name) not in (None, [])]
    for name in given:
        yield issue(f"{pointer}/{name}", "TERMS_IN_TWO_PLACES", message)


def _prices(supply: Supply, pointer: str) -> Iterator[Issue]:
    """Find price lists that do not start with 0, rise in quantity and fall in price."""
    starts, prices = supply.breakpoints, supply.unit_costs
    if len(starts) != len(prices):
        message = f"Every breakpoint needs one unit cost: {len(starts)}, not {len(prices)}."
        yield issue(f"{pointer}/unit_costs", "WRONG_LENGTH", message, limit=len(starts), got=len(prices))
        return
    if not starts:
        return
    if np.any(supply.unit_cost):
        message = "The price is given by `unit_costs`; leave out `unit_cost`."
        yield issue(f"{pointer}/unit_cost", "TERMS_IN_TWO_PLACES", message)
    if starts[0] != 0 or any(later <= earlier for earlier, later in pairwise(starts)):
        message = "Breakpoints start with 0 and each is above the one before."
        yield issue(f"{pointer}/breakpoints", "BREAKPOINTS_NOT_RISING", message)
    if any(later > earlier for earlier, later in pairwise(prices)):
        message = "A discount lowers the price from breakpoint to breakpoint; it rises here."
        yield issue(f"{pointer}/unit_costs", "PRICES_NOT_FALLING", message)


def _sizes(supply: Supply, pointer: str) -> Iterator[Issue]:
    """Find a minimum, multiple and maximum between which no order fits."""
    if supply.maximum_order is None:
        return
    multiple = supply.order_multiple
    smallest = (
        supply.minimum_order if multiple is None else max(math.ceil(supply.minimum_order / multiple - 1e-9), 1) * multiple
    )
    if smallest > supply.maximum_order * (1 + 1e-9) and supply.maximum_order > 0:
        message = f"No order lies between the smallest and the largest: the smallest possible is {smallest:g}."
        field, code = ("order_multiple", "MULTIPLE_ABOVE_MAXIMUM") if multiple else ("minimum_order", "MINIMUM_ABOVE_MAXIMUM")
        yield issue(f"{pointer}/{field}", code, message, limit=supply.maximum_order, got=smallest)
