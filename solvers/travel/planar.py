"""Distances in the plane."""

import numpy as np
from numpy.typing import NDArray


def euclidean(*, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the straight-line distance between all pairs of points.

    Parameters
    ----------
    x, y
        Coordinates, shape (n,).

    Returns
    -------
    NDArray
        Shape (n, n), symmetric, zero diagonal, in the unit of the coordinates.
    """
    across = np.subtract.outer(x, x)
    up = np.subtract.outer(y, y)
    # The square root of a sum of squares is exact for Pythagorean triples and is what the benchmark instances prescribe.
    np.multiply(across, across, out=across)
    np.multiply(up, up, out=up)
    across += up
    return np.sqrt(across, out=across)
