"""Whole-number decisions of an inventory plan at another value, in a planner's words."""

from solvers.inventory.plan_words import amount, column_place
from solvers.linear.model import LinearModel
from solvers.linear.regret import Phrase


def flips_of_plan(model: LinearModel) -> Phrase:
    """Return how a flip is called: of an order placed or not; of the number of multiples where there are no setups."""
    has_setups = any(group.family.symbol.startswith("y_") and group.stop > group.start for group in model.variable_groups)

    def phrase(column: int, value: float, other: float) -> str | None:
        place = column_place(model, column)
        if model.column_names[column].startswith("setup["):
            if other > value:
                return f"Ordering {place.label} in period {place.period} as well"
            return f"Not ordering {place.label} in period {place.period}"
        if has_setups:
            return None
        return f"Ordering {amount(other)} instead of {amount(value)} multiples of {place.label} in period {place.period}"

    return phrase
