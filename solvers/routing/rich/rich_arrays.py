"""The problem as the arrays of the kernels that judge routes."""

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Shipment, ShipmentStep, VehicleType
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.rich import route_kernels as layout
from solvers.routing.rich import timing_kernels
from solvers.routing.rich.order_links import OrderLinks
from solvers.routing.rich.timing import breaks_of, rates_of
from solvers.routing.rich_constraints import is_soft

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Window = Sequence[float]

ALWAYS: list[float] = [0.0, math.inf]


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One vehicle: a position in the problem's vehicle types and, where something is locked to it, its number."""

    vehicle_type: int
    number: int | None


class RichArrays:
    """
    A routing problem as arrays of stops, orders, vehicles and windows.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of the orders that no vehicle can serve.
    """

    def __init__(self, index: ProblemIndex, left_out: Set[str]) -> None:
        self.index = index
        problem = index.problem
        self.clients = [i for i, client in enumerate(problem.clients) if client.id not in left_out]
        self.shipments = [i for i, shipment in enumerate(problem.shipments) if shipment.id not in left_out]
        self.orders: list[Client | Shipment] = [problem.clients[i] for i in self.clients]
        self.orders += [problem.shipments[i] for i in self.shipments]
        self.ends: list[Client | ShipmentStep] = [problem.clients[i] for i in self.clients]
        for i in self.shipments:
            self.ends += [problem.shipments[i].pickup, problem.shipments[i].delivery]
        self.fleet = [problem.vehicle_types[i] for i in index.fleet]
        self.slots = self._slots()
        self.related = OrderLinks(problem, self.orders, [(slot.vehicle_type, slot.number) for slot in self.slots])
        self._windows: list[list[float]] = []

    @property
    def stops(self) -> int:
        """Number of stops: one for each client, two for each shipment."""
        return len(self.ends)

    @property
    def depots(self) -> int:
        """Number of depots: a reload at depot d is stop `stops + d`."""
        return len(self.index.problem.depots)

    @property
    def longest(self) -> int:
        """Most entries of a route, reloads included."""
        most = max((self._most_stops(vehicle_type) for vehicle_type in self.fleet), default=1)
        reloads = any(vehicle_type.reload_depots for vehicle_type in self.fleet)
        return max(1, 2 * most if reloads else most)

    def routes(self) -> layout.Routes:
        """Return the arrays with room to work."""
        stops, links = self._stops()
        limits, fleet = self._fleet()
        width, number = self.longest + 4, max(self.stops, len(self.related.sequences), 1)
        breaks = [row for vehicle_type in self.fleet for row in breaks_of(vehicle_type)]
        matrices = [self._matrices(profile) for profile in self.profiles]
        return layout.Routes(
            stops=stops,
            links=links,
            goods=self._goods(),
            windows=np.ascontiguousarray(np.array(self._windows, dtype=np.float64).reshape(-1, 2).T),
            members=self.related.members,
            allowed=self._allowed(),
            pinned=self.related.pinned,
            distance=np.stack([distances for distances, _ in matrices]),
            duration=np.stack([durations for _, durations in matrices]),
            fleet=fleet,
            limits=limits,
            breaks=np.array(breaks, dtype=np.float64).reshape(-1, 4),
            trial=np.zeros(width, dtype=np.int64),
            chain=np.zeros(width, dtype=np.int64),
            seen=np.zeros((5, number), dtype=np.int64),
            measures=np.zeros(4),
            line=np.zeros((6, width)),
            span=np.zeros((2, width), dtype=np.int64),
            labels=np.zeros((width, timing_kernels.LABELS, timing_kernels.FIELDS)),
            choices=np.zeros((width, timing_kernels.LABELS, 3), dtype=np.int64),
            number=np.zeros(width, dtype=np.int64),
            arcs=np.zeros(max(1, len(breaks)), dtype=np.int64),
            result=np.zeros(7),
        )

    @property
    def profiles(self) -> list[str]:
        """Travel profiles of the fleet, in order of first appearance."""
        return list(dict.fromkeys(vehicle_type.profile for vehicle_type in self.fleet))

    def _slots(self) -> list[Slot]:
        orders = len(self.index.problem.clients) + len(self.index.problem.shipments)
        slots = []
        for kind, vehicle_type in enumerate(self.fleet):
            locked = sorted({lock.vehicle for lock in self.index.problem.locks if lock.vehicle_type == vehicle_type.id})
            slots += [Slot(vehicle_type=kind, number=number) for number in locked]
            slots += [Slot(vehicle_type=kind, number=None)] * min(vehicle_type.count - len(locked), orders)
        return slots

    def _most_stops(self, vehicle_type: VehicleType) -> int:
        return self.stops if vehicle_type.max_stops is None else min(self.stops, vehicle_type.max_stops)

    def _stops(self) -> tuple[Floats, Integers]:
        problem = self.index.problem
        stops = np.zeros((5, self.stops))
        links = np.zeros((8, self.stops + len(problem.depots)), dtype=np.int64)
        links[layout.PARTNER] = links[layout.PREFIX] = -1
        for i, end in enumerate(self.ends):
            stops[layout.SPENT, i], stops[layout.SETUP, i] = end.service_duration, end.setup_duration
            if is_soft(end):
                stops[layout.DUE_TIME, i], stops[layout.COST_PER_LATENESS, i] = end.due_time or 0.0, end.cost_per_lateness
            links[layout.PLACE, i] = self.index.location[end.location]
            links[layout.FIRST_WINDOW, i] = len(self._windows)
            self._windows += sorted(end.time_windows) or [ALWAYS]
            links[layout.WINDOWS_END, i] = len(self._windows)
        first = len(self.clients)
        stops[layout.READY, :first] = [problem.clients[i].release_time for i in self.clients]
        links[layout.ORDER, :first] = np.arange(first)
        links[layout.ORDER, first : self.stops] = first + np.arange(self.stops - first) // 2
        links[layout.PARTNER, first : self.stops : 2] = np.arange(first + 1, self.stops, 2)
        links[layout.PARTNER, first + 1 : self.stops : 2] = np.arange(first, self.stops, 2)
        links[layout.PREFIX, : self.stops] = self.related.prefix
        links[layout.FIRST_RELATION, : self.stops] = self.related.member_ranges[:-1]
        links[layout.RELATIONS_END, : self.stops] = self.related.member_ranges[1:]
        links[layout.PLACE, self.stops :] = [self.index.depot_location(depot.id) for depot in problem.depots]
        return stops, links

    def _goods(self) -> Floats:
        dimensions = self.index.dimensions
        rows = np.zeros((2 * len(dimensions), self.stops))
        first = len(self.clients)
        for k, name in enumerate(dimensions):
            for j, i in enumerate(self.clients):
                client = self.index.problem.clients[i]
                rows[2 * k, j], rows[2 * k + 1, j] = client.delivery.get(name, 0.0), client.pickup.get(name, 0.0)
            for j, i in enumerate(self.shipments):
                amount = self.index.problem.shipments[i].amount.get(name, 0.0)
                rows[2 * k + 1, first + 2 * j], rows[2 * k + 1, first + 2 * j + 1] = amount, -amount
        return rows

    def _fleet(self) -> tuple[Integers, Floats]:
        problem = self.index.problem
        limits = np.full((len(self.fleet), layout.RELOAD_WINDOW + len(problem.depots)), -1, dtype=np.int64)
        fleet = np.full((len(self.fleet), layout.CAPACITY + len(self.index.dimensions)), math.inf)
        first = 0
        for row, rates, vehicle_type in zip(limits, fleet, self.fleet, strict=True):
            row[layout.PROFILE] = self.profiles.index(vehicle_type.profile)
            row[layout.START_PLACE], row[layout.END_PLACE] = map(
                self._depot_place, (vehicle_type.start_depot, vehicle_type.end_depot)
            )
            row[layout.START_WINDOW] = self._depot_window(vehicle_type, vehicle_type.start_depot, leaving=True)
            row[layout.END_WINDOW] = self._depot_window(vehicle_type, vehicle_type.end_depot)
            row[layout.MOST_STOPS] = self._most_stops(vehicle_type)
            row[layout.MOST_RELOADS] = 0
            if vehicle_type.reload_depots:
                row[layout.MOST_RELOADS] = self.stops if vehicle_type.max_reloads is None else vehicle_type.max_reloads
            row[layout.FIRST_BREAK], first = first, first + len(vehicle_type.breaks)
            row[layout.BREAKS_END] = first
            for name in vehicle_type.reload_depots:
                row[layout.RELOAD_WINDOW + self.index.depot[name]] = self._depot_window(vehicle_type, name)
            rates[layout.FIXED], rates[layout.PER_DISTANCE] = vehicle_type.fixed_cost, vehicle_type.cost_per_distance
            if vehicle_type.max_distance is not None:
                rates[layout.MOST_DISTANCE] = vehicle_type.max_distance
            rates[layout.PER_DURATION : layout.MOST_OVERTIME + 1] = rates_of(vehicle_type)
            for k, name in enumerate(self.index.dimensions):
                rates[layout.CAPACITY + k] = vehicle_type.capacity.get(name, math.inf)
        return limits, fleet

    def _depot_place(self, depot: str | None) -> int:
        """Return the location of a depot; an open end is at the location behind the last."""
        return len(self.index.problem.locations) if depot is None else self.index.depot_location(depot)

    def _depot_window(self, vehicle_type: VehicleType, depot: str | None, *, leaving: bool = False) -> int:
        """Return the number of the window of leaving a depot, or of reaching it, overtime included."""
        own = None if depot is None else self.index.problem.depots[self.index.depot[depot]].time_window
        shift = vehicle_type.shift
        if shift is not None and not leaving:
            shift = [shift[0], shift[1] + vehicle_type.max_overtime]
        bounds = [window for window in (own, shift) if window is not None]
        self._windows.append(_meet(bounds) if bounds else ALWAYS)
        return len(self._windows) - 1

    def _matrices(self, profile: str) -> tuple[Floats, Floats]:
        """Return distances and durations with a place that is nowhere, behind the last location."""
        given = self.index.matrices[profile]
        count = len(given.distances)
        both = (np.zeros((count + 1, count + 1)), np.zeros((count + 1, count + 1)))
        both[0][:count, :count], both[1][:count, :count] = given.distances, given.durations
        closed = self.index.travel.closed(profile)
        if closed is not None:
            both[0][:count, :count][closed] = math.inf
        return both

    def _allowed(self) -> NDArray[np.uint8]:
        rows = [[may_serve(vehicle_type, order) for order in self.orders] for vehicle_type in self.fleet]
        return np.array(rows, dtype=np.uint8).reshape(len(self.fleet), len(self.orders))


def _meet(windows: Iterable[Window]) -> list[float]:
    """Return what windows have in common; the end is before the start when that is nothing."""
    given = list(windows)
    return [max(window[0] for window in given), min(window[1] for window in given)]
