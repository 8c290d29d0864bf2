"""Constraint programming with clause learning: models of whole numbers only, with bounds on every variable."""

from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.formulate import formulate
from solvers.linear.simplex import solve_problem
from solvers.linear.whole_numbers import whole_model


class ConstraintProgramming:
    """Solves pure integer models; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "constraint_programming"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse continuous variables, missing bounds and coefficients that no power of ten makes whole."""
        made = whole_model(formulate(problem))
        return made if isinstance(made, str) else None

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget; an iteration limit counts conflicts."""
        return solve_problem(problem, budget, progress, "constraint_programming")
