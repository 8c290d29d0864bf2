"""Explanations of plans: prices in a planner's words, conflicts and repairs."""

import time
from typing import Any, Literal

import pytest

from models.explanation import Explanation, Reproduce
from models.inventory import PlanProblem, PlanSolution
from solvers.base import Outcome, Silent
from solvers.feature import Ask
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.explain import explain_plan
from tests.solvers.inventory.plans import BUDGET, item, plan, shared_dock, solved, value

LINE = {"line": {"per_unit": 1}}


def explained(problem: PlanProblem, level: Literal["summary", "full"] = "full") -> Explanation:
    """Solve and explain."""
    return explained_outcome(problem, solved(problem), level)


def explained_outcome(
    problem: PlanProblem, outcome: Outcome[PlanSolution], level: Literal["summary", "full"] = "full"
) -> Explanation:
    """Explain a plan that has been made."""
    reproduce = Reproduce(versions={}, seed=0, input_sha256="0")
    return explain_plan(problem, outcome, Ask(level=level, reproduce=reproduce, deadline=time.monotonic() + 10))


def sentence(explanation: Explanation, name: str) -> str:
    """Return the sentence on a row."""
    assert explanation.constraints is not None
    return next(report.sentence for report in explanation.constraints if report.name == name)


def test_the_price_of_demand_is_said_in_a_planners_words() -> None:
    """A unit in period 3 costs its purchase in period 2 and one period of holding."""
    explanation = explained(plan(item(unit_cost=[5, 5.5, 7])))
    assert sentence(explanation, "balance[butter,3]") == "One more unit of demand for butter in period 3 would cost 6.5."


def test_the_value_of_capacity_is_what_a_unit_more_saves() -> None:
    """The sentence on a full line states the saving that a re-solve with one unit more confirms."""
    problem = plan(item(unit_cost=2, resource_use=LINE), resources=[{"id": "line", "capacity": [20, 28, 25]}])
    more = plan(item(unit_cost=2, resource_use=LINE), resources=[{"id": "line", "capacity": [20, 28, 26]}])
    assert value(problem) - value(more) == pytest.approx(1)
    words = "More of line in period 3, where it is used up, would save 1 per unit, as long as nothing else binds."
    assert sentence(explained(problem), "capacity[line,3]") == words


def test_prices_of_a_plan_with_setups_say_that_the_setups_are_kept() -> None:
    """In a plan with setups the price holds for the setups of the plan."""
    explanation = explained(plan(item(fixed_cost=100, unit_cost=3)))
    words = sentence(explanation, "balance[butter,1]")
    assert (
        words
        == "With the whole-number decisions of this plan kept, one more unit of demand for butter in period 1 would cost 3."
    )
    assert explanation.duals.kind == "fixed_integers"


def test_the_narrative_gives_the_cost_and_its_parts() -> None:
    """The first sentence holds the value, its parts and what is proved."""
    narrative = explained(plan(item(unit_cost=[5, 5.5, 7]))).narrative
    assert narrative[0] == "The plan costs 355: purchase 325 (92%), holding 30 (8%); no plan is cheaper."
    assert 3 <= len(narrative) <= 6


def test_the_narrative_says_why_stock_is_built_ahead() -> None:
    """Stock built ahead is justified by the rise of the price and the holding cost."""
    narrative = explained(plan(item(unit_cost=[5, 5.5, 7]))).narrative
    words = (
        "30 units of butter are kept from period 2 to 3 because a unit is worth 5.5 in the one and 6.5 in the other, "
        "which pays the holding cost of 1."
    )
    assert words in narrative


@pytest.mark.parametrize("level", ["summary", "full"])
def test_objective_terms_sum_to_the_value(level: Literal["summary", "full"]) -> None:
    """The named costs are all of the cost."""
    problem = shared_dock()
    terms = explained(problem, level).objective_terms
    assert terms is not None
    assert sum(term.value for term in terms) == pytest.approx(value(problem))


