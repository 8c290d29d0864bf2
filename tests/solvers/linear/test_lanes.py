"""Which algorithms run on which model."""

from dataclasses import replace

import pytest

from solvers.linear.lanes import SMALL, entry_of
from solvers.linear.model import LinearModel
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model

LP, MIP = model(REDDY_MIKKS), model(integer(REDDY_MIKKS))


class Large(LinearModel):
    """A model that says it is large."""

    nonzeros = SMALL + 1


LARGE = Large(**{name: getattr(LP, name) for name in LinearModel.__slots__})


def methods(made: LinearModel, *, threads: int = 1, iterations: int | None = None, is_whole: bool = False) -> list[list[str]]:
    """Return the libraries of the attempts of every lane."""
    entry = entry_of(made, replace(BUDGET, threads=threads, iteration_limit=iterations), None, is_whole=is_whole)
    return [[attempt.algorithm.words.rpartition("(")[2].rstrip(")") for attempt in lane.attempts] for lane in entry.lanes]


def test_a_small_program_begins_with_the_primal_simplex_method() -> None:
    """The others only step in."""
    assert methods(LP) == [["GLOP", "HiGHS", "HiGHS", "GLOP"]]


def test_a_large_program_begins_with_highs_and_ends_with_a_feasible_point() -> None:
    """The first slice is a share of the time limit, and a reserve stays for the method that has a point at any time."""
    assert methods(LARGE) == [["HiGHS", "HiGHS", "GLOP"]]
    attempts = entry_of(LARGE, replace(BUDGET, time_limit=1.0), None, is_whole=False).lanes[0].attempts
    assert [attempt.seconds for attempt in attempts] == [pytest.approx(0.15), pytest.approx(0.6), None]


def test_slices_grow_with_the_load_of_the_machine() -> None:
    """A slice means processor time; its share of the time limit stays."""
    budget = replace(BUDGET, time_limit=1000.0)
    seconds = [entry_of(LP, budget, None, is_whole=False, contention=load).lanes[0].attempts[0].seconds for load in (1.0, 3.0)]
    assert seconds == [2.0, 6.0]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_named_method_runs_no_other(threads: int) -> None:
    """Simplex means simplex, whatever the size."""
    for made in (LP, LARGE):
        entry = entry_of(made, replace(BUDGET, threads=threads), "simplex", is_whole=False)
        assert {attempt.algorithm.method for lane in entry.lanes for attempt in lane.attempts} == {"simplex"}


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_make_a_race(threads: int) -> None:
    """There are as many lanes as threads; only the first begins at once."""
    entry = entry_of(LARGE, replace(BUDGET, threads=threads), None, is_whole=False)
    assert [lane.delay > 0 for lane in entry.lanes] == [False, *[True] * (threads - 1)]
    assert "join" in entry.reason


@pytest.mark.parametrize("made", [LP, LARGE, MIP])
def test_an_iteration_limit_makes_no_race(made: LinearModel) -> None:
    """One algorithm runs alone, so that the same request repeats its answer."""
    assert len(methods(made, threads=4, iterations=100)) == 1


def test_constraint_programming_races_on_whole_numbers_only() -> None:
    """Continuous columns bring a second branch and bound instead; one thread has no race."""
    assert methods(MIP, threads=2, is_whole=True)[1] == ["CP-SAT"]
    assert methods(MIP, threads=2)[1] == ["SCIP"]
    assert len(methods(MIP, is_whole=True)) == 1
