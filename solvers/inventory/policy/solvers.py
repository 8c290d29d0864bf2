"""The solvers of `inventory/policy`: each takes the policies whose algorithm it names."""

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from models.inventory_policy import PolicyProblem, PolicySolution
from solvers.base import Budget, Outcome, Progress
from solvers.inventory.policy.classification import classify
from solvers.inventory.policy.economic_order_quantity import economic_order_quantity
from solvers.inventory.policy.finite_horizon import finite_horizon
from solvers.inventory.policy.imperfect_supply import disruption, yield_uncertainty
from solvers.inventory.policy.joint_replenishment import joint_replenishment
from solvers.inventory.policy.lot_sizes import lot_sizes
from solvers.inventory.policy.newsvendor import base_stock, newsvendor, newsvendor_yield
from solvers.inventory.policy.quantity_discount import quantity_discount
from solvers.inventory.policy.reorder_quantity import reorder_quantity
from solvers.inventory.policy.reorder_up_to import reorder_up_to
from solvers.inventory.policy.result import PolicyResult, outcome_of

Algorithm = Callable[[Any, Budget], PolicyResult]


class _PolicySolver:
    """Solves the policies of one table."""

    libraries: ClassVar[tuple[str, ...]] = ("numpy", "scipy", "ortools")
    algorithms: ClassVar[Mapping[str, Algorithm]]

    def supports(self, problem: PolicyProblem) -> str | None:
        """Return None when the policy is in the table."""
        return None if problem.policy in self.algorithms else f"it does not solve the policy {problem.policy}"

    def solve(self, problem: PolicyProblem, budget: Budget, progress: Progress) -> Outcome[PolicySolution]:
        """Return the policy's numbers with their working."""
        started = time.monotonic()
        result = self.algorithms[problem.policy](problem.parameters, budget)
        if result.terms:
            progress.incumbent(objective=result.value, bound=result.bound)
        seconds = time.monotonic() - started
        return outcome_of(problem.policy, result, relative_gap_wanted=budget.relative_gap, seconds=seconds)


class ClosedForm(_PolicySolver):
    """Policies whose numbers are formulas of the parameters."""

    name: ClassVar[str] = "closed_form"
    algorithms: ClassVar[Mapping[str, Algorithm]] = {
        "eoq": lambda given, budget: economic_order_quantity(given),
        "eoq_discount": lambda given, budget: quantity_discount(given),
        "eoq_yield": lambda given, budget: yield_uncertainty(given),
        "newsvendor": newsvendor,
        "newsvendor_yield": lambda given, budget: newsvendor_yield(given),
        "base_stock": base_stock,
        "abc_xyz": lambda given, budget: classify(given),
    }


class PolicySearch(_PolicySolver):
    """Policies whose numbers are found by a search that is proved to end at the best ones."""

    name: ClassVar[str] = "policy_search"
    algorithms: ClassVar[Mapping[str, Algorithm]] = {
        "eoq_disruption": lambda given, budget: disruption(given),
        "joint_replenishment": lambda given, budget: joint_replenishment(given),
        "s_S": reorder_up_to,
        "r_Q": reorder_quantity,
    }


class DynamicProgramming(_PolicySolver):
    """Policies of many periods, by backward recursion."""

    name: ClassVar[str] = "dynamic_programming"
    algorithms: ClassVar[Mapping[str, Algorithm]] = {
        "wagner_whitin": lambda given, budget: lot_sizes(given),
        "finite_horizon": lambda given, budget: finite_horizon(given),
    }
