"""The schema of linear problems is strict and bounded."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from models.linear import LinearProblem

X = {"name": "x"}


def read(body: dict[str, Any]) -> LinearProblem:
    return LinearProblem.model_validate_json(json.dumps(body))


def test_defaults_are_the_neutral_ones() -> None:
    """A variable starts at 0, is unlimited and continuous; a constraint is free."""
    problem = read({"variables": [X], "constraints": [{"name": "r", "terms": {"x": 1}}]})
    variable = (problem.variables or [])[0]
    assert (variable.lower, variable.upper, variable.objective, variable.integer) == (0, None, 0, False)
    assert (problem.constraints[0].lower, problem.constraints[0].upper) == (None, None)
    assert problem.options.solver == "auto"


@pytest.mark.parametrize(
    "body",
    [
        {"variables": [{**X, "uper": 1}]},
        {"variables": [{**X, "upper": "1"}]},
        {"variables": [{**X, "integer": 1}]},
        {"variables": [{**X, "objective": float("nan")}]},
        {"variables": [{**X, "objective": float("inf")}]},
        {"variables": [{**X, "objective": 1e18}]},
        {"variables": [{"name": ""}]},
        {"variables": [{"name": "a\nb"}]},
        {"variables": [{"name": "x" * 201}]},
        {"variables": [X], "constraints": [{"name": "r", "terms": {"x": None}}]},
        {"variables": [X], "constraints": [{"name": "r", "terms": {"x\u0000": 1}}]},
        {"variables": [X], "sense": "maximise"},
        {"columns": {"variables": {"objective": [1]}, "constraints": {"lower": [], "upper": []}}},
        {"variables": [X], "options": {"solver": "glop"}},
    ],
)
def test_what_is_not_in_the_schema_is_an_error(body: dict[str, Any]) -> None:
    """Unknown fields, wrong types, NaN, infinities, huge numbers and control characters are refused."""
    with pytest.raises(ValidationError):
        read(body)


def test_a_bad_list_of_numbers_costs_one_error() -> None:
    """Sparse columns stop at the first wrong entry."""
    body = {
        "columns": {
            "variables": {"objective": ["a"] * 1_000},
            "constraints": {"lower": [], "upper": []},
            "entries": {"row": [], "column": [], "value": []},
        }
    }
    with pytest.raises(ValidationError) as caught:
        read(body)
    assert caught.value.error_count() == 1
