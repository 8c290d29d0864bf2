"""Between the engine's solutions and routes in terms of the request."""

from collections.abc import Sequence

import pyvrp

from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.pyvrp_data import EngineData


def engine_solution(engine: EngineData, routes: Sequence[PlannedRoute]) -> pyvrp.Solution:
    """Return planned routes as a solution of the engine."""
    clients: dict[tuple[int, int | None], int] = {}
    for i, (position, window) in enumerate(engine.clients):
        clients[position, window] = i
        clients.setdefault((position, None), i)
    shipments = {position: i for i, position in enumerate(engine.shipments)}
    kinds = pyvrp.ActivityType

    def activity(stop: PlannedStop) -> pyvrp.Activity:
        if stop.kind == "client":
            return pyvrp.Activity(kinds.CLIENT, clients[stop.position, stop.window])
        if stop.kind == "reload":
            return pyvrp.Activity(kinds.DEPOT, stop.position)
        return pyvrp.Activity(kinds.PICKUP if stop.kind == "pickup" else kinds.DELIVERY, shipments[stop.position])

    return pyvrp.Solution(
        engine.data,
        [
            pyvrp.Route(engine.data, [activity(stop) for stop in route.stops], engine.vehicle_types.index(route.vehicle_type))
            for route in routes
        ],
    )


def planned_routes(engine: EngineData, solution: pyvrp.Solution) -> list[PlannedRoute]:
    """Return the engine's routes in terms of the request; routes without orders are dropped."""
    routes = []
    for route in solution.routes():
        stops = [_stop(engine, activity) for activity in route.schedule()[1:-1]]
        if any(stop.kind != "reload" for stop in stops):
            routes.append(PlannedRoute(vehicle_type=engine.vehicle_types[route.vehicle_type()], stops=tuple(stops)))
    return routes


def _stop(engine: EngineData, activity: pyvrp.ScheduledActivity) -> PlannedStop:
    if activity.is_client():
        position, window = engine.clients[activity.idx]
        return PlannedStop(kind="client", position=position, window=window)
    if activity.is_pickup():
        return PlannedStop(kind="pickup", position=engine.shipments[activity.idx])
    if activity.is_delivery():
        return PlannedStop(kind="delivery", position=engine.shipments[activity.idx])
    return PlannedStop(kind="reload", position=activity.idx)
