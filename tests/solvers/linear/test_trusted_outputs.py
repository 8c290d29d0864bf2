"""Outputs built without validation are the same as validated ones."""

from models.explanation import Range
from solvers.linear.trusted_outputs import trusted

FIELDS = {
    "lower": 1.0,
    "upper": None,
    "objective_at_lower": 2.5,
    "objective_at_upper": None,
    "limiting_at_lower": "flour",
    "limiting_at_upper": None,
}


def test_trusted_outputs_equal_validated_ones() -> None:
    """Fields, JSON, equality and copies do not tell how an output was built."""
    built, validated = trusted(Range, [dict(FIELDS)])[0], Range(**FIELDS)
    assert built == validated
    assert built.model_dump_json() == validated.model_dump_json()
    assert built.model_fields_set == validated.model_fields_set
    assert built.model_copy() == validated


def test_no_entries_give_no_outputs() -> None:
    """An empty list is no special case."""
    assert trusted(Range, []) == []
