"""Branch and bound: models with integer variables."""

from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.request import arrays_of
from solvers.linear.simplex import solve_problem


class BranchAndBound:
    """Solves mixed-integer models; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "branch_and_bound"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse models without integer variables: the simplex method alone solves them."""
        return None if arrays_of(problem).integer.any() else "no variable must be integer, so there is nothing to branch on"

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget; one that named no solver may be raced by constraint programming."""
        return solve_problem(problem, budget, progress, "branch_and_bound")
