"""Given routes, evaluated: timetable, cost and violations."""

import math
from collections.abc import Sequence

from models.routing import (
    EvaluatedRoute,
    EvaluationSolution,
    GivenRoute,
    RoutingProblem,
    RoutingSolution,
    Unassigned,
    Violation,
)
from models.run import Objective
from solvers.routing.evaluation.constraint_violations import constraint_violations
from solvers.routing.evaluation.given_plan import GivenPlan, index_of, read_routes
from solvers.routing.evaluation.plan_violations import (
    excess_vehicle,
    missing_orders,
    numbered,
    repeated_stops,
    unknown_stops,
)
from solvers.routing.evaluation.route_violations import route_violations
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.routing_plan import objective_of
from solvers.routing.schedule import timetable


def evaluated(problem: RoutingProblem, routes: Sequence[GivenRoute], *, pointer: str) -> tuple[EvaluationSolution, Objective]:
    """
    Return what given routes cost and every condition that they break.

    Parameters
    ----------
    problem
        A problem without semantic issues.
    routes
        Routes whose vehicle types exist; stops with unknown names are left out and reported.
    pointer
        Where the routes stand in the request, for example `/routes`.
    """
    index = index_of(problem, routes)
    plan = read_routes(index, routes, pointer=pointer)
    timed, violations = _driven(index, plan)
    violations = [*unknown_stops(problem, plan), *repeated_stops(problem, plan), *violations]
    violations += [*constraint_violations(problem, plan), *missing_orders(problem, plan)]
    served = {stop.id for route in timed for stop in route.stops if stop.kind in ("client", "pickup")}
    unassigned = [order.id for order in orders_of(problem) if order.id not in served]
    distance, duration, cost = (math.fsum(getattr(route, name) for route in timed) for name in ("distance", "duration", "cost"))
    priced = RoutingSolution.model_construct(
        routes=list(timed),
        unassigned=[Unassigned.model_construct(id=name, reasons=[]) for name in unassigned],
        snapped=None,
        distance=distance,
        duration=duration,
        cost=cost,
        current=None,
    )
    solution = EvaluationSolution.model_construct(
        feasible=not violations,
        violations=violations,
        routes=timed,
        unassigned=unassigned,
        distance=distance,
        duration=duration,
        cost=cost,
    )
    return solution, objective_of(problem, priced)


def _driven(index: ProblemIndex, plan: GivenPlan) -> tuple[list[EvaluatedRoute], list[Violation]]:
    """Return the routes that are driven, with their times, and what each breaks."""
    routes, violations = [], []
    for route, vehicle in zip(plan.driven, numbered(plan), strict=True):
        timed = timetable(index, route.planned, vehicle=vehicle)
        broken = [
            *excess_vehicle(index.problem, route, vehicle=vehicle),
            *route_violations(index, route.planned, timed, pointer=route.pointer, places=route.places),
        ]
        violations += broken
        routes.append(EvaluatedRoute.model_construct(**dict(timed), pointer=route.pointer, violations=len(broken)))
    return routes, violations
