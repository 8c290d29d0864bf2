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
LARGEST_SHARE = 0.3
"""Share of the time limit that the first algorithm may have for itself."""

HEAD_START = 0.25
"""Part of its slice that the first algorithm runs alone where threads allow a race: easy models never see a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who runs on a model, and the reason as a sentence."""

    lanes: Sequence[Lane]
    reason: str


def entry_of(model: LinearModel, budget: Budget, method: Method | None, *, is_whole: bool) -> Entry:
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
    order = _order(model, method)
    return _lp_entry(model, budget, order)


def _alone(*algorithms: Algorithm) -> Lane:
    """Return a lane whose later algorithms only step in where the earlier ones break off."""
    return Lane(attempts=[Attempt(algorithm=algorithm) for algorithm in algorithms])


def _order(model: LinearModel, method: Method | None) -> list[Algorithm]:
    """Return the algorithms for an LP, best first."""
    if model.nonzeros <= SMALL:
        order = [PRIMAL_SIMPLEX, LARGE_SIMPLEX, INTERIOR_POINT, DUAL_SIMPLEX]
    else:
        order = [LARGE_SIMPLEX, INTERIOR_POINT, PRIMAL_SIMPLEX, DUAL_SIMPLEX]
    return [algorithm for algorithm in order if method is None or algorithm.method == method]


def _lp_entry(model: LinearModel, budget: Budget, order: Sequence[Algorithm]) -> Entry:
    """Let the algorithms take turns with one thread, and race with more; the last resort is in a lane's end."""
    small = model.nonzeros <= SMALL
    slice_seconds = SMALL_SLICE if small else max(LEAST_SLICE, SECONDS_PER_NONZERO * model.nonzeros)
    slice_seconds = min(slice_seconds, LARGEST_SHARE * budget.time_limit)
    size = f"{model.nonzeros} nonzeros make a {'small' if small else 'large'} linear program"
    if budget.threads == 1:
        turns = [Attempt(algorithm=order[0], seconds=slice_seconds)]
        turns += [Attempt(algorithm=algorithm) for algorithm in order[1:]]
        reason = f"{size}: {order[0].words} begins, and {order[1].words} follows after {slice_seconds:.2g} seconds"
        return Entry(lanes=[Lane(attempts=turns)], reason=reason)
    delay = HEAD_START * slice_seconds
    racers = order[: budget.threads]
    lanes = [_alone(racers[0], *order[len(racers) :])]
    lanes += [Lane(attempts=[Attempt(algorithm=algorithm)], delay=delay) for algorithm in racers[1:]]
    others = " and ".join(algorithm.words for algorithm in racers[1:])
    verb = "joins" if len(racers) == 2 else "join"
    return Entry(
        lanes=lanes, reason=f"{size}: {racers[0].words} begins, and {others} {verb} the race after {delay:.2g} seconds"
    )


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
