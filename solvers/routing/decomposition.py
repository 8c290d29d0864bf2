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

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import numpy as np

from solvers.routing.engine_search import EngineSearch
from solvers.routing.joint_plan import JointPlan, Order, orders_on
from solvers.routing.partition import bisected, shared
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.problem_part import part_of
from solvers.routing.search_control import SearchControl

FEWEST_ORDERS = 500
"""Problems with fewer orders are searched as a whole."""

ORDERS_A_PART = 150
"""About how many orders are searched together."""

VEHICLES_A_PART = 2
"""Fewest vehicles of the fleet for each part: fewer could not exchange orders."""

CONSTRUCTION_SHARE = 0.35
"""Largest share of the time for the first plan."""

SHORTEST_STEP = 0.1
LONGEST_STEP = 2.0
"""Seconds of one search."""

PASSES = 4
"""Times that every neighbourhood is searched within the budget, where the longest and shortest steps allow it."""

MISSING_A_STEP = 30
"""Most orders that are left out to be tried in one search."""

SPARE_VEHICLES = 3
SPARE_TYPES = 5
"""Most unused vehicles of a type, and most types beside those of the routes, in one search."""

ITERATIONS_A_STEP = 200
"""Iterations of one search when iterations are limited."""


def parts_of(index: ProblemIndex, left_out: Set[str]) -> int:
    """Return into how many neighbourhoods a problem is split; 1 when it is searched as a whole."""
    orders = sum(1 for order in orders_of(index.problem) if order.id not in left_out)
    if orders < FEWEST_ORDERS:
        return 1
    vehicles = sum(min(orders, index.problem.vehicle_types[i].count) for i in index.fleet)
    return max(1, min(-(-orders // ORDERS_A_PART), vehicles // VEHICLES_A_PART))


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

    def run(self) -> list[PlannedRoute]:
        """Return feasible routes."""
        self.control.begin()
        self._construct()
        while self.plan.routes and not self.control.ended():
            self._step()
        return self.plan.routes

    def _construct(self) -> None:
        """Search every neighbourhood with its share of the fleet and what those before have not used."""
        orders = list(self.plan.missing)
        cells = list(bisected(self.plan.points(orders), self.parts))
        shares = shared(self.index.problem.vehicle_types, [len(cell) for cell in cells])
        granted: Counter[int] = Counter()
        seconds = CONSTRUCTION_SHARE * self.control.seconds_left / len(cells)
        for cell, own in zip(cells, shares, strict=True):
            granted.update(own)
            vehicles = {place: count - self.plan.used[place] for place, count in granted.items()}
            self.plan.replace([], self._searched([], [orders[row] for row in cell.tolist()], vehicles, seconds))

    def _step(self) -> None:
        """Search routes near one another again and keep what is better."""
        places = self._neighbourhood()
        missing = self.plan.missing_near(places, most=MISSING_A_STEP)
        before = [self.plan.routes[place] for place in places]
        orders = [*missing, *(order for route in before for order in orders_on(route))]
        seconds = self.control.budget.time_limit / (PASSES * self.parts)
        seconds = min(max(SHORTEST_STEP, seconds), LONGEST_STEP)
        after = self._searched(before, orders, self._vehicles(before), seconds)
        if self.plan.is_better(places, after, missing):
            self.plan.replace(places, after)
            self.control.progress.incumbent(objective=self.plan.money(), bound=None)

    def _neighbourhood(self) -> list[int]:
        """Return routes near a random one, or every other time near an order that is missing."""
        if self.plan.missing and self.random.random() < 0.5:
            return self.plan.near_order(
                list(self.plan.missing)[self.random.integers(len(self.plan.missing))], size=ORDERS_A_PART
            )
        return self.plan.near(int(self.random.integers(len(self.plan.routes))), size=ORDERS_A_PART)

    def _vehicles(self, before: Sequence[PlannedRoute]) -> dict[int, int]:
        """Return the vehicles of some routes and a few unused ones, of a few types, by position of the type."""
        vehicles = Counter(route.vehicle_type for route in before)
        fleet = self.index.problem.vehicle_types
        spare = {place: fleet[place].count - self.plan.used[place] for place in self.index.fleet}
        idle = [place for place, count in spare.items() if count > 0]
        chosen = {place for place in vehicles if spare[place] > 0}
        chosen.update(self.random.permutation(idle)[:SPARE_TYPES].tolist())
        vehicles.update({place: min(SPARE_VEHICLES, spare[place]) for place in chosen})
        return dict(vehicles)

    def _searched(
        self, start: Sequence[PlannedRoute], orders: Sequence[Order], vehicles: Mapping[int, int], seconds: float
    ) -> list[PlannedRoute]:
        """Return routes for some orders and vehicles after one search, in positions of the whole problem."""
        clients, shipments = ([i for is_client, i in orders if is_client is kind] for kind in (True, False))
        part = part_of(self.index, clients=clients, shipments=shipments, vehicles=vehicles)
        if not part.vehicle_types:
            return []
        limit = self.control.budget.iteration_limit
        iterations = None if limit is None else min(ITERATIONS_A_STEP, max(0, limit - self.control.iterations))
        self.steps += 1
        control = self.control.part(seconds=seconds, iterations=iterations, seed=self.control.budget.seed + self.steps)
        routes = EngineSearch(part.index, set(), control).run(part.from_whole(start))
        # A search that ends at once still counts, so that limited iterations come to an end.
        self.control.iterations += max(1, control.iterations)
        return part.to_whole(routes)
