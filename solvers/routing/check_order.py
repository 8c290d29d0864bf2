"""Checks of who serves whom: coverage, fleet, precedence and skills. Violations are counts."""

from collections import Counter

from models.routing import Route, RoutingSolution, Stop
from solvers.routing.check_request import Request


def coverage_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many orders are neither served exactly once nor listed as unassigned exactly once, or do not exist."""
    visits: Counter[tuple[str, str | None]] = Counter()
    for route in plan.routes:
        visits.update((stop.kind, stop.id) for stop in route.stops if stop.kind in ("client", "pickup", "delivery"))
    listed = Counter(left_out.id for left_out in plan.unassigned)
    wrong = sum(1 for name in request.clients if visits[("client", name)] + listed[name] != 1)
    for name in request.shipments:
        wrong += any(visits[(kind, name)] + listed[name] != 1 for kind in ("pickup", "delivery"))
    known = {("client", name) for name in request.clients}
    known |= {(kind, name) for name in request.shipments for kind in ("pickup", "delivery")}
    wrong += sum(1 for visit in visits if visit not in known)
    wrong += sum(1 for name in listed if name not in request.clients and name not in request.shipments)
    return float(wrong)


def fleet_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many routes have no vehicle of their own, or do not start, reload and end where their vehicle type does."""
    used: set[tuple[str, int]] = set()
    wrong = 0
    for route in plan.routes:
        vehicle = (route.vehicle_type, route.vehicle)
        vehicle_type = request.vehicle_types.get(route.vehicle_type)
        if (
            vehicle_type is None
            or vehicle in used
            or not 1 <= route.vehicle <= vehicle_type.count
            or not _ends_fit(request, route)
        ):
            wrong += 1
        used.add(vehicle)
    return float(wrong)


def precedence_violation(plan: RoutingSolution) -> float:
    """Return how many shipments are not delivered after their pickup on the same route and trip."""
    wrong = 0
    for route in plan.routes:
        on_board: set[str | None] = set()
        for stop in route.stops:
            if stop.kind == "pickup":
                on_board.add(stop.id)
            elif stop.kind == "delivery":
                wrong += stop.id not in on_board
                on_board.discard(stop.id)
            elif stop.kind in ("reload", "end"):
                wrong += len(on_board)
                on_board.clear()
    return float(wrong)


def skills_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many stops are served by a vehicle type that lacks a skill or is not allowed, or exceed max_stops."""
    wrong = 0
    for route in plan.routes:
        vehicle_type = request.vehicle_types[route.vehicle_type]
        served = [stop for stop in route.stops if stop.kind in ("client", "pickup", "delivery")]
        for stop in served:
            order = request.clients[str(stop.id)] if stop.kind == "client" else request.shipments[str(stop.id)]
            lacking = [skill for skill in order.skills if skill not in vehicle_type.skills]
            allowed = order.allowed_vehicle_types
            wrong += bool(lacking) or (allowed is not None and vehicle_type.id not in allowed)
        if vehicle_type.max_stops is not None:
            wrong += max(0, len(served) - vehicle_type.max_stops)
    return float(wrong)


def _ends_fit(request: Request, route: Route) -> bool:
    """Tell whether a route starts and ends at its depots, reloads where and as often as it may, and every stop is in place."""
    vehicle_type = request.vehicle_types[route.vehicle_type]
    if len(route.stops) < 2 or [stop.kind for stop in route.stops].count("start") != 1:
        return False
    first, last = route.stops[0], route.stops[-1]
    reloads = [stop for stop in route.stops if stop.kind == "reload"]
    few = vehicle_type.max_reloads is None or len(reloads) <= vehicle_type.max_reloads
    return (
        (first.kind, first.id) == ("start", vehicle_type.start_depot)
        and (last.kind, last.id) == ("end", vehicle_type.end_depot)
        and [stop.kind for stop in route.stops].count("end") == 1
        and few
        and all(stop.id in vehicle_type.reload_depots for stop in reloads)
        and all(_in_place(request, stop) for stop in route.stops)
    )


def _in_place(request: Request, stop: Stop) -> bool:
    if stop.kind == "break":
        return True  # a matter of `check_breaks`
    if stop.id is not None and stop.id not in request.names(stop.kind):
        return True  # counted by coverage, or by the comparison with the vehicle type's depots
    return stop.location == request.place(stop)
