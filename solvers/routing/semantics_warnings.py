"""What looks wrong in a valid routing request without stopping it."""

from collections.abc import Iterator
from itertools import islice
from statistics import median

from models.routing import RoutingProblem
from models.run import RunWarning
from solvers.routing.semantics_travel import timed

MAX_WARNINGS = 20
"""Most warnings of one kind."""

ONE_THREAD = ("dynamic_programming", "guided_local_search")
"""Solvers that have no use for a second thread."""

FAR = 10.0
"""Degrees from the middle of all locations beyond which swapping is considered."""


def content_warnings(problem: RoutingProblem) -> Iterator[RunWarning]:
    """
    Yield warnings about what has no effect.

    An empty fleet, empty orders, threads, prizes, diagonals that are ignored, and loads that no capacity limits.
    """
    if not any(vehicle_type.count for vehicle_type in problem.vehicle_types):
        yield _warning("NO_VEHICLES", "/vehicle_types", "The fleet has no vehicle: everything stays unassigned.")
    if not problem.clients and not problem.shipments:
        yield _warning("NO_ORDERS", "/clients", "There is nothing to serve: the plan is empty.")
    if (problem.options.threads or 1) > 1 and problem.options.solver in ONE_THREAD:
        yield _warning("ONE_THREAD_USED", "/options/threads", "This search of routes runs on one thread; the others stay free.")
    for name in ("clients", "shipments"):
        priced = [i for i, order in enumerate(getattr(problem, name)) if order.required and order.prize]
        for i in priced[:MAX_WARNINGS]:
            message = "A prize has no effect on a required order; set required to false to let it decide."
            yield _warning("PRIZE_WITHOUT_EFFECT", f"/{name}/{i}/prize", message)
    yield from islice(_travel_warnings(problem), MAX_WARNINGS)
    yield from islice(_capacity_warnings(problem), MAX_WARNINGS)


def coordinate_warnings(problem: RoutingProblem) -> Iterator[RunWarning]:
    """Yield warnings about latitude and longitude that look swapped, or that are both 0."""
    if problem.travel.metric != "haversine" or not problem.locations:
        return
    places = [(location.lat or 0.0, location.lon or 0.0) for location in problem.locations]
    null_island = [i for i, place in enumerate(places) if place == (0.0, 0.0)]
    for i in null_island[:MAX_WARNINGS]:
        message = "lat and lon are both 0, a point in the Atlantic; was the address found?"
        yield _warning("COORDINATES_AT_NULL_ISLAND", f"/locations/{i}", message)
    north, east = median(lat for lat, _ in places), median(lon for _, lon in places)
    swapped = [
        i
        for i, (lat, lon) in enumerate(places)
        if abs(lat - north) + abs(lon - east) > FAR and abs(lon - north) + abs(lat - east) < FAR / 2
    ]
    for i in swapped[:MAX_WARNINGS]:
        message = "With lat and lon exchanged this location would lie among the others; check their order."
        yield _warning("COORDINATES_LOOK_SWAPPED", f"/locations/{i}", message)


def _travel_warnings(problem: RoutingProblem) -> Iterator[RunWarning]:
    is_timed = timed(problem)
    for name, profile in problem.travel.profiles.items():
        pointer = f"/travel/profiles/{_escaped(name)}"
        if problem.travel.metric == "haversine" and profile.speed is None and profile.durations is None:
            yield _warning("SPEED_NOT_GIVEN", pointer, "No speed is given: times in the answer are for 1 metre per second.")
        if problem.travel.metric == "matrix" and is_timed and profile.speed is None and profile.durations is None:
            yield _warning(
                "DURATIONS_FROM_DISTANCES", pointer, "Neither durations nor speed are given: durations equal distances."
            )
        for field, matrix in (("distances", profile.distances), ("durations", profile.durations)):
            if matrix is not None and any(row[i] for i, row in enumerate(matrix) if i < len(row)):
                message = "The diagonal is not 0; it is taken as 0, since staying at a location is no travel."
                yield _warning("DIAGONAL_NOT_ZERO", f"{pointer}/{field}", message)


def _capacity_warnings(problem: RoutingProblem) -> Iterator[RunWarning]:
    """Yield the first use of each dimension that no vehicle type limits; a fleet without any capacity is meant to be so."""
    limited = {name for vehicle_type in problem.vehicle_types for name in vehicle_type.capacity}
    if not limited:
        return
    first: dict[str, str] = {}
    for pointer, load in _loads(problem):
        for name, amount in load.items():
            if amount > 0 and name not in limited:
                first.setdefault(name, f"{pointer}/{_escaped(name)}")
    for pointer in first.values():
        message = "No vehicle type has a capacity in this dimension, so nothing limits it; add one or correct the name."
        yield _warning("LOAD_WITHOUT_CAPACITY", pointer, message)


def _loads(problem: RoutingProblem) -> Iterator[tuple[str, dict[str, float]]]:
    for i, client in enumerate(problem.clients):
        yield f"/clients/{i}/delivery", client.delivery
        yield f"/clients/{i}/pickup", client.pickup
    for i, shipment in enumerate(problem.shipments):
        yield f"/shipments/{i}/amount", shipment.amount


def _escaped(name: str) -> str:
    """Return a name as part of a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _warning(code: str, pointer: str, message: str) -> RunWarning:
    return RunWarning(code=code, pointer=pointer, message=message)
