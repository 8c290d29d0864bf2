"""Plans for uncertain demand: closed forms, values of information, service, risk, and what is refused."""

from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from models.inventory import PlanProblem, PlanSolution
from models.inventory_uncertainty import UncertaintyReport
from solvers.base import Outcome, Silent
from solvers.inventory.certificate import certify_plan
from solvers.inventory.demand_paths import demand_paths, scenario_paths
from solvers.inventory.sample_average import SampleAverage, tail_mean
from solvers.inventory.semantics import issues, warnings
from tests.solvers.inventory.plans import BUDGET, item, plan
from tests.solvers.inventory.plans import value as certain_value
from tests.solvers.inventory.test_explain import explained_outcome

PATHS = [[10.0, 30.0], [20.0, 10.0], [30.0, 50.0], [60.0, 10.0]]


def uncertain(spread: dict[str, Any], *, uncertainty: dict[str, Any] | None = None, **fields: Any) -> PlanProblem:
    """Return one item whose demand spreads like this; shortage is backordered at 4 a unit and period."""
    usual = {"unmet_demand": "backorder", "stockout_cost": 4, "unit_cost": 1, "demand": [30, 25]}
    entry = item(demand_uncertainty=spread, **(usual | fields))
    return plan(entry, uncertainty={"scenarios": 4, "simulations": 500, **(uncertainty or {})})


def planned(problem: PlanProblem) -> tuple[Outcome[PlanSolution], UncertaintyReport]:
    """Solve, see that every check passes, and return the outcome with its report."""
    outcome = SampleAverage().solve(problem, BUDGET, Silent())
    assert outcome.termination.reason == "optimal"
    assert [check for check in certify_plan(problem, outcome) if check.max_violation > check.tolerance] == []
    assert outcome.solution is not None
    assert outcome.solution.uncertainty is not None
    return outcome, outcome.solution.uncertainty


def cost(orders: tuple[float, float], path: list[float], *, unit: float, fixed: float, short: float) -> float:
    """Return what orders of two periods cost on one path, holding at 1."""
    total, stock = sum(unit * units + fixed * (units > 0) for units in orders), 0.0
    for units, demand in zip(orders, path, strict=True):
        stock += units - demand
        total += max(stock, 0.0) + short * max(-stock, 0.0)
    return total


def test_one_period_of_normal_demand_is_the_newsvendor() -> None:
    """Example 4.1 of Snyder and Shen (2019): the order nears 50 + 8 z(0.7 / 0.88) and the cost 1.9977."""
    spread = {"sd": 8}
    fields = {"demand": [50], "unit_cost": 0, "holding_cost": 0.18, "stockout_cost": 0.7}
    outcome, report = planned(uncertain(spread, uncertainty={"scenarios": 200}, **fields))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([50 + 8 * NormalDist().inv_cdf(0.7 / 0.88)], abs=0.2)
    assert report.expected_cost == pytest.approx(1.9977, abs=0.05)
    assert report.perfect_information_cost == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("fixed", [0.0, 40.0])
def test_the_plan_is_the_best_of_all_orders(fixed: float) -> None:
    """No pair of orders on a grid of all demands so far is cheaper on average over the paths."""
    outcome, report = planned(uncertain({"paths": PATHS}, fixed_cost=fixed))
    grid = [(float(a), float(b)) for a in range(0, 121, 10) for b in range(0, 121, 10)]
    means = [np.mean([cost(pair, path, unit=1, fixed=fixed, short=4) for path in PATHS]) for pair in grid]
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(min(means))
    assert report.expected_cost == pytest.approx(min(means))


def test_the_values_of_information_and_of_planning_for_all_scenarios() -> None:
    """EVPI and VSS equal those of planning each path, and the mean path, by the certain solver."""
    _, report = planned(uncertain({"paths": PATHS}, fixed_cost=40))
    alone = [certain_value(plan(item(demand=path, unmet_demand="backorder", stockout_cost=4, unit_cost=1, fixed_cost=40)))
             for path in PATHS]  # fmt: skip
    assert report.perfect_information_cost == pytest.approx(np.mean(alone))
    assert report.value_of_perfect_information == pytest.approx(report.expected_cost - np.mean(alone))
    mean_orders = (55.0, 0.0)
    mean_cost = np.mean([cost(mean_orders, path, unit=1, fixed=40, short=4) for path in PATHS])
    assert report.expected_demand_plan_cost == pytest.approx(mean_cost)
    assert report.value_of_stochastic_solution == pytest.approx(mean_cost - report.expected_cost)


