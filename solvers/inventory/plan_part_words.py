"""Rows of transfers and other parts of an inventory plan in a planner's words: templates by family of rows or columns."""

from collections.abc import Mapping

DEMANDS: Mapping[str, str] = {
    "transfer_capacity": "At most {upper} units of {label} can be sent in period {period}.",
    "dispatch_limit": "{label} is sent in period {period} only with a dispatch that is paid for.",
    "substitution": "Other items serve no more of {label} in period {period} than is served at all.",
    "fill_rate": "At most {upper} units of the demand for {label} may be late or lost, period by period.",
    "cycle_service": "At least {lower} units of {label} must have come by the end of period {period}, for the service asked.",
    "supply_limit": "An order of {label} in period {period} has at most {upper} units.",
    "supplier_capacity": "{label} delivers at most {upper} units for the orders of period {period}.",
    "price_range": "An order of {label} in period {period} has the price of one range of the list.",
    "range_start": "An order of {label} in period {period} has at least the smallest size, or that of its price.",
    "one_range": "An order of {label} in period {period} has one price.",
    "shelf_life": "{label} on hand at the end of period {period} must be within its shelf life.",
    "stock_by_use": "What is on hand of {label} at the end of period {period} can be used in a later one.",
    "transfer_by_use": "What is sent of {label} in period {period} can be used when it arrives.",
    "use_by": "No more of {label} is kept and sent in period {period} than is there.",
    "backorder_time": "At most {upper} units of {label}, the latest demand, may be owed at the end of period {period}.",
    "terminal_stock": "No more of {label} is valued after period {period} than is on hand.",
    "backorder_growth": "No more of {label} can become owed in period {period} than is asked for in it.",
}
"""What a row demands."""

REPAIRS: Mapping[str, str] = {
    "fill_rate": "Let {size} units more of the demand for {label} be late or lost.",
    "cycle_service": "Let {size} units of {label} less have come by the end of period {period}, for a lower service.",
    "supply_limit": "Have {size} units more of {label} delivered for an order of period {period}, {new} in all.",
    "supplier_capacity": "Have {label} deliver {size} units more for the orders of period {period}, {new} in all.",
    "backorder_time": "Let {size} units more of {label} wait beyond their time at the end of period {period}.",
    "transfer_capacity": "Let {size} units more of {label} be sent in period {period}.",
}
"""What a repair does."""

PRICES: Mapping[str, str] = {
    "fill_rate": "one more unit of {label} that may be late or lost would save {price}.",
    "supply_limit": "one more unit of {label} that may be ordered in period {period} would save {price}.",
    "supplier_capacity": "one more unit that {label} delivers for the orders of period {period} would save {price}.",
    "shelf_life": "one unit of {label} that kept a period longer at the end of period {period} would save {price}.",
    "use_by": "one more unit of {label} in period {period}, in place of an older one, would save {price}.",
    "backorder_time": "one more unit of {label} that may wait longer at the end of period {period} would save {price}.",
    "transfer_capacity": "one more unit of capacity to move {label} in period {period} would save {price}.",
}
"""What one more unit on the right-hand side saves."""

SPARE: Mapping[str, str] = {
    "fill_rate": "{slack} units more of {label} could be late or lost.",
    "supply_limit": "{slack} units more of {label} could be ordered in period {period}.",
    "supplier_capacity": "{label} could deliver {slack} units more for the orders of period {period}.",
    "shelf_life": "the stock of {label} at the end of period {period} is within its shelf life, with {slack} units to spare.",
    "use_by": "{slack} units of {label} serve demand in period {period}, or are disposed of.",
    "backorder_time": "{slack} units more of {label} could be owed at the end of period {period}.",
    "transfer_capacity": "{slack} units more of {label} could be sent in period {period}.",
}
"""What is left of a condition that does not bind."""

NEGATIVE: Mapping[str, str] = {
    "r_{i,k,t}": "What serves {label} in period {period}",
    "x_{o,t,k}": "An order of {label} in period {period}",
    "e_{i,t}": "What is missing of the safety stock of {label} in period {period}",
    "g_{i,t}": "What is disposed of {label} in period {period}",
    "v_i": "The valued stock of {label} after period {period}",
    "s_{i,t,u}": "What is on hand of {label} at the end of period {period}",
    "f_{m,t}": "What is sent of {label} in period {period}",
    "f_{m,t,u}": "What is sent of {label} in period {period}",
    "w_{m,t}": "A dispatch of {label} in period {period}",
}
"""What cannot be negative."""

UPPER: Mapping[str, str] = {
    "x_{i,t}": "At most {bound} units of {label} can be ordered in period {period}.",
    "n_{i,t}": "At most {bound} multiples of {label} can be ordered in period {period}.",
    "v_i": "At most {bound} units of {label} are valued after period {period}.",
    "w_{m,t}": "{label} is sent at most once in period {period}.",
}
"""What an upper bound of a column demands."""

WHOLE: dict[str, str] = {
    "n_{o,t,k}": "{label} is ordered in whole multiples in period {period}.",
    "z_{o,t,k}": "An order of {label} in period {period} has one price.",
    "y_{o,t}": "An order of {label} in period {period} is paid for in full or not at all.",
    "w_{m,t}": "A dispatch of {label} in period {period} is paid for in full or not at all.",
}
"""What a whole-number decision demands."""


def told_label(label: str) -> str:
    """Return `butter@northgate->southmoor`, `butter<-hill-dairy:2` and `butter:until-3` as a planner would say it."""
    if label.rpartition("^")[2].isdigit():
        name, _, scenario = label.rpartition("^")
        return f"{told_label(name)} in scenario {scenario}"
    what, _, use_by = label.rpartition(":until-")
    if what and use_by.removesuffix("+").isdigit():
        later = " or later" if use_by.endswith("+") else ""
        return f"{told_label(what)}, usable until period {use_by.removesuffix('+')}{later},"
    if "<-" in label:
        item, _, supplier = label.partition("<-")
        return f"{item} from {supplier.rpartition(':')[0] or supplier}"
    return moved_label(label) if "->" in label else label


def moved_label(label: str) -> str:
    """Return `butter@northgate->southmoor` as `butter from northgate to southmoor`."""
    item, _, way = label.partition("@")
    origin, _, destination = way.partition("->")
    return f"{item} from {origin} to {destination}"
