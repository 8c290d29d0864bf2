"""
Every place for an order in routes that stand: the cheapest ones, and for each route without a place what stands in the way.

Gaps that fail a necessary condition are left out by arrays; the others are tried exactly, by rising lower bound of what they
cost. Of a route that has no place, the gap with the nearest miss is timed with the order in it, and what it breaks is named.
"""

import math
import time
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Violation
from solvers.routing.evaluation.route_violations import route_violations
from solvers.routing.insertion.insertion_table import Floats, InsertionTable
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.route_cost import cost_of, order_of
from solvers.routing.schedule import timetable
from solvers.routing.visit import Windows

SLACK = 1e-6
"""Room for rounding in conditions that only sort out; what passes is tried exactly."""

Stops = tuple[PlannedStop, ...]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An order in a line: the places of its own stops in the new line, and what the line then costs more."""

    line: int
    planned: PlannedRoute
    places: tuple[int, ...]
    extra: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a line has no place: the nearest miss with every condition that it breaks; none of them known is an empty list."""

    line: int
    planned: PlannedRoute
    places: tuple[int, ...]
    violations: list[Violation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found: places by rising cost, obstacles in order of the lines; `complete` when no place was left untried."""

    places: list[Place]
    obstacles: list[Obstacle]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidates:
    """Ways to put an order into the gaps: line, first and last gap, least extra cost, and seconds missed at least."""

    line: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    least: Floats
    miss: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Detours:
    """What one stop takes in every gap: distances and times to and from it, both detours, and seconds missed at least."""

    to: Floats
    back: Floats
    time_to: Floats
    time_back: Floats
    way: Floats
    time: Floats
    service: float
    miss: Floats


class InsertionSurvey:
    """
    Surveys of orders in the same routes.

    Parameters
    ----------
    index
        The problem.
    lines
        Feasible routes, and routes without stops for vehicles that are not used yet.
    costs
        What the lines cost, 0 for those without stops.
    """

    def __init__(self, index: ProblemIndex, lines: Sequence[PlannedRoute], costs: Sequence[float]) -> None:
        self.index = index
        self.lines = list(lines)
        self.table = InsertionTable(index, lines)
        self.costs = list(costs)
        types = [index.problem.vehicle_types[line.vehicle_type] for line in lines]
        self._rates = np.array([vehicle_type.cost_per_distance for vehicle_type in types], dtype=np.float64)
        self._hourly = np.array([vehicle_type.cost_per_duration for vehicle_type in types], dtype=np.float64)
        # A line with an order costs at least its fixed cost, its way, and the time in which it drives or serves.
        least = [
            kind.fixed_cost + kind.cost_per_distance * way + kind.cost_per_duration * busy
            for kind, way, busy in zip(types, self._ways(), self.table.busy.tolist(), strict=True)
        ]
        self._least = np.array(least, dtype=np.float64) - np.array(self.costs, dtype=np.float64)

    def of_problem(self, index: ProblemIndex) -> "InsertionSurvey":
        """Return the same lines for a problem that differs in the orders that they do not serve."""
        other = copy(self)
        other.index = index
        return other

    def survey(self, stops: Stops, *, per_line: int = 1, deadline: float = math.inf, obstacles: bool = True) -> Survey:
        """
        Return where an order fits.

        Parameters
        ----------
        stops
            The order's stop, or its pickup and delivery.
        per_line
            Most places of one line.
        deadline
            Moment on the clock of `time.monotonic` after which no further place is tried.
        obstacles
            False leaves out why lines have no place.
        """
        candidates = self._candidates(stops)
        passing = self._passing(stops, candidates)
        order = np.lexsort((candidates.least, candidates.line))
        bounds = np.searchsorted(candidates.line[order], np.arange(len(self.lines) + 1))
        found, blocked, complete = [], [], True
        for line in range(len(self.lines)):
            own = order[bounds[line] : bounds[line + 1]]
            if time.monotonic() > deadline:
                complete = False
                break
            here = self._places(line, stops, candidates, own[passing[own]], per_line=per_line)
            found += here
            if not here and obstacles:
                blocked.append(self._obstacle(line, stops, candidates, own))
        return Survey(places=sorted(found, key=lambda place: place.extra), obstacles=blocked, complete=complete)

    def _candidates(self, stops: Stops) -> _Candidates:
        """Return every way to put the order into one line."""
        gaps = self.table.gaps
        own = [self._in_gaps(stop) for stop in stops]
        count = len(gaps.line)
        if len(stops) == 1:
            first = last = np.arange(count)
            return self._priced(first, last, own[0].way, own[0].time, own[0].miss)
        pickup, delivery = own
        sizes = np.bincount(gaps.line, minlength=len(self.lines))
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(sizes) else np.zeros(0, dtype=np.int64)
        pairs = [(start + i, start + j) for start, size in zip(starts, sizes, strict=True) for i, j in [np.triu_indices(size)]]
        first = np.concatenate([pair[0] for pair in pairs]) if pairs else np.zeros(0, dtype=np.int64)
        last = np.concatenate([pair[1] for pair in pairs]) if pairs else np.zeros(0, dtype=np.int64)
        way, time_between = (lengths[gaps.line[first]] for lengths in self._between(stops))
        service = pickup.service + delivery.service
        together = pickup.to[first] + way + delivery.back[first] - gaps.way[first]
        lasting = pickup.time_to[first] + time_between + delivery.time_back[first] - gaps.time[first] + service
        alone = first == last
        return self._priced(
            first,
            last,
            np.where(alone, together, pickup.way[first] + delivery.way[last]),
            np.where(alone, lasting, pickup.time[first] + delivery.time[last]),
            np.where(alone, pickup.miss[first], np.maximum(pickup.miss[first], delivery.miss[last])),
        )

    def _priced(
        self, first: NDArray[np.int64], last: NDArray[np.int64], way: Floats, time: Floats, miss: Floats
    ) -> _Candidates:
        line = self.table.gaps.line[first]
        least = self._least[line] + self._rates[line] * way + self._hourly[line] * time
        return _Candidates(line=line, first=first, last=last, least=least, miss=miss)

    def _in_gaps(self, stop: PlannedStop) -> _Detours:
        """Return what a stop takes in every gap."""
        location, service, windows = self._data(stop)
        to, time_to, back, time_back = self.table.lengths(location)
        arrival = self.table.gaps.leave + time_to
        start = _earliest(windows, arrival)
        late = np.where(np.isinf(start), arrival - max((window[1] for window in windows), default=math.inf), 0.0)
        start = np.where(np.isinf(start), arrival, start)
        rest = start + service + time_back - self.table.gaps.latest
        gaps = self.table.gaps
        return _Detours(
            to=to,
            back=back,
            time_to=time_to,
            time_back=time_back,
            way=to + back - gaps.way,
            time=time_to + time_back - gaps.time + service,
            service=service,
            miss=np.maximum(np.maximum(late, rest), 0.0),
        )

    def _data(self, stop: PlannedStop) -> tuple[int, float, Windows]:
        order = order_of(self.index, stop)
        if isinstance(order, Client):
            return self.index.location[order.location], order.service_duration, order.time_windows
        step = order.pickup if stop.kind == "pickup" else order.delivery
        return self.index.location[step.location], step.service_duration, step.time_windows

    def _ways(self) -> list[float]:
        """Return the length of every line."""
        gaps = self.table.gaps
        ways: list[float] = np.bincount(gaps.line, weights=gaps.way, minlength=len(self.lines)).tolist()
        return ways

    def _between(self, stops: Stops) -> tuple[Floats, Floats]:
        """Return distance and travel time from pickup to delivery for every line."""
        origin, target = (np.array([self._data(stop)[0]]) for stop in stops)
        types = self.index.problem.vehicle_types
        profiles = [types[line.vehicle_type].profile for line in self.lines]
        travel = self.index.travel
        ways = {name: float(travel.distances(name, origin, target)[0]) for name in set(profiles)}
        times = {name: float(travel.durations(name, origin, target)[0]) for name in set(profiles)}
        return np.array([ways[name] for name in profiles]), np.array([times[name] for name in profiles])

    def _passing(self, stops: Stops, candidates: _Candidates) -> Booleans:
        """Return which candidates keep the necessary conditions of time, load and names."""
        order = order_of(self.index, stops[0])
        types = self.index.problem.vehicle_types
        allowed = np.array([may_serve(types[line.vehicle_type], order) for line in self.lines], dtype=bool)
        timely = candidates.miss <= SLACK * np.maximum(1.0, self.table.gaps.leave[candidates.last])
        passing: Booleans = allowed[candidates.line] & timely
        for name, own in self.table.line_loads.items():
            room = own.capacity[candidates.line] * (1 + SLACK) + SLACK
            if isinstance(order, Client):
                passing &= own.start[candidates.line] + order.delivery.get(name, 0.0) <= room
                passing &= own.end[candidates.line] + order.pickup.get(name, 0.0) <= room
            else:
                passing &= self.table.gaps.loads[name][candidates.first] + order.amount.get(name, 0.0) <= room
        return passing

    def _places(
        self, line: int, stops: Stops, candidates: _Candidates, own: NDArray[np.int64], *, per_line: int
    ) -> list[Place]:
        """Return the cheapest feasible places of a line, trying first what may cost least."""
        found: list[Place] = []
        for candidate in own.tolist():
            if len(found) >= per_line and candidates.least[candidate] >= found[per_line - 1].extra:
                break
            found += self._tried(line, *self._put(line, stops, candidates, candidate))
            found.sort(key=lambda place: place.extra)
        for planned, places in self._with_reloads(line, stops):
            found += self._tried(line, planned, places)
        return sorted(found, key=lambda place: place.extra)[:per_line]

    def _tried(self, line: int, planned: PlannedRoute, places: tuple[int, ...]) -> Iterator[Place]:
        cost = cost_of(self.index, planned)
        if cost is not None:
            yield Place(line=line, planned=planned, places=places, extra=cost - self.costs[line])

    def _put(self, line: int, stops: Stops, candidates: _Candidates, candidate: int) -> tuple[PlannedRoute, tuple[int, ...]]:
        """Return the line with the order in it, and where its stops then stand."""
        before = self.lines[line].stops
        i = int(self.table.gaps.place[candidates.first[candidate]])
        j = int(self.table.gaps.place[candidates.last[candidate]])
        if len(stops) == 1:
            return replace(self.lines[line], stops=(*before[:i], *stops, *before[i:])), (i,)
        new = (*before[:i], stops[0], *before[i:j], stops[1], *before[j:])
        return replace(self.lines[line], stops=new), (i, j + 1)

    def _with_reloads(self, line: int, stops: Stops) -> Iterator[tuple[PlannedRoute, tuple[int, ...]]]:
        """Yield the line with a client on a trip of its own, or with a reload before or behind it."""
        base = self.lines[line]
        vehicle_type = self.index.problem.vehicle_types[base.vehicle_type]
        if len(stops) > 1 or not base.stops:
            return
        for depot in vehicle_type.reload_depots:
            reload = PlannedStop(kind="reload", position=self.index.depot[depot])
            for i in range(len(base.stops) + 1):
                before, after = base.stops[:i], base.stops[i:]
                for variant, place in (((reload, *stops), i + 1), ((*stops, reload), i), ((reload, *stops, reload), i + 1)):
                    yield replace(base, stops=(*before, *variant, *after)), (place,)

    def _obstacle(self, line: int, stops: Stops, candidates: _Candidates, own: NDArray[np.int64]) -> Obstacle:
        """Return the nearest miss of a line: the gap that is missed by the fewest seconds, of these the shortest detour."""
        nearest = own[np.lexsort((candidates.least[own], candidates.miss[own]))[0]]
        planned, places = self._put(line, stops, candidates, int(nearest))
        timed = timetable(self.index, planned, vehicle=1)
        broken = route_violations(self.index, planned, timed, pointer="", places=range(len(planned.stops)))
        return Obstacle(line=line, planned=planned, places=places, violations=broken)


def _earliest(windows: Windows, arrival: Floats) -> Floats:
    """Return the earliest start within a window not before each arrival, infinity when all have closed."""
    if not windows:
        return arrival
    start = np.full(len(arrival), math.inf)
    for early, late in windows:
        fits = arrival <= late + SLACK * np.maximum(1.0, arrival)
        start = np.where(fits, np.minimum(start, np.maximum(arrival, early)), start)
    return start
