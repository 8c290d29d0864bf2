"""Matrix entries of a family of constraints, collected as arrays over cells that may have no variable."""

import numpy as np

from solvers.inventory.plan_arrays import Booleans, Floats, Integers

NONE = -1
"""Column index of a variable that does not exist."""


class Entries:
    """Matrix entries collected as arrays; cells without a variable are dropped."""

    def __init__(self) -> None:
        self._rows: list[Integers] = []
        self._columns: list[Integers] = []
        self._coefficients: list[Floats] = []

    def add(self, rows: Integers, columns: Integers, coefficients: Floats | float) -> None:
        """Add entries; the three arguments broadcast to one shape."""
        row, column, coefficient = np.broadcast_arrays(rows, columns, np.asarray(coefficients, dtype=np.float64))
        exists = column != NONE
        self._rows.append(row[exists])
        self._columns.append(column[exists])
        self._coefficients.append(coefficient[exists])

    def joined(self) -> tuple[Integers, Integers, Floats]:
        """Return rows, columns and coefficients as flat arrays; empty ones when nothing was added."""
        none = np.empty(0, dtype=np.int64)
        return (
            np.concatenate([none, *self._rows]),
            np.concatenate([none, *self._columns]),
            np.concatenate([np.empty(0), *self._coefficients]),
        )


def numbered(where: Booleans) -> Integers:
    """Return an index of the true cells in row order; the other cells hold numbers that are not used."""
    return np.cumsum(where.ravel()).reshape(where.shape) - 1
