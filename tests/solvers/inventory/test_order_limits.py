"""Orders of single periods that are decided beforehand."""

import itertools

import pytest

from models.force import PlanForce
from solvers.errors import UnforceableError
from solvers.inventory.alternatives import forced_changes, forced_columns
from solvers.inventory.check import check_plan
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.semantics import issues
from tests.solvers.inventory.plans import item, plan, solved, value


def limited(*limits: dict[str, float], **fields: object) -> dict[str, object]:
    """Return an item with limits of its orders."""
    return item(**{"unit_cost": [1, 5, 1], "order_limits": list(limits), **fields})


def test_an_order_can_be_fixed() -> None:
    """10, 20, 30 are asked for; 30 in period 2 at 5 each instead of period 1 at 1."""
    outcome = solved(plan(limited({"period": 2, "lower": 30, "upper": 30})))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([10, 30, 20])


def test_an_order_can_be_ruled_out() -> None:
    """Without an order in period 3 its demand is bought in period 1 and held."""
    outcome = solved(plan(limited({"period": 3, "upper": 0})))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders[2] == 0


def test_more_than_is_useful_can_be_fixed() -> None:
    """An order beyond all demand stays on stock; with a setup its bound makes room for it."""
    for fields in ({}, {"fixed_cost": 10}, {"fixed_cost": 10, "maximum_order": 200}):
        outcome = solved(plan(limited({"period": 1, "lower": 100, "upper": 100}, **fields)))
        assert outcome.solution is not None, fields
        assert outcome.solution.items[0].orders[0] == pytest.approx(100)


@pytest.mark.parametrize("multiple", [None, 7])
def test_fixed_orders_cost_what_the_best_choice_of_the_rest_costs(multiple: int | None) -> None:
    """Free, each order is one of its fixed values: the cheapest of them is the free optimum."""
    free = value(plan(item(fixed_cost=15, order_multiple=multiple)))
    best = min(
        value(plan(item(fixed_cost=15, order_multiple=multiple, order_limits=[{"period": 2, "lower": 1}]))),
        value(plan(item(fixed_cost=15, order_multiple=multiple, order_limits=[{"period": 2, "upper": 0}]))),
    )
    assert free == pytest.approx(best)


def test_several_limits_of_a_period_hold_together() -> None:
    """The tightest count."""
    limits = [{"period": 1, "lower": 12}, {"period": 1, "lower": 15}, {"period": 1, "upper": 15}]
    outcome = solved(plan(limited(*limits)))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders[0] == pytest.approx(15)


def test_the_check_sees_an_order_beyond_its_limits() -> None:
    """An answer to the free problem fails the check of the limited one."""
    outcome = solved(plan(limited()))
    broken = check_plan(plan(limited({"period": 2, "lower": 30, "upper": 30})), outcome)
    assert [check.name for check in broken if check.max_violation > check.tolerance] == ["order_limits"]


@pytest.mark.parametrize(
    ("limit", "field", "code"),
    [
        ({"period": 4, "lower": 1}, "period", "VALUE_OUT_OF_RANGE"),
        ({"period": 3, "lower": 1}, "lower", "ORDER_AFTER_HORIZON"),
        ({"period": 1, "lower": 3, "upper": 2}, "lower", "CROSSING_SIDES"),
        ({"period": 1, "lower": 8, "upper": 13}, "upper", "NO_MULTIPLE_BETWEEN"),
    ],
)
def test_limits_that_cannot_be_met_are_issues(limit: dict[str, float], field: str, code: str) -> None:
    """Each with a pointer to the number."""
    found = issues(plan(limited(limit, lead_time=1, order_multiple=7)))
    assert [(one.pointer, one.code) for one in found] == [(f"/items/0/order_limits/0/{field}", code)]


def test_the_same_item_at_two_sites_needs_its_site() -> None:
    """The column that is forced is the one of the site."""
    sites = [{"id": "northgate"}, {"id": "southmoor"}]
    problem = plan(*(item(site=site["id"]) for site in sites), sites=sites)
    order = {"item": "butter", "period": 2, "quantity": 5}
    with pytest.raises(UnforceableError) as refused:
        forced_changes(problem, PlanForce.model_validate({"order": order}))
    assert refused.value.issues[0].code == "MISSING_SITE"
    force = PlanForce.model_validate({"order": {**order, "site": "southmoor"}})
    assert [pointer for pointer, _ in forced_changes(problem, force)] == ["/items/1/order_limits"]
    assert set(forced_columns(problem, force)) <= set(formulate(problem).model.column_names)


def test_every_forced_column_exists() -> None:
    """Names of orders are those of the formulation."""
    problem = plan(item("oat-milk"), item("apples"))
    names = set(formulate(problem).model.column_names)
    for name, period in itertools.product(("oat-milk", "apples"), (1, 2, 3)):
        force = PlanForce.model_validate({"order": {"item": name, "period": period, "at_least": 1}})
        assert set(forced_columns(problem, force)) <= names
