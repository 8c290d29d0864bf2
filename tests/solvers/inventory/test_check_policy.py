"""The check of policies refuses answers that were changed."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from models.inventory_policy import PolicyProblem
from solvers.base import Budget, Outcome, Silent
from solvers.inventory.check_policy.check import check_policy
from solvers.registry import FEATURES
from tests.solvers.inventory.policies import solve_policy
from tests.solvers.inventory.test_policy import EVERY_POLICY

BUDGET = Budget(time_limit=5, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
CHANGES = {
    "eoq": ("order_quantity", 1.05), "eoq_discount": ("order_quantity", 1.3), "eoq_disruption": ("order_quantity", 0.9),
    "eoq_yield": ("order_quantity", 1.1), "newsvendor": ("order_quantity", 1.1), "newsvendor_yield": ("order_quantity", 1.1),
    "base_stock": ("order_up_to_level", 1.2), "s_S": ("order_up_to_level", 1.1), "r_Q": ("reorder_point", 1.1),
    "joint_replenishment": ("cycle_time", 1.2),
}  # fmt: skip


def solved(policy: str) -> tuple[PolicyProblem, Outcome[Any]]:
    """Return a problem and what its solver hands back."""
    problem = PolicyProblem.model_validate({"policy": policy, "parameters": EVERY_POLICY[policy]})
    solver = next(one for one in FEATURES["inventory/policy"].solvers.values() if one.supports(problem) is None)
    return problem, solver.solve(problem, BUDGET, Silent())


def refused(problem: PolicyProblem, outcome: Outcome[Any]) -> list[str]:
    """Return the names of the checks that fail."""
    return [check.name for check in check_policy(problem, outcome) if check.max_violation > check.tolerance]


@pytest.mark.parametrize("policy", CHANGES)
def test_a_changed_number_is_noticed(policy: str) -> None:
    """A number that is a tenth off no longer has the cost that is claimed."""
    problem, outcome = solved(policy)
    field, factor = CHANGES[policy]
    number = getattr(outcome.solution, field) * factor
    number = round(number) if policy in ("base_stock", "s_S") else number
    assert outcome.solution is not None
    changed = replace(outcome, solution=outcome.solution.model_copy(update={field: number}))
    assert refused(problem, outcome) == []
    assert "objective" in refused(problem, changed)


def test_a_lot_that_leaves_demand_unmet_is_noticed() -> None:
    """An order that is missing breaks the balance."""
    problem, outcome = solved("wagner_whitin")
    assert outcome.solution is not None
    orders = [0.0, *outcome.solution.orders[1:]]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"orders": orders}))
    assert "demand_is_met" in refused(problem, changed)


def test_levels_of_another_period_are_noticed() -> None:
    """A finite horizon with other levels costs something else."""
    problem, outcome = solved("finite_horizon")
    assert outcome.solution is not None
    levels = [one.model_copy(update={"order_up_to_level": one.order_up_to_level + 3}) for one in outcome.solution.levels]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"levels": levels}))
    assert "objective" in refused(problem, changed)


def test_a_wrong_class_is_noticed() -> None:
    """An A item that is called C does not pass."""
    problem, outcome = solved("abc_xyz")
    assert outcome.solution is not None
    classes = [one.model_copy(update={"abc": "C"}) for one in outcome.solution.classes]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"classes": classes}))
    assert refused(problem, changed) == ["classes"]


def test_a_simulation_far_from_its_promise_is_noticed() -> None:
    """A fill rate that nobody achieved does not pass."""
    problem, outcome = solved("base_stock")
    assert outcome.solution is not None
    figures = [one.model_copy(update={"achieved": one.achieved * 1.3}) for one in outcome.solution.simulation.figures]
    simulation = outcome.solution.simulation.model_copy(update={"figures": figures})
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"simulation": simulation}))
    assert refused(problem, changed) == ["simulation_standard_errors"]


@pytest.mark.parametrize("policy", ["newsvendor", "base_stock", "s_S"])
def test_a_shortage_too_rare_to_be_sampled_is_no_reason_to_withhold(policy: str) -> None:
    """At a stockout cost of a million times the holding cost no simulated period is short; the formulas are still checked."""
    got = solve_policy(policy, **{**EVERY_POLICY[policy], "holding_cost": 1.0, "stockout_cost": 1e6})
    assert got.certificate is not None
    assert got.certificate.verified


@pytest.mark.parametrize("policy", ["newsvendor", "base_stock", "r_Q"])
def test_normal_demand_needs_a_mean(policy: str) -> None:
    """A fill rate of no demand means nothing."""
    nothing = {"distribution": "normal", "mean": 0, "sd": 5}
    with pytest.raises(ValidationError):
        PolicyProblem.model_validate({"policy": policy, "parameters": {**EVERY_POLICY[policy], "demand": nothing}})
