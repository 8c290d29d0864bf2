"""The solvers of `inventory/policy`: each takes the policies whose algorithm it names."""

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from models.inventory_policy import PolicyProblem, PolicySolution
from solvers.base import Budget, Outcome, Progress
from solvers.inventory.policy.economic_order_quantity import economic_order_quantity
from solvers.inventory.policy.newsvendor import base_stock, newsvendor, newsvendor_yield
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
        "newsvendor": newsvendor,
        "newsvendor_yield": lambda given, budget: newsvendor_yield(given),
        "base_stock": base_stock,
    }
