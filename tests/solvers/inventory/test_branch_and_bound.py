"""Plans with setups against dynamic programs and textbook values."""

import random

import pytest

from benchmarks.random_plans import small_plan
from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from tests.oracles.lot_sizing import least_cost, wagner_whitin
from tests.solvers.inventory.plans import BUDGET, item, plan, shared_dock, solved, value


@pytest.mark.parametrize(
    ("demand", "fixed_cost", "holding_cost", "cost"),
    [([90, 120, 80, 70], 500, 2, 1380), ([730, 580, 445, 650, 880], 100, 0.1, 423)],
    ids=["example-3.9", "problem-3.29"],
)
def test_textbook_lot_sizes(demand: list[float], fixed_cost: float, holding_cost: float, cost: float) -> None:
    """Example 3.9 and problem 3.29 of Snyder and Shen (2019), Fundamentals of Supply Chain Theory, come out as printed."""
    assert value(plan(item(demand=demand, fixed_cost=fixed_cost, holding_cost=holding_cost))) == pytest.approx(cost)


@pytest.mark.parametrize("seed", range(6))
def test_one_item_without_limits_equals_wagner_whitin(seed: int) -> None:
    """Costs that change from period to period give the value of the Wagner-Whitin dynamic program."""
    draw = random.Random(seed)
    demand = [draw.choice([0, draw.randint(1, 80)]) for _ in range(10)]
    fixed_cost, unit_cost = ([draw.randint(low, high) for _ in range(10)] for low, high in ((20, 200), (1, 4)))
    holding_cost = [draw.choice([0.0, 0.5, 1.5]) for _ in range(10)]
    problem = plan(item(demand=demand, fixed_cost=fixed_cost, unit_cost=unit_cost, holding_cost=holding_cost))
    least = wagner_whitin(demand, fixed_cost=fixed_cost, unit_cost=unit_cost, holding_cost=holding_cost)
    assert value(problem) == pytest.approx(least)


@pytest.mark.parametrize("seed", range(30))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Capacity, storage, lead time, smallest orders, multiples and shortages give the cost of an exhaustive search."""
    request, items, capacity, storage = small_plan(random.Random(seed))
    problem = PlanProblem.model_validate(request)
    outcome = solved(problem)
    least = least_cost(items, capacity=capacity, storage=storage)
    got = None if outcome.objective is None else outcome.objective.value
    assert got == (None if least is None else pytest.approx(least))
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_every_kind_of_condition_together_is_certified() -> None:
    """A plan with all conditions at once is optimal and passes the independent check and the linear proof."""
    problem = shared_dock()
    outcome = solved(problem)
    checks = certify_plan(problem, outcome)
    assert outcome.termination.reason == "optimal"
    assert {check.name for check in checks} >= {"balance", "capacity", "budget", "cost_setup", "objective", "linear_bound"}
    assert max(check.max_violation - check.tolerance for check in checks) <= 0


def test_a_setup_that_orders_nothing_is_not_paid() -> None:
    """Free setups in a period without demand are not reported."""
    outcome = solved(plan(item(demand=[10, 0, 10], fixed_cost=[5, 0, 5], holding_cost=9)))
    assert outcome.solution is not None
    assert outcome.solution.items[0].setups == [1, 0, 1]


def test_a_linear_plan_is_taken_too() -> None:
    """Branch and bound solves a plan without whole-number decisions at the root."""
    outcome = BranchAndBound().solve(plan(item(unit_cost=2)), BUDGET, Silent())
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(120)


def test_impossible_setups_are_infeasible() -> None:
    """Setup time that leaves no capacity for demand is proved infeasible."""
    line = {"line": {"per_unit": 1, "per_setup": 25}}
    outcome = solved(plan(item(resource_use=line), resources=[{"id": "line", "capacity": 30}]))
    assert outcome.status == "infeasible"
    assert outcome.solution is None
