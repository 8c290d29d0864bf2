"""What is written is read back as the same model."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from solvers.linear.arrays import LinearArrays
from solvers.linear.model import LinearModel
from solvers.linear.read_lp import read_lp
from solvers.linear.read_mps import read_mps
from solvers.linear.write_lp import write_lp
from solvers.linear.write_mps import write_mps
from tests.solvers.linear.cases import model

EVERYTHING = {
    "sense": "max",
    "constant": -2.5,
    "variables": [
        {"name": "a", "objective": 0.1},
        {"name": "b", "lower": None, "objective": 1 / 3},
        {"name": "c", "lower": None, "upper": -4, "objective": 0},
        {"name": "d", "lower": -7, "upper": 7, "integer": True},
        {"name": "k", "upper": 1, "integer": True},
        {"name": "f", "integer": True},
        {"name": "g", "lower": 2, "upper": 2},
        {"name": "h", "lower": -9, "upper": -3},
    ],
    "constraints": [
        {"name": "most", "terms": {"a": 1e-7, "b": -3}, "upper": 24},
        {"name": "least", "terms": {"c": 2, "d": 1}, "lower": -5},
        {"name": "range", "terms": {"k": 1, "f": 1}, "lower": 1, "upper": 3.25},
        {"name": "even", "terms": {"g": 1, "h": 1, "a": 123456789.123}, "lower": -6, "upper": -6},
    ],
}
FORMATS = [(write_mps, read_mps), (write_lp, read_lp)]


def matrix(rows: int, columns: int, entries: tuple[np.ndarray, np.ndarray, np.ndarray]) -> list[list[float]]:
    dense = np.zeros((rows, columns))
    np.add.at(dense, (entries[0], entries[1]), entries[2])
    return dense.tolist()


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_a_model_survives_the_round_trip(write: Callable[[LinearModel], str], read: Callable[[str], LinearArrays]) -> None:
    """Sense, constant, names, bounds, sides, integrality and every coefficient come back exactly."""
    made = model(EVERYTHING)
    back = read(write(made))
    assert (back.sense, back.constant) == (made.sense, made.offset)
    assert (list(back.column_names), list(back.row_names)) == (list(made.column_names), list(made.row_names))
    for name in ("column_lower", "column_upper", "objective", "integer", "row_lower", "row_upper"):
        assert getattr(back, name).tolist() == getattr(made, name).tolist(), name
    entries = (back.entry_rows, back.entry_columns, back.entry_values)
    assert matrix(4, 8, entries) == made.matrix().toarray().tolist()


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_names_that_a_format_cannot_hold_are_numbered(
    write: Callable[[LinearModel], str], read: Callable[[str], LinearArrays]
) -> None:
    """Blanks in names do not break the text."""
    made = replace(model(EVERYTHING), column_names=[f"my name {index}" for index in range(8)])
    assert list(read(write(made)).column_names) == [f"x{index}" for index in range(8)]


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_a_model_without_rows_can_be_written(write: Callable[[LinearModel], str], read: Callable[[str], LinearArrays]) -> None:
    """Bounds alone are a model."""
    made = model({"variables": [{"name": "x", "upper": 3}, {"name": "y", "objective": -1}]})
    back = read(write(made))
    assert (len(back.row_names), back.column_upper.tolist(), back.objective.tolist()) == (0, [3, np.inf], [0, -1])


@pytest.mark.parametrize("name", ["a\u2028b", "a\x85b", "\u2029ROWS"])
def test_a_line_separator_in_the_name_of_a_model_ends_no_line(name: str) -> None:
    """The name stays on its own line, so the text is read back with the same rows and columns."""
    made = replace(model(EVERYTHING), name=name)
    back = read_mps(write_mps(made))
    assert (list(back.column_names), list(back.row_names)) == (list(made.column_names), list(made.row_names))