def test_risk_is_paid_for_with_a_higher_mean() -> None:
    """With all weight on the worst half the plan is the best for that, and dearer on average."""
    _, neutral = planned(uncertain({"paths": PATHS}))
    outcome, averse = planned(uncertain({"paths": PATHS}, uncertainty={"risk_weight": 1.0, "risk_level": 0.5}))
    grid = [(float(a), float(b)) for a in range(0, 121, 5) for b in range(0, 121, 5)]
    tails = [tail_mean(np.array([cost(pair, path, unit=1, fixed=0, short=4) for path in PATHS]), 0.5) for pair in grid]
    assert outcome.objective is not None
    assert outcome.objective.value is not None
    assert outcome.objective.value <= min(tails) + 1e-9
    assert averse.conditional_value_at_risk == pytest.approx(outcome.objective.value)
    assert averse.expected_cost >= neutral.expected_cost
    assert sum(term.value for term in outcome.objective.terms) == pytest.approx(outcome.objective.value)


def test_cycle_service_covers_the_quantile_of_the_demand_so_far() -> None:
    """Three of four paths are covered at the end of each period: 30 units by the first, 70 by the second."""
    outcome, report = planned(uncertain({"paths": PATHS}, stockout_cost=0.01, cycle_service=0.75))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([30, 40])
    assert report.services[0].promised_cycle_service == pytest.approx(0.75)


def test_a_fill_rate_is_promised_and_tried_out() -> None:
    """The scenarios keep the asked share, and fresh demand comes close to it."""
    spread, fields = {"sd": [6, 5]}, {"unmet_demand": "lost", "stockout_cost": 0.1, "fill_rate": 0.97}
    _, report = planned(uncertain(spread, uncertainty={"scenarios": 60}, **fields))
    assert report.services[0].promised_fill_rate == pytest.approx(0.97)
    assert report.services[0].achieved_fill_rate == pytest.approx(0.97, abs=0.01)


def test_quantiles_are_sampled_as_given() -> None:
    """A tenth of the scenarios lies below the first quantile, and half below the median."""
    quantiles = {"0.1": [80, 5], "0.5": [100, 10], "0.9": [130, 30]}
    paths = scenario_paths(uncertain({"quantiles": quantiles}, uncertainty={"scenarios": 100}))
    assert np.mean(paths[:, 0, 0] <= 80) == pytest.approx(0.1, abs=0.011)
    assert np.mean(paths[:, 0, 1] <= 10) == pytest.approx(0.5, abs=0.011)
    assert paths.min() >= 0


def test_paths_of_several_items_are_drawn_together() -> None:
    """Items with as many paths keep what they have in common."""
    entries = [item(name, demand=[30, 25], unmet_demand="lost", stockout_cost=9, demand_uncertainty={"paths": PATHS})
               for name in ("butter", "apples")]  # fmt: skip
    paths = demand_paths(plan(*entries), 7, seed=3)
    assert (paths[:, 0] == paths[:, 1]).all()


def test_the_narrative_tells_cost_information_and_service() -> None:
    """The sentences hold the mean, both values and the achieved fill rate."""
    problem = uncertain({"paths": PATHS}, fixed_cost=40)
    outcome, report = planned(problem)
    narrative = " ".join(explained_outcome(problem, outcome).narrative)
    assert f"{report.scenarios} demand scenarios" in narrative
    assert "Knowing the demand beforehand would save" in narrative
    assert "Planning for all scenarios and not for the mean demand alone saves" in narrative
    assert "fresh demand paths butter has the lowest fill rate" in narrative


def test_a_service_that_capacity_forbids_is_a_conflict_with_a_repair() -> None:
    """The service stands in the conflict, and lowering it is among the repairs."""
    problem = uncertain({"paths": PATHS}, cycle_service=0.75, maximum_order=25)
    outcome = SampleAverage().solve(problem, BUDGET, Silent())
    assert outcome.status == "infeasible"
    infeasibility = explained_outcome(problem, outcome).infeasibility
    assert infeasibility is not None
    assert any(member.name.startswith("cycle_service[") for member in infeasibility.subset)
    assert infeasibility.repairs[0].verified


