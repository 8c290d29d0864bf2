"""The request as the independent check reads it: names to objects, and length and duration of single arcs."""

import math
from collections.abc import Callable, Collection, Mapping

from models.routing import Client, Depot, Route, RoutingProblem, Shipment, ShipmentStep, Stop, VehicleType
from solvers.routing.check_road import RoadCheck

EARTH_RADIUS = 6_371_008.8
ROUNDING_DOUBT = 1e-9
"""Relative doubt about the last bits of a sine: both roundings are accepted for a number this close to the border."""


class Request:
    """
    Lookups by name.

    `nodes` holds the road node of each location as the answer reports it, see `RoadCheck`.
    """

    def __init__(self, problem: RoutingProblem, *, nodes: Mapping[str, str] | None = None) -> None:
        self.problem = problem
        self.clients: dict[str, Client] = {client.id: client for client in problem.clients}
        self.shipments: dict[str, Shipment] = {shipment.id: shipment for shipment in problem.shipments}
        self.depots: dict[str, Depot] = {depot.id: depot for depot in problem.depots}
        self.vehicle_types: dict[str, VehicleType] = {v.id: v for v in problem.vehicle_types}
        self.rows = {location.id: i for i, location in enumerate(problem.locations)}
        self.road: RoadCheck | None = None
        if problem.travel.metric == "road" and problem.travel.road is not None:
            hubs = frozenset(depot.location for depot in problem.depots)
            self.road = RoadCheck(problem.travel.road, problem.locations, hubs=hubs, nodes=nodes or {})

    def names(self, kind: str) -> Collection[str]:
        """Return the names that a stop of a kind may have."""
        if kind == "client":
            return self.clients.keys()
        return self.shipments.keys() if kind in ("pickup", "delivery") else self.depots.keys()

    def step(self, stop: Stop) -> ShipmentStep:
        """Return the end of a shipment at which a stop is."""
        shipment = self.shipments[str(stop.id)]
        return shipment.pickup if stop.kind == "pickup" else shipment.delivery

    def windows(self, stop: Stop) -> list[list[float]]:
        """Return the time windows of a client or shipment stop."""
        return self.clients[str(stop.id)].time_windows if stop.kind == "client" else self.step(stop).time_windows

    def end(self, stop: Stop) -> Client | ShipmentStep | None:
        """Return the client or the end of a shipment that a stop serves, None for depots and breaks."""
        if stop.kind == "client":
            return self.clients[str(stop.id)]
        return self.step(stop) if stop.kind in ("pickup", "delivery") else None

    def spent(self, stop: Stop, *, arrived_from: str | None) -> float:
        """Return the setup and service durations of a stop; there is no setup when the stop before is at the same location."""
        end = self.end(stop)
        if end is None:
            return 0.0
        return end.service_duration + (0.0 if arrived_from == stop.location else end.setup_duration)

    def lateness_cost(self, route: Route) -> float:
        """Return the price of all services of a route that start after their due times."""
        parts = []
        for stop in route.stops:
            end = self.end(stop)
            if end is not None and end.due_time is not None:
                parts.append(end.cost_per_lateness * max(0.0, stop.start_service - end.due_time))
        return math.fsum(parts)

    def overtime(self, route: Route) -> float:
        """Return by how many seconds a route ends after its shift or lasts too long, whichever is more."""
        vehicle_type = self.vehicle_types[route.vehicle_type]
        returned, departed = route.stops[-1].start_service, route.stops[0].departure
        late = 0.0 if vehicle_type.shift is None else returned - vehicle_type.shift[1]
        long = 0.0 if vehicle_type.max_duration is None else returned - departed - vehicle_type.max_duration
        return max(0.0, late, long)

    def place(self, stop: Stop) -> str | None:
        """Return the id of the location at which a stop must be."""
        if stop.id is None:
            return None
        if stop.kind == "client":
            return self.clients[stop.id].location
        return self.step(stop).location if stop.kind in ("pickup", "delivery") else self.depots[stop.id].location

    def distance(self, vehicle_type: VehicleType, *, tail: str | None, head: str | None, near: float) -> float:
        """Return the distance of an arc, 0 where there is no way; of two roundings in doubt the one nearer to `near`."""
        if tail is None or head is None or tail == head or not self.has_way(vehicle_type, tail=tail, head=head):
            return 0.0
        profile = self.problem.travel.profiles[vehicle_type.profile]
        if self.road is not None:
            way = self.road.way(profile, tail=tail, head=head)
            return near if way is None else self._rounded(self.problem.travel.scale * profile.detour_factor * way[0], near)
        return self._rounded(self.problem.travel.scale * profile.detour_factor * self._raw(vehicle_type, tail, head), near)

    def duration(self, vehicle_type: VehicleType, *, tail: str | None, head: str | None, near: float) -> float:
        """Return the travel time of an arc, 0 where there is no way; of two roundings in doubt the one nearer to `near`."""
        if tail is None or head is None or tail == head or not self.has_way(vehicle_type, tail=tail, head=head):
            return 0.0
        profile = self.problem.travel.profiles[vehicle_type.profile]
        scale = self.problem.travel.scale
        if self.road is not None:
            way = self.road.way(profile, tail=tail, head=head)
            return near if way is None else self._rounded(scale * way[1] / profile.speed_factor, near)
        if profile.durations is not None:
            given = profile.durations[self.rows[tail]][self.rows[head]] or 0.0
            return self._rounded(scale * given / profile.speed_factor, near)
        length = scale * profile.detour_factor * self._raw(vehicle_type, tail, head)
        return self._rounded(length / ((profile.speed or 1.0) * profile.speed_factor), near)

    def has_way(self, vehicle_type: VehicleType, *, tail: str | None, head: str | None) -> bool:
        """Tell whether there is a way; one that is not searched for within the effort of the check counts as there."""
        if tail is None or head is None or tail == head:
            return True
        profile = self.problem.travel.profiles[vehicle_type.profile]
        if self.road is not None:
            way = self.road.way(profile, tail=tail, head=head)
            return way is None or not math.isinf(way[0])
        entries = (matrix[self.rows[tail]][self.rows[head]] for matrix in (profile.distances, profile.durations) if matrix)
        return all(entry is not None for entry in entries)

    def _raw(self, vehicle_type: VehicleType, tail: str, head: str) -> float:
        travel = self.problem.travel
        matrix = travel.profiles[vehicle_type.profile].distances
        if travel.metric == "matrix" and matrix is not None:
            return matrix[self.rows[tail]][self.rows[head]] or 0.0
        here, there = self.problem.locations[self.rows[tail]], self.problem.locations[self.rows[head]]
        if travel.metric == "euclidean":
            across, up = (there.x or 0.0) - (here.x or 0.0), (there.y or 0.0) - (here.y or 0.0)
            return math.sqrt(across * across + up * up)
        return _great_circle((here.lat or 0.0, here.lon or 0.0), (there.lat or 0.0, there.lon or 0.0))

    def _rounded(self, value: float, near: float) -> float:
        rounding = self.problem.travel.rounding
        if rounding == "none":
            return value
        rule: Callable[[float], float] = math.floor if rounding == "down" else lambda number: math.floor(number + 0.5)
        options = {float(rule(value * (1 + doubt))) for doubt in (-ROUNDING_DOUBT, 0.0, ROUNDING_DOUBT)}
        return min(options, key=lambda option: abs(option - near))


def _great_circle(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance on the sphere in metres, by the angle between the two unit vectors."""
    vectors = []
    for lat, lon in (here, there):
        north, east = math.radians(lat), math.radians(lon)
        vectors.append((math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)))
    (a, b, c), (d, e, f) = vectors
    cross = math.sqrt((b * f - c * e) ** 2 + (c * d - a * f) ** 2 + (a * e - b * d) ** 2)
    return EARTH_RADIUS * math.atan2(cross, a * d + b * e + c * f)
