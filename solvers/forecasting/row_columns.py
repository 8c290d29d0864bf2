"""
What covariates of rows must satisfy: the same names in every row, no gap, and a future row for every step.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Collection, Iterator

from models.errors import Issue, issue
from models.forecasting import FutureRow, LongRow
from solvers.forecasting.frequency import Frequency, Moment, order_key


def row_column_issues(
    rows: list[tuple[int, LongRow]],
    future: list[tuple[int, FutureRow]],
    frequency: Frequency,
    *,
    horizon: int,
    events: Collection[str],
) -> Iterator[Issue]:
    """Yield what is wrong with the covariates of one series whose times lie on a grid."""
    names = set(rows[0][1].covariates or {})
    if not future and not any(row.covariates for _, row in rows):
        return
    for pointer, covariates in _cells(rows, future):
        if set(covariates or {}) != names:
            text = (
                "Every row of a series, and every future one, needs a number for the same covariates: those of its first row."
            )
            yield issue(f"{pointer}/covariates", "COVARIATE_MISSING", text, limit=len(names), got=len(covariates or {}))
    if names & set(events):
        text = "An event has the same name as a covariate of these rows: names must differ."
        yield issue(f"/rows/{rows[0][0]}/covariates", "DUPLICATE_NAME", text)
    moments = [moment for _, row in rows if (moment := frequency.read(row.ds)) is not None]
    start = min(moments, key=order_key)
    places = {frequency.position(start, moment) for moment in moments}
    count = max(place for place in places if place is not None) + 1
    if len(places) < count:
        text = "Some times between the rows are missing, and so are their covariates: give every time a row, y may be null."
        yield issue(f"/rows/{rows[0][0]}/ds", "COVARIATE_GAP", text, limit=count, got=len(places))
    ahead = sorted(_place(frequency, start, row) for _, row in future)
    if ahead != list(range(count, count + horizon)):
        text = "`future_rows` must hold exactly one row for every step after the last row of the series."
        pointer = f"/future_rows/{future[0][0]}/ds" if future else f"/rows/{rows[0][0]}/covariates"
        yield issue(pointer, "COVARIATE_FUTURE_MISSING", text, limit=horizon, got=len(future))


def _cells(
    rows: list[tuple[int, LongRow]], future: list[tuple[int, FutureRow]]
) -> Iterator[tuple[str, dict[str, float] | None]]:
    yield from ((f"/rows/{index}", row.covariates) for index, row in rows)
    yield from ((f"/future_rows/{index}", row.covariates) for index, row in future)


def _place(frequency: Frequency, start: Moment, row: FutureRow) -> int:
    """Return the place of a future row on the grid, -1 off it."""
    moment = frequency.read(row.ds)
    place = None if moment is None else frequency.position(start, moment)
    return -1 if place is None else place
