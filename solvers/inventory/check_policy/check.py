"""
The independent check of a stock policy.

The reported numbers are priced again, from the request, by another way than the algorithm's (numerical integration instead of
closed forms, stationary distributions instead of renewal functions, cycles walked through); neighbours of an exact policy must
not be cheaper; and what a simulation achieved must lie within six standard errors of what is promised.
"""

from collections.abc import Callable, Mapping
from typing import Any

from models.run import Check
from solvers.base import Outcome
from solvers.inventory.check_objective import TOLERANCE, objective_checks
from solvers.inventory.check_policy.judgement import Judgement
from solvers.inventory.check_policy.known_rate import (
    judge_discount,
    judge_disruption,
    judge_eoq,
    judge_joint,
    judge_yield,
)
from solvers.inventory.check_policy.levels import judge_reorder_quantity, judge_reorder_up_to
from solvers.inventory.check_policy.many_periods import judge_classes, judge_horizon, judge_lots
from solvers.inventory.check_policy.single_order import judge_base_stock, judge_newsvendor, judge_newsvendor_yield
from solvers.inventory.check_simulation import PROBABILITIES, STANDARD_ERRORS, seen_often, standard_errors_apart

JUDGES: Mapping[str, Callable[[Any, Any], Judgement]] = {
    "eoq": judge_eoq,
    "eoq_discount": judge_discount,
    "eoq_disruption": judge_disruption,
    "eoq_yield": judge_yield,
    "joint_replenishment": judge_joint,
    "newsvendor": judge_newsvendor,
    "newsvendor_yield": judge_newsvendor_yield,
    "base_stock": judge_base_stock,
    "s_S": judge_reorder_up_to,
    "r_Q": judge_reorder_quantity,
    "wagner_whitin": judge_lots,
    "finite_horizon": judge_horizon,
    "abc_xyz": judge_classes,
}


def check_policy(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Return the checks of a policy's numbers; every policy has an answer, so there is always something to check."""
    solution: Any = outcome.solution
    if solution is None:
        return []
    judgement = JUDGES[problem.policy](problem.parameters, solution)
    checks = [Check(name=name, max_violation=amount, tolerance=TOLERANCE) for name, amount in judgement.violations.items()]
    if outcome.objective is not None and outcome.objective.value is not None:
        checks += objective_checks(judgement.terms, outcome.objective)
        if solution.method in ("exact", "optimal") and judgement.neighbours:
            better = (judgement.value - min(judgement.neighbours)) / max(1.0, abs(judgement.value))
            checks.append(Check(name="no_better_neighbour", max_violation=max(0.0, better), tolerance=TOLERANCE))
    if solution.simulation is not None and solution.method == "exact" and not _drifts(problem):
        checks.append(_simulation(problem.parameters, solution.simulation))
    return checks


def _drifts(problem: Any) -> bool:
    """Tell whether the simulation holds what the formulas leave out: normal demand of (r, Q) moves on a grid of time."""
    return bool(problem.policy == "r_Q" and problem.parameters.demand.distribution == "normal")


def _simulation(parameters: Any, simulation: Any) -> Check:
    """
    Measure how far simulated figures lie from the promised ones, in standard errors beyond a rounding allowance.

    Where the dear event is too rare to be sampled, only probabilities are judged.
    """
    observable = _observable(parameters, simulation.periods)
    worst = 0.0
    for figure in simulation.figures:
        if figure.promised is None or not (observable or figure.name in PROBABILITIES):
            continue
        worst = max(worst, standard_errors_apart(figure))
    return Check(name="simulation_standard_errors", max_violation=worst, tolerance=STANDARD_ERRORS)


def _observable(parameters: Any, periods: int) -> bool:
    holding, stockout = parameters.holding_cost, parameters.stockout_cost
    if holding is None or stockout is None:
        holding = parameters.purchase_cost - parameters.salvage_value
        stockout = parameters.revenue - parameters.purchase_cost
    overlap = getattr(parameters, "lead_time", 0) + 1
    return seen_often(periods=periods, holding_cost=holding, stockout_cost=stockout, overlap=overlap)
