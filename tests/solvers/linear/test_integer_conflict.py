"""What proves that only whole numbers leave no answer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.certificate import certificate_checks
from solvers.linear.integer_proof import IntegerConflict, divides, least_violation_in_box
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, model, run

RING: dict[str, Any] = {
    "variables": [{"name": name, "integer": True, "upper": 1} for name in "abc"],
    "constraints": [
        {"name": f"either-{one}{two}", "terms": {one: 1, two: 1}, "lower": 1, "upper": 1} for one, two in ("ab", "bc", "ca")
    ],
}


def whole(terms: dict[str, float], *, lower: float, upper: float, most: float | None = None) -> dict[str, Any]:
    """Return a model of one row over whole variables."""
    variables = [{"name": name, "integer": True, "upper": most} for name in terms]
    return {"variables": variables, "constraints": [{"name": "r", "terms": terms, "lower": lower, "upper": upper}]}


@pytest.mark.parametrize(
    ("body", "check"),
    [
        (RING, "integer_divisor"),
        (whole({"x": 2, "y": 2}, lower=7, upper=7), "integer_divisor"),
        (whole({"x": 6, "y": -9}, lower=1, upper=2), "integer_divisor"),
        (whole({"x": 3, "y": 5}, lower=1, upper=2, most=3), "integer_enumeration"),
        (whole({"x": 3, "y": 5}, lower=1, upper=2), "integer_conflict_resolved_by_second_engine"),
    ],
)
def test_a_conflict_of_whole_numbers_carries_a_proof(body: dict[str, Any], check: str) -> None:
    """Parity and divisors by arithmetic, small boxes by enumeration, the rest by a second engine."""
    found = run(body)
    assert found.status == "infeasible"
    assert found.certificate is not None
    assert found.certificate.verified
    assert [entry.name for entry in found.certificate.checks] == [check]


def test_members_of_the_ring_are_its_rows_and_one_whole_number() -> None:
    """The three rows leave one half for every variable, so one demand for a whole number makes the conflict."""
    found = run(RING, explain="full").explanation.infeasibility
    assert [member.pointer for member in found.subset][:3] == ["/constraints/0", "/constraints/1", "/constraints/2"]
    assert [member.sentence.partition(" ")[2] for member in found.subset[3:]] == ["must be a whole number."]
    assert found.irreducible


@pytest.mark.parametrize(("rows", "divisor"), [([0], 2), ([0, 1], 2), ([0, 1, 2], 3), ([], 2), ([0, 1, 2], 1)])
def test_a_wrong_divisor_proves_nothing(rows: list[int], divisor: int) -> None:
    """Only the sum of all three rows of the ring is even on the left and odd on the right."""
    made = model(RING)
    assert not divides(made, np.asarray(rows, dtype=np.int64), divisor)
    assert divides(made, np.arange(3), 2)


def test_a_box_with_a_point_in_it_has_no_violation() -> None:
    """The enumeration finds the point, so the check would fail."""
    body = whole({"x": 3, "y": 5}, lower=1, upper=3, most=3)
    assert least_violation_in_box(model(body)) == 0


def test_a_second_engine_that_disagrees_fails_the_check() -> None:
    """An answer that two engines do not share is not verified."""
    made = model(RING)
    conflict = IntegerConflict(kind="engine", rows=np.zeros(0, dtype=np.int64), agrees=False)
    result = replace(solve_linear(made, BUDGET, Silent()), integer_conflict=conflict)
    assert certificate_checks(made, result)[0].max_violation == 1
