"""
Large problems: search one neighbourhood after another, each as a problem of its own.

The first plan joins the plans of neighbourhoods that share out the fleet. Then routes near one another, with orders nearby
that are left out and a few unused vehicles, are searched again and put back when that is better. No step needs the lengths
of all ways, so memory grows with the number of orders and time is looked at often.

References
----------
Santini, A., Schneider, M., Vidal, T., Vigo, D. (2023). Decomposition strategies for vehicle routing heuristics. INFORMS
Journal on Computing 35(3), 543-559. Taillard, E. D., Voss, S. (2002). POPMUSIC: partial optimization metaheuristic under
special intensification conditions. Essays and Surveys in Metaheuristics, 613-629.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set

import numpy as np

from models.routing import Client, RoutingProblem, VehicleType
from solvers.routing.engine_search import EngineSearch, seconds_to_start
from solvers.routing.joint_plan import JointPlan, Order, orders_on
from solvers.routing.partition import bisected, shared
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.problem_part import part_of
from solvers.routing.search_control import SearchControl

FEWEST_ORDERS = 500
"""Problems with fewer orders are searched as a whole."""

ORDERS_A_PART = 200
"""About how many orders are searched together."""

LONG_ROUTE = 45.0
"""Stops per route from which a part of a problem holds too few routes."""

MOST_AS_A_WHOLE = 2_000
"""Most orders that are searched as a whole where routes are long."""

SECONDS_AN_ORDER, PROPORTIONAL = 0.025, 1_000
"""Least seconds for each of them, up to so many orders; beyond, the seconds for each grow with their number. In less time
neighbourhoods are ahead."""

NARROW, NARROW_SHARE = 0.25, 0.75
"""Share of the horizon below which windows are narrow, and the largest share of clients with such windows for a search as a
whole: they keep most orders apart anyway."""

WEIGHT_OF_A_SHIPMENT = 3
"""Orders for which a shipment counts: its search takes longer."""

VEHICLES_A_PART = 2
"""Fewest vehicles of the fleet for each part: fewer could not exchange orders."""

CONSTRUCTION_SHARE = 0.35
LARGEST_CONSTRUCTION_SHARE = 0.7
"""Share of the time for the first plan, and the share it may take to give each part a multiple of what its start takes."""

STARTS_A_PART = 4
"""That multiple."""

SHORTEST_STEP = 0.07
LONGEST_STEP = 2.0
"""Seconds of one search."""

PASSES = 8
"""Times that every neighbourhood is searched within the budget, where the longest and shortest steps allow it."""

MISSING_A_STEP = 30
"""Most orders that are left out to be tried in one search."""

SPARE_VEHICLES = 3
SPARE_TYPES = 5
"""Most unused vehicles of a type, and most types beside those of the routes, in one search."""

HISTORY = 50
"""Length of the late acceptance list: searches are short."""

ITERATIONS_A_STEP = 200
"""Iterations of one search when iterations are limited."""


def parts_of(index: ProblemIndex, left_out: Set[str], *, seconds: float) -> int:
    """Return into how many neighbourhoods a problem is split in a search of so long; 1 when it is searched as a whole."""
    problem = index.problem
    orders = sum(1 for client in problem.clients if client.id not in left_out)
    orders += WEIGHT_OF_A_SHIPMENT * sum(1 for shipment in problem.shipments if shipment.id not in left_out)
    if orders < FEWEST_ORDERS:
        return 1
    time_enough = seconds >= orders * SECONDS_AN_ORDER * max(1.0, orders / PROPORTIONAL)
    if orders <= MOST_AS_A_WHOLE and time_enough and _few_routes_a_part(index):
        return 1
    vehicles = sum(min(orders, problem.vehicle_types[i].count) for i in index.fleet)
    return max(1, min(-(-orders // ORDERS_A_PART), vehicles // VEHICLES_A_PART))


def _few_routes_a_part(index: ProblemIndex) -> bool:
    """Tell whether loads and shifts alone let routes be so long that a part holds too few of them to exchange orders."""
    problem = index.problem
    fleet = [problem.vehicle_types[i] for i in index.fleet]
    if problem.shipments or any(vehicle_type.reload_depots for vehicle_type in fleet):
        return False
    horizon = _horizon(problem)
    if sum(_narrow(client, horizon) for client in problem.clients) > NARROW_SHARE * len(problem.clients):
        return False
    most = max((_stops_expected(index, vehicle_type) for vehicle_type in fleet), default=0.0)
    # Where nothing else limits routes, the vehicles share the orders.
    vehicles = sum(vehicle_type.count for vehicle_type in fleet)
    return most >= LONG_ROUTE if math.isfinite(most) else len(problem.clients) >= LONG_ROUTE * vehicles


def _horizon(problem: RoutingProblem) -> float:
    """Return the time between the earliest and the latest moment of the windows of clients."""
    moments = [moment for client in problem.clients for window in client.time_windows for moment in window]
    return max(moments, default=0.0) - min(moments, default=0.0)


def _narrow(client: Client, horizon: float) -> bool:
    """Tell whether the windows of a client leave it little of the horizon."""
    return bool(client.time_windows) and sum(late - early for early, late in client.time_windows) < NARROW * horizon


def _stops_expected(index: ProblemIndex, vehicle_type: VehicleType) -> float:
    """Return how many clients of mean load and service time a vehicle takes; infinity where nothing limits it."""
    clients = index.problem.clients
    totals = [(room, _goods(clients, name)) for name, room in vehicle_type.capacity.items()]
    totals.append((_span(index, vehicle_type), sum(client.service_duration for client in clients)))
    limits = [room * len(clients) / total for room, total in totals if total > 0]
    return min([*limits, math.inf if vehicle_type.max_stops is None else float(vehicle_type.max_stops)])


def _goods(clients: Sequence[Client], name: str) -> float:
    """Return the total of a load dimension that is delivered or that is picked up, whichever is more."""
    return max(sum(c.delivery.get(name, 0.0) for c in clients), sum(c.pickup.get(name, 0.0) for c in clients))


def _span(index: ProblemIndex, vehicle_type: VehicleType) -> float:
    """Return the longest time that a vehicle can be under way."""
    ends = [name for name in (vehicle_type.start_depot, vehicle_type.end_depot) if name is not None]
    windows = [vehicle_type.shift, *(index.problem.depots[index.depot[name]].time_window for name in ends)]
    spans = [window[1] - window[0] for window in windows if window is not None]
    return min([*spans, math.inf if vehicle_type.max_duration is None else vehicle_type.max_duration])


class Decomposition:
    """
    Search of a large problem by neighbourhoods.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of orders that no vehicle can serve.
    control
        Time and iterations of the whole search; hears of better plans.
    parts
        Number of neighbourhoods of the first plan, at least 2.
    """

    def __init__(self, index: ProblemIndex, left_out: Set[str], control: SearchControl, *, parts: int) -> None:
        self.index = index
        self.left_out = left_out
        self.control = control
        self.parts = parts
        self.plan = JointPlan(index, left_out)
        self.random = np.random.default_rng(control.budget.seed)
        self.steps = 0

    def run(self, start: Sequence[PlannedRoute] = ()) -> list[PlannedRoute]:
        """Return feasible routes, found from the feasible routes `start` where there are any."""
        self.control.begin()
        if start:
            self.plan.replace([], start)
        else:
            self._construct()
        while self.plan.routes and not self.control.ended():
            self._step()
        return self.plan.routes

    def _construct(self) -> None:
        """Search every neighbourhood with its share of the fleet and what those before have not used."""
        fleet = self.index.problem.vehicle_types
        orders = list(self.plan.missing)
        cells = list(bisected(self.plan.points(orders), self.parts))
        shares = shared(fleet, [len(cell) for cell in cells])
        granted: Counter[int] = Counter()
        left = self.control.seconds_left / len(cells)

        def seconds(start: float) -> float:
            if self.control.progress.stop_requested():
                return 0.0
            return min(max(CONSTRUCTION_SHARE * left, STARTS_A_PART * start), LARGEST_CONSTRUCTION_SHARE * left)

        for cell, own in zip(cells, shares, strict=True):
            granted.update(own)
            vehicles = {place: count - self.plan.used[place] for place, count in granted.items()}
            self.plan.replace([], self._searched([], [orders[row] for row in cell.tolist()], vehicles, seconds))

    def _step(self) -> None:
        """Search routes near one another again and keep what is better."""
        places = self._neighbourhood()
        self.plan.note_tried(places)
        missing = self.plan.missing_near(places, most=MISSING_A_STEP)
        before = [self.plan.routes[place] for place in places]
        orders = [*missing, *(order for route in before for order in orders_on(route))]
        usual = min(max(SHORTEST_STEP, self.control.budget.time_limit / (PASSES * self.parts)), LONGEST_STEP)
        after = self._searched(before, orders, self._vehicles(before, missing), lambda start: max(usual, start))
        if self.plan.is_better(places, after, missing):
            self.plan.replace(places, after)
            left_out = len(self.plan.missing) + len(self.left_out)
            self.control.progress.incumbent(objective=self.plan.money(), bound=None, unassigned=left_out)

    def _neighbourhood(self) -> list[int]:
        """Return routes near the one that has not been tried for longest, or every other time near an order that is missing."""
        if self.plan.missing and self.random.random() < 0.5:
            return self.plan.near_order(
                list(self.plan.missing)[self.random.integers(len(self.plan.missing))], size=ORDERS_A_PART
            )
        return self.plan.near(self.plan.longest_untried(), size=ORDERS_A_PART)

    def _vehicles(self, before: Sequence[PlannedRoute], missing: Sequence[Order]) -> dict[int, int]:
        """Return the vehicles of some routes and a few unused ones, by position of the type."""
        vehicles = Counter(route.vehicle_type for route in before)
        fleet = self.index.problem.vehicle_types
        spare = {place: fleet[place].count - self.plan.used[place] for place in self.index.fleet}
        idle = self.random.permutation([place for place, count in spare.items() if count > 0]).tolist()
        chosen = {place for place in vehicles if spare[place] > 0} | set(idle[:SPARE_TYPES])
        for order in [self.plan.order(order) for order in missing[:SPARE_TYPES]]:
            chosen.update([place for place in idle if may_serve(fleet[place], order)][:1])
        vehicles.update({place: min(SPARE_VEHICLES, spare[place]) for place in chosen})
        return dict(vehicles)

    def _searched(
        self,
        start: Sequence[PlannedRoute],
        orders: Sequence[Order],
        vehicles: Mapping[int, int],
        seconds: Callable[[float], float],
    ) -> list[PlannedRoute]:
        """
        Return routes for some orders and vehicles after one search, in positions of the whole problem.

        `seconds` gives the length of the search from the seconds that a start takes.
        """
        clients, shipments = ([i for is_client, i in orders if is_client is kind] for kind in (True, False))
        part = part_of(self.index, clients=clients, shipments=shipments, vehicles=vehicles)
        if not part.vehicle_types:
            return []
        iterations = self._iterations(constructing=not start)
        self.steps += 1
        length = seconds(seconds_to_start(part.index.problem))
        control = self.control.part(seconds=length, iterations=iterations, seed=self.control.budget.seed + self.steps)
        routes = EngineSearch(part.index, set(), control, history=HISTORY).run(part.from_whole(start))
        # A search that ends at once still counts, so that limited iterations come to an end.
        self.control.iterations += max(1, control.iterations)
        return part.to_whole(routes)

    def _iterations(self, *, constructing: bool) -> int | None:
        """Return the iterations of the next search, None when they are not limited; half of them are kept for steps."""
        limit = self.control.budget.iteration_limit
        if limit is None:
            return None
        most = limit // (2 * self.parts) if constructing else ITERATIONS_A_STEP
        return min(most, ITERATIONS_A_STEP, max(0, limit - self.control.iterations))
