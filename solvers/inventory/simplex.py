"""Revised simplex for plans without whole-number decisions: a vertex with its basis, so that every price is exact."""

import time
from dataclasses import replace
from typing import ClassVar

from models.inventory import PlanProblem, PlanSolution
from solvers.base import Budget, Outcome, Progress
from solvers.inventory.demand_paths import is_uncertain
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.plan_solution import plan_solution
from solvers.inventory.semantics import whole_number_pointer
from solvers.linear.solve import outcome_of, solve_linear


class Simplex:
    """Solves the plan as one linear program."""

    name: ClassVar[str] = "simplex"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: PlanProblem) -> str | None:
        """Refuse plans with setups or order multiples, and say which field asks for them."""
        if is_uncertain(problem):
            return "demand is uncertain, which asks for sample_average"
        pointer = whole_number_pointer(problem)
        return None if pointer is None else f"{pointer} asks for whole-number decisions, which a linear program cannot take"

    def solve(self, problem: PlanProblem, budget: Budget, progress: Progress) -> Outcome[PlanSolution]:
        """Build the formulation by arrays and solve it; see `solvers.linear.solve.solve_linear` for limits and errors."""
        started = time.monotonic()
        plan = formulate(problem)
        built = time.monotonic() - started
        result = solve_linear(plan.model, replace(budget, time_limit=max(budget.time_limit - built, 0.01)), progress)
        result = replace(result, build_time=result.build_time + built)
        solution = None if result.values is None else plan_solution(problem, plan, result.values)
        return outcome_of(plan.model, result, solution)
