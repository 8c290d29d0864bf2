"""Conflicts are irreducible, repairs are least and verified."""

import time
from typing import Any

import pytest

from solvers.base import Silent
from solvers.linear.irreducible_subset import irreducible_subset
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run, with_constraint

TOO_MUCH = with_constraint(REDDY_MIKKS, name="total", terms={"x": 1, "y": 1}, lower=7)
ODD = {
    "variables": [{"name": "x", "integer": True}, {"name": "y", "integer": True}],
    "constraints": [{"name": "odd", "terms": {"x": 2, "y": 2}, "lower": 7, "upper": 7}],
}


def test_the_subset_is_named_with_pointers() -> None:
    """M1 and M2 each keep the total below 7, so it conflicts with either of them."""
    infeasibility = run(TOO_MUCH, explain="full").explanation.infeasibility
    members = [(member.name, member.pointer) for member in infeasibility.subset]
    assert members[1:] == [("total", "/constraints/4/lower")]
    assert members[0] in [("M1", "/constraints/0/upper"), ("M2", "/constraints/1/upper")]


def test_dropping_any_member_makes_it_feasible() -> None:
    """The subset is irreducible: without one of its members the rest has an answer."""
    names = [member.name for member in run(TOO_MUCH, explain="full").explanation.infeasibility.subset]
    kept = [row for row in TOO_MUCH["constraints"] if row["name"] in names]
    assert run({**TOO_MUCH, "constraints": kept}).status == "infeasible"
    for dropped in names:
        rest = [row for row in kept if row["name"] != dropped]
        assert run({**TOO_MUCH, "constraints": rest}).status in ("succeeded", "unbounded")


def test_the_repair_is_least_and_was_solved_again() -> None:
    """The total can only be 4.5, so 2.5 less must be asked for."""
    infeasibility = run(TOO_MUCH, explain="full").explanation.infeasibility
    assert infeasibility.total_violation == pytest.approx(2.5)
    assert infeasibility.repairs[0].cost == pytest.approx(2.5)
    assert infeasibility.repairs[0].kind == "least_cost"
    assert all(repair.verified for repair in infeasibility.repairs)


def test_bounds_belong_to_the_conflict() -> None:
    """An upper bound that makes a row impossible is a member."""
    body = {
        "variables": [{"name": "x", "upper": 3}, {"name": "y", "upper": 100}],
        "constraints": [{"name": "need", "terms": {"x": 1}, "lower": 5}],
    }
    subset = run(body, explain="full").explanation.infeasibility.subset
    assert [(member.name, member.pointer) for member in subset] == [
        ("need", "/constraints/0/lower"),
        ("x <= 3", "/variables/0/upper"),
    ]


def test_a_conflict_of_integrality_alone_is_found() -> None:
    """Only fractions satisfy 2 x + 2 y = 7; the repair is a whole step."""
    explanation = run(ODD, explain="full").explanation
    assert [member.name for member in explanation.infeasibility.subset] == ["odd", "x is whole", "y is whole"]
    assert explanation.infeasibility.total_violation == pytest.approx(1)
    assert explanation.infeasibility.repairs[0].verified


def test_integer_models_are_diagnosed() -> None:
    """The same conflict is found with integer variables."""
    names = [member.name for member in run(integer(TOO_MUCH), explain="full").explanation.infeasibility.subset]
    assert "total" in names


def test_no_time_means_no_claim() -> None:
    """Without time nothing is called irreducible."""
    made = model(TOO_MUCH)
    result = solve_linear(made, BUDGET, Silent())
    assert irreducible_subset(made, result, deadline=time.monotonic() - 1) is None


@pytest.mark.parametrize("level", ["summary", "full"])
def test_an_infeasible_run_is_always_explained(level: str) -> None:
    """The explanation is never null, and a missing diagnosis has a reason."""
    explanation: Any = run(TOO_MUCH, explain=level).explanation
    assert explanation is not None
    assert (explanation.infeasibility is None) == ("infeasibility" in explanation.unavailable)
    assert (explanation.infeasibility is not None) == (level == "full")


def test_bounds_without_a_whole_number_between_them_conflict() -> None:
    """An integer between 0.4 and 0.6 does not exist; both bounds are named."""
    body = {"variables": [{"name": "x", "integer": True, "lower": 0.4, "upper": 0.6}]}
    infeasibility = run(body, explain="full").explanation.infeasibility
    assert [member.name for member in infeasibility.subset] == ["x >= 0.4", "x <= 0.6", "x is whole"]


def test_an_infeasible_answer_says_where_the_conflict_is_named() -> None:
    """Only an answer without an explanation gives the advice; it is a sentence after a sentence."""
    detail = "No point satisfies all constraints"
    assert run(TOO_MUCH).termination.detail == f"{detail}. ?explain=full names the conflict."
    assert run(TOO_MUCH, explain="full").termination.detail == detail
