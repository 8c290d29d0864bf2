"""Why there is no plan, in a planner's words, and what a planner can change to make one."""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_words as part_words
from solvers.inventory.plan_words import Place, bound_of, column_place, demand_of, entry, is_of_scenario, repair_of, row_place
from solvers.linear.member import Member
from solvers.linear.model import LinearModel
from solvers.linear.relaxation import side_of
from solvers.linear.softness import Softness, softness
from solvers.linear.words import Words

PREFERENCE = (
    "capacity",
    "transfer_capacity",
    "supplier_capacity",
    "supply_limit",
    "storage",
    "budget",
    "maximum_order",
    "minimum_order",
    "safety_stock",
    "final_backorder",
    "backorder_time",
    "fill_rate",
    "cycle_service",
    "balance",
)
"""What may be changed, in the order in which changes of the same size are preferred."""

TIE_BREAK = 1e-5
"""Extra price of a change per place in the preference, small enough to decide between equals only."""

PRICE_OF_DEMAND = 1_000.0
"""A unit of demand is left out only where nothing else helps: customers' orders are not the planner's to change."""

WHOLE: dict[str, str] = {
    "y_{i,t}": "An order of {label} in period {period} is placed with its setup or not at all.",
    "n_{i,t}": "{label} is ordered in whole multiples in period {period}.",
}


def plan_softness(model: LinearModel) -> Softness:
    """
    Return what a planner can change: capacities, order sizes and stock limits, each unit at a cost of 1, and demand at 1,000.

    The tie between an order and its setup never gives way: that would be no change that a planner can make.
    """
    rows, tie_break = np.full(model.rows, np.inf), np.zeros(model.rows)
    for group in model.constraint_groups:
        family = group.family.symbol
        if family in PREFERENCE:
            rows[group.start : group.stop] = PRICE_OF_DEMAND if family == "balance" else 1.0
            tie_break[group.start : group.stop] = TIE_BREAK * PREFERENCE.index(family)
    return softness(model, rows=rows, columns=np.full(model.columns, np.inf), tie_break=tie_break)


class PlannerWords(Words):
    """Words of an inventory plan."""

    def __init__(self, model: LinearModel, problem: PlanProblem) -> None:
        super().__init__(model)
        self.problem = problem

    def demand(self, member: Member) -> str:
        """Return what a member demands, as one sentence."""
        if member.is_of_row:
            return demand_of(self.problem, self._place(member), self.model, member.index)
        place = self._place(member)
        if member.kind == "whole":
            sentence = (WHOLE | part_words.WHOLE).get(place.family, "{label} is a whole number in period {period}.")
            return sentence.format(label=place.label, period=place.period)
        return bound_of(place, is_lower=member.kind == "lower", bound=side_of(self.model, member))

    def change(self, member: Member, *, current: float, value: float) -> str:
        """Return what a repair changes, as one sentence."""
        return repair_of(self._place(member), change=current - value, side=current)

    def numbers(self, member: Member, *, current: float, value: float) -> tuple[float | None, float | None]:
        """Return demand as in the request; None for an order size, whose row holds no number of the request."""
        place = self._place(member)
        if place.family == "balance" and place.index is not None and not is_of_scenario(self.model, member.index):
            demand = self.problem.items[place.index].demand[place.period - 1]
            return demand, demand + value - current
        if place.family == "transfer_capacity" and place.index is not None:
            capacity = entry(self.problem.transfers[place.index].capacity, place.period)
            return capacity, capacity + value - current
        if place.family in ("minimum_order", "maximum_order"):
            return None, None
        return current, value

    def _place(self, member: Member) -> Place:
        return row_place(self.model, member.index) if member.is_of_row else column_place(self.model, member.index)
