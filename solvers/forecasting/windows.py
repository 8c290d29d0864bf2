"""
Many training windows side by side, so that one pass over time fits them all.

Windows start at row 0 and are sorted by length, longest first: at time t the first `active[t]` columns are still running, and
recursions work on that prefix only. A column that has ended keeps its final state.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Windows:
    """
    Training windows as columns.

    `values` has shape (T, W), rows after a window's end are 0; `lengths` has shape (W,), not increasing; `active` has shape
    (T,); `place[i]` is the column of the i-th window that was given.
    """

    values: FloatArray
    lengths: IntArray
    active: list[int]
    place: IntArray

    def mask(self) -> npt.NDArray[np.bool_]:
        """Return shape (T, W): True where a window has an observation."""
        return np.arange(self.values.shape[0])[:, None] < self.lengths

    def last(self, table: FloatArray) -> FloatArray:
        """Return the row of every window's last observation from a table of shape (T, G): shape (W, G)."""
        return np.asarray(table[self.lengths - 1])


def pack(series: Sequence[FloatArray]) -> Windows:
    """Return windows from one array of observations (at least one each) per window."""
    lengths = np.array([len(values) for values in series], dtype=np.int64)
    order = np.argsort(-lengths, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    table = np.zeros((int(lengths.max()), lengths.size))
    for column, index in enumerate(order):
        table[: lengths[index], column] = series[index]
    return Windows(table, lengths[order], active_columns(lengths[order]), place)


def active_columns(lengths: IntArray) -> list[int]:
    """Return, for every time, how many windows (sorted, longest first) have an observation there."""
    steps = np.arange(int(lengths[0]))
    columns: list[int] = np.searchsorted(-lengths, -steps, side="left").tolist()
    return columns
