"""
Distance and duration matrices of every travel profile.

distance = round(scale * detour_factor * raw); duration = round(scale * detour_factor * raw / (speed * speed_factor)), or, where
durations are given or come from the arcs of a road network, round(scale * durations / speed_factor). Staying at a location
costs no distance and no time.

Where there is no way, the distance is so long that one such arc exceeds `longest_route`, which no sensible route does: a search
that keeps to that limit never takes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Location, Profile, Travel
from models.routing.travel import Rounding
from solvers.travel.great_circle import haversine
from solvers.travel.planar import euclidean
from solvers.travel.road_network import Ways
from solvers.travel.snapping import Snapping

Floats = NDArray[np.float64]

MOST_LONGEST_WAYS = 100.0
"""Where some ways do not exist, no route may be longer than this many of the longest way that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrices:
    """Distances and durations of one profile, each of shape (n, n), row to column, in the order of the locations."""

    distances: NDArray[np.float64]
    durations: NDArray[np.float64]
    closed: NDArray[np.bool_] | None = None
    """Where there is no way; None: there is one everywhere."""
    longest_route: float | None = None
    """Where ways are missing: a route that is longer drives one of them. None otherwise."""

    @property
    def driven(self) -> NDArray[np.float64]:
        """Return the distances with 0 where there is no way."""
        return self.distances if self.closed is None else np.where(self.closed, 0.0, self.distances)


def travel_matrices(
    locations: Sequence[Location], travel: Travel, profiles: Iterable[str], *, snapping: Snapping | None = None
) -> dict[str, TravelMatrices]:
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
    snapping
        Where the locations lie on the road network; only for metric road.

    Returns
    -------
    dict
        Profile name to its matrices. When durations equal distances (speed 1) both are the same array.
    """
    raw = _raw(locations, travel)
    found = {}
    for name in dict.fromkeys(profiles):
        profile = travel.profiles[name]
        on_road = None if snapping is None else snapping.ways(profile)
        found[name] = _with_closed_ways(*_of_profile(raw if on_road is None else on_road.lengths, travel, profile, on_road))
    return found


def pace_of(profile: Profile) -> float:
    """Return the distance per second of a profile whose travel times come from distances."""
    return (1.0 if profile.speed is None else profile.speed) * profile.speed_factor


def rounded(values: NDArray[np.float64], rounding: Rounding) -> NDArray[np.float64]:
    """Return the values rounded: nearest rounds halves up; none returns them unchanged."""
    if rounding == "nearest":
        return np.floor(values + 0.5)
    return np.floor(values) if rounding == "down" else values


def _raw(locations: Sequence[Location], travel: Travel) -> Floats | None:
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


def _of_profile(raw: Floats | None, travel: Travel, profile: Profile, on_road: Ways | None) -> tuple[Floats, Floats]:
    """Return distances and durations, not finite where there is no way."""
    own = np.array(profile.distances, dtype=np.float64) if raw is None else raw
    # The order of the products is part of the contract: rounding down is sensitive to the last bit.
    way = travel.scale * profile.detour_factor * own if travel.scale * profile.detour_factor != 1 else own
    distances = _without_diagonal(rounded(way, travel.rounding))
    given = on_road.durations if on_road is not None else profile.durations
    if given is not None:
        lasting = travel.scale * np.array(given, dtype=np.float64)
        if profile.speed_factor != 1:
            lasting /= profile.speed_factor
        durations = _without_diagonal(rounded(lasting, travel.rounding))
    elif pace_of(profile) == 1:
        durations = distances
    else:
        durations = _without_diagonal(rounded(way / pace_of(profile), travel.rounding))
    return distances, durations


def _with_closed_ways(distances: Floats, durations: Floats) -> TravelMatrices:
    """Return the matrices with finite numbers where there is no way."""
    open_ways = np.isfinite(distances)
    if durations is not distances:
        open_ways &= np.isfinite(durations)
    if open_ways.all():
        return TravelMatrices(distances=distances, durations=durations)
    longest = max(1.0, float(distances[open_ways].max(initial=0.0)))
    distances = np.where(open_ways, distances, (MOST_LONGEST_WAYS + 1) * longest)
    durations = np.where(open_ways, durations, float(durations[open_ways].max(initial=0.0)))
    return TravelMatrices(
        distances=distances, durations=durations, closed=~open_ways, longest_route=MOST_LONGEST_WAYS * longest
    )


def _without_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    # A null on the diagonal is not a number, which counts as true.
    if matrix.size and matrix.diagonal().any():
        matrix = matrix.copy()
        np.fill_diagonal(matrix, 0.0)
    return matrix
