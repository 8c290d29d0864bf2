"""Bounds that a request sets beside those of its model, and alternatives that force them."""

from typing import Any

import pytest

from models.force import LinearForce
from models.linear import LinearProblem
from solvers.errors import UnforceableError
from solvers.linear.alternatives import forced_changes
from solvers.linear.semantics import issues
from tests.solvers.linear.cases import REDDY_MIKKS, problem, run

LP = "Maximize\n z: 5 x + 4 y\nSubject To\n M1: 6 x + 4 y <= 24\n M2: x + 2 y <= 6\nBounds\n y <= 2\nGeneral\n y\nEnd\n"


@pytest.mark.parametrize("body", [REDDY_MIKKS, {"lp": LP.replace("General\n y\n", "")}], ids=["names", "text"])
def test_the_tighter_bound_counts(body: dict[str, Any]) -> None:
    """With x at most 2, y is at 2; a looser bound than the model's changes nothing."""
    answer = run({**body, "bounds": {"x": {"upper": 2}, "y": {"upper": 100}}})
    assert answer.objective is not None
    assert answer.objective.value == pytest.approx(18.0)
    assert answer.certificate is not None
    assert answer.certificate.verified


def test_bounds_that_contradict_the_model_make_it_infeasible() -> None:
    """They are no mistake of the request: the answer says that nothing is left."""
    assert run({"lp": LP, "bounds": {"y": {"lower": 3}}}).status == "infeasible"


@pytest.mark.parametrize(
    ("bounds", "pointer", "code"),
    [
        ({"z": {"lower": 1}}, "/bounds/z", "UNKNOWN_VARIABLE"),
        ({"x": {"lower": 2, "upper": 1}}, "/bounds/x/lower", "CROSSING_SIDES"),
    ],
)
def test_bounds_that_mean_nothing_are_issues(bounds: dict[str, Any], pointer: str, code: str) -> None:
    """Unknown names, and sides that cross by themselves."""
    found = issues(problem({**REDDY_MIKKS, "bounds": bounds}))
    assert [(one.pointer, one.code) for one in found] == [(pointer, code)]


def test_a_whole_variable_cannot_be_forced_between_numbers() -> None:
    """It is refused before anything is solved."""
    asked = LinearProblem.model_validate({"lp": LP})
    with pytest.raises(UnforceableError) as refused:
        forced_changes(asked, LinearForce.model_validate({"variables": {"y": 1.5}}))
    assert refused.value.issues[0].code == "NOT_WHOLE"
