"""Rows and columns of an inventory plan in a planner's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from models.inventory import PlanProblem
from solvers.inventory import plan_part_words as parts
from solvers.inventory.plan_arrays import Floats
from solvers.linear.model import Group, LinearModel
from solvers.linear.row_sentences import RowWords

PRICED = frozenset({"balance", "safety_stock", "capacity", "storage", "budget"})
"""Families of rows whose sides a planner sets."""

KINDS = ("items", "resources", "sites", "transfers", "suppliers")
"""Lists of the request that rows and columns point into."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    What a row or column is about.

    Its family, the name of its item, resource, site or transfer, the index of that one in the request's list `kind`, and the
    period from 1.
    """

    family: str
    label: str
    index: int | None
    period: int
    kind: str


def row_place(model: LinearModel, row: int) -> Place:
    """Return what a row is about."""
    return _place(model.constraint_groups, row, model.row_names[row], model.row_pointer(row))


def is_of_scenario(model: LinearModel, row: int) -> bool:
    """Tell whether a row is there for one demand scenario of many."""
    return bool(model.sets) and model.sets[-1][0].symbol == "S" and "^" in model.row_names[row]


def column_place(model: LinearModel, column: int) -> Place:
    """Return what a column is about."""
    return _place(model.variable_groups, column, model.column_names[column], model.column_pointer(column))


def amount(number: float) -> str:
    """Return a number for people: thousands apart, at most two decimals, four digits when it is small."""
    text = f"{number:,.2f}" if abs(number) >= 1 else f"{number:.4g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def entry(value: float | Sequence[float] | None, period: int) -> float:
    """Return the number of a period, counted from 1, from one number for all or one per period; 0 for none."""
    if value is None:
        return 0.0
    return float(value) if isinstance(value, int | float) else float(value[period - 1])


def demand_of(problem: PlanProblem, place: Place, model: LinearModel, row: int) -> str:
    """Return what a row demands, as one sentence."""
    label, period, when = place.label, place.period, f"in period {place.period}"
    item = problem.items[place.index] if place.kind == "items" and place.index is not None else None
    if place.family == "balance" and item is not None:
        late = {"forbidden": ", none of them late", "backorder": ", at once or late", "lost": " or loses them"}
        stock = f", with {amount(item.initial_stock)} on stock before" if period == 1 and item.initial_stock else ""
        due = amount(item.scheduled_receipts[period - 1]) if any(item.scheduled_receipts[period - 1 : period]) else ""
        due = f", with {due} due to arrive" if due else ""
        if is_of_scenario(model, row):
            return f"{label} needs {amount(float(model.row_lower[row]))} units beyond what is there {when}."
        return f"{label} needs {amount(item.demand[period - 1])} units {when}{late[item.unmet_demand]}{stock}{due}."
    if place.family == "capacity" and place.index is not None:
        resource = problem.resources[place.index]
        overtime = entry(resource.overtime_limit, period)
        more = f" and overtime up to {amount(overtime)}" if overtime else ""
        return f"{label} has a capacity of {amount(entry(resource.capacity, period))}{more} {when}."
    upper, lower = amount(float(model.row_upper[row])), amount(float(model.row_lower[row]))
    if place.family in parts.DEMANDS:
        if place.family == "transfer_capacity" and place.index is not None:
            upper = amount(entry(problem.transfers[place.index].capacity, period))
        return parts.DEMANDS[place.family].format(label=label, period=period, upper=upper, lower=lower)
    paid = "" if item is None or item.safety_stock_cost is None else ", or what is missing is paid for"
    minimum, maximum = ("0", "0") if item is None else (amount(item.minimum_order), amount(item.maximum_order or 0))
    return {
        "safety_stock": f"At least {lower} units of {label} must be on hand at the end of period {period}{paid}.",
        "final_backorder": f"At most {upper} units of demand for {label} may still be open after the last period.",
        "setup_limit": f"{label} can be ordered {when} only by placing an order, with its setup.",
        "minimum_order": f"An order of {label} {when} has at least {minimum} units.",
        "maximum_order": f"An order of {label} {when} has at most {maximum} units.",
        "storage": f"{label} stores at most {upper} units at the end of period {period}.",
        "budget": f"The orders of period {period} may cost at most {upper}.",
    }.get(place.family, f"{model.row_names[row]} holds.")


def bound_of(place: Place, *, is_lower: bool, bound: float) -> str:
    """Return what a bound of a column demands, as one sentence."""
    label, when = place.label, f"in period {place.period}"
    if is_lower:
        subject = {
            "s_{i,t}": "The stock of {label} at the end of period {period}",
            "b_{i,t}": "Backorders of {label} in period {period}",
            "l_{i,t}": "Lost sales of {label} in period {period}",
            "o_{r,t}": "Overtime of {label} in period {period}",
        }.get(place.family, parts.NEGATIVE.get(place.family, "An order of {label} in period {period}"))
        subject = subject.format(label=label, period=place.period)
        return f"{subject} cannot be negative."
    if place.family in parts.UPPER:
        return parts.UPPER[place.family].format(label=label, period=place.period, bound=amount(bound))
    return {
        "y_{i,t}": f"{label} is ordered at most once {when}.",
        "l_{i,t}": f"No more than the demand of {amount(bound)} units of {label} can be lost {when}.",
        "o_{r,t}": f"Overtime of {label} {when} is at most {amount(bound)}.",
    }.get(place.family, f"{place.family} of {label} {when} is at most {amount(bound)}.")


def repair_of(place: Place, *, change: float, side: float) -> str:
    """
    Return what a repair does, as one sentence.

    `change` is the violation of the row: positive where it falls short of its lower side, negative where it exceeds its upper
    side; `side` is that side.
    """
    label, period, size = place.label, place.period, amount(abs(change))
    new = amount(side - change)
    if place.family == "balance":
        if change > 0:
            return f"Serve {size} units less of {label} in period {period}."
        return f"Take {size} units of {label} out of stock in period {period} beyond its demand."
    if place.family in parts.REPAIRS:
        return parts.REPAIRS[place.family].format(label=label, period=period, size=size, new=new)
    return {
        "safety_stock": f"Lower the safety stock of {label} in period {period} by {size}, to {new}.",
        "final_backorder": f"Let {size} units more of {label} stay open after the last period.",
        "minimum_order": f"Allow an order of {label} in period {period} that is {size} units below the smallest.",
        "maximum_order": f"Allow an order of {label} in period {period} that is {size} units above the largest.",
        "capacity": f"Add {size} to the capacity of {label} in period {period}, to {new}.",
        "storage": f"Add {size} to the storage of {label} at the end of period {period}, to {new}.",
        "budget": f"Add {size} to the budget of period {period}, to {new}.",
    }.get(place.family, f"Relax {place.family} of {label} in period {period} by {size}.")


def price_of(family: str, row: RowWords) -> str | None:
    """Return what one more unit on a row costs or saves, as one sentence; None for rows that a planner does not set."""
    if family not in PRICED:
        return _price_of_part(family, row) if family in parts.PRICES else None
    label, _, period = row.name[row.name.index("[") + 1 : -1].rpartition(",")
    keeping_setups, binding = row.price is None, row.binding
    price = row.price_at_fixed_integers if keeping_setups else row.price
    given = "With the whole-number decisions of this plan kept, o" if keeping_setups else "O"
    if family == "balance":
        if price is None:
            return f"{label} serves its demand of period {period}."
        verb = "cost" if price >= 0 else "save"
        return f"{given}ne more unit of demand for {label} in period {period} would {verb} {amount(abs(price))}."
    if family == "safety_stock":
        if not binding:
            return f"{label} has {amount(row.slack)} units more than its safety stock at the end of period {period}."
        return f"{given}ne unit less of safety stock for {label} in period {period} would save {amount(abs(price or 0))}."
    what = {"capacity": label, "storage": f"the storage of {label}", "budget": "the budget"}[family]
    if not binding:
        return f"{what[0].upper()}{what[1:]} has {amount(row.slack)} to spare in period {period}."
    if price is None:
        return f"{what[0].upper()}{what[1:]} is used up in period {period}."
    start = "With the whole-number decisions of this plan kept, m" if keeping_setups else "M"
    saving = f"would save {amount(abs(price))} per unit, as long as nothing else binds"
    return f"{start}ore of {what} in period {period}, where it is used up, {saving}."


def _price_of_part(family: str, row: RowWords) -> str:
    """
    Return what one more unit on a row of transfers or another part saves, or what it has to spare.

    Where the saving of the first unit more is not known by itself, the price is the most that it can be.
    """
    label, _, period = row.name[row.name.index("[") + 1 : -1].rpartition(",")
    label = parts.told_label(label)
    price = row.price_at_fixed_integers if row.price is None else row.price
    template = parts.PRICES[family] if row.binding else parts.SPARE[family]
    is_known = row.up is not None and isfinite(row.up)
    most = amount(abs((row.up if is_known else price) or 0))
    saving = "nothing" if most == "0" else most if is_known else f"up to {most}"
    words = template.format(label=label, period=period, price=saving, slack=amount(row.slack))
    if row.binding and row.price is None:
        return f"With the whole-number decisions of this plan kept, {words}"
    return f"{words[0].upper()}{words[1:]}"


def prices_of(model: LinearModel, family: str, duals: Floats, periods: int) -> Floats | None:
    """Return the prices of a family of rows that exist for every period, shape (entries, T), or None when it has none."""
    for group in model.constraint_groups:
        if group.family.symbol == family:
            return duals[group.start : group.stop].reshape(-1, periods)
    return None


def _place(groups: Sequence[Group], at: int, name: str, pointer: str | None) -> Place:
    family = next(group.family.symbol for group in groups if group.start <= at < group.stop)
    label, _, period = name[name.index("[") + 1 : -1].rpartition(",")
    where = (pointer or "").split("/")
    kind = where[1] if len(where) > 2 and where[1] in KINDS else ""
    label = parts.told_label(label) if kind else label
    return Place(family, label, int(where[2]) if kind else None, int(period), kind)
