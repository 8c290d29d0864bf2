"""Routes to begin from, in the integers of a compiled problem: what the tables of a search hold of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from solvers.routing import route_state_kernels as layout
from solvers.routing.compiled_problem import CompiledProblem
from solvers.routing.planned_route import PlannedRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """
    A feasible route: `kind` is a row of the fleet, `stops` are rows of the problem.

    With n stops, `places`, `earliest`, `latest` and the rows of `loads` (one for each dimension, behind each position) have
    n + 2 entries, from start to end; `steps` (distance to the next) and `spans` (service and travel time to the next) n + 1.
    """

    kind: int
    stops: list[int]
    places: list[int]
    steps: list[int]
    spans: list[int]
    earliest: list[int]
    latest: list[int]
    loads: list[list[int]]


def seats_of(problem: CompiledProblem, routes: Sequence[PlannedRoute]) -> list[Seat]:
    """Return the routes as far as they fit in the integers of the problem, and as there are vehicles."""
    number = {(stop.kind, stop.position): i for i, stop in enumerate(problem.planned)}
    kinds = {kind: i for i, kind in enumerate(problem.vehicle_types)}
    used: Counter[int] = Counter()
    seats: list[Seat] = []
    for route in routes:
        kind = kinds.get(route.vehicle_type)
        if kind is None or used[kind] >= problem.fleet[kind, layout.VEHICLES] or len(seats) >= problem.routes:
            continue
        stops = [number[stop.kind, stop.position] for stop in route.stops if (stop.kind, stop.position) in number]
        found = seat(problem, kind, stops) or _part(problem, kind, stops)
        if found is not None:
            used[kind] += 1
            seats.append(found)
    return seats


def _part(problem: CompiledProblem, kind: int, stops: list[int]) -> Seat | None:
    """Return the route with the orders that fit, tried in its order; None when none does."""
    partner = problem.stops[layout.PARTNER]
    best, kept = None, set[int]()
    for stop in stops:
        if stop in kept:
            continue
        trial = kept | {stop, int(partner[stop])}
        found = seat(problem, kind, [other for other in stops if other in trial])
        if found is not None:
            best, kept = found, trial
    return best


def seat(problem: CompiledProblem, kind: int, stops: list[int]) -> Seat | None:
    """Return a route of a vehicle type with its stops in order, None when it is not feasible."""
    fleet = problem.fleet[kind]
    if not stops or len(stops) > fleet[layout.MAX_STOPS] or not problem.allowed[kind, stops].all():
        return None
    places = [int(fleet[layout.START]), *problem.place[stops].tolist(), int(fleet[layout.END])]
    distance, duration = problem.matrix[fleet[layout.DISTANCE]], problem.matrix[fleet[layout.DURATION]]
    steps, ways = ([int(matrix[a, b]) for a, b in pairwise(places)] for matrix in (distance, duration))
    loads = _loads(problem, stops)
    room = fleet[layout.CAPACITY :].tolist()
    if sum(steps) > fleet[layout.MAX_DISTANCE] or any(max(row) > most for row, most in zip(loads, room, strict=False)):
        return None
    service = [0, *problem.service[stops].tolist()] if problem.timed else [0] * (len(stops) + 1)
    spans = [way + own for way, own in zip(ways, service, strict=True)]
    windows = _windows(problem, kind, stops)
    earliest = _forward(windows, spans, 0)
    # Goods hold the departure back; what the tables know of a route does not.
    released = _forward(windows, spans, int(problem.stops[layout.RELEASE, stops].max()))
    latest = _backward(windows, spans, windows[-1][-1][1])
    if earliest is None or released is None or latest is None:
        return None
    tight = _backward(windows, spans, released[-1])
    if tight is None or released[-1] - tight[0] > fleet[layout.MAX_DURATION]:
        return None
    return Seat(kind=kind, stops=stops, places=places, steps=steps, spans=spans, earliest=earliest, latest=latest, loads=loads)


def _loads(problem: CompiledProblem, stops: list[int]) -> list[list[int]]:
    """Return the goods on board behind each position, for each dimension."""
    rows = []
    for k in range(int(problem.count[layout.DIMENSIONS])):
        brought, entering = (problem.stops[layout.GOODS + 2 * k + i, stops].tolist() for i in range(2))
        row = [sum(brought)]
        for out, own in zip(brought, entering, strict=True):
            row.append(row[-1] + own - out)
        rows.append([*row, row[-1]])
    return rows


def _windows(problem: CompiledProblem, kind: int, stops: list[int]) -> list[list[list[int]]]:
    """Return the windows of start, stops and end, each sorted."""
    fleet, first = problem.fleet[kind], int(problem.count[layout.WINDOW_ROW])
    rows: list[list[list[int]]] = [[[int(fleet[layout.START_EARLY]), int(fleet[layout.START_LATE])]]]
    for stop in stops:
        own = [[int(problem.early[stop]) if problem.timed else 0, int(problem.late[stop])]]
        if problem.count[layout.ALTERNATIVES] and problem.stops[first, stop] >= 0:
            given = problem.stops[first:, stop].tolist()
            own = [[early, late] for early, late in zip(given[::2], given[1::2], strict=True) if early >= 0]
        rows.append(own)
    rows.append([[int(fleet[layout.END_EARLY]), int(fleet[layout.END_LATE])]])
    return rows


def _forward(windows: list[list[list[int]]], spans: list[int], release: int) -> list[int] | None:
    """Return the earliest start at each position when the route departs no earlier than `release`; None when late."""
    found: list[int] = []
    moment = release
    for own, span in zip(windows, [0, *spans], strict=True):
        moment += span
        start = next((max(moment, early) for early, late in own if moment <= late), None)
        if start is None:
            return None
        found.append(start)
        moment = start
    return found


def _backward(windows: list[list[list[int]]], spans: list[int], end: int) -> list[int] | None:
    """Return the latest start at each position when the route ends at `end`; None when a position has none."""
    found = [end]
    for own, span in zip(windows[-2::-1], spans[::-1], strict=True):
        moment = found[-1] - span
        start = next((min(moment, late) for early, late in own[::-1] if early <= moment), None)
        if start is None:
            return None
        found.append(start)
    return found[::-1]
