"""The routing problem as the integer arrays that the compiled search reads, and its plans in terms of the request."""

from collections.abc import Callable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Shipment, VehicleType
from solvers.routing import route_state_kernels as layout
from solvers.routing.integer_scaling import Scaling, down, largest_plan_cost, nearest, scaled_nearest, scaled_up, scaling_of, up
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, may_serve

RESOLUTION = 10**6
"""Fractional distances and durations are scaled until the largest exceeds this."""

ROWS_A_BLOCK = 512

LARGEST = 2**31 - 1
"""Matrices hold 32-bit integers."""

UNLIMITED = 2**50
"""Stands for no limit of a load, a moment, a distance or a duration; sums stay within 64 bits."""

Integers = NDArray[np.int64]
Small = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProblem:
    """
    Arrays of one problem, n stops, T vehicle types with vehicles, R routes at most; see `route_state_kernels` for the rows.

    `matrix` has shape (m, places, places), the last place being nowhere, at no distance from all others.
    """

    index: ProblemIndex
    count: Integers
    matrix: Small
    stops: Small
    fleet: Integers
    allowed: NDArray[np.uint8]
    weight: Integers
    """Cost of leaving out the order of each stop."""
    required: NDArray[np.bool_]
    place: Integers
    early: Integers
    late: Integers
    service: Integers
    planned: list[PlannedStop]
    """The stops in terms of the request."""
    vehicle_types: list[int]
    scaling: Scaling
    vehicle_first: int
    """Part of the fixed cost of every vehicle that is no money: it makes fewer vehicles count first."""

    @property
    def size(self) -> int:
        """Number of stops."""
        return len(self.planned)

    @property
    def routes(self) -> int:
        """Most routes at a time."""
        return int(self.count[layout.SLOTS])

    @property
    def timed(self) -> bool:
        """Whether anything has a time."""
        return bool(self.count[layout.TIMED])

    @property
    def paired(self) -> bool:
        """Whether there are shipments."""
        return bool(self.count[layout.PAIRS])

    def plan(self, table: Integers) -> list[PlannedRoute]:
        """Return the routes of a table in terms of the request."""
        routes = []
        for route in table[layout.ACTIVE, : table[layout.SIZES, layout.ROUTES_ACTIVE]].tolist():
            stop = int(table[layout.SUCC, self.size + route])
            stops = []
            while stop < self.size:
                stops.append(self.planned[stop])
                stop = int(table[layout.SUCC, stop])
            kind = self.vehicle_types[int(table[layout.TYPE, route])]
            routes.append(PlannedRoute(vehicle_type=kind, stops=tuple(stops)))
        return routes


def has_exchangeable_types(problem: CompiledProblem) -> bool:
    """Tell whether two vehicle types have the same ends, shift and ways, so that either may drive a route within its limits."""
    alike = problem.fleet[:, layout.DISTANCE : layout.END_LATE + 1]
    return len(np.unique(alike, axis=0)) < len(alike)


