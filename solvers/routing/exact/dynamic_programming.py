"""
Dynamic programming over subsets: the proved optimum of tiny problems.

For every vehicle type the cheapest route of every subset of orders is found by labels, then the cheapest choice of disjoint
routes, one vehicle at a time. Required orders that are left out count before all money, by 1 + priority.

References
----------
Held, M., Karp, R. M. (1962). A dynamic programming approach to sequencing problems. Journal of the Society for Industrial and
Applied Mathematics 10(1), 196-210.
"""

import math
import time
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.base import Input
from models.routing import (
    Client,
    Depot,
    RoutingProblem,
    RoutingSolution,
    Shipment,
    ShipmentStep,
    VehicleType,
)
from models.run import Termination
from solvers.base import Budget, Outcome, Progress
from solvers.routing.current_routes import with_saving
from solvers.routing.exact.subset_kernels import best_partitions
from solvers.routing.exact.subset_problem import BestRoutes, SubsetProblem
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.iterated_local_search import IteratedLocalSearch
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import indexed, orders_of
from solvers.routing.reach import reach_warnings
from solvers.routing.rich_constraints import has_rich_constraints, rich_constraints
from solvers.routing.route_cost import cost_of
from solvers.routing.routing_plan import objective_of, plan_of, trivial_plan

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_STOPS = 12
"""Most stops, a shipment counting twice."""

MOST_STOPS_BY_CHOICE = 9
"""Most stops for which `auto` takes it: then it needs some hundredths of a second at most."""

MOST_VEHICLE_TYPES = 20
"""Most vehicle types with vehicles; each is looked at by itself."""

METHOD = "every plan is covered: the cheapest route of every set of orders, and every partition into routes"

_OF_PROBLEMS = {"locations", "travel", "depots", "clients", "shipments", "vehicle_types", "time_origin"}
_OF_ORDERS = {"id", "required", "prize", "priority", "skills", "allowed_vehicle_types"}
_OF_STOPS = {"location", "service_duration", "time_windows"}
_COSTS = {"fixed_cost", "cost_per_distance", "cost_per_duration"}
_LIMITS = {"capacity", "shift", "max_distance", "max_duration", "max_stops", "max_reloads", "skills"}

KNOWN: dict[type[Input], set[str]] = {
    RoutingProblem: {*_OF_PROBLEMS, "current_routes", "options"},
    Client: {*_OF_ORDERS, *_OF_STOPS, "delivery", "pickup", "release_time"},
    ShipmentStep: _OF_STOPS,
    Shipment: {*_OF_ORDERS, "amount", "pickup", "delivery"},
    Depot: {"id", "location", "time_window"},
    VehicleType: {*_COSTS, *_LIMITS, "id", "count", "start_depot", "end_depot", "profile"},
}
"""Fields that it carries out; any other one must have its default."""


