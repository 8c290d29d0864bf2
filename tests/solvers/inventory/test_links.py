"""Bills of material and substitutes: exhaustive search, what is refused, and the independent check."""

import random
from itertools import product
from typing import Any

import pytest

from models.inventory import PlanProblem
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check import check_plan
from solvers.inventory.semantics import issues
from tests.solvers.inventory.plans import item, plan, solved, value

PERIODS = 3


def cost_of(orders: tuple[int, ...], leaving: list[int], *, unit: list[int], fixed: int, holding: int) -> float:
    """Return what orders cost that leave in these amounts, infinite when there is too little."""
    stock, total = 0, 0.0
    for units, gone, price in zip(orders, leaving, unit, strict=True):
        stock += units - gone
        if stock < 0:
            return float("inf")
        total += units * price + fixed * (units > 0) + holding * stock
    return total


def certified(problem: PlanProblem) -> float:
    """Return the value of a plan that passes every check."""
    outcome = solved(problem)
    assert [check for check in certify_plan(problem, outcome) if check.max_violation > check.tolerance] == []
    assert outcome.objective is not None
    assert outcome.objective.value is not None
    return outcome.objective.value


@pytest.mark.parametrize("seed", range(6))
def test_a_product_and_its_component_equal_exhaustive_search(seed: int) -> None:
    """Two units of flour a loaf, each with its own lot sizes, give the least cost over all whole orders."""
    draw = random.Random(seed)
    demand, own = [draw.randint(0, 2) for _ in range(PERIODS)], [draw.randint(0, 1) for _ in range(PERIODS)]
    prices = [[draw.randint(1, 4) for _ in range(PERIODS)] for _ in range(2)]
    fixed, holding = [draw.choice([0, 3, 8]) for _ in range(2)], [draw.randint(1, 2) for _ in range(2)]
    loaf = item("loaf", demand=demand, unit_cost=prices[0], fixed_cost=fixed[0], holding_cost=holding[0],
                components=[{"item": "flour", "quantity": 2}])  # fmt: skip
    flour = item("flour", demand=own, unit_cost=prices[1], fixed_cost=fixed[1], holding_cost=holding[1])
    least = float("inf")
    for loaves in product(range(sum(demand) + 1), repeat=PERIODS):
        baked = cost_of(loaves, demand, unit=prices[0], fixed=fixed[0], holding=holding[0])
        if sum(loaves) != sum(demand) or baked >= least:
            continue
        taken = [2 * units + more for units, more in zip(loaves, own, strict=True)]
        for sacks in product(range(sum(taken) + 1), repeat=PERIODS):
            if sum(sacks) == sum(taken):
                ground = cost_of(sacks, taken, unit=prices[1], fixed=fixed[1], holding=holding[1])
                least = min(least, baked + ground)
    assert certified(plan(loaf, flour)) == pytest.approx(least)


@pytest.mark.parametrize("seed", range(6))
def test_a_substitute_equals_exhaustive_search(seed: int) -> None:
    """Serving one item's demand with another's units, at a cost, gives the least cost over all whole plans."""
    draw = random.Random(seed)
    demand = [[draw.randint(0, 2) for _ in range(PERIODS)] for _ in range(2)]
    prices = [[draw.randint(1, 5) for _ in range(PERIODS)] for _ in range(2)]
    fixed, swap = [draw.choice([0, 4]) for _ in range(2)], draw.randint(0, 2)
    oat = item("oat-milk", demand=demand[0], unit_cost=prices[0], fixed_cost=fixed[0], holding_cost=1,
               substitutes=[{"item": "soy-milk", "unit_cost": swap}])  # fmt: skip
    soy = item("soy-milk", demand=demand[1], unit_cost=prices[1], fixed_cost=fixed[1], holding_cost=1)
    least = float("inf")
    for swapped in product(*[range(units + 1) for units in demand[0]]):
        wanted = [[units - moved for units, moved in zip(demand[0], swapped, strict=True)],
                  [units + moved for units, moved in zip(demand[1], swapped, strict=True)]]  # fmt: skip
        total = float(swap * sum(swapped))
        for need, price, order_cost in zip(wanted, prices, fixed, strict=True):
            lots = (lots for lots in product(range(sum(need) + 1), repeat=PERIODS) if sum(lots) == sum(need))
            total += min(cost_of(lot, need, unit=price, fixed=order_cost, holding=1) for lot in lots)
        least = min(least, total)
    assert certified(plan(oat, soy)) == pytest.approx(least)


def test_components_of_components_are_needed_when_they_are_taken() -> None:
    """Ten sandwiches take 20 slices a period earlier, which take 2 loaves another period earlier."""
    entries = [
        item("sandwich", demand=[0, 0, 10], lead_time=1, components=[{"item": "slice", "quantity": 2}]),
        item("slice", demand=[0, 0, 0], lead_time=1, components=[{"item": "loaf", "quantity": 0.1}]),
        item("loaf", demand=[0, 0, 0], unit_cost=3),
    ]
    outcome = solved(plan(*entries))
    assert outcome.solution is not None
    assert [one.orders for one in outcome.solution.items] == [[0, 10, 0], [20, 0, 0], [2, 0, 0]]


def test_a_substitute_fills_no_stock() -> None:
    """Safety stock of one item is not made of another."""
    cheap = item("soy-milk", demand=[0, 0, 0], unit_cost=1)
    dear = item("oat-milk", demand=[0, 0, 0], unit_cost=9, safety_stock=2, substitutes=[{"item": "soy-milk"}])
    assert value(plan(dear, cheap)) == pytest.approx(2 * 9 + 3 * 2)


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"components": [{"item": "butter", "quantity": 1}]}, "CYCLIC_BILL", "/items/0/components/0/item"),
        ({"components": [{"item": "flour", "quantity": 1}]}, "CYCLIC_BILL", "/items/0/components/0/item"),
        ({"components": [{"item": "cream", "quantity": 1}]}, "UNKNOWN_ITEM", "/items/0/components/0/item"),
        ({"substitutes": [{"item": "cream"}]}, "UNKNOWN_ITEM", "/items/0/substitutes/0/item"),
        ({"substitutes": [{"item": "butter"}]}, "SAME_ITEM", "/items/0/substitutes/0/item"),
    ],
)
def test_meaningless_links_are_refused(fields: dict[str, Any], code: str, pointer: str) -> None:
    """Circles, unknown items and items that replace themselves have a pointer each."""
    flour = item("flour", components=[{"item": "butter", "quantity": 1}])
    assert (pointer, code) in [(found.pointer, found.code) for found in issues(plan(item(**fields), flour))]


def test_a_substitution_beyond_what_is_served_is_found() -> None:
    """The independent check sees more substitutes than demand."""
    soy = item("soy-milk", demand=[0, 0, 0], unit_cost=1)
    problem = plan(item("oat-milk", unit_cost=5, substitutes=[{"item": "soy-milk"}]), soy)
    outcome = solved(problem)
    assert outcome.solution is not None
    served = outcome.solution.items[0].substitutions
    assert served is not None
    served[0].quantities[0] += 3.0
    failed = {check.name for check in check_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert {"substitution", "balance"} <= failed
