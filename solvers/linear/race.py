"""
Several algorithms at one model: in turn where there is one thread, side by side where there are more.

The first final answer wins. Losers are interrupted and waited for; one that hears no interruption is left behind, to end at its
own time limit or with its process. OR-Tools frees the interpreter during a solve, so threads suffice.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ortools.util.python.solve_interrupter import SolveInterrupter

from solvers.base import Progress
from solvers.errors import EngineError
from solvers.linear.algorithms import Algorithm
from solvers.linear.raw import Raw

POLL_SECONDS = 0.05
"""How often a running search is asked whether it should stop."""

JOIN_SECONDS = 1.0
"""Longest wait for a loser that hears of its interruption."""

LEAST_TIME = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One algorithm, and the seconds after which the next one of its lane takes over; None: it may use all that is left."""

    algorithm: Algorithm
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Attempts that one thread makes in turn, beginning `delay` seconds after the start; a race of one lane is none."""

    attempts: Sequence[Attempt]
    delay: float = 0.0


Solve = Callable[[Algorithm, float, SolveInterrupter], Raw]
"""Runs an algorithm within seconds; raises EngineError when the engine broke off."""


@dataclass(slots=True, eq=False)
class Finish:
    """
    How a race ended.

    `winner` is the final answer, None when there is none; `others` are answers that prove nothing, in the order in which they
    came. `stopped` is True when somebody asked to stop, `error` the last complaint of an engine.
    """

    winner: Raw | None = None
    others: list[Raw] = field(default_factory=list)
    stopped: bool = False
    error: EngineError | None = None


class Race:
    """
    One race; `run` is called once.

    Parameters
    ----------
    lanes
        Who runs; the first one is not delayed.
    solve
        Runs an algorithm.
    is_final
        Tells whether an answer needs no other one: proved, or ended by a limit of the caller's on iterations.
    seconds
        Time limit of the race.
    overrun
        Tells the seconds beyond it until an engine that does not come back is left behind.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        solve: Solve,
        is_final: Callable[[Raw], bool],
        *,
        seconds: float,
        overrun: Callable[[], float],
    ) -> None:
        self._lanes = lanes
        self._solve = solve
        self._is_final = is_final
        self._deadline = time.monotonic() + seconds
        self._overrun = overrun
        self._interrupter = SolveInterrupter()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._running: dict[int, Algorithm] = {}
        self._defect: BaseException | None = None
        self._finish = Finish()

    def run(self, progress: Progress) -> Finish:
        """
        Run until an answer is final, time is over, or `progress` asks to stop.

        Raises
        ------
        MemoryError
            When an engine ran out of memory and no other one answered.
        """
        # Not daemons: an interpreter that ends under a running search aborts, so it waits; a solver process is killed instead.
        workers = [
            threading.Thread(target=self._drive, args=(place, lane), name=f"lane-{place}", daemon=False)
            for place, lane in enumerate(self._lanes)
        ]
        for worker in workers:
            worker.start()
        while not self._ended.wait(POLL_SECONDS if len(workers) == 1 else POLL_SECONDS / 5):
            if not any(worker.is_alive() for worker in workers) or time.monotonic() > self._deadline + self._overrun():
                break
            if progress.stop_requested():
                self._finish.stopped = True
                break
        self._ended.set()
        self._interrupter.interrupt()
        self._join(workers)
        with self._lock:
            finish = replace(self._finish, others=list(self._finish.others))
        if self._defect is not None and finish.winner is None and not finish.others:
            raise self._defect
        return finish

    def _join(self, workers: Sequence[threading.Thread]) -> None:
        """Wait for the lanes whose engine hears of the interruption, and a moment for those that are about to end."""
        limit = time.monotonic() + JOIN_SECONDS
        for place, worker in enumerate(workers):
            running = self._running.get(place)
            patience = POLL_SECONDS if running is not None and not running.interruptible else limit - time.monotonic()
            worker.join(max(patience, 0.0))

    def _drive(self, place: int, lane: Lane) -> None:
        """Make the attempts of a lane in turn."""
        try:
            if lane.delay and self._ended.wait(lane.delay):
                return
            for attempt in lane.attempts:
                left = self._deadline - time.monotonic()
                if left <= 0 or self._ended.is_set():
                    return
                if self._try(place, attempt, left):
                    return
        except BaseException as defect:  # handed on to the thread that waits
            self._defect = defect
        finally:
            self._running.pop(place, None)
            if not self._running and len(self._lanes) == 1:
                self._ended.set()

    def _try(self, place: int, attempt: Attempt, left: float) -> bool:
        """Make one attempt; tell whether its answer is final."""
        self._running[place] = attempt.algorithm
        seconds = left if attempt.seconds is None else min(left, attempt.seconds)
        try:
            raw = self._solve(attempt.algorithm, max(seconds, LEAST_TIME), self._interrupter)
        except EngineError as error:
            self._finish.error = error
            return False
        with self._lock:
            if self._is_final(raw):
                if self._finish.winner is None:
                    self._finish.winner = raw
                self._ended.set()
                return True
            self._finish.others.append(raw)
        return False
