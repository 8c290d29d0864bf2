"""
Distance and duration matrices of every travel profile.

distance = round(scale * detour_factor * raw); duration = round(scale * detour_factor * raw / speed), or, where durations are
given, round(scale * durations). Staying at a location costs no distance and no time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Location, Profile, Travel
from models.routing.travel import Rounding
from solvers.travel.great_circle import haversine
from solvers.travel.planar import euclidean


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrices:
    """Distances and durations of one profile, each of shape (n, n), row to column, in the order of the locations."""

    distances: NDArray[np.float64]
    durations: NDArray[np.float64]


def travel_matrices(locations: Sequence[Location], travel: Travel, profiles: Iterable[str]) -> dict[str, TravelMatrices]:
    """
    Return distances and durations between all locations for the profiles named.

    Parameters
    ----------
    locations
        Places; those without coordinates only go with metric matrix.
    travel
        Metric, rounding, scale and profiles.
    profiles
        Names of the profiles that are needed.

    Returns
    -------
    dict
        Profile name to its matrices. When durations equal distances (speed 1) both are the same array.
    """
    raw = _raw(locations, travel)
    return {name: _of_profile(raw, travel, travel.profiles[name]) for name in dict.fromkeys(profiles)}


def rounded(values: NDArray[np.float64], rounding: Rounding) -> NDArray[np.float64]:
    """Return the values rounded: nearest rounds halves up; none returns them unchanged."""
    if rounding == "nearest":
        return np.floor(values + 0.5)
    return np.floor(values) if rounding == "down" else values


def _raw(locations: Sequence[Location], travel: Travel) -> NDArray[np.float64] | None:
    """Return the metric's own distances, or None when each profile brings them."""
    if travel.metric == "euclidean":
        return euclidean(
            x=np.array([location.x for location in locations], dtype=np.float64),
            y=np.array([location.y for location in locations], dtype=np.float64),
        )
    if travel.metric == "haversine":
        return haversine(
            lat=np.array([location.lat for location in locations], dtype=np.float64),
            lon=np.array([location.lon for location in locations], dtype=np.float64),
        )
    return None


def _of_profile(raw: NDArray[np.float64] | None, travel: Travel, profile: Profile) -> TravelMatrices:
    own = np.array(profile.distances, dtype=np.float64) if raw is None else raw
    # The order of the products is part of the contract: rounding down is sensitive to the last bit.
    way = travel.scale * profile.detour_factor * own if travel.scale * profile.detour_factor != 1 else own
    distances = _without_diagonal(rounded(way, travel.rounding))
    if profile.durations is not None:
        given = travel.scale * np.array(profile.durations, dtype=np.float64)
        durations = _without_diagonal(rounded(given, travel.rounding))
    elif profile.speed is None or profile.speed == 1:
        durations = distances
    else:
        durations = _without_diagonal(rounded(way / profile.speed, travel.rounding))
    return TravelMatrices(distances=distances, durations=durations)


def _without_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    if matrix.size and matrix.diagonal().any():
        matrix = matrix.copy()
        np.fill_diagonal(matrix, 0.0)
    return matrix
