"""An answer leaves the pipeline only when a check has looked at it and found nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from app.intake import read_problem
from models.run import Answer, Check
from solvers.base import Outcome, Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from tests.problems import linear


def answered(check: Any) -> Answer[Any, Any]:
    """Return the answer to a small linear program whose check is replaced."""
    problem, warnings, digest = read_problem("linear", orjson.dumps(linear()), explain="full")
    feature = replace(FEATURES["linear"], check=check)
    return answer(feature, problem, Silent(), input_sha256=digest, warnings=warnings)


def disagreeing(problem: Any, outcome: Outcome[Any]) -> Sequence[Check]:
    """Find one condition broken."""
    return [
        Check(name="objective", max_violation=0.0, tolerance=1e-6),
        Check(name="capacity", max_violation=2.0, tolerance=1e-6),
    ]


def looking_away(problem: Any, outcome: Outcome[Any]) -> Sequence[Check]:
    """Check nothing."""
    return []


@pytest.mark.parametrize(("check", "reason"), [(disagreeing, "capacity"), (looking_away, "No check")])
def test_an_answer_that_is_not_confirmed_is_withheld(check: Any, reason: str) -> None:
    """The run fails with its own code, and neither plan nor value nor explanation leaves."""
    run = answered(check)
    assert run.status == "failed"
    assert run.error is not None
    assert run.error.code == "VERIFICATION_FAILED"
    assert reason in run.error.detail
    assert (run.solution, run.objective, run.explanation) == (None, None, None)


def test_a_confirmed_answer_leaves_whole() -> None:
    """With its own check the same problem is answered, explained and verified."""
    run = answered(FEATURES["linear"].check)
    assert run.status == "succeeded"
    assert run.certificate is not None
    assert run.certificate.verified
    assert run.solution is not None
    assert run.explanation is not None