class DynamicProgramming:
    """Exact for a dozen stops: windows, loads, durations, pairs, prizes, mixed fleets and several depots."""

    name: ClassVar[str] = "dynamic_programming"
    libraries: ClassVar[tuple[str, ...]] = ("numba",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or what is too large or not carried out."""
        if has_rich_constraints(problem):
            return f"it does not carry out {', '.join(rich_constraints(problem))}"
        stops = len(problem.clients) + 2 * len(problem.shipments)
        most = MOST_STOPS_BY_CHOICE if problem.options.solver == "auto" else MOST_STOPS
        if stops > most:
            return f"it compares all sets of stops, which takes too long beyond {most}"
        fleet = [vehicle_type for vehicle_type in problem.vehicle_types if vehicle_type.count]
        if len(fleet) > MOST_VEHICLE_TYPES:
            return f"it looks at every vehicle type by itself, which takes too long beyond {MOST_VEHICLE_TYPES}"
        steps = [step for shipment in problem.shipments for step in (shipment.pickup, shipment.delivery)]
        parts: list[Input] = [problem, *problem.clients, *problem.shipments, *steps, *problem.depots, *fleet]
        for part in parts:
            name = _further_field(part)
            if name is not None:
                return f"it does not carry out {name}"
        return None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Return the best plan and the proof that it is.

        Parameters
        ----------
        problem
            A problem without semantic issues that is supported.
        budget
            Not needed: the effort depends on the problem alone.
        progress
            Hears of the plan.
        """
        started = time.monotonic()
        index = indexed(problem)
        impossible = impossible_orders(index) if index.fleet else {}
        if not index.fleet or len(impossible) == len(orders_of(problem)):
            return with_saving(problem, trivial_plan(index, impossible))
        subsets = SubsetProblem(index)
        best = [subsets.best_routes(number) for number in index.fleet]
        routes = None if None in best else _best_plan(subsets, [one for one in best if one is not None])
        if routes is None or any(cost_of(index, route) is None for route in routes):
            # Too many partial routes to compare, or moments so close to a limit that rounding of sums decides.
            return IteratedLocalSearch().solve(problem, budget, progress)
        solution = _proven(problem, plan_of(index, routes, impossible))
        value = objective_of(problem, solution).value
        objective = objective_of(problem, solution, bound=value)
        progress.incumbent(objective=value, bound=value, unassigned=len(solution.unassigned))
        outcome = Outcome(
            status="succeeded",
            termination=Termination(reason="optimal", limit="none", detail="All plans were compared: none is better."),
            objective=objective,
            solution=solution,
            evidence=METHOD,
            iterations=sum(len(one.links) for one in best if one is not None),
            threads=1,
            solve_time=time.monotonic() - started,
            warnings=reach_warnings(index, impossible),
        )
        return with_saving(problem, outcome)


def _best_plan(problem: SubsetProblem, best: list[BestRoutes]) -> list[PlannedRoute]:
    """Return the routes that leave out the least weight of required orders and, among those, cost least with the prizes."""
    size = len(problem.orders)
    reached = np.full(1 << size, math.inf)
    reached[0] = 0.0
    steps: list[tuple[BestRoutes, Integers]] = []
    for one in best:
        vehicles = min(size, problem.index.problem.vehicle_types[one.vehicle_type].count)
        costs, used = np.empty((vehicles + 1, 1 << size)), np.empty((vehicles + 1, 1 << size), dtype=np.int64)
        best_partitions(reached, one.costs, vehicles, costs, used)
        reached = costs[-1]
        steps.append((one, used))
    weight, prizes = _left_out(problem)
    # The last key decides first; what cannot be served together costs infinitely much and may leave out nothing.
    served = int(np.lexsort((reached + prizes, np.where(np.isfinite(reached), weight, np.inf)))[0])
    routes = []
    for one, used in reversed(steps):
        for row in used[:0:-1]:
            taken = int(row[served])
            if taken:
                routes.append(problem.route(one, taken))
                served ^= taken
    return routes[::-1]


def _left_out(problem: SubsetProblem) -> tuple[Floats, Floats]:
    """Return for each subset served the weight of required orders left out, and the prizes of optional ones, shape (2 ** n)."""
    weight, prizes = np.zeros(1), np.zeros(1)
    for order in problem.orders:
        own, prize = (1.0 + order.priority, 0.0) if order.required else (0.0, order.prize)
        weight = np.concatenate([weight + own, weight])
        prizes = np.concatenate([prizes + prize, prizes])
    return weight, prizes


def _proven(problem: RoutingProblem, plan: RoutingSolution) -> RoutingSolution:
    """Return the plan with the certainty that what it leaves out is left out for good reason."""
    orders = {order.id: order for order in orders_of(problem)}
    unassigned = []
    for left_out in plan.unassigned:
        reason, order = left_out.reasons[0], orders[left_out.id]
        if reason.certainty == "search":
            message = (
                "All plans were compared: to serve it, others of at least the same weight would have to stay out."
                if order.required
                else f"All plans were compared: the best one leaves it out and forgoes its prize of {order.prize:g}."
            )
            reason = reason.model_copy(update={"certainty": "proven", "message": message})
        unassigned.append(left_out.model_copy(update={"reasons": [reason, *left_out.reasons[1:]]}))
    return plan.model_copy(update={"unassigned": unassigned})


def _further_field(part: Input) -> str | None:
    """Return the name of a field that is not carried out and does not have its default."""
    for name, field in type(part).model_fields.items():
        if name == "reload_depots" and getattr(part, "max_reloads", None) == 0:
            continue
        if name not in KNOWN[type(part)] and getattr(part, name) != field.get_default(call_default_factory=True):
            return name
    return None
