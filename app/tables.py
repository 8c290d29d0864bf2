"""
A table of observations as the JSON request that it stands for: `text/csv`, or Parquet (`app.parquet`).

The columns are named `unique_id`, `ds` and `y`, in any order; everything else of the request stands in the query: `horizon`,
`frequency` and so on. What comes out goes through the same parser and the same validation as any other request.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.errors import ProblemError

CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
COLUMNS = ("unique_id", "ds", "y")
STOCK_OUT = "stock_out"
FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}
COVARIATES = "covariates"
NUMBERS = ("horizon", "season_length")
LISTS = ("levels", "quantiles")
PARAMETERS = ("frequency", "time_zone", *NUMBERS, *LISTS, "covariate_effects", COVARIATES)
"""Query parameters: fields of the request, and which columns are covariates."""

MISSING = frozenset({"", "na", "nan", "null", "none"})
"""What stands for a missing observation, in any case of letters."""

Line = tuple[str, Sequence[str]]
"""A line of a table: where it stands, as messages name it ("line 3"), and the text of its cells."""


def csv_request(table: bytes, query: Mapping[str, str]) -> bytes:
    """
    Return a CSV table and the query beside it as one JSON request.

    Raises
    ------
    ProblemError
        400 INVALID_TABLE, with the line, when the text is not such a table.
    """
    text = _text(table)
    header = text.partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in header and "," not in header else ",", strict=True
    )
    try:
        names = [name.strip() for name in next(lines, [])]
        return table_request(names, ((f"line {lines.line_num}", cells) for cells in lines), query, heading="Line 1")
    except csv.Error as error:
        raise ProblemError("INVALID_TABLE", f"Line {lines.line_num} is not CSV: {error}.") from error


def table_request(names: Sequence[str], lines: Iterable[Line], query: Mapping[str, str], *, heading: str) -> bytes:
    """
    Return named columns, line by line, and the query beside them as one JSON request.

    Parameters
    ----------
    names
        Of the columns, in the order of the cells.
    lines
        The table without its header; a line without cells is left out.
    query
        Query parameters, of which `PARAMETERS` are read.
    heading
        Where the names stand, for messages.

    Raises
    ------
    ProblemError
        400 INVALID_TABLE, with the line, when a column or a cell is not what it should be.
    """
    fields: dict[str, Any] = {name: _field(name, query[name]) for name in PARAMETERS if name in query and name != COVARIATES}
    whole_numbers = not isinstance(fields.get("frequency", 1), str)
    covariates = [name.strip() for name in query.get(COVARIATES, "").split(",") if name.strip()]
    wanted = [*COLUMNS, *covariates, *([STOCK_OUT] if STOCK_OUT in names else [])]
    if sorted(names) != sorted(wanted):
        detail = (
            f"{heading} must name the columns {', '.join(wanted)}, each once and no others ({STOCK_OUT} where wanted; "
            "`covariates` in the query lists further ones); the query holds the rest."
        )
        raise ProblemError("INVALID_TABLE", detail)
    rows = list(_rows(names, lines, covariates, whole_numbers=whole_numbers))
    if covariates:
        rows, ahead = _parted(rows)
        fields["future_rows"] = ahead
    return orjson.dumps(fields | {"rows": rows})


def _parted(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows up to the last observation of their series, and those after it: the horizon, without `y`."""
    last: dict[str, Any] = {}
    for row in rows:
        if row["y"] is not None:
            last[row["unique_id"]] = max(row["ds"], last.get(row["unique_id"], row["ds"]))
    past: list[dict[str, Any]] = []
    ahead: list[dict[str, Any]] = []
    for row in rows:
        if row["y"] is None and row["unique_id"] in last and row["ds"] > last[row["unique_id"]]:
            ahead.append({name: row[name] for name in ("unique_id", "ds", COVARIATES)})
        else:
            past.append(row)
    return past, ahead


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


def _rows(
    names: Sequence[str], lines: Iterable[Line], covariates: list[str], *, whole_numbers: bool
) -> Iterator[dict[str, Any]]:
    for place, cells in lines:
        if len(cells) == len(names):
            row = dict(zip(names, map(str.strip, cells), strict=True))
            yield _row(row, covariates, place=place, whole_numbers=whole_numbers)
        elif cells:
            detail = f"{place.capitalize()} has {len(cells)} cells instead of {len(names)}."
            raise ProblemError("INVALID_TABLE", detail)


def _row(cells: dict[str, str], covariates: list[str], *, place: str, whole_numbers: bool) -> dict[str, Any]:
    """Return one line as the row it stands for; a covariate without a number is left out, which validation names."""
    stamp = cells["ds"]
    when = int(stamp) if whole_numbers and stamp.lstrip("-").isdecimal() else stamp
    row: dict[str, Any] = {"unique_id": cells["unique_id"], "ds": when, "y": _observation(cells["y"], place)}
    if STOCK_OUT in cells:
        flag = FLAGS.get(cells[STOCK_OUT].lower())
        if flag is None:
            raise ProblemError("INVALID_TABLE", f"In {place}, {STOCK_OUT} is none of 0, 1, true and false.")
        row[STOCK_OUT] = flag
    if covariates:
        numbers = {name: _observation(cells[name], place) for name in covariates}
        row[COVARIATES] = {name: number for name, number in numbers.items() if number is not None}
    return row


def _observation(text: str, place: str) -> float | None:
    """Return a cell as a finite number, or None where it is missing; JSON has no infinity and would call it missing."""
    if text.lower() in MISSING:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        detail = f"The observation in {place} is not a number; decimals have a point, and a missing one is left empty."
        raise ProblemError("INVALID_TABLE", detail)
    return number
