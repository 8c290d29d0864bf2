"""The routes of an answer as orders of stops again."""

from models.routing import RoutingSolution
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex


def standing_routes(index: ProblemIndex, plan: RoutingSolution) -> list[PlannedRoute]:
    """Return the routes of a plan, in its order; clients may be served in any of their windows."""
    types = {vehicle_type.id: i for i, vehicle_type in enumerate(index.problem.vehicle_types)}
    clients = {client.id: i for i, client in enumerate(index.problem.clients)}
    shipments = {shipment.id: i for i, shipment in enumerate(index.problem.shipments)}
    positions = {"client": clients, "pickup": shipments, "delivery": shipments, "reload": index.depot}
    found = []
    for route in plan.routes:
        stops = tuple(
            PlannedStop(kind=stop.kind, position=positions[stop.kind][str(stop.id)])
            for stop in route.stops
            if stop.kind == "client" or stop.kind == "pickup" or stop.kind == "delivery" or stop.kind == "reload"
        )
        found.append(PlannedRoute(vehicle_type=types[route.vehicle_type], stops=stops))
    return found
