"""
Ruin and recreate for every condition of the contract: each candidate route is scheduled as a whole.

Orders are taken out of routes near one another and put back where they cost least; worse plans are accepted as the
temperature allows. What cannot be judged stop by stop, such as breaks, prices of lateness and overtime, or sequences, is judged
on the whole route, so an iteration takes longer than in the search for plain conditions.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Vidal, T., Crainic, T. G., Gendreau, M., Prins, C. (2014). A unified solution framework for
multi-attribute vehicle routing problems. European Journal of Operational Research 234(3), 658-673.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import ClassVar

from models.routing import RoutingProblem, RoutingSolution
from solvers.base import Budget, Outcome, Progress
from solvers.routing.current_routes import with_saving
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.iterated_local_search import PROOF_SHARE, kept_seconds, outcome_of
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import indexed
from solvers.routing.rich.annealing import RichAnnealing
from solvers.routing.rich.rich_arrays import RichArrays
from solvers.routing.rich_constraints import MAX_ORDERS, rich_constraints
from solvers.routing.routing_plan import trivial_plan
from solvers.routing.search_control import SECONDS_BETWEEN_REPORTS, SearchControl
from solvers.routing.start_routes import given_routes, start_words

EXCHANGES = 10
"""How often in a search the thread with the worst plan goes on from the best."""


class GeneralRuinAndRecreate:
    """Ruin and recreate that judges whole routes."""

    name: ClassVar[str] = "general_ruin_and_recreate"
    libraries: ClassVar[tuple[str, ...]] = ("numba",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or that the problem is too large."""
        orders = max(len(problem.clients) + len(problem.shipments), len(problem.locations))
        return None if orders <= MAX_ORDERS else f"it takes up to {MAX_ORDERS:,} orders and locations"

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
        if not any(vehicle_type.count for vehicle_type in problem.vehicle_types):
            return with_saving(problem, trivial_plan(indexed(problem), {}))
        index = replace(indexed(problem), always_rich=True)
        impossible = impossible_orders(index, deadline=started + PROOF_SHARE * budget.time_limit)
        if len(impossible) == len(problem.clients) + len(problem.shipments):
            return with_saving(problem, trivial_plan(index, impossible))
        control = SearchControl(budget, progress, started=started, kept=kept_seconds(problem, budget, small=False))
        arrays = RichArrays(index, set(impossible))
        threads = max(1, budget.threads)
        searches = [RichAnnealing(arrays, seed=budget.seed + 7_919 * i) for i in range(threads)]
        start = given_routes(index, set(impossible))
        kept = [search.begin_with(start) for search in searches] if start else [[]]
        routes = JointSearch(searches, control).run()
        outcome = outcome_of(index, routes, impossible, control, started=started, threads=threads)
        return replace(outcome, reasons=[_reason(problem), *start_words(index, kept[0])])


class JointSearch:
    """
    One search for each thread; now and then the one with the worst plan goes on from the best.

    Parameters
    ----------
    searches
        The searches, one for each thread.
    control
        Time, iterations and requests to stop; hears of better plans.
    """

    def __init__(self, searches: list[RichAnnealing], control: SearchControl) -> None:
        self.searches = searches
        self.control = control
        self._reported = 0.0
        self._told: tuple[float, float, float] | None = None

    def run(self) -> list[PlannedRoute]:
        """Return the best routes found."""
        self.control.begin()
        with ThreadPoolExecutor(len(self.searches)) as pool:
            list(pool.map(RichAnnealing.construct, self.searches))
            due = 1.0 / EXCHANGES
            while not self._ended():
                list(pool.map(self._piece, self.searches))
                if self._used() >= due:
                    due += 1.0 / EXCHANGES
                    self._exchange()
                self._report()
        return min(self.searches, key=lambda search: search.rank).best()

    def _piece(self, search: RichAnnealing) -> None:
        limit = self.control.budget.iteration_limit
        if limit is None:
            search.piece(min(1.0, max(0.0, self._used())), rest=max(1e-3, self.control.seconds_left))
        else:
            search.limited_piece(max(1, limit // len(self.searches)))

    def _used(self) -> float:
        limit = self.control.budget.iteration_limit
        if limit is not None:
            return self.searches[0].iterations / max(1, limit // len(self.searches))
        began, deadline = self.control.began, self.control.deadline
        return (time.monotonic() - began) / max(1e-9, deadline - began)

    def _ended(self) -> bool:
        self.control.iterations = sum(search.iterations for search in self.searches)
        limit = self.control.budget.iteration_limit
        if limit is not None and self.searches[0].iterations >= max(1, limit // len(self.searches)):
            self.control.limit = "iteration"
            return True
        return self.control.ended()

    def _exchange(self) -> None:
        ordered = sorted(self.searches, key=lambda search: search.rank)
        if len(ordered) > 1:
            ordered[-1].follow(ordered[0])

    def _report(self) -> None:
        best = min(search.rank for search in self.searches)
        now = time.monotonic()
        if now - self._reported >= SECONDS_BETWEEN_REPORTS and (self._told is None or best < self._told):
            self._reported, self._told = now, best
            self.control.progress.incumbent(objective=best[-1], bound=None)


def _reason(problem: RoutingProblem) -> str:
    """Return why the whole routes are judged."""
    names = rich_constraints(problem)
    if not names:
        return "general_ruin_and_recreate: it carries every condition; none of this request needs it"
    return f"general_ruin_and_recreate: the request has {', '.join(names)}"
