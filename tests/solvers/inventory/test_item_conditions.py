"""Shelf life, waiting times, receipts under way, frozen periods and terminal values: against exhaustive search, and refused."""

import random
from typing import Any

import pytest

from models.inventory import PlanProblem
from solvers.inventory.check import check_plan
from solvers.inventory.semantics import issues, warnings
from tests.oracles.shelf_life import Perishable, least_cost
from tests.solvers.inventory.plans import item, plan, proved_value, solved, value
from tests.solvers.inventory.test_explain import explained, sentence


def bread(**fields: Any) -> PlanProblem:
    """Return bread that keeps two periods and is cheap in the first."""
    return plan(item("rye-bread", unit_cost=[2, 9, 9], holding_cost=0.5, shelf_life=2, **fields))


def small(draw: random.Random) -> tuple[PlanProblem, Perishable]:
    """Return a random item that spoils, and the same for the oracle."""
    periods, life = 4, draw.randint(1, 3)
    one = Perishable(
        demand=tuple(draw.randint(0, 2) for _ in range(periods)),
        initial=tuple(draw.randint(0, 1) for _ in range(life)),
        life=life,
        lead=draw.randint(0, 1),
        most=draw.choice([3, 4]),
        unit_cost=tuple(draw.randint(1, 5) for _ in range(periods)),
        fixed_cost=draw.choice([0, 5]),
        holding_cost=draw.choice([0.5, 1.5]),
        disposal_cost=draw.choice([0, 1]),
        terminal_value=draw.choice([0, 0, 2]),
        unmet=draw.choice(["forbidden", "backorder", "lost"]),
        stockout_cost=draw.choice([1, 6]),
        longest_wait=draw.choice([None, 1, 2]),
        scheduled=tuple(draw.choice([0, 0, 0, 2]) for _ in range(periods)),
    )
    entry = item(
        "rye-bread",
        demand=list(one.demand),
        initial_stock=sum(one.initial),
        initial_lots=[{"quantity": units, "remaining_life": age + 1} for age, units in enumerate(one.initial)],
        shelf_life=life,
        lead_time=one.lead,
        maximum_order=one.most,
        unit_cost=list(one.unit_cost),
        fixed_cost=one.fixed_cost,
        holding_cost=one.holding_cost,
        disposal_cost=one.disposal_cost,
        terminal_value=one.terminal_value,
        unmet_demand=one.unmet,
        stockout_cost=one.stockout_cost,
        maximum_backorder_periods=one.longest_wait,
        scheduled_receipts=list(one.scheduled),
    )
    return plan(entry), one


@pytest.mark.parametrize("seed", range(40))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Ages, disposal, waiting times, receipts under way and terminal value give the cost of a search over all whole plans."""
    problem, one = small(random.Random(seed))
    assert proved_value(problem) == pytest.approx(least_cost(one))


def test_what_spoils_is_not_bought_ahead_for() -> None:
    """Bread of period 1 serves periods 1 and 2 and not 3, however dear it is there."""
    outcome = solved(bread())
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([30, 0, 30])


def test_a_smallest_order_leaves_units_to_dispose_of() -> None:
    """With a smallest order above what two periods need the rest is disposed of, at its cost."""
    outcome = solved(plan(item("rye-bread", demand=[4, 0, 0], shelf_life=1, minimum_order=10, unit_cost=1, disposal_cost=2)))
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(22)
    assert outcome.solution is not None
    assert outcome.solution.items[0].disposals == pytest.approx([6, 0, 0])


def test_the_price_of_keeping_longer_is_what_one_unit_saves() -> None:
    """A unit that kept one period longer would be bought in period 1 and held, in place of a dear one."""
    words = "One unit of rye-bread that kept a period longer at the end of period 2 would save 6."
    assert sentence(explained(bread()), "shelf_life[rye-bread,2]") == words


def test_stock_that_has_spoiled_is_found() -> None:
    """The independent check follows every lot and sees a unit that is too old."""
    problem = bread()
    outcome = solved(problem)
    assert outcome.solution is not None
    old = outcome.solution.items[0]
    old.orders[0], old.receipts[0], old.orders[2], old.receipts[2] = 60.0, 60.0, 0.0, 0.0
    old.stock[0], old.stock[1] = 50.0, 30.0
    failed = {check.name for check in check_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert "shelf_life" in failed
    assert "balance" not in failed


def test_demand_may_wait_so_long_and_no_longer() -> None:
    """Without a limit all waits for the cheap period; with one of a period only the demand before it does."""
    late = {"unmet_demand": "backorder", "stockout_cost": 0.1, "maximum_final_backorder": 0, "unit_cost": [9, 9, 1]}
    assert value(plan(item(**late))) == pytest.approx(60 + 10 * 0.1 + 30 * 0.1)
    assert value(plan(item(maximum_backorder_periods=1, **late))) == pytest.approx(90 + 50 + 20 * 0.1)


def test_receipts_under_way_serve_demand_first() -> None:
    """Units that are due need not be ordered again."""
    outcome = solved(plan(item(unit_cost=2, scheduled_receipts=[10, 0, 5])))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([0, 20, 25])
    assert outcome.solution.items[0].receipts == pytest.approx([10, 20, 30])


def test_frozen_periods_keep_what_is_placed() -> None:
    """Nothing but the order placed already stands in the frozen periods."""
    placed = [{"period": 1, "lower": 12}]
    outcome = solved(plan(item(unit_cost=[1, 1, 5], initial_stock=20, order_limits=placed), frozen_periods=2))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([12, 0, 28])


def test_a_conflict_with_frozen_periods_is_named() -> None:
    """The frozen period stands in the conflict in a planner's words."""
    explanation = explained(plan(item(demand=[10, 0, 0]), frozen_periods=1))
    assert explanation.infeasibility is not None
    words = {member.sentence for member in explanation.infeasibility.subset}
    assert "At most 0 units of butter can be ordered in period 1." in words


