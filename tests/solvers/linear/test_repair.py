"""Repairs: alternatives, each re-solved, the caller's costs kept, nothing hard moved."""

import copy
from typing import Any

import pytest

from tests.solvers.linear.cases import run

# Week 3 needs 100 cases; line A makes 80 then and 50 in week 2, which needs all of them: 20 cases or 40 hours are missing.
PLAN: dict[str, Any] = {
    "variables": [{"name": "make2"}, {"name": "make3"}, {"name": "stock2"}],
    "constraints": [
        {"name": "demand2", "terms": {"make2": 1, "stock2": -1}, "lower": 50, "upper": 50, "hard": True},
        {"name": "demand3", "terms": {"make3": 1, "stock2": 1}, "lower": 100, "upper": 100, "hard": True},
        {"name": "line2", "terms": {"make2": 2}, "upper": 100, "unit": "h", "meaning": "hours of line A in week 2"},
        {"name": "line3", "terms": {"make3": 2}, "upper": 160, "unit": "h", "meaning": "hours of line A in week 3"},
    ],
}


def diagnosis(body: dict[str, Any]) -> Any:
    """Return the infeasibility part of a full explanation."""
    return run(body, explain="full").explanation.infeasibility


def with_fields(name: str, **fields: Any) -> dict[str, Any]:
    """Return the plan with some fields of one constraint changed."""
    body = copy.deepcopy(PLAN)
    next(row for row in body["constraints"] if row["name"] == name).update(fields)
    return body


def applied(body: dict[str, Any], repair: Any) -> dict[str, Any]:
    """Return the request with the changes of a repair written to where they point."""
    changed = copy.deepcopy(body)
    for change in repair.changes:
        _, group, index, field = change.pointer.split("/")
        changed[group][int(index)][field] = change.value
    return changed


def test_a_repair_speaks_the_words_of_the_caller() -> None:
    """The meaning, the unit, both numbers and the field are those of the request."""
    repair = next(found for found in diagnosis(PLAN).repairs if found.changes[0].name == "line3")
    assert repair.sentence == ("line3 (hours of line A in week 3) needs 40 h more: raise its upper side from 160 h to 200 h.")
    change = repair.changes[0]
    assert (change.pointer, change.current, change.value, change.amount, change.unit) == (
        "/constraints/3/upper", 160, 200, 40, "h",
    )  # fmt: skip


def test_repairs_are_alternatives_that_work_when_applied() -> None:
    """Each one, written into the request by its pointers, makes the request feasible."""
    repairs = diagnosis(PLAN).repairs
    assert len(repairs) == 2
    assert all(run(applied(PLAN, repair)).status == "succeeded" for repair in repairs)


def test_the_cheapest_comes_first_by_the_callers_costs() -> None:
    """Hours of week 3 at twice the price make those of week 2 the better repair, and the other way round."""
    dear3 = diagnosis(with_fields("line3", relaxation_cost=2)).repairs
    dear2 = diagnosis(with_fields("line2", relaxation_cost=2)).repairs
    assert [repair.changes[0].name for repair in dear3] == ["line2", "line3"]
    assert [repair.cost for repair in dear3] == pytest.approx([40, 80])
    assert [repair.changes[0].name for repair in dear2] == ["line3", "line2"]


def test_what_is_hard_is_in_no_repair() -> None:
    """Demand is hard, so only hours are changed."""
    names = {change.name for repair in diagnosis(PLAN).repairs for change in repair.changes}
    assert names == {"line2", "line3"}


def test_without_anything_soft_it_is_said_that_no_repair_exists() -> None:
    """The reason tells that it was proved, not that time ended."""
    body = {**PLAN, "constraints": [{**row, "hard": True} for row in PLAN["constraints"]]}
    explanation = run(body, explain="full").explanation
    assert explanation.infeasibility.repairs == []
    assert explanation.unavailable["infeasibility.repairs"].startswith("No change of what may give way")


def test_hard_variables_keep_their_bounds() -> None:
    """An upper bound gives way unless its variable is hard; a lower bound of 0 never does."""
    body: dict[str, Any] = {
        "variables": [{"name": "x", "upper": 3, "relaxation_cost": 0.5}],
        "constraints": [{"name": "need", "terms": {"x": 1}, "lower": 5}],
    }
    assert [repair.changes[0].name for repair in diagnosis(body).repairs] == ["x", "need"]
    body["variables"][0]["hard"] = True
    assert [repair.changes[0].name for repair in diagnosis(body).repairs] == ["need"]


def test_columns_have_costs_and_hardness_too() -> None:
    """The sparse form says the same as lists, and its pointers lead into them."""
    body = {
        "columns": {
            "variables": {"objective": [1], "upper": [3], "hard": [True]},
            "constraints": {"lower": [5, None], "upper": [None, 9], "relaxation_cost": [4, 1]},
            "entries": {"row": [0, 1], "column": [0, 0], "value": [1, 1]},
        }
    }
    found = diagnosis(body)
    assert [member.pointer for member in found.subset] == ["/columns/constraints/lower/0", "/columns/variables/upper/0"]
    assert [(repair.cost, repair.changes[0].pointer) for repair in found.repairs] == [(8, "/columns/constraints/lower/0")]


def test_a_repair_of_an_integer_model_is_solved_with_its_whole_numbers() -> None:
    """3 a + 5 b between 1 and 2 needs a whole answer: 0 or 3, not any fraction."""
    body = {
        "variables": [{"name": name, "integer": True, "upper": 3} for name in "ab"],
        "constraints": [{"name": "p", "terms": {"a": 3, "b": 5}, "lower": 1, "upper": 2}],
    }
    found = diagnosis(body)
    assert [(repair.changes[0].pointer, repair.changes[0].value) for repair in found.repairs] == [
        ("/constraints/0/lower", 0),
        ("/constraints/0/upper", 3),
    ]


def test_two_conflicts_are_repaired_together() -> None:
    """No single change suffices, so the repair holds one for each."""
    body = {
        "variables": [{"name": "x", "upper": 1, "hard": True}, {"name": "y", "upper": 1, "hard": True}],
        "constraints": [{"name": name, "terms": {name: 1}, "lower": 4} for name in "xy"],
    }
    repairs = diagnosis(body).repairs
    assert [(repair.kind, repair.cost, len(repair.changes)) for repair in repairs] == [("least_cost", 6, 2)]


def test_bounds_beside_the_model_are_named_by_their_own_pointer() -> None:
    """A bound of the request that crosses the variable's own is one side of the conflict."""
    found = diagnosis({"variables": [{"name": "x", "upper": 10, "objective": 1}], "bounds": {"x": {"lower": 12}}})
    assert [member.pointer for member in found.subset] == ["/bounds/x/lower", "/variables/0/upper"]
    assert found.irreducible
    assert [repair.cost for repair in found.repairs] == [2, 2]


def test_an_empty_row_that_demands_something_is_a_conflict_of_one() -> None:
    """0 >= 5 conflicts with itself."""
    found = diagnosis({"variables": [{"name": "x", "objective": 1}], "constraints": [{"name": "e", "terms": {}, "lower": 5}]})
    assert [member.sentence for member in found.subset] == ["e demands 0 >= 5."]
    assert [repair.changes[0].value for repair in found.repairs] == [0]
