"""
Ruin and recreate with simulated annealing, compiled: slack induction by string removals.

Strings of adjacent stops are taken out of routes near one another and put back where they are cheapest, hundreds of thousands
of times; worse plans are accepted as the temperature allows. Every thread searches by itself; now and then the one with the
dearest plan goes on from the best.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Schrimpf, G., Schneider, J., Stamm-Wilbrandt, H., Dueck, G. (2000). Record breaking optimization
results using the ruin and recreate principle. Journal of Computational Physics 159(2), 139-171.
"""

import time
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from models.routing import RoutingProblem, RoutingSolution
from solvers.base import Budget, Outcome, Progress
from solvers.routing.annealing import Annealing, AnnealingParameters, parameters_of
from solvers.routing.compiled_problem import CompiledProblem, CompiledProblemBuilder
from solvers.routing.current_routes import with_saving
from solvers.routing.engine_search import MOST_LOCATIONS, EngineSearch, seconds_to_start
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.iterated_local_search import PROOF_SHARE, kept_seconds, outcome_of, refined, searched
from solvers.routing.joint_plan import JointPlan
from solvers.routing.nearness import near_stops
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, indexed
from solvers.routing.routing_plan import trivial_plan
from solvers.routing.search_control import SECONDS_BETWEEN_REPORTS, SearchControl
from solvers.routing.semantics_travel import has_nulls, timed

EXCHANGES = 20
"""How often in a search threads look at one another's plans."""

LONG_ROUTE = 20.0
"""Mean stops per route from which routes count as long: there annealing with time windows levels off, or takes too long."""

SHARE_BEFORE_RELAY = 0.75
LONG_SHARE_BEFORE_RELAY = 0.6
"""Largest shares of the time for annealing when the rest goes to local search, for short and for long routes."""

ITERATIONS, LONG_ITERATIONS = 400.0, 1_500.0
"""Iterations per stop that annealing of short and of long routes needs: it gets the share of the time that it can use."""

LEAST_SHARE = 0.08
"""Below this share annealing is left out: local search from its own start is then better than from a half-annealed plan."""

MOST_PLACES = 7_000
"""Most locations: matrices of that size, and what they are made from, take about 1.5 GB."""

LARGE, SECONDS_AN_ORDER = 2_000, 0.02
"""Beyond so many orders annealing needs this many seconds for each."""

START_SHARE = 0.1
"""Largest share of the time that local search may need to start for a relay to pay."""


