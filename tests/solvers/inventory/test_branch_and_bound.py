"""Plans with setups against dynamic programs and textbook values."""

import random
from typing import Any

import pytest

from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from tests.oracles.lot_sizing import SmallItem, least_cost, wagner_whitin
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
    problem, items, capacity, storage = _small(random.Random(seed))
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


def _small(draw: random.Random) -> tuple[PlanProblem, list[SmallItem], int | None, int | None]:
    """Draw a small problem, once for the oracle and once as a request."""
    periods, count = draw.choice([(3, 1), (4, 1), (5, 1), (3, 2)])
    capacity, storage = draw.choice([None, 4, 6, 8]), draw.choice([None, None, 3, 6])
    items = [
        SmallItem(
            demand=[draw.randint(0, 4) for _ in range(periods)],
            holding_cost=draw.choice([0, 0.5, 1, 2]),
            unit_cost=draw.choice([0, 1, 3]),
            fixed_cost=draw.choice([0, 3, 8]),
            stockout_cost=draw.choice([1, 2, 5]),
            initial_stock=draw.choice([0, 0, 3]),
            lead_time=draw.choice([0, 0, 1, 2]),
            minimum_order=draw.choice([0, 0, 3]),
            order_multiple=draw.choice([1, 1, 2]),
            unmet_demand=draw.choice(["forbidden", "backorder", "lost"]),
            setup_use=draw.choice([0, 1]),
            orders=range(14 if count == 1 else 9),
        )
        for _ in range(count)
    ]
    resources = [] if capacity is None else [{"id": "line", "capacity": capacity}]
    sites = [{"id": "northgate", "storage_capacity": storage}]
    requested = [_request(index, small, shares=capacity is not None) for index, small in enumerate(items)]
    return plan(*requested, sites=sites, resources=resources), items, capacity, storage


def _request(index: int, small: SmallItem, *, shares: bool) -> dict[str, Any]:
    """Return a small item as an entry of the request."""
    return {
        "id": f"item-{index}",
        "site": "northgate",
        "demand": list(small.demand),
        "holding_cost": small.holding_cost,
        "unit_cost": small.unit_cost,
        "fixed_cost": small.fixed_cost,
        "stockout_cost": small.stockout_cost,
        "initial_stock": small.initial_stock,
        "lead_time": small.lead_time,
        "minimum_order": small.minimum_order,
        "order_multiple": None if small.order_multiple == 1 else small.order_multiple,
        "unmet_demand": small.unmet_demand,
        "resource_use": {"line": {"per_unit": 1, "per_setup": small.setup_use}} if shares else {},
    }
