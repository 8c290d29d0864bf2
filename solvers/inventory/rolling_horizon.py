"""
Rolling horizon: long or large plans are made window by window (`relax_and_fix`), and improved while time is left.

Prices on what the items share give a bound, where they can be planned one by one; else it is that of the first window. The
linear program with all whole numbers fixed comes last, as for branch and bound, so that the answer is a vertex.
"""

import time
from dataclasses import replace
from typing import ClassVar

import numpy as np

from models.inventory import PlanProblem, PlanSolution
from models.run import Limit, Termination
from solvers.base import Budget, Outcome, Progress, Silent, relative_gap
from solvers.inventory.branch_and_bound import settle
from solvers.inventory.demand_paths import is_uncertain
from solvers.inventory.fix_and_optimise import FixAndOptimise, Unheard
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_formulation import PlanModel, formulate
from solvers.inventory.plan_prices import price_plan
from solvers.inventory.plan_solution import plan_solution
from solvers.inventory.relax_and_fix import WindowedPlan, relax_and_fix
from solvers.inventory.semantics import whole_number_pointer
from solvers.linear.bound_history import BoundHistory
from solvers.linear.result import LinearResult
from solvers.linear.solve import outcome_of, solve_linear, with_mip_prices

WINDOW_SHARE = 0.6
"""Share of the time limit for the windows; what they leave of it improves the plan."""

PRICING_SHARE = 0.1
"""Share for prices on what items share, whose bound is that of a tighter formulation."""

FIXED_SHARE = 0.1
LONGEST_FIXED = 5.0
LEAST_TIME = 0.05
REASON = "{windows} windows of {length} periods, {overlap} of them searched again with the next, then parts of the plan"


class RollingHorizon:
    """Solves the plan window by window."""

    name: ClassVar[str] = "rolling_horizon"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: PlanProblem) -> str | None:
        """Take plans with certain demand and whole-number decisions."""
        if is_uncertain(problem):
            return "demand is uncertain, which asks for sample_average"
        return None if whole_number_pointer(problem) else "nothing is a whole-number decision, so there is nothing to fix"

    def solve(self, problem: PlanProblem, budget: Budget, progress: Progress) -> Outcome[PlanSolution]:
        """Roll the windows over the horizon, improve the plan, and settle the quantities for the setups found."""
        started = time.monotonic()
        plan = formulate(problem)
        built = time.monotonic() - started
        kept = min(FIXED_SHARE * budget.time_limit, LONGEST_FIXED)
        deadline = started + budget.time_limit - kept
        share = replace(budget, time_limit=max(WINDOW_SHARE * budget.time_limit - built, LEAST_TIME), explain="none")
        options = problem.options
        priced = price_plan(
            problem, plan.arrays, deadline=time.monotonic() + PRICING_SHARE * budget.time_limit, progress=Unheard(progress)
        )
        found = relax_and_fix(plan, share, progress, length=options.window_periods, overlap=options.window_overlap)
        bounds = [bound for bound in (found.bound, None if priced is None else priced.bound) if bound is not None]
        found = replace(found, bound=max(bounds, default=None))
        if found.values is None:
            result = self._without_plan(plan, found, replace(budget, time_limit=_left(deadline)), progress)
        else:
            result = _improved(plan, found, budget, progress, deadline)
        if result.values is not None:
            after = replace(budget, time_limit=kept, iteration_limit=None)
            result = settle(plan, result, after)
            if budget.explain != "none":
                result = with_mip_prices(plan.model, result, after, Silent())
        result = replace(result, build_time=built, solve_time=time.monotonic() - started - built)
        solution = None if result.values is None else plan_solution(problem, plan, result.values)
        return outcome_of(plan.model, result, solution)

    def _without_plan(self, plan: PlanModel, found: WindowedPlan, budget: Budget, progress: Progress) -> LinearResult:
        """Let the whole model say why no window had a plan, or find one after all."""
        result = solve_linear(plan.model, budget, progress)
        told = f"{found.windows} windows left no plan; the whole model was searched"
        return replace(result, reasons=(told, *result.reasons))


def _improved(plan: PlanModel, found: WindowedPlan, budget: Budget, progress: Progress, deadline: float) -> LinearResult:
    """Return the plan of the windows, improved part by part until it is proved or time is up."""
    assert found.values is not None
    history = BoundHistory(sign=1.0, progress=progress)
    history.note(value=plan.model.value(found.values), bound=found.bound)
    values = found.values
    gap = relative_gap(plan.model.value(values), found.bound)
    if (gap is None or gap > budget.relative_gap) and _left(deadline) > LEAST_TIME and (plan.setup != NONE).any():
        likely = np.zeros(plan.order.shape)
        bound = 0.0 if found.bound is None else found.bound
        search = FixAndOptimise(plan, likely, bound=bound, budget=budget, deadline=deadline, progress=progress)
        better = search.search(values)
        values = values if better is None else better
        history.note(value=plan.model.value(values), bound=found.bound)
    value = plan.model.value(values)
    bound_found = None if found.bound is None else min(found.bound, value)
    gap = relative_gap(value, bound_found)
    return LinearResult(
        status="succeeded",
        termination=_termination(gap is not None and gap <= budget.relative_gap, time.monotonic() >= deadline - LEAST_TIME),
        value=value,
        bound=bound_found,
        values=values,
        duals=None,
        reduced_costs=None,
        column_status=None,
        row_status=None,
        engine="branch_and_bound",
        reasons=(REASON.format(windows=found.windows, length=found.length, overlap=found.overlap),),
        bound_history=history.points,
    )


def _termination(is_proved: bool, is_late: bool) -> Termination:
    if is_proved:
        return Termination(reason="optimal", limit="none", detail="A plan within the allowed relative gap was found")
    limit: Limit = "time" if is_late else "none"
    detail = "The time limit ended the search" if is_late else "No part of the plan could be improved further"
    return Termination(reason="feasible", limit=limit, detail=detail)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), LEAST_TIME)
