"""Linear plans: closed forms, prices and the conditions one by one."""

import time
from typing import Any

import numpy as np
import pytest

from models.inventory import PlanProblem
from solvers.base import Outcome
from solvers.inventory.certificate import certify_plan
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.simplex import Simplex
from tests.solvers.inventory.plans import item, plan, solved, value


def test_stock_is_built_ahead_of_a_price_rise() -> None:
    """Buying early pays exactly when the price rises by more than the holding cost."""
    outcome = solved(plan(item(unit_cost=[5, 5.5, 7], holding_cost=1)))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([10, 50, 0])
    assert outcome.solution.items[0].stock == pytest.approx([0, 30, 0])


def test_capacity_moves_orders_to_earlier_periods() -> None:
    """With a line of 25 a period, the peak of 30 is served 5 ahead."""
    outcome = solved(plan(item(resource_use={"line": {"per_unit": 1}}), resources=[{"id": "line", "capacity": 25}]))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([10, 25, 25])
    assert outcome.solution.resources[0].use == pytest.approx([10, 25, 25])


def test_overtime_is_used_only_when_it_is_cheaper_than_stock() -> None:
    """Overtime at 0.5 beats holding at 1 for the 5 units that exceed the line's 25."""
    resources = [{"id": "line", "capacity": 25, "overtime_limit": 10, "overtime_cost": 0.5}]
    outcome = solved(plan(item(resource_use={"line": {"per_unit": 1}}), resources=resources))
    assert outcome.solution is not None
    assert outcome.objective is not None
    assert outcome.solution.resources[0].overtime == pytest.approx([0, 0, 5])
    assert {term.name: term.value for term in outcome.objective.terms}["overtime"] == pytest.approx(2.5)


def test_lead_time_delays_receipts_and_stops_orders_near_the_end() -> None:
    """An order of period t arrives in t + lead time, and none is placed that would arrive after the last period."""
    outcome = solved(plan(item(initial_stock=10, lead_time=1)))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([20, 30, 0])
    assert outcome.solution.items[0].receipts == pytest.approx([0, 20, 30])


def test_backorders_are_charged_per_period_until_they_are_delivered() -> None:
    """10 units that cannot arrive before period 3 are open for two periods."""
    outcome = solved(plan(item(lead_time=2, demand=[10, 0, 0], unmet_demand="backorder", stockout_cost=3)))
    assert outcome.solution is not None
    assert outcome.objective is not None
    assert outcome.solution.items[0].backorders == pytest.approx([10, 10, 0])
    assert outcome.objective.value == pytest.approx(60)


def test_lost_sales_are_charged_once_and_never_come_back() -> None:
    """10 units that cannot arrive in time are lost at their price."""
    outcome = solved(plan(item(lead_time=2, demand=[10, 0, 5], unmet_demand="lost", stockout_cost=3)))
    assert outcome.solution is not None
    assert outcome.objective is not None
    assert outcome.solution.items[0].lost_sales == pytest.approx([10, 0, 0])
    assert outcome.objective.value == pytest.approx(30)


def test_a_limit_on_final_backorders_makes_the_plan_deliver_late_demand() -> None:
    """Buying at 5 where a unit short costs 1 a period happens only when nothing may stay open after the last period."""
    short = item(unit_cost=5, unmet_demand="backorder", stockout_cost=1)
    assert value(plan(short)) == pytest.approx(10 * 3 + 20 * 2 + 30)
    assert value(plan(short | {"maximum_final_backorder": 0})) == pytest.approx(60 * 5)


def test_safety_stock_is_on_hand_at_the_end_of_every_period() -> None:
    """A safety stock of 4 costs its holding in each of three periods."""
    assert value(plan(item(safety_stock=4, holding_cost=2))) == pytest.approx(24)


def test_storage_is_shared_by_all_items_of_a_site_and_no_other() -> None:
    """The site's storage makes the plan infeasible only for items at that site."""
    items = [item(name, initial_stock=60, site=site) for name, site in (("butter", "northgate"), ("apples", "southmoor"))]
    roomy = [{"id": "northgate", "storage_capacity": 50}, {"id": "southmoor", "storage_capacity": None}]
    tight = [{"id": "northgate", "storage_capacity": 49}, {"id": "southmoor", "storage_capacity": None}]
    assert solved(plan(*items, sites=roomy)).status == "succeeded"
    assert solved(plan(*items, sites=tight)).status == "infeasible"


def test_a_site_without_items_changes_nothing() -> None:
    """A limited site that stores nothing has rows without variables, and a request with no other site is still solved."""
    empty = {"id": "southmoor", "storage_capacity": 5}
    assert value(plan(item(site="northgate"), sites=[{"id": "northgate"}, empty])) == pytest.approx(0)
    assert value(plan(item(site="northgate", holding_cost=1, unit_cost=2), sites=[{"id": "northgate"}, empty])) == 120


