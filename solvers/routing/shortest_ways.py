"""Shortest ways over several locations: what no route can undercut, also where lengths break the triangle inequality."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Lengths = NDArray[np.float64]


def shortest_from(arcs: Callable[[int], Lengths], source: int) -> Lengths:
    """
    Return the length of the shortest way from one location to each, over any others.

    Parameters
    ----------
    arcs
        Gives the lengths >= 0 of the arcs from a location to each, shape (n,); for ways to a location, of the arcs into it.
    source
        Where ways start.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.
    """
    lengths: Lengths = arcs(source).copy()
    lengths[source] = 0.0
    open_ends = lengths.copy()
    for _ in range(len(lengths)):
        nearest = int(np.argmin(open_ends))
        if not np.isfinite(open_ends[nearest]):
            break
        open_ends[nearest] = np.inf
        through = lengths[nearest] + arcs(nearest)
        shorter = through < lengths
        lengths[shorter] = through[shorter]
        open_ends[shorter] = through[shorter]
    return lengths
