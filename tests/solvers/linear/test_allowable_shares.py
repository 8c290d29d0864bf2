"""The 100 % rule on the step between two models."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.allowable_shares import allowable_shares
from solvers.linear.formulate import formulate
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, problem


@pytest.fixture(name="solved")
def _solved():
    model = formulate(problem(REDDY_MIKKS))
    return model, solve_linear(model, BUDGET, Silent())


def test_shares_of_two_sides_are_summed(solved):
    """24 may rise by 12 and 6 by 2/3 (Taha, Operations Research, section 3.6): half of each is the whole of both."""
    model, result = solved
    upper = model.row_upper + np.array([6.0, 1 / 3, 0.0, 0.0])
    rule = allowable_shares(model, result, replace(model, row_upper=upper))
    assert rule is not None
    assert rule.rhs_total == pytest.approx(1.0)
    assert rule.prices_hold


def test_costs_beyond_their_ranges_guarantee_nothing(solved):
    """5 may rise to 6 and 4 may fall to 10/3: both to their ends is 200 %."""
    model, result = solved
    rule = allowable_shares(model, result, replace(model, objective=np.array([6.0, 10 / 3])))
    assert rule is not None
    assert rule.cost_total == pytest.approx(2.0)
    assert not rule.answer_holds


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"column_upper": np.array([1.0, 1.0])},
        {"row_lower": np.array([1.0, -np.inf, -np.inf, -np.inf])},
        {"sense": "min"},
        {"row_names": ["a", "b", "c", "d"]},
    ],
    ids=["nothing", "bounds", "other side", "sense", "other rows"],
)
def test_the_rule_is_silent_where_it_does_not_apply(solved, change):
    """Bounds, inactive sides and other models are outside of the rule."""
    model, result = solved
    assert allowable_shares(model, result, replace(model, **change)) is None
