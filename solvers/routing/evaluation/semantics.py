"""What makes an evaluation meaningless or odd: the issues of the problem, and vehicle types that do not exist."""

from models.errors import Issue
from models.routing import EvaluationProblem
from models.run import RunWarning
from solvers.routing import semantics as routing
from solvers.routing.semantics_given_routes import given_route_issues, given_route_warnings


def issues(problem: EvaluationProblem) -> list[Issue]:
    """Return what makes the request invalid, at most 1,000 issues; what the routes break is part of the answer instead."""
    found = routing.issues(problem.as_routing())
    return [*found, *given_route_issues(problem, problem.routes, pointer="/routes")][: routing.MAX_ISSUES]


def warnings(problem: EvaluationProblem) -> list[RunWarning]:
    """Return what looks wrong in a valid request without stopping it."""
    return [*routing.warnings(problem.as_routing()), *given_route_warnings(problem.routes, pointer="/routes")]
