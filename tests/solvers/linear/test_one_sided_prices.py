"""One-sided prices and alternative optima, judged by solving again a small step away."""

import time
from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear import one_sided_prices as prices
from solvers.linear.basis import Basis
from solvers.linear.degeneracy import has_alternatives, is_degenerate
from solvers.linear.model import LinearModel
from solvers.linear.ranging import active_sides, side_ranges
from solvers.linear.result import LinearResult
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, run, with_constraint
from tests.solvers.linear.random_models import random_models
from tests.solvers.linear.test_ranging import optimum, soon, value_of, with_side

STEP = 1e-3

CORNER = {
    "sense": "max",
    "variables": [{"name": "x", "objective": 1}, {"name": "y", "objective": 1}],
    "constraints": [
        {"name": "a", "terms": {"x": 1}, "upper": 1},
        {"name": "b", "terms": {"y": 1}, "upper": 1},
        {"name": "c", "terms": {"x": 1, "y": 1}, "upper": 2},
    ],
}


def compare(linear: LinearModel, result: LinearResult, basis: Basis) -> int:
    """Compare the one-sided prices of all rows with solves a small step away; return how many rows were degenerate."""
    assert result.value is not None
    rows = np.flatnonzero(np.isfinite(linear.row_lower) | np.isfinite(linear.row_upper))
    sides = side_ranges(linear, basis, rows, value=result.value, deadline=soon())
    at, is_upper = active_sides(linear, basis, rows)
    found = prices.one_sided_prices(linear, basis, rows, sides, deadline=soon())
    assert found.unknown == 0
    for index, row in enumerate(rows.tolist()):
        for step, price in ((STEP, found.up[row]), (-STEP, found.down[row])):
            value = value_of(with_side(linear, row, float(at[index]) + step, is_upper=bool(is_upper[index])))
            if value is None:
                assert np.isinf(price)
            else:
                assert (value - result.value) / step == pytest.approx(price, abs=1e-4)
    return int((found.up[rows] != found.down[rows]).sum())


@pytest.mark.parametrize("most_entries", [prices.MOST_ENTRIES, 0])
def test_prices_of_random_models_are_slopes(most_entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """To either side the objective changes at the price of that side, with all conditions at once or in rounds."""
    monkeypatch.setattr(prices, "MOST_ENTRIES", most_entries)
    found = [(linear, *pair) for linear in random_models(20, seed=3) if (pair := optimum(linear)) is not None]
    assert sum(compare(*case) for case in found) > 0


def test_a_redundant_corner_has_a_price_for_a_fall_only() -> None:
    """One more of x + y <= 2 at (1, 1) gains nothing; one less costs one."""
    explanation = run(CORNER, explain="full").explanation
    assert [(report.shadow_price_up, report.shadow_price_down) for report in explanation.constraints] == [(0, 1)] * 3
    assert explanation.duals.degenerate is True


def test_the_sentence_tells_both_directions() -> None:
    """The sentence of the corner says what one more and what one less does."""
    explanation = run({**CORNER, "unit": "EUR"}, explain="full").explanation
    assert explanation.constraints[2].sentence.endswith(
        "one more unit on the right-hand side changes nothing, one less lowers the objective by 1 EUR."
    )


def test_relaxing_gains_what_the_one_sided_price_says() -> None:
    """At the corner no single relaxation improves anything."""
    explanation = run(CORNER, explain="full").explanation
    assert [report.improvement_if_relaxed for report in explanation.constraints] == [0, 0, 0]


def test_without_degeneracy_both_prices_are_the_shadow_price() -> None:
    """Reddy Mikks has one basis only."""
    explanation = run(REDDY_MIKKS, explain="full").explanation
    for report in explanation.constraints:
        assert report.shadow_price_up == report.shadow_price_down == pytest.approx(report.shadow_price)


def test_an_equation_twice_cannot_move() -> None:
    """Where no other right-hand side leaves an answer, no price is given and the sentence says so."""
    twice = with_constraint(
        {
            "variables": [{"name": "x", "objective": 1}],
            "constraints": [{"name": "one", "terms": {"x": 1}, "lower": 4, "upper": 4}],
        },
        name="two",
        terms={"x": 2},
        lower=8,
        upper=8,
    )
    reports = run(twice, explain="full").explanation.constraints
    assert [(report.shadow_price_up, report.shadow_price_down) for report in reports] == [(None, None)] * 2
    assert all("with any other right-hand side no answer is left" in report.sentence for report in reports)


def test_without_time_prices_are_counted_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows behind the deadline have no one-sided price."""
    monkeypatch.setattr(prices, "BATCH", 1)
    for linear in random_models(40, seed=3):
        found = optimum(linear)
        if found is None or not is_degenerate(linear, found[1]):
            continue
        rows = np.flatnonzero(np.isfinite(linear.row_lower) | np.isfinite(linear.row_upper))
        sides = side_ranges(linear, found[1], rows, value=found[0].value or 0.0, deadline=soon())
        if prices.one_sided_prices(linear, found[1], rows, sides, deadline=0.0).unknown:
            return
    pytest.fail("no model had more than one row to price")


def test_a_cost_along_an_edge_has_other_optima() -> None:
    """With the costs of the row M1 every point of its edge is optimal."""
    body = {**REDDY_MIKKS, "variables": [{"name": "x", "objective": 6}, {"name": "y", "objective": 4}]}
    assert run(body, explain="full").explanation.duals.alternative_optima is True


def test_one_optimum_is_proved_to_be_the_only_one() -> None:
    """Reddy Mikks has no other optimum."""
    assert run(REDDY_MIKKS, explain="full").explanation.duals.alternative_optima is False


def test_a_price_of_zero_behind_degeneracy_is_no_alternative() -> None:
    """Random models: the claim agrees with the spread of every variable over the answers of equal value."""
    for linear in random_models(20, seed=5):
        found = optimum(linear)
        if found is None:
            continue
        claim = has_alternatives(linear, found[1], deadline=time.monotonic() + 10)
        assert claim in (True, False, None)
        if claim is False:
            assert spread(linear, found[0]) <= 1e-4


def spread(linear: LinearModel, result: LinearResult) -> float:
    """Return the farthest that a nearly equal answer lies from the optimum, over small changes of single costs."""
    assert result.values is not None
    farthest = 0.0
    for column in range(linear.columns):
        for nudge in (1e-6, -1e-6):
            costs = linear.objective.copy()
            costs[column] += nudge
            other = solve_linear(replace(linear, objective=costs), BUDGET, Silent())
            if other.values is not None:
                farthest = max(farthest, float(np.abs(other.values - result.values).max()))
    return farthest
