"""Why an objective improves without end: the direction, and what would end it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.certificate import certificate_checks
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, integer, model, run

TRADE: dict[str, Any] = {
    "sense": "max",
    "variables": [{"name": "sell", "objective": 3}, {"name": "make", "objective": -1}, {"name": "other", "upper": 4}],
    "constraints": [
        {"name": "flow", "terms": {"sell": 1, "make": -2}, "upper": 0},
        {"name": "least", "terms": {"make": 1, "other": 1}, "lower": 1},
    ],
}


def unbounded(body: dict[str, Any]) -> Any:
    """Return the part of a full explanation that says why the objective has no end."""
    return run(body, explain="full").explanation.unbounded


def test_the_direction_is_given_in_whole_steps() -> None:
    """For each unit made two are sold; the objective rises by 5."""
    found = unbounded(TRADE)
    assert [(step.name, step.step) for step in found.direction] == [("sell", 2), ("make", 1)]
    assert found.objective_change == 5
    assert found.verified


def test_each_missing_number_ends_the_direction_when_it_is_added() -> None:
    """Bounds, sides and the cost that are said to suffice do, in the request itself."""
    for missing in unbounded(TRADE).missing:
        assert missing.sufficient
        _, group, index, field = missing.pointer.split("/")
        entries = [dict(entry) for entry in TRADE[group]]
        entries[int(index)][field] = 1_000 if missing.threshold is None else missing.threshold
        assert run({**TRADE, group: entries}).status == "succeeded"


def test_the_missing_numbers_are_named_with_their_fields() -> None:
    """Both variables have no upper bound, one row no upper side, and what sells costs nothing."""
    pointers = [missing.pointer for missing in unbounded(TRADE).missing]
    assert pointers == ["/variables/0/upper", "/variables/1/upper", "/constraints/1/upper", "/variables/0/objective"]


def test_a_number_that_leaves_another_direction_is_said_not_to_suffice() -> None:
    """Two variables rise freely: a bound on one of them is not enough."""
    body = {"sense": "max", "variables": [{"name": "x", "objective": 2}, {"name": "y", "objective": 1}]}
    found = unbounded(body)
    assert [missing.sufficient for missing in found.missing] == [False] * len(found.missing)


def test_an_integer_model_with_an_unbounded_relaxation_is_explained_too() -> None:
    """The direction is whole, so the whole numbers can follow it."""
    found = unbounded(integer(TRADE))
    assert [step.step for step in found.direction] == [2, 1]
    assert found.verified


def test_falling_variables_miss_their_lower_bound() -> None:
    """A minimum that falls with a free variable."""
    found = unbounded({"variables": [{"name": "x", "lower": None, "objective": 1e-9}]})
    assert [(missing.kind, missing.sufficient) for missing in found.missing] == [("lower_bound", True), ("cost", True)]


@pytest.mark.parametrize("ray", [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
def test_a_wrong_direction_does_not_pass_its_check(ray: list[float]) -> None:
    """It leaves a bound, leaves a row, or does not improve."""
    made = model(TRADE)
    result = replace(solve_linear(made, BUDGET, Silent()), ray=np.asarray(ray))
    assert any(check.max_violation > check.tolerance for check in certificate_checks(made, result))
