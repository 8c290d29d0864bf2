"""
What pricing knows of a problem: for each kind of vehicle a network of integers whose paths include every feasible route.

A route must be a path here and cost no less than it does here; the network may allow more and charge less. So durations and
demands are rounded down, limits up, waiting is free, and of all resources two are kept: the main one (time where anything has a
window, else what limits routes most) and the one that binds most beside it.
"""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Client
from solvers.routing.problem_index import ProblemIndex, may_serve

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_CLIENTS = 192
"""A set of clients is three words of 64 bits."""

LARGEST_COST = 2.0**44
"""What all orders cost by themselves, scaled, stays below this, so that sums and products with prices are exact."""

FINEST = 2.0**24
"""Most units of the scaled cost to one of money."""

LARGEST_AMOUNT = 2.0**40
RESOLUTION = 2.0**20
"""Fractional amounts of a resource are counted in units of the power of two that makes the horizon exceed this."""

SLACK = 2e-7
"""Relative widening of limits of fractional amounts: plans may miss them by this much through rounding of sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingNetwork:
    """
    The routes of vehicles that are alike: nodes are n clients, then source n, then sink n + 1; N = n + 2.

    `cost` and `duration` have shape (N, N), in scaled units; `arcs` tells which arcs exist. `windows` has shape (N, 2 w), ends
    of unused ones -1. `weight` is the second resource, at most `capacity` on a route.
    """

    vehicle_types: tuple[int, ...]
    """Positions of the vehicle types in the problem."""
    vehicles: int
    cost: Integers
    duration: Integers
    arcs: NDArray[np.bool_]
    windows: Integers
    weight: Integers
    capacity: int

    @property
    def horizon(self) -> int:
        """Latest value of the main resource at the sink."""
        return int(self.windows[-1].max())


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingProblem:
    """All networks of a problem, and what is common to them; clients are in order of `clients`."""

    networks: tuple[PricingNetwork, ...]
    clients: tuple[int, ...]
    """Positions in the problem of the clients that some vehicle can serve."""
    prizes: Integers
    """Scaled cost of leaving out each client, -1 for a required one."""
    scale: float
    """Units of the scaled cost to one of money, a power of two."""
    grid: int | None
    """Every plan costs a whole multiple of this much money; None: unknown."""
    demand: Integers
    """Demand of each client in the dimension for which capacity cuts are found, shape (n,)."""
    largest_load: int
    """Largest capacity of any vehicle in that dimension, 0 without one."""
    near: Integers
    """For each client all clients, nearest first, shape (n, n)."""
    fixed: float
    """Money that every plan pays beside routes and prizes of these clients: prizes of those that nobody can serve."""


def pricing_problem(index: ProblemIndex, impossible: Set[str]) -> PricingProblem:
    """Return the networks of a problem without shipments and reloads that has at most MOST_CLIENTS possible clients."""
    problem = index.problem
    clients = tuple(i for i, client in enumerate(problem.clients) if client.id not in impossible)
    members = [problem.clients[i] for i in clients]
    builders = [_NetworkBuilder(index, position, members) for position in index.fleet]
    prizes = [-1.0 if client.required else client.prize for client in members]
    whole = all(builder.whole for builder in builders) and all(float(prize).is_integer() for prize in prizes)
    scale = _scale(builders, prizes)
    networks: dict[bytes, PricingNetwork] = {}
    for builder in builders:
        network = builder.build(scale)
        key = _key(network)
        networks[key] = network if key not in networks else _together(networks[key], network)
    name = _tightest(index, members)
    unit = _unit([client.delivery.get(name, 0.0) for client in members], 0.0)
    loads = [problem.vehicle_types[i].capacity.get(name, math.inf) for i in index.fleet]
    largest = max(loads, default=math.inf)
    left_out = [client.prize for client in problem.clients if client.id in impossible and not client.required]
    return PricingProblem(
        networks=tuple(networks.values()),
        clients=clients,
        prizes=np.array([-1 if prize < 0 else math.floor(prize * scale) for prize in prizes], dtype=np.int64),
        scale=scale,
        grid=_grid(builders, prizes) if whole else None,
        demand=np.array([math.floor(client.delivery.get(name, 0.0) * unit) for client in members], dtype=np.int64),
        largest_load=0 if math.isinf(largest) else _widened(largest, unit),
        near=np.argsort(np.minimum.reduce([builder.way for builder in builders]), axis=1, kind="stable").astype(np.int64),
        fixed=math.fsum(left_out),
    )


class _NetworkBuilder:
    """Writes the network of one vehicle type; `whole` tells whether every cost is a whole number of money."""

    def __init__(self, index: ProblemIndex, position: int, clients: Sequence[Client]) -> None:
        self.index = index
        self.position = position
        self.clients = clients
        self.vehicle_type = index.problem.vehicle_types[position]
        self.size = len(clients) + 2
        places = [index.location[client.location] for client in clients]
        self.distance = self._lengths("distances", places)
        self.time = self._lengths("durations", places)
        self.reachable = np.isfinite(self.distance) & np.isfinite(self.time)
        self.distance[~self.reachable] = self.time[~self.reachable] = 0.0
        self.time[:-2] += np.array([client.service_duration for client in clients])[:, None]
        inner = np.where(self.reachable, self.distance, np.inf)[:-2, :-2]
        self.way = inner + inner.T
        kind = self.vehicle_type
        self.cost = kind.cost_per_distance * self.distance + kind.cost_per_duration * self.time
        self.cost[-2] += kind.fixed_cost
        self.whole = bool(np.array_equal(self.cost, np.floor(self.cost))) and (
            kind.cost_per_duration == 0 or (kind.cost_per_duration.is_integer() and self._whole_moments())
        )

    def build(self, scale: float) -> PricingNetwork:
        """Return the network with costs in scaled units."""
        resources = self._resources()
        if self._has_windows():
            duration, windows = self._timed()
        elif resources:
            duration, windows = self._counted(*resources.pop(0))
        else:
            duration, windows = self._counted(np.ones((self.size, self.size)), float(self.size))
        weight, capacity = np.zeros(self.size, dtype=np.int64), 0
        for use, limit in resources:
            if np.ptp(use, axis=1).max() == 0 and use[:-2, 0].sum() > limit:
                unit = _unit([*use[:-2, 0].tolist(), limit], limit)
                weight[:-2] = np.floor(use[:-2, 0] * unit).astype(np.int64)
                capacity = _widened(limit, unit)
                break
        return PricingNetwork(
            vehicle_types=(self.position,),
            vehicles=self.vehicle_type.count,
            cost=np.floor(self.cost * scale).astype(np.int64),
            duration=duration,
            arcs=self._arcs(duration, windows, weight, capacity),
            windows=windows,
            weight=weight,
            capacity=capacity,
        )

    def _lengths(self, measure: str, places: Sequence[int]) -> Floats:
        """Return lengths between all nodes; the open end of a route is at no distance."""
        kind, size = self.vehicle_type, self.size
        lengths = self.index.travel.distances if measure == "distances" else self.index.travel.durations
        inner = np.array(places, dtype=np.int64)
        result = np.zeros((size, size))
        result[:-2, :-2] = lengths(kind.profile, inner[:, None], inner[None, :])
        if kind.start_depot is not None:
            result[-2, :-2] = lengths(kind.profile, np.array(self.index.depot_location(kind.start_depot)), inner)
        if kind.end_depot is not None:
            result[:-2, -1] = lengths(kind.profile, inner, np.array(self.index.depot_location(kind.end_depot)))
        return result

    def _has_windows(self) -> bool:
        ends = (self.vehicle_type.start_depot, self.vehicle_type.end_depot)
        depots = [self.index.problem.depots[self.index.depot[name]] for name in ends if name is not None]
        return (
            self.vehicle_type.shift is not None
            or any(depot.time_window is not None for depot in depots)
            or any(client.time_windows or client.release_time for client in self.clients)
        )

    def _whole_moments(self) -> bool:
        moments = [moment for client in self.clients for window in client.time_windows for moment in window]
        moments += [*(self.vehicle_type.shift or ()), *(client.release_time for client in self.clients)]
        moments += [moment for depot in self.index.problem.depots for moment in depot.time_window or ()]
        return bool(np.array_equal(self.time, np.floor(self.time))) and all(float(moment).is_integer() for moment in moments)

    def _end(self, depot: str | None) -> tuple[float, float]:
        own = None if depot is None else self.index.problem.depots[self.index.depot[depot]].time_window
        windows = [window for window in (own, self.vehicle_type.shift) if window is not None]
        return max((window[0] for window in windows), default=0.0), min((window[1] for window in windows), default=math.inf)

    def _timed(self) -> tuple[Integers, Integers]:
        """Return durations and windows where the main resource is time."""
        source, sink = self._end(self.vehicle_type.start_depot), self._end(self.vehicle_type.end_depot)
        ready = [client.release_time for client in self.clients]
        opening = max([source[0], sink[0], *ready, *(window[0] for client in self.clients for window in client.time_windows)])
        # Nobody needs longer: every client once, after all have opened.
        horizon = min(sink[1], opening + float(self.time.max(axis=1).sum()))
        rows: list[list[tuple[float, float]]] = []
        for client in self.clients:
            own = sorted((window[0], window[1]) for window in client.time_windows) or [(0.0, horizon)]
            rows.append([(start, min(end, horizon)) for start, end in own])
        rows += [[(source[0], min(source[1], horizon))], [(sink[0], horizon)]]
        for i, release in enumerate(ready):
            least = max(release, source[0]) + float(self.time[-2, i])
            rows[i] = [(max(start, least), end) for start, end in rows[i]]
        unit = _unit([*self.time.ravel().tolist(), *(edge for row in rows for window in row for edge in window)], horizon)
        windows = np.full((self.size, 2 * max(map(len, rows))), -1, dtype=np.int64)
        for i, row in enumerate(rows):
            whole = [(math.floor(start * unit), _widened(end, unit)) for start, end in row]
            apart = _apart([window for window in whole if window[0] <= window[1]])
            windows[i, : 2 * len(apart)] = np.array(apart, dtype=np.int64).ravel()
        return np.floor(self.time * unit).astype(np.int64), windows

    def _counted(self, use: Floats, limit: float) -> tuple[Integers, Integers]:
        """Return durations and windows where the main resource is an amount that starts at 0."""
        unit = _unit([*use.ravel().tolist(), limit], limit)
        most = min(limit, float(use.max(axis=1).sum()))
        windows = np.tile(np.array([0, _widened(most, unit)], dtype=np.int64), (self.size, 1))
        return np.floor(use * unit).astype(np.int64), windows

    def _resources(self) -> list[tuple[Floats, float]]:
        """Return what adds up along a route, shape (N, N), and its limit: the one that binds most first."""
        kind = self.vehicle_type
        found: list[tuple[Floats, float]] = []
        for name, limit in kind.capacity.items():
            for goods in ("delivery", "pickup"):
                amounts = [getattr(client, goods).get(name, 0.0) for client in self.clients]
                found.append((self._at_nodes(amounts), limit))
        if kind.max_stops is not None:
            found.append((self._at_nodes([1.0] * len(self.clients)), float(kind.max_stops)))
        if kind.max_distance is not None:
            found.append((self.distance, kind.max_distance))
        if kind.max_duration is not None:
            found.append((self.time, kind.max_duration))
        return sorted(found, key=lambda item: float(item[0].mean()) / max(item[1], 1e-9), reverse=True)

    def _at_nodes(self, amounts: Sequence[float]) -> Floats:
        """Return amounts at clients as the use of the arcs that leave them."""
        return np.broadcast_to(np.array([*amounts, 0.0, 0.0])[:, None], (self.size, self.size)).copy()

    def _arcs(self, duration: Integers, windows: Integers, weight: Integers, capacity: int) -> NDArray[np.bool_]:
        """Return which arcs some route can use."""
        source, sink = self.size - 2, self.size - 1
        first = np.where(windows[:, 1] >= 0, windows[:, 0], 2**60)
        arcs: NDArray[np.bool_] = first[:, None] + duration <= windows.max(axis=1)[None, :]
        arcs &= self.reachable
        arcs &= weight[:, None] + weight[None, :] <= capacity
        allowed = np.array([*(may_serve(self.vehicle_type, client) for client in self.clients), True, True])
        arcs &= allowed[:, None] & allowed[None, :]
        np.fill_diagonal(arcs, False)
        arcs[sink, :] = arcs[:, source] = False
        arcs[source, sink] = False
        return arcs


def _apart(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return windows in order, those that touch made one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _unit(values: Sequence[float], horizon: float) -> float:
    """Return a power of two that counts values: 1 when they are whole numbers."""
    finite = [value for value in values if math.isfinite(value)]
    if all(float(value).is_integer() for value in finite):
        return 1.0
    largest = max([horizon if math.isfinite(horizon) else 0.0, *finite, 1e-300])
    return 2.0 ** math.ceil(math.log2(RESOLUTION / largest)) if largest < RESOLUTION else 1.0


def _widened(limit: float, unit: float) -> int:
    """Return a limit in units, widened by what rounding of sums can do where it is not a whole number."""
    scaled = min(limit * unit, LARGEST_AMOUNT)
    return int(scaled) if unit == 1.0 and scaled.is_integer() else math.ceil(scaled * (1 + SLACK) + SLACK)


def _scale(builders: Sequence[_NetworkBuilder], prizes: Sequence[float]) -> float:
    total = max(float(builder.cost.max(axis=1).sum()) for builder in builders) + math.fsum(p for p in prizes if p > 0) + 1.0
    return min(FINEST, 2.0 ** math.floor(math.log2(LARGEST_COST / total)))


def _grid(builders: Sequence[_NetworkBuilder], prizes: Sequence[float]) -> int | None:
    divisor = math.gcd(*(int(prize) for prize in prizes if prize > 0))
    for builder in builders:
        kind = builder.vehicle_type
        divisor = math.gcd(divisor, int(np.gcd.reduce(builder.cost.astype(np.int64), axis=None)))
        divisor = 1 if kind.cost_per_duration else divisor
    return divisor or None


def _tightest(index: ProblemIndex, clients: Sequence[Client]) -> str:
    """Return the load dimension that asks for most vehicles."""

    def vehicles(name: str) -> float:
        loads = [index.problem.vehicle_types[i].capacity.get(name, math.inf) for i in index.fleet]
        return math.fsum(client.delivery.get(name, 0.0) for client in clients) / max(max(loads), 1e-9)

    return max(index.dimensions, key=vehicles, default="")


def _key(network: PricingNetwork) -> bytes:
    arrays = (network.cost, network.duration, network.arcs, network.windows, network.weight)
    return b"".join(array.tobytes() for array in arrays) + str(network.capacity).encode()


def _together(one: PricingNetwork, other: PricingNetwork) -> PricingNetwork:
    return PricingNetwork(
        vehicle_types=one.vehicle_types + other.vehicle_types,
        vehicles=one.vehicles + other.vehicles,
        cost=one.cost,
        duration=one.duration,
        arcs=one.arcs,
        windows=one.windows,
        weight=one.weight,
        capacity=one.capacity,
    )
