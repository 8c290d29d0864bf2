"""
How value and bound approached each other: heard from the engines while they search.

HiGHS and SCIP tell it in the tables of their logs only, CP-SAT in callbacks. A line that cannot be read is passed over.
"""

import re
import threading
import time
from collections.abc import Sequence

import numpy as np

from models.explanation import BoundPoint
from solvers.base import Progress

HIGHS_ROW = re.compile(r"^.{0,3}\s+\S+\s+\S+\s+\S+\s+[\d.]+%\s+(\S+)\s+(\S+)\s+(?:Large|inf|-|[\d.]+%)\s")
"""A row of the table of HiGHS: mark, nodes processed, in queue, leaves, explored %, best bound, best solution, gap, ..."""

ENDLESS = 1e20
"""Numbers of at least this size mean that nothing is known."""


class BoundHistory:
    """
    Value and bound of a search, in the caller's sense, each only ever improving.

    Several engines may report at the same time. Every improvement goes to `progress` as an incumbent.

    Parameters
    ----------
    sign
        +1 when the objective is minimised, -1 when it is maximised.
    progress
        Who hears of improvements.
    """

    def __init__(self, *, sign: float, progress: Progress) -> None:
        self._sign = sign
        self._progress = progress
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._points: list[BoundPoint] = []
        self._value: float | None = None
        self._bound: float | None = None

    @property
    def points(self) -> tuple[BoundPoint, ...]:
        """The history so far."""
        with self._lock:
            return tuple(self._points)

    @property
    def value(self) -> float | None:
        """Best value that an engine has claimed; None before the first."""
        return self._value

    @property
    def bound(self) -> float | None:
        """Best bound that an engine has claimed; None before the first."""
        return self._bound

    def note(self, *, value: float | None, bound: float | None) -> None:
        """Take a value and a bound in; what is no improvement or not finite changes nothing."""
        with self._lock:
            better = self._is_new(value, self._value, -self._sign)
            tighter = self._is_new(bound, self._bound, self._sign)
            if not better and not tighter:
                return
            self._value = value + 0.0 if better and value is not None else self._value  # no negative zero
            self._bound = bound + 0.0 if tighter and bound is not None else self._bound
            point = BoundPoint(seconds=time.monotonic() - self._started, value=self._value, bound=self._bound)
            self._points.append(point)
        self._progress.incumbent(objective=point.value, bound=point.bound)

    def read_highs(self, lines: Sequence[str]) -> None:
        """Take in lines of the log of HiGHS."""
        for line in lines:
            found = HIGHS_ROW.match(line)
            if found is not None:
                self.note(bound=_number(found[1]), value=_number(found[2]))

    def read_scip(self, lines: Sequence[str]) -> None:
        """Take in lines of the log of SCIP: a table with bars, its dual and primal bound before the gap."""
        for line in lines:
            cells = line.split("|")
            if len(cells) > 4:
                self.note(bound=_number(cells[-4]), value=_number(cells[-3]))

    def _is_new(self, number: float | None, best: float | None, direction: float) -> bool:
        """Tell whether a number is known and lies beyond the best one, seen in a direction."""
        if number is None or not np.isfinite(number) or abs(number) >= ENDLESS:
            return False
        return best is None or direction * (number - best) > 1e-12 * max(1.0, abs(best))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
