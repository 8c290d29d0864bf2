"""MPS texts in both forms, with every section, and what is wrong with bad ones."""

import math

import pytest

from solvers.linear.arrays import LinearArrays, ModelTextError
from solvers.linear.read_mps import read_mps

HEAD = "NAME t\nROWS\n N cost\n L lim\n G least\n E even\nCOLUMNS\n x cost 1 lim 1\n x least 1\n y cost 2 even 1\n"


def read(tail: str) -> LinearArrays:
    return read_mps(HEAD + tail + "\nENDATA\n")


def sides(arrays: LinearArrays) -> list[tuple[float, float]]:
    return list(zip(arrays.row_lower.tolist(), arrays.row_upper.tolist(), strict=True))


def test_right_hand_sides_go_to_the_side_of_the_row_type() -> None:
    """L has an upper side, G a lower one, E both; without a right-hand side it is 0."""
    assert sides(read("RHS\n RHS lim 4 least 1")) == [(-math.inf, 4), (1, math.inf), (0, 0)]


def test_ranges_open_the_other_side() -> None:
    """A range R makes [rhs - |R|, rhs] of L, [rhs, rhs + |R|] of G and by its sign of E."""
    assert sides(read("RHS\n RHS lim 4 least 1\n RHS even 7\nRANGES\n R lim 2.5 least -3\n R even -2")) == [
        (1.5, 4),
        (1, 4),
        (5, 7),
    ]
    assert sides(read("RANGES\n R even 2"))[2] == (0, 2)


def test_a_right_hand_side_on_the_objective_is_subtracted() -> None:
    """Objective = c'x - rhs."""
    assert read("RHS\n RHS cost 10").constant == -10


@pytest.mark.parametrize(
    ("line", "lower", "upper", "integer"),
    [
        ("UP B x 4", 0, 4, False),
        ("UP B x -4", -math.inf, -4, False),
        ("LO B x 4", 4, math.inf, False),
        ("FX B x 4", 4, 4, False),
        ("FR B x", -math.inf, math.inf, False),
        ("MI B x", -math.inf, math.inf, False),
        ("PL B x", 0, math.inf, False),
        ("BV B x", 0, 1, True),
        ("LI B x 2", 2, math.inf, True),
        ("UI B x 9", 0, 9, True),
        ("UP x 4", 0, 4, False),
        ("FR x", -math.inf, math.inf, False),
        ("UP B x 1e30", 0, math.inf, False),
    ],
)
def test_every_bound_type(line: str, lower: float, upper: float, integer: bool) -> None:
    """Each bound type sets what the format says, with or without the name of a set."""
    arrays = read(f"BOUNDS\n {line}")
    assert (arrays.column_lower[0], arrays.column_upper[0], arrays.integer[0]) == (lower, upper, integer)


def test_integer_columns_between_markers_are_binary_without_bounds() -> None:
    """A marker makes columns integer; one that no bound names is 0 or 1."""
    arrays = read_mps(
        "NAME\nROWS\n N c\n L r\nCOLUMNS\n M 'MARKER' 'INTORG'\n x r 1\n z r 1\n M 'MARKER' 'INTEND'\n y r 1\n"
        "RHS\nBOUNDS\n UP B z 7\nENDATA\n"
    )
    assert arrays.integer.tolist() == [True, True, False]
    assert arrays.column_upper.tolist() == [1, 7, math.inf]


@pytest.mark.parametrize("text", ["OBJSENSE\n    MAX\n", "OBJSENSE MAXIMIZE\n"])
def test_the_sense_may_stand_on_either_line(text: str) -> None:
    """OBJSENSE is read from its own line or the next."""
    assert read_mps(text + HEAD + "ENDATA").sense == "max"


def test_without_a_sense_there_is_none() -> None:
    """The request decides then."""
    assert read("").sense is None


def test_further_free_rows_are_dropped() -> None:
    """Only the first row of type N is the objective."""
    arrays = read_mps("ROWS\n N cost\n N other\n L r\nCOLUMNS\n x cost 1 other 5\n x r 2\nRHS\n R other 3\nENDATA\n")
    assert (arrays.objective.tolist(), arrays.entry_values.tolist(), arrays.constant) == ([1], [2], 0)


def test_names_with_blanks_are_read_by_position() -> None:
    """The fixed form allows blanks within names."""
    text = (
        "NAME          BLANKS\nROWS\n N  COST\n L  DEDO3 11\nCOLUMNS\n"
        "    X ONE     COST                1.   DEDO3 11            2.\n"
        "RHS\n    RHS       DEDO3 11            8.\nENDATA\n"
    )
    arrays = read_mps(text)
    assert (arrays.row_names, arrays.column_names, arrays.row_upper.tolist()) == (["DEDO3 11"], ["X ONE"], [8.0])


def test_comments_and_empty_lines_are_passed_over() -> None:
    """A star in the first column starts a comment."""
    assert read_mps("* hello\n\n" + HEAD + "* bye\nENDATA\n").column_names == ["x", "y"]


@pytest.mark.parametrize(
    ("tail", "line", "code"),
    [
        ("RHS\n RHS nowhere 4\nENDATA", 12, "UNKNOWN_ROW"),
        ("RHS\n RHS lim four\nENDATA", 12, "NOT_A_NUMBER"),
        ("RHS\n RHS lim nan\nENDATA", 12, "NOT_A_NUMBER"),
        ("RHS\n RHS lim 1e18\nENDATA", 12, "NUMBER_TOO_LARGE"),
        ("BOUNDS\n XX B x 4\nENDATA", 12, "UNKNOWN_BOUND_TYPE"),
        ("BOUNDS\n UP B q 4\nENDATA", 12, "UNKNOWN_COLUMN"),
        (" x lim 1\nENDATA", 11, "DUPLICATE_NAME"),
        (" z lim\nENDATA", 11, "WRONG_FIELD_COUNT"),
        ("QUADOBJ\n x x 1\nENDATA", 11, "UNSUPPORTED_SECTION"),
        ("COLUMS\nENDATA", 11, "UNKNOWN_SECTION"),
        ("RHS\n", 11, "UNEXPECTED_END"),
    ],
)
def test_errors_name_the_line(tail: str, line: int, code: str) -> None:
    """What is wrong is told with its line and a stable code."""
    with pytest.raises(ModelTextError) as caught:
        read_mps(HEAD + tail)
    assert (caught.value.line, caught.value.code) == (line, code)
