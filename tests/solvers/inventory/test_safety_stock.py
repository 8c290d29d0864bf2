"""Safety stock, kept or missed at a price: exhaustive search, prices, scenarios, and what the check finds."""

import random
from dataclasses import replace
from typing import Any

import pytest

from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check import check_plan
from solvers.inventory.sample_average import SampleAverage
from solvers.inventory.semantics import issues, warnings
from tests.oracles.safety_stock import SafeItem, least_cost
from tests.solvers.inventory.plans import BUDGET, item, plan, proved_value, solved
from tests.solvers.inventory.test_explain import explained, sentence


def small(draw: random.Random) -> tuple[PlanProblem, SafeItem]:
    """Return a random item and the same for the oracle."""
    one = SafeItem(
        demand=tuple(draw.randint(0, 3) for _ in range(4)),
        safety=tuple(draw.randint(0, 3) for _ in range(4)),
        safety_cost=draw.choice([None, *(tuple(draw.choice([0, 0.5, 2, 6]) for _ in range(4)) for _ in range(2))]),
        unit_cost=tuple(draw.randint(1, 5) for _ in range(4)),
        fixed_cost=draw.choice([0, 4]),
        holding_cost=draw.choice([0.5, 1]),
        initial=draw.randint(0, 3),
        most=draw.choice([4, 8]),
        unmet=draw.choice(["forbidden", "backorder", "lost"]),
        stockout_cost=draw.choice([1, 4]),
    )
    entry = item(
        demand=list(one.demand),
        safety_stock=list(one.safety),
        safety_stock_cost=None if one.safety_cost is None else list(one.safety_cost),
        unit_cost=list(one.unit_cost),
        fixed_cost=one.fixed_cost,
        holding_cost=one.holding_cost,
        initial_stock=one.initial,
        maximum_order=one.most,
        unmet_demand=one.unmet,
        stockout_cost=one.stockout_cost,
    )
    return plan(entry), one


def butter(**fields: Any) -> PlanProblem:
    """Return butter with a safety stock of 5 that is cheap to miss in the first two periods only."""
    return plan(item(unit_cost=[8, 2, 2], safety_stock=5, safety_stock_cost=[3, 3, 20], **fields))


@pytest.mark.parametrize("seed", range(40))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Setups, shortages and missing safety stock give the cost of a search over all whole plans."""
    problem, one = small(random.Random(seed))
    assert proved_value(problem) == pytest.approx(least_cost(one))


def test_safety_stock_is_missed_where_that_is_cheaper() -> None:
    """In period 1 a unit costs 6 more than later and missing it 3; in the last period missing costs more than buying."""
    outcome = solved(butter())
    assert outcome.solution is not None
    assert outcome.solution.items[0].stock == pytest.approx([0, 5, 5])
    assert outcome.solution.items[0].safety_shortfalls == pytest.approx([5, 0, 0])
    assert outcome.objective is not None
    assert {term.name: term.value for term in outcome.objective.terms}["safety_stock"] == pytest.approx(15)


def test_the_plan_says_what_is_missing_and_what_that_is_worth() -> None:
    """A sentence on the shortfall, and the price of the row is that of missing one more."""
    found = explained(butter())
    assert "The stock is up to 5 units below the safety stock (butter in period 1), which costs 15 in all." in found.narrative
    words = "One unit less of safety stock for butter in period 1 would save 3."
    assert sentence(found, "safety_stock[butter,1]") == words


def test_a_false_shortfall_is_found() -> None:
    """A plan that tells less than what is missing, or more, fails the check."""
    problem, outcome = butter(), solved(butter())
    assert outcome.solution is not None
    for told in ([4.0, 0.0, 0.0], [5.0, 0.0, 1.0]):
        items = [outcome.solution.items[0].model_copy(update={"safety_shortfalls": told})]
        changed = replace(outcome, solution=outcome.solution.model_copy(update={"items": items}))
        failed = {check.name for check in check_plan(problem, changed) if check.max_violation > check.tolerance}
        assert failed == {"safety_shortfalls", "cost_safety_stock", "objective"}


def test_uncertain_demand_misses_safety_stock_in_some_scenarios() -> None:
    """The shortfall is a mean over the scenarios, more than the mean stock lacks, and the plan is checked and tried out."""
    uncertain = {"demand_uncertainty": {"sd": [2, 4, 6]}, "unmet_demand": "backorder", "stockout_cost": 9}
    problem = butter(**uncertain)
    outcome = SampleAverage().solve(problem, BUDGET, Silent())
    assert outcome.solution is not None
    told = outcome.solution.items[0].safety_shortfalls
    assert told is not None
    assert any(0 < short < 5 for short in told)
    assert [check.name for check in certify_plan(problem, outcome) if check.max_violation > check.tolerance] == []


def test_odd_costs_of_safety_stock_are_told() -> None:
    """A list of another length is refused; a cost without a safety stock is warned about."""
    short = plan(item(safety_stock=5, safety_stock_cost=[1, 2]))
    assert [(one.pointer, one.code) for one in issues(short)] == [("/items/0/safety_stock_cost", "WRONG_LENGTH")]
    unused = plan(item(safety_stock_cost=1))
    assert [(one.pointer, one.code) for one in warnings(unused)] == [("/items/0/safety_stock_cost", "SAFETY_STOCK_COST_UNUSED")]
