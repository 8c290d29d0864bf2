"""Shortest ways over several locations: what no route can undercut, also where a matrix breaks the triangle inequality."""

import numpy as np
from numpy.typing import NDArray


def shortest_from(matrix: NDArray[np.float64], source: int) -> NDArray[np.float64]:
    """
    Return the length of the shortest way from one location to each, over any others.

    Parameters
    ----------
    matrix
        Lengths of the arcs, shape (n, n), >= 0.
    source
        Where ways start.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.
    """
    lengths: NDArray[np.float64] = matrix[source].copy()
    lengths[source] = 0.0
    open_ends = lengths.copy()
    for _ in range(len(lengths)):
        nearest = int(np.argmin(open_ends))
        if not np.isfinite(open_ends[nearest]):
            break
        open_ends[nearest] = np.inf
        through = lengths[nearest] + matrix[nearest]
        shorter = through < lengths
        lengths[shorter] = through[shorter]
        open_ends[shorter] = through[shorter]
    return lengths


def shortest_to(matrix: NDArray[np.float64], target: int) -> NDArray[np.float64]:
    """Return the length of the shortest way from each location to one."""
    return shortest_from(matrix.T, target)
