"""Models as whole numbers only, and constraint programming on them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.certificate import certificate_checks
from solvers.linear.solve import solve_linear
from solvers.linear.whole_numbers import WholeModel, whole_model
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model
from tests.solvers.linear.test_solve import best_grid_point, random_model

# A made-up muesli order: whole sacks of three grains, decimals in cost and content.
SACKS: dict[str, Any] = {
    "variables": [
        {"name": "oats", "objective": 7.25, "upper": 20, "integer": True},
        {"name": "rye", "objective": 6.4, "upper": 20, "integer": True},
        {"name": "nuts", "objective": 19.999, "upper": 20, "integer": True},
    ],
    "constraints": [
        {"name": "fibre", "terms": {"oats": 1.1, "rye": 1.35, "nuts": 0.7}, "lower": 17.08},
        {"name": "sacks", "terms": {"oats": 1, "rye": 1, "nuts": 1}, "upper": 14.5},
        {"name": "fat", "terms": {"oats": 0.7, "rye": 0.2, "nuts": 5.0}, "lower": 11.55},
    ],
}


def test_rows_and_objective_become_whole_by_powers_of_ten() -> None:
    """Each row has a scale of its own; sides are rounded inwards, because whole activities cannot reach the rest."""
    whole = whole_model(model(SACKS))
    assert isinstance(whole, WholeModel)
    assert whole.scale == 1000
    assert whole.model.objective.tolist() == [7250, 6400, 19999]
    assert whole.model.matrix().toarray().tolist() == [[110, 135, 70], [1, 1, 1], [7, 2, 50]]
    assert whole.model.row_lower.tolist() == [1708, -np.inf, 116]
    assert whole.model.row_upper.tolist() == [np.inf, 14, np.inf]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"integer": False}, "continuous"),
        ({"upper": None}, "no bounds"),
        ({"objective": 1 / 3}, "decimal places"),
        ({"upper": 1e12, "objective": 1e6}, "2^52"),
    ],
)
def test_what_is_not_whole_is_refused_with_the_reason(change: dict[str, Any], word: str) -> None:
    """Nothing is rounded: constraint programming would take a continuous variable for a whole one."""
    first, *rest = SACKS["variables"]
    refusal = whole_model(model({**SACKS, "variables": [{**first, **change}, *rest]}))
    assert isinstance(refusal, str)
    assert word in refusal


def test_very_wide_bounds_are_refused() -> None:
    """Bounds beyond 2^40 are as good as none."""
    made = model(integer(REDDY_MIKKS))
    assert isinstance(whole_model(replace(made, column_upper=np.full(2, 1e13))), str)


@pytest.mark.parametrize("seed", range(4))
def test_constraint_programming_finds_the_best_grid_point(seed: int) -> None:
    """Value and bound are in the caller's terms, with its constant."""
    made = replace(random_model(seed, whole=True), offset=0.25)
    result, oracle = solve_linear(made, BUDGET, Silent(), method="constraint_programming"), best_grid_point(made)
    assert (result.value is None) == (oracle is None)
    assert oracle is None or result.value == pytest.approx(oracle)
    assert oracle is None or result.bound == pytest.approx(oracle)


def test_decimals_are_solved_exactly() -> None:
    """Both algorithms find the same cost; the certificate holds and the history ends at the answer."""
    made = model(SACKS)
    found = solve_linear(made, BUDGET, Silent(), method="constraint_programming")
    beside = solve_linear(made, BUDGET, Silent(), method="branch_and_bound")
    assert found.value == pytest.approx(beside.value)
    assert found.engine == "constraint_programming"
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, found))
    last = found.bound_history[-1]
    assert (last.value, last.bound) == pytest.approx((found.value, found.bound))
