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


def great_circle(
    *, north: tuple[NDArray[np.float64], NDArray[np.float64]], east: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """
    Return the great-circle distance between paired points; the same numbers as `haversine`.

    Parameters
    ----------
    north, east
        Radians of the first and the second points, broadcast against each other.

    Returns
    -------
    NDArray
        In metres, in the shape of the broadcast.
    """
    half = np.sin((north[0] - north[1]) / 2) ** 2
    half = half + np.sin((east[0] - east[1]) / 2) ** 2 * (np.cos(north[0]) * np.cos(north[1]))
    result: NDArray[np.float64] = np.arcsin(np.sqrt(np.clip(half, 0, 1))) * (2 * EARTH_RADIUS)
    return result
