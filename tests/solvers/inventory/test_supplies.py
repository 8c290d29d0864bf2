"""Suppliers with quantity discounts: exhaustive search, prices, conflicts, and what is refused."""

import random
from dataclasses import replace
from typing import Any

import pytest

from models.force import PlanForce
from models.inventory import PlanProblem
from solvers.errors import UnforceableError
from solvers.inventory.alternatives import forced_changes
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check import check_plan
from solvers.inventory.semantics import issues
from tests.oracles.make_or_buy import least_cost as least_cost_of_both
from tests.oracles.suppliers import Offer, least_cost
from tests.solvers.inventory.plans import item, plan, proved_value, solved, value
from tests.solvers.inventory.test_explain import explained, sentence

SUPPLIERS = [{"id": "hill-dairy"}, {"id": "valley-mill"}]
LIST = {"breakpoints": [0, 25, 40], "unit_costs": [10, 8, 7]}


def butter(*supplies: dict[str, Any], suppliers: list[dict[str, Any]] | None = None, **fields: Any) -> PlanProblem:
    """Return butter with these supplies."""
    return plan(item(supplies=list(supplies), **fields), suppliers=suppliers or SUPPLIERS)


def offer(draw: random.Random) -> Offer:
    """Return random terms with one to three prices."""
    count = draw.randint(1, 3)
    sizes = [0, *sorted(draw.sample(range(2, 6), count - 1))]
    prices = sorted((draw.randint(1, 6) for _ in range(count)), reverse=True)
    return Offer(
        breaks=tuple(zip(sizes, map(float, prices), strict=True)),
        all_units=draw.random() < 0.5,
        fixed_cost=draw.choice([0, 3]),
        lead=draw.randint(0, 1),
        minimum=draw.choice([0, 0, 3]),
        multiple=draw.choice([1, 1, 2]),
        most=draw.randint(4, 7),
    )


def terms(supplier: str, one: Offer) -> dict[str, Any]:
    """Return an offer as an entry of `supplies`."""
    return {
        "supplier": supplier,
        "breakpoints": [size for size, _ in one.breaks],
        "unit_costs": [price for _, price in one.breaks],
        "discount": "all_units" if one.all_units else "incremental",
        "fixed_cost": one.fixed_cost,
        "lead_time": one.lead,
        "minimum_order": one.minimum,
        "order_multiple": one.multiple if one.multiple > 1 else None,
        "maximum_order": one.most,
    }


@pytest.mark.parametrize("seed", range(30))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Discounts, lead times, smallest orders, multiples and capacities give the cost of a search over all plans."""
    draw = random.Random(seed)
    offers = (offer(draw), offer(draw))
    demand, capacity = tuple(draw.randint(0, 4) for _ in range(4)), draw.randint(3, 7)
    supplies = [terms(name, one) for name, one in zip(("hill-dairy", "valley-mill"), offers, strict=True)]
    suppliers = [{"id": "hill-dairy", "capacity": capacity}, {"id": "valley-mill"}]
    problem = butter(*supplies, suppliers=suppliers, demand=list(demand), initial_stock=2, holding_cost=0.5)
    assert proved_value(problem) == pytest.approx(least_cost(demand, 2, 0.5, offers, capacity))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_made_or_bought_equals_exhaustive_search(seed: int) -> None:
    """Offers that take components stand beside one that delivers the product ready, and the component has terms of its own."""
    draw = random.Random(seed)
    making, buying, component = (replace(offer(draw), most=5) for _ in range(3))
    making, demand = replace(making, breaks=((0, 1.0),)), tuple(draw.randint(0, 3) for _ in range(3))
    each, initial = draw.randint(1, 2), draw.randint(0, 2)
    made = {**terms("works", making), "takes_components": True}
    bought = {**terms("valley-mill", buying), "takes_components": False}
    problem = plan(
        item(supplies=[made, bought], demand=list(demand), holding_cost=0.5, components=[{"item": "cream", "quantity": each}]),
        item("cream", supplies=[terms("hill-dairy", component)], demand=[0] * 3, initial_stock=initial, holding_cost=0.5),
        suppliers=[*SUPPLIERS, {"id": "works"}],
    )
    least = least_cost_of_both(demand, making, buying, component, each=each, initial=initial, holding_cost=0.5)
    assert proved_value(problem) == pytest.approx(least)


def test_what_is_bought_ready_takes_neither_components_nor_resources() -> None:
    """The line makes 10 units of two pieces each; the 20 others are bought, and a plan that says otherwise is found out."""
    problem = plan(
        item(
            supplies=[
                {"supplier": "works", "unit_cost": 1},
                {"supplier": "valley-mill", "unit_cost": 9, "takes_components": False, "takes_resources": False},
            ],
            demand=[30],
            components=[{"item": "cream", "quantity": 2}],
            resource_use={"line": {"per_unit": 3}},
        ),
        item("cream", demand=[0], unit_cost=2),
        suppliers=[*SUPPLIERS, {"id": "works"}],
        resources=[{"id": "line", "capacity": 30}],
    )
    outcome = solved(problem)
    assert outcome.solution is not None
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(10 * (1 + 2 * 2) + 20 * 9)
    assert outcome.solution.items[1].orders == pytest.approx([20])
    assert outcome.solution.resources[0].use == pytest.approx([30])
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))
    supplies = outcome.solution.items[0].supplies
    assert supplies is not None
    supplies[0].orders[0], supplies[1].orders[0] = 20, 10
    supplies[0].costs[0], supplies[1].costs[0] = 20, 90
    failed = {check.name for check in check_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert {"balance", "capacity"} <= failed


def test_all_units_and_incremental_discounts_are_told_apart() -> None:
    """Of 60 units at one go all cost 7, or 25 cost 10, 15 cost 8 and 20 cost 7."""
    whole = butter({"supplier": "hill-dairy", "discount": "all_units", **LIST}, demand=[60])
    steps = butter({"supplier": "hill-dairy", "discount": "incremental", **LIST}, demand=[60])
    assert value(whole) == pytest.approx(420)
    assert value(steps) == pytest.approx(250 + 120 + 140)


def test_more_is_ordered_than_needed_where_the_discount_pays_for_it() -> None:
    """24 units at 10 cost more than 25 at 8."""
    outcome = solved(butter({"supplier": "hill-dairy", **LIST}, demand=[24], holding_cost=1))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([25])
    assert outcome.solution.items[0].supplies is not None
    assert outcome.solution.items[0].supplies[0].costs == pytest.approx([200])


def test_without_discounts_and_fixed_costs_the_plan_is_linear_and_priced() -> None:
    """The value of a supplier's capacity is what a re-solve with one unit more saves."""
    cheap, dear = {"supplier": "hill-dairy", "unit_cost": 3}, {"supplier": "valley-mill", "unit_cost": 5, "lead_time": 1}
    limited = [{"id": "hill-dairy", "capacity": 15}, {"id": "valley-mill"}]
    more = [{"id": "hill-dairy", "capacity": [15, 16, 15]}, {"id": "valley-mill"}]
    problem = butter(cheap, dear, suppliers=limited)
    assert value(problem) - value(butter(cheap, dear, suppliers=more)) == pytest.approx(1)
    words = "One more unit that hill-dairy delivers for the orders of period 2 would save 1."
    assert sentence(explained(problem), "supplier_capacity[hill-dairy,2]") == words


