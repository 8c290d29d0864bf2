"""
Annealing on several threads: each searches by itself, and now and then the one with the dearest plan goes on from the best.

Where there are time windows, or deliveries and pickups on long routes, the annealing may end early for a local search that goes
on from its best plan.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from solvers.routing import route_state_kernels as layout
from solvers.routing.annealing import Annealing, parameters_of
from solvers.routing.annealing_search import AnnealingSearch
from solvers.routing.compiled_problem import CompiledProblem, has_exchangeable_types
from solvers.routing.engine_search import MOST_LOCATIONS, seconds_to_start
from solvers.routing.fleet_reduction import FleetReduction, pays
from solvers.routing.nearness import near_stops
from solvers.routing.pairs.search import FARTHEST, PairsAnnealing, takes
from solvers.routing.plain.annealing import LONG_ROUTE, PlainAnnealing
from solvers.routing.plain.arrays import is_plain, plain_arrays
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import orders_of
from solvers.routing.search_control import SECONDS_BETWEEN_REPORTS, SearchControl
from solvers.routing.seats import seats_of

SEEDS_APART = 7_919

EXCHANGES = 20
"""How often in a search threads look at one another's plans."""

SHARE_BEFORE_RELAY = 0.75
LONG_SHARE_BEFORE_RELAY = 0.6
STEADY_LONG_SHARE_BEFORE_RELAY = 0.75
"""Largest shares of the time for annealing when the rest goes to local search, for short and for long routes, and for long ones
of plain problems and of those without time; short ones of these are annealed to the end."""

SMALL_MIXED, MIXED_SHARE_BEFORE_RELAY = 300, 0.4
"""Up to so many stops without times, fleets of several exchangeable types go to local search after this share of the time."""

ITERATIONS, LONG_ITERATIONS = 400.0, 1_500.0
"""Iterations per stop that annealing of short and of long routes needs: it gets the share of the time that it can use."""

LEAST_SHARE = 0.08
"""Below this share annealing is left out: local search from its own start is then better than from a half-annealed plan."""

START_SHARE = 0.1
"""Largest share of the time that local search may need to start for a relay to pay."""


def searches_of(problem: CompiledProblem, *, seed: int, threads: int) -> Sequence[AnnealingSearch]:
    """Return one search for each thread, of the compiled kind that carries the problem at the highest speed."""
    parameters = parameters_of(problem)
    seeds = [seed + SEEDS_APART * i for i in range(threads)]
    if is_plain(problem):
        arrays = plain_arrays(problem, neighbours=parameters.neighbours, around=parameters.around)
        return [PlainAnnealing(arrays, parameters, seed=own) for own in seeds]
    if takes(problem):
        near = near_stops(problem, neighbours=FARTHEST, around=parameters.around)
        return [PairsAnnealing(problem, near, parameters, seed=own) for own in seeds]
    near = near_stops(problem, neighbours=parameters.neighbours, around=parameters.around)
    return [Annealing(problem, near, parameters, seed=own) for own in seeds]


