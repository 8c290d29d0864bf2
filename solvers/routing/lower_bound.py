"""
A lower bound of the cost that needs no search: half of the cheapest way in and half of the cheapest way out of every order.

Each arc of a route is half of the way out of its tail and half of the way into its head, so the arcs of any plan cost at
least the sum of these halves. An optional order adds no more than its prize. The bound holds for plans that serve every
required order that any vehicle can serve; it is weak where depots are far away compared with the nearest neighbours.
"""

import math
from collections.abc import Set

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from models.routing import VehicleType
from solvers.routing.problem_index import ProblemIndex

METHOD = "half of the cheapest way into and out of every order, at the cheapest rate of the fleet"

ROUNDING = 1e-9
"""Relative allowance for rounding of sums."""


def neighbour_bound(index: ProblemIndex, impossible: Set[str]) -> float:
    """
    Return a number that no plan costs less than, if it serves all required orders that are not impossible.

    Parameters
    ----------
    index
        The problem and its lengths of ways.
    impossible
        Ids of the orders that no vehicle can serve; optional ones among them cost their prize.
    """
    halves = np.minimum.reduce([_halves(index, index.problem.vehicle_types[i]) for i in index.fleet])
    total = []
    for client in index.problem.clients:
        least = float(halves[index.location[client.location]])
        total.append(_share(least, required=client.required, prize=client.prize, impossible=client.id in impossible))
    for shipment in index.problem.shipments:
        places = (shipment.pickup.location, shipment.delivery.location)
        least = sum(float(halves[index.location[place]]) for place in places)
        total.append(_share(least, required=shipment.required, prize=shipment.prize, impossible=shipment.id in impossible))
    return math.fsum(total) * (1 - ROUNDING)


def _share(least: float, *, required: bool, prize: float, impossible: bool) -> float:
    if impossible:
        return 0.0 if required else prize
    return least if required else min(least, prize)


def _halves(index: ProblemIndex, vehicle_type: VehicleType) -> NDArray[np.float64]:
    """Return the least cost of half the way in and half the way out of each location, shape (n,)."""
    places = _visited(index)
    # Two orders at one location are at no distance from each other.
    alone = np.bincount(places, minlength=len(index.problem.locations)) < 2
    visited = np.unique(places)
    inwards, outwards = _least(index, vehicle_type.profile, visited)
    inwards = np.where(alone[visited], inwards, 0.0) * (vehicle_type.start_depot is not None)
    outwards = np.where(alone[visited], outwards, 0.0) * (vehicle_type.end_depot is not None)
    halves = np.zeros(len(index.problem.locations))
    halves[visited] = vehicle_type.cost_per_distance / 2 * (inwards + outwards)
    return halves


def _least(index: ProblemIndex, profile: str, visited: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shortest way into and out of each visited location from or to another one; 0 when there is no other."""
    if len(visited) < 2:
        return np.zeros(len(visited)), np.zeros(len(visited))
    if index.travel.from_coordinates:
        # Rounding keeps the order of lengths, so the nearest point has the shortest way.
        points = index.travel.points()[visited]
        nearest = np.asarray(cKDTree(points).query(points, k=2)[1])
        # Of several points at the same place, the first of the two can be another one than the point itself.
        own = np.arange(len(visited))
        other = np.where(nearest[:, 0] == own, nearest[:, 1], nearest[:, 0])
        ways = index.travel.distances(profile, visited, visited[other])
        return ways, ways
    ways = index.matrices[profile].distances[np.ix_(visited, visited)].copy()
    np.fill_diagonal(ways, np.inf)
    inwards, outwards = ways.min(axis=0), ways.min(axis=1)
    # Where there is no way at all, nothing is known.
    return np.where(np.isfinite(inwards), inwards, 0.0), np.where(np.isfinite(outwards), outwards, 0.0)


def _visited(index: ProblemIndex) -> NDArray[np.int64]:
    """Return the location of every order's stops and of every depot, with repetitions."""
    problem = index.problem
    names = [client.location for client in problem.clients] + [depot.location for depot in problem.depots]
    names += [step.location for shipment in problem.shipments for step in (shipment.pickup, shipment.delivery)]
    return np.array([index.location[name] for name in names], dtype=np.int64)
