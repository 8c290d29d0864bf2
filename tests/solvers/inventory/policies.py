"""Policies that several tests solve, and the short way to solve them."""

from typing import Any

from models.inventory_multi_echelon import MultiEchelonProblem
from models.inventory_policy import PolicyProblem
from models.run import Answer
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES

NORMAL = {"distribution": "normal", "mean": 50, "sd": 8}
POISSON = {"distribution": "poisson", "mean": 6}
COSTS = {"holding_cost": 0.18, "stockout_cost": 0.7}


def solve_policy(policy: str, *, explain: str = "none", **parameters: Any) -> Answer[Any, Any]:
    """Return the answer to a policy, as the service gives it."""
    problem = PolicyProblem.model_validate({"policy": policy, "parameters": parameters, "options": {"explain": explain}})
    return answer(FEATURES["inventory/policy"], problem, Silent(), input_sha256="")


def network(stages: list[dict[str, Any]], *, model: str = "guaranteed_service", **options: Any) -> MultiEchelonProblem:
    """Return a network of stages."""
    return MultiEchelonProblem.model_validate({"model": model, "stages": stages, "options": {"time_limit_s": 20, **options}})


def solve_network(stages: list[dict[str, Any]], *, model: str = "guaranteed_service", **options: Any) -> Answer[Any, Any]:
    """Return the answer to a network, as the service gives it."""
    problem = network(stages, model=model, **options)
    return answer(FEATURES["inventory/multi-echelon"], problem, Silent(), input_sha256="")
