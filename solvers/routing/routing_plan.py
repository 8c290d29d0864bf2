"""From routes as orders of stops to the answer: schedules, cost split, and what is left out."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from models.routing import Client, Route, RoutingProblem, RoutingSolution, Shipment, Unassigned, UnassignedReason
from models.run import Objective, ObjectiveTerm, Termination
from solvers.base import Outcome, relative_gap
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.reach import reach_warnings, snapped_locations
from solvers.routing.schedule import scheduled

UNIT = "cost"


def plan_of(index: ProblemIndex, planned: Sequence[PlannedRoute], impossible: Mapping[str, Unassigned]) -> RoutingSolution:
    """
    Return the answer for planned routes.

    Parameters
    ----------
    index
        The problem and its travel matrices.
    planned
        Routes that serve each order at most once.
    impossible
        Orders that no vehicle can serve, with reasons; none of them is in `planned`.
    """
    used: Counter[int] = Counter()
    routes: list[Route] = []
    for plan in planned:
        route = scheduled(index, plan, vehicle=used[plan.vehicle_type] + 1)
        if route is not None:
            used[plan.vehicle_type] += 1
            routes.append(route)
    served = {stop.id for route in routes for stop in route.stops if stop.kind in ("client", "pickup")}
    return _solution(index, routes, _left_out(index.problem, served, impossible))


def trivial_plan(index: ProblemIndex, impossible: Mapping[str, Unassigned]) -> Outcome[RoutingSolution]:
    """Return the outcome of a problem in which nothing can be served: no vehicles, no orders, or only impossible orders."""
    problem = index.problem
    no_vehicle = UnassignedReason(
        code="NO_VEHICLE",
        certainty="proven",
        message="The fleet has no vehicle; give a vehicle type a count above 0.",
        shortfall=1.0,
        unit="vehicles",
    )
    orders = orders_of(problem)
    unassigned = [impossible.get(order.id) or Unassigned(id=order.id, reasons=[no_vehicle]) for order in orders]
    solution = _solution(index, [], unassigned)
    objective = objective_of(problem, solution, bound=math.fsum(order.prize for order in orders if not order.required))
    detail = "There is nothing to serve." if not orders else "No vehicle can serve any of the orders; the empty plan is best."
    return Outcome(
        status="succeeded",
        termination=Termination(reason="optimal", limit="none", detail=detail),
        objective=objective,
        solution=solution,
        iterations=0,
        warnings=reach_warnings(index, impossible),
    )


def objective_of(problem: RoutingProblem, solution: RoutingSolution, *, bound: float | None = None) -> Objective:
    """Return value, cost split and bound of a plan; required orders that are left out are not priced."""
    prizes = {order.id: order.prize for order in orders_of(problem) if not order.required}
    uncollected = math.fsum(prizes.get(left_out.id, 0.0) for left_out in solution.unassigned)
    terms = [
        *(ObjectiveTerm(name=name, value=_total(solution.routes, name)) for name in ("travel", "fixed", "duration")),
        ObjectiveTerm(name="uncollected_prizes", value=uncollected),
    ]
    value = math.fsum(term.value for term in terms)
    return Objective(value=value, bound=bound, relative_gap=relative_gap(value, bound), unit=UNIT, terms=terms)


def _total(routes: Sequence[Route], name: str) -> float:
    return math.fsum(term.value for route in routes for term in route.terms if term.name == name)


def _solution(index: ProblemIndex, routes: list[Route], unassigned: list[Unassigned]) -> RoutingSolution:
    return RoutingSolution.model_construct(
        routes=routes,
        unassigned=unassigned,
        snapped=snapped_locations(index),
        distance=math.fsum(route.distance for route in routes),
        duration=math.fsum(route.duration for route in routes),
        cost=math.fsum(route.cost for route in routes),
        current=None,
    )


def _left_out(problem: RoutingProblem, served: set[str | None], impossible: Mapping[str, Unassigned]) -> list[Unassigned]:
    """Return every order that is not served, in order of the request."""
    orders = orders_of(problem)
    return [impossible.get(order.id) or _by_search(order) for order in orders if order.id not in served]


def _by_search(order: Client | Shipment) -> Unassigned:
    if order.required:
        reason = UnassignedReason(
            code="NOT_ASSIGNED_BY_SEARCH",
            certainty="search",
            message="It fits a vehicle on its own, but the search found no plan that serves it beside the others; "
            "more vehicles, wider windows or a longer search may help.",
            shortfall=None,
            unit=None,
        )
    else:
        reason = UnassignedReason(
            code="PRIZE_BELOW_COST",
            certainty="search",
            message=f"The search found no plan in which serving it costs less than its prize of {order.prize:g}.",
            shortfall=None,
            unit=None,
        )
    return Unassigned(id=order.id, reasons=[reason])
