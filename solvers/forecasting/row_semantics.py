"""What rows in long form must satisfy: times of one kind, on one grid per series, with at least one observation."""

from collections.abc import Iterator
from datetime import datetime

from models.errors import Issue, issue
from models.forecasting import LongRow
from solvers.forecasting.frequency import Frequency, Moment, order_key

WHOLE_NUMBERS = (
    "The frequency is a whole number (1 unless given), so times must be whole numbers too; "
    "for dates give `frequency`, such as D (days), W (weeks) or MS (months)."
)


def group_issues(rows: list[tuple[int, LongRow]], frequency: Frequency, *, horizon: int, most_values: int) -> Iterator[Issue]:
    """Yield the issues of one series in long form, its rows with their places in the request."""
    wrong = [found for index, row in rows if (found := _kind_issue(index, row, frequency)) is not None]
    yield from wrong
    if not wrong:
        yield from _grid_issues(rows, frequency, horizon=horizon, most_values=most_values)
    if all(row.y is None or row.stock_out for _, row in rows):
        text = "This series has no observation, or none with stock: give at least one number or leave the series out."
        yield issue(f"/rows/{rows[0][0]}/y", "NO_OBSERVATIONS", text, limit=1, got=0)


def _kind_issue(index: int, row: LongRow, frequency: Frequency) -> Issue | None:
    pointer = f"/rows/{index}/ds"
    if frequency.unit == "integer":
        return None if isinstance(row.ds, int) else issue(pointer, "TIME_NOT_INTEGER", WHOLE_NUMBERS)
    if isinstance(row.ds, int) or frequency.read(row.ds) is None:
        return issue(pointer, "TIME_NOT_A_DATE", "This frequency needs ISO 8601 dates or times, such as 2021-01-01.")
    return None


def _grid_issues(rows: list[tuple[int, LongRow]], frequency: Frequency, *, horizon: int, most_values: int) -> Iterator[Issue]:
    moments = [(index, moment) for index, row in rows if (moment := frequency.read(row.ds)) is not None]
    if len({_has_offset(moment) for _, moment in moments}) > 1:
        text = "Some times of this series carry a UTC offset and some do not: write them all the same way."
        yield issue(f"/rows/{moments[0][0]}/ds", "MIXED_OFFSETS", text)
        return
    start = min((moment for _, moment in moments), key=order_key)
    furthest = 0
    for index, moment in moments:
        place = frequency.position(start, moment)
        if place is None:
            text = "This time does not lie on the grid that starts at the first time of its series: check frequency and time."
            yield issue(f"/rows/{index}/ds", "TIME_OFF_GRID", text)
        else:
            furthest = max(furthest, place)
    if furthest + 1 > most_values:
        text = "First and last time of this series are too far apart for its frequency."
        yield issue(f"/rows/{moments[0][0]}/ds", "SERIES_TOO_LONG", text, limit=most_values, got=furthest + 1)
        return
    try:
        frequency.step(start, furthest + 1 + horizon)
    except (OverflowError, ValueError):
        text = "The forecast would run beyond the year 9999: shorten the horizon."
        yield issue(f"/rows/{moments[0][0]}/ds", "CALENDAR_EXCEEDED", text)


def _has_offset(moment: Moment) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None
