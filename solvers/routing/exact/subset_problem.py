"""A tiny routing problem as the float arrays that dynamic programming over subsets reads, in the caller's own units."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Shipment, ShipmentStep, VehicleType
from solvers.routing.exact import subset_kernels as layout
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, may_serve, orders_of
from solvers.routing.semantics_travel import timed

MOST_LABELS = 1_000_000
"""Room for partial routes of one vehicle type: about 80 MB, of which only what is used is touched."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestRoutes:
    """The cheapest route of one vehicle type for every subset of n orders."""

    vehicle_type: int
    costs: Floats
    """Infinite where there is none, shape (2 ** n)."""
    last: NDArray[np.int64]
    """Label of the last stop of each, shape (2 ** n)."""
    links: NDArray[np.int64]


class SubsetProblem:
    """
    Arrays of one problem.

    Parameters
    ----------
    index
        A problem of few orders.
    """

    def __init__(self, index: ProblemIndex) -> None:
        self.index = index
        problem = index.problem
        self.orders: list[Client | Shipment] = orders_of(problem)
        self.planned = [PlannedStop(kind="client", position=i) for i in range(len(problem.clients))]
        for i in range(len(problem.shipments)):
            self.planned += [PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i)]
        self.visits: list[Client | ShipmentStep] = list(problem.clients)
        for shipment in problem.shipments:
            self.visits += [shipment.pickup, shipment.delivery]
        self.places = np.array([index.location[visit.location] for visit in self.visits], dtype=np.int64)
        self.timed = timed(problem)

    @property
    def size(self) -> int:
        """Number of stops."""
        return len(self.planned)

    def best_routes(self, number: int) -> BestRoutes | None:
        """Return the best routes of a vehicle type, None when there are too many partial routes to compare."""
        vehicle_type = self.index.problem.vehicle_types[number]
        labels = (
            np.empty((MOST_LABELS, layout.RISES + len(self.index.dimensions))),
            np.empty((MOST_LABELS, 4), dtype=np.int64),
        )
        subsets = 1 << self.size
        costs, last = np.empty(subsets), np.empty(subsets, dtype=np.int64)
        count = layout.best_routes(
            (*self._ways(vehicle_type), *self._stops),
            self._limits(vehicle_type),
            np.array([vehicle_type.capacity.get(name, math.inf) for name in self.index.dimensions], dtype=np.float64),
            np.array([may_serve(vehicle_type, order) for order in self._order_of_stop], dtype=np.int64),
            labels,
            np.full((subsets, self.size), layout.NONE, dtype=np.int64),
            costs,
            last,
        )
        if count == layout.TOO_MANY:
            return None
        chosen = self._stops_of_orders
        return BestRoutes(vehicle_type=number, costs=costs[chosen], last=last[chosen], links=labels[1][:count].copy())

    def route(self, best: BestRoutes, orders: int) -> PlannedRoute:
        """Return the best route for a subset of the orders."""
        stops = []
        label = int(best.last[orders])
        while label != layout.NONE:
            stop, window = int(best.links[label, layout.STOP]), int(best.links[label, layout.WINDOW])
            several = len(self.visits[stop].time_windows) > 1
            planned = self.planned[stop]
            stops.append(PlannedStop(kind=planned.kind, position=planned.position, window=window) if several else planned)
            label = int(best.links[label, layout.PARENT])
        return PlannedRoute(vehicle_type=best.vehicle_type, stops=tuple(reversed(stops)))

    @cached_property
    def _order_of_stop(self) -> list[Client | Shipment]:
        problem = self.index.problem
        return [*problem.clients, *(shipment for shipment in problem.shipments for _ in range(2))]

    @cached_property
    def _stops_of_orders(self) -> NDArray[np.int64]:
        """Return for each subset of the orders the subset of their stops, shape (2 ** orders)."""
        clients = len(self.index.problem.clients)
        bits = [1 << i for i in range(clients)] + [3 << clients + 2 * i for i in range(len(self.orders) - clients)]
        subsets = np.zeros(1, dtype=np.int64)
        for bit in bits:
            subsets = np.concatenate([subsets, subsets | bit])
        return subsets

    @cached_property
    def _stops(self) -> tuple[Floats, Floats, Floats, Floats, Floats, NDArray[np.int64]]:
        """Return windows, service durations, release times, goods from the depot and on the way, and the pickups."""
        problem, dimensions = self.index.problem, self.index.dimensions
        most = max([1, *(len(visit.time_windows) for visit in self.visits)])
        windows = np.full((self.size, most, 2), np.nan)
        windows[:, 0] = (0.0, math.inf)
        deliveries, goods = np.zeros((self.size, len(dimensions))), np.zeros((self.size, len(dimensions)))
        pickups = np.full(self.size, layout.NONE, dtype=np.int64)
        clients = len(problem.clients)
        for i, visit in enumerate(self.visits):
            for j, window in enumerate(visit.time_windows):
                windows[i, j] = window
            for k, name in enumerate(dimensions):
                if isinstance(visit, Client):
                    deliveries[i, k], goods[i, k] = visit.delivery.get(name, 0.0), visit.pickup.get(name, 0.0)
                else:
                    amount = problem.shipments[(i - clients) // 2].amount.get(name, 0.0)
                    goods[i, k] = amount if self.planned[i].kind == "pickup" else -amount
            if self.planned[i].kind == "delivery":
                pickups[i] = i - 1
        services = np.array([visit.service_duration if self.timed else 0.0 for visit in self.visits], dtype=np.float64)
        releases = np.array([getattr(visit, "release_time", 0.0) for visit in self.visits], dtype=np.float64)
        return windows, services, releases, deliveries, goods, pickups

    def _ways(self, vehicle_type: VehicleType) -> tuple[Floats, Floats]:
        """Return distances and durations between stops, start and end; infinite where there is no way."""
        matrices = self.index.matrices_of(vehicle_type)
        ends = [vehicle_type.start_depot, vehicle_type.end_depot]
        places = [*self.places.tolist(), *(0 if depot is None else self.index.depot_location(depot) for depot in ends)]
        grid = np.ix_(places, places)
        distances, durations = matrices.distances[grid], matrices.durations[grid]
        if matrices.closed is not None:
            distances[matrices.closed[grid]] = np.inf
        for end, depot in enumerate(ends, start=self.size):
            if depot is None:
                for matrix in (distances, durations):
                    matrix[end], matrix[:, end] = 0.0, 0.0
        if not self.timed:
            durations = np.zeros_like(durations)
        return np.ascontiguousarray(distances), np.ascontiguousarray(durations)

    def _limits(self, vehicle_type: VehicleType) -> Floats:
        limits = np.empty(layout.END_LATE + 1)
        limits[layout.FIXED] = vehicle_type.fixed_cost
        limits[layout.PER_DISTANCE] = vehicle_type.cost_per_distance
        limits[layout.PER_DURATION] = vehicle_type.cost_per_duration
        for place, limit in (
            (layout.MAX_DISTANCE, vehicle_type.max_distance),
            (layout.MAX_DURATION, vehicle_type.max_duration),
            (layout.MAX_STOPS, vehicle_type.max_stops),
        ):
            limits[place] = math.inf if limit is None else limit
        limits[layout.START_EARLY : layout.START_LATE + 1] = self._open(vehicle_type, vehicle_type.start_depot)
        limits[layout.END_EARLY : layout.END_LATE + 1] = self._open(vehicle_type, vehicle_type.end_depot)
        return limits

    def _open(self, vehicle_type: VehicleType, depot: str | None) -> tuple[float, float]:
        """Return from when to when a vehicle may leave a depot or return to it."""
        own = None if depot is None else self.index.problem.depots[self.index.depot[depot]].time_window
        windows = [window for window in (own, vehicle_type.shift) if window is not None]
        return max([0.0, *(window[0] for window in windows)]), min([math.inf, *(window[1] for window in windows)])