@pytest.mark.parametrize(
    ("problem", "families", "repair"),
    [
        (
            plan(item(resource_use=LINE), resources=[{"id": "line", "capacity": 18}]),
            {"balance", "capacity"},
            "Add 6 to the capacity of line",
        ),
        (plan(item(lead_time=1)), {"balance"}, "Serve 10 units less of butter in period 1"),
        (
            plan(item(site="northgate", safety_stock=[0, 9, 0]), sites=[{"id": "northgate", "storage_capacity": 5}]),
            {"safety_stock", "storage"},
            "Add 4 to the storage of northgate at the end of period 2, to 9.",
        ),
        (plan(item(unit_cost=2), budget=30), {"balance", "budget"}, "Add 30 to the budget"),
        (
            plan(item(maximum_order=19, fixed_cost=3)),
            {"balance", "maximum_order"},
            "Allow an order of butter in period 3 that is 3 units above the largest.",
        ),
        (
            plan(item(demand=[10, 0, 0], lead_time=3, unmet_demand="backorder", maximum_final_backorder=4)),
            {"balance", "final_backorder"},
            "Let 6 units more of butter stay open after the last period.",
        ),
    ],
    ids=["capacity", "lead-time", "storage", "budget", "maximum-order", "final-backorder"],
)
def test_an_impossible_plan_names_its_conflict_and_repair(problem: PlanProblem, families: set[str], repair: str) -> None:
    """The conflict is made of the conditions that cannot hold together; the least change makes a plan possible."""
    infeasibility = explained(problem).infeasibility
    assert infeasibility is not None
    rows = [member.name.split("[")[0] for member in infeasibility.subset if not member.name[-1].isdigit()]
    assert set(rows) == families
    assert all(found.verified for found in infeasibility.repairs)
    assert infeasibility.irreducible
    assert infeasibility.total_violation == pytest.approx(infeasibility.repairs[0].cost)
    assert infeasibility.repairs[0].sentence.startswith(repair)


def test_a_repair_never_orders_without_a_setup() -> None:
    """Setup time that eats the capacity is repaired by capacity, not by leaving the setup out."""
    line = {"line": {"per_unit": 1, "per_setup": 25}}
    infeasibility = explained(plan(item(resource_use=line), resources=[{"id": "line", "capacity": 30}])).infeasibility
    assert infeasibility is not None
    assert {change.name.split("[")[0] for change in infeasibility.repairs[0].changes} == {"capacity"}


def test_a_search_that_ended_without_a_plan_is_explained_as_such() -> None:
    """No plan within the limits: the narrative says so and the other keys give their reason."""
    problem = shared_dock()
    budget: Any = BUDGET.__class__(time_limit=1e-9, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
    outcome = BranchAndBound().solve(_large(), budget, Silent())
    reproduce = Reproduce(versions={}, seed=0, input_sha256="0")
    assert outcome.status == "failed"
    explanation = explain_plan(problem, outcome, Ask(level="summary", reproduce=reproduce, deadline=time.monotonic() + 1))
    assert explanation.narrative[0].endswith("there is no plan to explain.")
    assert "constraints" in explanation.unavailable


def _large() -> PlanProblem:
    """Return a plan that no engine finishes within a hundredth of a second."""
    line = {"line": {"per_unit": 1, "per_setup": 3}}
    items = [item(f"item-{index}", demand=[7 + (index * t) % 11 for t in range(40)], fixed_cost=30, resource_use=line)
             for index in range(40)]  # fmt: skip
    return plan(*items, resources=[{"id": "line", "capacity": 520}])


@pytest.mark.parametrize(
    ("moments", "now", "later"),
    [(["order", "order"], True, False), (["receipt", "receipt"], False, True), (["order", "receipt"], True, True)],
)
def test_capacity_is_written_for_the_period_in_which_it_is_taken(moments: list[str], now: bool, later: bool) -> None:
    """Where the use falls on a later receipt, text and LaTeX both show the order of L periods before."""
    items = [
        item(f"item-{at}", initial_stock=60, lead_time=1, resource_use={"line": {"per_unit": 1, "at": moment}})
        for at, moment in enumerate(moments)
    ]
    formulation = explained(plan(*items, resources=[{"id": "line", "capacity": 30}])).formulation
    assert formulation is not None
    (capacity,) = [family for family in formulation.constraints if family.symbol == "capacity"]
    assert ("order[i,t]" in capacity.text, "x_{it}" in capacity.latex) == (now, now)
    assert ("order[i,t-L[i]]" in capacity.text, "x_{i,t-L_i}" in capacity.latex) == (later, later)
