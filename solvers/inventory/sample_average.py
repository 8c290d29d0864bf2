"""
Sample average approximation: one plan for many demand scenarios, and what it is worth.

The plan is the cheapest one over the scenarios (`plan_scenarios`). Beside it stand the mean cost if each scenario were known
(EVPI), the cost of the plan made for the mean demand (VSS), and a trial on fresh demand paths.

Source: Birge and Louveaux (2011), Introduction to Stochastic Programming, chapter 4 (EVPI, VSS).
"""

import time
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from models.inventory import PlanProblem, PlanSolution
from models.inventory_uncertainty import ServiceFigures, UncertaintyReport
from models.run import ObjectiveTerm
from solvers.base import Budget, Outcome, Progress, Silent
from solvers.inventory.demand_paths import demand_paths, is_uncertain, scenario_paths
from solvers.inventory.plan_arrays import Floats
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.plan_scenarios import ScenarioModel, formulate_scenarios, with_demand
from solvers.inventory.plan_solution import plan_solution
from solvers.inventory.simulate_plan import simulate_plan
from solvers.linear.model import LinearModel
from solvers.linear.solve import outcome_of, solve_linear, with_mip_prices

PLAN_SHARE = 0.6
"""Share of the time limit for the plan itself; the rest is for what it is compared with."""

PRICES_SHARE = 0.1
SMALLEST_TIME = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Values:
    """What the plan is compared with, each None where time ran out or there is none."""

    known: float | None
    mean_plan: float | None


class SampleAverage:
    """Solves plans with uncertain demand."""

    name: ClassVar[str] = "sample_average"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: PlanProblem) -> str | None:
        """Refuse plans whose demand is certain."""
        return None if is_uncertain(problem) else "no item has a demand_uncertainty, so that there is nothing to sample"

    def solve(self, problem: PlanProblem, budget: Budget, progress: Progress) -> Outcome[PlanSolution]:
        """Build the model of all scenarios, solve it, and compare the plan with its alternatives."""
        started = time.monotonic()
        paths = scenario_paths(problem)
        scenarios = formulate_scenarios(problem, paths)
        built = time.monotonic() - started
        end = started + budget.time_limit
        first = max(PLAN_SHARE * budget.time_limit - built, SMALLEST_TIME)
        result = solve_linear(scenarios.model, replace(budget, time_limit=first), progress)
        if scenarios.model.is_mip and result.values is not None and budget.explain != "none":
            share = replace(budget, time_limit=PRICES_SHARE * budget.time_limit, iteration_limit=None)
            result = with_mip_prices(scenarios.model, result, share, Silent())
        result = replace(result, build_time=result.build_time + built)
        if result.values is None:
            return outcome_of(scenarios.model, result, None)
        values = result.values[scenarios.columns]
        solution = plan_solution(problem, scenarios.base, values.mean(axis=0))
        costs = values @ scenarios.base.model.objective
        compared = _compared(problem, scenarios, paths, replace(budget, explain="none"), end)
        report = _report(problem, solution, paths, costs, compared)
        solution = solution.model_copy(update={"uncertainty": report})
        return _with_terms(outcome_of(scenarios.model, result, solution), scenarios, values, costs, problem)


def measured(problem: PlanProblem, costs: Floats) -> float:
    """Return the objective of costs (N,): the mean, and the mean of the worst with the weight of the risk."""
    weight = problem.uncertainty.risk_weight
    return float((1 - weight) * costs.mean() + weight * tail_mean(costs, problem.uncertainty.risk_level))


def tail_mean(costs: Floats, level: float) -> float:
    """Return the mean of the share 1 - level of the largest of equally likely costs (CVaR)."""
    worst = np.sort(costs)[::-1]
    share = (1 - level) * len(worst)
    weights = np.clip(share - np.arange(len(worst)), 0.0, 1.0)
    return float((weights * worst).sum() / share)


