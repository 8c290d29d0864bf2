"""Lengths of single ways, computed from coordinates when asked for; matrices only where they are given or wanted."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.routing import Location, Travel
from solvers.travel.great_circle import great_circle
from solvers.travel.matrices import TravelMatrices, pace_of, rounded, travel_matrices
from solvers.travel.snapping import Snapping, snapped

FEW_LOCATIONS = 400
"""Up to this many locations the matrices are computed at once: looking up is faster."""

Integers = NDArray[np.int64]
Lengths = NDArray[np.float64]


class TravelLengths:
    """
    Distances and durations between locations, for the profiles of one fleet.

    Parameters
    ----------
    locations
        Places; those without coordinates only go with metric matrix.
    travel
        Metric, rounding, scale and profiles.
    profiles
        Names of the profiles that are needed.
    """

    def __init__(self, locations: Sequence[Location], travel: Travel, profiles: Iterable[str]) -> None:
        self.locations = locations
        self.travel = travel
        self.profiles = list(dict.fromkeys(profiles))
        given = any(travel.profiles[name].durations is not None for name in self.profiles)
        self.from_coordinates = travel.metric in ("euclidean", "haversine") and not given

    @cached_property
    def matrices(self) -> dict[str, TravelMatrices]:
        """Distances and durations between all locations, by profile; O(n^2) memory."""
        return travel_matrices(self.locations, self.travel, self.profiles, snapping=self.snapping)

    @cached_property
    def snapping(self) -> Snapping | None:
        """Where the locations lie on the road network; None for every other metric."""
        road = self.travel.road
        return snapped(self.locations, road) if self.travel.metric == "road" and road is not None else None

    def longest_route(self, profile: str) -> float | None:
        """Return a limit that every route exceeds which drives where there is no way; None where there is one everywhere."""
        return None if self.from_coordinates else self.matrices[profile].longest_route

    def closed(self, profile: str) -> NDArray[np.bool_] | None:
        """Tell from where to where there is no way, shape (n, n); None where there is one everywhere."""
        return None if self.from_coordinates else self.matrices[profile].closed

    def part(self, rows: Sequence[int]) -> "TravelLengths":
        """Return the lengths between some of the locations, in the order of `rows`."""
        own = TravelLengths([self.locations[row] for row in rows], self.travel, self.profiles)
        if not self.from_coordinates:
            grid = np.ix_(rows, rows)
            own.__dict__["matrices"] = {name: _block(whole, grid) for name, whole in self.matrices.items()}
            own.__dict__["snapping"] = None if self.snapping is None else self.snapping.part(rows)
        return own

    def distances(self, profile: str, tails: Integers, heads: Integers) -> Lengths:
        """Return distances from tails to heads; the positions are broadcast against each other."""
        if self._looks_up:
            return self.matrices[profile].distances[tails, heads]
        return rounded(self._ways(profile, tails, heads), self.travel.rounding)

    def durations(self, profile: str, tails: Integers, heads: Integers) -> Lengths:
        """Return travel times from tails to heads; the positions are broadcast against each other."""
        if self._looks_up:
            return self.matrices[profile].durations[tails, heads]
        ways = self._ways(profile, tails, heads)
        pace = pace_of(self.travel.profiles[profile])
        return rounded(ways if pace == 1 else ways / pace, self.travel.rounding)

    def points(self) -> Lengths:
        """Return a point for each location such that near locations have near points, shape (n, 2 or 3)."""
        if self.travel.metric == "euclidean":
            return np.stack(self._coordinates, axis=1)
        if self.travel.metric == "haversine":
            north, east = self._coordinates
            return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
        # Lengths of the ways to three landmarks, each far from those before.
        distances = self.matrices[self.profiles[0]].distances
        columns = [distances[:, 0]]
        for _ in range(2):
            columns.append(distances[:, int(np.argmax(np.min(columns, axis=0)))])
        return np.stack(columns, axis=1)

    @property
    def _looks_up(self) -> bool:
        few = len(self.locations) <= FEW_LOCATIONS
        return few or not self.from_coordinates or "matrices" in self.__dict__

    @cached_property
    def _coordinates(self) -> tuple[Lengths, Lengths]:
        """X and y, or north and east in radians."""
        names = ("x", "y") if self.travel.metric == "euclidean" else ("lat", "lon")
        first, second = (np.array([getattr(place, name) for place in self.locations], dtype=np.float64) for name in names)
        return (first, second) if self.travel.metric == "euclidean" else (np.radians(first), np.radians(second))

    def _ways(self, profile: str, tails: Integers, heads: Integers) -> Lengths:
        """Return the distances before rounding, with the same operations in the same order as the matrices."""
        first, second = self._coordinates
        if self.travel.metric == "euclidean":
            across, up = first[tails] - first[heads], second[tails] - second[heads]
            raw = np.sqrt(across * across + up * up)
        else:
            raw = great_circle(north=(first[tails], first[heads]), east=(second[tails], second[heads]))
        factor = self.travel.scale * self.travel.profiles[profile].detour_factor
        return raw if factor == 1 else factor * raw


def _block(whole: TravelMatrices, grid: tuple[Integers, ...]) -> TravelMatrices:
    distances = whole.distances[grid]
    durations = distances if whole.durations is whole.distances else whole.durations[grid]
    return TravelMatrices(
        distances=distances,
        durations=durations,
        closed=None if whole.closed is None else whole.closed[grid],
        longest_route=whole.longest_route,
    )
