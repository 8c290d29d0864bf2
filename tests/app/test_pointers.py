"""JSON pointers into a request."""

from typing import Any

import pytest

from app.pointers import Nowhere, Place, place_of, put_back, set_value

DOCUMENT: dict[str, Any] = {"items": [{"id": "a", "demand": [1, 2]}], "a/b": {"m~n": 3}, "": 4}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("/items/0/demand/1", 2), ("/items/0", DOCUMENT["items"][0]), ("/a~1b/m~0n", 3), ("/", 4), ("/items", DOCUMENT["items"])],
)
def test_a_pointer_leads_to_its_value(pointer: str, value: Any) -> None:
    """As in RFC 6901, with its two escapes and the empty key."""
    place = place_of(DOCUMENT, pointer)
    assert isinstance(place, Place)
    assert place.value == value
    assert not place.absent


@pytest.mark.parametrize(
    ("pointer", "code"),
    [
        ("", "WHOLE_REQUEST"),
        ("items", "NOT_A_POINTER"),
        ("/a~2", "NOT_A_POINTER"),
        ("/items/-", "CANNOT_APPEND"),
        ("/items/1", "POINTER_NOT_FOUND"),
        ("/items/00", "POINTER_NOT_FOUND"),
        ("/items/-1", "POINTER_NOT_FOUND"),
        ("/items/0/missing/x", "POINTER_NOT_FOUND"),
        ("/items/0/id/x", "POINTER_NOT_FOUND"),
        ("/items/" + "9" * 900, "POINTER_NOT_FOUND"),
    ],
)
def test_a_pointer_that_leads_nowhere_says_why(pointer: str, code: str) -> None:
    """Nothing is appended, and only the last part may be new; the message stays short."""
    found = place_of(DOCUMENT, pointer)
    assert isinstance(found, Nowhere)
    assert found.code == code
    assert len(found.message) < 250


@pytest.mark.parametrize("pointer", ["/items/0/demand/0", "/items/0/holding_cost", "/options/time_limit_s", "/a~1b"])
def test_what_was_changed_can_be_put_back(pointer: str) -> None:
    """A field that was left out is left out again."""
    document = {"items": [{"id": "a", "demand": [1, 2]}], "a/b": {}}
    place = place_of(document, pointer)
    assert isinstance(place, Place)
    set_value(place, 9)
    put_back(document, pointer, place.value, was_absent=place.absent)
    document.pop("options", None)
    assert document == {"items": [{"id": "a", "demand": [1, 2]}], "a/b": {}}
