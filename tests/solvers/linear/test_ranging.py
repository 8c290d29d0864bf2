"""Ranges of right-hand sides and costs: textbook values, and re-solves at the ends and beyond on random models."""

import time
from dataclasses import replace

import numpy as np
import pytest

from models.explanation import Range
from solvers.base import Silent
from solvers.linear import ranging
from solvers.linear.basis import Basis, rebuilt_basis
from solvers.linear.model import LinearModel
from solvers.linear.ranging import Ranges, active_sides, cost_ranges, side_ranges
from solvers.linear.result import LinearResult
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run
from tests.solvers.linear.random_models import random_models

# Bradley, Hax and Magnanti (1977), Applied Mathematical Programming, section 3.1: custom-molded glass.
GLASSES = {
    "sense": "max",
    "variables": [
        {"name": "juice", "objective": 5, "upper": 8},
        {"name": "cocktail", "objective": 4.5},
        {"name": "champagne", "objective": 6},
    ],
    "constraints": [
        {"name": "production", "terms": {"juice": 6, "cocktail": 5, "champagne": 8}, "upper": 60},
        {"name": "storage", "terms": {"juice": 10, "cocktail": 20, "champagne": 10}, "upper": 150},
    ],
}


def optimum(linear: LinearModel) -> tuple[LinearResult, Basis] | None:
    """Return the optimal result of a model with its rebuilt basis, or None when there is no optimum."""
    result = solve_linear(linear, BUDGET, Silent())
    if result.termination.reason != "optimal":
        return None
    basis = rebuilt_basis(linear, result)
    assert isinstance(basis, Basis), basis
    return result, basis


def value_of(linear: LinearModel) -> float | None:
    """Return the optimal objective, or None when there is none."""
    return solve_linear(linear, BUDGET, Silent()).value


def with_side(linear: LinearModel, row: int, to: float, *, is_upper: bool) -> LinearModel:
    """Return the model with one side, or the right-hand side of an equation, at another number."""
    lower, upper = linear.row_lower.copy(), linear.row_upper.copy()
    equation = lower[row] == upper[row]
    if equation or not is_upper:
        lower[row] = to
    if equation or is_upper:
        upper[row] = to
    return replace(linear, row_lower=lower, row_upper=upper)


def with_cost(linear: LinearModel, column: int, to: float) -> LinearModel:
    """Return the model with one cost at another number."""
    objective = linear.objective.copy()
    objective[column] = to
    return replace(linear, objective=objective)


def ends(ranges: Ranges, at: int) -> list[tuple[float, float]]:
    """Return the finite ends of a range with the objectives there."""
    found = [
        (ranges.lower[at], ranges.objective_lower[at]),
        (ranges.upper[at], ranges.objective_upper[at]),
    ]
    return [(float(end), float(value)) for end, value in found if np.isfinite(end)]


def soon() -> float:
    """Return a moment a little ahead."""
    return time.monotonic() + 10.0


def test_costs_of_the_reddy_mikks_company() -> None:
    """Taha gives 2 to 6 and 10/3 to 10 for the two profits."""
    found = [report.cost_range for report in run(REDDY_MIKKS, explain="full").explanation.variables]
    assert [(part.lower, part.upper) for part in found] == [(2, 6), (pytest.approx(10 / 3), 10)]


def test_right_hand_sides_of_the_reddy_mikks_company() -> None:
    """Taha gives 20 to 36 and 4 to 20/3 for the binding rows; a loose side may rise without end."""
    found = [report.rhs_range for report in run(REDDY_MIKKS, explain="full").explanation.constraints]
    assert [part.lower for part in found] == [20, 4, -1.5, 1.5]
    assert [part.upper for part in found] == [36, pytest.approx(20 / 3), None, None]
    assert [(part.objective_at_lower, part.objective_at_upper) for part in found][:1] == [(18, 30)]


def test_the_limit_is_named() -> None:
    """Fewer than 20 t of M1 make the demand of 2 the limit, more than 36 t bring y to 0."""
    first = run(REDDY_MIKKS, explain="full").explanation.constraints[0].rhs_range
    assert (first.limiting_at_lower, first.limiting_at_upper) == ("demand", "y")


def test_ranges_of_the_custom_glasses() -> None:
    """Bradley, Hax and Magnanti: prices 11/14 and 1/35, production from 37.5 to 65.5, champagne in up to a gain of 4/7 more."""
    explanation = run(GLASSES, explain="full").explanation
    production, storage = explanation.constraints
    assert (production.shadow_price, storage.shadow_price) == (pytest.approx(11 / 14), pytest.approx(1 / 35))
    assert (production.rhs_range.lower, production.rhs_range.upper) == (pytest.approx(37.5), pytest.approx(65.5))
    champagne = explanation.variables[2].cost_range
    assert (champagne.lower, champagne.upper) == (None, pytest.approx(6 + 4 / 7))