def test_a_claim_about_the_scenarios_is_lived_through() -> None:
    """The independent check draws the scenarios again and finds another mean cost."""
    problem = uncertain({"paths": PATHS})
    outcome, report = planned(problem)
    assert outcome.solution is not None
    object.__setattr__(outcome.solution, "uncertainty", report.model_copy(update={"expected_cost": report.expected_cost - 5}))
    failed = {check.name for check in certify_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert failed == {"scenario_cost"}


@pytest.mark.parametrize(
    ("spread", "fields", "code", "pointer"),
    [
        ({}, {}, "UNCERTAINTY_NOT_UNIQUE", "/items/0/demand_uncertainty"),
        ({"sd": 3, "paths": PATHS}, {}, "UNCERTAINTY_NOT_UNIQUE", "/items/0/demand_uncertainty"),
        ({"sd": [3]}, {}, "WRONG_LENGTH", "/items/0/demand_uncertainty/sd"),
        ({"paths": [[1]]}, {}, "WRONG_LENGTH", "/items/0/demand_uncertainty/paths/0"),
        ({"quantiles": {"0.5": [1, 2]}}, {}, "TOO_FEW_QUANTILES", "/items/0/demand_uncertainty/quantiles"),
        ({"quantiles": {"0.5": [1, 2], "90": [2, 3]}}, {}, "NOT_A_LEVEL", "/items/0/demand_uncertainty/quantiles/90"),
        ({"sd": 3}, {"unmet_demand": "forbidden"}, "UNCERTAIN_DEMAND_MUST_BE_MET", "/items/0/unmet_demand"),
        ({"sd": 3}, {"shelf_life": 2, "cycle_service": 0.9}, "CYCLE_SERVICE_WITH_SHELF_LIFE", "/items/0/cycle_service"),
    ],
)
def test_meaningless_uncertainty_is_refused(spread: dict[str, Any], fields: dict[str, Any], code: str, pointer: str) -> None:
    """Distributions given twice or not at all, wrong lengths and levels have a pointer each."""
    assert (pointer, code) in [(found.pointer, found.code) for found in issues(uncertain(spread, **fields))]


def test_where_shortage_is_forbidden_every_sample_path_is_served() -> None:
    """Orders bring the largest cumulative demand of all paths, no more, and fresh demand from the paths is never short."""
    outcome, report = planned(uncertain({"paths": PATHS}, unmet_demand="forbidden", stockout_cost=0))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([60, 20])
    stocks = [60 - first + 80 - first - second for first, second in PATHS]
    assert report.expected_cost == pytest.approx(80 + sum(stocks) / len(PATHS))
    assert report.services[0].achieved_fill_rate == 1
    assert report.services[0].promised_cycle_service == 1


def test_a_path_that_capacity_cannot_serve_makes_the_plan_infeasible() -> None:
    """A promise to serve every path is kept or there is no plan."""
    problem = uncertain({"paths": PATHS}, unmet_demand="forbidden", stockout_cost=0, maximum_order=50)
    assert SampleAverage().solve(problem, BUDGET, Silent()).status == "infeasible"


def test_a_path_that_is_no_scenario_cannot_be_promised() -> None:
    """With fewer scenarios than paths some path would not be looked at."""
    problem = uncertain({"paths": PATHS}, unmet_demand="forbidden", uncertainty={"scenarios": 3})
    assert [one.code for one in issues(problem)] == ["TOO_FEW_SCENARIOS"]


def test_a_shortage_in_a_scenario_is_noticed_where_it_is_forbidden() -> None:
    """The check lives through every scenario and sees units that were not there on time."""
    problem = uncertain({"paths": PATHS}, unmet_demand="forbidden", stockout_cost=0)
    outcome, _ = planned(problem)
    assert outcome.solution is not None
    entry = outcome.solution.items[0]
    less = entry.model_copy(update={"receipts": [50.0, 30.0]})
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"items": [less]}))
    failed = {check.name for check in certify_plan(problem, changed) if check.max_violation > check.tolerance}
    assert "scenario_shortage" in failed


def test_a_value_at_the_end_has_its_limit_in_every_scenario() -> None:
    """The mean of what has a value is less than the value of the mean stock: no scenario makes up for another."""
    fields = {"terminal_value": 3, "terminal_stock_limit": 12, "unmet_demand": "lost"}
    outcome, _ = planned(uncertain({"paths": PATHS}, **fields))
    assert outcome.solution is not None
    assert outcome.objective is not None
    told = {term.name: term.value for term in outcome.objective.terms}["terminal_value"]
    assert 0 > told > -3 * min(outcome.solution.items[0].stock[-1], 12)


def test_safety_stock_that_must_be_kept_serves_no_demand() -> None:
    """Each scenario ends every period with it, the trial keeps it too, and a warning says what else may be meant."""
    problem = uncertain({"paths": PATHS}, safety_stock=5)
    outcome, _ = planned(problem)
    assert outcome.solution is not None
    assert min(outcome.solution.items[0].stock) >= 5 - 1e-6
    assert "SAFETY_STOCK_SERVES_NO_DEMAND" in [warning.code for warning in warnings(problem)]


def test_scenarios_have_the_same_rows_whatever_their_demand() -> None:
    """A lorry that holds more than one scenario can use, and less than another, is limited in both."""
    sites = [{"id": "northgate"}, {"id": "southmoor"}]
    way = {"item": "butter", "origin": "northgate", "destination": "southmoor", "fixed_cost": 3, "capacity": 40}
    south = {"demand_uncertainty": {"paths": PATHS}, "unmet_demand": "backorder", "stockout_cost": 9, "demand": [30, 25]}
    items = [item(site="northgate", demand=[0, 0]), item(site="southmoor", unit_cost=20, **south)]
    planned(plan(*items, sites=sites, transfers=[way], uncertainty={"scenarios": 4, "simulations": 100}))
