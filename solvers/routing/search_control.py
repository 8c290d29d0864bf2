"""When a search ends, and what it tells its supervisor on the way."""

import time
from collections.abc import Callable
from dataclasses import replace

import pyvrp

from models.run import Limit
from solvers.base import Budget, Progress, Silent

SECONDS_BETWEEN_REPORTS = 0.25
SECONDS_BETWEEN_POLLS = 0.05
SECONDS_FOR_A_PLAN = 1.0


class SearchControl:
    """
    PyVRP's stopping criterion: time, iterations, or a request to stop.

    `limit` tells afterwards which of them ended the search. One object may serve several searches after another; iterations
    add up.
    """

    def __init__(self, budget: Budget, progress: Progress, *, started: float, kept: float = 0.0) -> None:
        self.budget = budget
        self.progress = progress
        self.deadline = started + budget.time_limit - kept
        self.latest = started + budget.time_limit
        """When everything that follows the search is done, too."""
        self.last_call = self.deadline + SECONDS_FOR_A_PLAN
        """When a construction stops, too: better a little late than a plan that leaves out what could be served."""
        self.iterations = 0
        self.limit: Limit | None = None
        self._next_poll = started
        self.began = started
        self.reported = 0.0
        """When a better plan was last told of; searches one after the other keep their distance."""

    def begin(self) -> None:
        """Note that everything is built and the search begins."""
        self.began = time.monotonic()

    def __call__(self, best_cost: float) -> bool:
        """Tell whether to end the search; PyVRP asks before each iteration."""
        self.limit = self._crossed()
        if self.limit is None:
            self.iterations += 1
        return self.limit is not None

    def ended(self) -> bool:
        """Tell whether the budget is used up, without counting an iteration."""
        self.limit = self._crossed()
        return self.limit is not None

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.monotonic())

    def _crossed(self) -> Limit | None:
        now = time.monotonic()
        if now >= self.deadline:
            return "time"
        if self.budget.iteration_limit is not None and self.iterations >= self.budget.iteration_limit:
            return "iteration"
        if now >= self._next_poll:
            self._next_poll = now + SECONDS_BETWEEN_POLLS
            if self.progress.stop_requested():
                return "interrupted"
        return None

    @property
    def seconds_for_proof(self) -> float:
        """Seconds after the search that are left for a bound of its plan; none where the caller asked to stop."""
        return 0.0 if self.limit == "interrupted" else max(0.0, self.latest - time.monotonic())

    def has_time_for(self, seconds: float) -> bool:
        """Tell whether something that cannot be interrupted fits; repeatable when iterations are limited."""
        if self.budget.iteration_limit is not None:
            return seconds < self.budget.time_limit
        return time.monotonic() + seconds < self.deadline

    def part(self, *, seconds: float, iterations: int | None, seed: int) -> "SearchControl":
        """Return the control of one search among several, within what is left of this one."""
        # Limited iterations are repeatable: only the deadline of the whole cuts them short.
        seconds = max(1e-3, min(seconds, self.seconds_left)) if iterations is None else self.budget.time_limit
        budget = replace(self.budget, time_limit=seconds, iteration_limit=iterations, seed=seed)
        control = SearchControl(budget, StopOnly(self.progress), started=time.monotonic())
        control.deadline = min(control.deadline, self.deadline)
        control.last_call = self.last_call
        return control

    @property
    def used(self) -> float:
        """Share of the budget that is used up, by iterations where they are limited, else by time."""
        if self.budget.iteration_limit is not None:
            return self.iterations / max(1, self.budget.iteration_limit)
        return 1 - (self.deadline - time.monotonic()) / self.budget.time_limit


class StopOnly(Silent):
    """The `Progress` of a part of a search: costs of parts are not reported, requests to stop are heard."""

    def __init__(self, whole: Progress) -> None:
        self.whole = whole

    def stop_requested(self) -> bool:
        """Tell whether the whole search should end."""
        return self.whole.stop_requested()


class UntilFeasible:
    """Ends a search that has found nothing feasible after a share of the budget; otherwise as its control says."""

    def __init__(self, control: SearchControl, *, share: float) -> None:
        self.control = control
        self.share = share
        self.gave_up = False

    def __call__(self, best_cost: float) -> bool:
        """Tell whether to end the search; the cost of an infeasible solution is PyVRP's largest integer."""
        if best_cost >= 2**62 and self.control.used >= self.share:
            self.gave_up = True
            return True
        return self.control(best_cost)


class IncumbentReports(pyvrp.IteratedLocalSearchCallbacks):  # type: ignore[misc]  # pyvrp is followed as Any
    """Reports each better solution, at most four a second."""

    def __init__(self, progress: Progress, money: Callable[[pyvrp.Solution], float], *, orders: int, last: float) -> None:
        self.progress = progress
        self.money = money
        self.orders = orders
        """Orders of the request, so that those left out can be counted."""
        self._last = last

    def on_best(self, best: pyvrp.Solution) -> None:
        """Report the cost of a new best solution in the caller's money."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_REPORTS and best.is_feasible():
            self._last = now
            missing = self.orders - best.num_clients() - best.num_shipments()
            self.progress.incumbent(objective=self.money(best), bound=None, unassigned=missing)
