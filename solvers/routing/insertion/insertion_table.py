"""
Every gap of every route as arrays, with what a necessary condition for an insertion needs.

Between a stop and the next one: when the vehicle can leave the first at the earliest, when it must start at the second at the
latest, what is on board. An order passes a gap only when it can be reached in time and leaves enough time for the rest; what
passes is then tried exactly, so conditions that the arrays do not know are never overlooked.

References
----------
Savelsbergh, M. W. P. (1992). The vehicle routing problem with time windows: minimizing route duration. ORSA Journal on
Computing 4(2), 146-154.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.schedule import arcs_of, loads_of, service_starts, visits_of
from solvers.routing.visit import Visit, Windows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NOWHERE = -1
"""Location of the open end of a route."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaps:
    """Gaps of all lines, each array of shape (g,); `line` counts in the lines, `place` in the stops of the line."""

    line: Integers
    place: Integers
    tail: Integers
    head: Integers
    leave: Floats
    """Earliest departure from the stop before the gap."""
    latest: Floats
    """Latest start at the stop behind the gap."""
    way: Floats
    """Distance over the gap as it is."""
    time: Floats
    """Travel time over the gap as it is."""
    loads: dict[str, Floats]
    """Goods on board in the gap, by dimension."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineLoads:
    """Goods of each line when it starts and when it ends, and its capacity; shape (lines,); capacity inf where it reloads."""

    start: Floats
    end: Floats
    capacity: Floats


class InsertionTable:
    """
    Lines and their gaps.

    Parameters
    ----------
    index
        The problem.
    lines
        Feasible routes; those without stops stand for a vehicle that is not used yet.
    """

    def __init__(self, index: ProblemIndex, lines: Sequence[PlannedRoute]) -> None:
        self.index = index
        self.lines = list(lines)
        rows: list[tuple[Any, ...]] = []
        self._loads: dict[str, list[float]] = {name: [] for name in index.dimensions}
        starts: dict[str, list[float]] = {name: [] for name in index.dimensions}
        ends: dict[str, list[float]] = {name: [] for name in index.dimensions}
        self.busy = np.zeros(len(self.lines))
        """Seconds that each line drives and serves: it cannot last less."""
        for i, line in enumerate(lines):
            loads = self._add(rows, i, line)
            for name in index.dimensions:
                starts[name].append(loads[0][name])
                ends[name].append(loads[-2][name])
                self._loads[name] += [load[name] for load in loads[:-1]]
        columns = list(zip(*rows, strict=True)) or [()] * 8
        self.gaps = Gaps(
            line=np.array(columns[0], dtype=np.int64),
            place=np.array(columns[1], dtype=np.int64),
            tail=np.array(columns[2], dtype=np.int64),
            head=np.array(columns[3], dtype=np.int64),
            leave=np.array(columns[4], dtype=np.float64),
            latest=np.array(columns[5], dtype=np.float64),
            way=np.array(columns[6], dtype=np.float64),
            time=np.array(columns[7], dtype=np.float64),
            loads={name: np.array(loads) for name, loads in self._loads.items()},
        )
        self.line_loads = {
            name: LineLoads(start=np.array(starts[name]), end=np.array(ends[name]), capacity=self._capacities(name))
            for name in index.dimensions
        }

    def lengths(self, location: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Return distance and duration to a location from the tail of every gap, then from it to the head; shape (g,) each."""
        gaps, count = self.gaps, len(self.gaps.line)
        result = [np.zeros(count) for _ in range(4)]
        travel = self.index.travel
        for profile, members in self._members.items():
            here = np.full(len(members), location, dtype=np.int64)
            for k, ends in enumerate((gaps.tail[members], gaps.head[members])):
                known = np.maximum(ends, 0)
                tails, heads = (known, here) if k == 0 else (here, known)
                result[2 * k][members] = np.where(ends == NOWHERE, 0.0, travel.distances(profile, tails, heads))
                result[2 * k + 1][members] = np.where(ends == NOWHERE, 0.0, travel.durations(profile, tails, heads))
        return result[0], result[1], result[2], result[3]

    @cached_property
    def _members(self) -> dict[str, Integers]:
        """Return the gaps of each travel profile."""
        types = self.index.problem.vehicle_types
        names = [types[line.vehicle_type].profile for line in self.lines]
        return {
            profile: np.flatnonzero(np.isin(self.gaps.line, [i for i, name in enumerate(names) if name == profile]))
            for profile in dict.fromkeys(names)
        }

    def _add(self, rows: list[tuple[Any, ...]], i: int, line: PlannedRoute) -> list[dict[str, float]]:
        """Add the gaps of a line, and return what is on board after each of its stops."""
        vehicle_type = self.index.problem.vehicle_types[line.vehicle_type]
        visits = visits_of(self.index, line)
        distances, durations = arcs_of(self.index, vehicle_type, visits)
        starts = service_starts(visits, durations, 0.0, late=True)
        assert starts is not None
        latest = latest_starts(visits, durations)
        self.busy[i] = math.fsum(durations) + math.fsum(visit.service for visit in visits)
        for place in range(len(visits) - 1):
            before, after = visits[place], visits[place + 1]
            rows.append(
                (
                    i,
                    place,
                    NOWHERE if before.location is None else before.location,
                    NOWHERE if after.location is None else after.location,
                    starts[place] + before.service,
                    latest[place + 1],
                    distances[place],
                    durations[place],
                )
            )
        return loads_of(self.index.dimensions, visits)

    def _capacities(self, name: str) -> Floats:
        """Return what every line holds, infinity where nothing limits it or a reload makes several trips of it."""
        types = self.index.problem.vehicle_types
        return np.array(
            [
                math.inf
                if any(stop.kind == "reload" for stop in line.stops)
                else types[line.vehicle_type].capacity.get(name, math.inf)
                for line in self.lines
            ],
            dtype=np.float64,
        )


def latest_starts(visits: Sequence[Visit], durations: Sequence[float]) -> list[float]:
    """Return the latest start at each visit from which all later ones can be kept; -inf where none can."""
    latest = math.inf
    found = []
    for i in range(len(visits) - 1, -1, -1):
        moment = latest if i == len(visits) - 1 else latest - durations[i] - visits[i].service
        latest = _latest_within(visits[i].windows, moment)
        found.append(latest)
    return found[::-1]


def _latest_within(windows: Windows, moment: float) -> float:
    if not windows:
        return moment
    return max((min(moment, window[1]) for window in windows if window[0] <= moment), default=-math.inf)
