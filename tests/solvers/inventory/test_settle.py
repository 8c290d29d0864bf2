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
