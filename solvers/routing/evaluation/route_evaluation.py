"""Evaluation of given routes: nothing is searched, everything is computed."""

import time
from typing import ClassVar

from models.routing import EvaluationProblem, EvaluationSolution
from models.run import Termination
from solvers.base import Budget, Outcome, Progress
from solvers.routing.evaluation.evaluated import evaluated


class RouteEvaluation:
    """
    Times, loads, lengths and costs of given routes, and what they break.

    A route finishes as early as possible and then starts as late as possible, as in a plan of the solver. Where it comes too
    late, it serves on arrival and everything after it moves back.
    """

    name: ClassVar[str] = "route_evaluation"
    libraries: ClassVar[tuple[str, ...]] = ()

    def supports(self, problem: EvaluationProblem) -> str | None:
        """Return None: every routing problem can be evaluated."""
        return None

    def solve(self, problem: EvaluationProblem, budget: Budget, progress: Progress) -> Outcome[EvaluationSolution]:
        """
        Evaluate the routes.

        Parameters
        ----------
        problem
            A problem without semantic issues.
        budget, progress
            Not used: the work is proportional to the size of the request.
        """
        started = time.monotonic()
        solution, objective = evaluated(problem.as_routing(), problem.routes, pointer="/routes")
        count = len(solution.violations)
        detail = (
            f"The routes break {count} condition{'s' if count > 1 else ''}." if count else "The routes keep every condition."
        )
        return Outcome(
            status="succeeded",
            termination=Termination(reason="infeasible" if count else "feasible", limit="none", detail=detail),
            objective=objective,
            solution=solution,
            threads=1,
            solve_time=time.monotonic() - started,
        )
