"""Conditions that given routes break together: unknown, repeated and missing names, and more routes than vehicles."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from models.routing import RoutingProblem, Violation
from models.routing.evaluation import ViolationCode
from solvers.routing.evaluation.given_plan import GivenPlan, NameKind, ReadRoute

KINDS: dict[NameKind, tuple[ViolationCode, str, str]] = {
    "client": ("UNKNOWN_CLIENT", "client", "clients"),
    "pickup": ("UNKNOWN_SHIPMENT", "shipment", "shipments"),
    "delivery": ("UNKNOWN_SHIPMENT", "shipment", "shipments"),
    "reload": ("UNKNOWN_DEPOT", "depot", "depots"),
}

MOST_HINTS = 20
"""Unknown names for which a similar one is looked for."""

MOST_CANDIDATES = 2_000
"""Names among which a similar one is looked for."""


def unknown_stops(problem: RoutingProblem, plan: GivenPlan) -> Iterator[Violation]:
    """Yield the stops whose names are not in the request."""
    for i, stop in enumerate(plan.unknown):
        code, what, family = KINDS[stop.kind]
        similar: list[str] = []
        if i < MOST_HINTS:
            names = [thing.id for thing in getattr(problem, family)[:MOST_CANDIDATES]]
            similar = get_close_matches(stop.name, names, n=1)
        hint = f' Did you mean "{similar[0]}"?' if similar else ""
        message = f"No {what} has the id {stop.name}; the stop is left out.{hint}"
        yield _counted(code, stop.pointer, stop.name, message)


def repeated_stops(problem: RoutingProblem, plan: GivenPlan) -> Iterator[Violation]:
    """Yield every visit of a client, or of one end of a shipment, after the first one."""
    first: dict[tuple[str, int], str] = {}
    for route in plan.routes:
        for stop, place in zip(route.planned.stops, route.places, strict=True):
            if stop.kind == "reload":
                continue
            pointer = f"{route.pointer}/stops/{place}"
            key = (stop.kind, stop.position)
            if key not in first:
                first[key] = pointer
                continue
            name = (problem.clients if stop.kind == "client" else problem.shipments)[stop.position].id
            message = f"{name} is visited a second time; the first visit stands at {first[key]}."
            yield _counted("DUPLICATE_STOP", pointer, name, message)


def missing_orders(problem: RoutingProblem, plan: GivenPlan) -> Iterator[Violation]:
    """Yield the required clients and shipments that no route visits."""
    visited = {(stop.kind == "client", stop.position) for route in plan.routes for stop in route.planned.stops}
    grouped = {client.group for i, client in enumerate(problem.clients) if (True, i) in visited and client.group is not None}
    for i, client in enumerate(problem.clients):
        if client.required and (True, i) not in visited and client.group not in grouped:
            yield _counted("MISSING_CLIENT", f"/clients/{i}", client.id, f"No route serves the required client {client.id}.")
    ends = {stop.position for route in plan.routes for stop in route.planned.stops if stop.kind in ("pickup", "delivery")}
    for i, shipment in enumerate(problem.shipments):
        if shipment.required and i not in ends:
            message = f"No route serves the required shipment {shipment.id}."
            yield _counted("MISSING_SHIPMENT", f"/shipments/{i}", shipment.id, message)


def excess_vehicle(problem: RoutingProblem, route: ReadRoute, *, vehicle: int) -> Iterator[Violation]:
    """Yield a violation when a route is driven by a vehicle that its type does not have."""
    vehicle_type = problem.vehicle_types[route.planned.vehicle_type]
    if vehicle > vehicle_type.count:
        message = f"This is route {vehicle} of vehicle type {vehicle_type.id}, of which there are {vehicle_type.count}."
        found = _counted("TOO_MANY_VEHICLES", f"{route.pointer}/vehicle_type", vehicle_type.id, message, unit="vehicles")
        yield found.model_copy(update={"limit": float(vehicle_type.count)})


def numbered(plan: GivenPlan) -> list[int]:
    """Return the number of the vehicle within its type for every route that is driven, from 1."""
    used: Counter[int] = Counter()
    numbers = []
    for route in plan.driven:
        used[route.planned.vehicle_type] += 1
        numbers.append(used[route.planned.vehicle_type])
    return numbers


def _counted(code: ViolationCode, pointer: str, name: str, message: str, *, unit: str = "stops") -> Violation:
    return Violation(code=code, pointer=pointer, id=name, dimension=None, amount=1.0, limit=None, unit=unit, message=message)
