"""A linear model as read from a request, before it is formulated: plain arrays and names, no library beyond NumPy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INFINITE = 1e20
"""In MPS and LP files, numbers of at least this size mean infinity."""

LINE_END = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")

LARGEST_NUMBER = 1e15
"""Largest size of any other number in a file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearArrays:
    """
    n variables, m constraints and their coefficients as triples (row, column, value); entries at one place add up.

    Missing sides and bounds are infinite. `constant` is added to the objective. `sense` is None when the text does not say.
    """

    name: str
    sense: str | None
    objective_name: str
    constant: float
    column_names: Sequence[str]
    column_lower: Floats
    column_upper: Floats
    objective: Floats
    integer: NDArray[np.bool_]
    row_names: Sequence[str]
    row_lower: Floats
    row_upper: Floats
    entry_rows: NDArray[np.int64]
    entry_columns: NDArray[np.int64]
    entry_values: Floats


class ModelTextError(ValueError):
    """Raised when an MPS or LP text cannot be read; `line` counts from 1 and `code` is stable."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.code = code


def lines_of(text: str) -> list[str]:
    """
    Return the lines of a model text, which may end in any of the three ways; a byte order mark is passed over.

    Raises
    ------
    ModelTextError
        When a line holds a control character, which no name or number may have.
    """
    lines = LINE_END.split(text.removeprefix("\ufeff"))
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    if CONTROL.search(text) is not None:
        at = next(at for at, line in enumerate(lines, start=1) if CONTROL.search(line) is not None)
        raise ModelTextError(at, "CONTROL_CHARACTER", "names and numbers have no control characters; remove it")
    return lines


def number(token: str, line: int) -> float:
    """
    Read a number of a model text; sizes of 1e20 and more become infinite.

    Raises
    ------
    ModelTextError
        When the token is no number, or one beyond 1e15 that is not infinite.
    """
    try:
        value = float(token)
    except ValueError:
        raise ModelTextError(line, "NOT_A_NUMBER", "a number is expected here") from None
    if "_" in token or not token.isascii():  # Python reads 1_000 and the digits of all scripts, other programs do not
        raise ModelTextError(line, "NOT_A_NUMBER", "a number is written with the digits 0 to 9, a point and an exponent")
    if value != value:
        raise ModelTextError(line, "NOT_A_NUMBER", "NaN is not a number that can be optimised")
    if -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return value
    if abs(value) >= INFINITE:
        return float("inf") if value > 0 else float("-inf")
    raise ModelTextError(line, "NUMBER_TOO_LARGE", "numbers beyond 1e15 cannot be solved reliably; change the unit")


def finite(token: str, line: int) -> float:
    """Read a coefficient, which must be finite."""
    value = number(token, line)
    if value in (float("inf"), float("-inf")):
        raise ModelTextError(line, "NUMBER_TOO_LARGE", "a coefficient must be finite and at most 1e15 in size")
    return value
