"""Checks of groups, relations and locks. Violations are counts."""

from collections import Counter
from collections.abc import Mapping

from models.routing import Lock, Relation, Route, RoutingSolution
from solvers.routing.check_request import Request

SERVED = ("client", "pickup", "delivery")


def group_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many clients too many are served of all groups."""
    served = {stop.id for route in plan.routes for stop in route.stops if stop.kind == "client"}
    groups = Counter(client.group for client in request.clients.values() if client.group is not None and client.id in served)
    return float(sum(number - 1 for number in groups.values()))


def relation_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many relations are not kept by the orders that are served."""
    route_of = {stop.id: i for i, route in enumerate(plan.routes) for stop in route.stops if stop.kind in SERVED}
    return float(sum(not _kept(request, plan, relation, route_of) for relation in request.problem.relations))


def lock_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many locked orders are on another vehicle, and how many locked prefixes are not where routes begin."""
    wrong = 0
    vehicle_of = {
        stop.id: (route.vehicle_type, route.vehicle) for route in plan.routes for stop in route.stops if stop.kind in SERVED
    }
    for lock in request.problem.locks:
        names = {*lock.orders, *(_order(request, reference) for reference in lock.prefix)}
        own = (lock.vehicle_type, lock.vehicle)
        wrong += sum(vehicle_of.get(name, own) != own for name in names)
        wrong += sum(not _begins(route, lock) for route in plan.routes if (route.vehicle_type, route.vehicle) == own)
    return float(wrong)


def _kept(request: Request, plan: RoutingSolution, relation: Relation, route_of: Mapping[str | None, int]) -> bool:
    names = list(dict.fromkeys(_order(request, reference) for reference in relation.orders))
    routes = [route_of[name] for name in names if name in route_of]
    if relation.kind == "different_vehicles":
        return len(set(routes)) == len(routes)
    if len(set(routes)) > 1:
        return False
    if relation.kind == "same_vehicle" or not routes:
        return True
    return _in_order(plan.routes[routes[0]], relation)


def _in_order(route: Route, relation: Relation) -> bool:
    """Tell whether the stops of a sequence that are on a route follow one another, directly where that is asked for."""
    names = _inner(route)
    wanted = [reference for reference in relation.orders if reference in names]
    places = [names.index(reference) for reference in wanted]
    if places != sorted(places):
        return False
    return relation.kind == "sequence" or not places or places == list(range(places[0], places[0] + len(places)))


def _begins(route: Route, lock: Lock) -> bool:
    """Tell whether a route begins with those stops of the prefix that are served, with nothing before them."""
    inner = _inner(route)
    prefix = [reference for reference in lock.prefix if reference in inner]
    return all(reference == name for reference, name in zip(prefix, inner, strict=False))


def _inner(route: Route) -> list[str]:
    """Return the stops between start and end as a request names them, without breaks."""
    inner = [stop for stop in route.stops[1:-1] if stop.kind != "break"]
    return [str(stop.id) if stop.kind == "client" else f"{stop.kind}:{stop.id}" for stop in inner]


def _order(request: Request, reference: str) -> str:
    """Return the id of the client or shipment that a reference names."""
    known = reference in request.clients or reference in request.shipments
    return reference if known else reference.partition(":")[2]
