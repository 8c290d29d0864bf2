"""From routes as orders of stops to the answer: schedules, cost split, and what is left out."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from models.routing import Balance, Client, Route, RoutingProblem, RoutingSolution, Shipment, Unassigned, UnassignedReason
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
    # Vehicles that something is locked to keep their numbers; the others get those that are free.
    taken = {(plan.vehicle_type, plan.vehicle) for plan in planned if plan.vehicle is not None}
    taken |= {
        (kind, lock.vehicle)
        for lock in index.problem.locks
        for kind, vehicle_type in enumerate(index.problem.vehicle_types)
        if vehicle_type.id == lock.vehicle_type
    }
    used: Counter[int] = Counter()
    routes: list[Route] = []
    for plan in planned:
        number = plan.vehicle
        if number is None:
            number = used[plan.vehicle_type] + 1
            while (plan.vehicle_type, number) in taken:
                number += 1
        route = scheduled(index, plan, vehicle=number)
        if route is not None:
            if plan.vehicle is None:
                used[plan.vehicle_type] = number
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
    objective = objective_of(problem, solution, bound=uncollected_prizes(problem, unassigned))
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
    names = ["travel", "fixed", "duration"]
    names += [name for name in ("waiting", "overtime", "lateness") if _total(solution.routes, name)]
    terms = [ObjectiveTerm(name=name, value=_total(solution.routes, name)) for name in names]
    if problem.objective.balance is not None:
        terms.append(ObjectiveTerm(name="balance", value=balance_of(problem.objective.balance, solution.routes)))
    terms.append(ObjectiveTerm(name="uncollected_prizes", value=uncollected_prizes(problem, solution.unassigned)))
    value = math.fsum(term.value for term in terms)
    return Objective(value=value, bound=bound, relative_gap=relative_gap(value, bound), unit=UNIT, terms=terms)


def uncollected_prizes(problem: RoutingProblem, unassigned: Sequence[Unassigned]) -> float:
    """Return the prizes of optional orders left out; of a group only what the largest exceeds the one collected by."""
    left_out = {order.id for order in unassigned}
    missed = []
    groups: dict[str, list[Client]] = {}
    for order in orders_of(problem):
        if order.required:
            continue
        if isinstance(order, Client) and order.group is not None:
            groups.setdefault(order.group, []).append(order)
        elif order.id in left_out:
            missed.append(order.prize)
    for group in groups.values():
        served = [client.prize for client in group if client.id not in left_out]
        missed.append(max(client.prize for client in group) - max(served, default=0.0))
    return math.fsum(missed)


def balance_of(balance: Balance, routes: Sequence[Route]) -> float:
    """Return the price of unequal routes."""
    values = {
        "distance": [route.distance for route in routes],
        "duration": [route.duration for route in routes],
        "stops": [float(sum(stop.kind in ("client", "pickup", "delivery") for stop in route.stops)) for route in routes],
    }[balance.measure]
    if not values:
        return 0.0
    return balance.weight * (max(values) if balance.kind == "max" else max(values) - min(values))


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
    groups = {order.group: order.id for order in problem.clients if order.group is not None and order.id in served}
    return [
        impossible.get(order.id) or _by_group(order, groups) or _by_search(order) for order in orders if order.id not in served
    ]


def _by_group(order: Client | Shipment, served: Mapping[str, str]) -> Unassigned | None:
    """Return that another client of the group is served, where that is so."""
    if isinstance(order, Shipment) or order.group is None or order.group not in served:
        return None
    message = f"Client {served[order.group]} of the same group is served; exactly one of a group is."
    reason = UnassignedReason(code="GROUP_SERVED_BY_ANOTHER", certainty="proven", message=message, shortfall=None, unit=None)
    return Unassigned(id=order.id, reasons=[reason])


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