class CompiledProblemBuilder:
    """Writes one problem as arrays."""

    def __init__(self, index: ProblemIndex, *, left_out: Set[str]) -> None:
        self.index = index
        self.scaling = scaling_of(index, resolution=RESOLUTION)
        problem = index.problem
        self.clients = [i for i, client in enumerate(problem.clients) if client.id not in left_out]
        self.shipments = [i for i, shipment in enumerate(problem.shipments) if shipment.id not in left_out]
        self.fleet = [problem.vehicle_types[i] for i in index.fleet]
        self.size = len(self.clients) + 2 * len(self.shipments)
        self.orders: list[Client | Shipment] = [problem.clients[i] for i in self.clients]
        self.orders += [problem.shipments[i] for i in self.shipments for _ in range(2)]
        self.vehicle_first = self._vehicle_first() if problem.objective.fewest_vehicles else 0
        self.steps = [step for i in self.shipments for step in (problem.shipments[i].pickup, problem.shipments[i].delivery)]

    def build(self) -> CompiledProblem:
        """
        Return the arrays.

        Raises
        ------
        OverflowError
            When a scaled distance, duration or load does not fit 32 bits.
        """
        matrix, ways = self._matrices()
        early, late, windows = self._windows()
        goods = self._goods()
        fleet = self._fleet(ways)
        weight = self._weights()
        stops = np.concatenate([self._rows(matrix, fleet, early, late, goods), goods, windows])
        if stops.max(initial=0) > LARGEST or -stops.min(initial=0) > LARGEST:
            raise OverflowError("a distance, moment or load is too large")
        return CompiledProblem(
            index=self.index,
            count=self._count(goods, windows),
            matrix=matrix,
            stops=np.ascontiguousarray(stops, dtype=np.int32),
            fleet=fleet,
            allowed=self._allowed(),
            weight=weight,
            required=np.array([order.required for order in self.orders], dtype=np.bool_),
            place=self._places(),
            early=early,
            late=late,
            service=self._services(),
            planned=self._planned(),
            vehicle_types=list(self.index.fleet),
            scaling=self.scaling,
            vehicle_first=self.vehicle_first,
        )

    def _planned(self) -> list[PlannedStop]:
        stops = [PlannedStop(kind="client", position=i) for i in self.clients]
        for i in self.shipments:
            stops += [PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i)]
        return stops

    def _places(self) -> Integers:
        names = [self.index.problem.clients[i].location for i in self.clients] + [step.location for step in self.steps]
        return np.array([self.index.location[name] for name in names], dtype=np.int64)

    def _services(self) -> Integers:
        spans = [self.index.problem.clients[i].service_duration for i in self.clients]
        spans += [step.service_duration for step in self.steps]
        return np.array([up(span, self.scaling.time) for span in spans], dtype=np.int64)

    def _matrices(self) -> tuple[Small, dict[str, list[int]]]:
        """Return the stack of matrices, and for each profile its distances, those transposed, durations, those transposed."""
        limited = any(vehicle_type.max_distance is not None for vehicle_type in self.fleet)
        stack: list[Small] = []
        ways: dict[str, list[int]] = {}
        for profile, given in self.index.matrices.items():
            scale = scaled_up if limited else scaled_nearest
            first = _stacked(stack, _scaled(scale, given.distances, self.scaling.distance))
            if not self.scaling.timed or (
                given.durations is given.distances and self.scaling.time == self.scaling.distance == 1
            ):
                second = first
            else:
                durations = _scaled(scaled_up, given.durations, self.scaling.time)
                second = first if np.array_equal(stack[first[0]], durations) else _stacked(stack, durations)
            ways[profile] = [*first, *second]
        return (stack[0][None] if len(stack) == 1 else np.stack(stack)), ways

    def _windows(self) -> tuple[Integers, Integers, Integers]:
        """Return earliest and latest starts, shape (n,), and rows of alternative windows, -1 where there are none."""
        clients = [self.index.problem.clients[i].time_windows for i in self.clients]
        given = [*clients, *(step.time_windows for step in self.steps)] if self.scaling.timed else [[] for _ in self.orders]
        factor = self.scaling.time
        scaled: list[list[tuple[int, int]]] = []
        for row in given:
            inwards = [(up(window[0], factor), max(up(window[0], factor), down(window[1], factor))) for window in row]
            scaled.append(sorted(inwards))
        early = np.array([row[0][0] if row else 0 for row in scaled], dtype=np.int64)
        late = np.array([max(end for _, end in row) if row else UNLIMITED for row in scaled], dtype=np.int64)
        most = max((len(row) for row in scaled), default=0)
        windows = np.full((2 * most if most > 1 else 0, self.size), -1, dtype=np.int64)
        for i, several in enumerate(scaled):
            if len(several) > 1:
                windows[: 2 * len(several), i] = np.array(several).ravel()
        return early, late, windows

    def _goods(self) -> Integers:
        """Return two rows per load dimension: goods from the depot, and goods that enter on the way."""
        problem = self.index.problem
        rows = np.zeros((2 * len(self.index.dimensions), self.size), dtype=np.int64)
        for k, (name, factor) in enumerate(zip(self.index.dimensions, self.scaling.loads, strict=True)):
            for j, i in enumerate(self.clients):
                rows[2 * k, j] = up(problem.clients[i].delivery.get(name, 0.0), factor)
                rows[2 * k + 1, j] = up(problem.clients[i].pickup.get(name, 0.0), factor)
            for j, i in enumerate(self.shipments):
                amount = up(problem.shipments[i].amount.get(name, 0.0), factor)
                rows[2 * k + 1, len(self.clients) + 2 * j] = amount
                rows[2 * k + 1, len(self.clients) + 2 * j + 1] = -amount
        if not self.shipments and not any(rows[2 * k].any() and rows[2 * k + 1].any() for k in range(len(rows) // 2)):
            # A dimension that only leaves, or only enters, is bounded by its total.
            rows[0::2] += rows[1::2]
            rows[1::2] = 0
        return rows

    def _count(self, goods: Integers, windows: Integers) -> Integers:
        count = np.zeros(layout.MOST + 1, dtype=np.int64)
        count[layout.STOPS] = self.size
        count[layout.SLOTS] = count[layout.MOST] = self._most_routes()
        count[layout.DIMENSIONS] = len(goods) // 2
        count[layout.TIMED] = self.scaling.timed
        count[layout.TRIP_LOADS] = bool(goods[1::2].any())
        lasting = any(v.cost_per_duration > 0 or v.max_duration is not None for v in self.fleet)
        paid = any(v.cost_per_duration > 0 for v in self.fleet)
        count[layout.DURATIONS] = layout.PAID if paid else (lasting or self._releases().any())
        count[layout.ALTERNATIVES] = len(windows) > 0
        count[layout.TYPES] = len(self.fleet)
        count[layout.PAIRS] = bool(self.shipments)
        count[layout.WINDOW_ROW] = layout.GOODS + len(goods)
        return count

    def _releases(self) -> Integers:
        clients = [up(self.index.problem.clients[i].release_time, self.scaling.time) for i in self.clients]
        return np.array(clients + [0] * len(self.steps), dtype=np.int64)

    def _rows(self, matrix: Small, fleet: Integers, early: Integers, late: Integers, goods: Integers) -> Integers:
        """Return the rows of `stops` before the goods: partner, release time, six keys for sorting, and whether required."""
        rows = np.zeros((layout.GOODS, self.size), dtype=np.int64)
        clients = len(self.clients)
        rows[layout.PARTNER] = -1
        rows[layout.PARTNER, clients::2] = np.arange(clients + 1, self.size, 2)
        rows[layout.PARTNER, clients + 1 :: 2] = np.arange(clients, self.size, 2)
        rows[layout.RELEASE] = self._releases()
        rows[layout.REQUIRED] = [order.required for order in self.orders]
        largest = np.maximum(np.abs(goods).max(axis=1, initial=0), 1)[:, None]
        far = matrix[fleet[0, layout.DISTANCE], fleet[0, layout.START], self._places()]
        width = np.minimum(late, LARGEST) - np.minimum(early, LARGEST)
        rows[layout.KEYS] = -(1_000_000 * (np.abs(goods) / largest).sum(axis=0)).astype(np.int64)
        rows[layout.KEYS + 1], rows[layout.KEYS + 2] = -far, far
        rows[layout.KEYS + 3], rows[layout.KEYS + 4] = width, np.minimum(early, LARGEST)
        rows[layout.KEYS + 5] = -np.minimum(late, LARGEST)
        return rows

    def _fleet(self, ways: dict[str, list[int]]) -> Integers:
        rows = np.zeros((len(self.fleet), layout.CAPACITY + len(self.index.dimensions)), dtype=np.int64)
        for row, vehicle_type in zip(rows, self.fleet, strict=True):
            row[layout.COST_PER_DISTANCE] = nearest(vehicle_type.cost_per_distance, self.scaling.distance_rate)
            row[layout.COST_PER_DURATION] = nearest(vehicle_type.cost_per_duration, self.scaling.duration_rate)
            row[layout.FIXED] = nearest(vehicle_type.fixed_cost, self.scaling.cost) + self.vehicle_first
            # Below what stands for a way that does not exist.
            most = UNLIMITED if self.index.matrices_of(vehicle_type).closed is None else LARGEST - 1
            row[layout.MAX_DISTANCE] = min(most, _limit(vehicle_type.max_distance, self.scaling.distance))
            row[layout.MAX_DURATION] = _limit(vehicle_type.max_duration, self.scaling.time)
            row[layout.MAX_STOPS] = self.size if vehicle_type.max_stops is None else vehicle_type.max_stops
            row[layout.VEHICLES] = vehicle_type.count
            row[layout.DISTANCE : layout.DURATION_BACK + 1] = ways[vehicle_type.profile]
            for k, (name, factor) in enumerate(zip(self.index.dimensions, self.scaling.loads, strict=True)):
                row[layout.CAPACITY + k] = _limit(vehicle_type.capacity.get(name), factor)
            row[layout.START : layout.START_LATE + 1] = self._depot(vehicle_type, vehicle_type.start_depot)
            row[layout.END : layout.END_LATE + 1] = self._depot(vehicle_type, vehicle_type.end_depot)
        return rows

    def _depot(self, vehicle_type: VehicleType, depot: str | None) -> list[int]:
        """Return place, earliest and latest moment of one end of the routes of a vehicle type."""
        place = len(self.index.problem.locations) if depot is None else self.index.depot_location(depot)
        own = None if depot is None else self.index.problem.depots[self.index.depot[depot]].time_window
        windows = [window for window in (own, vehicle_type.shift) if window is not None]
        if not windows or not self.scaling.timed:
            return [place, 0, UNLIMITED]
        early = max(up(window[0], self.scaling.time) for window in windows)
        return [place, early, max(early, min(down(window[1], self.scaling.time) for window in windows))]

    def _weights(self) -> Integers:
        """Return the cost of leaving out each order: its prize, or a weight above the cost of any plan."""
        total = sum(2 + order.priority for order in self.orders)
        above = largest_plan_cost(self.index) * self.scaling.cost + self.vehicle_first * self._most_routes()
        weight = max(1, int(min(above, layout.INFINITE / 8 / max(1, total))))
        values = [
            weight * (1 + order.priority) if order.required else nearest(order.prize, self.scaling.cost)
            for order in self.orders
        ]
        return np.array(values, dtype=np.int64)

    def _vehicle_first(self) -> int:
        """Return more than any plan costs, as far as the weights of orders, which are above that, have room."""
        total = sum(2 + order.priority for order in self.orders)
        room = layout.INFINITE / 16 / max(1, total) / self._most_routes()
        return int(min(largest_plan_cost(self.index) * self.scaling.cost, room))

    def _most_routes(self) -> int:
        vehicles = sum(vehicle_type.count for vehicle_type in self.fleet)
        return max(1, min(vehicles, len(self.clients) + len(self.shipments)))

    def _allowed(self) -> NDArray[np.uint8]:
        allowed = np.ones((len(self.fleet), self.size), dtype=np.uint8)
        for j, order in enumerate(self.orders):
            if order.allowed_vehicle_types is not None or order.skills:
                allowed[:, j] = [may_serve(vehicle_type, order) for vehicle_type in self.fleet]
        return allowed


def _limit(value: float | None, factor: float) -> int:
    return UNLIMITED if value is None else min(UNLIMITED, down(value, factor))


def _scaled(scale: Callable[[NDArray[np.float64], float], Integers], matrix: NDArray[np.float64], factor: float) -> Small:
    """Return a matrix in integers, with a place that is nowhere; a few rows at a time, which keeps the memory small."""
    size = len(matrix)
    result = np.zeros((size + 1, size + 1), dtype=np.int32)
    for first in range(0, size, ROWS_A_BLOCK):
        block = scale(matrix[first : first + ROWS_A_BLOCK], factor)
        if block.max(initial=0) > LARGEST:
            raise OverflowError("a distance or duration is too large")
        result[first : first + len(block), :-1] = block
    return result


def _stacked(stack: list[Small], matrix: Small) -> list[int]:
    """Add a matrix, and its transpose when that is another one; return their positions."""
    stack.append(matrix)
    first = len(stack) - 1
    rows = range(0, len(matrix), ROWS_A_BLOCK)
    if all(np.array_equal(matrix[k : k + ROWS_A_BLOCK], matrix[:, k : k + ROWS_A_BLOCK].T) for k in rows):
        return [first, first]
    stack.append(np.ascontiguousarray(matrix.T))
    return [first, first + 1]
