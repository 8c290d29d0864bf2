"""Distances on the globe, taken as a sphere."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG, R1)."""


def haversine(*, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the great-circle distance between all pairs of points.

    Parameters
    ----------
    lat, lon
        Degrees north and east, shape (n,).

    Returns
    -------
    NDArray
        Shape (n, n), symmetric, zero diagonal, in metres.

    References
    ----------
    Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68(2), 159.
    """
    north, east = np.radians(lat), np.radians(lon)
    cosines = np.cos(north)
    half = np.sin(np.subtract.outer(north, north) / 2)
    np.multiply(half, half, out=half)
    across = np.sin(np.subtract.outer(east, east) / 2)
    np.multiply(across, across, out=across)
    across *= np.multiply.outer(cosines, cosines)
    half += across
    np.clip(half, 0, 1, out=half)
    np.sqrt(half, out=half)
    np.arcsin(half, out=half)
    half *= 2 * EARTH_RADIUS
    return half
