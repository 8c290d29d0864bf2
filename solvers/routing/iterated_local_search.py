"""
Iterated local search with late acceptance, through PyVRP.

The search runs twice at most. First every required order must be served. When that finds nothing feasible in its share of the
budget, or the whole fleet is too small by count of goods, required orders become optional with a weight above the cost of any
plan, times 1 + priority; the search then starts from the feasible part of what was found.

References
----------
Wouda, N. A., Lan, L., Kool, W. (2024). PyVRP: a high-performance VRP solver package. INFORMS Journal on Computing 36(4),
943-955. Burke, E. K., Bykov, Y. (2017). The late acceptance hill-climbing heuristic. European Journal of Operational Research
258(1), 70-78.
"""

import time
import warnings
from collections.abc import Set
from typing import ClassVar

import pyvrp
from pyvrp.search import LocalSearch, PerturbationManager, compute_neighbours

from models.routing import RoutingProblem, RoutingSolution
from models.run import Limit, Termination
from solvers.base import Budget, Outcome, Progress
from solvers.routing.feasible_part import feasible_part
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.integer_scaling import LARGEST_INTEGER, largest_plan_cost
from solvers.routing.lower_bound import METHOD, neighbour_bound
from solvers.routing.nearest_neighbour import nearest_neighbour
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, indexed, orders_of
from solvers.routing.pyvrp_data import EngineData, EngineDataBuilder
from solvers.routing.reinsertion import Reinsertion
from solvers.routing.routing_plan import objective_of, plan_of, trivial_plan
from solvers.routing.search_control import IncumbentReports, SearchControl, UntilFeasible

SHARE_FOR_ALL_ORDERS = 0.3
"""Share of the budget after which a search for a plan with all required orders gives up."""


SECONDS_AN_ORDER = 0.002
"""About what it takes to improve a random start thoroughly, per order."""

SECONDS_A_PAIR = 3e-7
"""About what it takes to find the neighbours of every order, per pair of orders."""

MOST_LOCATIONS_BOUNDED = 4_000
"""Beyond this the bound's copy of the distances costs too much memory and time."""

SMALL = 60
"""Up to this many orders, single orders are moved after the search."""

LONGEST_REINSERTION = 1.0
"""Most seconds for insertion after the search."""

LARGEST_PENALTY = 2.0**58
"""Penalty times violation stays below this, so that PyVRP's 64-bit sums cannot overflow."""


class IteratedLocalSearch:
    """Iterated local search over routes, for every problem the contract can state."""

    name: ClassVar[str] = "iterated_local_search"
    libraries: ClassVar[tuple[str, ...]] = ("pyvrp",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None: every valid routing problem is supported."""
        return None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Search until time, iterations or a request to stop end it; the plan is always feasible.

        Parameters
        ----------
        problem
            A problem without semantic issues.
        budget
            Time from the start of this call, iterations and seed.
        progress
            Hears of better plans at most four times a second.
        """
        started = time.monotonic()
        if not any(vehicle_type.count for vehicle_type in problem.vehicle_types):
            return trivial_plan(problem, {})
        index = indexed(problem)
        impossible = impossible_orders(index)
        if len(impossible) == len(problem.clients) + len(problem.shipments):
            return trivial_plan(problem, impossible)
        control = SearchControl(budget, progress, started=started, kept=_kept_for_reinsertion(problem, budget))
        routes = refined(index, _Search(index, set(impossible), control).run(), set(impossible), control)
        searched = time.monotonic()
        solution = plan_of(index, routes, impossible)
        required = {order.id for order in orders_of(problem) if order.required and order.id not in impossible}
        missing = [left_out.id for left_out in solution.unassigned if left_out.id in required]
        bound = (
            neighbour_bound(index, set(impossible))
            if not missing and len(problem.locations) <= MOST_LOCATIONS_BOUNDED
            else None
        )
        limit: Limit = control.limit or "none"
        objective = objective_of(problem, solution, bound=bound)
        proved = objective.relative_gap is not None and objective.relative_gap <= budget.relative_gap
        return Outcome(
            status="succeeded",
            termination=Termination(
                reason="optimal" if proved else "feasible", limit=limit, detail=_detail(limit, budget, proved=proved)
            ),
            objective=objective,
            solution=solution,
            evidence=None if bound is None else METHOD,
            iterations=control.iterations,
            build_time=control.began - started,
            solve_time=searched - control.began,
        )


def refined(
    index: ProblemIndex, routes: list[PlannedRoute], impossible: Set[str], control: SearchControl
) -> list[PlannedRoute]:
    """Return the routes after insertion of what is left out and, for small problems, moves of single orders."""
    problem = index.problem
    served = {(stop.kind != "client", stop.position) for route in routes for stop in route.stops if stop.kind != "reload"}
    left_out: list[tuple[PlannedStop, ...]] = [
        (PlannedStop(kind="client", position=i),)
        for i, client in enumerate(problem.clients)
        if (False, i) not in served and client.id not in impossible
    ]
    left_out += [
        (PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i))
        for i, shipment in enumerate(problem.shipments)
        if (True, i) not in served and shipment.id not in impossible
    ]
    small = len(orders_of(problem)) <= SMALL
    if not left_out and not small:
        return routes
    share = 0.1 if small else 0.01
    deadline = time.monotonic() + min(LONGEST_REINSERTION, share * control.budget.time_limit)
    if control.budget.iteration_limit is not None:
        # Repeatable: the number of evaluations ends it, not the clock.
        deadline = max(deadline, control.deadline)
    reinsertion = Reinsertion(index, routes, deadline=deadline)
    reinsertion.insert(left_out)
    if small:
        reinsertion.relocate()
        return [route for route in reinsertion.routes if any(stop.kind != "reload" for stop in route.stops)]
    return reinsertion.routes