def test_too_little_supply_is_named_and_repaired() -> None:
    """The capacity of the supplier stands in the conflict and among the repairs."""
    short = butter({"supplier": "hill-dairy", "unit_cost": 3}, suppliers=[{"id": "hill-dairy", "capacity": 18}])
    infeasibility = explained(short).infeasibility
    assert infeasibility is not None
    assert any(member.name.startswith("supplier_capacity[") for member in infeasibility.subset)
    assert infeasibility.repairs[0].verified
    assert infeasibility.repairs[0].sentence.startswith("Have hill-dairy deliver 6 units more for the orders of period")


def test_suppliers_serve_items_that_spoil() -> None:
    """What a supplier delivers ages like any receipt."""
    problem = butter({"supplier": "hill-dairy", "unit_cost": [1, 9, 9]}, shelf_life=2)
    outcome = solved(problem)
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([30, 0, 30])
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_orders_from_suppliers_take_of_resources_and_the_budget() -> None:
    """Dock hours are taken at the receipt, and an order is paid from the budget of its period."""
    entry = item(
        supplies=[{"supplier": "hill-dairy", "lead_time": 1, "unit_cost": 2, "fixed_cost": 5}],
        demand=[0, 10, 20],
        resource_use={"dock": {"per_unit": 1, "per_setup": 2, "at": "receipt"}},
    )
    problem = plan(entry, suppliers=SUPPLIERS, resources=[{"id": "dock", "capacity": 20}], budget=[50, 50, 0])
    outcome = solved(problem)
    assert outcome.solution is not None
    assert outcome.solution.resources[0].use == pytest.approx([0, 14, 20])
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


@pytest.mark.parametrize(
    ("supply", "fields", "code", "pointer"),
    [
        ({"supplier": "nobody"}, {}, "UNKNOWN_SUPPLIER", "/items/0/supplies/0/supplier"),
        ({}, {"unit_cost": 3}, "TERMS_IN_TWO_PLACES", "/items/0/unit_cost"),
        ({}, {"maximum_order": 3}, "TERMS_IN_TWO_PLACES", "/items/0/maximum_order"),
        ({"unit_costs": [3]}, {}, "WRONG_LENGTH", "/items/0/supplies/0/unit_costs"),
        ({"breakpoints": [5], "unit_costs": [3]}, {}, "BREAKPOINTS_NOT_RISING", "/items/0/supplies/0/breakpoints"),
        ({"breakpoints": [0, 5], "unit_costs": [3, 4]}, {}, "PRICES_NOT_FALLING", "/items/0/supplies/0/unit_costs"),
        ({"minimum_order": 5, "maximum_order": 4}, {}, "MINIMUM_ABOVE_MAXIMUM", "/items/0/supplies/0/minimum_order"),
    ],
)
def test_meaningless_supplies_are_refused(supply: dict[str, Any], fields: dict[str, Any], code: str, pointer: str) -> None:
    """Unknown names, terms in two places and odd price lists have a pointer each."""
    problem = butter({"supplier": "hill-dairy", **supply}, **fields)
    assert (pointer, code) in [(found.pointer, found.code) for found in issues(problem)]


def test_a_price_that_is_not_in_the_list_is_found() -> None:
    """The independent check prices every order again."""
    problem = butter({"supplier": "hill-dairy", **LIST})
    outcome = solved(problem)
    assert outcome.solution is not None
    supplies = outcome.solution.items[0].supplies
    assert supplies is not None
    supplies[0].costs[0] -= 1.0
    failed = {check.name for check in check_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert failed == {"supply_cost"}


def test_no_single_order_of_several_suppliers_is_forced() -> None:
    """A forced order of an item with suppliers is refused with a pointer."""
    problem = butter({"supplier": "hill-dairy", "unit_cost": 3})
    force = PlanForce.model_validate({"order": {"item": "butter", "period": 1, "quantity": 5}})
    with pytest.raises(UnforceableError) as caught:
        forced_changes(problem, force)
    assert [(found.pointer, found.code) for found in caught.value.issues] == [("/force/order/item", "ORDERED_FROM_SUPPLIERS")]
