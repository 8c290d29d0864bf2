"""
Plans with fewer vehicles: one route after another is given up, and its orders have to fit into the others.

Orders that do not fit stay out, and each weighs more the longer it has been left out, so that the search tries others in its
place. With every order served, the next route is given up.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Nagata, Y., Braeysy, O. (2009). A powerful route minimization heuristic for the vehicle routing problem
with time windows. Operations Research Letters 37(5), 333-338.
"""

import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as layout
from solvers.routing.annealing_search import AnnealingSearch
from solvers.routing.compiled_problem import CompiledProblem
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.search_control import SearchControl
from solvers.routing.seats import seats_of

SHARE, SHARE_FIRST = 0.1, 0.25
"""Share of the search where vehicles cost money, and where fewer of them count before any money."""

DEAR = 10.0
"""Fixed cost, in mean arcs, from which a route is worth giving up by itself: annealing alone closes cheaper ones."""

COOLED = 0.5
"""Share of the cooling at whose temperature it searches: orders should change routes, and routes should not get long."""

SECONDS_A_LOOK, ITERATIONS_A_LOOK = 0.02, 1_000
"""Between two looks at what is left out."""

MISSED = 10.0
"""What having been left out once more weighs, in mean arcs."""

Integers = NDArray[np.int64]


class FleetReduction:
    """
    Gives up routes with all threads: each gives up another route of the same plan, and the first that serves all goes on.

    Parameters
    ----------
    problem
        The problem; only required orders have to fit into the other routes.
    searches
        One search for each thread, each with a plan; afterwards all are at the plan with the fewest vehicles.
    control
        Time, iterations and requests to stop.
    """

    def __init__(self, problem: CompiledProblem, searches: Sequence[AnnealingSearch], control: SearchControl) -> None:
        self.problem = problem
        self.searches = searches
        self.control = control
        self._missed = np.zeros(problem.size, dtype=np.int64)
        first = problem.index.problem.objective.fewest_vehicles
        self._deadline = time.monotonic() + (SHARE_FIRST if first else SHARE) * control.seconds_left
        limit = control.budget.iteration_limit
        self._iterations = None if limit is None else int((SHARE_FIRST if first else SHARE) * limit / len(searches))

    def run(self, each: Callable[..., Iterable[object]]) -> None:
        """Reduce the fleet; `each` calls a function for every search, as `map` does, and has all results when listed."""
        leader = min(self.searches, key=lambda search: search.best_cost)
        if len(self._lacking(leader)):
            return
        plan, least = leader.best_routes(), least_vehicles(self.problem)
        while len(plan) > least:
            fewer = self._fewer(plan, each)
            if fewer is None:
                break
            plan = fewer
        seats = seats_of(self.problem, plan)
        for search in self.searches:
            search.reweigh(self.problem.weight)
            search.restart(seats, most=self.problem.routes)

    def _fewer(self, plan: list[PlannedRoute], each: Callable[..., Iterable[object]]) -> list[PlannedRoute] | None:
        """Return a plan that serves everything with one vehicle less, None when none was found in time."""
        seats = seats_of(self.problem, plan)
        order = sorted(range(len(seats)), key=lambda route: (self._missed[seats[route].stops].sum(), len(seats[route].stops)))
        for k, search in enumerate(self.searches):
            given_up = order[k % len(order)]
            search.reweigh(self._weight(search))
            rest = [seat for route, seat in enumerate(seats) if route != given_up]
            search.restart(rest, most=len(rest))
        while True:
            for search in self.searches:
                lacking = self._lacking(search)
                if not len(lacking):
                    return search.best_routes()
                self._missed[lacking] += 1
                search.reweigh(self._weight(search))
            if self._ended():
                return None
            list(each(self._look, self.searches))

    def _lacking(self, search: AnnealingSearch) -> Integers:
        """Return the stops whose orders the plan of a search leaves out although they are required."""
        left_out = search.left_out()
        return left_out[self.problem.required[left_out]]

    def _look(self, search: AnnealingSearch) -> None:
        number = ITERATIONS_A_LOOK
        if self._iterations is None and search.speed > 0:
            number = max(1, int(search.speed * SECONDS_A_LOOK))
        search.walk(number, search.temperature(COOLED))

    def _weight(self, search: AnnealingSearch) -> Integers:
        """Return what leaving out each stop costs: above any plan, and more the more often it was left out."""
        return self.problem.weight + np.int64(MISSED * search.edge) * self._missed

    def _ended(self) -> bool:
        if self._iterations is not None:
            return self.searches[0].iterations >= self._iterations
        return self.control.ended() or time.monotonic() >= self._deadline


def pays(problem: CompiledProblem, *, edge: float) -> bool:
    """Tell whether fewer vehicles are worth a search: they count first, or cost much more than an arc, `edge` on average."""
    if problem.index.problem.objective.fewest_vehicles:
        return bool(problem.required.any())
    return bool(problem.required.all()) and len(problem.fleet) == 1 and int(problem.fleet[0, layout.FIXED]) >= DEAR * edge


def least_vehicles(problem: CompiledProblem) -> int:
    """Return how many vehicles the loads take at least, the largest first; 1 where goods come and go on the way."""
    least = 1
    if problem.paired or problem.count[layout.TRIP_LOADS]:
        return least
    for k in range(int(problem.count[layout.DIMENSIONS])):
        goods = int(problem.stops[layout.GOODS + 2 * k].sum(dtype=np.int64))
        room = np.repeat(problem.fleet[:, layout.CAPACITY + k], np.minimum(problem.fleet[:, layout.VEHICLES], problem.size))
        carried = np.cumsum(np.sort(np.minimum(room, goods))[::-1])
        least = max(least, 1 + int(np.searchsorted(carried, goods)))
    return least
