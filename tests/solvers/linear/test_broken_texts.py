"""MPS and LP texts that are broken in the ways that texts break: each is refused with its line, or read as it is meant."""

from typing import Any

import numpy as np
import pytest

from models.linear import LinearProblem
from solvers.linear.request import arrays_of
from solvers.linear.semantics import issues, warnings
from tests.solvers.linear.cases import problem

MPS = """NAME          T
ROWS
 N  COST
 L  LIM
 E  EQ
COLUMNS
    X         COST         1.0   LIM          1.0
    X         EQ           1.0
    Y         COST         2.0   LIM          1.0
RHS
    RHS       LIM          4.0   EQ           1.0
RANGES
    RNG       EQ          -2.0
BOUNDS
 UP BND       X            4.0
ENDATA
"""
LP = """Maximize
 obj: x + 2 y
Subject To
 c1: x + y <= 4
 c2: x - y >= -2
Bounds
 x <= 3
General
 y
End
"""

BROKEN_MPS: list[tuple[str, str, str, int | None]] = [
    ("ROWS\n N  COST\n L  LIM\n E  EQ\n", "", "UNKNOWN_ROW", 3),
    ("ENDATA\n", "", "UNEXPECTED_END", 15),
    ("LIM          4.0", "LIMX         4.0", "UNKNOWN_ROW", 11),
    ("RNG       EQ ", "RNG       ZZ ", "UNKNOWN_ROW", 13),
    ("BND       X ", "BND       Z ", "UNKNOWN_COLUMN", 15),
    (" UP BND", " XX BND", "UNKNOWN_BOUND_TYPE", 15),
    ("4.0   EQ", "abc   EQ", "NOT_A_NUMBER", 11),
    ("4.0   EQ", "nan   EQ", "NOT_A_NUMBER", 11),
    ("4.0   EQ", "4,0   EQ", "NOT_A_NUMBER", 11),
    ("4.0   EQ", "4_0   EQ", "NOT_A_NUMBER", 11),
    ("4.0   EQ", "\u0664   EQ", "NOT_A_NUMBER", 11),
    ("4.0   EQ", "1e18  EQ", "NUMBER_TOO_LARGE", 11),
    ("COST         1.0", "COST         1e400", "NUMBER_TOO_LARGE", 7),
    (" E  EQ\n", " E  LIM\n", "DUPLICATE_NAME", 5),
    ("EQ           1.0\nRANGES", "LIM          1.0\nRANGES", "DUPLICATE_ENTRY", 11),
    ("RHS\n    RHS", "    X         EQ           1.0\nRHS\n    RHS", "DUPLICATE_NAME", 10),
    ("COLUMNS\n", "COLUMNS\n    M  'MARKER'  'INTSTART'\n", "UNKNOWN_MARKER", 7),
    ("COLUMNS\n", "COLUMNS\n    M  'MARKER'  'INTORG'\n", "UNCLOSED_MARKER", 7),
    ("LIM          1.0\n    X         EQ", "LIM\n    X         EQ", "WRONG_FIELD_COUNT", 7),
    ("NAME          T\n", "    X  Y 1\n", "UNEXPECTED_LINE", 1),
    ("NAME          T\n", "OBJSENSE\n    BIG\n", "UNKNOWN_SENSE", 2),
    ("NAME          T\n", "OBJNAME\n    PROFIT\n", "UNKNOWN_ROW", 2),
    ("ENDATA", "SOS\n S1 SOS SOS1\nENDATA", "UNSUPPORTED_SECTION", 16),
    ("ENDATA", "QUADOBJ\n    X X 1\nENDATA", "UNSUPPORTED_SECTION", 16),
    ("X            4.0", "X            -1e30", "INFINITE_SIDE", None),
    ("    Y  ", "    Y\x01 ", "CONTROL_CHARACTER", 9),
    ("    X  ", "    " + "X" * 201, "NAME_TOO_LONG", 201),
]
BROKEN_LP: list[tuple[str, str, str, int | None]] = [
    ("Maximize\n obj: x + 2 y\n", "", "MISSING_OBJECTIVE", 1),
    ("Subject To\n", "", "UNEXPECTED_CHARACTER", 3),
    ("<= 4", "", "MISSING_RELATION", 4),
    ("x + y <= 4", "x y <= 4", "MISSING_SIGN", 4),
    ("<= 4", "<= 1e18", "NUMBER_TOO_LARGE", 4),
    ("<= 4", "<= nan", "NOT_A_NUMBER", 4),
    ("<= 4", "<= y", "NOT_A_NUMBER", 4),
    ("<= 4", "<= 4 + 1", "MISSING_RELATION", 4),
    ("x + y <= 4", "1 <= x <= 2 <= 4", "MISSING_EXPRESSION", 4),
    ("x + 2 y", "x + [ y ^2 ]", "UNEXPECTED_CHARACTER", 2),
    ("x + 2 y", "x + 1e y", "MISSING_SIGN", 2),
    ("2 y", "2/3 y", "MISSING_SIGN", 2),
    ("c2", "c1", "DUPLICATE_NAME", 5),
    ("Subject To", "Minimize\n x\nSubject To", "TWO_OBJECTIVES", 4),
    (" x <= 3", " x", "MISSING_RELATION", 7),
    (" x <= 3", " 3", "MISSING_RELATION", 7),
    (" x <= 3", " 5 <= x <= 3", "CROSSING_SIDES", None),
    (" x <= 3", " x <= -3", "CROSSING_SIDES", None),
    ("General\n y", "General\n 3", "MISSING_NAME", 9),
    ("End", "SOS1\n s: x:1\nEnd", "UNSUPPORTED_SECTION", 10),
    ("End", "Semi-Continuous\n x\nEnd", "UNSUPPORTED_SECTION", 10),
    ("Bounds", "Lazy Constraints\n c5: x<=1\nBounds", "MISSING_SIGN", 6),
    ("c1: x", "c1\x0b: x", "CONTROL_CHARACTER", 4),
]


