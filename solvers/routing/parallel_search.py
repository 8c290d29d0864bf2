"""Several searches by PyVRP side by side, each with a seed of its own; its search leaves the interpreter to other threads."""

import warnings
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor

import pyvrp

from solvers.routing.engine_search import EngineSearch
from solvers.routing.joint_plan import JointPlan
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.search_control import SearchControl

SEEDS_APART = 7_919

MOST_LOCATIONS = 2_000
"""Most locations for several searches: each holds matrices of its own."""


def searches_side_by_side(index: ProblemIndex, control: SearchControl) -> int:
    """Return how many searches run side by side; one where iterations are limited, so that the answer is repeatable."""
    if control.budget.iteration_limit is not None or len(index.problem.locations) > MOST_LOCATIONS:
        return 1
    return max(1, control.budget.threads)


def best_of_searches(
    index: ProblemIndex, left_out: Set[str], control: SearchControl, start: Sequence[PlannedRoute] = ()
) -> list[PlannedRoute]:
    """
    Return the best routes of as many searches as there are threads.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of the orders that no vehicle can serve.
    control
        Time, seed and threads; the first search uses it, the others get the same seconds.
    start
        Feasible routes to start from; none: each search makes its own.
    """
    number = searches_side_by_side(index, control)
    if number == 1:
        return EngineSearch(index, left_out, control).run(start)
    controls = [control]
    for k in range(1, number):
        seed = control.budget.seed + SEEDS_APART * k
        controls.append(control.part(seconds=control.seconds_left, iterations=None, seed=seed))
    # Filled before the threads ask for it.
    assert index.matrices
    with ThreadPoolExecutor(number) as pool, warnings.catch_warnings():
        # The searches do the same, but what one of them restores must not take it from another.
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        plans = list(pool.map(lambda own: EngineSearch(index, left_out, own).run(start), controls))
    return min(plans, key=lambda plan: plan_rank(index, left_out, plan))


def with_search_beside(
    index: ProblemIndex,
    left_out: Set[str],
    control: SearchControl,
    start: Sequence[PlannedRoute],
    search: Callable[[], list[PlannedRoute]],
) -> list[PlannedRoute]:
    """
    Return the better plan of a search and of PyVRP's search of the whole problem, which has a thread of its own.

    Parameters
    ----------
    index, left_out, control, start
        As in `best_of_searches`; both searches have the time that is left.
    search
        The other search; it hears of `control` itself.
    """
    side = control.part(seconds=control.seconds_left, iterations=None, seed=control.budget.seed)
    assert index.matrices
    with ThreadPoolExecutor(1) as pool, warnings.catch_warnings():
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        other = pool.submit(EngineSearch(index, left_out, side).run, start)
        plans = [search(), other.result()]
    control.iterations += side.iterations
    return min(plans, key=lambda plan: plan_rank(index, left_out, plan))


def plan_rank(index: ProblemIndex, left_out: Set[str], routes: Sequence[PlannedRoute]) -> tuple[int, int, float]:
    """Return the weight of what a plan leaves out, vehicles where they count first, and money; the lesser plan is better."""
    plan = JointPlan(index, left_out)
    plan.replace([], routes)
    return plan.rank()
