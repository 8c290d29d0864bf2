"""Numbers that hold for all periods or come one per period."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.inventory import Item, PlanProblem
from models.inventory_numbers import MAX_PERIODS


@pytest.mark.parametrize("value", [0, 2, 2.5, [1, 2.5, 0]])
def test_one_number_or_one_per_period_is_kept_as_given(value: Any) -> None:
    """A number stays a number and a list stays a list."""
    assert Item(id="butter", demand=[1, 2, 3], holding_cost=value).holding_cost == value


@pytest.mark.parametrize(
    ("value", "location", "kind"),
    [
        (-1, (), "greater_than_equal"),
        ([1, -2, 3], (1,), "greater_than_equal"),
        (True, (), "float_type"),
        ([1, False, 3], (1,), "float_type"),
        ("1", (), "float_type"),
        (None, (), "float_type"),
        (float("nan"), (), "finite_number"),
        ([1, float("inf")], (1,), "finite_number"),
        ([], (), "too_short"),
        ([1.0] * (MAX_PERIODS + 1), (), "too_long"),
    ],
)
def test_an_error_points_at_what_was_written(value: Any, location: tuple[int, ...], kind: str) -> None:
    """The location is the field for a number and the entry for a list, without traces of the two forms."""
    with pytest.raises(ValidationError) as caught:
        Item(id="butter", demand=[1, 2, 3], holding_cost=value)
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [(("holding_cost", *location), kind)]


def test_the_schema_shows_both_forms() -> None:
    """Readers of the schema see a number or a list of numbers, with the default."""
    field = PlanProblem.model_json_schema()["$defs"]["Item"]["properties"]["holding_cost"]
    assert [form["type"] for form in field["anyOf"]] == ["number", "array"]
    assert field["default"] == 0.0


def test_a_request_survives_its_own_json() -> None:
    """What is written out is read back as the same problem."""
    problem = PlanProblem.model_validate(
        {"periods": 2, "items": [{"id": "butter", "demand": [1, 2], "unit_cost": [3, 4], "fixed_cost": 5}], "budget": 100}
    )
    assert PlanProblem.model_validate_json(problem.model_dump_json()) == problem
