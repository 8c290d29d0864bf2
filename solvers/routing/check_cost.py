"""Checks of lengths, durations and money."""

import math

from models.routing import Client, Route, RoutingSolution, Shipment
from models.run import Objective
from solvers.base import Outcome
from solvers.routing.check_breaks import legs
from solvers.routing.check_request import Request

SERVED = ("client", "pickup", "delivery")


def distance_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any reported distance is wrong, or any route is longer than its vehicle may drive."""
    worst = abs(plan.distance - math.fsum(route.distance for route in plan.routes))
    for route in plan.routes:
        vehicle_type = request.vehicle_types[route.vehicle_type]
        way = abs(route.stops[0].distance)
        worst = max(worst, way)
        for before, after, pauses in legs(route):
            reported = after.distance - before.distance
            way += request.distance(vehicle_type, tail=before.location, head=after.location, near=reported)
            worst = max(worst, abs(after.distance - way), *(before.distance - stop.distance for stop in pauses))
            worst = max(worst, *(stop.distance - after.distance for stop in pauses), 0.0)
        worst = max(worst, abs(route.distance - way))
        if vehicle_type.max_distance is not None:
            worst = max(worst, way - vehicle_type.max_distance)
    return worst


def duration_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any reported duration is wrong, or any route lasts longer than its vehicle may be away."""
    worst = abs(plan.duration - math.fsum(route.duration for route in plan.routes))
    for route in plan.routes:
        away = _away(route)
        worst = max(worst, abs(route.duration - away))
        vehicle_type = request.vehicle_types[route.vehicle_type]
        if vehicle_type.max_duration is not None:
            worst = max(worst, away - vehicle_type.max_duration - vehicle_type.max_overtime)
    return worst


def objective_violation(request: Request, outcome: Outcome[RoutingSolution], plan: RoutingSolution) -> float:
    """Return by how much any reported amount of money is wrong, or the bound exceeds the value."""
    expected: dict[str, float] = {}
    worst = 0.0
    for route in plan.routes:
        own = _route_terms(request, route)
        worst = max(worst, _difference(own, {term.name: term.value for term in route.terms}))
        worst = max(worst, abs(route.cost - math.fsum(own.values())))
        for name, value in own.items():
            expected[name] = expected.get(name, 0.0) + value
    worst = max(worst, abs(plan.cost - math.fsum(expected.values())))
    expected["balance"] = _balance(request, plan)
    expected["uncollected_prizes"] = _uncollected(request, plan)
    return worst if outcome.objective is None else max(worst, _objective(outcome.objective, expected))


def _objective(objective: Objective, expected: dict[str, float]) -> float:
    value = objective.value if objective.value is not None else math.nan
    total = math.fsum(expected.values())
    worst = max(_difference(expected, {term.name: term.value for term in objective.terms}), abs(value - total))
    return worst if objective.bound is None else max(worst, objective.bound - total)


def _route_terms(request: Request, route: Route) -> dict[str, float]:
    vehicle_type = request.vehicle_types[route.vehicle_type]
    return {
        "travel": vehicle_type.cost_per_distance * route.stops[-1].distance,
        "fixed": vehicle_type.fixed_cost,
        "duration": vehicle_type.cost_per_duration * _away(route),
        "waiting": vehicle_type.cost_per_waiting * math.fsum(stop.wait for stop in route.stops),
        "overtime": vehicle_type.cost_per_overtime * request.overtime(route),
        "lateness": request.lateness_cost(route),
    }


def _balance(request: Request, plan: RoutingSolution) -> float:
    """Return the price of unequal routes."""
    wanted = request.problem.objective.balance
    if wanted is None or not plan.routes:
        return 0.0
    values = [_measure(route, wanted.measure) for route in plan.routes]
    return wanted.weight * (max(values) if wanted.kind == "max" else max(values) - min(values))


def _measure(route: Route, name: str) -> float:
    if name == "distance":
        return route.stops[-1].distance
    return _away(route) if name == "duration" else float(sum(stop.kind in SERVED for stop in route.stops))


def _uncollected(request: Request, plan: RoutingSolution) -> float:
    served = {stop.id for route in plan.routes for stop in route.stops if stop.kind in ("client", "pickup")}
    orders: list[Client | Shipment] = [*request.problem.clients, *request.problem.shipments]
    optional = [order for order in orders if not order.required]
    alone = [order for order in optional if isinstance(order, Shipment) or order.group is None]
    groups: dict[str, list[Client]] = {}
    for client in request.problem.clients:
        if not client.required and client.group is not None:
            groups.setdefault(client.group, []).append(client)
    # Of a group at most one prize can be collected: what is missed is the difference to the largest one.
    missed = [
        max(client.prize for client in group) - max((client.prize for client in group if client.id in served), default=0.0)
        for group in groups.values()
    ]
    return math.fsum([*(order.prize for order in alone if order.id not in served), *missed])


def _away(route: Route) -> float:
    return route.stops[-1].start_service - route.stops[0].departure


def _difference(expected: dict[str, float], reported: dict[str, float]) -> float:
    return max(abs(expected.get(name, 0.0) - reported.get(name, 0.0)) for name in {*expected, *reported})
