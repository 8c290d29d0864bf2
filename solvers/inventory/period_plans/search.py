"""
Branch and bound on lots, lifted by the worth of each period: for few items on one tight capacity.

The relaxation by lots and its demand prices come first, then the best prices, and at last the search of the lots with the cuts
that those prices give.
"""

import time
from dataclasses import replace

import numpy as np

from models.inventory import PlanProblem
from solvers.base import Budget, Progress
from solvers.inventory.fix_and_optimise import Unheard
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.period_plans.lot_model import lot_model
from solvers.inventory.period_plans.lots import SharedLots, shared_lots
from solvers.inventory.period_plans.period_prices import best_period_prices
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_lot_sizes import has_limits
from solvers.inventory.plan_values import values_of_lots
from solvers.linear.result import LinearResult
from solvers.linear.solve import solve_linear

MOST_LOTS = 6_000
"""Lots of a plan above which they are too many to search."""

PRICING_SHARE = 0.15
"""Share of the time for the relaxation and the prices."""

LEAST_LIFT = 0.003
"""Rise of the bound by prices, as a share of the relaxation, below which periods are not what makes the plan hard."""

LEAST_TIME = 0.05
BY_LOTS = (
    "few items share one capacity: orders were split by the needs they serve, and every period's capacity valued by prices"
)


def lots_to_search(problem: PlanProblem, plan: PlanModel) -> SharedLots | None:
    """Return the lots of a plan that this search is made for; None for another plan."""
    if has_limits(plan.arrays):
        return None
    lots = shared_lots(problem, plan.arrays)
    return None if lots is None or not 0 < int(lots.possible.sum()) <= MOST_LOTS else lots


def search_lots(plan: PlanModel, lots: SharedLots, budget: Budget, progress: Progress) -> LinearResult | None:
    """
    Return a plan with its bound, its values those of the columns of `plan`.

    None where there is no plan within the budget, or where prices show that the periods are not what makes it hard.
    """
    started = time.monotonic()
    pricing = started + PRICING_SHARE * budget.time_limit
    form = lot_model(lots)
    share = replace(budget, time_limit=max(PRICING_SHARE * budget.time_limit, LEAST_TIME), explain="none")
    relaxed = solve_linear(form.model.relaxed(), share, Unheard(progress))
    if relaxed.duals is None or relaxed.value is None:
        return None
    prices = np.zeros(lots.need.shape)
    asked = form.demand != NONE
    prices[asked] = relaxed.duals[form.demand[asked]]
    lifted, cuts = best_period_prices(lots, prices, deadline=pricing, progress=progress)
    if lifted < relaxed.value + LEAST_LIFT * abs(relaxed.value):
        return None
    form = lot_model(lots, cuts)
    left = max(budget.time_limit - (time.monotonic() - started), LEAST_TIME)
    result = solve_linear(form.model, replace(budget, time_limit=left), progress)
    if result.values is None:
        return None
    values = values_of_lots(plan, lots.needs, form.lot_sizes(result.values))
    value = plan.model.value(values)
    bound = None if result.bound is None else min(result.bound, value)
    return replace(
        result,
        values=values,
        value=value,
        bound=bound,
        reasons=(BY_LOTS, *result.reasons),
        solve_time=time.monotonic() - started,
    )


def better_of(first: LinearResult, second: LinearResult) -> LinearResult:
    """Return the second of two results for the same plan, with the better plan and the better bound of both."""
    if first.value is None or second.value is None:
        return second if first.value is None else first
    best = second if second.value <= first.value else first
    bounds = [result.bound for result in (first, second) if result.bound is not None]
    bound = min(max(bounds), best.value or 0.0) if bounds else None
    return replace(second, values=best.values, value=best.value, bound=bound)
