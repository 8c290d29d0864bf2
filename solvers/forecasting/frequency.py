"""
The time grid of a series: aliases of old and new spelling, steps along the calendar, timestamps in kind.

Steps keep the caller's day of the month (clipped at shorter months); a start on the last day of a month together with an alias
for period ends (ME, QE, YE and their old spellings) stays on month ends.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Moment = datetime | int
Unit = Literal["integer", "month", "day", "business_day", "second"]

_PATTERN = re.compile(r"(\d{1,6})?([A-Za-z]{1,3})(?:-([A-Z]{3}))?")

_ALIASES: dict[str, tuple[Unit, int, int]] = (
    dict.fromkeys(("YS", "AS", "YE", "AE", "Y", "A"), ("month", 12, 1))
    | dict.fromkeys(("QS", "QE", "Q"), ("month", 3, 4))
    | dict.fromkeys(("MS", "ME", "M"), ("month", 1, 12))
    | {"W": ("day", 7, 52), "D": ("day", 1, 7), "B": ("business_day", 1, 5)}
    | dict.fromkeys(("h", "H"), ("second", 3600, 24))
    | dict.fromkeys(("min", "T"), ("second", 60, 1440))
    | dict.fromkeys(("s", "S"), ("second", 1, 1))
)
"""Alias -> (unit, units per step, default season length)."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_ENDS = frozenset({"YE", "AE", "Y", "A", "QE", "Q", "ME", "M"})
ACCEPTED = "YS AS YE Y A, QS QE Q, MS ME M, W, D, B, h H, min T, s S, each with an optional multiple (2W) and anchor (W-SUN)"


MOST_REMEMBERED = 50_000
"""Times whose text was read: series in long form repeat the same ones."""

