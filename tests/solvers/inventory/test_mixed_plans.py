"""Plans that mix everything: each answer passes every check, and each conflict is proved."""

import pytest

from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory.semantics import issues
from solvers.pipeline import answer
from solvers.registry import FEATURES
from tests.solvers.inventory.mixed import mixed_plan


@pytest.mark.parametrize("seed", range(120))
def test_a_mixed_plan_is_verified_or_proved_impossible(seed: int) -> None:
    """No answer is withheld, and no search of so small a plan ends without one."""
    problem = PlanProblem.model_validate(mixed_plan(seed))
    assert issues(problem) == []
    result = answer(FEATURES["inventory/plan"], problem, Silent(), input_sha256="0" * 64)
    assert result.status in ("succeeded", "infeasible"), result.error
    assert result.certificate is not None
    assert result.certificate.verified
