"""Races of algorithms, with stand-ins for the engines."""

import threading
import time
from collections.abc import Callable

import pytest
from ortools.util.python.solve_interrupter import SolveInterrupter

from solvers.base import Silent
from solvers.errors import EngineError
from solvers.linear.algorithms import DUAL_SIMPLEX, INTERIOR_POINT, LARGE_SIMPLEX, PRIMAL_SIMPLEX, Algorithm
from solvers.linear.race import Attempt, Finish, Lane, Race
from solvers.linear.raw import Raw, without_answer

Stand = Callable[[float, SolveInterrupter], str]


def made(reason: str, algorithm: Algorithm) -> Raw:
    raw = without_answer("none")
    return Raw(**{name: getattr(raw, name) for name in raw.__slots__} | {"reason": reason, "algorithm": algorithm})


def until_interrupted(seconds: float, interrupter: SolveInterrupter) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not interrupter.interrupted:
        time.sleep(0.005)
    return "feasible"


def deaf(seconds: float, interrupter: SolveInterrupter) -> str:
    time.sleep(0.8)
    return "optimal"


def broken(seconds: float, interrupter: SolveInterrupter) -> str:
    raise EngineError("abnormal")


def at_once(seconds: float, interrupter: SolveInterrupter) -> str:
    return "optimal"


def race(lanes: list[Lane], stands: dict[Algorithm, Stand], *, seconds: float = 5.0, progress: Silent | None = None) -> Finish:
    def solve(algorithm: Algorithm, limit: float, interrupter: SolveInterrupter) -> Raw:
        return made(stands[algorithm](limit, interrupter), algorithm)

    run = Race(lanes, solve, lambda raw: raw.reason == "optimal", seconds=seconds, overrun=lambda: 0.05)
    return run.run(progress or Silent())


def lane(*algorithms: Algorithm, seconds: float | None = None, delay: float = 0.0) -> Lane:
    first, *rest = algorithms
    attempts = [Attempt(algorithm=first, seconds=seconds), *[Attempt(algorithm=algorithm) for algorithm in rest]]
    return Lane(attempts=attempts, delay=delay)


def test_the_first_final_answer_wins_and_the_loser_is_joined() -> None:
    """A loser that hears of its interruption has ended when the race has."""
    before = threading.active_count()
    finish = race([lane(PRIMAL_SIMPLEX), lane(DUAL_SIMPLEX)], {PRIMAL_SIMPLEX: until_interrupted, DUAL_SIMPLEX: at_once})
    assert finish.winner is not None
    assert finish.winner.algorithm is DUAL_SIMPLEX
    assert threading.active_count() == before


def test_a_broken_engine_hands_over_to_the_next_of_its_lane() -> None:
    """An error is no answer."""
    finish = race([lane(PRIMAL_SIMPLEX, LARGE_SIMPLEX)], {PRIMAL_SIMPLEX: broken, LARGE_SIMPLEX: at_once})
    assert finish.winner is not None
    assert finish.winner.algorithm is LARGE_SIMPLEX


def test_an_attempt_ends_with_its_slice() -> None:
    """With one lane the algorithms take turns."""
    started = time.monotonic()
    finish = race(
        [lane(PRIMAL_SIMPLEX, INTERIOR_POINT, seconds=0.05)], {PRIMAL_SIMPLEX: until_interrupted, INTERIOR_POINT: at_once}
    )
    assert finish.winner is not None
    assert finish.winner.algorithm is INTERIOR_POINT
    assert [raw.reason for raw in finish.others] == ["feasible"]
    assert time.monotonic() - started < 1


def test_a_delayed_lane_does_not_start_after_the_end() -> None:
    """Easy models never see a second algorithm."""
    finish = race([lane(PRIMAL_SIMPLEX), lane(DUAL_SIMPLEX, delay=0.2)], {PRIMAL_SIMPLEX: at_once})
    assert finish.winner is not None
    assert not finish.others


def test_an_engine_that_does_not_come_back_is_left_behind() -> None:
    """The race ends at its time limit."""
    started = time.monotonic()
    finish = race([lane(LARGE_SIMPLEX)], {LARGE_SIMPLEX: deaf}, seconds=0.05)
    assert finish.winner is None
    assert time.monotonic() - started < 0.6


def test_a_request_to_stop_ends_the_race_with_what_there_is() -> None:
    """The interrupted algorithm hands back its best answer."""

    class Impatient(Silent):
        def stop_requested(self) -> bool:
            return True

    finish = race([lane(PRIMAL_SIMPLEX)], {PRIMAL_SIMPLEX: until_interrupted}, progress=Impatient())
    assert finish.stopped
    assert [raw.reason for raw in finish.others] == ["feasible"]


def test_a_shortage_of_memory_is_passed_on() -> None:
    """What is no complaint of an engine is not swallowed."""

    def short(seconds: float, interrupter: SolveInterrupter) -> str:
        raise MemoryError

    with pytest.raises(MemoryError):
        race([lane(PRIMAL_SIMPLEX)], {PRIMAL_SIMPLEX: short})


def test_an_error_of_every_algorithm_is_told() -> None:
    """The last complaint is kept."""
    finish = race([lane(PRIMAL_SIMPLEX)], {PRIMAL_SIMPLEX: broken})
    assert str(finish.error) == "abnormal"
    assert finish.winner is None
