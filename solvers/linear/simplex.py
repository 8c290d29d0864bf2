"""Simplex methods, primal and dual: linear programs, answered at a vertex with its basis, so that every price is exact."""

import time
from dataclasses import replace
from typing import ClassVar

from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Progress
from solvers.linear.formulate import formulate
from solvers.linear.model import LinearModel
from solvers.linear.request import arrays_of
from solvers.linear.result import LinearResult, Method
from solvers.linear.solve import outcome_of, solve_linear


class Simplex:
    """Solves linear programs; see `solvers.linear.solve.solve_linear`."""

    name: ClassVar[str] = "simplex"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: LinearProblem) -> str | None:
        """Refuse models with integer variables."""
        return integers_in(problem)

    def solve(self, problem: LinearProblem, budget: Budget, progress: Progress) -> Outcome[LinearSolution]:
        """Solve the problem within the budget; a large one that named no solver may get other methods with a vertex, too."""
        return solve_problem(problem, budget, progress, "simplex")


def integers_in(problem: LinearProblem) -> str | None:
    """Return why a linear program's algorithm cannot take a problem: a sentence that counts its integers, or None."""
    whole = int(arrays_of(problem).integer.sum())
    return f"{whole} variables must be integer, and an algorithm for linear programs cannot keep them so" if whole else None


def solve_problem(problem: LinearProblem, budget: Budget, progress: Progress, method: Method) -> Outcome[LinearSolution]:
    """
    Formulate and solve a linear problem; its building time counts against the budget.

    Parameters
    ----------
    problem
        What to solve. Unless its options name a solver, all methods that suit its structure may run.
    budget, progress
        As in `solvers.linear.solve.solve_linear`.
    method
        The method of the solver that was chosen.
    """
    started = time.monotonic()
    model = formulate(problem)
    built = time.monotonic() - started
    left = replace(budget, time_limit=max(budget.time_limit - built, 0.01))
    named = None if problem.options.solver == "auto" else method
    result = solve_linear(model, left, progress, method=named)
    result = replace(result, build_time=result.build_time + built)
    outcome = outcome_of(model, result, _solution(model, result), unit=problem.unit)
    return replace(outcome, solver=result.engine)


def _solution(model: LinearModel, result: LinearResult) -> LinearSolution | None:
    if result.values is None:
        return None
    return LinearSolution.model_construct(variables=dict(zip(model.column_names, result.values.tolist(), strict=True)))
