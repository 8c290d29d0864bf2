"""Write a model as free-form MPS: numbers in full precision, a constant on the objective row."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from solvers.linear.model import LinearModel

OBJECTIVE = "objective"
WRITABLE = re.compile(r"[^\s'*$][^\s]*$")


def write_mps(model: LinearModel) -> str:
    """
    Return the model as MPS text.

    Names that MPS cannot hold (blanks, duplicates) are replaced for all rows or all columns by c0, c1, ... and x0, x1, ...
    Rows without any side are left out: they demand nothing.
    """
    return "\n".join(_lines(model)) + "\n"


def text_names(names: Sequence[str], prefix: str, pattern: re.Pattern[str], *, reserved: str) -> list[str]:
    """Return the names if a text format can hold them all, else numbered ones."""
    if len(set(names)) == len(names) and reserved not in names and all(pattern.match(name) for name in names):
        return list(names)
    return [f"{prefix}{index}" for index in range(len(names))]


def _lines(model: LinearModel) -> Iterator[str]:
    rows = text_names(model.row_names, "c", WRITABLE, reserved=OBJECTIVE)
    columns = text_names(model.column_names, "x", WRITABLE, reserved=OBJECTIVE)
    kinds = [_kind(lower, upper) for lower, upper in zip(model.row_lower.tolist(), model.row_upper.tolist(), strict=True)]
    # Some blanks (U+0085, U+2028) end a line for readers: plain ones stand for them.
    yield " ".join(["NAME", *model.name.split()])
    yield "OBJSENSE"
    yield f"    {model.sense.upper()}"
    yield "ROWS"
    yield f" N  {OBJECTIVE}"
    yield from (f" {kind}  {name}" for kind, name in zip(kinds, rows, strict=True) if kind != "N")
    yield "COLUMNS"
    yield from _columns(model, rows, columns, kinds)
    yield "RHS"
    if model.offset:
        yield f"    RHS  {OBJECTIVE}  {-model.offset!r}"
    for kind, name, lower, upper in zip(kinds, rows, model.row_lower.tolist(), model.row_upper.tolist(), strict=True):
        side = upper if kind == "L" else lower
        if kind != "N" and side:
            yield f"    RHS  {name}  {side!r}"
    yield "RANGES"
    for name, lower, upper in zip(rows, model.row_lower.tolist(), model.row_upper.tolist(), strict=True):
        if np.isfinite(lower) and np.isfinite(upper) and lower != upper:
            yield f"    RNG  {name}  {upper - lower!r}"
    yield "BOUNDS"
    yield from _bounds(model, columns)
    yield "ENDATA"


def _kind(lower: float, upper: float) -> str:
    if lower == upper:
        return "E"
    if np.isfinite(lower):
        return "G"
    return "L" if np.isfinite(upper) else "N"


def _columns(model: LinearModel, rows: list[str], columns: list[str], kinds: list[str]) -> Iterator[str]:
    matrix = model.matrix().tocsc()
    integer_open = False
    for column, name in enumerate(columns):
        if bool(model.integer[column]) != integer_open:
            integer_open = not integer_open
            yield f"    MARKER  'MARKER'  '{'INTORG' if integer_open else 'INTEND'}'"
        start, stop = matrix.indptr[column], matrix.indptr[column + 1]
        yield f"    {name}  {OBJECTIVE}  {float(model.objective[column])!r}"
        for row, value in zip(matrix.indices[start:stop].tolist(), matrix.data[start:stop].tolist(), strict=True):
            if kinds[row] != "N":
                yield f"    {name}  {rows[row]}  {value!r}"
    if integer_open:
        yield "    MARKER  'MARKER'  'INTEND'"


def _bounds(model: LinearModel, columns: list[str]) -> Iterator[str]:
    bounds = zip(columns, model.column_lower.tolist(), model.column_upper.tolist(), model.integer.tolist(), strict=True)
    for name, lower, upper, integer in bounds:
        if lower == upper:
            yield f" FX BND  {name}  {lower!r}"
            continue
        if not np.isfinite(lower) and not np.isfinite(upper):
            yield f" FR BND  {name}"
            continue
        if not np.isfinite(lower):
            yield f" MI BND  {name}"
        elif lower:
            yield f" LO BND  {name}  {lower!r}"
        if np.isfinite(upper):
            if upper < 0 <= lower:
                yield f" LO BND  {name}  {lower!r}"
            yield f" UP BND  {name}  {upper!r}"
        elif integer:
            yield f" PL BND  {name}"
