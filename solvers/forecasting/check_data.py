"""The request as the check reads it: series, gaps and the calendar, without the code of the methods."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from models.forecasting import ForecastProblem, LongRow
from solvers.forecasting.check_stock_out import demand_behind, season_of_request

FloatArray = npt.NDArray[np.float64]
Moment = datetime | int
CLOCK = ("h", "H", "min", "T", "s", "S")
MONTHS = {"Y": 12, "A": 12, "Q": 3, "M": 1}
SECONDS = {"W": 604_800, "D": 86_400, "h": 3_600, "H": 3_600, "min": 60, "T": 60, "s": 1, "S": 1}


@dataclass(frozen=True, slots=True)
class Given:
    """One series: finite `values` from its first observation on, `start` and `length` of the series as given, and its sign."""

    id: str
    start: Moment
    length: int
    values: FloatArray
    non_negative: bool


def parsed(stamp: str | int, frequency: str | int = 1, zone: str | None = None) -> Moment:
    """Return a timestamp as a moment; with a time zone as UTC for steps of the clock, else as local time without offset."""
    if isinstance(stamp, int):
        return stamp
    moment = datetime.fromisoformat(stamp)
    if zone is None:
        return moment
    there = ZoneInfo(zone)
    local = moment.replace(tzinfo=there) if moment.tzinfo is None else moment.astimezone(there)
    clock = str(frequency).lstrip("0123456789") in CLOCK
    return local.astimezone(UTC) if clock else local.replace(tzinfo=None)


def ids_of(problem: ForecastProblem) -> list[str]:
    """Return the ids of all series in the order of the request."""
    return [series.id for series in problem.series or ()] + list(dict.fromkeys(row.unique_id for row in problem.rows or ()))


def given_series(problem: ForecastProblem, skipped: Container[str]) -> list[Given]:
    """Return every series that is not skipped in the order of the request."""
    shortest = int(problem.season_lengths[0]) if problem.season_lengths else None
    season = season_of_request(problem.season_length or shortest, problem.frequency)
    zone = problem.time_zone
    found = [
        _given(
            series.id,
            parsed(series.start or 0, problem.frequency, zone),
            series.values,
            series.non_negative,
            flags=series.stock_out,
            season=season,
        )
        for series in problem.series or ()
        if series.id not in skipped
    ]
    return found + list(
        _from_rows([row for row in problem.rows or () if row.unique_id not in skipped], problem.frequency, zone, season)
    )


def expected_times(frequency: str | int, start: Moment, *, first: int, count: int) -> list[Moment]:
    """Return the moments of steps first .. first + count - 1 after the start."""
    if isinstance(frequency, int) or isinstance(start, int):
        assert isinstance(frequency, int)
        assert isinstance(start, int)
        return [start + frequency * (first + step) for step in range(count)]
    match = re.match(r"(\d*)([A-Za-z]+)", frequency)
    assert match is not None
    multiple, alias = int(match[1] or 1), match[2]
    naive = np.datetime64(start.replace(tzinfo=None), "us")
    steps = np.arange(first, first + count) * multiple
    if alias == "B":
        day = naive.astype("M8[D]")
        moved = np.busday_offset(day, steps, roll="preceding").astype("M8[us]") + (naive - day)
        moved[steps == 0] = naive
    elif alias in SECONDS:
        moved = naive + (steps * SECONDS[alias]).astype("m8[s]")
    else:
        moved = _months_later(naive, steps * MONTHS[alias[0]], keeps_end=not alias.endswith("S"))
    return [moment.replace(tzinfo=start.tzinfo) for moment in moved.astype("M8[us]").tolist()]


def _months_later(start: np.datetime64, months: npt.NDArray[np.int64], *, keeps_end: bool) -> npt.NDArray[np.datetime64]:
    """Move by whole months; the day stays, or is the last one where the month is shorter or the series lives on month ends."""
    month, day = start.astype("M8[M]"), start.astype("M8[D]")
    target = month + months.astype("m8[M]")
    offset = day - month.astype("M8[D]")
    longest = (target + 1).astype("M8[D]") - target.astype("M8[D]") - np.timedelta64(1, "D")
    at_end = keeps_end and day + 1 == (month + 1).astype("M8[D]")
    days = longest if at_end else np.minimum(offset, longest)
    return np.asarray((target.astype("M8[D]") + days).astype("M8[us]") + (start - day))


def _given(
    name: str,
    start: Moment,
    raw: Sequence[float | None],
    non_negative: bool | None,
    *,
    flags: Sequence[bool] | None = None,
    season: int = 1,
) -> Given:
    values = np.array(raw, dtype=np.float64)
    flagged = np.array(flags or [False] * len(raw))
    sold_nothing = flagged & np.isnan(values)
    values[sold_nothing] = 0.0
    first = int(np.flatnonzero(np.isfinite(values))[0])
    filled, known = values[first:].copy(), np.flatnonzero(np.isfinite(values) & ~flagged)
    for gap in np.flatnonzero(np.isnan(filled)).tolist():
        after = int(np.searchsorted(known, gap + first))
        left, right = (known[after - 1] if after else None), (known[after] if after < known.size else None)
        if left is not None and right is not None:
            share = (gap + first - left) / (right - left)
            filled[gap] = values[left] * (1 - share) + values[right] * share
        else:
            filled[gap] = values[right if left is None else left]
    sign = not bool((filled < 0).any()) if non_negative is None else non_negative
    if flagged.any():
        filled = demand_behind(filled, flagged[first:], season)
    return Given(name, start, len(raw), filled, sign)


def _from_rows(rows: list[LongRow], frequency: str | int, zone: str | None, season: int) -> Iterator[Given]:
    """Lay the rows of every series on its grid: the last number of a time counts, times without a row are missing."""
    names: dict[str, dict[Moment, float]] = {}
    out: dict[tuple[str, Moment], bool] = {}
    for row in rows:
        points = names.setdefault(row.unique_id, {})
        if row.stock_out or (out and (row.unique_id, parsed(row.ds, frequency, zone)) in out):
            out[row.unique_id, parsed(row.ds, frequency, zone)] = row.stock_out
        if row.y is not None:
            points[parsed(row.ds, frequency, zone)] = row.y
        else:
            points.setdefault(parsed(row.ds, frequency, zone), float("nan"))
    for name, points in names.items():
        start = min(points, key=comparable)
        raw: list[float] = []
        flags: list[bool] = []
        placed = 0
        while placed < len(points):
            times = expected_times(frequency, start, first=len(raw), count=max(64, len(points)))
            for moment in times:
                if placed == len(points):
                    break
                if moment in points:
                    placed += 1
                raw.append(points.get(moment, float("nan")))
                flags.append(out.get((name, moment), False))
        yield _given(name, start, raw, None, flags=flags, season=season)


def comparable(moment: Moment) -> float:
    """Return a number by which moments can be sorted."""
    if isinstance(moment, int):
        return float(moment)
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
