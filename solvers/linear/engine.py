"""
Run a model: the algorithms that suit it, in turn or side by side, until one of them has the answer.

An LP optimum counts only with its certificate: values, duals and reduced costs that prove one another optimal, recomputed from
the model. What an engine calls optimal without that goes to the next algorithm, and is called imprecise when none is left.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np
from ortools.util.python.solve_interrupter import SolveInterrupter

from solvers.base import Budget, Progress
from solvers.errors import EngineError
from solvers.linear import call
from solvers.linear.algorithms import CONSTRAINT_PROGRAMMING, FIRST_ORDER, SECOND_BRANCH_AND_BOUND, Algorithm
from solvers.linear.bound_history import BoundHistory
from solvers.linear.certificate import TOLERANCE, is_optimum, primal_violation
from solvers.linear.lanes import Entry, entry_of
from solvers.linear.model import Floats, LinearModel
from solvers.linear.proto import model_proto
from solvers.linear.race import Attempt, Finish, Lane, Race
from solvers.linear.raw import DETAILS, Raw, detail_of, raw_of, without_answer
from solvers.linear.result import Method
from solvers.linear.whole_numbers import WholeModel, whole_model

__all__ = ["DETAILS", "Raw", "run_engine", "run_second_engine"]

AFTER_STOP = 1.0
"""Seconds that a second engine gets for an answer after a request to stop."""

OVERRUN = 0.2
"""Seconds beyond its time limit until an engine that does not come back is left behind, with whatever it has found."""

SHORTEST_MEASURE = 0.01
"""Seconds of build below which nothing is said about the load of the machine."""

MOST_CONTENTION = 4.0
"""Slices of time grow no further than this on a machine that does other work."""

PROVED = ("infeasible", "unbounded", "infeasible_or_unbounded")
"""Reasons that are answers without a solution."""

OVERRUN_WITH_VALUE = 1.5
"""The same for branch and bound that has told of an answer: it looks at the clock between steps, which take their time."""


def run_engine(model: LinearModel, budget: Budget, progress: Progress, *, method: Method | None = None) -> Raw:
    """
    Run the algorithms that suit a model, or the one that `method` names.

    Parameters
    ----------
    model
        LP or MIP.
    budget
        Time limit in seconds (build included), iteration limit, relative gap, seed; more threads than one allow a race.
    progress
        Asked about every 50 ms whether to stop; hears of every better value and bound of a MIP.
    method
        Public name of an algorithm; None: chosen by the structure of the model.

    Raises
    ------
    EngineError
        When the library reports an error of its own, with its text, and no other algorithm has an answer.
    """
    return _Run(model, budget, progress, method).answer()


def run_second_engine(model: LinearModel, budget: Budget, progress: Progress) -> Raw:
    """
    Run SCIP on a MIP; see `run_engine`.

    Raises
    ------
    EngineError
        As `run_engine`.
    """
    run = _Run(model, budget, progress, None)
    return run.answer(Entry(lanes=[Lane(attempts=[Attempt(algorithm=SECOND_BRANCH_AND_BOUND)])], reason=""))


def _contention(clock: float, processor: float) -> float:
    """Return by how much the machine's other work stretched the build: 1 when alone or too short to tell, at most 4."""
    if clock < SHORTEST_MEASURE:
        return 1.0
    return min(max(clock / max(processor, SHORTEST_MEASURE), 1.0), MOST_CONTENTION)