def test_budget_limits_the_money_spent_in_a_period() -> None:
    """With 50 a period at a price of 2 and 30 units wanted last, 5 are bought ahead."""
    outcome = solved(plan(item(unit_cost=2), budget=50))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([10, 25, 25])


def test_resource_at_receipt_is_used_when_goods_arrive() -> None:
    """Dock hours of a lead-time item fall into the period of arrival."""
    use = {"dock": {"per_unit": 1, "at": "receipt"}}
    problem = plan(item(initial_stock=10, lead_time=1, resource_use=use), resources=[{"id": "dock", "capacity": 100}])
    outcome = solved(problem)
    assert outcome.solution is not None
    assert outcome.solution.resources[0].use == pytest.approx([0, 20, 30])


def test_the_price_of_demand_is_the_cost_of_one_more_unit() -> None:
    """The dual of each balance equals the change of cost when demand grows by one, where the optimum is not degenerate."""
    fields: dict[str, Any] = {"resources": [{"id": "line", "capacity": 27.5}]}
    use = {"line": {"per_unit": 1}}
    outcome = solved(plan(item(unit_cost=[2, 3, 3], resource_use=use), **fields))
    prices = outcome.evidence.result.duals[:3]
    for period in range(3):
        demand = [10, 20, 30]
        demand[period] += 1
        more = value(plan(item(unit_cost=[2, 3, 3], resource_use=use, demand=demand), **fields))
        assert outcome.objective is not None
        assert prices[period] == pytest.approx(more - _value(outcome))


@pytest.mark.parametrize("seed", range(3))
def test_prices_of_demand_bound_the_cost_of_any_other_demand(seed: int) -> None:
    """Cost is convex in demand: at any other demand it is at least what the prices predict, degenerate or not."""
    problem = _large(items=3, periods=5, seed=seed)
    outcome = solved(problem)
    prices = outcome.evidence.result.duals[:15].reshape(3, 5)
    draw = np.random.default_rng(seed)
    for step in (1.0, -1.0, 25.0):
        entry, period = int(draw.integers(3)), int(draw.integers(5))
        items = [item.model_dump() for item in problem.items]
        step = max(step, -items[entry]["demand"][period])
        items[entry]["demand"][period] += step
        more = value(plan(*items, resources=[problem.resources[0].model_dump()]))
        assert more >= _value(outcome) + step * prices[entry, period] - 1e-6


def test_the_same_item_at_two_sites_is_told_apart_in_row_names() -> None:
    """Rows name the site where an id occurs twice."""
    sites = [{"id": "northgate"}, {"id": "southmoor"}]
    model = formulate(plan(item(site="northgate"), item(site="southmoor"), sites=sites)).model
    assert model.row_names[0] == "balance[butter@northgate,1]"
    assert model.row_pointers is not None
    assert model.row_pointers[5] == "/items/1/demand/2"


def test_plans_with_setups_are_refused_with_the_field_that_asks_for_them() -> None:
    """The simplex method says which field makes the plan a whole-number decision."""
    refusal = Simplex().supports(plan(item(), item("apples", fixed_cost=[0, 0, 5])))
    assert refusal is not None
    assert "/items/1/fixed_cost" in refusal


def test_500_items_over_52_weeks_are_written_within_a_second() -> None:
    """The formulation of 78,000 columns is built by arrays."""
    problem = _large(items=500, periods=52)
    started = time.process_time()
    model = formulate(problem).model
    assert time.process_time() - started < 1.0
    assert model.columns == 3 * 500 * 52 + 52


def test_a_linear_optimum_is_proved_by_its_prices() -> None:
    """Dual residual, complementary slackness and duality gap of a plan of 20 items are within the tolerance."""
    problem = _large(items=20, periods=12)
    checks = {check.name: check for check in certify_plan(problem, solved(problem))}
    assert {"linear_dual_residual", "linear_complementary_slackness", "linear_duality_gap"} <= checks.keys()
    assert all(check.max_violation <= check.tolerance for check in checks.values())


def _large(*, items: int, periods: int, seed: int = 0) -> PlanProblem:
    draw = np.random.default_rng(seed)
    entries = [
        item(
            f"item-{index}",
            demand=draw.integers(0, 100, periods).astype(float).tolist(),
            unit_cost=draw.uniform(5, 10, periods).tolist(),
            unmet_demand="backorder",
            stockout_cost=20,
            resource_use={"line": {"per_unit": 1}},
        )
        for index in range(items)
    ]
    return plan(*entries, resources=[{"id": "line", "capacity": 48 * items, "overtime_limit": 5 * items, "overtime_cost": 3}])


def _value(outcome: Outcome[Any]) -> float:
    assert outcome.objective is not None
    assert outcome.objective.value is not None
    return outcome.objective.value
