"""
What a hierarchy must satisfy: known children, one parent each, no cycle, and series that end together.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from models.errors import Issue, issue
from models.forecasting import ForecastProblem, Series
from models.forecasting.hierarchy import MAX_MEMBERS
from solvers.forecasting.frequency import Frequency, Moment, order_key

MOST_LEVELS = 100
MOST_MEMBER_STEPS = 60_000
"""Most members x steps: every one is drawn from some hundred times."""


def hierarchy_issues(problem: ForecastProblem, frequency: Frequency) -> Iterator[Issue]:
    """Yield the issues of the hierarchy; none without one."""
    if not problem.hierarchy:
        return
    given = {entry.id: f"/series/{k}" for k, entry in enumerate(problem.series or ())}
    given = given or {row.unique_id: f"/rows/{k}" for k, row in reversed(list(enumerate(problem.rows or ())))}
    broken = list(_structure_issues(problem, given))
    yield from broken
    if problem.states:
        text = "States continue a series by itself, so their updates would not add up: leave `states` out with a hierarchy."
        yield issue("/states", "STATES_WITH_HIERARCHY", text)
    if not broken:
        yield from _end_issues(problem, given, frequency)
        yield from _sign_issues(problem)


def members_of(problem: ForecastProblem) -> set[str]:
    """Return the series and groups of the hierarchy; sums need them all, so a series that cannot be forecast is an error."""
    return {child for group in problem.hierarchy for child in group.children} | {group.id for group in problem.hierarchy}


def _structure_issues(problem: ForecastProblem, given: Mapping[str, str]) -> Iterator[Issue]:
    groups: dict[str, int] = {}
    for index, group in enumerate(problem.hierarchy):
        if groups.setdefault(group.id, index) != index:
            text = f"Group {groups[group.id]} of the hierarchy has the same id: name all its children in one group."
            yield issue(f"/hierarchy/{index}/id", "DUPLICATE_ID", text, limit=groups[group.id], got=index)
    parent: dict[str, str] = {}
    for index, group in enumerate(problem.hierarchy):
        for place, child in enumerate(group.children):
            pointer = f"/hierarchy/{index}/children/{place}"
            if child not in given and child not in groups:
                text = "No series and no group has this id: give the series, or correct the name."
                yield issue(pointer, "UNKNOWN_CHILD", text)
            elif child in parent:
                text = "This child stands below a group already: it may count towards one group only, and once."
                yield issue(pointer, "TWO_PARENTS", text)
            else:
                parent[child] = group.id
    yield from _depth_issues(problem, parent)
    members = len(set(parent) | set(groups))
    if members > MAX_MEMBERS:
        text = "The hierarchy has too many series and groups together: split it at the top."
        yield issue("/hierarchy", "HIERARCHY_TOO_LARGE", text, limit=MAX_MEMBERS, got=members)
    elif members * problem.horizon > MOST_MEMBER_STEPS:
        text = (
            "Series and groups of the hierarchy x horizon is too much: shorten the horizon or split the hierarchy at the top."
        )
        yield issue("/horizon", "HIERARCHY_TOO_LARGE", text, limit=MOST_MEMBER_STEPS, got=members * problem.horizon)


def _depth_issues(problem: ForecastProblem, parent: Mapping[str, str]) -> Iterator[Issue]:
    """Yield the groups below themselves, and the deepest one where there are too many levels."""
    deep = []
    for index, group in enumerate(problem.hierarchy):
        above, seen = parent.get(group.id), 0
        while above is not None and above != group.id and seen <= len(problem.hierarchy):
            above, seen = parent.get(above), seen + 1
        if above == group.id:
            text = "This group lies below itself: a sum cannot be a part of itself. Take it out of the children below it."
            yield issue(f"/hierarchy/{index}/children", "HIERARCHY_CYCLE", text)
        elif above is None and seen >= MOST_LEVELS:
            deep.append((index, seen))
    if deep:
        index, seen = max(deep, key=lambda found: found[1])
        text = "This group stands below too many others: leave out levels with a single child."
        yield issue(f"/hierarchy/{index}", "HIERARCHY_TOO_DEEP", text, limit=MOST_LEVELS, got=seen)


def _end_issues(problem: ForecastProblem, given: Mapping[str, str], frequency: Frequency) -> Iterator[Issue]:
    """Yield the series of the hierarchy that do not end when the first one ends: their steps would not be the same periods."""
    members = members_of(problem)
    ends = _ends(problem, frequency)
    first: Moment | None = None
    for name, pointer in given.items():
        end = ends.get(name)
        if name not in members or end is None:
            continue
        first = end if first is None else first
        if _key(end) != _key(first):
            text = (
                "All series of a hierarchy must end with the same period, or their steps do not add up: cut or fill (null) it."
            )
            yield issue(pointer, "HIERARCHY_ENDS_DIFFER", text)


def _key(moment: Moment) -> tuple[bool, float]:
    return isinstance(moment, datetime) and moment.tzinfo is not None, order_key(moment)


def _ends(problem: ForecastProblem, frequency: Frequency) -> dict[str, Moment]:
    """Return the last time of every series whose times can be read."""
    found: dict[str, Moment] = {}
    for entry in problem.series or ():
        start = frequency.read(0 if entry.start is None else entry.start)
        if start is not None:
            try:
                found[entry.id] = frequency.step(start, len(entry.values) - 1)
            except (OverflowError, ValueError):
                continue
    for row in problem.rows or ():
        moment = frequency.read(row.ds)
        if moment is not None and (row.unique_id not in found or _key(found[row.unique_id]) < _key(moment)):
            found[row.unique_id] = moment
    return found


def _sign_issues(problem: ForecastProblem) -> Iterator[Issue]:
    series = {entry.id: entry for entry in problem.series or ()}
    groups = {group.id: group.children for group in problem.hierarchy}
    for index, entry in enumerate(problem.series or ()):
        if (
            entry.non_negative is not None
            and entry.id in groups
            and entry.non_negative != _all_positive(entry.id, groups, series)
        ):
            text = "Whether a sum can be negative follows from what adds up to it: set `non_negative` on the children instead."
            yield issue(f"/series/{index}/non_negative", "SIGN_OF_SUM", text)


def _all_positive(name: str, groups: Mapping[str, list[str]], series: Mapping[str, Series]) -> bool:
    """Tell whether every series at the bottom below a name is non-negative."""
    if name in groups:
        return all(_all_positive(child, groups, series) for child in groups[name])
    entry = series[name]
    declared = entry.non_negative
    return all(value is None or value >= 0 for value in entry.values) if declared is None else declared
