"""Rows of transfers and other parts of an inventory plan in a planner's words: templates by family of rows or columns."""

from collections.abc import Mapping

OF_TRANSFERS = frozenset({"transfer_capacity", "dispatch_limit"})
"""Families of rows that belong to a way between two sites."""

DEMANDS: Mapping[str, str] = {
    "transfer_capacity": "At most {upper} units of {label} can be sent in period {period}.",
    "dispatch_limit": "{label} is sent in period {period} only with a dispatch that is paid for.",
    "backorder_growth": "No more of {label} can become owed in period {period} than is asked for in it.",
}
"""What a row demands."""

REPAIRS: Mapping[str, str] = {
    "transfer_capacity": "Let {size} units more of {label} be sent in period {period}.",
}
"""What a repair does."""

PRICES: Mapping[str, str] = {
    "transfer_capacity": "one more unit of capacity to move {label} in period {period} would save {price}.",
}
"""What one more unit on the right-hand side saves."""

SPARE: Mapping[str, str] = {
    "transfer_capacity": "{slack} units more of {label} could be sent in period {period}.",
}
"""What is left of a condition that does not bind."""

NEGATIVE: Mapping[str, str] = {
    "f_{m,t}": "What is sent of {label} in period {period}",
    "w_{m,t}": "A dispatch of {label} in period {period}",
}
"""What cannot be negative."""

UPPER: Mapping[str, str] = {
    "w_{m,t}": "{label} is sent at most once in period {period}.",
}
"""What an upper bound of a column demands."""

WHOLE: dict[str, str] = {
    "w_{m,t}": "A dispatch of {label} in period {period} is paid for in full or not at all.",
}
"""What a whole-number decision demands."""


def moved_label(label: str) -> str:
    """Return `butter@northgate->southmoor` as `butter from northgate to southmoor`."""
    item, _, way = label.partition("@")
    origin, _, destination = way.partition("->")
    return f"{item} from {origin} to {destination}"
