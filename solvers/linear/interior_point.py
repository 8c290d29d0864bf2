"""
Interior point with crossover: large linear programs whose size makes every simplex method slow.

The crossover walks from the interior of the optimal face to one of its vertices, so that prices are as exact as those of a
simplex method.
"""

from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.simplex import integers_in, solve_problem


class InteriorPoint:
    """Solves linear programs; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "interior_point"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse models with integer variables."""
        return integers_in(problem)

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget."""
        return solve_problem(problem, budget, progress, "interior_point")
