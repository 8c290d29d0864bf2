"""
The best plan from a pool of routes: each order on at most one of them, left out for its prize or not at all.

Searches find good routes in different plans; set partitioning over all of them puts the best together.

References
----------
Rochat, Y., Taillard, E. D. (1995). Probabilistic diversification and intensification in local search for vehicle routing.
Journal of Heuristics 1(1), 147-167.
"""

import math
from collections import defaultdict
from collections.abc import Sequence, Set

from ortools.sat.python import cp_model

from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.route_cost import cost_of

LARGEST = 2.0**40
"""Costs are scaled until their sum is near this, as whole numbers."""

Order = tuple[bool, int]
"""Whether it is a shipment, and its position among those."""


def recombine(
    index: ProblemIndex,
    pool: Sequence[PlannedRoute],
    incumbent: Sequence[PlannedRoute],
    *,
    impossible: Set[str],
    seconds: float,
    seed: int = 0,
    threads: int = 1,
) -> list[PlannedRoute] | None:
    """
    Return a plan of routes from the pool and the incumbent that costs less than the incumbent, or None when none was found.

    Parameters
    ----------
    index
        The problem.
    pool
        Feasible routes of any plans; those that are not feasible are skipped.
    incumbent
        Routes of the best plan known, which serves every required order that is not impossible.
    impossible
        Ids of the orders that no vehicle can serve.
    seconds, seed, threads
        Limits of the search.
    """
    routes = _cheapest_of_a_kind(index, [*incumbent, *pool])
    chosen = {_key(route) for route in incumbent}
    costs = list(routes.values())
    total = math.fsum(cost for _, cost in costs) + 1.0
    scale = LARGEST / total
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in costs]
    serving: dict[Order, list[cp_model.IntVar]] = defaultdict(list)
    using: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for variable, (route, _) in zip(variables, costs, strict=True):
        using[route.vehicle_type].append(variable)
        for order in _orders(route):
            serving[order].append(variable)
    for kind, used in using.items():
        model.add(sum(used) <= index.problem.vehicle_types[kind].count)
    objective = [round(cost * scale) * variable for variable, (_, cost) in zip(variables, costs, strict=True)]
    for order, prize in _prizes(index, impossible).items():
        left_out = model.new_bool_var("")
        model.add(sum(serving[order]) + left_out == 1)
        if prize is None:
            model.add(left_out == 0)
        objective.append(round((prize or 0.0) * scale) * left_out)
    for variable, key in zip(variables, routes, strict=True):
        model.add_hint(variable, key in chosen)
    model.minimize(sum(objective))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    plan = [route for variable, (route, _) in zip(variables, costs, strict=True) if solver.boolean_value(variable)]
    return plan if plan_cost(index, plan, impossible) < plan_cost(index, incumbent, impossible) else None


def plan_cost(index: ProblemIndex, plan: Sequence[PlannedRoute], impossible: Set[str]) -> float:
    """Return what feasible routes cost, with the prizes they leave out."""
    served = {order for route in plan for order in _orders(route)}
    prizes = [prize or 0.0 for order, prize in _prizes(index, impossible).items() if order not in served]
    return math.fsum([*(cost_of(index, route) or 0.0 for route in plan), *prizes])


def _cheapest_of_a_kind(
    index: ProblemIndex, routes: Sequence[PlannedRoute]
) -> dict[tuple[int, tuple[PlannedStop, ...]], tuple[PlannedRoute, float]]:
    """Return for every vehicle type and set of orders the cheapest feasible route with its cost."""
    best: dict[tuple[int, frozenset[Order]], tuple[PlannedRoute, float]] = {}
    for route in routes:
        cost = cost_of(index, route)
        key = (route.vehicle_type, frozenset(_orders(route)))
        if cost is not None and key[1] and (key not in best or cost < best[key][1]):
            best[key] = (route, cost)
    return {_key(route): (route, cost) for route, cost in best.values()}


def _key(route: PlannedRoute) -> tuple[int, tuple[PlannedStop, ...]]:
    return route.vehicle_type, route.stops


def _orders(route: PlannedRoute) -> set[Order]:
    return {(stop.kind != "client", stop.position) for stop in route.stops if stop.kind != "reload"}


def _prizes(index: ProblemIndex, impossible: Set[str]) -> dict[Order, float | None]:
    """Return the prize of every order that is not impossible, None where it is required."""
    found: dict[Order, float | None] = {}
    clients = len(index.problem.clients)
    for i, order in enumerate(orders_of(index.problem)):
        if order.id not in impossible:
            found[i >= clients, i if i < clients else i - clients] = None if order.required else order.prize
    return found
