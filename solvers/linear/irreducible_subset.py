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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solvers.linear.alternative_polyhedron import smaller_support
from solvers.linear.feasible_point import TOLERANCE, feasible_point
from solvers.linear.member import Member, domain, domain_violation, members_of, part_of, violation
from solvers.linear.model import Booleans, Floats, Integers, LinearModel
from solvers.linear.solve import LinearResult

CLEAR = 1e-9
TRIAL_SECONDS = 2.0
"""Longest search for a point with whole numbers in one trial; a member whose trial comes to no end is kept."""

PATIENT_SECONDS = 60.0
"""The same when all members have been tried and some are left in doubt."""

MOST_ROUNDS = 200
MOST_POINTS = 100
"""So many points that were found are kept."""


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
    """One run of the deletion filter, with the points that were found on the way and the members that each satisfies."""

    def __init__(self, model: LinearModel, deadline: float, seed: int) -> None:
        self.model = model
        self.deadline = deadline
        self.seed = seed
        self.patience = TRIAL_SECONDS
        self.everything = members_of(model)
        self.place = {member: at for at, member in enumerate(self.everything)}
        self.held: list[Booleans] = []

    def run(self, result: LinearResult) -> IrreducibleSubset | None:
        for members in self._starts(result):
            if members and self._solved(members)[0] is False:
                return self._reduced(members)
        return None

    def _starts(self, result: LinearResult) -> Iterator[list[Member]]:
        """Yield sets of members to start from, the most promising first."""
        crossing = np.flatnonzero(self.model.column_lower > self.model.column_upper)[:1].tolist()
        if crossing:
            yield [member for member in self.everything if member.kind in ("lower", "upper") and member.index in crossing]
        if result.farkas is not None and result.farkas.any():
            support = self._support(result.farkas)
            yield smaller_support(self.model, support, deadline=self.deadline, seed=self.seed) or []
            yield support
            yield [member for member in self.everything if member.kind != "whole"]
        elif self.model.is_mip:
            if result.integer_conflict is not None and result.integer_conflict.rows.size:
                yield self._of_rows(result.integer_conflict.rows)
            yield self._grown()
        yield self.everything

    def _support(self, farkas: Floats) -> list[Member]:
        """Return the sides and bounds that the Farkas multipliers use; bounds come first, so that rather rows are kept."""
        model = self.model
        multipliers = farkas / np.abs(farkas).max()
        combined = model.matrix().T @ multipliers
        members = [Member("lower", column) for column in np.flatnonzero(combined < -CLEAR).tolist()]
        members += [Member("upper", column) for column in np.flatnonzero(combined > CLEAR).tolist()]
        for row in np.flatnonzero(np.abs(multipliers) > CLEAR).tolist():
            if model.row_lower[row] == model.row_upper[row]:
                members.append(Member("row", row))
            else:
                members.append(Member("row_lower" if multipliers[row] > 0 else "row_upper", row))
        return [member for member in members if member in self.place]

    def _of_rows(self, rows: Integers) -> list[Member]:
        """Return the sides of rows and that the columns in them are whole: what a proof by divisors makes use of."""
        columns = set(self.model.matrix()[rows].indices.tolist())
        chosen = set(rows.tolist())
        return [
            member
            for member in self.everything
            if (member.is_of_row and member.index in chosen) or (member.kind == "whole" and member.index in columns)
        ]

    def _grown(self) -> list[Member]:
        """Return members that conflict: from the whole numbers alone, add what the point of those so far violates most."""
        chosen = {member for member in self.everything if member.kind == "whole"}
        values = np.zeros(self.model.columns)
        for _ in range(MOST_ROUNDS):
            amounts = violation(self.model, self.everything, values)
            worst = np.argsort(-amounts)[: 1 + len(chosen) // 10].tolist()
            added = {self.everything[at] for at in worst if amounts[at] > TOLERANCE} - chosen
            if not added:
                return []
            chosen |= added
            members = [member for member in self.everything if member in chosen]
            is_feasible, point = self._solved(members)
            if is_feasible is False:
                return members
            if point is None:
                return []
            values = point
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
                is_feasible = self._can_hold(trial)
                if is_feasible is False:
                    kept = trial
                    continue
                if size == 1 and is_feasible:
                    needed.add(kept[at])
                at += size
            is_proved = needed.issuperset(kept)
            if size == 1 and (is_proved or self.patience == PATIENT_SECONDS):
                return IrreducibleSubset(_ordered(kept), is_proved)
            self.patience = PATIENT_SECONDS if size == 1 else self.patience
            size = max(1, size // 4)

    def _can_hold(self, members: Sequence[Member]) -> bool | None:
        """Tell whether members can hold together; a point that was found before settles it without a solve."""
        places = [self.place[member] for member in members]
        if any(held[places].all() for held in reversed(self.held)):
            return True
        return self._solved(members)[0]

    def _solved(self, members: Sequence[Member]) -> tuple[bool | None, Floats | None]:
        """Return whether members can hold together, with a point of the model that satisfies them; it is checked and kept."""
        part = part_of(self.model, members)
        limit = min(self.deadline, time.monotonic() + self.patience) if part.model.is_mip else self.deadline
        found = feasible_point(part.model, deadline=limit, seed=self.seed)
        if found.point is None:
            return found.feasible, None
        values = np.clip(0.0, *domain(self.model))
        values[part.columns] = found.point
        held = violation(self.model, self.everything, values) <= TOLERANCE
        places = [self.place[member] for member in members]
        if domain_violation(self.model, values) > TOLERANCE or not held[places].all():
            return None, None
        self.held = [*self.held[1 - MOST_POINTS :], held]
        return True, values


def _ordered(members: Sequence[Member]) -> list[Member]:
    return sorted(members, key=lambda member: (not member.is_of_row, member.kind == "whole", member.index, member.kind))
