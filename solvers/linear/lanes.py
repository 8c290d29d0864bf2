"""
Which algorithms run on a model, chosen by its structure, with the reason in a sentence.

Measured with OR-Tools 9.15 on generated inventory plans (26,000 rows and 77,000 columns, ten kinds), on transport, set cover,
packing, multicommodity flow and dispatch programs and on netlib (docs/decisions/0009): up to some 30,000 nonzeros the primal
simplex method of GLOP is as quick as any. On larger programs the dual simplex method of HiGHS either ends soon or may take
minutes; interior point with crossover always takes its few seconds. So the first gets a fraction of what the second would need.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from solvers.base import Budget
from solvers.linear.algorithms import (
    BRANCH_AND_BOUND,
    CONSTRAINT_PROGRAMMING,
    DUAL_SIMPLEX,
    FIRST_ORDER,
    INTERIOR_POINT,
    LARGE_SIMPLEX,
    PRIMAL_SIMPLEX,
    SECOND_BRANCH_AND_BOUND,
    Algorithm,
)
from solvers.linear.model import LinearModel
from solvers.linear.race import Attempt, Lane
from solvers.linear.result import Method

SMALL = 30_000
"""Most nonzeros of an LP that the primal simplex method begins."""

SMALL_SLICE = 2.0
"""Seconds after which a small LP is no longer left to the primal simplex method alone."""

SECONDS_PER_NONZERO = 1.2e-5
"""Slice of the first algorithm on a large LP: a third to a half of what interior point needs for each nonzero."""

LEAST_SLICE = 0.5
LARGEST_SHARE = 0.15
"""Share of the time limit that the first algorithm may have for itself."""

RESERVE_PER_NONZERO = 1e-5
"""Seconds kept at the end of a large LP for the primal simplex method, which has a feasible point when the clock ends it."""

LARGEST_RESERVE = 0.25
"""Share of the time limit that the reserve never exceeds."""

HEAD_START = 0.25
"""Part of its slice that the first algorithm runs alone where threads allow a race: easy models never see a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who runs on a model, and the reason as a sentence."""

    lanes: Sequence[Lane]
    reason: str


def entry_of(model: LinearModel, budget: Budget, method: Method | None, *, is_whole: bool, contention: float = 1.0) -> Entry:
    """
    Return who runs on a model, and why.

    Parameters
    ----------
    model
        LP or MIP.
    budget
        `threads` bounds the number of lanes. With an iteration limit one algorithm runs alone, so that the same request gets
        the same answer.
    method
        The one that the caller named; None: chosen here.
    is_whole
        True for a model of integer columns and coefficients only, which constraint programming can take.
    contention
        Seconds by the clock for every second of processor time; slices grow with it.
    """
    if model.is_mip:
        return _mip_entry(budget, method, is_whole=is_whole)
    if method == "first_order":
        return Entry(lanes=[_alone(FIRST_ORDER)], reason=f"{FIRST_ORDER.words} was asked for: no vertex, no basis")
    if method == "interior_point":
        return Entry(lanes=[_alone(INTERIOR_POINT, LARGE_SIMPLEX)], reason=f"{INTERIOR_POINT.words} was asked for")
    if budget.iteration_limit is not None:
        reason = f"an iteration limit is kept by {PRIMAL_SIMPLEX.words} alone, so that the same request repeats its answer"
        return Entry(lanes=[_alone(PRIMAL_SIMPLEX)], reason=reason)
    entry = _small_entry if model.nonzeros <= SMALL else _large_entry
    return entry(model, budget, method, contention)


def _alone(*algorithms: Algorithm) -> Lane:
    """Return a lane whose later algorithms only step in where the earlier ones break off."""
    return Lane(attempts=[Attempt(algorithm=algorithm) for algorithm in algorithms])


def _of(method: Method | None, *algorithms: Algorithm) -> list[Algorithm]:
    """Return the algorithms that the caller's method allows."""
    return [algorithm for algorithm in algorithms if method in (None, algorithm.method)]


