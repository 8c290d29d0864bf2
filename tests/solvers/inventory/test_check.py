"""The independent check finds every kind of wrong plan."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from models.inventory import PlanProblem, PlanSolution
from solvers.base import Outcome
from solvers.inventory.check import check_plan
from tests.solvers.inventory.plans import shared_dock, solved


@cache
def _solved() -> tuple[PlanProblem, Outcome[PlanSolution]]:
    problem = shared_dock()
    return problem, solved(problem)


def _violated(outcome: Outcome[PlanSolution]) -> set[str]:
    checks = check_plan(_solved()[0], outcome)
    return {check.name for check in checks if check.max_violation > check.tolerance}


def _changed(item: int, field: str, period: int, by: float) -> Outcome[PlanSolution]:
    """Return the outcome with one number of the plan changed."""
    outcome = _solved()[1]
    assert outcome.solution is not None
    items = list(outcome.solution.items)
    values = list(getattr(items[item], field))
    values[period] += by
    items[item] = items[item].model_copy(update={field: values})
    return replace(outcome, solution=outcome.solution.model_copy(update={"items": items}))


def test_a_true_plan_passes() -> None:
    """Nothing is violated by the engine's plan."""
    assert _violated(_solved()[1]) == set()


@pytest.mark.parametrize(
    ("item", "field", "period", "by", "found"),
    [
        (0, "stock", 1, 1.0, "balance"),
        (0, "stock", 3, -3.0, "safety_stock"),
        (0, "stock", 2, 90.0, "storage"),
        (0, "receipts", 0, 2.0, "receipts"),
        (0, "orders", 2, 100.0, "maximum_order"),
        (0, "orders", 2, 100.0, "capacity"),
        (0, "orders", 2, 100.0, "budget"),
        (0, "orders", 2, 100.0, "cost_purchase"),
        (1, "orders", 1, 2.0, "order_multiple"),
        (1, "backorders", 3, -1.0, "non_negative"),
        (1, "backorders", 3, 9.0, "final_backorder"),
        (2, "lost_sales", 1, 7.0, "unmet_demand"),
        (2, "orders", 3, 4.0, "receipts"),
        (2, "stock", 0, 1.0, "cost_holding"),
    ],
)
def test_a_changed_number_is_found(item: int, field: str, period: int, by: float, found: str) -> None:
    """Each tampered number violates the condition that it breaks."""
    assert found in _violated(_changed(item, field, period, by))


def test_an_order_below_the_minimum_is_found() -> None:
    """An order of 2 where at least 5 are needed is a violation."""
    outcome = _solved()[1]
    assert outcome.solution is not None
    period = outcome.solution.items[0].orders.index(0.0)
    assert {"minimum_order", "setups"} <= _violated(_changed(0, "orders", period, 2.0))


def test_a_setup_without_an_order_is_found() -> None:
    """Paying for nothing, or ordering without paying, is a violation."""
    outcome = _solved()[1]
    assert outcome.solution is not None
    period = outcome.solution.items[0].setups.index(0)
    assert {"setups", "cost_setup"} <= _violated(_changed(0, "setups", period, 1))


def test_overtime_above_its_limit_is_found() -> None:
    """Overtime beyond the limit violates it even when it is paid."""
    outcome = _solved()[1]
    assert outcome.solution is not None
    resource = outcome.solution.resources[0].model_copy(update={"overtime": [0.0, 0.0, 0.0, 3.0]})
    tampered = outcome.solution.model_copy(update={"resources": [resource]})
    assert "overtime_limit" in _violated(replace(outcome, solution=tampered))


def test_an_objective_that_the_terms_do_not_sum_to_is_found() -> None:
    """The value must be the sum of its recomputed terms."""
    outcome = _solved()[1]
    assert outcome.objective is not None
    assert outcome.objective.value is not None
    wrong: Any = outcome.objective.model_copy(update={"value": outcome.objective.value + 1})
    assert _violated(replace(outcome, objective=wrong)) == {"objective"}


def test_a_plan_for_other_items_is_an_error() -> None:
    """A plan that lists other items than the request cannot be checked."""
    outcome = _solved()[1]
    assert outcome.solution is not None
    tampered = outcome.solution.model_copy(update={"items": outcome.solution.items[::-1]})
    with pytest.raises(ValueError, match="other items"):
        check_plan(_solved()[0], replace(outcome, solution=tampered))


def test_an_outcome_without_a_plan_has_nothing_to_check() -> None:
    """No plan, no checks."""
    assert check_plan(_solved()[0], replace(_solved()[1], solution=None)) == []
