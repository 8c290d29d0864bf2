"""What pydantic cannot see in an inventory plan: lengths, references, order sizes that cannot exist; and what looks odd."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from models.errors import Issue, issue
from models.inventory import Item, PlanProblem
from models.run import RunWarning
from solvers.inventory.pointers import escaped
from solvers.inventory.semantics_items import condition_warnings, frozen_issues, life_issues
from solvers.inventory.semantics_links import link_issues
from solvers.inventory.semantics_supplies import supply_issues, whole_number_supply
from solvers.inventory.semantics_transfers import transfer_issues, transfer_warnings
from solvers.inventory.semantics_uncertainty import uncertainty_issues, uncertainty_warnings

MAX_ISSUES = 1_000
MAX_WARNINGS = 100

MAX_CELLS = 300_000
"""Most items x periods of one plan, and most transfers x periods."""

PER_PERIOD_OF_ITEM = (
    "holding_cost",
    "unit_cost",
    "fixed_cost",
    "stockout_cost",
    "safety_stock",
    "safety_stock_cost",
    "disposal_cost",
)
PER_PERIOD_OF_TRANSFER = ("unit_cost", "fixed_cost", "capacity")
PER_PERIOD_OF_RESOURCE = ("capacity", "overtime_limit", "overtime_cost")


def issues(problem: PlanProblem) -> list[Issue]:
    """Return what makes the problem meaningless, at most 1,000 issues in the order of the request."""
    return list(islice(_issues(problem), MAX_ISSUES))


def warnings(problem: PlanProblem) -> list[RunWarning]:
    """Return what looks odd but can be solved, at most 100 warnings."""
    return list(islice(_warnings(problem), MAX_WARNINGS))


def whole_number_pointer(problem: PlanProblem) -> str | None:
    """Return what in a request makes its plan a whole-number decision, or None when it is linear."""
    for index, item in enumerate(problem.items):
        field = whole_number_reason(item)
        if field is not None:
            return f"/items/{index}/{field}"
        for number, supply in enumerate(item.supplies):
            field = whole_number_supply(supply)
            if field is not None:
                return f"/items/{index}/supplies/{number}/{field}"
    for index, way in enumerate(problem.transfers):
        if np.any(np.asarray(way.fixed_cost) > 0):
            return f"/transfers/{index}/fixed_cost"
        if any(use.per_setup > 0 for use in way.resource_use.values()):
            return f"/transfers/{index}/resource_use"
    return None


def whole_number_reason(item: Item) -> str | None:
    """Return which field makes the plan of this item a whole-number decision, or None when it is linear."""
    if np.any(np.asarray(item.fixed_cost) > 0):
        return "fixed_cost"
    if any(use.per_setup > 0 for use in item.resource_use.values()):
        return "resource_use"
    if item.minimum_order > 0:
        return "minimum_order"
    return "order_multiple" if item.order_multiple is not None else None


def _issues(problem: PlanProblem) -> Iterator[Issue]:
    yield from _size(problem)
    yield from _repeated("/sites", [site.id for site in problem.sites], "site")
    yield from _repeated("/suppliers", [supplier.id for supplier in problem.suppliers], "supplier")
    yield from _repeated("/resources", [resource.id for resource in problem.resources], "resource")
    yield from _lengths(problem)
    sites = {site.id for site in problem.sites}
    resources = {resource.id for resource in problem.resources}
    seen: dict[tuple[str, str | None], int] = {}
    for index, item in enumerate(problem.items):
        pointer = f"/items/{index}"
        first = seen.setdefault((item.id, item.site), index)
        if first != index:
            message = f"The same item at the same site is already entry {first}; give one entry per item and site."
            yield issue(f"{pointer}/id", "DUPLICATE_ID", message)
        yield from _references(item, pointer, sites, resources)
        yield from _order_sizes(item, pointer)
        yield from _order_limits(item, pointer, problem.periods)
        yield from life_issues(item, pointer)
    yield from frozen_issues(problem)
    yield from uncertainty_issues(problem)
    yield from supply_issues(problem)
    yield from link_issues(problem)
    yield from transfer_issues(problem)
    yield from _solver(problem)


def _size(problem: PlanProblem) -> Iterator[Issue]:
    cells = problem.periods * len(problem.items)
    if cells > MAX_CELLS:
        message = f"Items x periods must not exceed {MAX_CELLS}; plan fewer items at a time or in longer periods."
        yield issue("/items", "PROBLEM_TOO_LARGE", message, limit=MAX_CELLS, got=cells)
    moves = problem.periods * len(problem.transfers)
    if moves > MAX_CELLS:
        message = f"Transfers x periods must not exceed {MAX_CELLS}; leave out ways that are never used."
        yield issue("/transfers", "PROBLEM_TOO_LARGE", message, limit=MAX_CELLS, got=moves)


def _repeated(pointer: str, names: Sequence[str], what: str) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        first = seen.setdefault(name, index)
        if first != index:
            yield issue(f"{pointer}/{index}/id", "DUPLICATE_ID", f"Entry {first} has the same id; every {what} needs its own.")


def _lengths(problem: PlanProblem) -> Iterator[Issue]:
    periods = problem.periods
    for pointer, values in _lists(problem):
        if isinstance(values, list) and len(values) != periods:
            message = f"One entry per period is needed: {periods}, not {len(values)}. Change the list or `periods`."
            yield issue(pointer, "WRONG_LENGTH", message, limit=periods, got=len(values))


def _lists(problem: PlanProblem) -> Iterator[tuple[str, object]]:
    """Yield pointer and value of every field that may hold one number per period."""
    for index, site in enumerate(problem.sites):
        yield f"/sites/{index}/storage_capacity", site.storage_capacity
    for index, item in enumerate(problem.items):
        yield f"/items/{index}/demand", item.demand
        for name in PER_PERIOD_OF_ITEM:
            yield f"/items/{index}/{name}", getattr(item, name)
        yield f"/items/{index}/scheduled_receipts", item.scheduled_receipts or None
        for number, other in enumerate(item.substitutes):
            yield f"/items/{index}/substitutes/{number}/unit_cost", other.unit_cost
        for number, supply in enumerate(item.supplies):
            yield f"/items/{index}/supplies/{number}/unit_cost", supply.unit_cost
            yield f"/items/{index}/supplies/{number}/fixed_cost", supply.fixed_cost
    for index, supplier in enumerate(problem.suppliers):
        yield f"/suppliers/{index}/capacity", supplier.capacity
    for index, resource in enumerate(problem.resources):
        for name in PER_PERIOD_OF_RESOURCE:
            yield f"/resources/{index}/{name}", getattr(resource, name)
    for index, way in enumerate(problem.transfers):
        for name in PER_PERIOD_OF_TRANSFER:
            yield f"/transfers/{index}/{name}", getattr(way, name)
    yield "/budget", problem.budget


def _references(item: Item, pointer: str, sites: set[str], resources: set[str]) -> Iterator[Issue]:
    if item.site is None and sites:
        message = "The request has sites, so every item must name the one that stores it."
        yield issue(f"{pointer}/site", "MISSING_SITE", message)
    if item.site is not None and item.site not in sites:
        yield issue(f"{pointer}/site", "UNKNOWN_SITE", "No entry of `sites` has this id; add the site or correct the name.")
    for name in item.resource_use:
        if name not in resources:
            message = "No entry of `resources` has this id; add the resource or correct the name."
            yield issue(f"{pointer}/resource_use/{escaped(name)}", "UNKNOWN_RESOURCE", message)


def _order_sizes(item: Item, pointer: str) -> Iterator[Issue]:
    """Find a minimum, multiple and maximum between which no order fits."""
    if item.maximum_order is None:
        return
    if item.minimum_order > item.maximum_order:
        message = "The smallest order is above the largest, so no order is possible; lower the minimum or raise the maximum."
        yield issue(
            f"{pointer}/minimum_order", "MINIMUM_ABOVE_MAXIMUM", message, limit=item.maximum_order, got=item.minimum_order
        )
    elif item.order_multiple is not None and item.maximum_order > 0:
        smallest = max(math.ceil(item.minimum_order / item.order_multiple - 1e-9), 1) * item.order_multiple
        if smallest > item.maximum_order * (1 + 1e-9):
            message = f"No multiple lies between the smallest and the largest order: the first is {smallest:g}."
            yield issue(f"{pointer}/order_multiple", "MULTIPLE_ABOVE_MAXIMUM", message, limit=item.maximum_order, got=smallest)


def _order_limits(item: Item, pointer: str, periods: int) -> Iterator[Issue]:
    """Find bounds of orders that cannot be placed, or that no multiple meets."""
    for index, limit in enumerate(item.order_limits):
        place = f"{pointer}/order_limits/{index}"
        if limit.period > periods:
            message = f"The plan has {periods} periods, counted from 1."
            yield issue(f"{place}/period", "VALUE_OUT_OF_RANGE", message, limit=periods, got=limit.period)
        elif limit.lower > 0 and limit.period - 1 + item.lead_time >= periods:
            message = f"With a lead time of {item.lead_time} this order would arrive after the last period, so it has no place."
            yield issue(f"{place}/lower", "ORDER_AFTER_HORIZON", message, limit=periods, got=limit.period + item.lead_time)
        if limit.upper is None:
            continue
        if limit.lower > limit.upper:
            message = "The least order of this period is above the most; swap them or remove one."
            yield issue(f"{place}/lower", "CROSSING_SIDES", message, limit=limit.upper, got=limit.lower)
        elif item.order_multiple is not None and limit.lower > 0:
            smallest = math.ceil(limit.lower / item.order_multiple - 1e-9) * item.order_multiple
            if smallest > limit.upper * (1 + 1e-9):
                message = f"Orders are multiples of {item.order_multiple:g}, and none lies between the two limits."
                yield issue(f"{place}/upper", "NO_MULTIPLE_BETWEEN", message, limit=smallest, got=limit.upper)


def _solver(problem: PlanProblem) -> Iterator[Issue]:
    options = problem.options
    if options.solver == "rolling_horizon":
        yield from _windows(problem)
        return
    for name in ("window_periods", "window_overlap"):
        if getattr(options, name) is not None:
            message = "Only rolling_horizon plans in windows; choose it as `solver`, or leave this out."
            yield issue(f"/options/{name}", "SOLVER_NOT_SUITABLE", message)
    pointer = whole_number_pointer(problem) if options.solver == "simplex" else None
    if pointer is not None:
        message = f"simplex cannot decide whole numbers, which {pointer} asks for; use branch_and_bound or auto."
        yield issue("/options/solver", "SOLVER_NOT_SUITABLE", message)


def _windows(problem: PlanProblem) -> Iterator[Issue]:
    """Find windows without end, and plans with nothing to decide in them."""
    length, overlap = problem.options.window_periods, problem.options.window_overlap
    if overlap is not None and length is None:
        message = "An overlap needs the length of the windows; give `window_periods` too."
        yield issue("/options/window_overlap", "OVERLAP_WITHOUT_WINDOW", message)
    if overlap is not None and length is not None and overlap >= length:
        message = f"Windows move on by their periods less the overlap, so the overlap must be below {length}."
        yield issue("/options/window_overlap", "OVERLAP_TOO_LONG", message, limit=length - 1, got=overlap)
    if whole_number_pointer(problem) is None:
        message = "No whole number is decided in this plan, so there is nothing to plan in windows; use simplex or auto."
        yield issue("/options/solver", "SOLVER_NOT_SUITABLE", message)


def _warnings(problem: PlanProblem) -> Iterator[RunWarning]:
    for index, item in enumerate(problem.items):
        yield from _shortage_warnings(item, f"/items/{index}")
        yield from uncertainty_warnings(item, f"/items/{index}")
        yield from condition_warnings(item, f"/items/{index}")
        yield from _supply_warnings(item, f"/items/{index}", problem.periods)
    for index, resource in enumerate(problem.resources):
        if _any(resource.overtime_cost) and not _any(resource.overtime_limit):
            message = "Overtime is priced but not allowed: overtime_limit is 0, so the price is never used."
            yield RunWarning(code="OVERTIME_COST_UNUSED", pointer=f"/resources/{index}/overtime_cost", message=message)
    yield from transfer_warnings(problem)


def _shortage_warnings(item: Item, pointer: str) -> Iterator[RunWarning]:
    if item.unmet_demand != "backorder" and item.maximum_final_backorder is not None:
        message = f"Unmet demand is {item.unmet_demand}, so there are no backorders that this could limit."
        yield RunWarning(code="BACKORDER_LIMIT_UNUSED", pointer=f"{pointer}/maximum_final_backorder", message=message)
    if item.unmet_demand == "forbidden":
        if _any(item.stockout_cost):
            message = "Unmet demand is forbidden, so stockout_cost is never charged; choose backorder or lost to use it."
            yield RunWarning(code="STOCKOUT_COST_UNUSED", pointer=f"{pointer}/stockout_cost", message=message)
        return
    if not _any(item.stockout_cost):
        message = f"Demand may be left unmet ({item.unmet_demand}) at no cost, so the plan will often order nothing."
        yield RunWarning(code="SHORTAGE_IS_FREE", pointer=f"{pointer}/stockout_cost", message=message)
    elif item.maximum_final_backorder is None and np.max(item.stockout_cost) < np.min(item.unit_cost):
        message = "A unit short costs less than a unit bought, so demand may be left unmet on purpose"
        message += "; maximum_final_backorder limits that." if item.unmet_demand == "backorder" else "."
        yield RunWarning(code="SHORTAGE_CHEAPER_THAN_PURCHASE", pointer=f"{pointer}/stockout_cost", message=message)


def _supply_warnings(item: Item, pointer: str, periods: int) -> Iterator[RunWarning]:
    if item.lead_time >= periods and _any(item.demand):
        message = f"No order can arrive within the {periods} periods; only the initial stock serves demand."
        yield RunWarning(code="LEAD_TIME_BEYOND_HORIZON", pointer=f"{pointer}/lead_time", message=message)
    if item.maximum_order == 0:
        message = "The largest order is 0, so nothing can be ordered; null means no limit."
        yield RunWarning(code="NOTHING_CAN_BE_ORDERED", pointer=f"{pointer}/maximum_order", message=message)


def _any(values: float | Iterable[float]) -> bool:
    """Tell whether any number differs from zero."""
    return bool(np.any(np.asarray(values)))
