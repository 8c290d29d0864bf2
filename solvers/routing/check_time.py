"""Checks of when things happen. Violations are in seconds."""

from models.routing import Route, RoutingSolution, Stop
from solvers.routing.check_breaks import driving, legs
from solvers.routing.check_request import Request


def window_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any service starts outside all of its time windows."""
    worst = 0.0
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind in ("client", "pickup", "delivery"):
                windows = request.windows(stop)
                misses = [max(early - stop.start_service, stop.start_service - late, 0.0) for early, late in windows]
                worst = max(worst, min(misses, default=0.0))
    return worst


def shift_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any route leaves or returns outside shift or depot window, reloads outside it, or leaves too early."""
    worst = 0.0
    for route in plan.routes:
        vehicle_type = request.vehicle_types[route.vehicle_type]
        shift = vehicle_type.shift
        for stop in route.stops:
            if stop.kind not in ("start", "reload", "end"):
                continue
            moment = stop.start_service if stop.kind == "end" else stop.departure
            if shift is not None:
                # Overtime is for reaching a depot, not for leaving the first one.
                extra = 0.0 if stop.kind == "start" else vehicle_type.max_overtime
                worst = max(worst, shift[0] - moment, moment - shift[1] - extra)
            window = None if stop.id is None else request.depots[stop.id].time_window
            if window is not None:
                worst = max(worst, window[0] - moment, moment - window[1])
        worst = max(worst, _released_too_late(request, route))
    return worst


def schedule_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any arrival, start of service, wait or departure differs from what the stops before it imply."""
    worst = 0.0
    for route in plan.routes:
        vehicle_type = request.vehicle_types[route.vehicle_type]
        for stop in route.stops:
            worst = max(worst, stop.arrival - stop.start_service, abs(stop.start_service - stop.arrival - stop.wait))
        start = route.stops[0]
        worst = max(worst, abs(start.departure - start.start_service))
        for leg in legs(route):
            before, after, _ = leg
            spent = request.spent(after, arrived_from=before.location)
            worst = max(worst, abs(after.departure - after.start_service - spent))
            reported = driving(leg)
            travel = request.duration(vehicle_type, tail=before.location, head=after.location, near=reported)
            worst = max(worst, abs(reported - travel))
    return worst


def _released_too_late(request: Request, route: Route) -> float:
    """Return by how much the vehicle leaves a depot before all goods that it loads there are ready."""
    worst = 0.0
    depot: Stop = route.stops[0]
    for stop in route.stops:
        if stop.kind == "reload":
            depot = stop
        elif stop.kind == "client":
            worst = max(worst, request.clients[str(stop.id)].release_time - depot.departure)
    return worst
