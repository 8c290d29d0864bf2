"""Write a model in the CPLEX LP format: readable, with every number in full precision."""

import re
from collections.abc import Iterator

import numpy as np

from solvers.linear.model import LinearModel
from solvers.linear.write_mps import text_names

OBJECTIVE = "objective"
WRITABLE = re.compile(
    r"(?!(?:e\d*|inf|infinity|free|end|st|bounds?|bin\w*|gen\w*|int\w*|m(?:ax|in)\w*)\b)[A-Za-z_][\w.\[\],()#]*$", re.IGNORECASE
)
TERMS_PER_LINE = 8


def write_lp(model: LinearModel) -> str:
    """
    Return the model as LP text.

    Names that the format cannot hold are replaced for all rows or all columns by c0, c1, ... and x0, x1, ... Rows without any
    side are left out: they demand nothing.
    """
    return "\n".join(_lines(model)) + "\n"


def _lines(model: LinearModel) -> Iterator[str]:
    rows = text_names(model.row_names, "c", WRITABLE, reserved=OBJECTIVE)
    columns = text_names(model.column_names, "x", WRITABLE, reserved=OBJECTIVE)
    yield "Minimize" if model.sense == "min" else "Maximize"
    costs = model.objective.tolist()
    constant = f" {model.offset:+.17g}" if model.offset else ""
    yield f" {OBJECTIVE}: " + (_expression(columns, list(enumerate(costs))) + constant)
    yield "Subject To"
    for row, name in enumerate(rows):
        lower, upper = float(model.row_lower[row]), float(model.row_upper[row])
        start, stop = model.indptr[row], model.indptr[row + 1]
        terms = list(zip(model.indices[start:stop].tolist(), model.coefficients[start:stop].tolist(), strict=True))
        expression = _expression(columns, terms) or (f"0 {columns[0]}" if columns else "0")
        if np.isfinite(lower) or np.isfinite(upper):
            yield f" {name}: " + _between(lower, expression, upper)
    yield "Bounds"
    yield from _bounds(model, columns)
    integers = [columns[column] for column in np.flatnonzero(model.integer)]
    if integers:
        yield "General"
        yield from (" " + " ".join(integers[at : at + TERMS_PER_LINE]) for at in range(0, len(integers), TERMS_PER_LINE))
    yield "End"


def _expression(columns: list[str], terms: list[tuple[int, float]]) -> str:
    """Return the terms with their signs, broken into lines; zeros stay, so that the columns keep their order."""
    words = [f"{value:+.17g} {columns[column]}" for column, value in terms]
    lines = [" ".join(words[at : at + TERMS_PER_LINE]) for at in range(0, len(words), TERMS_PER_LINE)]
    return "\n   ".join(lines)


def _between(lower: float, expression: str, upper: float) -> str:
    if lower == upper:
        return f"{expression} = {lower!r}"
    if not np.isfinite(lower):
        return f"{expression} <= {upper!r}"
    if not np.isfinite(upper):
        return f"{expression} >= {lower!r}"
    return f"{lower!r} <= {expression} <= {upper!r}"


def _bounds(model: LinearModel, columns: list[str]) -> Iterator[str]:
    for name, lower, upper in zip(columns, model.column_lower.tolist(), model.column_upper.tolist(), strict=True):
        if not np.isfinite(lower) and not np.isfinite(upper):
            yield f" {name} free"
        elif lower == upper:
            yield f" {name} = {lower!r}"
        elif not np.isfinite(lower):
            yield f" -inf <= {name} <= {upper!r}"
        elif np.isfinite(upper):
            yield f" {lower!r} <= {name} <= {upper!r}"
        elif lower:
            yield f" {name} >= {lower!r}"
