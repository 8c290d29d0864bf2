"""
One problem searched by PyVRP: all required orders first, then as many as go.

References
----------
Wouda, N. A., Lan, L., Kool, W. (2024). PyVRP: a high-performance VRP solver package. INFORMS Journal on Computing 36(4),
943-955. Burke, E. K., Bykov, Y. (2017). The late acceptance hill-climbing heuristic. European Journal of Operational Research
258(1), 70-78.
"""

import warnings
from collections.abc import Sequence, Set

import pyvrp
from pyvrp.search import LocalSearch, PerturbationManager, compute_neighbours

from models.routing import RoutingProblem
from solvers.routing.engine_routes import engine_solution, planned_routes
from solvers.routing.feasible_part import feasible_part
from solvers.routing.integer_scaling import LARGEST_INTEGER, largest_plan_cost, scaling_of
from solvers.routing.nearest_neighbour import nearest_neighbour
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.pyvrp_data import EngineData, EngineDataBuilder
from solvers.routing.search_control import IncumbentReports, SearchControl, UntilFeasible

SHARE_FOR_ALL_ORDERS = 0.3
"""Share of the budget after which a search for a plan with all required orders gives up."""

LARGEST_PENALTY = 2.0**58
"""Penalty times violation stays below this, so that PyVRP's 64-bit sums cannot overflow."""


HISTORY = 300
"""Length of the late acceptance list, as PyVRP has it."""


MOST_LOCATIONS = 6_000
"""Beyond this the engine's matrices take more memory than one solve should."""

SHARE_OF_A_START = 0.5
"""Improving a given start takes about this share of what improving a random one takes."""


def seconds_to_start(problem: RoutingProblem) -> float:
    """
    Return about how long it takes to build the data and to improve a random start thoroughly, in seconds.

    Measured for routes of usual length; few vehicles have long routes, which take longer, and so do shipments, for which
    pairs of places are tried.
    """
    clients, shipments = len(problem.clients), len(problem.shipments)
    vehicles = max(1, sum(vehicle_type.count for vehicle_type in problem.vehicle_types))
    seconds = clients * (1.2e-4 + clients * (3.5e-7 + 1.2e-6 / vehicles))
    return seconds + shipments * (2e-4 + (shipments + clients / 2) * 6e-6 * (1 + shipments / 400))


class EngineSearch:
    """One run of the search: all required orders first, then as many as go."""

    def __init__(self, index: ProblemIndex, left_out: Set[str], control: SearchControl, *, history: int = HISTORY) -> None:
        self.history = history
        self.index = index
        self.left_out = left_out
        self.control = control

    def run(self, start: Sequence[PlannedRoute] = ()) -> list[PlannedRoute]:
        """
        Return feasible routes.

        Parameters
        ----------
        start
            Feasible routes to start from; none: from a random start, or from a construction when time is short.
        """
        seconds = seconds_to_start(self.index.problem)
        fits = len(self.index.problem.locations) <= MOST_LOCATIONS
        if not fits or not self.control.has_time_for(SHARE_OF_A_START * seconds if start else seconds):
            self.control.limit = "time"
            return list(start) or nearest_neighbour(self.index, self.left_out, deadline=self.control.last_call)
        self.control.begin()
        if not start or not self._misses_required(start):
            engine = self._engine(required_weight=None)
            first = UntilFeasible(self.control, share=SHARE_FOR_ALL_ORDERS)
            initial = engine_solution(engine, start) if start else None
            best = self._search(engine, first, initial=initial, weight=1)
            if best.is_feasible():
                return planned_routes(engine, best)
            start = start or planned_routes(engine, best)
        return self._as_many_as_go(start)

    def _as_many_as_go(self, start: Sequence[PlannedRoute]) -> list[PlannedRoute]:
        """Return routes from a search in which required orders may be left out at a weight above all money."""
        weight = self._weight()
        engine = self._engine(required_weight=weight)
        heaviest = weight * max(1 + order.priority for order in orders_of(self.index.problem))
        initial = feasible_part(engine.data, engine_solution(engine, start))
        return planned_routes(engine, self._search(engine, self.control, initial=initial, weight=heaviest))

    def _misses_required(self, routes: Sequence[PlannedRoute]) -> bool:
        served = {(stop.kind == "client", stop.position) for route in routes for stop in route.stops}
        problem = self.index.problem
        required = {(True, i) for i, client in enumerate(problem.clients) if client.required and client.id not in self.left_out}
        required |= {
            (False, i) for i, order in enumerate(problem.shipments) if order.required and order.id not in self.left_out
        }
        return not required <= served

    def _engine(self, *, required_weight: int | None) -> EngineData:
        return EngineDataBuilder(self.index, left_out=self.left_out, required_weight=required_weight).build()

    def _weight(self) -> int:
        """Return the weight of leaving out one required order, in the engine's cost: above any plan, sums within 64 bits."""
        total = sum(2 + order.priority for order in orders_of(self.index.problem))
        return max(1, int(min(largest_plan_cost(self.index) * scaling_of(self.index).cost, LARGEST_INTEGER / total)))

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
        reports = IncumbentReports(
            self.control.progress, lambda best: money_of(engine, best), orders=orders, last=self.control.reported
        )
        params = pyvrp.SolveParams(
            ils=pyvrp.IteratedLocalSearchParams(history_length=self.history, callbacks=reports), penalty=penalty
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
            return late_acceptance(engine.data, stop, seed=self.control.budget.seed, params=params, initial=initial)


def late_acceptance(
    data: pyvrp.ProblemData,
    stop: SearchControl | UntilFeasible,
    *,
    seed: int,
    params: pyvrp.SolveParams,
    initial: pyvrp.Solution | None,
) -> pyvrp.Solution:
    """
    Return the best solution of one search; like `pyvrp.solve`, but a given start is improved thoroughly first.

    The improved start is used only when it is feasible; the search returns it or something better.
    """
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    perturbation = PerturbationManager(params.perturbation)
    search = LocalSearch(data, rng, compute_neighbours(data, params.neighbourhood), perturbation)
    for operator in params.operators:
        if operator.supports(data):
            search.add_operator(operator(data))
    penalties = pyvrp.PenaltyManager(params.penalty.midpoint_penalties(data), params.penalty)
    start = pyvrp.Solution.make_random(data, rng) if initial is None else initial
    improved = search(start, penalties.max_cost_evaluator(), exhaustive=True)
    if initial is not None and not improved.is_feasible():
        improved = initial
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
