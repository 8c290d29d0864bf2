"""What each order costs where it stands: the saving when it is taken out and the rest of its route stays in order."""

import time
from collections.abc import Iterator

from models.routing import ClientCost, Route, RoutingProblem, RoutingSolution, Stop
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, indexed
from solvers.routing.schedule import scheduled


def marginal_costs(problem: RoutingProblem, plan: RoutingSolution, *, deadline: float) -> list[ClientCost] | None:
    """
    Return the saving from removing each served order, dearest first, or None when the deadline is too near.

    Each route is scheduled again without the order, so that distance, duration and fixed cost are all counted; a route that
    serves nothing else saves its whole cost.

    Parameters
    ----------
    problem
        The request.
    plan
        A feasible plan for it.
    deadline
        Moment on the clock of `time.monotonic` after which nothing more is computed.
    """
    if not plan.routes:
        return []
    index = indexed(problem)
    costs: list[ClientCost] = []
    clients = {client.id: i for i, client in enumerate(problem.clients)}
    shipments = {shipment.id: i for i, shipment in enumerate(problem.shipments)}
    for route in plan.routes:
        for cost in _of_route(index, route, clients, shipments):
            if time.monotonic() > deadline:
                return None
            costs.append(cost)
    return sorted(costs, key=lambda cost: (-cost.saving_if_removed, cost.id))


def _of_route(index: ProblemIndex, route: Route, clients: dict[str, int], shipments: dict[str, int]) -> Iterator[ClientCost]:
    problem = index.problem
    vehicle_type = [v.id for v in problem.vehicle_types].index(route.vehicle_type)
    for stop in route.stops:
        if stop.kind not in ("client", "pickup") or stop.id is None:
            continue
        rest = tuple(
            _planned(index, other, clients, shipments)
            for other in route.stops[1:-1]
            if other.kind == "reload" or (other.kind != "break" and other.id != stop.id)
        )
        shorter = None
        if any(other.kind != "reload" for other in rest):
            shorter = scheduled(index, PlannedRoute(vehicle_type=vehicle_type, stops=rest), vehicle=route.vehicle)
            if shorter is None:
                continue
        family = "clients" if stop.kind == "client" else "shipments"
        position = clients[stop.id] if stop.kind == "client" else shipments[stop.id]
        yield ClientCost(
            id=stop.id,
            pointer=f"/{family}/{position}",
            vehicle_type=route.vehicle_type,
            vehicle=route.vehicle,
            saving_if_removed=route.cost - (shorter.cost if shorter else 0.0),
        )


def _planned(index: ProblemIndex, stop: Stop, clients: dict[str, int], shipments: dict[str, int]) -> PlannedStop:
    """Return a stop of the answer as a stop to be planned; its client may be served in any of its windows."""
    name = str(stop.id)
    if stop.kind == "client":
        return PlannedStop(kind="client", position=clients[name])
    if stop.kind == "pickup":
        return PlannedStop(kind="pickup", position=shipments[name])
    if stop.kind == "delivery":
        return PlannedStop(kind="delivery", position=shipments[name])
    return PlannedStop(kind="reload", position=index.depot[name])
