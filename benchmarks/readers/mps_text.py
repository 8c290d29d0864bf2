"""
Netlib linear programs: `.mps.bz2` to the request for `/v1/linear`, and to plain arrays for the referee.

The request carries the file's own text, so that the service's reader is measured too. The arrays are read here a second time,
independently: sections ROWS, COLUMNS, RHS, RANGES, BOUNDS, names with blanks only in fixed form.
"""

import bz2
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Program:
    """A linear program to be minimised, as dictionaries by name."""

    objective_row: str = ""
    offset: float = 0.0
    senses: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, float]] = field(default_factory=dict)
    right: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    bounds: dict[str, list[float]] = field(default_factory=dict)

    def row_bounds(self, row: str) -> tuple[float, float]:
        """Return the lower and upper bound of a row, ranges included."""
        sense, right = self.senses[row], self.right.get(row, 0.0)
        lower, upper = {"E": (right, right), "L": (-math.inf, right), "G": (right, math.inf)}[sense]
        if row in self.ranges:
            width = self.ranges[row]
            if sense == "E":
                return (right, right + width) if width > 0 else (right + width, right)
            return (right - abs(width), upper) if sense == "L" else (lower, right + abs(width))
        return lower, upper


def read_request(path: Path) -> dict[str, Any]:
    """Return the request of a compressed MPS file."""
    return {"mps": read_text(path)}


def read_text(path: Path) -> str:
    """Return the text of a compressed MPS file."""
    return bz2.decompress(path.read_bytes()).decode("latin-1")


def parse(text: str) -> Program:
    """Return the arrays of an MPS text: free form, or fixed columns when names hold blanks (as forplan's do)."""
    try:
        return _parse(text, str.split)
    except (ValueError, KeyError):
        return _parse(text, _fixed_words)


def _parse(text: str, split: Callable[[str], list[str]]) -> Program:
    program, section = Program(), ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("*"):
            continue
        if not line[0].isspace():
            section = line.split()[0]
        elif section in _READERS:
            _READERS[section](program, split(line))
    return program


def _fixed_words(line: str) -> list[str]:
    """Return the fields of a line by the columns of the fixed form, empty ones left out."""
    edges = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
    return [word for first, last in edges if (word := line[first:last].strip())]


def _row(program: Program, words: list[str]) -> None:
    sense, name = words
    if sense != "N":
        program.senses[name] = sense
    elif not program.objective_row:
        program.objective_row = name


def _column(program: Program, words: list[str]) -> None:
    entries = program.columns.setdefault(words[0], {})
    for row, value in _pairs(words[1:]):
        entries[row] = entries.get(row, 0.0) + value
    program.bounds.setdefault(words[0], [0.0, math.inf])


def _right(program: Program, words: list[str]) -> None:
    for row, value in _pairs(words[len(words) % 2 :]):
        if row == program.objective_row:
            program.offset = -value
        else:
            program.right[row] = value


def _range(program: Program, words: list[str]) -> None:
    program.ranges.update(_pairs(words[len(words) % 2 :]))


def _bound(program: Program, words: list[str]) -> None:
    kind = words[0]
    free = kind in ("FR", "MI", "PL")
    name = words[-1] if free else words[-2]
    if free and name not in program.bounds:
        name = words[-2]  # some writers add a number that means nothing
    bounds, value = program.bounds[name], 0.0 if free else float(words[-1])
    if kind in ("LO", "FX"):
        bounds[0] = value
    if kind in ("UP", "FX"):
        bounds[1] = value
        if kind == "UP" and value < 0 and bounds[0] == 0.0:
            bounds[0] = -math.inf
    if kind in ("FR", "MI"):
        bounds[0] = -math.inf


def _pairs(words: list[str]) -> list[tuple[str, float]]:
    return [(name, float(value)) for name, value in zip(words[::2], words[1::2], strict=True)]


_READERS = {"ROWS": _row, "COLUMNS": _column, "RHS": _right, "RANGES": _range, "BOUNDS": _bound}
