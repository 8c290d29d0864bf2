"""The independent check agrees with every form of a request and rejects wrong answers."""

from dataclasses import replace
from typing import Any

import pytest

from models.linear import LinearSolution
from solvers.base import Silent
from solvers.linear.branch_and_bound import BranchAndBound
from solvers.linear.check import check_linear
from solvers.linear.simplex import Simplex
from solvers.linear.write_lp import write_lp
from solvers.linear.write_mps import write_mps
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, problem, run, with_constraint

FORMS: dict[str, dict[str, Any]] = {
    "variables": REDDY_MIKKS,
    "mps": {"mps": write_mps(model(REDDY_MIKKS))},
    "lp": {"lp": write_lp(model(REDDY_MIKKS))},
    "columns": {
        "sense": "max",
        "columns": {
            "variables": {"objective": [5, 4]},
            "constraints": {"lower": [None] * 4, "upper": [24, 6, 1, 2]},
            "entries": {"row": [0, 0, 1, 1, 2, 2, 3], "column": [0, 1, 0, 1, 0, 1, 1], "value": [6, 4, 1, 2, -1, 1, 1]},
        },
    },
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("constant", [0, 100])
def test_every_form_gives_the_same_verified_answer(form: str, constant: float) -> None:
    """All four forms of one problem have the same optimum, proved."""
    answer = run({**FORMS[form], "constant": constant})
    assert (answer.status, answer.objective.value) == ("succeeded", pytest.approx(21 + constant))
    assert list(answer.solution.variables.values()) == pytest.approx([3, 1.5])
    assert answer.certificate.verified
    assert answer.certificate.optimality == "proved"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("point", "name"), [((9.0, 9.0), "primal_residual"), ((-1.0, 0.0), "bounds"), ((0.0, 0.0), "objective")]
)
def test_a_wrong_answer_is_rejected(form: str, point: tuple[float, float], name: str) -> None:
    """A point outside, beyond its bounds, or with another objective than claimed fails its check."""
    posed = problem(FORMS[form])
    outcome = Simplex().solve(posed, BUDGET, Silent())
    assert outcome.solution is not None
    wrong = LinearSolution(variables=dict(zip(outcome.solution.variables, point, strict=True)))
    failed = {c.name for c in check_linear(posed, replace(outcome, solution=wrong)) if c.max_violation > c.tolerance}
    assert name in failed


def test_a_fractional_answer_of_a_mip_is_rejected() -> None:
    """Integrality is checked from the request."""
    posed = problem(integer(REDDY_MIKKS))
    outcome = Simplex().solve(problem(REDDY_MIKKS), BUDGET, Silent())
    failed = {c.name for c in check_linear(posed, outcome) if c.max_violation > c.tolerance}
    assert failed == {"integrality"}


def test_infeasible_and_unbounded_are_verified() -> None:
    """Both come with a proof that holds outside of the solver."""
    infeasible = run(with_constraint(REDDY_MIKKS, name="total", terms={"x": 1, "y": 1}, lower=7))
    unbounded = run({**REDDY_MIKKS, "constraints": []})
    assert (infeasible.status, infeasible.certificate.verified) == ("infeasible", True)
    assert (unbounded.status, unbounded.certificate.verified) == ("unbounded", True)


def test_the_named_solver_must_fit() -> None:
    """The simplex method refuses integers, and branch and bound a model without them."""
    simplex, branching = Simplex(), BranchAndBound()
    assert simplex.supports(problem(REDDY_MIKKS)) is None
    assert "2 variables must be integer" in str(simplex.supports(problem(integer(REDDY_MIKKS))))
    assert branching.supports(problem(integer(REDDY_MIKKS))) is None
    assert branching.supports(problem(REDDY_MIKKS)) is not None
