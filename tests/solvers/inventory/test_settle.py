"""Quantities are settled exactly for the setups that an engine found within its tolerance."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Silent
from solvers.inventory.branch_and_bound import settle
from solvers.inventory.plan_formulation import PlanModel, formulate
from solvers.linear.solve import LinearResult, solve_linear
from tests.solvers.inventory.plans import BUDGET, item, plan


def _found(order_multiple: float | None) -> tuple[PlanModel, LinearResult]:
    formulated = formulate(plan(item(demand=[10, 0, 10], fixed_cost=5, holding_cost=9, order_multiple=order_multiple)))
    return formulated, solve_linear(formulated.model, BUDGET, Silent())


def test_a_setup_that_slipped_through_is_paid() -> None:
    """Orders beside a setup of 0 get their setup, and the plan is no longer called optimal for the cheaper value."""
    formulated, result = _found(5)
    assert result.values is not None
    slipped = np.where(formulated.model.column_upper == 1.0, 0.0, result.values)
    settled = settle(formulated, replace(result, values=slipped, value=0.0, bound=0.0), BUDGET)
    assert settled.value == pytest.approx(10)
    assert settled.termination.reason == "feasible"


def test_an_idle_setup_is_dropped() -> None:
    """A setup without an order is not paid, and the plan that meets the bound is optimal."""
    formulated, result = _found(None)
    assert result.values is not None
    values = result.values.copy()
    values[formulated.setup] = 1.0
    feasible = result.termination.model_copy(update={"reason": "feasible", "limit": "time"})
    settled = settle(formulated, replace(result, values=values, value=15.0, termination=feasible), BUDGET)
    assert settled.value == pytest.approx(10)
    assert settled.termination.reason == "optimal"


def test_without_time_to_settle_nothing_is_paid_for_nothing() -> None:
    """When the linear program cannot run, idle setups and overtime beyond the use are still dropped."""
    problem = plan(
        item(demand=[10, 0, 10], fixed_cost=5, holding_cost=9, resource_use={"line": {"per_unit": 1}}),
        resources=[{"id": "line", "capacity": 8, "overtime_limit": 9, "overtime_cost": 2}],
    )
    formulated = formulate(problem)
    result = solve_linear(formulated.model, BUDGET, Silent())
    assert result.values is not None
    wasteful = result.values.copy()
    wasteful[formulated.setup] = 1.0
    wasteful[formulated.overtime] = 9.0
    settled = settle(formulated, replace(result, values=wasteful), replace(BUDGET, time_limit=1e-9))
    assert settled.value == pytest.approx(10 + 8)


def test_what_is_paid_once_for_suppliers_and_transfers_is_dropped_when_idle() -> None:
    """Dispatches, suppliers' setups and price ranges without a unit are not paid, whether or not there is time to settle."""
    supply = {
        "supplier": "hill-dairy",
        "fixed_cost": 7,
        "discount": "incremental",
        "breakpoints": [0, 15],
        "unit_costs": [3, 2],
    }
    problem = plan(
        item("butter", site="northgate", demand=[10, 0, 10], holding_cost=9, supplies=[supply]),
        item("butter", site="southmoor", demand=[5, 0, 5], holding_cost=9),
        sites=[{"id": "northgate"}, {"id": "southmoor"}],
        suppliers=[{"id": "hill-dairy"}],
        transfers=[{"item": "butter", "origin": "northgate", "destination": "southmoor", "fixed_cost": 1}],
    )
    formulated = formulate(problem)
    result = solve_linear(formulated.model, BUDGET, Silent())
    supplies, transfers = formulated.parts.supplies, formulated.parts.transfers
    assert result.values is not None
    assert result.value is not None
    assert supplies is not None
    assert transfers is not None
    wasteful = result.values.copy()
    for columns in (supplies.setup[0], supplies.choice[0], transfers.setup[0]):
        wasteful[columns[1]] = 1.0
    for seconds in (BUDGET.time_limit, 1e-9):
        settled = settle(formulated, replace(result, values=wasteful), replace(BUDGET, time_limit=seconds))
        assert settled.value == pytest.approx(result.value)
