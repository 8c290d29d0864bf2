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
STOCK_OUT = "stock_out"
FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}
COVARIATES = "covariates"
NUMBERS = ("horizon", "season_length")
LISTS = ("levels", "quantiles")
PARAMETERS = ("frequency", "time_zone", *NUMBERS, *LISTS, "covariate_effects", COVARIATES)
"""Query parameters: fields of the request, and which columns are covariates."""

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
    fields: dict[str, Any] = {name: _field(name, query[name]) for name in PARAMETERS if name in query and name != COVARIATES}
    whole_numbers = not isinstance(fields.get("frequency", 1), str)
    covariates = [name.strip() for name in query.get(COVARIATES, "").split(",") if name.strip()]
    rows = list(_rows(_text(table), covariates, whole_numbers=whole_numbers))
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


def _rows(text: str, covariates: list[str], *, whole_numbers: bool) -> Iterator[dict[str, Any]]:
    header = text.partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in header and "," not in header else ",", strict=True
    )
    try:
        names = [name.strip() for name in next(lines, [])]
        wanted = [*COLUMNS, *covariates, *([STOCK_OUT] if STOCK_OUT in names else [])]
        if sorted(names) != sorted(wanted):
            detail = (
                f"Line 1 must name the columns {', '.join(wanted)}, each once and no others ({STOCK_OUT} where wanted; "
                "`covariates` in the query lists further ones); the query holds the rest."
            )
            raise ProblemError("INVALID_TABLE", detail)
        for cells in lines:
            if len(cells) == len(names):
                row = dict(zip(names, map(str.strip, cells), strict=True))
                yield _row(row, covariates, line=lines.line_num, whole_numbers=whole_numbers)
            elif cells:
                raise ProblemError("INVALID_TABLE", f"Line {lines.line_num} has {len(cells)} cells instead of {len(names)}.")
    except csv.Error as error:
        raise ProblemError("INVALID_TABLE", f"Line {lines.line_num} is not CSV: {error}.") from error


def _row(cells: dict[str, str], covariates: list[str], *, line: int, whole_numbers: bool) -> dict[str, Any]:
    """Return one line as the row it stands for; a covariate without a number is left out, which validation names."""
    stamp = cells["ds"]
    when = int(stamp) if whole_numbers and stamp.lstrip("-").isdecimal() else stamp
    row: dict[str, Any] = {"unique_id": cells["unique_id"], "ds": when, "y": _observation(cells["y"], line)}
    if STOCK_OUT in cells:
        flag = FLAGS.get(cells[STOCK_OUT].lower())
        if flag is None:
            raise ProblemError("INVALID_TABLE", f"In line {line}, {STOCK_OUT} is none of 0, 1, true and false.")
        row[STOCK_OUT] = flag
    if covariates:
        numbers = {name: _observation(cells[name], line) for name in covariates}
        row[COVARIATES] = {name: number for name, number in numbers.items() if number is not None}
    return row


def _observation(text: str, line: int) -> float | None:
    if text.lower() in MISSING:
        return None
    try:
        return float(text)
    except ValueError:
        detail = f"The observation in line {line} is not a number; decimals have a point, and a missing one is left empty."
        raise ProblemError("INVALID_TABLE", detail) from None