class RuinAndRecreate:
    """Compiled ruin and recreate for clients, shipments, windows, loads, durations and mixed fleets."""

    name: ClassVar[str] = "ruin_and_recreate"
    libraries: ClassVar[tuple[str, ...]] = ("numba",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or which condition the compiled search does not carry."""
        if any(v.count and v.reload_depots and v.max_reloads != 0 for v in problem.vehicle_types):
            return "it does not plan reloads"
        if len(problem.locations) > MOST_PLACES:
            return f"its matrices would take too much memory beyond {MOST_PLACES:,} locations"
        several = any(len(client.time_windows) > 1 for client in problem.clients)
        lasting = any(v.count and (v.cost_per_duration or v.max_duration is not None) for v in problem.vehicle_types)
        released = any(client.release_time for client in problem.clients)
        if several and (lasting or released):
            return "it does not weigh durations or release times together with several time windows of a client"
        return better_left_to_local_search(problem) if problem.options.solver == "auto" else None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Search until time, iterations or a request to stop end it; the plan is always feasible.

        Parameters
        ----------
        problem
            A problem without semantic issues that is supported.
        budget
            Time from the start of this call, iterations, seed and threads.
        progress
            Hears of better plans at most four times a second.
        """
        started = time.monotonic()
        index = indexed(problem)
        if not index.fleet:
            return with_saving(problem, trivial_plan(index, {}))
        impossible = impossible_orders(index, deadline=started + PROOF_SHARE * budget.time_limit)
        if len(impossible) == len(problem.clients) + len(problem.shipments):
            return with_saving(problem, trivial_plan(index, impossible))
        control = SearchControl(budget, progress, started=started, kept=kept_seconds(problem, budget))
        compiled = CompiledProblemBuilder(index, left_out=set(impossible)).build()
        search = ParallelAnnealing(compiled, parameters_of(compiled), control)
        routes = search.run()
        began = control.began
        if search.relayed and control.limit != "interrupted":
            engine = EngineSearch(index, set(impossible), control)
            other = searched(index, set(impossible), control) if search.from_scratch else engine.run(routes)
            routes = min((other, routes), key=lambda plan: _rank(index, set(impossible), plan))
        control.began = began
        routes = refined(index, routes, set(impossible), control)
        return outcome_of(index, routes, impossible, control, started=started, threads=search.threads)


def better_left_to_local_search(problem: RoutingProblem) -> str | None:
    """Return why `auto` prefers iterated local search although ruin and recreate could do it, from measured structures."""
    if any(
        has_nulls(matrix) for profile in problem.travel.profiles.values() for matrix in (profile.distances, profile.durations)
    ):
        return "a client that can only be served between two others has no place of its own, and some ways do not exist"
    orders = len(problem.clients) + len(problem.shipments)
    if orders > LARGE and problem.options.time_limit_s < orders * SECONDS_AN_ORDER:
        return "iterated local search by neighbourhoods is ahead of it with so many orders in so little time"
    if problem.shipments or not timed(problem):
        return None
    if any(not client.required for client in problem.clients):
        return "iterated local search is ahead of it where prizes decide who is served within time windows"
    if len({v.start_depot for v in problem.vehicle_types if v.count}) > 1:
        return "iterated local search is ahead of it where several depots share clients with time windows"
    return None


def _rank(index: ProblemIndex, impossible: Set[str], routes: Sequence[PlannedRoute]) -> tuple[int, float]:
    """Return what is missing, then what it costs; the lesser plan is better."""
    plan = JointPlan(index, impossible)
    plan.replace([], routes)
    return plan.rank()


class ParallelAnnealing:
    """
    One search for each thread, and what they tell one another.

    Parameters
    ----------
    problem
        The problem as arrays.
    parameters
        How hard to search.
    control
        Time, iterations, seed and threads; hears of better plans.
    """

    def __init__(self, problem: CompiledProblem, parameters: AnnealingParameters, control: SearchControl) -> None:
        self.problem = problem
        self.control = control
        self.threads = max(1, control.budget.threads)
        self.near = near_stops(problem, neighbours=parameters.neighbours, around=parameters.around)
        self.searches = [
            Annealing(problem, self.near, parameters, seed=control.budget.seed + 7_919 * i) for i in range(self.threads)
        ]
        self.relayed = False
        """Whether the annealing ends early, for a local search that goes on from its best plan."""
        self.from_scratch = False
        """Whether that local search does better to start by itself: there is no time to anneal."""
        self._deadline = control.deadline
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
        return self.problem.plan(best.best)

    def _run_alone(self, limit: int | None) -> None:
        search = self.searches[0]
        search.construct()
        self._report()
        search.descend()
        self._decide_relay()
        while not self._ended():
            self._piece(search, limit)
            self._report()

    def _run_together(self, pool: ThreadPoolExecutor, limit: int | None) -> None:
        """Let every thread run one piece after another; all wait for one another after each."""
        list(pool.map(Annealing.construct, self.searches))
        self._report()
        list(pool.map(Annealing.descend, self.searches))
        self._decide_relay()
        due = 1.0 / EXCHANGES
        while not self._ended():
            list(pool.map(lambda search: self._piece(search, limit), self.searches))
            self._report()
            if (self.control.used if limit is not None else self._share_used()) >= due:
                due += 1.0 / EXCHANGES
                self._exchange()

    def _decide_relay(self) -> None:
        """End the annealing early where there are windows, if a local search then has time to start."""
        problem, control = self.problem, self.control
        if control.budget.iteration_limit is not None or not problem.timed or problem.paired:
            return
        left = control.seconds_left
        if seconds_to_start(problem.index.problem) > START_SHARE * left:
            return
        if len(problem.index.problem.locations) > MOST_LOCATIONS:
            return
        self.relayed = True
        long = self.searches[0].stops_per_route() >= LONG_ROUTE
        expected = self.searches[0].speed * left / problem.size
        most, needed = (LONG_SHARE_BEFORE_RELAY, LONG_ITERATIONS) if long else (SHARE_BEFORE_RELAY, ITERATIONS)
        share = min(most, expected / needed)
        self.from_scratch = share < LEAST_SHARE
        if self.from_scratch:
            share = 0.0
        self._deadline = time.monotonic() + share * left

    def _piece(self, search: Annealing, limit: int | None) -> None:
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
            self._reported, self._told = now, best
            money = min(self.searches, key=lambda search: search.best_cost).best_money()
            self.control.progress.incumbent(objective=money, bound=None)
