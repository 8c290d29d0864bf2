"""The certificate of a plan: the independent check of the answer, and the linear proof of its optimality or impossibility."""

from typing import Any

from models.inventory import PlanProblem
from models.run import Check
from solvers.base import Outcome
from solvers.inventory.check import check_plan
from solvers.linear.certificate import certificate_checks
from solvers.linear.solve import Evidence


def certify_plan(problem: PlanProblem, outcome: Outcome[Any]) -> list[Check]:
    """
    Return the checks of the plan against the request, then those of the linear model (named `linear_...`).

    The first group shares nothing with the engine. The second proves what the first cannot see: that no cheaper plan exists
    (dual residual, complementary slackness, duality gap, bound), or that no plan exists at all (Farkas multipliers).
    """
    checks = check_plan(problem, outcome)
    evidence = outcome.evidence
    if not isinstance(evidence, Evidence):
        return checks
    linear = certificate_checks(evidence.model, evidence.result)
    return checks + [check.model_copy(update={"name": f"linear_{check.name}"}) for check in linear]
