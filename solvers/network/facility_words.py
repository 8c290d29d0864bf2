"""A facility plan and why there is none, in the words of sites and clients, and what may give way to make one."""

import numpy as np

from models.network.facility_location import FacilityLocationProblem
from solvers.linear.member import Member
from solvers.linear.model import LinearModel
from solvers.linear.row_sentences import RowWords
from solvers.linear.softness import Softness, softness
from solvers.linear.words import Words
from solvers.network.reports import number

COST_OF_CLIENT = 1_000.0
"""A client is left out, in whole or in part, only where more capacity does not help."""

COSTS = {"capacity_j": 1.0, "serve_i": COST_OF_CLIENT, "enough": 0.0}
"""What may give way, per unit of demand or per client; `enough` follows from the capacities and moves with them."""


def facility_softness(model: LinearModel) -> Softness:
    """Return what may give way: capacities, and clients at a high cost; that only open facilities serve always holds."""
    rows = np.full(model.rows, np.inf)
    for group in model.constraint_groups:
        rows[group.start : group.stop] = COSTS.get(group.family.symbol, np.inf)
    return softness(model, rows=rows, columns=np.full(model.columns, np.inf))


class FacilityWords(Words):
    """Words of a facility plan."""

    def __init__(self, model: LinearModel, problem: FacilityLocationProblem) -> None:
        super().__init__(model)
        self.problem = problem

    def demand(self, member: Member) -> str:
        """Return what a member demands, as one sentence."""
        family, label = self._family(member)
        if member.kind == "whole":
            return f"{self.model.column_names[member.index]} is 0 or 1, nothing in between."
        if family == "serve_i":
            return f"{label} must be served completely."
        if family == "capacity_j":
            return f"{label} serves at most {number(self._capacity(member))} units."
        if family == "enough":
            total = number(sum(client.demand for client in self.problem.clients))
            return f"The open facilities must serve {total} units together."
        if family == "link_ij":
            return f"{label} is used only when its facility is open."
        return super().demand(member)

    def change(self, member: Member, *, current: float, value: float) -> str:
        """Return what a repair changes, as one sentence."""
        family, label = self._family(member)
        if family == "serve_i":
            return f"Leave {label} out." if value <= 0 else f"Serve only {value:.1%} of {label}."
        before = self._capacity(member)
        size = number(abs(value - current))
        return (
            f"{label} needs {size} units more: raise its capacity from {number(before)} to {number(before + value - current)}."
        )

    def numbers(self, member: Member, *, current: float, value: float) -> tuple[float | None, float | None]:
        """Return capacities as in the request, and the share of a client that is served."""
        if self._family(member)[0] != "capacity_j":
            return current, value
        before = self._capacity(member)
        return before, before + value - current

    def report(self, row: RowWords) -> str | None:
        """Return what the plan makes of a condition, as one sentence; None for one that a planner does not set."""
        family, label = self._family_of_row(row.row)
        if family == "serve_i":
            return f"{label} is served completely."
        if family == "link_ij" and row.binding:
            return f"{label}: no more of it can be served there, where the facility is closed or serves all of it already."
        if family == "link_ij":
            return f"{label}: the facility is open and could serve more of it."
        if family == "capacity_j" and row.binding:
            return f"{label} has nothing to spare: it is closed or full."
        if family == "capacity_j":
            return f"{label} has {number(row.slack)} to spare."
        if family == "enough":
            return f"The open facilities can serve {number(row.activity)} together, {number(row.lower)} are needed."
        return None

    def _family(self, member: Member) -> tuple[str, str]:
        """Return the family of a row, and the id in its name; nothing for a column."""
        return self._family_of_row(member.index) if member.is_of_row else ("", "")

    def _family_of_row(self, row: int) -> tuple[str, str]:
        family = next(group.family.symbol for group in self.model.constraint_groups if group.start <= row < group.stop)
        name = self.model.row_names[row]
        return family, name[name.find("[") + 1 : -1]

    def _capacity(self, member: Member) -> float:
        pointer = self.model.row_pointer(member.index) or ""
        capacity = self.problem.facilities[int(pointer.split("/")[2])].capacity
        return 0.0 if capacity is None else capacity
