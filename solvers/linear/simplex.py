"""Revised simplex (GLOP): linear programs, answered at a vertex with its basis, so that every price is exact."""

import time
from dataclasses import replace
from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.formulate import formulate
from solvers.linear.model import LinearModel
from solvers.linear.request import arrays_of
from solvers.linear.solve import LinearResult, outcome_of, solve_linear


class Simplex:
    """Solves linear programs; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "simplex"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse models with integer variables."""
        whole = int(arrays_of(problem).integer.sum())
        return f"{whole} variables must be integer, and the simplex method cannot keep them so" if whole else None

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget."""
        return solve_problem(problem, budget, progress)


def solve_problem(problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
    """Formulate and solve a linear problem; its building time counts against the budget."""
    started = time.monotonic()
    model = formulate(problem)
    built = time.monotonic() - started
    result = solve_linear(model, replace(budget, time_limit=max(budget.time_limit - built, 0.01)), progress)
    result = replace(result, build_time=result.build_time + built)
    return outcome_of(model, result, _solution(model, result), unit=problem.unit)


def _solution(model: LinearModel, result: LinearResult) -> LinearSolution | None:
    if result.values is None:
        return None
    return LinearSolution.model_construct(variables=dict(zip(model.column_names, result.values.tolist(), strict=True)))
