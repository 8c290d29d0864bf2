"""
The structure of a hierarchy as numbers, and the histories of groups that were not given.

A group that is no series of the request gets the sum of its children's complete histories, counted from the end. Before the
first observation of a child the child counts as 0, as an item that was not yet sold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.forecasting import ForecastProblem
from models.run import RunWarning
from solvers.forecasting.history import FloatArray, History

NOTABLE_DIFFERENCE = 0.005
"""Mean absolute difference between a given group and the sum of its children, relative to its mean, that is told."""


@dataclass(frozen=True, slots=True)
class Structure:
    """
    A hierarchy of n members and g groups.

    `places` (n,) are the members' places among the series of the answer; `groups` holds (member, children) with every group
    after the groups below it; `leaves` (n,) is true at the bottom.
    """

    places: npt.NDArray[np.int64]
    groups: list[tuple[int, npt.NDArray[np.int64]]]
    leaves: npt.NDArray[np.bool_]

    def constraints(self) -> sparse.csr_array:
        """Return C, shape (g, n), with C y = 0 for numbers that add up: +1 at the group, -1 at its children."""
        table = sparse.lil_array((len(self.groups), self.places.size))
        for row, (group, children) in enumerate(self.groups):
            table[row, group] = 1.0
            table[row, children] = -1.0
        return sparse.csr_array(table)

    def add_up(self, numbers: FloatArray) -> FloatArray:
        """Return numbers (n, ...) with every group replaced by the sum of its children."""
        result = numbers.copy()
        for group, children in self.groups:
            result[group] = result[children].sum(axis=0)
        return result

    def parents(self) -> npt.NDArray[np.int64]:
        """Return the group of every member, shape (n,), -1 at the top."""
        found = np.full(self.places.size, -1, dtype=np.int64)
        for group, children in self.groups:
            found[children] = group
        return found


def with_groups(problem: ForecastProblem, complete: list[History]) -> tuple[list[History], Structure | None]:
    """Return the histories with those of the groups that were not given behind them, and the structure; None without one."""
    if not problem.hierarchy:
        return complete, None
    children = {group.id: group.children for group in problem.hierarchy}
    order = _bottom_up(children)
    known = {history.id: history for history in complete}
    pointers = {group.id: f"/hierarchy/{index}" for index, group in enumerate(problem.hierarchy)}
    sums: dict[str, History] = {}
    for name in order:
        below = [known[child] for child in children[name]]
        positive = all(history.non_negative for history in below)
        if name in known:
            known[name] = replace(known[name], non_negative=positive)
        else:
            known[name] = sums[name] = _summed(name, pointers[name], below, non_negative=positive)
    extended = [known[history.id] for history in complete]
    extended += [known[group.id] for group in problem.hierarchy if group.id in sums]
    return extended, _structure([history.id for history in extended], children, order)


def _bottom_up(children: dict[str, list[str]]) -> list[str]:
    """Return the groups, each after the groups below it."""
    order: list[str] = []
    done: set[str] = set()
    for name in children:
        waiting = [name]
        while waiting:
            below = [child for child in children[waiting[-1]] if child in children and child not in done]
            if below:
                waiting.append(below[0])
                continue
            last = waiting.pop()
            if last not in done:
                done.add(last)
                order.append(last)
    return order


def _summed(name: str, pointer: str, below: Sequence[History], *, non_negative: bool) -> History:
    """Return the sum of histories that end together, as long as the longest of them."""
    longest = max(below, key=lambda history: history.values.size)
    values = np.zeros(longest.values.size)
    for history in below:
        values[values.size - history.values.size :] += history.values
    return History(name, pointer, longest.start, longest.skipped, longest.like, values, non_negative, [])


def _structure(names: Sequence[str], children: dict[str, list[str]], order: Sequence[str]) -> Structure:
    inside = {child for group in children.values() for child in group} | set(children)
    places = [place for place, name in enumerate(names) if name in inside]
    member = {names[place]: index for index, place in enumerate(places)}
    groups = [(member[name], np.array([member[child] for child in children[name]], dtype=np.int64)) for name in order]
    leaves = np.array([names[place] not in children for place in places], dtype=np.bool_)
    return Structure(np.array(places, dtype=np.int64), groups, leaves)


def hierarchy_warnings(complete: Sequence[History], structure: Structure) -> list[RunWarning]:
    """Return which given groups are not the sum of their children, and which sums count a late child as 0 before it began."""
    members = [complete[place] for place in structure.places]
    found = []
    for group, children in structure.groups:
        own = members[group]
        below = [members[child] for child in children]
        if own.pointer.startswith("/hierarchy/"):
            late = [history.id for history in below if history.values.size < own.values.size]
            if late:
                text = f"{len(late)} of its children begin later (first {late[0]}) and count as 0 in the sum before they begin."
                found.append(RunWarning(code="CHILD_STARTS_LATER", pointer=own.pointer, message=text))
            continue
        length = min(own.values.size, *(history.values.size for history in below))
        total = np.sum([history.values[-length:] for history in below], axis=0)
        gap = float(np.abs(own.values[-length:] - total).mean()) / (float(np.abs(own.values[-length:]).mean()) or 1.0)
        if gap > NOTABLE_DIFFERENCE:
            text = f"Its observations differ from the sum of its children by {100 * gap:.1f} % on average; forecasts add up."
            found.append(RunWarning(code="SUM_DIFFERS", pointer=own.pointer, message=text))
    return found