def _compared(problem: PlanProblem, scenarios: ScenarioModel, paths: Floats, budget: Budget, end: float) -> _Values:
    """Plan for the mean demand, then for every scenario by itself, as long as there is time."""
    mean = formulate(with_demand(problem, paths.mean(axis=0))).model
    found = _solved(mean, budget, end - 0.5 * (end - time.monotonic()))
    mean_plan = None
    if found is not None:
        fixed = scenarios.model
        columns = scenarios.columns[0][~scenarios.recourse]
        lower, upper = fixed.column_lower.copy(), fixed.column_upper.copy()
        lower[columns] = upper[columns] = found[~scenarios.recourse]
        free = replace(fixed, column_lower=lower, column_upper=upper, integer=np.zeros(fixed.columns, dtype=np.bool_))
        values = _solved(free, budget, end)
        mean_plan = None if values is None else fixed.value(values)
    known = []
    for part in scenarios.parts:
        values = _solved(part, budget, end)
        if values is None:
            return _Values(known=None, mean_plan=mean_plan)
        known.append(part.value(values))
    return _Values(known=measured(problem, np.array(known)), mean_plan=mean_plan)


def _solved(model: LinearModel, budget: Budget, end: float) -> Floats | None:
    """Return a proved optimum, or None."""
    left = end - time.monotonic()
    if left < SMALLEST_TIME:
        return None
    result = solve_linear(model, replace(budget, time_limit=left), Silent())
    return result.values if result.termination.reason == "optimal" else None


def _report(problem: PlanProblem, solution: PlanSolution, paths: Floats, costs: Floats, compared: _Values) -> UncertaintyReport:
    asked = problem.uncertainty
    fresh = demand_paths(problem, asked.simulations, seed=problem.options.seed + 1)
    promised, achieved = simulate_plan(problem, solution, paths), simulate_plan(problem, solution, fresh)
    once = float(costs.mean()) - sum(float(trial.cost.mean()) for trial in promised if trial is not None)
    trials = [trial.cost for trial in achieved if trial is not None]
    simulated = None if len(trials) < len(achieved) else np.sum(trials, axis=0) + once
    objective = measured(problem, costs)
    services = [
        ServiceFigures(
            id=item.id,
            site=item.site,
            promised_fill_rate=None if one is None else one.fill_rate(),
            achieved_fill_rate=None if two is None else two.fill_rate(),
            promised_cycle_service=None if one is None else one.cycle_service(),
            achieved_cycle_service=None if two is None else two.cycle_service(),
        )
        for item, one, two in zip(problem.items, promised, achieved, strict=True)
    ]
    return UncertaintyReport(
        scenarios=len(costs),
        expected_cost=float(costs.mean()),
        conditional_value_at_risk=tail_mean(costs, asked.risk_level),
        worst_cost=float(costs.max()),
        perfect_information_cost=compared.known,
        value_of_perfect_information=None if compared.known is None else max(objective - compared.known, 0.0),
        expected_demand_plan_cost=compared.mean_plan,
        value_of_stochastic_solution=None if compared.mean_plan is None else max(compared.mean_plan - objective, 0.0),
        simulations=asked.simulations,
        simulated_cost=None if simulated is None else float(simulated.mean()),
        simulated_cost_error=None if simulated is None else float(simulated.std(ddof=1) / np.sqrt(len(simulated))),
        services=services,
    )


def _with_terms(
    outcome: Outcome[PlanSolution], scenarios: ScenarioModel, values: Floats, costs: Floats, problem: PlanProblem
) -> Outcome[PlanSolution]:
    """Return the outcome with expected costs as terms, and what the risk adds to them."""
    assert outcome.objective is not None
    terms = [ObjectiveTerm(name=name, value=value) for name, value, _ in scenarios.base.model.terms(values.mean(axis=0))]
    if problem.uncertainty.risk_weight > 0:
        terms.append(ObjectiveTerm(name="risk", value=measured(problem, costs) - float(costs.mean())))
    return replace(outcome, objective=outcome.objective.model_copy(update={"terms": terms}))
