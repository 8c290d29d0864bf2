"""Values, duals, bounds and statuses of solved models, judged by oracles and certificates."""

import time
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.certificate import certificate_checks
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.solve import solve_linear, with_mip_prices, without_noise
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, with_constraint


def random_model(seed: int, *, whole: bool) -> LinearModel:
    """Return a random bounded model of 3 columns in [0, 4] and 3 rows of every kind."""
    random = np.random.default_rng(seed)
    part = Family(symbol="x", latex="x", text="x", meaning="x", unit=None, pointer=None)
    builder = ModelBuilder(name="random", sense="min" if seed % 2 else "max", objective=part)
    columns = builder.add_variables(part, names=["a", "b", "c"], upper=4, objective=random.integers(-5, 6, 3), integer=whole)
    side = random.integers(-2, 9, 3)
    builder.add_constraints(
        part,
        names=["L", "G", "R"],
        rows=np.repeat([0, 1, 2], 3),
        columns=np.tile(columns, 3),
        coefficients=random.integers(-3, 4, 9),
        lower=[-np.inf, -side[1], side[2] - 3],
        upper=[side[0], np.inf, side[2]],
    )
    return builder.build()


def feasible(made: LinearModel, point: np.ndarray) -> bool:
    activity = made.matrix() @ point
    inside = np.all(activity >= made.row_lower - 1e-9) and np.all(activity <= made.row_upper + 1e-9)
    return bool(inside and np.all(point >= made.column_lower - 1e-9) and np.all(point <= made.column_upper + 1e-9))


def best_vertex(made: LinearModel) -> float | None:
    """Return the best objective over all vertices, by enumeration; None when there is no feasible vertex."""
    rows = np.vstack([made.matrix().toarray(), np.eye(made.columns)])
    lower = np.concatenate([made.row_lower, made.column_lower])
    upper = np.concatenate([made.row_upper, made.column_upper])
    planes = [(row, side) for row, pair in zip(rows, zip(lower, upper, strict=True), strict=True) for side in pair]
    planes = [(row, side) for row, side in planes if np.isfinite(side)]
    values = []
    for chosen in combinations(planes, made.columns):
        matrix = np.array([row for row, _ in chosen])
        if abs(np.linalg.det(matrix)) > 1e-9:
            point = np.linalg.solve(matrix, np.array([side for _, side in chosen]))
            if feasible(made, point):
                values.append(made.value(point))
    return None if not values else min(values) if made.sense == "min" else max(values)


def best_grid_point(made: LinearModel) -> float | None:
    """Return the best objective over all integer points, by enumeration."""
    points = (np.array(point, dtype=float) for point in product(range(5), repeat=made.columns))
    values = [made.value(point) for point in points if feasible(made, point)]
    return None if not values else min(values) if made.sense == "min" else max(values)


@pytest.mark.parametrize("seed", range(12))
def test_an_lp_is_solved_to_its_best_vertex(seed: int) -> None:
    """The simplex answer equals the best of all enumerated vertices."""
    made = random_model(seed, whole=False)
    result, oracle = solve_linear(made, BUDGET, Silent()), best_vertex(made)
    assert (result.value is None) == (oracle is None)
    assert oracle is None or result.value == pytest.approx(oracle, abs=1e-7)


@pytest.mark.parametrize("seed", range(8))
def test_a_mip_is_solved_to_its_best_grid_point(seed: int) -> None:
    """The branch-and-bound answer equals the best of all enumerated integer points."""
    made = random_model(seed, whole=True)
    result, oracle = solve_linear(made, BUDGET, Silent()), best_grid_point(made)
    assert (result.value is None) == (oracle is None)
    assert oracle is None or result.value == pytest.approx(oracle, abs=1e-7)


def test_duals_are_the_change_of_the_callers_objective() -> None:
    """A maximised objective has positive prices on its limits (unique at this vertex; Taha)."""
    result = solve_linear(model(REDDY_MIKKS), BUDGET, Silent())
    assert result.duals is not None
    assert result.duals.tolist() == pytest.approx([0.75, 0.5, 0, 0], abs=1e-9)


def test_a_dual_predicts_a_re_solve() -> None:
    """One more unit of M1 changes the objective by its dual."""
    made = model(REDDY_MIKKS)
    before = solve_linear(made, BUDGET, Silent())
    after = solve_linear(replace(made, row_upper=made.row_upper + np.array([1, 0, 0, 0])), BUDGET, Silent())
    assert before.value is not None
    assert after.value is not None
    assert before.duals is not None
    assert after.value - before.value == pytest.approx(before.duals[0])


def test_a_mip_result_gets_both_kinds_of_prices() -> None:
    """The relaxation is worth 21 and the fixed integers 20 in the integer Reddy Mikks problem."""
    made = model(integer(REDDY_MIKKS))
    result = with_mip_prices(made, solve_linear(made, BUDGET, Silent()), BUDGET, Silent())
    assert result.duals is None
    assert result.relaxation is not None
    assert result.fixed is not None
    assert (result.value, result.relaxation.value, result.fixed.value) == pytest.approx((20, 21, 20))


