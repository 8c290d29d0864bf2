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
        The problem and its travel matrices.
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
    distances = index.matrices_of(vehicle_type).distances
    places = _visited(index)
    # Two orders at one location are at no distance from each other.
    alone = np.bincount(places, minlength=len(distances)) < 2
    visited = np.unique(places)
    ways = distances[np.ix_(visited, visited)].copy()
    np.fill_diagonal(ways, np.where(alone[visited], np.inf, 0.0))
    inwards = np.zeros(len(visited)) if vehicle_type.start_depot is None else ways.min(axis=0)
    outwards = np.zeros(len(visited)) if vehicle_type.end_depot is None else ways.min(axis=1)
    halves = np.zeros(len(distances))
    halves[visited] = vehicle_type.cost_per_distance / 2 * np.nan_to_num(inwards + outwards, posinf=0.0)
    return halves


def _visited(index: ProblemIndex) -> NDArray[np.int64]:
    """Return the location of every order's stops and of every depot, with repetitions."""
    problem = index.problem
    names = [client.location for client in problem.clients] + [depot.location for depot in problem.depots]
    names += [step.location for shipment in problem.shipments for step in (shipment.pickup, shipment.delivery)]
    return np.array([index.location[name] for name in names], dtype=np.int64)
