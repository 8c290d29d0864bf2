"""Checks of lengths, durations and money."""

import math
from itertools import pairwise

from models.routing import Client, Route, RoutingSolution, Shipment
from models.run import Objective
from solvers.base import Outcome
from solvers.routing.check_request import Request


def distance_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any reported distance is wrong, or any route is longer than its vehicle may drive."""
    worst = abs(plan.distance - math.fsum(route.distance for route in plan.routes))
    for route in plan.routes:
        vehicle_type = request.vehicle_types[route.vehicle_type]
        way = abs(route.stops[0].distance)
        worst = max(worst, way)
        for before, after in pairwise(route.stops):
            reported = after.distance - before.distance
            way += request.distance(vehicle_type, tail=before.location, head=after.location, near=reported)
            worst = max(worst, abs(after.distance - way))
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
        limit = request.vehicle_types[route.vehicle_type].max_duration
        if limit is not None:
            worst = max(worst, away - limit)
    return worst


def objective_violation(request: Request, outcome: Outcome[RoutingSolution], plan: RoutingSolution) -> float:
    """Return by how much any reported amount of money is wrong, or the bound exceeds the value."""
    expected = {"travel": 0.0, "fixed": 0.0, "duration": 0.0}
    worst = 0.0
    for route in plan.routes:
        own = _route_terms(request, route)
        worst = max(worst, _difference(own, {term.name: term.value for term in route.terms}))
        worst = max(worst, abs(route.cost - math.fsum(own.values())))
        for name, value in own.items():
            expected[name] += value
    worst = max(worst, abs(plan.cost - math.fsum(expected.values())))
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
    }


def _uncollected(request: Request, plan: RoutingSolution) -> float:
    served = {stop.id for route in plan.routes for stop in route.stops if stop.kind in ("client", "pickup")}
    orders: list[Client | Shipment] = [*request.problem.clients, *request.problem.shipments]
    return math.fsum(order.prize for order in orders if not order.required and order.id not in served)


def _away(route: Route) -> float:
    return route.stops[-1].arrival - route.stops[0].departure


def _difference(expected: dict[str, float], reported: dict[str, float]) -> float:
    return max(abs(expected.get(name, 0.0) - reported.get(name, 0.0)) for name in {*expected, *reported})
