"""
What a new item must satisfy: likes that are forecast by themselves, never negative, and that end together with it.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Iterator, Mapping

from models.errors import Issue, issue
from models.forecasting import ForecastProblem, Series
from models.run import RunWarning
from solvers.forecasting.frequency import Frequency, Moment
from solvers.forecasting.hierarchy_semantics import members_of


def new_items(problem: ForecastProblem) -> set[str]:
    """Return the ids of the series that are forecast by their likeness to others."""
    return {entry.id for entry in problem.series or () if entry.like is not None}


def likeness_issues(problem: ForecastProblem, frequency: Frequency) -> Iterator[Issue]:
    """Yield the issues of new items, in the order of the request."""
    given = {entry.id: entry for entry in problem.series or ()}
    members = members_of(problem)
    for index, entry in enumerate(problem.series or ()):
        pointer = f"/series/{index}"
        if entry.like is None:
            if entry.scale is not None:
                text = "`scale` compares a new item with those it is like: name them in `like`, or leave it out."
                yield issue(f"{pointer}/scale", "SCALE_WITHOUT_LIKE", text)
            continue
        yield from _field_issues(entry, pointer, member=entry.id in members)
        broken = list(_name_issues(entry, pointer, given))
        yield from broken
        if not broken:
            yield from _end_issues(entry, pointer, given, frequency)


def likeness_faults(problem: ForecastProblem, faults: Mapping[str, list[Issue]]) -> Iterator[tuple[str, Issue]]:
    """Yield the new items that cannot be forecast because a series that they are like cannot, with the reason."""
    for index, entry in enumerate(problem.series or ()):
        for place, name in enumerate(entry.like or ()):
            if name in faults and name != entry.id:
                text = f"It is like {name}, which cannot be forecast: {faults[name][0].message}"
                yield entry.id, issue(f"/series/{index}/like/{place}", "LIKE_SKIPPED", text)
                break


def likeness_warnings(problem: ForecastProblem) -> Iterator[RunWarning]:
    """Yield one warning for every new item of whose level nothing is known."""
    for index, entry in enumerate(problem.series or ()):
        if entry.like is not None and entry.scale is None and all(value is None for value in entry.values):
            text = "Nothing is known of the level of this new item: that of its likes is taken. Give `scale` if not."
            yield RunWarning(code="LEVEL_ASSUMED", pointer=f"/series/{index}/scale", message=text)


def _field_issues(entry: Series, pointer: str, *, member: bool) -> Iterator[Issue]:
    for name in ("covariates", "future_covariates"):
        if getattr(entry, name):
            text = "A new item has no history to learn effects from; those of its likes are in their forecasts. Leave it out."
            yield issue(f"{pointer}/{name}", "LIKE_WITH_COVARIATES", text)
    if entry.stock_out is not None:
        text = "Demand behind the few sales of a new item cannot be estimated: write null where stock ran out, and no flags."
        yield issue(f"{pointer}/stock_out", "LIKE_WITH_STOCK_OUT", text)
    if member:
        text = "A new item cannot stand in a hierarchy, which adds up histories: take it out of the group."
        yield issue(f"{pointer}/like", "LIKE_IN_HIERARCHY", text)
    if _negative(entry):
        text = "A new item is scaled by a ratio of levels, which negative values do not have: leave `like` out or drop them."
        yield issue(f"{pointer}/values", "LIKE_NEGATIVE", text)


def _name_issues(entry: Series, pointer: str, given: Mapping[str, Series]) -> Iterator[Issue]:
    likes = entry.like or []
    for place, name in enumerate(likes):
        at = f"{pointer}/like/{place}"
        if name == entry.id:
            yield issue(at, "LIKE_ITSELF", "A series cannot be like itself: name others, or leave `like` out.")
        elif name in likes[:place]:
            yield issue(at, "DUPLICATE_ENTRY", "This series is named twice: keep one.", limit=likes.index(name), got=place)
        elif name not in given:
            yield issue(at, "UNKNOWN_LIKE", "No series of the request has this id: give the series, or correct the name.")
        elif given[name].like is not None:
            text = "This series is a new item itself: name series that are forecast from their own values."
            yield issue(at, "LIKE_OF_NEW_ITEM", text)
        elif _negative(given[name]):
            text = "This series has negative values, so a ratio of levels says nothing: name another one."
            yield issue(at, "LIKE_NEGATIVE", text)


def _negative(entry: Series) -> bool:
    return any(value is not None and value < 0 for value in entry.values)


def _end_issues(entry: Series, pointer: str, given: Mapping[str, Series], frequency: Frequency) -> Iterator[Issue]:
    """Yield the likes that do not end with the first of them, then the new item if it does not."""
    ends = [_end(given[name], frequency) for name in entry.like or ()]
    first = ends[0]
    for place, end in enumerate(ends):
        if None not in (end, first) and end != first:
            text = "The series that a new item is like must end with the same period: cut or fill (null) them."
            yield issue(f"{pointer}/like/{place}", "LIKE_ENDS_DIFFER", text)
    own = _end(entry, frequency) if entry.values or entry.start is not None else None
    if None not in (own, first) and own != first:
        text = "The values of a new item must end with those of its likes; without values its start is the period after them."
        yield issue(f"{pointer}/start", "LIKE_ENDS_DIFFER", text)


def _end(entry: Series, frequency: Frequency) -> Moment | None:
    """Return the time of the last value (without values: the one before the start), None when the start cannot be read."""
    start = frequency.read(0 if entry.start is None else entry.start)
    if start is None or isinstance(start, int) != (frequency.unit == "integer"):
        return None
    try:
        return frequency.step(start, len(entry.values) - 1)
    except (OverflowError, ValueError):
        return None
