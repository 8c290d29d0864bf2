"""The certificate of a facility plan: the independent check, and the linear proof of its optimality or impossibility."""

from typing import Any

from models.run import Check
from solvers.base import Outcome
from solvers.linear.certificate import certificate_checks
from solvers.network.check_facility import check_facility_location


def certify_facility_location(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Return the checks of the plan against the request, then the residuals and bounds of the linear model."""
    checks = check_facility_location(problem, outcome)
    if outcome.evidence is None:
        return checks
    return [*checks, *certificate_checks(outcome.evidence.model, outcome.evidence.result)]
