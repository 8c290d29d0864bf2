"""Independent check of suggestions: every route with its new order is judged as a plan is, and is the old one otherwise."""

import math
from collections.abc import Callable
from itertools import pairwise

from models.routing import GivenRoute, Insertion, Route, RoutingSolution, Suggestion, SuggestionProblem, SuggestionSolution
from models.run import Check
from solvers.base import Outcome
from solvers.routing.check_cost import distance_violation, duration_violation, objective_violation
from solvers.routing.check_load import capacity_violation, load_violation
from solvers.routing.check_order import fleet_violation, precedence_violation, skills_violation
from solvers.routing.check_reach import reach_violation
from solvers.routing.check_request import Request
from solvers.routing.check_time import schedule_violation, shift_violation, window_violation

TOLERANCE = 1e-6

FAR = 1e15
"""Farther than any distance."""

Family = Callable[[Request, RoutingSolution], float]

MEASURED: dict[str, Family] = {
    "capacity": capacity_violation,
    "time_windows": window_violation,
    "shift": shift_violation,
    "distance": distance_violation,
    "duration": duration_violation,
    "schedule": schedule_violation,
    "loads": load_violation,
}
COUNTED: dict[str, Family] = {
    "fleet": fleet_violation,
    "precedence": lambda request, plan: precedence_violation(plan),
    "reach": reach_violation,
    "skills": skills_violation,
}


def check_suggestion(problem: SuggestionProblem, outcome: Outcome[SuggestionSolution]) -> list[Check]:
    """
    Return every check of the suggested places, each with the largest violation in any of the routes that they make.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    """
    if outcome.solution is None:
        return []
    request = Request(problem.as_routing())
    given = {f"/routes/{i}": route for i, route in enumerate(problem.routes)}
    placed = [(suggestion, place) for suggestion in outcome.solution.suggestions for place in suggestion.insertions]
    changed = sum(not _is_the_old_route(request, given, suggestion, place) for suggestion, place in placed)
    names = Check(name="routes", max_violation=float(changed), tolerance=0.0)
    if changed:
        return [names]
    plans = [_plan(place.timetable) for _, place in placed]
    size = max([1.0, *(max(abs(plan.distance), abs(plan.duration), abs(plan.cost)) for plan in plans)])
    size = max([size, *(abs(stop.departure) for plan in plans for route in plan.routes for stop in route.stops)])
    measured = MEASURED | {
        "costs": lambda request, plan: objective_violation(
            request, Outcome(status="succeeded", termination=outcome.termination, objective=None, solution=plan), plan
        )
    }
    return [
        names,
        *(_check(name, family, request, plans, 0.0) for name, family in COUNTED.items()),
        *(_check(name, family, request, plans, TOLERANCE * size) for name, family in measured.items()),
        Check(
            name="deltas",
            max_violation=max((_delta_violation(request, given, place) for _, place in placed), default=0.0),
            tolerance=TOLERANCE * size,
        ),
    ]


def _check(name: str, family: Family, request: Request, plans: list[RoutingSolution], tolerance: float) -> Check:
    worst = max((family(request, plan) for plan in plans), default=0.0)
    return Check(name=name, max_violation=worst, tolerance=tolerance)


def _plan(route: Route) -> RoutingSolution:
    return RoutingSolution.model_construct(
        routes=[route],
        unassigned=[],
        snapped=None,
        distance=route.distance,
        duration=route.duration,
        cost=route.cost,
        current=None,
    )


def _is_the_old_route(request: Request, given: dict[str, GivenRoute], suggestion: Suggestion, place: Insertion) -> bool:
    """Tell whether a route is a given one, or a new one, with just the order added where it says, and timed in that order."""
    own = [suggestion.id] if suggestion.id in request.clients else [f"{end}:{suggestion.id}" for end in ("pickup", "delivery")]
    if [place.stops[i] for i in place.position if i < len(place.stops)] != own:
        return False
    rest = [name for i, name in enumerate(place.stops) if i not in place.position]
    old = [] if place.route is None else given[place.route].stops
    free = [name for name in rest if not name.startswith("reload:")]
    before = [name for name in old if not name.startswith("reload:")]
    timed = [stop.id if stop.kind == "client" else f"{stop.kind}:{stop.id}" for stop in place.timetable.stops[1:-1]]
    same_type = place.route is None or given[place.route].vehicle_type == place.timetable.vehicle_type
    return free == before and timed == place.stops and same_type


def _delta_violation(request: Request, given: dict[str, GivenRoute], place: Insertion) -> float:
    """Return by how much a difference to the route as it stands is wrong, as far as it follows from distances alone."""
    vehicle_type = request.vehicle_types[place.timetable.vehicle_type]
    old = place.timetable.distance - place.distance_delta
    low, high = (0.0, 0.0) if place.route is None else (_way(request, given[place.route], near) for near in (0.0, FAR))
    worst = max(low - old, old - high)
    others = [term.value for term in place.timetable.terms if term.name not in ("travel", "fixed")]
    if any(others) or vehicle_type.cost_per_duration:
        return worst
    cost = 0.0 if place.route is None else vehicle_type.fixed_cost + vehicle_type.cost_per_distance * old
    return max(worst, abs(place.timetable.cost - cost - place.cost_delta))


def _way(request: Request, route: GivenRoute, near: float) -> float:
    """Return the length of a given route all of whose names are known; roundings in doubt go towards `near`."""
    vehicle_type = request.vehicle_types[route.vehicle_type]
    start, end = (
        None if depot is None else request.depots[depot].location
        for depot in (vehicle_type.start_depot, vehicle_type.end_depot)
    )
    places = [start, *(_location(request, name) for name in route.stops), end]
    return math.fsum(request.distance(vehicle_type, tail=tail, head=head, near=near) for tail, head in pairwise(places))


def _location(request: Request, name: str) -> str:
    if name in request.clients:
        return request.clients[name].location
    kind, _, other = name.partition(":")
    if kind == "reload":
        return request.depots[other].location
    shipment = request.shipments[other]
    return (shipment.pickup if kind == "pickup" else shipment.delivery).location