class _Run:
    """One model on its way through the engines."""

    def __init__(self, model: LinearModel, budget: Budget, progress: Progress, method: Method | None) -> None:
        self._started, processor = time.monotonic(), time.thread_time()
        self._model = model
        self._budget = budget
        self._progress = progress
        self._method = method
        self._history = BoundHistory(sign=model.sign, progress=progress) if model.is_mip else None
        self._whole = whole_model(model) if self._may_be_whole() else None
        self._proto: Any = model_proto(model)
        self._built = time.monotonic()
        self._contention = _contention(self._built - self._started, time.thread_time() - processor)
        self._lanes = 1

    def answer(self, entry: Entry | None = None) -> Raw:
        """Return the answer of the race."""
        entry = entry or self._entry()
        self._lanes = len(entry.lanes)
        left = max(self._budget.time_limit - (self._built - self._started), 0.001)
        race = Race(entry.lanes, self._solve, self._is_final, seconds=left, overrun=self._overrun)
        finish = race.run(self._progress)
        raw = finish.winner or self._best(finish) or self._last_resort(finish, left)
        raw = self._with_bound(raw)
        told = self._told(raw, finish) if sum(len(lane.attempts) for lane in entry.lanes) > 1 else ""
        return replace(
            raw,
            reasons=tuple(reason for reason in (entry.reason, told) if reason),
            history=() if self._history is None else self._history.points,
            build_time=self._built - self._started,
            solve_time=time.monotonic() - self._built,
        )

    def _entry(self) -> Entry:
        is_whole = isinstance(self._whole, WholeModel)
        return entry_of(self._model, self._budget, self._method, is_whole=is_whole, contention=self._contention)

    def _may_be_whole(self) -> bool:
        """Tell whether constraint programming may be called, so that the model is looked at as whole numbers."""
        raced = self._method is None and self._budget.threads > 1 and self._budget.iteration_limit is None
        return self._model.is_mip and (raced or self._method == "constraint_programming")

    def _overrun(self) -> float:
        return OVERRUN if self._history is None or self._history.value is None else OVERRUN_WITH_VALUE

    def _solve(self, algorithm: Algorithm, seconds: float, interrupter: SolveInterrupter) -> Raw:
        """Run one algorithm; the threads that the other lanes leave are its own."""
        threads = max(1, self._budget.threads - (self._lanes - 1))
        budget = replace(self._budget, time_limit=seconds, threads=threads)
        proto, scale = self._proto, 1.0
        if algorithm is CONSTRAINT_PROGRAMMING:
            if not isinstance(self._whole, WholeModel):
                raise EngineError(f"{algorithm.words} cannot take the model: {self._whole}")
            proto, scale = model_proto(self._whole.model), self._whole.scale
        answer = call.call(
            proto,
            algorithm,
            budget,
            mip=self._model.is_mip,
            interrupter=interrupter,
            history=self._history,
            scale=scale,
            offset=self._model.offset if scale != 1.0 or proto is not self._proto else 0.0,
        )
        raw = raw_of(self._model, answer, algorithm)
        return raw if proto is self._proto else replace(raw, bound=raw.bound / scale + self._model.offset)

    def _is_final(self, raw: Raw) -> bool:
        """Tell whether an answer needs no other algorithm."""
        if raw.reason == "optimal":
            return self._model.is_mip or self._is_proved(raw)
        return raw.reason in PROVED or raw.limit in ("iteration", "node", "memory")

    def _is_proved(self, raw: Raw) -> bool:
        """Tell whether the certificate of an LP optimum holds, with a basis unless none was asked for."""
        if raw.values is None or raw.duals is None or raw.reduced_costs is None:
            return False
        if raw.column_status is None and raw.algorithm is not FIRST_ORDER:
            return False
        values = np.clip(raw.values, self._model.column_lower, self._model.column_upper)
        return is_optimum(self._model, values, raw.duals, raw.reduced_costs)

    def _best(self, finish: Finish) -> Raw | None:
        """Return the best of the answers that prove nothing; a claim of optimality without its proof is imprecise."""
        found = [(self._rank(raw.values), raw) for raw in finish.others if raw.values is not None]
        if not found:
            return finish.others[-1] if finish.others and not finish.stopped else None
        best = min(found, key=lambda pair: pair[0])[1]
        if best.reason == "optimal" and not self._model.is_mip:
            best = replace(best, reason="imprecise", detail=DETAILS["imprecise"])
        return self._ended(best, stopped=finish.stopped)

    def _rank(self, values: Floats) -> tuple[float, float]:
        """Return what makes one answer better than another: less violation above the tolerance, then a better objective."""
        inside = np.clip(values, self._model.column_lower, self._model.column_upper)
        violation = 0.0 if self._model.is_mip else primal_violation(self._model, inside)
        return max(violation - TOLERANCE, 0.0), self._model.sign * self._model.value(values)

    def _last_resort(self, finish: Finish, left: float) -> Raw:
        """Return what there is when no algorithm came back in time: after a request to stop, SCIP gets a moment."""
        over = time.monotonic() - self._built >= left
        if finish.error is not None and not finish.stopped and not over:
            raise finish.error
        if finish.stopped and self._model.is_mip and not over:
            seconds = min(left - (time.monotonic() - self._built), AFTER_STOP)
            try:
                return self._ended(self._solve(SECOND_BRANCH_AND_BOUND, seconds, SolveInterrupter()), stopped=True)
            except EngineError:
                pass  # the request to stop is what the caller is told, not that a last attempt failed too
        return without_answer("interrupted" if finish.stopped else "time")

    def _ended(self, raw: Raw, *, stopped: bool) -> Raw:
        """Return the answer with the request to stop as its limit, where that ended the search."""
        if not stopped or raw.limit not in ("time", "none"):
            return raw
        return replace(raw, limit="interrupted", detail=detail_of(raw.reason, "interrupted"))

    def _with_bound(self, raw: Raw) -> Raw:
        """Return the answer of a MIP with the best bound that any algorithm has proved, and close its history with both."""
        if self._history is None:
            return raw
        value = None if raw.values is None else self._model.value(raw.values)
        self._history.note(value=value, bound=raw.bound)
        bound = self._history.bound
        if value is None or bound is None or raw.reason == "optimal":
            return raw
        # An engine's tolerance can carry its bound beyond the value; the value is at least as good as its own bound.
        beyond = self._model.sign * (bound - value) > 0
        return replace(raw, bound=value if beyond else bound)

    def _told(self, raw: Raw, finish: Finish) -> str:
        """Return a sentence that names the algorithm that answered."""
        proved = raw is finish.winner or raw.reason in PROVED or raw.reason == "optimal"
        if raw.algorithm is None or (raw.values is None and not proved):
            return "no algorithm found an answer in time"
        said = f"{raw.algorithm.words} {'was the first with a proof' if proved else 'had the best answer'}"
        unproved = [other.algorithm.words for other in finish.others if other.reason == "optimal" and other.algorithm]
        return f"{said}; what {unproved[0]} called optimal did not stand its check" if unproved else said
