"""
A first-order method (primal-dual hybrid gradient): linear programs by matrix-vector products alone, without a factorisation.

It ends near an optimum, not at a vertex: there is no basis, its prices are approximate, and an answer whose certificate does
not hold to the usual tolerance is called imprecise. Chosen only by name. Source: Applegate et al. (2021), Practical large-scale
linear programming using primal-dual hybrid gradient, NeurIPS 34.
"""

from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.simplex import integers_in, solve_problem


class FirstOrder:
    """Solves linear programs approximately; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "first_order"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse models with integer variables."""
        return integers_in(problem)

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget."""
        return solve_problem(problem, budget, progress, "first_order")
