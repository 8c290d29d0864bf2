"""
From a request to complete histories: long rows become series, missing values are interpolated, and every repair is listed.

Nothing is changed silently: each repair is an entry with its timestamps and the values that stand there now.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from models.forecasting import ForecastProblem, FutureRow, LongRow, Series, SeriesRepair
from solvers.forecasting.frequency import (
    Frequency,
    Moment,
    order_key,
    parse_frequency,
    usual_long_season,
)
from solvers.forecasting.stock_out import estimated_demand

RowT = TypeVar("RowT", LongRow, FutureRow)
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MAX_FITTED = 1_000
"""Methods look at this many of the latest observations, or five seasons when that is more."""


@dataclass(frozen=True, slots=True)
class Record:
    """
    One series as given: values with NaN for missing ones, and what had to be done to bring it into that form.

    `flagged` is true where stock ran out; None when it never did. `columns` are covariates of rows, the horizon included.
    """

    id: str
    pointer: str
    start: Moment
    like: str | int | None
    values: FloatArray
    non_negative: bool | None
    flagged: BoolArray | None = None
    columns: dict[str, list[float]] = field(default_factory=dict)
    repairs: list[SeriesRepair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class History:
    """
    A complete series: finite `values`, the first of them `skipped` steps after `start`.

    `sales` are the observations before demand was estimated for stock-outs; None without any.
    """

    id: str
    pointer: str
    start: Moment
    skipped: int
    like: str | int | None
    values: FloatArray
    non_negative: bool
    repairs: list[SeriesRepair]
    sales: FloatArray | None = None
    columns: dict[str, list[float]] = field(default_factory=dict)

    def stamp(self, index: int, frequency: Frequency) -> str | int:
        """Return the time of the value at an index (beyond the end: of a forecast), in the kind of the request."""
        return frequency.stamp(frequency.step(self.start, self.skipped + index), like=self.like)


def grid_of(problem: ForecastProblem) -> Frequency:
    """Return the time grid of a problem whose semantics have been checked."""
    frequency = parse_frequency(problem.frequency, problem.time_zone)
    assert frequency is not None, "semantics reject unknown frequencies"
    return frequency


def season_length_of(problem: ForecastProblem) -> int:
    """Return the (shortest) season length that was given, or the default of the frequency."""
    first = int(problem.season_lengths[0]) if problem.season_lengths else None
    return problem.season_length or first or grid_of(problem).season_length


def long_season_of(problem: ForecastProblem) -> float | None:
    """Return the longer season that was given or is usual, None for a single one."""
    if problem.season_lengths is not None:
        return problem.season_lengths[1] if len(problem.season_lengths) == 2 else None
    return usual_long_season(grid_of(problem), season_length_of(problem))


def histories(problem: ForecastProblem, skipped: Container[str] = ()) -> list[History]:
    """Return every series that is not skipped, complete and in request order."""
    frequency = grid_of(problem)
    season = season_length_of(problem)
    return [complete(record, frequency, season_length=season) for record in records(problem, frequency, skipped)]


def records(problem: ForecastProblem, frequency: Frequency, skipped: Container[str]) -> Iterator[Record]:
    """Yield the series as given, in request order (long rows: in order of first appearance)."""
    for index, series in enumerate(problem.series or ()):
        if series.id not in skipped:
            yield _from_columns(index, series, frequency)
    ahead = group_rows(problem.future_rows)
    for name, rows in group_rows(problem.rows or ()).items():
        if name not in skipped:
            yield _from_rows(name, rows, ahead.get(name, []), frequency)


def group_rows(rows: Sequence[RowT]) -> dict[str, list[tuple[int, RowT]]]:
    """Return the rows of every series with their place in the request."""
    groups: dict[str, list[tuple[int, RowT]]] = {}
    for index, row in enumerate(rows):
        groups.setdefault(row.unique_id, []).append((index, row))
    return groups


def complete(record: Record, frequency: Frequency, *, season_length: int) -> History:
    """
    Return a series without gaps.

    Missing values before the first observation are dropped, others interpolated linearly, the last one carried forward; then
    demand is estimated where stock ran out.
    """
    flagged = np.zeros(record.values.size, dtype=np.bool_) if record.flagged is None else record.flagged
    given = np.where(flagged & np.isnan(record.values), 0.0, record.values)
    missing = np.isnan(given)
    first = int(np.argmin(missing))
    values = given[first:].copy()
    gaps = np.flatnonzero(missing[first:])
    repairs = list(record.repairs)
    if first:
        stamps = _stamps(record, frequency, range(first))
        repairs.append(_repair("LEADING_MISSING_DROPPED", stamps, None, "Missing values before the first observation dropped."))
    if gaps.size:
        known = np.flatnonzero(~missing[first:] & ~flagged[first:])
        values[gaps] = np.interp(gaps, known, values[known])
        stamps = _stamps(record, frequency, gaps + first)
        text = "Missing values interpolated between their neighbours; at the end the last observation is carried forward."
        repairs.append(_repair("MISSING_INTERPOLATED", stamps, values[gaps].tolist(), text))
    non_negative = bool(values.min() >= 0) if record.non_negative is None else record.non_negative
    demand = estimated_demand(values, flagged[first:], season_length) if flagged.any() else None
    sales = None
    if flagged.any():
        places = np.flatnonzero(flagged[first:])
        stamps = _stamps(record, frequency, places + first)
        sales, values = values, values if demand is None else demand
        repairs.append(_repair(*_stock_out_words(estimated=demand is not None, stamps=stamps, values=values[places].tolist())))
    return History(
        record.id, record.pointer, record.start, first, record.like, values, non_negative, repairs, sales, record.columns
    )


def _stock_out_words(
    *, estimated: bool, stamps: list[str | int], values: list[float | None]
) -> tuple[str, list[str | int], list[float | None], str]:
    """Return code, times, values and message of the repair of stock-outs."""
    if estimated:
        text = (
            "Stock ran out: sales replaced by expected demand, given the periods around and that it was at least what was sold."
        )
        return "STOCK_OUT_ESTIMATED", stamps, values, text
    text = "Stock ran out, but fewer than three periods had stock: sales are taken for demand."
    return "STOCK_OUT_NOT_ESTIMATED", stamps, values, text


def fitted_length(length: int, season_length: int) -> int:
    """Return how many of the latest observations the methods look at."""
    return min(length, max(MAX_FITTED, 5 * season_length))


def _from_columns(index: int, series: Series, frequency: Frequency) -> Record:
    values = np.array(series.values, dtype=np.float64)
    start = frequency.read(0 if series.start is None else series.start)
    assert start is not None, "semantics reject starts that are not ISO 8601"
    flagged = None if series.stock_out is None or not any(series.stock_out) else np.array(series.stock_out, dtype=np.bool_)
    return Record(series.id, f"/series/{index}", start, series.start, values, series.non_negative, flagged)


def _from_rows(name: str, rows: list[tuple[int, LongRow]], ahead: list[tuple[int, FutureRow]], frequency: Frequency) -> Record:
    moments = [moment for _, row in rows if (moment := frequency.read(row.ds)) is not None]
    first = min(range(len(moments)), key=lambda i: order_key(moments[i]))
    start, like = moments[first], rows[first][1].ds
    at = np.array([frequency.position(start, moment) for moment in moments], dtype=np.int64)
    values = np.full(int(at.max()) + 1, np.nan)
    given, flagged = np.zeros(values.size, dtype=bool), np.zeros(values.size, dtype=np.bool_)
    doubled: dict[int, None] = {}
    for place, (_, row) in zip(at.tolist(), rows, strict=True):
        if given[place]:
            doubled[place] = None
        given[place], flagged[place] = True, row.stock_out
        if row.y is not None:
            values[place] = row.y
    columns = _row_columns(at.tolist(), rows, start, ahead, frequency)
    flags = flagged if flagged.any() else None
    record = Record(name, f"/rows/{rows[0][0]}", start, like, values, None, flags, columns)
    if np.any(np.diff(at) < 0):
        record.repairs.append(_repair("ROWS_SORTED", [], None, "Rows were not in order of time and have been sorted."))
    if doubled:
        stamps = _stamps(record, frequency, doubled)
        kept = [None if np.isnan(values[k]) else float(values[k]) for k in doubled]
        record.repairs.append(
            _repair("DUPLICATE_TIMES_MERGED", stamps, kept, "Of rows with the same time the last number counts.")
        )
    gaps = np.flatnonzero(~given)
    if gaps.size:
        stamps = _stamps(record, frequency, gaps)
        record.repairs.append(_repair("GAPS_FILLED", stamps, None, "Times without a row were added as missing values."))
    return record


def _row_columns(
    at: list[int],
    rows: list[tuple[int, LongRow]],
    start: Moment,
    ahead: list[tuple[int, FutureRow]],
    frequency: Frequency,
) -> dict[str, list[float]]:
    """Return the covariates of rows in order of time, those of the horizon last; semantics reject gaps among them."""
    names = rows[0][1].covariates or {}
    if not names:
        return {}
    found = {place: row.covariates or {} for place, (_, row) in zip(at, rows, strict=True)}
    for _, row in ahead:
        moment = frequency.read(row.ds)
        place = None if moment is None else frequency.position(start, moment)
        assert place is not None, "semantics reject future times off the grid"
        found[place] = row.covariates
    return {name: [found[place][name] for place in sorted(found)] for name in names}


def _stamps(record: Record, frequency: Frequency, places: Iterable[int]) -> list[str | int]:
    return [frequency.stamp(frequency.step(record.start, int(k)), like=record.like) for k in places]


def _repair(code: str, stamps: list[str | int], values: list[float | None] | None, message: str) -> SeriesRepair:
    shown: list[float | None] = values if values is not None else [None for _ in stamps]
    count = len(stamps) if stamps else 1
    return SeriesRepair(code=code, count=count, timestamps=stamps, values=shown, message=message)
