"""
Ways on a road network, recomputed by a plain Dijkstra search with a heap, and only as far as the plan needs them.

The measures of arcs are fractions of a power of ten, as documented: sums are exact, and of two ways the one with the lesser
first measure counts, then the one with the lesser second.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.routing import Location, Profile, Road
from models.routing.road_table import RoadTable, road_table

EARTH_RADIUS = 6_371_008.8
MOST_SETTLED = 150_000
"""Nodes that all searches together may settle; a leg beyond that is taken as reported. A few tenths of a second."""

NEARER = 1e-9
"""A node is nearer than another one only by more than this share of the width of the network."""

Arcs = list[list[tuple[int, int, int]]]
"""For each node the other ends of its arcs, with first and second measure."""


class RoadCheck:
    """
    The network of a request.

    Parameters
    ----------
    road
        The network.
    locations
        Places that lie at their nearest node.
    hubs
        Ids of locations from and to which many legs lead: the search starts there.
    nodes
        Node of each location as the answer reports it; it counts where no other node is nearer.
    """

    def __init__(self, road: Road, locations: Sequence[Location], *, hubs: frozenset[str], nodes: Mapping[str, str]) -> None:
        self.road = road
        self.table: RoadTable = road_table(road)
        self.locations = {location.id: location for location in locations}
        self.hubs = hubs
        self.position = {name: i for i, name in enumerate(self.table.ids)}
        self.left = MOST_SETTLED
        self.reported = nodes
        self._nodes: dict[str, int | None] = {}
        self._searches: dict[tuple[float | None, bool, int, bool], _Search] = {}
        self._arcs: dict[tuple[float | None, bool, bool], tuple[Arcs, float, float]] = {}

    def way(self, profile: Profile, *, tail: str, head: str) -> tuple[float, float] | None:
        """Return length and duration of the way between two locations: infinite where there is none, None beyond the effort."""
        start, end = self._node(tail), self._node(head)
        if start is None or end is None:
            return math.inf, math.inf
        backwards = head in self.hubs and tail not in self.hubs
        origin, target = (end, start) if backwards else (start, end)
        fastest = self._fastest(profile)
        key = (profile.speed, fastest, backwards)
        if key not in self._arcs:
            self._arcs[key] = self._measured(profile, fastest=fastest, backwards=backwards)
        arcs, first_unit, second_unit = self._arcs[key]
        search = self._searches.setdefault((profile.speed, fastest, origin, backwards), _Search(arcs, origin))
        before = len(search.settled)
        found = search.reach(target, most=self.left)
        self.left -= len(search.settled) - before
        if found is None:
            return None
        first, second = found[0] / first_unit, found[1] / second_unit
        return (second, first) if fastest else (first, second)

    def _fastest(self, profile: Profile) -> bool:
        if profile.route_by is not None:
            return profile.route_by == "duration"
        return profile.speed is not None or self._has_durations

    @cached_property
    def _has_durations(self) -> bool:
        return all(duration is not None for duration in self.table.duration)

    def _measured(self, profile: Profile, *, fastest: bool, backwards: bool) -> tuple[Arcs, float, float]:
        table = self.table
        pace = profile.speed or 1.0
        durations = [
            length / pace if duration is None else duration
            for length, duration in zip(table.length, table.duration, strict=True)
        ]
        measures = (durations, table.length) if fastest else (table.length, durations)
        first_unit, second_unit = (_unit(measure) for measure in measures)
        arcs: Arcs = [[] for _ in table.ids]
        for tail, head, first, second in zip(table.tail, table.head, *measures, strict=True):
            here, there = self.position[tail], self.position[head]
            if backwards:
                here, there = there, here
            arcs[here].append((there, round(first * first_unit), round(second * second_unit)))
        return arcs, first_unit, second_unit

    def _node(self, name: str) -> int | None:
        """Return the node at which a location lies, None when it is too far from the network."""
        if name not in self._nodes:
            away = self.away(self.locations[name])
            nearest = int(np.argmin(away))
            reported = self.position.get(self.reported.get(name, ""))
            if reported is not None and away[reported] <= away[nearest] + NEARER * max(1.0, self.width):
                nearest = reported
            limit = self.width if self.road.max_snap_distance is None else self.road.max_snap_distance
            self._nodes[name] = nearest if away[nearest] <= limit else None
        return self._nodes[name]

    def away(self, place: Location) -> NDArray[np.float64]:
        """Return how far each node is from a location."""
        here = self._points([[getattr(place, name)] for name in self.table.names])
        return self._apart(self._places, here)

    @cached_property
    def width(self) -> float:
        """Return the diagonal of the box round the nodes."""
        columns = [[value for value in getattr(self.table, name) if value is not None] for name in self.table.names]
        low, high = (self._points([[end(column)] for column in columns]) for end in (min, max))
        return float(self._apart(low, high)[0])

    @cached_property
    def _places(self) -> NDArray[np.float64]:
        return self._points([getattr(self.table, name) for name in self.table.names])

    def _points(self, columns: Sequence[Sequence[float | None]]) -> NDArray[np.float64]:
        """Return points of the plane, or unit vectors, shape (n, 2 or 3)."""
        first, second = (np.array(column, dtype=np.float64) for column in columns)
        if not self.table.on_globe:
            return np.stack([first, second], axis=1)
        north, east = np.radians(first), np.radians(second)
        return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)

    def _apart(self, points: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        straight: NDArray[np.float64] = np.sqrt(((points - other) ** 2).sum(axis=1))
        return 2 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, straight / 2)) if self.table.on_globe else straight


class _Search:
    """A search from one node that goes on from where it stopped."""

    def __init__(self, arcs: Arcs, origin: int) -> None:
        self.arcs = arcs
        self.settled: dict[int, tuple[int, int]] = {}
        self.open: list[tuple[int, int, int]] = [(0, 0, origin)]
        self.best: dict[int, tuple[int, int]] = {origin: (0, 0)}

    def reach(self, target: int, *, most: int) -> tuple[float, float] | None:
        """Return both measures of the way to a node, infinite where there is none; None after settling `most` further nodes."""
        while target not in self.settled:
            if not self.open:
                return math.inf, math.inf
            if most <= 0:
                return None
            first, second, node = heapq.heappop(self.open)
            if node in self.settled:
                continue
            self.settled[node] = (first, second)
            most -= 1
            for other, own, further in self.arcs[node]:
                label = (first + own, second + further)
                known = self.best.get(other)
                if known is None or label < known:
                    self.best[other] = label
                    heapq.heappush(self.open, (*label, other))
        return self.settled[target]


def _unit(measures: Sequence[float]) -> float:
    """Return the largest power of ten, up to a billion, by which all measures can be multiplied and still add up exactly."""
    total = math.fsum(measures)
    return 10.0 ** (9 if total <= 0 else max(0, min(9, math.floor(math.log10(2.0**52 / total)))))
