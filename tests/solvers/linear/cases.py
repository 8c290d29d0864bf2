"""Small linear problems with answers from the literature or by hand, and a way to run them through the whole pipeline."""

import json
from typing import Any

from models.linear import LinearProblem
from models.run import Answer
from solvers.base import Budget, Silent
from solvers.feature import Feature
from solvers.linear.branch_and_bound import BranchAndBound
from solvers.linear.check import check_linear
from solvers.linear.explain import explain_linear
from solvers.linear.formulate import formulate
from solvers.linear.model import LinearModel
from solvers.linear.simplex import Simplex
from solvers.pipeline import answer

FEATURE = Feature(
    solvers={"simplex": Simplex(), "branch_and_bound": BranchAndBound()}, check=check_linear, explain=explain_linear
)
BUDGET = Budget(time_limit=10.0, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)

# Taha, Operations Research: An Introduction, the Reddy Mikks company: x = 3, y = 1.5, objective 21, prices 0.75 and 0.5.
REDDY_MIKKS: dict[str, Any] = {
    "sense": "max",
    "variables": [{"name": "x", "objective": 5}, {"name": "y", "objective": 4}],
    "constraints": [
        {"name": "M1", "terms": {"x": 6, "y": 4}, "upper": 24, "unit": "t"},
        {"name": "M2", "terms": {"x": 1, "y": 2}, "upper": 6},
        {"name": "difference", "terms": {"x": -1, "y": 1}, "upper": 1},
        {"name": "demand", "terms": {"y": 1}, "upper": 2},
    ],
}


def problem(body: dict[str, Any], **options: Any) -> LinearProblem:
    """Return the problem of a request body, read as the service reads it."""
    return LinearProblem.model_validate_json(json.dumps({**body, "options": {"time_limit_s": 10, **options}}))


def run(body: dict[str, Any], **options: Any) -> Answer[Any, Any]:
    """Solve, check and explain a request body."""
    return answer(FEATURE, problem(body, **options), Silent(), input_sha256="0" * 64)


def model(body: dict[str, Any]) -> LinearModel:
    """Return the linear model of a request body."""
    return formulate(problem(body))


def integer(body: dict[str, Any]) -> dict[str, Any]:
    """Return the same body with every variable integer."""
    return {**body, "variables": [{**variable, "integer": True} for variable in body["variables"]]}


def with_constraint(body: dict[str, Any], **constraint: Any) -> dict[str, Any]:
    """Return the same body with one more constraint."""
    return {**body, "constraints": [*body["constraints"], constraint]}
