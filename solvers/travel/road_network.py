"""
Ways between locations on a road network.

Every location lies at its nearest node. The way between two of them is the fastest or the shortest one; the other measure
breaks ties. Arcs are measured in whole units of the smallest power of ten at which all of them still add up exactly, so that
decimal lengths give decimal distances and two ways of equal length are equal.
"""

import math
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee
from scipy.spatial import cKDTree

from models.routing import Location, Profile, Road
from models.routing.road_table import RoadTable, road_table
from solvers.travel.core_network import core_network
from solvers.travel.great_circle import EARTH_RADIUS
from solvers.travel.shortest_path_kernels import UNREACHED, measures_between, search

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Network = tuple[Integers, NDArray[np.int32], Integers, Integers]

EXACT = 2.0**53
MANY = 100
"""From so many places on it pays to take out the nodes that are none of them before the search."""

MOST_DIGITS = 9
"""Finest measure of an arc: a billionth of a unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Length and duration of the way from each location to each, shape (n, n); infinite where there is none."""

    lengths: Floats
    durations: Floats


class RoadNetwork:
    """
    A road network as arrays, with the nodes renumbered so that neighbours are near each other in memory.

    Parameters
    ----------
    road
        A network without semantic issues.
    """

    def __init__(self, road: Road) -> None:
        self.road = road
        self.table: RoadTable = road_table(road)
        self.names = self.table.ids
        count = len(self.names)
        position = {name: i for i, name in enumerate(self.names)}
        tail = np.fromiter((position[name] for name in self.table.tail), dtype=np.int64, count=len(self.table.tail))
        head = np.fromiter((position[name] for name in self.table.head), dtype=np.int64, count=len(self.table.head))
        pattern = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(count, count))
        self.order: Integers = np.asarray(reverse_cuthill_mckee(pattern), dtype=np.int64)
        """Position in the request of each node here."""
        rank = np.empty(count, dtype=np.int64)
        rank[self.order] = np.arange(count)
        self.rank = rank
        by_tail = np.argsort(rank[tail], kind="stable")
        self.arcs: Integers = by_tail
        """Position in the request of each arc here."""
        self.starts: Integers = np.searchsorted(rank[tail][by_tail], np.arange(count + 1)).astype(np.int64)
        self.heads: NDArray[np.int32] = rank[head][by_tail].astype(np.int32)
        self.lengths: Floats = np.array(self.table.length, dtype=np.float64)[by_tail]
        self.durations: Floats = np.array(self.table.duration, dtype=np.float64)[by_tail]
        self._ways: dict[object, Ways] = {}
        self._measured: dict[object, tuple[Network, float, float]] = {}

    def snap(self, locations: Sequence[Location]) -> tuple[Integers, Floats]:
        """Return the nearest node of each location, as a position in the request, and how far it is away, shape (n,) each."""
        nodes = _points([getattr(self.table, name) for name in self.table.names])
        places = _points([[getattr(place, name) for place in locations] for name in self.table.names])
        if not self.table.on_globe:
            away, nearest = cKDTree(nodes).query(places)
            return np.asarray(nearest, dtype=np.int64), np.asarray(away, dtype=np.float64)
        chord, nearest = cKDTree(_on_sphere(nodes)).query(_on_sphere(places))
        return np.asarray(nearest, dtype=np.int64), 2 * EARTH_RADIUS * np.arcsin(np.clip(np.asarray(chord) / 2, 0, 1))

    @property
    def width(self) -> float:
        """Return the diagonal of the box round the nodes, in metres or the unit of the plane."""
        nodes = _points([getattr(self.table, name) for name in self.table.names])
        corners = np.stack([nodes.min(axis=0), nodes.max(axis=0)])
        if not self.table.on_globe:
            return float(np.linalg.norm(corners[1] - corners[0]))
        ends = _on_sphere(corners)
        return float(2 * EARTH_RADIUS * np.arcsin(min(1.0, float(np.linalg.norm(ends[1] - ends[0])) / 2)))

    def measured(self, profile: Profile) -> tuple[Network, float, float]:
        """Return the network with the measure that decides and the one that breaks ties, and the units in one of each."""
        key = (profile.speed, self.fastest(profile))
        if key in self._measured:
            return self._measured[key]
        durations = np.where(np.isnan(self.durations), self.lengths / (profile.speed or 1.0), self.durations)
        measures = (durations, self.lengths) if self.fastest(profile) else (self.lengths, durations)
        units = [unit_of(measure) for measure in measures]
        first, second = (np.rint(measure * unit).astype(np.int64) for measure, unit in zip(measures, units, strict=True))
        self._measured[key] = ((self.starts, self.heads, first, second), units[0], units[1])
        return self._measured[key]

    def fastest(self, profile: Profile) -> bool:
        """Tell whether a profile takes the fastest way, not the shortest."""
        if profile.route_by is not None:
            return profile.route_by == "duration"
        return profile.speed is not None or not np.isnan(self.durations).any()

    def ways(self, nodes: Integers, profile: Profile) -> Ways:
        """
        Return the ways between nodes for a profile; what has been asked once is remembered.

        Parameters
        ----------
        nodes
            Positions in the request, shape (n,); some may be the same.
        profile
            Its `speed` and `route_by` matter; factors do not change which way is taken.
        """
        key = (profile.speed, self.fastest(profile), nodes.tobytes())
        if key not in self._ways:
            network, first_unit, second_unit = self.measured(profile)
            different, place = np.unique(self.rank[nodes], return_inverse=True)
            if len(different) >= MANY:
                network, different = core_network(network, different)
            firsts = np.empty((len(different), len(different)), dtype=np.int64)
            seconds = np.empty_like(firsts)
            measures_between(network, different, different, firsts, seconds)
            none = firsts == UNREACHED
            first, second = np.where(none, np.inf, firsts / first_unit), np.where(none, np.inf, seconds / second_unit)
            grid = np.ix_(place, place)
            durations, lengths = (first[grid], second[grid]) if self.fastest(profile) else (second[grid], first[grid])
            self._ways[key] = Ways(lengths=lengths, durations=durations)
        return self._ways[key]

    def path(self, tail: int, head: int, profile: Profile) -> list[int]:
        """Return the nodes of the way from one node to another, both included; empty where there is none."""
        network, _, _ = self.measured(profile)
        count, room = len(self.names), len(self.heads) + 1
        before, wanted, settled = (
            np.empty(count, dtype=np.int32),
            np.zeros(count, dtype=np.bool_),
            np.empty(count, dtype=np.bool_),
        )
        labels = (np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64), before, settled)
        heap = (np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32))
        origin, place = int(self.rank[tail]), int(self.rank[head])
        wanted[place] = True
        search(network, origin, wanted, 1, labels, heap)
        if labels[0][place] == UNREACHED:
            return []
        path = [place]
        while path[-1] != origin:
            path.append(int(np.searchsorted(self.starts, before[path[-1]], side="right")) - 1)
        nodes: list[int] = self.order[path[::-1]].tolist()
        return nodes


_KNOWN: dict[int, tuple["weakref.ref[Road]", RoadNetwork]] = {}
"""The network of the last request, by identity: search, check and explanation of one run ask for the same."""


def network_of(road: Road) -> RoadNetwork:
    """Return the arrays of a network; those of the last one asked for are remembered."""
    known = _KNOWN.get(id(road))
    if known is None or known[0]() is not road:
        _KNOWN.clear()
        known = _KNOWN[id(road)] = (weakref.ref(road), RoadNetwork(road))
    return known[1]


def unit_of(measures: Floats) -> float:
    """Return the largest power of ten, up to a billion, by which all measures can be multiplied and still add up exactly."""
    total = float(measures.sum())
    return 10.0 ** (MOST_DIGITS if total <= 0 else max(0, min(MOST_DIGITS, math.floor(math.log10(EXACT / 2 / total)))))


def _points(columns: Iterable[Sequence[float | None]]) -> Floats:
    return np.stack([np.array(column, dtype=np.float64) for column in columns], axis=1)


def _on_sphere(places: Floats) -> Floats:
    """Return unit vectors of degrees north and east, shape (n, 3)."""
    north, east = np.radians(places[:, 0]), np.radians(places[:, 1])
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
