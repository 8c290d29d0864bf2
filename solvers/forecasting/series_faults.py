"""
What stops single series from being forecast: the others of the request are forecast, and these are named.

A request is refused only when none of its series can be forecast. Light: imported by the process that answers HTTP.
"""

from collections.abc import Iterable, Iterator, Mapping

from models.errors import Issue, issue
from models.forecasting import ForecastProblem, Series, SkippedSeries
from models.forecasting.problem import MAX_VALUES
from models.run import RunWarning
from solvers.forecasting.covariate_semantics import column_issues
from solvers.forecasting.frequency import Frequency, Moment
from solvers.forecasting.history import group_rows
from solvers.forecasting.likeness_semantics import likeness_faults
from solvers.forecasting.row_columns import row_column_issues
from solvers.forecasting.row_semantics import group_issues

START_FOR_COUNTS = (
    "The frequency is a whole number (1 unless given), so the start must be one too, or be left out; "
    "for dates give `frequency`, such as D (days), W (weeks) or MS (months)."
)


def series_faults(problem: ForecastProblem, frequency: Frequency) -> dict[str, list[Issue]]:
    """Return the issues of every series that cannot be forecast, by id, in the order of the request."""
    found: dict[str, list[Issue]] = {}
    for index, entry in enumerate(problem.series or ()):
        issues = list(_series_issues(problem, entry, index, frequency))
        if issues:
            found[entry.id] = issues
        elif problem.options.solver == "random_walk" and entry.like is None:
            found |= _price_issues(entry.id, ((f"/series/{index}/values/{k}", y) for k, y in enumerate(entry.values)))
    behind = dict(likeness_faults(problem, found))
    if behind:
        found |= {name: [*found.get(name, []), reason] for name, reason in behind.items()}
        found = {entry.id: found[entry.id] for entry in problem.series or () if entry.id in found}
    ahead = group_rows(problem.future_rows)
    events = {event.name for event in problem.events}
    for name, rows in group_rows(problem.rows or ()).items():
        future = ahead.get(name, [])
        issues = list(group_issues(rows, frequency, horizon=problem.horizon, most_values=MAX_VALUES))
        issues += [] if issues else row_column_issues(rows, future, frequency, horizon=problem.horizon, events=events)
        if issues:
            found[name] = issues
        elif problem.options.solver == "random_walk":
            found |= _price_issues(name, ((f"/rows/{place}/y", row.y) for place, row in rows))
    return found


def _price_issues(name: str, prices: Iterable[tuple[str, float | None]]) -> dict[str, list[Issue]]:
    """Return the first price of a series that has no logarithm, under its id; nothing when there is none."""
    wrong = next(((pointer, price) for pointer, price in prices if price is not None and price <= 0), None)
    if wrong is None:
        return {}
    text = (
        "A random walk of prices needs prices above 0, because log returns are formed: correct this one, make it null if "
        "there was no price, or take another solver."
    )
    return {name: [issue(wrong[0], "PRICE_NOT_POSITIVE", text, limit=0, got=wrong[1])]}


def skipped_series(faults: Mapping[str, list[Issue]]) -> list[SkippedSeries]:
    """Return what the answer says of the series that are left out."""
    firsts = [(name, issues[0]) for name, issues in faults.items()]
    return [SkippedSeries(id=name, pointer=first.pointer, code=first.code, message=first.message) for name, first in firsts]


def skipped_warnings(faults: Mapping[str, list[Issue]]) -> Iterator[RunWarning]:
    """Return one warning for every series that is left out, with the first of its faults."""
    for issues in faults.values():
        text = f"This series is not forecast, the others are. {issues[0].message}"
        yield RunWarning(code="SERIES_SKIPPED", pointer=issues[0].pointer, message=text)


def _series_issues(problem: ForecastProblem, entry: Series, index: int, frequency: Frequency) -> Iterator[Issue]:
    if entry.like is not None:
        if entry.values or entry.start is not None:
            yield from _start_issues(entry, index, frequency, problem.horizon)
        return
    if all(value is None for value in entry.values):
        text = "This series has no observation at all: give at least one number or leave the series out."
        yield issue(f"/series/{index}/values", "NO_OBSERVATIONS", text, limit=1, got=0)
    if entry.covariates or entry.future_covariates:
        yield from column_issues(problem, entry, f"/series/{index}")
    yield from _stock_out_issues(entry, f"/series/{index}/stock_out")
    yield from _start_issues(entry, index, frequency, problem.horizon)


def _stock_out_issues(entry: Series, pointer: str) -> Iterator[Issue]:
    flags = entry.stock_out
    if flags is None:
        return
    if len(flags) != len(entry.values):
        text = "`stock_out` needs one flag per entry of `values`."
        yield issue(pointer, "STOCK_OUT_LENGTH", text, limit=len(entry.values), got=len(flags))
    elif all(flag or value is None for flag, value in zip(flags, entry.values, strict=True)):
        text = (
            "Stock ran out at every observation, so nothing is known of the demand: leave the series out or unset some flags."
        )
        yield issue(pointer, "NO_OBSERVATIONS", text, limit=1, got=0)


def _start_issues(entry: Series, index: int, frequency: Frequency, horizon: int) -> Iterator[Issue]:
    pointer = f"/series/{index}/start"
    if frequency.unit == "integer":
        if isinstance(entry.start, str):
            yield issue(pointer, "START_NOT_INTEGER", START_FOR_COUNTS)
        return
    moment = frequency.read(entry.start) if isinstance(entry.start, str) else None
    if moment is None:
        yield issue(
            pointer, "START_NOT_A_TIME", "This frequency needs a start as an ISO 8601 date or time, such as 2021-01-01."
        )
    elif not _reaches(frequency, moment, len(entry.values) + horizon):
        text = "The forecast would run beyond the year 9999: shorten the horizon or move the start."
        yield issue(pointer, "CALENDAR_EXCEEDED", text)


def _reaches(frequency: Frequency, moment: Moment, steps: int) -> bool:
    try:
        frequency.step(moment, steps)
    except (OverflowError, ValueError):
        return False
    return True
