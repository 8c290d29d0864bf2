"""
When, how full and how far: the schedule of a route in the caller's own numbers.

A route finishes as early as possible, then starts as late as possible, and never waits longer than it must. Service may start
only within a time window; a vehicle leaves a depot no earlier than the release time of everything it loads there. Where breaks,
lateness, overtime or waiting matter, or later windows make a route shorter that is paid by duration or too long, the schedule
is the one that costs least.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from models.routing import Client, Route, RoutingProblem, ShipmentStep, Stop, VehicleType
from models.routing.solution import StopKind
from models.routing.timestamps import timestamp
from models.run import ObjectiveTerm
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.rich.breaks import with_breaks
from solvers.routing.rich.timing import TimedVisit, Timing, best_timing, relaxed_timing
from solvers.routing.rich_constraints import is_soft
from solvers.routing.visit import Visit, Windows

TIME_TOLERANCE = 1e-7
"""Seconds by which rounding of sums may miss a window, relative to the size of the moment (at least 1)."""


def visits_of(index: ProblemIndex, route: PlannedRoute) -> list[Visit]:
    """Return the stops of a planned route from start to end."""
    vehicle_type = index.problem.vehicle_types[route.vehicle_type]
    timed = vehicle_type.max_duration is not None or vehicle_type.cost_per_duration > 0
    shift = latest_shift(vehicle_type)
    inner = [_visit(index, stop, keep_window=timed and not index.rich, shift=shift) for stop in route.stops]
    start = _depot(index, "start", vehicle_type.start_depot, vehicle_type.shift)
    visits = [start, *inner, _depot(index, "end", vehicle_type.end_depot, shift)]
    return with_setups(index, visits, route) if index.rich else visits


def latest_shift(vehicle_type: VehicleType) -> list[float] | None:
    """Return the shift with the overtime that is allowed, None when there is no shift."""
    if vehicle_type.shift is None or not vehicle_type.max_overtime:
        return vehicle_type.shift
    return [vehicle_type.shift[0], vehicle_type.shift[1] + vehicle_type.max_overtime]


def with_setups(index: ProblemIndex, visits: Sequence[Visit], route: PlannedRoute) -> list[Visit]:
    """Return the visits with setup durations, where the visit before is at another location."""
    result = [visits[0]]
    for before, visit, stop in zip(visits, visits[1:-1], route.stops, strict=False):
        setup = 0.0 if stop.kind == "reload" or before.location == visit.location else setup_of(index.problem, stop)
        result.append(replace(visit, service=visit.service + setup) if setup else visit)
    return [*result, visits[-1]]


def setup_of(problem: RoutingProblem, stop: PlannedStop) -> float:
    """Return the setup duration of a client or of one end of a shipment."""
    if stop.kind == "client":
        return problem.clients[stop.position].setup_duration
    shipment = problem.shipments[stop.position]
    return (shipment.pickup if stop.kind == "pickup" else shipment.delivery).setup_duration


def timing_of(
    vehicle_type: VehicleType, visits: Sequence[Visit], durations: Sequence[float], *, rich: bool, late: bool = False
) -> Timing | None:
    """
    Return when a route departs and serves, or None when no schedule keeps its windows.

    Parameters
    ----------
    vehicle_type
        Prices, limits and breaks.
    visits
        Stops from start to end.
    durations
        Seconds from each visit to the next.
    rich
        Whether breaks, lateness, overtime or waiting may matter.
    late
        Whether service may start on arrival where every window has closed.
    """
    if rich:
        timed = _timed_visits(visits)
        timing = best_timing(vehicle_type, timed, durations)
        return relaxed_timing(vehicle_type, timed, durations) if late and timing is None else timing
    departure = latest_departure(visits, durations, late=late)
    starts = None if departure is None else service_starts(visits, durations, departure, late=late)
    if departure is None or starts is None:
        return None
    earliest = Timing(departure=departure, starts=starts, breaks=[], waiting=0.0, overtime=0.0, lateness_cost=0.0)
    if not _may_be_shorter(vehicle_type, visits, starts[-1] - departure):
        return earliest
    return best_timing(vehicle_type, _timed_visits(visits), durations) or earliest


def _may_be_shorter(vehicle_type: VehicleType, visits: Sequence[Visit], duration: float) -> bool:
    """Tell whether a later window of some visit could make a route shorter, and that would be worth anything."""
    limit = math.inf if vehicle_type.max_duration is None else vehicle_type.max_duration
    matters = vehicle_type.cost_per_duration > 0 or duration > limit
    return matters and any(len(visit.windows) > 1 for visit in visits)


def _timed_visits(visits: Sequence[Visit]) -> list[TimedVisit]:
    releases = _releases(visits)
    return [
        TimedVisit(
            spent=visit.service,
            windows=visit.windows,
            due=visit.due,
            cost_per_lateness=visit.cost_per_lateness,
            release=releases.get(i, 0.0),
        )
        for i, visit in enumerate(visits)
    ]


def scheduled(index: ProblemIndex, route: PlannedRoute, *, vehicle: int) -> Route | None:
    """Return the route with times, loads and cost, or None when no schedule keeps its windows; see `timetable`."""
    return _timed(index, route, vehicle=vehicle, late=False)


def timetable(index: ProblemIndex, route: PlannedRoute, *, vehicle: int) -> Route:
    """
    Return the route with times, loads and cost; where it comes after the last window, it serves on arrival.

    Parameters
    ----------
    index
        The problem and its travel matrices.
    route
        Vehicle type and order of stops.
    vehicle
        Number of the vehicle within its type, from 1.
    """
    timed = _timed(index, route, vehicle=vehicle, late=True)
    assert timed is not None
    return timed


def _timed(index: ProblemIndex, route: PlannedRoute, *, vehicle: int, late: bool) -> Route | None:
    vehicle_type = index.problem.vehicle_types[route.vehicle_type]
    visits = visits_of(index, route)
    distances, durations = arcs_of(index, vehicle_type, visits)
    timing = timing_of(vehicle_type, visits, durations, rich=index.rich, late=late)
    if timing is None:
        return None
    stops = _stops(index, visits, timing, distances, durations)
    if timing.breaks:
        stops = with_breaks(stops, vehicle_type.breaks, timing.breaks)
    stops = with_timestamps(stops, index.problem.time_origin)
    way, duration = math.fsum(distances), stops[-1].start_service - stops[0].departure
    terms = terms_of(vehicle_type, distance=way, duration=duration, timing=timing)
    return Route.model_construct(
        vehicle_type=vehicle_type.id,
        vehicle=vehicle,
        stops=stops,
        distance=way,
        duration=duration,
        cost=math.fsum(term.value for term in terms),
        terms=terms,
    )


def _stops(
    index: ProblemIndex, visits: Sequence[Visit], timing: Timing, distances: Sequence[float], durations: Sequence[float]
) -> list[Stop]:
    """Return the visits as stops of the answer; a break on the way to one delays its arrival only in `with_breaks`."""
    loads = loads_of(index.dimensions, visits)
    stops = []
    arrival, way = timing.departure, 0.0
    for i, visit in enumerate(visits):
        if i:
            arrival = timing.starts[i - 1] + visits[i - 1].service + durations[i - 1]
            way += distances[i - 1]
        start = max(timing.starts[i], arrival)
        stops.append(
            Stop.model_construct(
                kind=visit.kind,
                id=visit.id,
                location=None if visit.location is None else index.problem.locations[visit.location].id,
                arrival=arrival,
                start_service=start,
                departure=start + visit.service,
                wait=start - arrival,
                load=loads[i],
                distance=way,
                arrival_at=None,
                start_service_at=None,
                departure_at=None,
            )
        )
    return stops


def with_timestamps(stops: list[Stop], origin: str | None) -> list[Stop]:
    """Return the stops with timestamps beside seconds, where there is an origin."""
    if origin is None:
        return stops
    moments = ("arrival", "start_service", "departure")
    return [
        stop.model_copy(update={f"{name}_at": timestamp(origin, getattr(stop, name)) for name in moments}) for stop in stops
    ]


def terms_of(
    vehicle_type: VehicleType, *, distance: float, duration: float, timing: Timing | None = None
) -> list[ObjectiveTerm]:
    """Return what a used vehicle costs, by cause; prices of time beyond its duration come from the timing."""
    terms = {
        "travel": vehicle_type.cost_per_distance * distance,
        "fixed": vehicle_type.fixed_cost,
        "duration": vehicle_type.cost_per_duration * duration,
    }
    if timing is not None:
        priced = {
            "waiting": vehicle_type.cost_per_waiting * timing.waiting,
            "overtime": vehicle_type.cost_per_overtime * timing.overtime,
            "lateness": timing.lateness_cost,
        }
        terms |= {name: value for name, value in priced.items() if value}
    return [ObjectiveTerm(name=name, value=value) for name, value in terms.items()]


def arcs_of(index: ProblemIndex, vehicle_type: VehicleType, visits: Sequence[Visit]) -> tuple[list[float], list[float]]:
    """Return distance and duration from each visit to the next; an open end, and where there is no way, is at no distance."""
    pairs = [(before.location, after.location) for before, after in pairwise(visits)]
    closed = set(closed_legs(index, vehicle_type, visits))
    known = [i for i, (tail, head) in enumerate(pairs) if tail is not None and head is not None and i not in closed]
    ends = np.array([pairs[i] for i in known], dtype=np.int64).reshape(len(known), 2)
    distances, durations = [0.0] * len(pairs), [0.0] * len(pairs)
    ways = index.travel.distances(vehicle_type.profile, ends[:, 0], ends[:, 1]).tolist()
    times = index.travel.durations(vehicle_type.profile, ends[:, 0], ends[:, 1]).tolist()
    for i, way, time in zip(known, ways, times, strict=True):
        distances[i], durations[i] = way, time
    return distances, durations


def closed_legs(index: ProblemIndex, vehicle_type: VehicleType, visits: Sequence[Visit]) -> list[int]:
    """Return the legs, by the place of the visit that they leave, where there is no way."""
    closed = index.travel.closed(vehicle_type.profile)
    if closed is None:
        return []
    pairs = [(before.location, after.location) for before, after in pairwise(visits)]
    return [i for i, (tail, head) in enumerate(pairs) if tail is not None and head is not None and closed[tail, head]]


def service_starts(
    visits: Sequence[Visit], durations: Sequence[float], departure: float, *, late: bool = False
) -> list[float] | None:
    """
    Return the earliest start of service at each visit when leaving at `departure`, or None when a window is missed.

    With `late`, service starts on arrival where every window has closed.
    """
    releases = _releases(visits)
    starts: list[float] = []
    moment = departure
    for i, visit in enumerate(visits):
        arrival = max(moment, releases.get(i, moment))
        start = _earliest_within(visit.windows, arrival)
        if start is None and late:
            start = max(arrival, min(window[0] for window in visit.windows))
        if start is None:
            return None
        starts.append(start)
        if i < len(durations):
            moment = start + visit.service + durations[i]
    return starts


def latest_departure(visits: Sequence[Visit], durations: Sequence[float], *, late: bool = False) -> float | None:
    """Return the latest departure that still finishes at the earliest possible moment, or None when a window is missed."""
    starts = service_starts(visits, durations, 0.0, late=late)
    if starts is None:
        return None
    finish = latest = starts[-1]
    for i in range(len(visits) - 2, -1, -1):
        moment = latest - durations[i] - visits[i].service
        within = _latest_within(visits[i].windows, moment)
        # Rounding of sums can put the way back a hair before the way there.
        latest = starts[i] if within is None else max(within, starts[i])
    return starts[0] if latest - starts[0] < TIME_TOLERANCE * max(1.0, finish) else latest


def loads_of(dimensions: Sequence[str], visits: Sequence[Visit]) -> list[dict[str, float]]:
    """Return the goods on board after each visit, by dimension."""
    depots = [i for i, visit in enumerate(visits) if visit.kind in ("start", "reload")]
    loads: list[dict[str, float]] = []
    for first, last in zip(depots, [*depots[1:], len(visits)], strict=True):
        trip = visits[first:last]
        load = {name: math.fsum(visit.delivery.get(name, 0.0) for visit in trip) for name in dimensions}
        for visit in trip:
            if visit.kind == "end":
                load = dict.fromkeys(dimensions, 0.0)
            for name in dimensions:
                change = visit.pickup.get(name, 0.0) - visit.delivery.get(name, 0.0)
                load[name] = _without_dust(load[name] + change)
            loads.append(dict(load))
    return loads


def _without_dust(load: float) -> float:
    """Return 0 for what is left over only by rounding of sums."""
    return 0.0 if abs(load) < 1e-9 else load


def _releases(visits: Sequence[Visit]) -> dict[int, float]:
    """Return for each depot where goods are loaded the moment when all of them are ready."""
    releases: dict[int, float] = {}
    depot = 0
    for i, visit in enumerate(visits):
        if visit.kind in ("start", "reload"):
            depot = i
        releases[depot] = max(releases.get(depot, 0.0), visit.release)
    return releases


def _earliest_within(windows: Windows, moment: float) -> float | None:
    """Return the earliest moment within a window that is not before `moment`; missing one by rounding alone is forgiven."""
    if not windows:
        return moment
    tolerance = TIME_TOLERANCE * max(1.0, abs(moment))
    fitting = [window for window in windows if window[1] >= moment - tolerance and window[0] <= window[1]]
    return max(moment, min(window[0] for window in fitting)) if fitting else None


def _latest_within(windows: Windows, moment: float) -> float | None:
    """Return the latest moment within a window that is not after `moment`."""
    if not windows:
        return moment
    fitting = [window for window in windows if window[0] <= moment]
    return min(moment, max(window[1] for window in fitting)) if fitting else None


def _visit(index: ProblemIndex, stop: PlannedStop, *, keep_window: bool, shift: Sequence[float] | None) -> Visit:
    problem = index.problem
    if stop.kind == "reload":
        return _depot(index, "reload", problem.depots[stop.position].id, shift)
    if stop.kind == "client":
        client = problem.clients[stop.position]
        # The search weighed duration with the window that it chose; another one could cost more.
        chosen = keep_window and stop.window is not None
        windows = [client.time_windows[stop.window or 0]] if chosen else client.time_windows
        return Visit(
            kind="client",
            id=client.id,
            location=index.location[client.location],
            service=client.service_duration,
            windows=windows,
            delivery=client.delivery,
            pickup=client.pickup,
            release=client.release_time,
            **_lateness(client),
        )
    shipment = problem.shipments[stop.position]
    step = shipment.pickup if stop.kind == "pickup" else shipment.delivery
    sign = 1 if stop.kind == "pickup" else -1
    return Visit(
        kind=stop.kind,
        id=shipment.id,
        location=index.location[step.location],
        service=step.service_duration,
        windows=step.time_windows,
        delivery={},
        pickup={name: sign * amount for name, amount in shipment.amount.items()},
        release=0.0,
        **_lateness(step),
    )


def _lateness(end: Client | ShipmentStep) -> dict[str, float]:
    """Return from when service is late, and its price; nothing when it never is."""
    return {"due": end.due_time or 0.0, "cost_per_lateness": end.cost_per_lateness} if is_soft(end) else {}


def _depot(index: ProblemIndex, kind: StopKind, depot: str | None, shift: Sequence[float] | None) -> Visit:
    """Return a visit to a depot, or to nowhere for the open end of a route."""
    windows = [] if shift is None else [shift]
    location = None
    if depot is not None:
        own = index.problem.depots[index.depot[depot]].time_window
        location = index.depot_location(depot)
        if own is not None:
            windows = [own] if shift is None else [[max(own[0], shift[0]), min(own[1], shift[1])]]
    return Visit(kind=kind, id=depot, location=location, service=0.0, windows=windows, delivery={}, pickup={}, release=0.0)