@pytest.mark.parametrize("seed", range(4))
def test_right_hand_sides_of_random_models_hold_to_their_ends(seed: int) -> None:
    """At each end the model solved again has the predicted objective."""
    for linear in random_models(15, seed=seed):
        found = optimum(linear)
        if found is None:
            continue
        result, basis = found
        assert result.value is not None
        rows = np.flatnonzero(np.isfinite(linear.row_lower) | np.isfinite(linear.row_upper))
        ranges, (_, is_upper) = (
            side_ranges(linear, basis, rows, value=result.value, deadline=soon()),
            active_sides(linear, basis, rows),
        )
        for at, row in enumerate(rows.tolist()):
            for end, value in ends(ranges, at):
                assert value_of(with_side(linear, row, end, is_upper=bool(is_upper[at]))) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_costs_of_random_models_hold_to_their_ends(seed: int) -> None:
    """At each end the model solved again has the predicted objective."""
    for linear in random_models(15, seed=100 + seed):
        found = optimum(linear)
        if found is None:
            continue
        result, basis = found
        assert result.value is not None
        ranges = cost_ranges(linear, basis, np.arange(linear.columns), value=result.value, deadline=soon())
        for column in range(linear.columns):
            for end, value in ends(ranges, column):
                assert value_of(with_cost(linear, column, end)) == pytest.approx(value, abs=1e-6)


def test_a_range_without_end_is_one() -> None:
    """Far out on a side without end the price still holds."""
    for linear in random_models(25, seed=7):
        found = optimum(linear)
        if found is None:
            continue
        result, basis = found
        assert result.value is not None
        ranges = cost_ranges(linear, basis, np.arange(linear.columns), value=result.value, deadline=soon())
        for column in np.flatnonzero(np.isinf(ranges.upper)).tolist():
            far = linear.objective[column] + 1000.0
            expected = result.value + 1000.0 * basis.values[column]
            assert value_of(with_cost(linear, column, far)) == pytest.approx(expected, abs=1e-5)


def test_both_sides_of_a_range_are_kept_apart() -> None:
    """The upper side of 2 <= x <= 5 cannot fall below 2, where the lower side acts."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": 3}],
        "constraints": [{"name": "limits", "terms": {"x": 1}, "lower": 2, "upper": 5}],
    }
    found = run(body, explain="full").explanation.constraints[0].rhs_range
    expected = Range(
        lower=2, upper=None, objective_at_lower=6, objective_at_upper=None, limiting_at_lower="limits", limiting_at_upper=None
    )
    assert found == expected


def test_a_fixed_variable_keeps_its_value_at_any_cost() -> None:
    """Its range has no ends."""
    body = {"variables": [{"name": "x", "lower": 2, "upper": 2, "objective": 3}]}
    found = run(body, explain="full").explanation.variables[0].cost_range
    assert (found.lower, found.upper) == (None, None)


def test_integers_have_no_ranges_and_the_reason_is_given() -> None:
    """The objective of an integer model does not change along straight lines."""
    explanation = run(integer(REDDY_MIKKS), explain="full").explanation
    assert {report.rhs_range for report in explanation.constraints} == {None}
    assert {report.cost_range for report in explanation.variables} == {None}
    assert {"constraints.rhs_range", "variables.cost_range"} <= explanation.unavailable.keys()


def test_a_basis_that_does_not_agree_is_refused() -> None:
    """Values that the basis does not give are no ground for ranges."""
    linear = model(REDDY_MIKKS)
    result = solve_linear(linear, BUDGET, Silent())
    assert result.values is not None
    refused = rebuilt_basis(linear, replace(result, values=result.values + np.array([0.0, 0.1])))
    assert isinstance(refused, str)
    assert "differ" in refused


def test_a_singular_basis_is_refused() -> None:
    """Two basic variables with the same column are no basis."""
    body = {
        "variables": [{"name": "x", "objective": 1}, {"name": "y", "objective": 1}],
        "constraints": [
            {"name": "a", "terms": {"x": 1, "y": 1}, "lower": 1},
            {"name": "b", "terms": {"x": 1, "y": 1}, "lower": 1},
        ],
    }
    linear = model(body)
    result = solve_linear(linear, BUDGET, Silent())
    broken = replace(result, column_status=["basic", "basic"], row_status=["at_lower", "at_lower"])
    assert rebuilt_basis(linear, broken) == "the matrix of the engine's basis is singular"


def test_without_time_only_the_first_batch_is_ranged(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the deadline the rest is unknown."""
    monkeypatch.setattr(ranging, "BATCH", 1)
    linear = model(REDDY_MIKKS)
    found = optimum(linear)
    assert found is not None
    ranges = cost_ranges(linear, found[1], np.array([1, 0]), value=21.0, deadline=0.0)
    assert ranges.known.tolist() == [True, False]
