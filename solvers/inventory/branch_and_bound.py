"""
Branch and bound for plans with setups, smallest orders or order multiples.

A plan whose items share nothing is solved exactly by dynamic programming, a large one by fixing and optimising beside a bound
from prices (`setup_search`). Otherwise the search runs on the formulation with its bounds on useful orders (no loose big-M).
Engines return a setup of 0.9999999 and an order of 0.0000001 beside a setup of 0; so the search is followed by a linear program
with all whole numbers fixed, whose vertex is the answer.
"""

import time
from dataclasses import replace
from typing import ClassVar

import numpy as np

from models.inventory import PlanProblem, PlanSolution
from solvers.base import Budget, Outcome, Progress, Silent, relative_gap
from solvers.inventory.demand_paths import is_uncertain
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.period_plans.lots import SharedLots
from solvers.inventory.period_plans.search import BY_LOTS, better_of, lots_to_search, search_lots
from solvers.inventory.plan_arrays import Floats
from solvers.inventory.plan_formulation import PlanModel, formulate
from solvers.inventory.plan_solution import NEGLIGIBLE, plan_solution
from solvers.inventory.plan_switches import with_every_setup, without_idle_setups
from solvers.inventory.setup_search import BY_PERIODS, improved_by_parts, search_setups
from solvers.linear.raw import DETAILS
from solvers.linear.solve import LinearResult, outcome_of, solve_linear, with_fixed_integers, with_mip_prices

FIXED_SHARE = 0.1
"""Share of the time limit kept for the linear program with fixed setups."""

WHOLE_SHARE = 0.8
"""Share of the time for the search of the whole model; the rest improves what it found, where it proved nothing."""

FIRST_SHARE = 0.05
"""Share of that for a first search, which ends the easy plans."""

LEAST_TIME = 0.01

LONGEST_FIXED = 5.0
"""Most seconds kept for it."""


class BranchAndBound:
    """Solves the plan as one mixed-integer program."""

    name: ClassVar[str] = "branch_and_bound"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: PlanProblem) -> str | None:
        """Take every plan with certain demand; one without whole-number decisions is solved at the root."""
        return "demand is uncertain, which asks for sample_average" if is_uncertain(problem) else None

    def solve(self, problem: PlanProblem, budget: Budget, progress: Progress) -> Outcome[PlanSolution]:
        """Build the formulation by arrays, search, and settle the quantities for the setups found."""
        started = time.monotonic()
        plan = formulate(problem)
        built = time.monotonic() - started
        left = max(budget.time_limit - built, 0.01)
        kept = min(left * FIXED_SHARE, LONGEST_FIXED)
        result = search_setups(problem, plan, replace(budget, time_limit=left - kept), progress)
        if result is None:
            result = _searched_whole(problem, plan, replace(budget, time_limit=budget.time_limit - kept), progress, started)
        if plan.model.is_mip and result.values is not None:
            after = replace(budget, time_limit=kept, iteration_limit=None)
            if BY_PERIODS not in result.reasons:
                result = settle(plan, result, after)
            if budget.explain != "none":
                result = with_mip_prices(plan.model, result, after, Silent())
        result = replace(result, build_time=result.build_time + built)
        solution = None if result.values is None else plan_solution(problem, plan, result.values)
        return outcome_of(plan.model, result, solution)


def _searched_whole(problem: PlanProblem, plan: PlanModel, budget: Budget, progress: Progress, started: float) -> LinearResult:
    """Search the whole model; when the clock ends that, use the last part of the time to improve the plan part by part."""
    in_parts = plan.model.is_mip and budget.iteration_limit is None
    left = max(budget.time_limit - (time.monotonic() - started), LEAST_TIME)
    whole = replace(budget, time_limit=left * (WHOLE_SHARE if in_parts else 1.0))
    lots = lots_to_search(problem, plan) if in_parts else None
    result = solve_linear(plan.model, whole, progress) if lots is None else _tried_by_lots(plan, lots, whole, progress)
    left = budget.time_limit - (time.monotonic() - started)
    if not in_parts or left < LEAST_TIME or progress.stop_requested():
        return result
    is_priced = BY_LOTS in result.reasons
    return improved_by_parts(problem, plan, result, replace(budget, time_limit=left), progress, is_priced=is_priced)


def _tried_by_lots(plan: PlanModel, lots: SharedLots, budget: Budget, progress: Progress) -> LinearResult:
    """Search the whole model for a moment, then by lots, or the whole model again where these promise nothing."""
    started = time.monotonic()
    first = solve_linear(plan.model, replace(budget, time_limit=FIRST_SHARE * budget.time_limit), progress)
    if first.termination.reason not in ("feasible", "no_solution_found") or progress.stop_requested():
        return first
    remaining = replace(budget, time_limit=max(budget.time_limit - (time.monotonic() - started), LEAST_TIME))
    by_lots = search_lots(plan, lots, remaining, progress)
    if by_lots is None:
        remaining = replace(budget, time_limit=max(budget.time_limit - (time.monotonic() - started), LEAST_TIME))
    return better_of(first, by_lots or solve_linear(plan.model, remaining, progress))


def settle(plan: PlanModel, result: LinearResult, budget: Budget) -> LinearResult:
    """
    Return the result with quantities that are a vertex for its setups, and without setups that order nothing.

    Parameters
    ----------
    plan
        The formulation.
    result
        A result with values, integers exact or nearly so.
    budget
        What the linear program may spend; when it does not finish, the engine's quantities stay, less what is paid for
        nothing. When the engine's setups leave no room for its orders (its tolerance let one slip by), every order is given
        its setup.
    """
    assert result.values is not None
    values = result.values
    for setups in (without_idle_setups(plan, values), with_every_setup(plan, values)):
        fixed = solve_linear(with_fixed_integers(plan.model, setups), budget, Silent())
        if fixed.termination.reason == "optimal" and fixed.values is not None:
            values = fixed.values
            break
    values = with_least_overtime(plan, with_every_setup(plan, values))
    value = plan.model.value(values)
    bound = None if result.bound is None else min(result.bound, value)
    gap = relative_gap(value, bound)
    is_optimal = bound is not None and gap is not None and (gap <= budget.relative_gap or value - bound <= NEGLIGIBLE)
    termination = result.termination
    if is_optimal:
        termination = termination.model_copy(update={"reason": "optimal", "limit": "none", "detail": DETAILS["optimal"]})
    elif termination.reason == "optimal":
        detail = "Quantities settled for exact setups cost more than the bound, within the engine's tolerance"
        termination = termination.model_copy(update={"reason": "feasible", "detail": detail})
    return replace(result, values=values, value=value, bound=bound, termination=termination)


def with_least_overtime(plan: PlanModel, values: Floats) -> Floats:
    """Return the values with no more overtime than the use of each resource asks for."""
    has_overtime = plan.overtime != NONE
    if not has_overtime.any():
        return values
    group = next(group for group in plan.model.constraint_groups if group.family.symbol == "capacity")
    columns = plan.overtime[has_overtime]
    activity = (plan.model.matrix() @ values)[group.start : group.stop].reshape(plan.overtime.shape)[has_overtime]
    over = activity + values[columns] - plan.arrays.capacity[has_overtime]
    trimmed = values.copy()
    trimmed[columns] = np.clip(over, 0.0, plan.arrays.overtime_limit[has_overtime])
    return np.asarray(trimmed)
