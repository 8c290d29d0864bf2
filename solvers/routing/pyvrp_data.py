"""
The routing problem as PyVRP's integer data.

Conditions that PyVRP does not know are written with what it knows: skills and allowed vehicle types as a load dimension that
only some vehicle types can carry; a longest number of stops as a dimension of one unit a client; several time windows as
mutually exclusive copies of a client; open routes as a dummy depot without travel to or from it.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyvrp
from numpy.typing import NDArray

from models.routing import Client, RoutingProblem, Shipment, ShipmentStep, VehicleType
from solvers.routing.integer_scaling import LARGEST_INTEGER, Scaling, down, nearest, scaled_nearest, scaled_up, scaling_of, up
from solvers.routing.problem_index import ProblemIndex, may_serve, orders_of

ROWS_A_BLOCK = 256

UNLIMITED = 2**60
"""Capacity of a dimension that is not limited; leaves room for sums within 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineData:
    """PyVRP's data and the way back to the request."""

    data: pyvrp.ProblemData
    scaling: Scaling
    clients: list[tuple[int, int | None]]
    """Engine client to (position of the client, position of its window or None)."""
    shipments: list[int]
    vehicle_types: list[int]
    optional_clients: dict[int, int]
    """Engine prize by position of each client that is not required."""
    optional_shipments: dict[int, int]

    def uncollected_prizes(self, solution: pyvrp.Solution) -> int:
        """Return the engine's prizes of optional clients and shipments that a solution leaves out."""
        activities = [stop for route in solution.routes() for stop in route.schedule()]
        clients = {self.clients[stop.idx][0] for stop in activities if stop.is_client()}
        shipments = {self.shipments[stop.idx] for stop in activities if stop.is_pickup()}
        missing = [prize for position, prize in self.optional_clients.items() if position not in clients]
        return sum(missing) + sum(p for position, p in self.optional_shipments.items() if position not in shipments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """Load dimensions of the engine: the caller's, then one per group of vehicle types, then one for the number of stops."""

    caller: list[str]
    eligibility: list[tuple[bool, ...]]
    """For each extra dimension: which engine vehicle types may serve orders that need it."""
    count_stops: bool


class EngineDataBuilder:
    """Writes one problem as PyVRP data."""

    def __init__(self, index: ProblemIndex, *, left_out: Set[str], required_weight: int | None) -> None:
        self.index = index
        self.problem: RoutingProblem = index.problem
        self.scaling = scaling_of(index)
        self.left_out = left_out
        self.required_weight = required_weight
        self.fleet = [self.problem.vehicle_types[i] for i in index.fleet]
        self.dimensions = self._dimensions()
        self.dummy = len(self.problem.depots)

    def build(self) -> EngineData:
        """Return the data with the maps back to the request."""
        clients, groups, origins = self._clients()
        shipments = [i for i, shipment in enumerate(self.problem.shipments) if shipment.id not in self.left_out]
        profiles = list(self.index.matrices)
        data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(len(self.problem.locations) + 1)],
            clients=clients,
            depots=self._depots(),
            vehicle_types=[self._vehicle_type(vehicle_type, profiles) for vehicle_type in self.fleet],
            distance_matrices=[self._distances(profile) for profile in profiles],
            duration_matrices=[self._durations(profile) for profile in profiles],
            groups=groups,
            shipments=[self._shipment(self.problem.shipments[i]) for i in shipments],
        )
        return EngineData(
            data=data,
            scaling=self.scaling,
            clients=origins,
            shipments=shipments,
            vehicle_types=list(self.index.fleet),
            optional_clients=self._prizes(self.problem.clients),
            optional_shipments=self._prizes(self.problem.shipments),
        )

    def _prizes(self, orders: Sequence[Client | Shipment]) -> dict[int, int]:
        return {i: nearest(order.prize, self.scaling.cost) for i, order in enumerate(orders) if not order.required}

    def _dimensions(self) -> Dimensions:
        every = (True,) * len(self.fleet)
        orders = orders_of(self.problem)
        rows = {self._eligibility(order) for order in orders if order.id not in self.left_out}
        return Dimensions(
            caller=self.index.dimensions,
            eligibility=sorted(rows - {every}),
            count_stops=any(vehicle_type.max_stops is not None for vehicle_type in self.fleet),
        )

    def _eligibility(self, order: Client | Shipment) -> tuple[bool, ...]:
        if order.allowed_vehicle_types is None and not order.skills:
            return (True,) * len(self.fleet)
        return tuple(may_serve(vehicle_type, order) for vehicle_type in self.fleet)

    def _load(self, amounts: dict[str, float], order: Client | Shipment | None) -> list[int]:
        """Return amounts by engine dimension; `order` is given where it counts as a stop and for its eligibility."""
        load = [
            up(amounts.get(name, 0.0), factor) for name, factor in zip(self.dimensions.caller, self.scaling.loads, strict=True)
        ]
        own = self._eligibility(order) if order is not None else None
        load += [int(row == own) for row in self.dimensions.eligibility]
        return [*load, int(order is not None)] if self.dimensions.count_stops else load

    def _clients(self) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup], list[tuple[int, int | None]]]:
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        origins: list[tuple[int, int | None]] = []
        for position, client in enumerate(self.problem.clients):
            if client.id in self.left_out:
                continue
            if len(client.time_windows) < 2:
                window = client.time_windows[0] if client.time_windows else None
                clients.append(self._client(client, window, None))
                origins.append((position, None))
                continue
            first = len(clients)
            for number, window in enumerate(client.time_windows):
                if window[1] < client.release_time:
                    continue
                clients.append(self._client(client, window, len(groups)))
                origins.append((position, number))
            must = client.required and self.required_weight is None
            groups.append(pyvrp.ClientGroup(list(range(first, len(clients))), required=must))
        return clients, groups, origins

    def _client(self, client: Client, window: list[float] | None, group: int | None) -> pyvrp.Client:
        required, prize = self._value(client)
        moments = self._window(window)
        return pyvrp.Client(
            location=self.index.location[client.location],
            delivery=self._load(client.delivery, client),
            pickup=self._load(client.pickup, None),
            service_duration=up(client.service_duration, self.scaling.time),
            # Rounded up, a release at the very end of a window would lie beyond it.
            release_time=min(up(client.release_time, self.scaling.time), moments.get("tw_late", LARGEST_INTEGER)),
            prize=prize,
            required=required and group is None,
            group=group,
            **moments,
        )

    def _value(self, order: Client | Shipment) -> tuple[bool, int]:
        """Return whether the engine must serve an order, and its prize."""
        if not order.required:
            return False, nearest(order.prize, self.scaling.cost)
        if self.required_weight is None:
            return True, 0
        return False, self.required_weight * (1 + order.priority)

    def _window(self, window: list[float] | None, names: tuple[str, str] = ("tw_early", "tw_late")) -> dict[str, int]:
        if window is None or not self.scaling.timed:
            return {}
        early = up(window[0], self.scaling.time)
        # Scaling inwards may turn a window of a single moment inside out.
        return {names[0]: early, names[1]: max(early, down(window[1], self.scaling.time))}

    def _shipment(self, shipment: Shipment) -> pyvrp.Shipment:
        required, prize = self._value(shipment)
        return pyvrp.Shipment(
            pickup_location=self.index.location[shipment.pickup.location],
            delivery_location=self.index.location[shipment.delivery.location],
            amount=self._load(shipment.amount, shipment),
            prize=prize,
            required=required,
            pickup_service_duration=up(shipment.pickup.service_duration, self.scaling.time),
            delivery_service_duration=up(shipment.delivery.service_duration, self.scaling.time),
            **self._step_window(shipment.pickup, "pickup"),
            **self._step_window(shipment.delivery, "delivery"),
        )

    def _step_window(self, step: ShipmentStep, name: str) -> dict[str, int]:
        window = step.time_windows[0] if step.time_windows else None
        return self._window(window, (f"{name}_tw_early", f"{name}_tw_late"))

    def _depots(self) -> list[pyvrp.Depot]:
        depots = [
            pyvrp.Depot(self.index.location[depot.location], **self._window(depot.time_window)) for depot in self.problem.depots
        ]
        return [*depots, pyvrp.Depot(len(self.problem.locations))]

    def _vehicle_type(self, vehicle_type: VehicleType, profiles: list[str]) -> pyvrp.VehicleType:
        place = self.index.depot
        limits = self._window(vehicle_type.shift)
        if vehicle_type.max_duration is not None:
            limits["shift_duration"] = down(vehicle_type.max_duration, self.scaling.time)
        if vehicle_type.max_distance is not None:
            limits["max_distance"] = down(vehicle_type.max_distance, self.scaling.distance)
        if vehicle_type.max_reloads is not None:
            limits["max_reloads"] = vehicle_type.max_reloads
        start, end = vehicle_type.start_depot, vehicle_type.end_depot
        return pyvrp.VehicleType(
            num_available=min(vehicle_type.count, len(self.problem.clients) + len(self.problem.shipments)),
            capacity=self._capacity(vehicle_type),
            start_depot=self.dummy if start is None else place[start],
            end_depot=self.dummy if end is None else place[end],
            fixed_cost=nearest(vehicle_type.fixed_cost, self.scaling.cost),
            unit_distance_cost=nearest(vehicle_type.cost_per_distance, self.scaling.distance_rate),
            unit_duration_cost=nearest(vehicle_type.cost_per_duration, self.scaling.duration_rate),
            profile=profiles.index(vehicle_type.profile),
            reload_depots=[place[depot] for depot in vehicle_type.reload_depots],
            **limits,
        )

    def _capacity(self, vehicle_type: VehicleType) -> list[int]:
        capacity = [
            down(vehicle_type.capacity[name], factor) if name in vehicle_type.capacity else UNLIMITED
            for name, factor in zip(self.dimensions.caller, self.scaling.loads, strict=True)
        ]
        place = self.fleet.index(vehicle_type)
        capacity += [UNLIMITED if row[place] else 0 for row in self.dimensions.eligibility]
        if self.dimensions.count_stops:
            capacity.append(UNLIMITED if vehicle_type.max_stops is None else vehicle_type.max_stops)
        return capacity

    def _distances(self, profile: str) -> NDArray[np.int64]:
        limited = any(vehicle_type.max_distance is not None for vehicle_type in self.fleet)
        scale = scaled_up if limited else scaled_nearest
        return _with_dummy(self.index.matrices[profile].distances, scale, self.scaling.distance)

    def _durations(self, profile: str) -> NDArray[np.int64]:
        durations = self.index.matrices[profile].durations
        if not self.scaling.timed:
            return np.zeros((len(durations) + 1, len(durations) + 1), dtype=np.int64)
        return _with_dummy(durations, scaled_up, self.scaling.time)


def _with_dummy(
    matrix: NDArray[np.float64], scale: Callable[[NDArray[np.float64], float], NDArray[np.int64]], factor: float
) -> NDArray[np.int64]:
    """Return the scaled matrix with one more location that is at no distance from all others."""
    size = len(matrix)
    result = np.zeros((size + 1, size + 1), dtype=np.int64)
    # By blocks of rows: no copy of the whole beside the result.
    for first in range(0, size, ROWS_A_BLOCK):
        result[first : min(first + ROWS_A_BLOCK, size), :size] = scale(matrix[first : first + ROWS_A_BLOCK], factor)
    return result
