"""Fields that accept their neutral value only."""

import pytest

from app.errors import ProblemError
from app.validation import validate
from tests.problems import routing


@pytest.mark.parametrize(("field", "neutral", "other"), [("setup_duration", 0, 5), ("group", None, "g")])
def test_a_reserved_field_takes_its_neutral_value_only(field: str, neutral: object, other: object) -> None:
    """The neutral value passes; anything else is refused with a pointer, never ignored."""
    body = routing(2)
    body["clients"][1][field] = neutral
    validate("routing", body)
    body["clients"][1][field] = other
    with pytest.raises(ProblemError) as caught:
        validate("routing", body)
    assert [(issue.pointer, issue.code) for issue in caught.value.issues] == [(f"/clients/1/{field}", "NOT_SUPPORTED")]


def test_false_is_not_a_neutral_number() -> None:
    """A boolean does not pass for zero."""
    body = routing(1)
    body["clients"][0]["setup_duration"] = False
    with pytest.raises(ProblemError):
        validate("routing", body)