def _kept_for_reinsertion(problem: RoutingProblem, budget: Budget) -> float:
    """Return the seconds that the search leaves for moves of single orders."""
    return min(LONGEST_REINSERTION, 0.1 * budget.time_limit) if len(orders_of(problem)) <= SMALL else 0.0


class _Search:
    """One run of the search: all required orders first, then as many as go."""

    def __init__(self, index: ProblemIndex, left_out: Set[str], control: SearchControl) -> None:
        self.index = index
        self.left_out = left_out
        self.control = control

    def run(self) -> list[PlannedRoute]:
        """Return feasible routes."""
        engine = self._engine(required_weight=None)
        self.control.begin()
        first = UntilFeasible(self.control, share=SHARE_FOR_ALL_ORDERS)
        best = self._search(engine, first, initial=None, weight=1)
        if best.is_feasible():
            return _routes(engine, best)
        weight = self._weight(engine)
        engine = self._engine(required_weight=weight)
        heaviest = weight * max(1 + order.priority for order in orders_of(self.index.problem))
        start = feasible_part(engine.data, best)
        return _routes(engine, self._search(engine, self.control, initial=start, weight=heaviest))

    def _engine(self, *, required_weight: int | None) -> EngineData:
        return EngineDataBuilder(self.index, left_out=self.left_out, required_weight=required_weight).build()

    def _weight(self, engine: EngineData) -> int:
        """Return the weight of leaving out one required order, in the engine's cost: above any plan, sums within 64 bits."""
        problem = self.index.problem
        total = sum(2 + order.priority for order in orders_of(problem))
        return max(1, int(min(largest_plan_cost(self.index) * engine.scaling.cost, LARGEST_INTEGER / total)))

    def _search(
        self,
        engine: EngineData,
        stop: SearchControl | UntilFeasible,
        *,
        initial: pyvrp.Solution | None,
        weight: int,
    ) -> pyvrp.Solution:
        """Run the search; `weight` is the least price of a unit of infeasibility at its dearest."""
        rates = [rate for v in engine.data.vehicle_types() for rate in (v.unit_distance_cost, v.unit_duration_cost)]
        factor = max(1, *rates)
        # PyVRP's penalties are tuned for unit costs near 1; when orders may be left out, breaking a limit must cost more.
        lowest = 0.1 * factor if weight == 1 else 2.0 * weight
        dearest = LARGEST_PENALTY / max(1, largest_violation(engine.data))
        penalty = pyvrp.PenaltyParams(
            min_penalty=min(lowest, dearest / 2), max_penalty=min(max(1e5 * factor, 2 * lowest), dearest)
        )
        orders = len(orders_of(self.index.problem))
        if not self.control.has_time_for(orders**2 * SECONDS_A_PAIR):
            self.control.limit = "time"
            return initial or nearest_neighbour(engine.data)
        thorough = self.control.has_time_for(orders * SECONDS_AN_ORDER)
        reports = IncumbentReports(self.control.progress, lambda best: money_of(engine, best))
        params = pyvrp.SolveParams(
            ils=pyvrp.IteratedLocalSearchParams(exhaustive_on_best=thorough, callbacks=reports), penalty=penalty
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
            return late_acceptance(
                engine.data, stop, seed=self.control.budget.seed, params=params, initial=initial, thorough=thorough
            )


def late_acceptance(
    data: pyvrp.ProblemData,
    stop: SearchControl | UntilFeasible,
    *,
    seed: int,
    params: pyvrp.SolveParams,
    initial: pyvrp.Solution | None,
    thorough: bool,
) -> pyvrp.Solution:
    """
    Return the best solution of one search; like `pyvrp.solve`, but a given start is improved thoroughly first.

    The improved start is used only when it is feasible; the search returns it or something better. Without time to be
    thorough, the search starts from a construction in one pass, since improving a start cannot be interrupted.
    """
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    perturbation = PerturbationManager(params.perturbation)
    search = LocalSearch(data, rng, compute_neighbours(data, params.neighbourhood), perturbation)
    for operator in params.operators:
        if operator.supports(data):
            search.add_operator(operator(data))
    penalties = pyvrp.PenaltyManager(params.penalty.midpoint_penalties(data), params.penalty)
    improved = initial
    if thorough:
        start = pyvrp.Solution.make_random(data, rng) if initial is None else initial
        improved = search(start, penalties.max_cost_evaluator(), exhaustive=True)
        if initial is not None and not improved.is_feasible():
            improved = initial
    elif improved is None:
        improved = nearest_neighbour(data)
    algorithm = pyvrp.IteratedLocalSearch(data, penalties, search, improved, params.ils)
    return algorithm.run(stop, False, False).best


def largest_violation(data: pyvrp.ProblemData) -> int:
    """Return a number of units by which no solution can break a limit, in time, distance or any load dimension."""
    stops = data.num_clients + 2 * data.num_shipments + data.num_depots
    orders = [*data.clients(), *data.shipments()]
    moments = [c.tw_late for c in data.clients() if c.tw_late < 2**62] + [c.release_time for c in data.clients()]
    moments += [s.tw_late for order in data.shipments() for s in (order.pickup, order.delivery) if s.tw_late < 2**62]
    moments += [d.tw_late for d in data.depots() if d.tw_late < 2**62]
    arcs: int = max(
        int(matrix.max()) for p in range(data.num_profiles) for matrix in (data.distance_matrix(p), data.duration_matrix(p))
    )
    service = max((c.service_duration for c in data.clients()), default=0)
    loads: list[int] = [
        sum(int(x) for x in (o.delivery + o.pickup if isinstance(o, pyvrp.Client) else o.amount)) for o in orders
    ]
    return int(max(stops * (2 * arcs + service) + max(moments, default=0), sum(loads)))


def money_of(engine: EngineData, solution: pyvrp.Solution) -> float:
    """Return the cost of an engine solution in the caller's money: routes and optional prizes that are not collected."""
    cost = solution.distance_cost() + solution.duration_cost() + solution.fixed_vehicle_cost()
    return float((cost + engine.uncollected_prizes(solution)) / engine.scaling.cost)


def _routes(engine: EngineData, solution: pyvrp.Solution) -> list[PlannedRoute]:
    """Return the engine's routes in terms of the request; routes without orders are dropped."""
    routes = []
    for route in solution.routes():
        stops = [_stop(engine, activity) for activity in route.schedule()[1:-1]]
        if any(stop.kind != "reload" for stop in stops):
            routes.append(PlannedRoute(vehicle_type=engine.vehicle_types[route.vehicle_type()], stops=tuple(stops)))
    return routes


def _stop(engine: EngineData, activity: pyvrp.ScheduledActivity) -> PlannedStop:
    if activity.is_client():
        position, window = engine.clients[activity.idx]
        return PlannedStop(kind="client", position=position, window=window)
    if activity.is_pickup():
        return PlannedStop(kind="pickup", position=engine.shipments[activity.idx])
    if activity.is_delivery():
        return PlannedStop(kind="delivery", position=engine.shipments[activity.idx])
    return PlannedStop(kind="reload", position=activity.idx)


def _detail(limit: Limit, budget: Budget, *, proved: bool) -> str:
    if proved:
        return "The cost equals its lower bound: no plan is better."
    if limit == "iteration":
        return f"Iteration limit of {budget.iteration_limit} reached; the plan is feasible and not proved best."
    if limit == "interrupted":
        return "Stopped on request; the best plan so far is returned."
    return f"Time limit reached after {budget.time_limit:.4g} s of search; the plan is feasible and not proved best."
