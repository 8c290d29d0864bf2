"""What a planned route costs, or that it breaks a condition: in the caller's own numbers."""

from models.routing import Client, Shipment, VehicleType
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.schedule import arcs_of, closed_legs, loads_of, terms_of, timing_of, visits_of
from solvers.routing.visit import Visit

SLACK = 1e-9
"""Relative room for rounding of sums in limits."""


def cost_of(index: ProblemIndex, route: PlannedRoute) -> float | None:
    """Return the cost of a route, 0 when it serves nothing, or None when it is not feasible."""
    if all(stop.kind == "reload" for stop in route.stops):
        return 0.0
    vehicle_type = index.problem.vehicle_types[route.vehicle_type]
    if not _names_fit(index, route, vehicle_type):
        return None
    visits = visits_of(index, route)
    if closed_legs(index, vehicle_type, visits):
        return None
    distances, durations = arcs_of(index, vehicle_type, visits)
    distance = sum(distances)
    if not _within(distance, vehicle_type.max_distance) or not _loads_fit(index, vehicle_type, visits):
        return None
    timing = timing_of(vehicle_type, visits, durations, rich=index.rich)
    if timing is None:
        return None
    duration = timing.starts[-1] - timing.departure
    limit = vehicle_type.max_duration
    if not _within(duration, None if limit is None else limit + vehicle_type.max_overtime):
        return None
    return sum(term.value for term in terms_of(vehicle_type, distance=distance, duration=duration, timing=timing))


def order_of(index: ProblemIndex, stop: PlannedStop) -> Client | Shipment:
    """Return the client or shipment of a stop."""
    return index.problem.clients[stop.position] if stop.kind == "client" else index.problem.shipments[stop.position]


def _names_fit(index: ProblemIndex, route: PlannedRoute, vehicle_type: VehicleType) -> bool:
    orders = [order_of(index, stop) for stop in route.stops if stop.kind != "reload"]
    reloads = len(route.stops) - len(orders)
    return (
        all(may_serve(vehicle_type, order) for order in orders)
        and (vehicle_type.max_stops is None or len(orders) <= vehicle_type.max_stops)
        and (vehicle_type.max_reloads is None or reloads <= vehicle_type.max_reloads)
        and _in_order(route)
    )


def _in_order(route: PlannedRoute) -> bool:
    """Tell whether every delivery follows its pickup on the same trip."""
    on_board: set[int] = set()
    for stop in route.stops:
        if stop.kind == "pickup":
            on_board.add(stop.position)
        elif stop.kind == "delivery":
            if stop.position not in on_board:
                return False
            on_board.remove(stop.position)
        elif stop.kind == "reload" and on_board:
            return False
    return True


def _loads_fit(index: ProblemIndex, vehicle_type: VehicleType, visits: list[Visit]) -> bool:
    limited = [name for name in index.dimensions if name in vehicle_type.capacity]
    loads = loads_of(limited, visits)
    return all(_within(load[name], vehicle_type.capacity[name]) for load in loads for name in limited)


def _within(value: float, limit: float | None) -> bool:
    return limit is None or value <= limit + SLACK * max(1.0, limit)