def test_waiting_longer_is_a_repair() -> None:
    """Where demand cannot be served in time, letting it wait longer is among the repairs, solved again."""
    late = {"unmet_demand": "backorder", "maximum_backorder_periods": 1, "maximum_final_backorder": 0, "maximum_order": 25}
    explanation = explained(plan(item(demand=[50, 0, 0], **late)))
    assert explanation.infeasibility is None or explanation.infeasibility.repairs
    explanation = explained(plan(item(demand=[60, 0, 0], **late)))
    assert explanation.infeasibility is not None
    assert "Let 10 units more of butter wait beyond their time at the end of period 2." in {
        repair.sentence for repair in explanation.infeasibility.repairs
    }


def test_stock_at_the_end_is_bought_for_its_value_up_to_the_limit() -> None:
    """Units worth more than they cost are bought, up to the limit and no further."""
    problem = plan(item(unit_cost=3, terminal_value=5, terminal_stock_limit=7, fixed_cost=1))
    outcome = solved(problem)
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(60 * 3 + 3 + 7 * (3 + 1 - 5))
    assert {warning.code for warning in warnings(problem)} == {"TERMINAL_VALUE_ABOVE_COST"}


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"initial_lots": [{"quantity": 1, "remaining_life": 1}]}, "NO_SHELF_LIFE", "/items/0/initial_lots"),
        (
            {"shelf_life": 2, "initial_stock": 3, "initial_lots": [{"quantity": 4, "remaining_life": 1}]},
            "LOTS_ABOVE_STOCK",
            "/items/0/initial_lots",
        ),
        (
            {"shelf_life": 2, "initial_stock": 3, "initial_lots": [{"quantity": 1, "remaining_life": 3}]},
            "LIFE_ABOVE_SHELF_LIFE",
            "/items/0/initial_lots/0/remaining_life",
        ),
        ({"scheduled_receipts": [1]}, "WRONG_LENGTH", "/items/0/scheduled_receipts"),
        ({"disposal_cost": [1]}, "WRONG_LENGTH", "/items/0/disposal_cost"),
    ],
)
def test_meaningless_conditions_are_refused(fields: dict[str, Any], code: str, pointer: str) -> None:
    """Lots without a life, more lots than stock and wrong lengths have a pointer each."""
    assert (pointer, code) in [(found.pointer, found.code) for found in issues(plan(item(**fields)))]


def test_more_frozen_periods_than_there_are_is_refused() -> None:
    """The horizon bounds the frozen periods."""
    assert [found.code for found in issues(plan(item(), frozen_periods=4))] == ["VALUE_OUT_OF_RANGE"]
