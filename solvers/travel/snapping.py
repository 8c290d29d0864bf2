"""Where the locations of a request lie on its road network, and which of them are too far from it to be reached."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Location, Profile, Road
from solvers.travel.road_network import RoadNetwork, Ways, network_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapping:
    """The node at which each location lies, and how far it is from there, shape (n,) each, in the order of the locations."""

    network: RoadNetwork
    nodes: NDArray[np.int64]
    """Positions in the request."""
    away: NDArray[np.float64]
    """Metres, or units of the plane."""
    limit: float
    """Locations farther away cannot be reached."""

    @property
    def off_road(self) -> NDArray[np.int64]:
        """Return the positions of the locations that are too far away."""
        return np.flatnonzero(self.away > self.limit)

    def ways(self, profile: Profile) -> Ways:
        """Return the ways between all locations; there is none from or to a location that is too far from the network."""
        found = self.network.ways(self.nodes, profile)
        if not self.off_road.size:
            return found
        lengths, durations = found.lengths.copy(), found.durations.copy()
        for matrix in (lengths, durations):
            matrix[self.off_road] = np.inf
            matrix[:, self.off_road] = np.inf
        return Ways(lengths=lengths, durations=durations)

    def part(self, rows: Sequence[int]) -> "Snapping":
        """Return where some of the locations lie, in the order of `rows`."""
        chosen = np.array(rows, dtype=np.int64)
        return Snapping(network=self.network, nodes=self.nodes[chosen], away=self.away[chosen], limit=self.limit)


def snapped(locations: Sequence[Location], road: Road) -> Snapping:
    """Return where locations lie on a network."""
    network = network_of(road)
    nodes, away = network.snap(locations)
    limit = network.width if road.max_snap_distance is None else road.max_snap_distance
    return Snapping(network=network, nodes=nodes, away=away, limit=limit)
