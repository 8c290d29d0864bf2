"""Predictions from prices: every claim is held against a new solve."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Budget, Silent
from solvers.linear.basis_vertex import vertex_of
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.solve import LinearResult, solve_linear
from solvers.linear.what_if import Prediction, predict

BUDGET = Budget(time_limit=5.0, iteration_limit=None, relative_gap=1e-9, seed=0, threads=1, explain="full")
FAMILY = Family(symbol="x", latex="x", text="x", meaning="x", unit=None, pointer=None)
MODELS = 60


def solved(model: LinearModel) -> LinearResult | None:
    """Return the optimum of a linear program, or None."""
    result = solve_linear(model, BUDGET, Silent())
    return result if result.termination.reason == "optimal" else None


def random_model(seed: int, *, integer: bool = False) -> LinearModel:
    """Return a small covering (min) or a small bounded (max) problem with whole numbers."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 7)), int(rng.integers(2, 6))
    sense = "min" if seed % 2 else "max"
    builder = ModelBuilder(name="random", sense=sense, objective=FAMILY)
    sign = 1.0 if sense == "min" else -1.0
    columns = builder.add_variables(
        FAMILY,
        names=[f"x{column}" for column in range(n)],
        upper=np.where(rng.random(n) < 0.5, rng.integers(3, 10, n), np.inf),
        objective=sign * rng.integers(1, 9, n),
        integer=integer,
    )
    matrix = rng.integers(0, 5, (m, n)).astype(np.float64)
    matrix[:, 0] += 1
    builder.add_constraints(
        FAMILY,
        names=[f"c{row}" for row in range(m)],
        rows=np.repeat(np.arange(m), n),
        columns=np.tile(columns, m),
        coefficients=matrix.ravel(),
        lower=rng.integers(1, 15, m),
        upper=np.where(rng.random(m) < 0.3, 30.0, np.inf),
    )
    return builder.build()


def changed(model: LinearModel, seed: int) -> LinearModel:
    """Return the model with other sides, other costs, both, or a forced column and other coefficients."""
    rng = np.random.default_rng(seed + 10_000)
    made = model
    if seed % 4 in (0, 2):
        made = replace(made, row_lower=made.row_lower + rng.integers(-2, 4, made.rows) * (rng.random(made.rows) < 0.5))
    if seed % 4 in (1, 2):
        steps = model.sign * rng.integers(-1, 3, made.columns) * (rng.random(made.columns) < 0.5)
        made = replace(made, objective=made.objective + steps)
    if seed % 4 == 3:
        lower = np.where(np.arange(made.columns) == 1, 2.0, made.column_lower)
        made = replace(made, column_lower=lower, coefficients=made.coefficients + (rng.random(made.nonzeros) < 0.1))
    return made


def holds(prediction: Prediction, truth: LinearResult, sense: str) -> bool:
    """Tell whether everything that a prediction claims is so."""
    if truth.termination.reason == "infeasible":
        nothing = prediction.at_most if sense == "min" else prediction.at_least
        return nothing is None and not prediction.exact
    if truth.value is None:
        return not prediction.exact
    room = 1e-6 * max(1.0, abs(truth.value))
    return (
        (prediction.at_least is None or prediction.at_least <= truth.value + room)
        and (prediction.at_most is None or prediction.at_most >= truth.value - room)
        and (not prediction.exact or prediction.value == pytest.approx(truth.value, abs=room))
    )


def test_what_is_claimed_about_a_linear_program_is_so() -> None:
    """Bounds are bounds and exact is exact, whatever changes; most changes inside the basis are exact."""
    methods = set()
    for seed in range(MODELS):
        model = random_model(seed)
        result = solved(model)
        if result is None:
            continue
        after = changed(model, seed)
        prediction = predict(model, result, after, solved)
        assert holds(prediction, solve_linear(after, BUDGET, Silent()), model.sense), (seed, prediction)
        methods.add(prediction.method)
    assert {"basis", "duals", "plan"} <= methods


def test_what_is_claimed_about_whole_numbers_is_so() -> None:
    """The old whole numbers kept are a bound on one side, the relaxation on the other."""
    for seed in range(0, MODELS, 2):
        model = random_model(seed, integer=True)
        first = solved(model)
        priced = None if first is None or first.values is None else solved(model.with_fixed_integers(first.values))
        if priced is None:
            continue
        after = changed(model, seed)
        prediction = predict(model, priced, after, solved)
        assert holds(prediction, solve_linear(after, BUDGET, Silent()), model.sense), (seed, prediction)
        assert prediction.method in ("plan", "fixed_integers", "none")


def two_rows() -> LinearModel:
    """Return min x + 2y with x + y >= 4 and x <= 3: x = 3, y = 1."""
    builder = ModelBuilder(name="two", sense="min", objective=FAMILY)
    columns = builder.add_variables(FAMILY, names=["x", "y"], upper=[3.0, np.inf], objective=[1.0, 2.0])
    builder.add_constraints(FAMILY, names=["need"], rows=[0, 0], columns=columns, coefficients=1.0, lower=4.0)
    return builder.build()


def test_forcing_a_basic_variable_is_priced_in_its_direction() -> None:
    """The reduced cost of y is 0, but one more y takes an x away: 2 - 1 per unit."""
    model = two_rows()
    result = solved(model)
    assert result is not None
    forced = replace(model, column_lower=np.array([0.0, 3.0]))
    prediction = predict(model, result, forced, solved)
    assert prediction.value == pytest.approx(7.0)
    assert prediction.at_least == pytest.approx(7.0)


def test_rows_and_columns_that_come_and_go_are_matched_by_name() -> None:
    """Without x all is bought from y, and the prices know that it costs at least 1 more for each of the three."""
    model = two_rows()
    result = solved(model)
    assert result is not None
    builder = ModelBuilder(name="one", sense="min", objective=FAMILY)
    column = builder.add_variables(FAMILY, names=["y"], objective=2.0)
    builder.add_constraints(FAMILY, names=["need"], rows=[0], columns=column, coefficients=1.0, lower=4.0)
    builder.add_constraints(FAMILY, names=["more"], rows=[0], columns=column, coefficients=1.0, lower=1.0)
    prediction = predict(model, result, builder.build(), solved)
    assert prediction.at_least is not None
    assert 5.0 <= prediction.at_least <= 8.0 + 1e-9


def test_a_basis_that_is_not_optimal_is_no_vertex() -> None:
    """With y cheaper than x the basis of the old numbers prices x wrongly."""
    model = two_rows()
    result = solved(model)
    assert result is not None
    assert result.column_status is not None
    assert result.row_status is not None
    assert vertex_of(model, result.column_status, result.row_status) is not None
    other = replace(model, objective=np.array([3.0, 2.0]))
    assert vertex_of(other, result.column_status, result.row_status) is None
    assert vertex_of(model, ["basic", "basic"], ["basic"]) is None