DAYS_IN_WEEK = 7
DAYS_IN_YEAR = 365.25
DAY_LENGTHS = (24, 48, 96)
"""Season lengths that are taken for a day where steps are undated."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """
    Time between observations: `multiple` units; `season_length` is the default for it.

    With a time zone, moments of clock steps are kept in UTC and all others as the local date and time without an offset, so
    that an hour is an hour and a day a day of 23, 24 or 25 of them; `read` and `stamp` convert.
    """

    unit: Unit
    multiple: int
    at_end: bool
    season_length: int
    weekday: int | None = None
    zone: ZoneInfo | None = None

    def step(self, start: Moment, count: int) -> Moment:
        """
        Return the moment `count` steps after `start`.

        Raises
        ------
        OverflowError, ValueError
            When the calendar (years 1 to 9999) does not reach that far.
        """
        if isinstance(start, int):
            return start + count * self.multiple
        if self.unit == "month":
            return _add_months(start, count * self.multiple, stay_at_end=self.at_end and _is_month_end(start))
        if self.unit == "business_day":
            return _add_business_days(start, count * self.multiple)
        seconds = self.multiple * (86_400 if self.unit == "day" else 1)
        return start + timedelta(seconds=seconds) * count

    def position(self, start: Moment, moment: Moment) -> int | None:
        """Return how many steps `moment` lies after `start`, or None when it is not on the grid."""
        if isinstance(start, int) or isinstance(moment, int):
            if not (isinstance(start, int) and isinstance(moment, int)):
                return None
            steps, rest = divmod(moment - start, self.multiple)
            return None if rest else steps
        guess = self._guess(start, moment)
        return next((k for k in (guess, guess + 1, guess - 1) if self._lands_on(start, k, moment)), None)

    def read(self, stamp: str | int) -> Moment | None:
        """Return the moment that a timestamp names, or None when it is not ISO 8601 or not on the calendar."""
        moment = parse_moment(stamp)
        if self.zone is None or not isinstance(moment, datetime):
            return moment
        try:
            local = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)
            return local.astimezone(UTC) if self.unit == "second" else local.replace(tzinfo=None)
        except OverflowError:
            return None

    def stamp(self, moment: Moment, *, like: str | int | None) -> str | int:
        """
        Return a moment written the way the caller wrote `like`: date only, or date and time, with Z when theirs had it.

        With a time zone, date and time carry the offset that holds then.
        """
        if isinstance(moment, int):
            return moment
        if self.zone is not None:
            moment = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)
        text = moment.isoformat()
        if not isinstance(like, str):
            return text
        if len(like) == len("2021-01-01") and self.unit != "second":
            return text[:10]
        return f"{text[:-6]}Z" if self.zone is None and like[-1] in "zZ" and text.endswith("+00:00") else text

    def _guess(self, start: datetime, moment: datetime) -> int:
        if self.unit == "month":
            return ((moment.year - start.year) * 12 + moment.month - start.month) // self.multiple
        days = (moment - start) / timedelta(days=1)
        if self.unit == "business_day":
            return round(days * 5 / 7 / self.multiple)
        seconds = self.multiple * (86_400 if self.unit == "day" else 1)
        return int((moment - start) // timedelta(seconds=seconds))

    def _lands_on(self, start: datetime, count: int, moment: datetime) -> bool:
        try:
            return self.step(start, count) == moment
        except (OverflowError, ValueError):
            return False


def parse_frequency(frequency: str | int, time_zone: str | None = None) -> Frequency | None:
    """Return the time grid of an alias or integer, or None when the alias is unknown; the time zone must be known."""
    if isinstance(frequency, int):
        return Frequency("integer", frequency, at_end=False, season_length=1)
    match = _PATTERN.fullmatch(frequency)
    if match is None or match[2] not in _ALIASES or (match[1] is not None and int(match[1]) == 0):
        return None
    unit, size, season = _ALIASES[match[2]]
    anchor = match[3]
    if anchor is not None and not _fits(anchor, unit, size):
        return None
    multiple = int(match[1] or 1)
    weekday = _WEEKDAYS.index(anchor) if anchor in _WEEKDAYS else None
    length = season // multiple if season % multiple == 0 else 1
    return Frequency(unit, multiple * size, match[2] in _ENDS, length, weekday, parse_zone(time_zone) if time_zone else None)


def usual_long_season(frequency: Frequency, season_length: int) -> float | None:
    """Return the season that usually lies over this one: a week over a day, a year over a week of days; None for others."""
    day = frequency.unit == "second" and season_length * frequency.multiple == 86_400
    if day or (frequency.unit == "integer" and season_length in DAY_LENGTHS):
        return float(season_length * DAYS_IN_WEEK)
    if frequency.unit == "day" and frequency.multiple == 1 and season_length == DAYS_IN_WEEK:
        return DAYS_IN_YEAR
    return None


def parse_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name, or None when there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=MOST_REMEMBERED)
def parse_moment(stamp: str | int) -> Moment | None:
    """Return the moment that a timestamp names, or None when it is not ISO 8601."""
    if isinstance(stamp, int):
        return stamp
    try:
        return datetime.fromisoformat(stamp)
    except ValueError:
        return None


def order_key(moment: Moment) -> float:
    """Return a number by which moments can be sorted; times without an offset count as UTC."""
    if isinstance(moment, int):
        return float(moment)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _fits(anchor: str, unit: Unit, size: int) -> bool:
    if unit == "month":
        return size > 1 and anchor in _MONTHS
    return unit == "day" and size == 7 and anchor in _WEEKDAYS


def _is_month_end(moment: datetime) -> bool:
    return moment.day == calendar.monthrange(moment.year, moment.month)[1]


def _add_months(start: datetime, months: int, *, stay_at_end: bool) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("year out of range")
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=last if stay_at_end else min(start.day, last))


def _add_business_days(start: datetime, days: int) -> datetime:
    """Count Monday to Friday; a start at the weekend counts as the Friday before for steps forward."""
    weekday = min(start.weekday(), 4)
    weeks, rest = divmod(weekday + days, 5)
    return start + timedelta(days=7 * weeks + rest - start.weekday()) if days else start
