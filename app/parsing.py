"""
From bytes to a JSON value, strictly.

orjson refuses NaN, infinities, lone surrogates, byte order marks and bad UTF-8, but keeps the last of two equal keys; jiter
reads the text a second time to refuse those.
"""

import re
from typing import Any

import jiter
import orjson

from app.errors import ProblemError

MAX_DEPTH = 200
"""Deepest nesting that is read (a limit of jiter)."""


def parse_json(body: bytes) -> Any:
    """
    Return the JSON value in a body.

    Raises
    ------
    ProblemError
        With status 400 and line and column when the bytes are not one well-formed JSON value.
    """
    _refuse_other_encodings(body)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _problem_of(body, error) from error
    _refuse_duplicate_keys(body)
    return value


def _refuse_other_encodings(body: bytes) -> None:
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in body[:4]:
        raise ProblemError("NOT_UTF8", "The body starts with a byte order mark or is UTF-16 or UTF-32; send plain UTF-8.")


def _problem_of(body: bytes, error: orjson.JSONDecodeError) -> ProblemError:
    """Return the row of the table that fits orjson's message."""
    where = f"line {error.lineno}, column {error.colno}"
    if "infinity" in error.msg:
        return ProblemError("NUMBER_TOO_LARGE", f"The number at {where} does not fit a 64-bit float.")
    if "depth" in error.msg or "recursion" in error.msg:
        return ProblemError("TOO_DEEP", f"Arrays and objects are nested more than {MAX_DEPTH} deep at {where}.")
    try:
        body.decode()
    except UnicodeDecodeError as bad:
        return ProblemError("NOT_UTF8", f"The byte at offset {bad.start} is not UTF-8.")
    return ProblemError(
        "INVALID_JSON", f"The body is not JSON at {where} (byte offset {error.pos}): {error.msg.split(':')[0]}."
    )


def _refuse_duplicate_keys(body: bytes) -> None:
    try:
        jiter.from_json(body, catch_duplicate_keys=True, cache_mode="keys")
    except ValueError as error:
        message = str(error)
        found = re.search(r"at line (\d+) column (\d+)$", message)
        where = f"line {found[1]}, column {found[2]}" if found else "an unknown place"
        if "recursion" in message:
            raise ProblemError("TOO_DEEP", f"Arrays and objects are nested more than {MAX_DEPTH} deep at {where}.") from error
        if "number out of range" in message:
            raise ProblemError("NUMBER_TOO_LARGE", f"The number at {where} has too many digits.") from error
        raise ProblemError("DUPLICATE_KEY", f"An object repeats a key at {where}.") from error