def _small_entry(model: LinearModel, budget: Budget, method: Method | None, contention: float) -> Entry:
    """Begin with the primal simplex method; with one thread the next has its turn after a slice, with more it joins."""
    others = _of(method, INTERIOR_POINT, LARGE_SIMPLEX, DUAL_SIMPLEX)
    slice_seconds = min(SMALL_SLICE * contention, LARGEST_SHARE * budget.time_limit)
    if budget.threads == 1:
        first = Attempt(algorithm=PRIMAL_SIMPLEX, seconds=slice_seconds)
        lanes = [Lane(attempts=[first, *[Attempt(algorithm=algorithm) for algorithm in others]])]
        return Entry(
            lanes=lanes, reason=_told(model, [PRIMAL_SIMPLEX, others[0]], f"follows after {slice_seconds:.2g} seconds")
        )
    return _raced(model, budget, _alone(PRIMAL_SIMPLEX, *others[budget.threads - 1 :]), others, slice_seconds)


def _large_entry(model: LinearModel, budget: Budget, method: Method | None, contention: float) -> Entry:
    """Begin with the dual simplex method of HiGHS; the primal one of GLOP has the last word, for a feasible point in time."""
    limit = budget.time_limit
    reserve = min(RESERVE_PER_NONZERO * model.nonzeros, LARGEST_RESERVE * limit)
    slice_seconds = contention * max(LEAST_SLICE, SECONDS_PER_NONZERO * model.nonzeros)
    slice_seconds = min(slice_seconds, LARGEST_SHARE * limit)
    others = _of(method, INTERIOR_POINT, PRIMAL_SIMPLEX, DUAL_SIMPLEX)
    last = Attempt(algorithm=PRIMAL_SIMPLEX)
    if budget.threads > 1:
        lane = Lane(attempts=[Attempt(algorithm=LARGE_SIMPLEX, seconds=limit - reserve), last])
        return _raced(model, budget, lane, others, slice_seconds)
    turns = [Attempt(algorithm=LARGE_SIMPLEX, seconds=slice_seconds if method is None else limit - reserve)]
    if method is None:
        turns.append(Attempt(algorithm=INTERIOR_POINT, seconds=limit - reserve - slice_seconds))
    reason = _told(model, [LARGE_SIMPLEX, others[0]], f"follows after {turns[0].seconds:.2g} seconds")
    return Entry(lanes=[Lane(attempts=[*turns, last])], reason=reason)


def _raced(model: LinearModel, budget: Budget, first: Lane, others: Sequence[Algorithm], slice_seconds: float) -> Entry:
    """Let as many others as threads allow join the first lane after its head start."""
    delay = HEAD_START * slice_seconds
    joining = others[: budget.threads - 1]
    lanes = [first, *[Lane(attempts=[Attempt(algorithm=algorithm)], delay=delay) for algorithm in joining]]
    verb = "joins" if len(joining) == 1 else "join"
    algorithms = [first.attempts[0].algorithm, *joining]
    return Entry(lanes=lanes, reason=_told(model, algorithms, f"{verb} the race after {delay:.2g} seconds"))


def _told(model: LinearModel, algorithms: Sequence[Algorithm], rest: str) -> str:
    """Return the reason of an LP's entry as a sentence."""
    size = "small" if model.nonzeros <= SMALL else "large"
    others = " and ".join(algorithm.words for algorithm in algorithms[1:])
    return f"{model.nonzeros} nonzeros make a {size} linear program: {algorithms[0].words} begins, and {others} {rest}"


def _mip_entry(budget: Budget, method: Method | None, *, is_whole: bool) -> Entry:
    if method == "constraint_programming":
        return Entry(lanes=[_alone(CONSTRAINT_PROGRAMMING)], reason=f"{CONSTRAINT_PROGRAMMING.words} was asked for")
    lane = _alone(BRANCH_AND_BOUND, SECOND_BRANCH_AND_BOUND)
    if budget.iteration_limit is not None:
        reason = f"an iteration limit is kept by {BRANCH_AND_BOUND.words} alone, so that the same request repeats its answer"
        return Entry(lanes=[lane], reason=reason)
    if budget.threads == 1:
        return Entry(lanes=[lane], reason=f"{BRANCH_AND_BOUND.words} has the one thread")
    second = CONSTRAINT_PROGRAMMING if is_whole and method is None else SECOND_BRANCH_AND_BOUND
    structure = (
        "only whole numbers" if is_whole else "continuous columns, unbounded columns or coefficients that are no whole numbers"
    )
    return Entry(
        lanes=[lane, Lane(attempts=[Attempt(algorithm=second)], delay=HEAD_START)],
        reason=f"the model has {structure}: {BRANCH_AND_BOUND.words} and {second.words} race",
    )
