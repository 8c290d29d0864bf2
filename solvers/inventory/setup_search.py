"""
Plans with many setups: prices on what items share give a proved bound, and the items' own plans a start.

Where the items share nothing that binds, their plans together are the cheapest plan. Otherwise a plan with more setups than
branch and bound can search as a whole is improved part by part (`fix_and_optimise`), and compared with the bound.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.explanation import BoundPoint
from models.inventory import PlanProblem
from models.run import Limit, Termination
from solvers.base import Budget, Progress, Silent, relative_gap
from solvers.inventory.fix_and_optimise import FixAndOptimise, Unheard
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Floats
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_lot_sizes import LotSizes, has_limits
from solvers.inventory.plan_prices import PricedPlan, price_plan
from solvers.inventory.plan_solution import NEGLIGIBLE
from solvers.inventory.plan_values import values_of_lots
from solvers.linear.bound_history import BoundHistory
from solvers.linear.result import LinearResult
from solvers.linear.solve import solve_linear

SEARCHED_AS_A_WHOLE = 1_000
"""Most setups that are left to branch and bound from the start."""

PRICING_SHARE = 0.2
LONGEST_PRICING = 15.0
RELAXATION_SHARE = 0.3
"""Share of the time for the linear relaxation, where the items cannot be planned one by one."""

BY_PERIODS = "the items share nothing that binds: dynamic programming over the periods of each item is exact"
BY_PARTS = "the plan has {setups} setups: it was improved part by part, beside a bound from prices on what its items share"

FROM_RELAXATION = "the plan has {setups} setups: it was improved part by part, beside the bound of its linear relaxation"


def search_setups(problem: PlanProblem, plan: PlanModel, budget: Budget, progress: Progress) -> LinearResult | None:
    """
    Return a plan with its bound, or None where branch and bound on the whole model is the way.

    Parameters
    ----------
    problem, plan
        The request and its formulation.
    budget
        Time limit in seconds and relative gap; an iteration limit is left to branch and bound, which counts iterations.
    progress
        Hears of every better plan; asked whether to stop.
    """
    setups = int(np.count_nonzero(plan.setup != NONE))
    if not setups or budget.iteration_limit is not None:
        return None
    started = time.monotonic()
    pricing = min(PRICING_SHARE * budget.time_limit, LONGEST_PRICING) if setups > SEARCHED_AS_A_WHOLE else 0.0
    priced = price_plan(problem, plan.arrays, deadline=started + pricing, progress=progress)
    if priced is None:
        return _from_relaxation(problem, plan, budget, progress, started) if setups > SEARCHED_AS_A_WHOLE else None
    if priced.exact is not None and not has_limits(plan.arrays):
        return _exact(plan, priced, priced.exact, started)
    if setups <= SEARCHED_AS_A_WHOLE:
        return None
    return _by_parts(plan, priced.likely_setups, BY_PARTS, priced.bound, budget, progress, started)


def _from_relaxation(
    problem: PlanProblem, plan: PlanModel, budget: Budget, progress: Progress, started: float
) -> LinearResult | None:
    """
    Return a plan beside the bound of the linear relaxation; None where that has none.

    Its first setups are those of prices that take every need as one to be met, which is a start and no bound; where that is
    impossible, those at which the relaxation orders.
    """
    share = replace(budget, time_limit=RELAXATION_SHARE * budget.time_limit)
    relaxed = solve_linear(plan.model.relaxed(), share, Unheard(progress))
    if relaxed.status == "infeasible":
        return None
    # No cost is negative, so that 0 is a bound where the relaxation took too long.
    bound = 0.0 if relaxed.bound is None else relaxed.bound
    none = np.zeros(plan.arrays.items, dtype=np.bool_)
    firm = replace(plan.arrays, lost=none, backorder=none)
    pricing = time.monotonic() + min(PRICING_SHARE * budget.time_limit, LONGEST_PRICING)
    priced = price_plan(problem, firm, deadline=pricing, progress=progress)
    if priced is not None:
        return _by_parts(plan, priced.likely_setups, FROM_RELAXATION, bound, budget, progress, started)
    if relaxed.values is None:
        return None
    ordered = np.where(plan.order == NONE, 0.0, relaxed.values[np.maximum(plan.order, 0)])
    likely = np.where(ordered > NEGLIGIBLE, 1.0, 0.0)
    return _by_parts(plan, likely, FROM_RELAXATION, bound, budget, progress, started)


def improved_by_parts(
    problem: PlanProblem, plan: PlanModel, result: LinearResult, budget: Budget, progress: Progress, *, is_priced: bool = False
) -> LinearResult:
    """
    Return the result of a search that the clock ended, improved part by part and with the better of two bounds.

    Where the search had found no plan, prices are asked for a first one.

    The bound of branch and bound on a plan with tight capacity can stay below that from prices for minutes; then what is left
    of the time limit is better spent on the plan. `result` is returned as it is where it is proved or nothing is found.
    `is_priced` says that its bound is that of prices already.
    """
    if result.termination.reason not in ("feasible", "no_solution_found"):
        return result
    started = time.monotonic()
    deadline = started + budget.time_limit
    priced = None
    if not is_priced or result.values is None:
        priced = price_plan(problem, plan.arrays, deadline=started + PRICING_SHARE * budget.time_limit, progress=progress)
    bounds = [bound for bound in (result.bound, None if priced is None else priced.bound) if bound is not None]
    if not bounds or (priced is None and result.values is None):
        return result
    bound = max(bounds)
    likely = np.zeros(plan.order.shape) if priced is None else priced.likely_setups
    search = FixAndOptimise(plan, likely, bound=bound, budget=budget, deadline=deadline, progress=progress)
    values = search.search(result.values)
    if values is None:
        return result
    value = plan.model.value(values)
    detail = "The time limit ended the search"
    return replace(
        result,
        status="succeeded",
        termination=result.termination.model_copy(update={"reason": "feasible", "detail": detail}),
        values=values,
        value=value,
        bound=min(bound, value),
        reasons=(*result.reasons, "what was left of the time went into improving the plan part by part"),
        bound_history=(*result.bound_history, *_later(search.history.points, after=result.bound_history)),
        solve_time=result.solve_time + time.monotonic() - started,
    )


def _later(points: Sequence[BoundPoint], *, after: Sequence[BoundPoint]) -> list[BoundPoint]:
    """Return the points of a second search as those that follow a first one, which had a value already."""
    passed = after[-1].seconds if after else 0.0
    return [point.model_copy(update={"seconds": point.seconds + passed}) for point in points if point.value is not None]


def _by_parts(
    plan: PlanModel,
    likely: Floats,
    reason: str,
    bound: float,
    budget: Budget,
    progress: Progress,
    started: float,
) -> LinearResult | None:
    deadline = started + budget.time_limit
    search = FixAndOptimise(plan, likely, bound=bound, budget=budget, deadline=deadline, progress=progress)
    values = search.search()
    if values is None:
        return None
    gap = relative_gap(plan.model.value(values), bound)
    if gap is not None and gap <= budget.relative_gap:
        termination = Termination(reason="optimal", limit="none", detail="A plan within the allowed relative gap was found")
    elif progress.stop_requested():
        termination = Termination(reason="feasible", limit="interrupted", detail="A request to stop ended the search")
    else:
        limit: Limit = "time" if time.monotonic() >= started + 0.9 * budget.time_limit else "none"
        detail = "No part of the plan could be improved further" if limit == "none" else "The time limit ended the search"
        termination = Termination(reason="feasible", limit=limit, detail=detail)
    told = reason.format(setups=int(np.count_nonzero(plan.setup != NONE)))
    return _result(plan, values, bound, termination, told, search.history, started)


def _exact(plan: PlanModel, priced: PricedPlan, lots: LotSizes, started: float) -> LinearResult:
    values = values_of_lots(plan, priced.needs, lots)
    termination = Termination(reason="optimal", limit="none", detail="Every item has its cheapest lot sizes")
    history = BoundHistory(sign=1.0, progress=Silent())
    history.note(value=plan.model.value(values), bound=priced.bound)
    return _result(plan, values, priced.bound, termination, BY_PERIODS, history, started)


def _result(
    plan: PlanModel,
    values: Floats,
    bound: float,
    termination: Termination,
    reason: str,
    history: BoundHistory,
    started: float,
) -> LinearResult:
    value = plan.model.value(values)
    return LinearResult(
        status="succeeded",
        termination=termination,
        value=value,
        bound=min(bound, value),
        values=values,
        duals=None,
        reduced_costs=None,
        column_status=None,
        row_status=None,
        engine="branch_and_bound",
        reasons=(reason,),
        solve_time=time.monotonic() - started,
        bound_history=history.points,
    )
