"""What is refused before any solve, and what only earns a warning."""

from typing import Any

import pytest

from solvers.inventory.semantics import MAX_ISSUES, issues, warnings
from tests.solvers.inventory.plans import item, plan, shared_dock


def test_a_sound_request_has_neither_issues_nor_warnings() -> None:
    """Nothing is found in a sound request."""
    assert issues(shared_dock()) == []
    assert warnings(shared_dock()) == []


@pytest.mark.parametrize(
    ("items", "fields", "pointer", "code"),
    [
        ([item()], {"periods": 4}, "/items/0/demand", "WRONG_LENGTH"),
        ([item(holding_cost=[1, 2])], {}, "/items/0/holding_cost", "WRONG_LENGTH"),
        ([item()], {"budget": [1.0]}, "/budget", "WRONG_LENGTH"),
        ([item()], {"sites": [{"id": "a", "storage_capacity": [1]}]}, "/sites/0/storage_capacity", "WRONG_LENGTH"),
        ([item()], {"resources": [{"id": "r", "capacity": [1, 2, 3, 4]}]}, "/resources/0/capacity", "WRONG_LENGTH"),
        ([item(), item()], {}, "/items/1/id", "DUPLICATE_ID"),
        ([item(site="a")], {"sites": [{"id": "a"}, {"id": "a"}]}, "/sites/1/id", "DUPLICATE_ID"),
        ([item()], {"resources": [{"id": "r", "capacity": 1}, {"id": "r", "capacity": 1}]}, "/resources/1/id", "DUPLICATE_ID"),
        ([item(site="b")], {"sites": [{"id": "a"}]}, "/items/0/site", "UNKNOWN_SITE"),
        ([item(site="b")], {}, "/items/0/site", "UNKNOWN_SITE"),
        ([item()], {"sites": [{"id": "a"}]}, "/items/0/site", "MISSING_SITE"),
        ([item(resource_use={"a/b~c": {}})], {}, "/items/0/resource_use/a~1b~0c", "UNKNOWN_RESOURCE"),
        ([item(minimum_order=9, maximum_order=8)], {}, "/items/0/minimum_order", "MINIMUM_ABOVE_MAXIMUM"),
        ([item(order_multiple=9, maximum_order=8)], {}, "/items/0/order_multiple", "MULTIPLE_ABOVE_MAXIMUM"),
        ([item(minimum_order=7, order_multiple=6, maximum_order=8)], {}, "/items/0/order_multiple", "MULTIPLE_ABOVE_MAXIMUM"),
        ([item(fixed_cost=3)], {"options": {"solver": "simplex"}}, "/options/solver", "SOLVER_NOT_SUITABLE"),
    ],
)
def test_a_meaningless_request_is_refused(items: list[dict[str, Any]], fields: dict[str, Any], pointer: str, code: str) -> None:
    """Each issue has its pointer and code."""
    assert (pointer, code) in {(found.pointer, found.code) for found in issues(plan(*items, **fields))}


def test_issues_stop_at_the_limit() -> None:
    """Ten thousand wrong lists cost a thousand issues."""
    found = issues(plan(*(item(f"item-{index}", holding_cost=[1]) for index in range(10_000))))
    assert len(found) == MAX_ISSUES


@pytest.mark.parametrize(
    ("entry", "fields", "pointer", "code"),
    [
        (item(stockout_cost=1), {}, "/items/0/stockout_cost", "STOCKOUT_COST_UNUSED"),
        (item(unmet_demand="lost"), {}, "/items/0/stockout_cost", "SHORTAGE_IS_FREE"),
        (
            item(unmet_demand="lost", stockout_cost=1, unit_cost=2),
            {},
            "/items/0/stockout_cost",
            "SHORTAGE_CHEAPER_THAN_PURCHASE",
        ),
        (item(maximum_final_backorder=3), {}, "/items/0/maximum_final_backorder", "BACKORDER_LIMIT_UNUSED"),
        (item(lead_time=3), {}, "/items/0/lead_time", "LEAD_TIME_BEYOND_HORIZON"),
        (item(maximum_order=0), {}, "/items/0/maximum_order", "NOTHING_CAN_BE_ORDERED"),
        (
            item(),
            {"resources": [{"id": "r", "capacity": 1, "overtime_cost": 2}]},
            "/resources/0/overtime_cost",
            "OVERTIME_COST_UNUSED",
        ),
    ],
)
def test_an_odd_request_is_warned_about(entry: dict[str, Any], fields: dict[str, Any], pointer: str, code: str) -> None:
    """Each warning has its pointer and code."""
    assert (pointer, code) in {(found.pointer, found.code) for found in warnings(plan(entry, **fields))}
