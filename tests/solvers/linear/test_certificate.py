"""The certificate accepts what is proved and rejects what was tampered with."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.certificate import certificate_checks, dual_objective
from solvers.linear.model import LinearModel
from solvers.linear.solve import LinearResult, solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, with_constraint


def solved(made: LinearModel) -> LinearResult:
    return solve_linear(made, BUDGET, Silent())


def violated(made: LinearModel, result: LinearResult) -> set[str]:
    return {check.name for check in certificate_checks(made, result) if check.max_violation > check.tolerance}


def test_an_optimum_passes_every_check() -> None:
    """All residuals and the duality gap are within tolerance."""
    made = model(REDDY_MIKKS)
    names = [check.name for check in certificate_checks(made, solved(made))]
    assert names[-3:] == ["dual_residual", "complementary_slackness", "duality_gap"]
    assert violated(made, solved(made)) == set()


def test_the_dual_objective_equals_the_primal_one() -> None:
    """Strong duality holds in the caller's sense."""
    made = model(REDDY_MIKKS)
    result = solved(made)
    assert result.duals is not None
    assert result.reduced_costs is not None
    assert dual_objective(made, result.duals, result.reduced_costs) == pytest.approx(21)


def test_a_feasible_point_that_is_not_optimal_is_rejected() -> None:
    """The gap and the slackness of the origin with the optimal prices are not zero."""
    made = model(REDDY_MIKKS)
    result = replace(solved(made), values=np.zeros(2), value=0.0)
    assert violated(made, result) == {"complementary_slackness", "duality_gap"}


def test_a_point_outside_is_rejected() -> None:
    """A row that does not hold shows."""
    made = model(REDDY_MIKKS)
    assert "primal_residual" in violated(made, replace(solved(made), values=np.array([9.0, 9.0])))


def test_a_wrong_sign_of_a_dual_is_rejected() -> None:
    """A price that points to a missing side is a dual residual."""
    made = model(REDDY_MIKKS)
    result = solved(made)
    assert result.duals is not None
    assert "dual_residual" in violated(made, replace(result, duals=-result.duals))


def test_a_fraction_is_no_integer() -> None:
    """Integrality is checked for a MIP."""
    made = model(integer(REDDY_MIKKS))
    result = replace(solved(made), values=np.array([3.0, 1.5]), value=21.0)
    assert "integrality" in violated(made, result)


def test_a_wrong_proof_of_infeasibility_is_rejected() -> None:
    """Multipliers that point to a missing bound, or to nothing, contradict nothing."""
    made = model(with_constraint(REDDY_MIKKS, name="total", terms={"x": 1, "y": 1}, lower=7))
    result = solved(made)
    assert violated(made, result) == set()
    assert violated(made, replace(result, farkas=np.array([0, 0, 0, 0, 1.0]))) == {"farkas_residual"}
    assert violated(made, replace(result, farkas=np.zeros(5))) == {"farkas_gap"}


def test_a_wrong_ray_is_rejected() -> None:
    """A direction that leaves a row or does not improve proves nothing."""
    made = model({**REDDY_MIKKS, "constraints": REDDY_MIKKS["constraints"][2:3]})
    result = solved(made)
    assert violated(made, replace(result, ray=np.array([0.0, 1.0]))) == {"ray_residual"}
    assert violated(made, replace(result, ray=np.zeros(2))) == {"ray_improvement"}
