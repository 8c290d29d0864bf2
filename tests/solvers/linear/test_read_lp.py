"""LP texts with every section, and what is wrong with bad ones."""

import math

import pytest

from solvers.linear.arrays import ModelTextError
from solvers.linear.read_lp import read_lp

TEXT = r"""\ a comment
Maximize
 profit: 5 x + 4 y - 2.5e1 z
   + 7
Subject To
 M1: 6 x + 4 y <= 24
 -1 <= x - y + z <= 5
 x + 2 y
   >= 1
 fix: 3 z = 6
Bounds
 x <= 4
 -2 <= y <= 8
 z free
 w >= -inf
General
 x y
Binary
 b
End
"""


def test_a_whole_text_is_read() -> None:
    """Objective with constant, named and unnamed rows, ranges, bounds and integers."""
    arrays = read_lp(TEXT)
    assert (arrays.sense, arrays.objective_name, arrays.constant) == ("max", "profit", 7)
    assert arrays.column_names == ["x", "y", "z", "w", "b"]
    assert arrays.objective.tolist() == [5, 4, -25, 0, 0]
    assert list(arrays.row_names) == ["M1", "c2", "c3", "fix"]
    assert arrays.row_lower.tolist() == [-math.inf, -1, 1, 6]
    assert arrays.row_upper.tolist() == [24, 5, math.inf, 6]
    assert arrays.column_lower.tolist() == [0, -2, -math.inf, -math.inf, 0]
    assert arrays.column_upper.tolist() == [4, 8, math.inf, math.inf, 1]
    assert arrays.integer.tolist() == [True, True, False, False, True]


@pytest.mark.parametrize("head", ["min", "Minimize", "MINIMISE", "minimum"])
@pytest.mark.parametrize("such_that", ["st", "s.t.", "subject to", "Such That", "ST"])
def test_headers_have_many_spellings(head: str, such_that: str) -> None:
    """Section heads are read without regard to case."""
    arrays = read_lp(f"{head}\n 2x\n{such_that}\n x>=1\nend")
    assert (arrays.sense, arrays.row_lower.tolist(), arrays.objective.tolist()) == ("min", [1], [2])


def test_a_constant_on_the_left_moves_to_the_right() -> None:
    """Reading x + 3 <= 5 gives x <= 2."""
    assert read_lp("min\n x\nst\n x + 3 <= 5\nend").row_upper.tolist() == [2]


def test_repeated_variables_add_up_in_the_objective() -> None:
    """Reading x + x gives 2 x."""
    assert read_lp("min\n x + x\nst\n x >= 1\nend").objective.tolist() == [2]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("x + y <= 4", 1, "MISSING_OBJECTIVE"),
        ("", 1, "MISSING_OBJECTIVE"),
        ("min\n x\nst\n x y >= 2\nend", 4, "MISSING_SIGN"),
        ("min\n x\nst\n x + y\nend", 4, "MISSING_RELATION"),
        ("min\n x\nst\n x + y >= z\nend", 4, "NOT_A_NUMBER"),
        ("min\n x\nst\n a: x >= 1\n a: x >= 2\nend", 5, "DUPLICATE_NAME"),
        ("min\n x ^ 2\nst\n x >= 1\nend", 2, "UNEXPECTED_CHARACTER"),
        ("min\n [ x ^ 2 ]\nst\n x >= 1\nend", 2, "UNEXPECTED_CHARACTER"),
        ("min\n x +\nst\n x >= 1\nend", 2, "MISSING_NAME"),
        ("min\n x\nst\n x >= 1\nbounds\n x\nend", 6, "MISSING_RELATION"),
        ("min\n x\nst\n x >= 1\ngeneral\n 3\nend", 6, "MISSING_NAME"),
        ("min\n x\nst\n x >= 1\nsos\n s1: x:1\nend", 5, "UNSUPPORTED_SECTION"),
        ("min\n 1e17 x\nst\n x >= 1\nend", 2, "NUMBER_TOO_LARGE"),
        ("min\n x\nmax\n x\nend", 4, "TWO_OBJECTIVES"),
    ],
)
def test_errors_name_the_line(text: str, line: int, code: str) -> None:
    """What is wrong is told with its line and a stable code."""
    with pytest.raises(ModelTextError) as caught:
        read_lp(text)
    assert (caught.value.line, caught.value.code) == (line, code)
