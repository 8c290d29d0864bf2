"""
A table of observations (`text/csv`) as the JSON request that it stands for.

The first line names the columns `unique_id`, `ds` and `y`, in any order; everything else of the request stands in the query:
`horizon`, `frequency` and so on. What comes out goes through the same parser and the same validation as any other request.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from app.errors import ProblemError

MEDIA_TYPE = "text/csv"
COLUMNS = ("unique_id", "ds", "y")
NUMBERS = ("horizon", "season_length")
LISTS = ("levels", "quantiles")
PARAMETERS = ("frequency", *NUMBERS, *LISTS, "covariate_effects")
"""Query parameters that are fields of the request."""

MISSING = frozenset({"", "na", "nan", "null", "none"})
"""What stands for a missing observation, in any case of letters."""


def table_request(table: bytes, query: Mapping[str, str]) -> bytes:
    """
    Return a table and the query beside it as one JSON request.

    Raises
    ------
    ProblemError
        400 INVALID_TABLE, with the line, when the text is not such a table.
    """
    fields: dict[str, Any] = {name: _field(name, query[name]) for name in PARAMETERS if name in query}
    whole_numbers = not isinstance(fields.get("frequency", 1), str)
    return orjson.dumps(fields | {"rows": list(_rows(_text(table), whole_numbers=whole_numbers))})


def _text(table: bytes) -> str:
    """Decode a table; spreadsheets put a byte order mark before it."""
    try:
        return table.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise ProblemError("INVALID_TABLE", f"The byte at offset {bad.start} is not UTF-8.") from bad


def _field(name: str, text: str) -> Any:
    """Return a query parameter as JSON would hold it; what is not a number stays text, which validation refuses."""
    if name in LISTS:
        return [_number(part) for part in text.split(",") if part.strip()]
    return _number(text) if name in NUMBERS or text.isdecimal() else text


def _number(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _rows(text: str, *, whole_numbers: bool) -> Iterator[dict[str, Any]]:
    header = text.partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in header and "," not in header else ",", strict=True
    )
    try:
        names = [name.strip() for name in next(lines, [])]
        if sorted(names) != sorted(COLUMNS):
            detail = f"Line 1 must name the columns {', '.join(COLUMNS)}, each once and no others; the query holds the rest."
            raise ProblemError("INVALID_TABLE", detail)
        places = [names.index(name) for name in COLUMNS]
        for cells in lines:
            if len(cells) == len(COLUMNS):
                name, stamp, value = (cells[place].strip() for place in places)
                when = int(stamp) if whole_numbers and stamp.lstrip("-").isdecimal() else stamp
                yield {"unique_id": name, "ds": when, "y": _observation(value, lines.line_num)}
            elif cells:
                raise ProblemError("INVALID_TABLE", f"Line {lines.line_num} has {len(cells)} cells instead of {len(COLUMNS)}.")
    except csv.Error as error:
        raise ProblemError("INVALID_TABLE", f"Line {lines.line_num} is not CSV: {error}.") from error


def _observation(text: str, line: int) -> float | None:
    if text.lower() in MISSING:
        return None
    try:
        return float(text)
    except ValueError:
        detail = f"The observation in line {line} is not a number; decimals have a point, and a missing one is left empty."
        raise ProblemError("INVALID_TABLE", detail) from None