def test_infeasible_is_an_outcome_with_multipliers() -> None:
    """An infeasible LP comes with Farkas multipliers and its least violation (x + y can reach 4.5 of 7)."""
    made = model(with_constraint(REDDY_MIKKS, name="total", terms={"x": 1, "y": 1}, lower=7))
    result = solve_linear(made, BUDGET, Silent())
    assert result.status == "infeasible"
    assert result.least_violation == pytest.approx(2.5)
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


def test_crossing_bounds_are_infeasible() -> None:
    """A lower bound above the upper one is an infeasible model, not an error."""
    made = model(REDDY_MIKKS)
    result = solve_linear(replace(made, column_lower=np.array([3.0, 0]), column_upper=np.array([2.0, 9])), BUDGET, Silent())
    assert result.status == "infeasible"
    assert "variable x" in result.termination.detail


@pytest.mark.parametrize("whole", [False, True])
def test_unbounded_comes_with_a_point_and_a_ray(whole: bool) -> None:
    """Without its limits the problem is unbounded, and the ray proves it."""
    body = {**REDDY_MIKKS, "constraints": REDDY_MIKKS["constraints"][2:3]}
    made = model(integer(body) if whole else body)
    result = solve_linear(made, BUDGET, Silent())
    assert result.status == "unbounded"
    names = {check.name for check in certificate_checks(made, result)}
    assert {"ray_residual", "ray_improvement"} <= names
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


def test_an_infeasible_model_with_an_unbounded_direction_is_infeasible() -> None:
    """What the engine calls infeasible or unbounded is told apart."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": 1}, {"name": "y", "upper": 1}],
        "constraints": [{"name": "r", "terms": {"y": 1}, "lower": 2}],
    }
    assert solve_linear(model(body), BUDGET, Silent()).status == "infeasible"


def test_a_model_without_constraints_is_solved() -> None:
    """Bounds alone decide."""
    body = {"sense": "max", "variables": [{"name": "x", "objective": 2, "upper": 3}, {"name": "y", "objective": -1}]}
    assert solve_linear(model(body), BUDGET, Silent()).value == 6


class Impatient(Silent):
    """Asks to stop at once."""

    def stop_requested(self) -> bool:
        """Answer yes."""
        return True


def test_a_stop_request_ends_the_simplex_method() -> None:
    """A long LP ends soon after the request, as interrupted."""
    random = np.random.default_rng(1)
    part = Family(symbol="x", latex="x", text="x", meaning="x", unit=None, pointer=None)
    builder = ModelBuilder(name="transport", sense="min", objective=part)
    n = 300
    names = [str(index) for index in range(n * n)]
    columns = builder.add_variables(part, names=names, objective=random.integers(1, 100, n * n)).reshape(n, n)
    rows = [str(index) for index in range(n)]
    builder.add_constraints(part, names=rows, rows=np.arange(n)[:, None], columns=columns, coefficients=1, upper=10)
    builder.add_constraints(part, names=rows, rows=np.arange(n)[None, :], columns=columns, coefficients=1, lower=8)
    started = time.monotonic()
    result = solve_linear(builder.build(), replace(BUDGET, time_limit=60), Impatient())
    assert result.termination.limit == "interrupted"
    assert time.monotonic() - started < 10


def test_noise_of_floating_point_is_removed() -> None:
    """A relative difference of 1e-16 vanishes and one of 1e-8 stays."""
    assert without_noise(np.array([3.0000000000000004, 1.00000001, -1e-15])).tolist() == [3.0, 1.00000001, 0.0]


def test_values_of_a_mip_are_solved_again_at_whole_numbers() -> None:
    """A setup of 0.0000003 that allows 3 units is no setup: the answer is one that holds with exact whole numbers."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": 1}, {"name": "y", "objective": -1, "upper": 1, "integer": True}],
        "constraints": [
            {"name": "link", "terms": {"x": 1, "y": -1e6}, "upper": 0},
            {"name": "most", "terms": {"x": 1}, "upper": 3},
        ],
    }
    made = model(body)
    result = solve_linear(made, BUDGET, Silent())
    assert result.values is not None
    assert result.values.tolist() == [3, 1]
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


def test_a_stop_request_ends_branch_and_bound_with_an_answer() -> None:
    """A hard knapsack is ended long before its time limit, with a feasible answer and a bound."""
    random = np.random.default_rng(0)
    weights = random.integers(1, 50, (40, 60)).astype(float)
    part = Family(symbol="x", latex="x", text="x", meaning="x", unit=None, pointer=None)
    builder = ModelBuilder(name="knapsack", sense="max", objective=part)
    names = [f"x{index}" for index in range(60)]
    columns = builder.add_variables(part, names=names, objective=random.integers(10, 50, 60), integer=True, upper=1)
    rows = np.arange(40)[:, None]
    limits = weights.sum(axis=1) / 2
    builder.add_constraints(part, names=names[:40], rows=rows, columns=columns, coefficients=weights, upper=limits)
    made = builder.build()
    started = time.monotonic()
    result = solve_linear(made, replace(BUDGET, time_limit=6), Impatient())
    assert (result.status, result.termination.limit) == ("succeeded", "interrupted")
    assert time.monotonic() - started < 4
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))
