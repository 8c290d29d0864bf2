"""The strict reading of JSON."""

import pytest

from app.errors import ProblemError
from app.parsing import parse_json


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a": NaN}', "INVALID_JSON"),
        (b'{"a": Infinity}', "INVALID_JSON"),
        (b'{"a": 1e400}', "NUMBER_TOO_LARGE"),
        (b'{"a": "\\ud800"}', "INVALID_JSON"),
        (b"[" * 100_000, "TOO_DEEP"),
        (b"[" * 500 + b"]" * 500, "TOO_DEEP"),
        (b"9" * 5_000, "NUMBER_TOO_LARGE"),
        (b'{"a": 1,}', "INVALID_JSON"),
        (b'{"a": 1} // note', "INVALID_JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "NOT_UTF8"),
        ('{"a": 1}'.encode("utf-16"), "NOT_UTF8"),
        ('{"a": 1}'.encode("utf-16-le"), "NOT_UTF8"),
        (b'{"a": "\xff"}', "NOT_UTF8"),
        (b'{"a": 1, "a": 2}', "DUPLICATE_KEY"),
        (b'{"b": [{"a": 1, "a": 1}]}', "DUPLICATE_KEY"),
    ],
)
def test_malformed_bodies_are_refused_with_their_code(body: bytes, code: str) -> None:
    """Each kind of malformed body has its own code and status 400."""
    with pytest.raises(ProblemError) as caught:
        parse_json(body)
    assert (caught.value.code, caught.value.status) == (code, 400)


def test_the_detail_names_line_and_column() -> None:
    """A trailing comma on the second line is found there."""
    with pytest.raises(ProblemError) as caught:
        parse_json(b'{"a": 1,\n"b": 2,}')
    assert "line 2, column" in caught.value.detail


def test_well_formed_json_is_returned() -> None:
    """Text, numbers and nesting come back as Python values."""
    assert parse_json('{"a": [1, 2.5, "é"]}'.encode()) == {"a": [1, 2.5, "é"]}