def read(**form: Any) -> LinearProblem:
    return problem(form)


@pytest.mark.parametrize(("form", "text", "old", "new", "code", "line"), [
    *(("mps", MPS, *case) for case in BROKEN_MPS),
    *(("lp", LP, *case) for case in BROKEN_LP),
])  # fmt: skip
def test_a_broken_text_is_refused_with_its_line(form: str, text: str, old: str, new: str, code: str, line: int | None) -> None:
    """The issue points to the text, and names what is wrong and the line."""
    assert old in text
    found = issues(read(**{form: text.replace(old, new, 1)}))[0]
    assert (found.pointer, found.code) == (f"/{form}", code)
    assert line is None or found.got == line


@pytest.mark.parametrize("text", ["", "\n", "  \n\n", "*", "\ufeff"])
@pytest.mark.parametrize("form", ["mps", "lp"])
def test_an_empty_text_is_refused(form: str, text: str) -> None:
    """Nothing is no model."""
    assert issues(read(**{form: text}))[0].pointer == f"/{form}"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("    ", "\t"),
        lambda text: text + "what follows the end is not read\n",
    ],
    ids=["byte-order-mark", "windows", "old-mac", "tabs", "trailer"],
)
@pytest.mark.parametrize(("form", "text"), [("mps", MPS), ("lp", LP)])
def test_other_ways_to_write_lines_change_nothing(form: str, text: str, change: Any) -> None:
    """Marks, line ends and tabs of other systems are read as they are meant."""
    wanted, got = arrays_of(read(**{form: text})), arrays_of(read(**{form: change(text)}))
    assert list(got.column_names) == list(wanted.column_names)
    for name in ("column_upper", "objective", "integer", "row_lower", "row_upper", "entry_values"):
        assert np.array_equal(getattr(got, name), getattr(wanted, name))


def test_a_negative_range_on_an_equation_reaches_down() -> None:
    """R < 0 on an E row makes [rhs + R, rhs]."""
    arrays = arrays_of(read(mps=MPS))
    assert (arrays.row_lower[1], arrays.row_upper[1]) == (-1.0, 1.0)


def test_a_misspelt_name_in_the_bounds_is_warned_of() -> None:
    """A variable that stands in no constraint and has no cost is probably a mistake."""
    found = warnings(read(lp=LP.replace("x <= 3", "xx <= 3")))
    assert [warning.code for warning in found] == ["VARIABLE_WITHOUT_USE"]
