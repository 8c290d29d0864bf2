"""
Conditions that cannot hold together, none of which can be left out (an irreducible infeasible subset).

A linear conflict starts from the support of its Farkas multipliers. Supports of vertices of the alternative polyhedron (weights
t >= 0 for which the sides sum to no variables and demand 1) are the irreducible subsets (Gleeson and Ryan, ORSA Journal on
Computing 2, 1990), so one small LP all but finds it. Where only whole numbers conflict, members are added as found points
violate them. Then the deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991) leaves out one member after
the other for good where the rest still conflicts. Each member that stays has a witness: a point that satisfies all the others,
whose violations are recomputed outside of the engine.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.linear.alternative_polyhedron import smaller_support
from solvers.linear.feasible_point import TOLERANCE, Feasibility, feasible_point
from solvers.linear.member import Member, domain, domain_violation, members_of, part_of, violation
from solvers.linear.model import Floats, LinearModel
from solvers.linear.solve import LinearResult

CLEAR = 1e-9
TRIAL_SECONDS = 2.0
"""Longest search for a point with whole numbers in one trial; a member whose trial comes to no end is kept."""

MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class IrreducibleSubset:
    """`is_proved` tells whether each member was shown to be needed; else some of them may be needless."""

    members: list[Member]
    is_proved: bool


def irreducible_subset(model: LinearModel, result: LinearResult, *, deadline: float, seed: int = 0) -> IrreducibleSubset | None:
    """
    Return members that conflict, reduced as far as time allows; None when time ends before any conflict is confirmed.

    `deadline` is on the clock of `time.monotonic`. Of a model whose relaxation is infeasible, no integrality is a member.
    """
    return _Filter(model, deadline, seed).run(result)


class _Filter:
    """One run of the deletion filter, with the points that were found on the way."""

    def __init__(self, model: LinearModel, deadline: float, seed: int) -> None:
        self.model = model
        self.deadline = deadline
        self.seed = seed
        self.points: list[Floats] = []

    def run(self, result: LinearResult) -> IrreducibleSubset | None:
        for members in self._starts(result):
            if members and self._trial(members).feasible is False:
                return self._reduced(members)
        return None

    def _starts(self, result: LinearResult) -> Sequence[list[Member]]:
        """Return sets of members to start from, the most promising first."""
        everything = members_of(self.model)
        if result.farkas is not None and result.farkas.any():
            support = self._support(result.farkas)
            smaller = smaller_support(self.model, support, deadline=self.deadline, seed=self.seed)
            linear = [member for member in everything if member.kind != "whole"]
            return [*([smaller] if smaller else []), support, linear, everything]
        if self.model.is_mip:
            return [self._grown(everything), everything]
        return [everything]

    def _support(self, farkas: Floats) -> list[Member]:
        """Return the sides and bounds that the Farkas multipliers use; bounds come first, so that rather rows are kept."""
        model = self.model
        multipliers = farkas / np.abs(farkas).max()
        combined = model.matrix().T @ multipliers
        lower, upper = domain(model)
        members = [Member("lower", column) for column in np.flatnonzero((combined < -CLEAR) & np.isinf(lower)).tolist()]
        members += [Member("upper", column) for column in np.flatnonzero((combined > CLEAR) & np.isinf(upper)).tolist()]
        for row in np.flatnonzero(np.abs(multipliers) > CLEAR).tolist():
            if model.row_lower[row] == model.row_upper[row]:
                members.append(Member("row", row))
            else:
                members.append(Member("row_lower" if multipliers[row] > 0 else "row_upper", row))
        finite = {"lower": model.column_lower, "upper": model.column_upper}
        return [member for member in members if member.is_of_row or np.isfinite(finite[member.kind][member.index])]

    def _grown(self, everything: list[Member]) -> list[Member]:
        """Return members that conflict: from the whole numbers alone, add what the point of those so far violates most."""
        chosen = {member for member in everything if member.kind == "whole"}
        values = np.zeros(self.model.columns)
        for _ in range(MOST_ROUNDS):
            amounts = violation(self.model, everything, values)
            worst = [everything[at] for at in np.argsort(-amounts)[: 1 + len(chosen) // 10].tolist() if amounts[at] > TOLERANCE]
            if not worst or chosen.issuperset(worst):
                return []
            chosen.update(worst)
            members = [member for member in everything if member in chosen]
            found = self._solved(members)
            if found.feasible is False:
                return members
            if found.point is None:
                return []
            values = found.point
        return []

    def _reduced(self, members: list[Member]) -> IrreducibleSubset:
        """Leave out blocks of members, then single ones, while the rest still conflicts."""
        kept, needed = members, set[Member]()
        size = max(1, len(kept) // 4)
        while True:
            at = 0
            while at < len(kept):
                if time.monotonic() > self.deadline:
                    return IrreducibleSubset(_ordered(kept), False)
                trial = kept[:at] + kept[at + size :]
                found = self._trial(trial) if trial else Feasibility(True, np.zeros(self.model.columns))
                if found.feasible is False:
                    kept = trial
                    continue
                if size == 1 and found.point is not None:
                    needed.add(kept[at])
                at += size
            if size == 1:
                return IrreducibleSubset(_ordered(kept), needed.issuperset(kept))
            size = max(1, size // 4)

    def _trial(self, members: Sequence[Member]) -> Feasibility:
        """Tell whether members can hold together; a point that was found before settles it without a solve."""
        for point in self.points:
            if self._holds(members, point):
                return Feasibility(True, point)
        return self._solved(members)

    def _solved(self, members: Sequence[Member]) -> Feasibility:
        part = part_of(self.model, members)
        limit = min(self.deadline, time.monotonic() + TRIAL_SECONDS) if part.model.is_mip else self.deadline
        found = feasible_point(part.model, deadline=limit, seed=self.seed)
        if found.point is None:
            return found
        values = np.clip(0.0, *domain(self.model))
        values[part.columns] = found.point
        if not self._holds(members, values):
            return Feasibility(None)
        self.points.append(values)
        return Feasibility(True, values)

    def _holds(self, members: Sequence[Member], values: Floats) -> bool:
        """Tell whether a point satisfies the members and what variables are, recomputed from the model."""
        if domain_violation(self.model, values) > TOLERANCE:
            return False
        return bool((violation(self.model, members, values) <= TOLERANCE).all())


def _ordered(members: Sequence[Member]) -> list[Member]:
    return sorted(members, key=lambda member: (not member.is_of_row, member.kind == "whole", member.index, member.kind))
