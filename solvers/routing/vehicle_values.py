"""
What one more vehicle is worth: the search goes on from the plan with and without it, for the same time.

The saving is one that a checked plan shows, so the true value is at least as large; the search without the vehicle keeps what
more time alone would have saved from being counted.
"""

import time
from collections import Counter
from dataclasses import replace

from models.routing import RoutingProblem, RoutingSolution, VehicleValue
from models.run import Termination
from solvers.base import Budget, Outcome, Silent
from solvers.routing.check import check_routing
from solvers.routing.engine_search import SHARE_OF_A_START, EngineSearch, seconds_to_start
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, indexed, orders_of
from solvers.routing.rich_constraints import has_rich_constraints
from solvers.routing.routing_plan import objective_of, plan_of
from solvers.routing.search_control import SearchControl
from solvers.routing.standing_routes import standing_routes

LONGEST = 1.0
"""Most seconds for each search."""

ITERATIONS = 300
"""Iterations of each search where the request limits them."""

MOST_TYPES = 5
"""Vehicle types whose value is searched for: those with the dearest routes."""

SHARE = 0.8
"""Share of the time left that the searches may take."""


def vehicle_values(problem: RoutingProblem, plan: RoutingSolution, *, deadline: float) -> list[VehicleValue] | None:
    """
    Return what one more vehicle of each type is worth of which all are in use, None when there is no time to find out.

    Parameters
    ----------
    problem
        The request.
    plan
        A feasible plan for it.
    deadline
        Moment on the clock of `time.monotonic` by which everything must be written.
    """
    if has_rich_constraints(problem):
        return None  # this search does not carry its conditions
    used = Counter(route.vehicle_type for route in plan.routes)
    money = dict.fromkeys(used, 0.0)
    for route in plan.routes:
        money[route.vehicle_type] += route.cost
    full = [i for i, kind in enumerate(problem.vehicle_types) if 0 < kind.count <= used[kind.id]]
    full = sorted(full, key=lambda i: -money[problem.vehicle_types[i].id])[:MOST_TYPES]
    if not full:
        return []
    limit = problem.options.iteration_limit
    seconds = min(LONGEST, SHARE * (deadline - time.monotonic()) / (len(full) + 1))
    if limit is None and seconds < 2 * SHARE_OF_A_START * seconds_to_start(problem) + 0.02:
        return None
    budget = Budget(
        time_limit=seconds if limit is None else 60.0,
        iteration_limit=None if limit is None else min(limit, ITERATIONS),
        relative_gap=1e-6,
        seed=problem.options.seed,
        threads=1,
    )
    index = indexed(problem)
    routes = standing_routes(index, plan)
    impossible = {left_out.id for left_out in plan.unassigned if left_out.reasons[0].certainty == "proven"}
    before = min(_rank(problem, plan), _rank(problem, _searched(index, routes, impossible, budget)))
    return [_value(index, routes, impossible, budget, place, before) for place in full]


def _value(
    index: ProblemIndex,
    routes: list[PlannedRoute],
    impossible: set[str],
    budget: Budget,
    place: int,
    before: tuple[int, float],
) -> VehicleValue:
    """Return the value of one more vehicle of the type at a place of the request."""
    kind = index.problem.vehicle_types[place]
    fleet = list(index.problem.vehicle_types)
    fleet[place] = kind.model_copy(update={"count": kind.count + 1})
    larger = replace(index, problem=index.problem.model_copy(update={"vehicle_types": fleet}))
    plan = _searched(larger, routes, impossible, budget)
    after = min(before, _rank(larger.problem, plan))
    better = after < before and _is_verified(larger.problem, plan)
    served, saving = (before[0] - after[0], before[1] - after[1]) if better else (0, 0.0)
    return VehicleValue(
        vehicle_type=kind.id,
        pointer=f"/vehicle_types/{place}/count",
        saving=saving,
        weight_served=served,
        sentence=_sentence(kind.id, kind.count + 1, served, saving),
    )


def _searched(index: ProblemIndex, routes: list[PlannedRoute], impossible: set[str], budget: Budget) -> RoutingSolution:
    """Return the plan of a search that goes on from some routes."""
    control = SearchControl(budget, Silent(), started=time.monotonic())
    return plan_of(index, EngineSearch(index, impossible, control).run(routes), {})


def _rank(problem: RoutingProblem, plan: RoutingSolution) -> tuple[int, float]:
    """Return the weight of required orders that are left out, then the objective."""
    left_out = {one.id for one in plan.unassigned}
    weight = sum(1 + order.priority for order in orders_of(problem) if order.required and order.id in left_out)
    return weight, objective_of(problem, plan).value or 0.0


def _is_verified(problem: RoutingProblem, plan: RoutingSolution) -> bool:
    outcome = Outcome(
        status="succeeded",
        termination=Termination(reason="feasible", limit="none", detail=""),
        objective=objective_of(problem, plan),
        solution=plan,
    )
    return all(check.max_violation <= check.tolerance for check in check_routing(problem, outcome))


def _sentence(name: str, count: int, served: int, saving: float) -> str:
    with_it = f"With one more {name}, {count} in all,"
    if served:
        return f"{with_it} required orders of weight {served} more are served; the objective changes by {-saving:+,.6g}."
    if saving > 0:
        return f"{with_it} a plan was found that costs {saving:,.6g} less."
    return f"{with_it} no cheaper plan was found."