class ParallelAnnealing:
    """
    One search for each thread, and what they tell one another.

    Parameters
    ----------
    problem
        The problem as arrays.
    control
        Time, iterations, seed and threads; hears of better plans.
    start
        Feasible routes that every search begins from; none: each makes its own.
    """

    def __init__(self, problem: CompiledProblem, control: SearchControl, start: Sequence[PlannedRoute] = ()) -> None:
        self.problem = problem
        self.control = control
        self.threads = max(1, control.budget.threads)
        self.searches = searches_of(problem, seed=control.budget.seed, threads=self.threads)
        seats = seats_of(problem, start)
        for search in self.searches if seats else ():
            search.begin_with(seats)
        self.relayed = False
        """Whether the annealing ends early, for a local search that goes on from its best plan."""
        self.from_scratch = False
        """Whether that local search does better to start by itself: there is no time to anneal."""
        self._deadline = control.deadline
        stops = problem.size - int((problem.stops[layout.PARTNER] >= 0).sum()) // 2
        self._set_aside = len(orders_of(problem.index.problem)) - stops
        """Orders that no vehicle can serve, which are not searched."""
        self._reported = 0.0
        self._told: int | None = None

    def run(self) -> list[PlannedRoute]:
        """Return the best routes found."""
        self.control.begin()
        limit = self.control.budget.iteration_limit
        if self.threads == 1:
            self._run_alone(limit)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                self._run_together(pool, limit)
        best = min(self.searches, key=lambda search: search.best_cost)
        return best.best_routes()

    def _run_alone(self, limit: int | None) -> None:
        search = self.searches[0]
        search.construct()
        self._report()
        search.descend()
        self._reduce_fleet(map)
        self._decide_relay()
        while not self._ended():
            self._piece(search, limit)
            self._report()

    def _run_together(self, pool: ThreadPoolExecutor, limit: int | None) -> None:
        """Let every thread run one piece after another; all wait for one another after each."""
        list(pool.map(lambda search: search.construct(), self.searches))
        self._report()
        list(pool.map(lambda search: search.descend(), self.searches))
        self._reduce_fleet(pool.map)
        self._decide_relay()
        due = 1.0 / EXCHANGES
        while not self._ended():
            list(pool.map(lambda search: self._piece(search, limit), self.searches))
            self._report()
            if (self.control.used if limit is not None else self._share_used()) >= due:
                due += 1.0 / EXCHANGES
                self._exchange()

    def _reduce_fleet(self, each: Callable[..., Iterable[object]]) -> None:
        """Look for a plan with fewer vehicles where that pays."""
        if pays(self.problem, edge=self.searches[0].edge):
            FleetReduction(self.problem, self.searches, self.control).run(each)
            self._report()

    def _decide_relay(self) -> None:
        """End the annealing early where a local search goes on better, if it then has time to start."""
        problem, control = self.problem, self.control
        mixed = not problem.timed and problem.size <= SMALL_MIXED and has_exchangeable_types(problem)
        # Without time, annealing stays ahead as long as only total loads count and vehicles are alike.
        gains = problem.timed or problem.count[layout.TRIP_LOADS] or mixed
        if control.budget.iteration_limit is not None or not gains or problem.paired:
            return
        if problem.index.problem.objective.fewest_vehicles:
            return
        left = control.seconds_left
        if seconds_to_start(problem.index.problem) > START_SHARE * left:
            return
        if len(problem.index.problem.locations) > MOST_LOCATIONS:
            return
        long = self.searches[0].stops_per_route() >= LONG_ROUTE
        steady = not problem.timed or isinstance(self.searches[0], PlainAnnealing)
        if steady and not long and not mixed:
            return
        self.relayed = True
        expected = self.searches[0].speed * left / problem.size
        most, needed = (LONG_SHARE_BEFORE_RELAY, LONG_ITERATIONS) if long else (SHARE_BEFORE_RELAY, ITERATIONS)
        most = STEADY_LONG_SHARE_BEFORE_RELAY if steady else most
        share = min(MIXED_SHARE_BEFORE_RELAY if mixed else most, expected / needed)
        self.from_scratch = share < LEAST_SHARE
        if self.from_scratch:
            share = 0.0
        self._deadline = time.monotonic() + share * left

    def _piece(self, search: AnnealingSearch, limit: int | None) -> None:
        if limit is None:
            search.piece(min(1.0, max(0.0, self._share_used())), rest=max(1e-3, self._deadline - time.monotonic()))
        else:
            search.limited_piece(max(1, limit // self.threads))

    def _share_used(self) -> float:
        return (time.monotonic() - self.control.began) / max(1e-9, self._deadline - self.control.began)

    def _ended(self) -> bool:
        self.control.iterations = sum(search.iterations for search in self.searches)
        limit = self.control.budget.iteration_limit
        if limit is not None and self.searches[0].iterations >= max(1, limit // self.threads):
            self.control.limit = "iteration"
            return True
        return self.control.ended() or time.monotonic() >= self._deadline

    def _exchange(self) -> None:
        """Let the search with the dearest plan go on from the best one."""
        ordered = sorted(self.searches, key=lambda search: int(search.count_cost))
        ordered[-1].follow(ordered[0])

    def _report(self) -> None:
        """Report the best cost when it is better than the last one reported, at most four times a second."""
        best = min(search.best_cost for search in self.searches)
        now = time.monotonic()
        if now - self._reported >= SECONDS_BETWEEN_REPORTS and (self._told is None or best < self._told):
            self._told = best
            leader = min(self.searches, key=lambda search: search.best_cost)
            missing = self._set_aside + leader.best_missing()
            self.control.progress.incumbent(objective=leader.best_money(), bound=None, unassigned=missing)
            # Counted from here: the next one is heard no sooner, however long this took.
            self._reported = self.control.reported = time.monotonic()
