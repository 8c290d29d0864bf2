"""Orders split into neighbourhoods by recursive bisection, and vehicles shared out among them."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.routing import VehicleType

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it are spread evenly modulo 1, whatever their number."""

Rows = NDArray[np.int64]


def bisected(points: NDArray[np.float64], parts: int) -> Iterator[Rows]:
    """
    Yield the rows of each part: the points are cut across their widest dimension, again and again.

    Parameters
    ----------
    points
        Shape (m, dimensions).
    parts
        Number of parts, at least 1; their sizes differ by a few points at most.

    References
    ----------
    Bentley, J. L. (1975). Multidimensional binary search trees used for associative searching. Communications of the ACM
    18(9), 509-517.
    """
    yield from _cut(points, np.arange(len(points)), parts)


def shared(fleet: Sequence[VehicleType], sizes: Sequence[int]) -> Iterator[dict[int, int]]:
    """Yield for each part its number of vehicles by position of the type, in proportion to its size; every vehicle once."""
    total = max(1, sum(sizes))
    counts = np.array([vehicle_type.count for vehicle_type in fleet], dtype=np.float64)
    # Types with few vehicles must not all fall to the same part.
    offsets = (np.arange(len(fleet)) * GOLDEN) % 1.0
    given, done = np.zeros(len(fleet), dtype=np.int64), 0
    for size in sizes:
        done += size
        reached = counts if done == total else np.floor(counts * (done / total) + offsets)
        own = np.minimum(reached, counts).astype(np.int64) - given
        given += own
        yield {place: count for place, count in enumerate(own.tolist()) if count}


def _cut(points: NDArray[np.float64], rows: Rows, parts: int) -> Iterator[Rows]:
    if parts <= 1 or len(rows) < 2:
        yield rows
        return
    widest = int(np.argmax(np.ptp(points[rows], axis=0)))
    ordered = rows[np.argsort(points[rows, widest], kind="stable")]
    middle = round(len(rows) * (parts // 2) / parts)
    yield from _cut(points, ordered[:middle], parts // 2)
    yield from _cut(points, ordered[middle:], parts - parts // 2)
