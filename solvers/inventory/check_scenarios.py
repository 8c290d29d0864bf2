"""Independent check of a plan for many scenarios: every scenario drawn again and lived through, beside the plan's mean."""

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, PlanProblem, PlanSolution
from solvers.inventory.demand_paths import scenario_paths
from solvers.inventory.simulate_plan import simulate_plan

Floats = NDArray[np.float64]


def mean_problem(problem: PlanProblem) -> PlanProblem:
    """Return the problem with the mean demand of its scenarios: mean stocks and shortages keep its balances."""
    mean = scenario_paths(problem).mean(axis=0).tolist()
    items = []
    for item, row in zip(problem.items, mean, strict=True):
        valued = sum(item.demand) if item.terminal_stock_limit is None else item.terminal_stock_limit
        items.append(item.model_copy(update={"demand": row, "terminal_stock_limit": valued}))
    return problem.model_copy(update={"items": items})


def check_scenarios(problem: PlanProblem, solution: PlanSolution, once: float) -> dict[str, float]:
    """
    Return the violations found by living through every scenario; `once` is the cost that no scenario changes.

    Serving demand at once is never dearer for backorders, nor for lost sales whose cost does not rise, unless units
    are kept for a safety stock that may be missed. Then the cost of each scenario is known; in other cases it can only be at
    least the claimed one.
    """
    report = solution.uncertainty
    if report is None:
        raise ValueError("the plan is for many scenarios and must report on them")
    trials = [trial for trial in simulate_plan(problem, solution, scenario_paths(problem)) if trial is not None]
    found = {"scenario_cost": 0.0, "cycle_service": 0.0, "risk": 0.0, "scenario_shortage": 0.0}
    if len(trials) < len(problem.items):
        return found
    costs = np.sum([trial.cost for trial in trials], axis=0) + once
    size = max(1.0, abs(float(costs.mean())))
    off = (report.expected_cost - float(costs.mean())) / size
    at_once = all(_serves_at_once(item) for item in problem.items)
    # Where a safety stock must be kept in the future, serving at once may break it, and then costs too little.
    is_valid = all(map(_keeps_safety, problem.items))
    found["scenario_cost"] = abs(off) if at_once else max(off, 0.0) if is_valid else 0.0
    weight = problem.uncertainty.risk_weight
    if at_once and weight > 0:
        found["risk"] = abs(report.conditional_value_at_risk - _worst(costs, problem.uncertainty.risk_level)) / size
    for item, trial in zip(problem.items, trials, strict=True):
        if item.unmet_demand == "forbidden":
            short = trial.late / np.maximum(1.0, trial.demand)
            found["scenario_shortage"] = max(found["scenario_shortage"], float(short.max()))
        if item.cycle_service is not None:
            often = np.sort(trial.short.mean(axis=0))[-1]
            found["cycle_service"] = max(found["cycle_service"], float(often) - (1 - item.cycle_service))
    return found


def _serves_at_once(item: Item) -> bool:
    if item.shelf_life is not None or item.safety_stock_cost is not None or not _keeps_safety(item):
        return False
    if item.unmet_demand == "forbidden":
        return True
    prices = np.atleast_1d(np.asarray(item.stockout_cost, dtype=np.float64))
    steady = item.unmet_demand == "backorder" or bool(np.all(np.diff(prices) <= 0))
    return steady and float(prices[-1]) >= item.terminal_value


def _keeps_safety(item: Item) -> bool:
    """Tell whether serving demand at once never breaks a safety stock later: it never rises, and no unit of it spoils."""
    safety = np.atleast_1d(np.asarray(item.safety_stock, dtype=np.float64))
    if item.safety_stock_cost is not None or not safety.any():
        return True
    return item.shelf_life is None and bool(np.all(np.diff(safety) <= 0))


def _worst(costs: Floats, level: float) -> float:
    """Return the mean of the worst costs by the definition: the least of eta + E[(cost - eta)+] / (1 - level)."""
    return min(float(eta + np.maximum(costs - eta, 0.0).mean() / (1 - level)) for eta in costs)
