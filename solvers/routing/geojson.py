"""
A plan as GeoJSON (RFC 7946): a line for every route, a point for every stop and for every order that is left out.

Lines follow the road network where there is one, and are straight between stops otherwise. Positions are degrees east and
north; coordinates of the plane stand as they are. What has no coordinates has no geometry.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from models.routing import RoutingProblem, VehicleType
from solvers.travel.road_network import RoadNetwork
from solvers.travel.snapping import snapped

Position = list[float]
Plan = Mapping[str, Any]


def feature_collection(problem: RoutingProblem, plan: Plan) -> dict[str, Any]:
    """
    Return a plan as a feature collection.

    Parameters
    ----------
    problem
        The request.
    plan
        The solution of its answer, as JSON: `routes` and `unassigned`.
    """
    drawing = _Drawing(problem)
    return {"type": "FeatureCollection", "features": [*drawing.routes(plan), *drawing.left_out(plan)]}


class _Drawing:
    """Positions of locations, and lines between them."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.positions = {place.id: _position(place.x, place.y, place.lon, place.lat) for place in problem.locations}
        self.vehicle_types = {vehicle_type.id: vehicle_type for vehicle_type in problem.vehicle_types}
        road = problem.travel.road if problem.travel.metric == "road" else None
        self.nodes: dict[str, int] = {}
        self.network: RoadNetwork | None = None
        if road is not None:
            snapping = snapped(problem.locations, road)
            self.network = snapping.network
            pairs = zip(problem.locations, snapping.nodes.tolist(), strict=True)
            self.nodes = {location.id: node for location, node in pairs}

    def routes(self, plan: Plan) -> Iterator[dict[str, Any]]:
        """Yield each route, followed by its stops."""
        for number, route in enumerate(plan["routes"], start=1):
            names = {name: route[name] for name in ("vehicle_type", "vehicle")}
            line = self._line(self.vehicle_types[route["vehicle_type"]], [stop["location"] for stop in route["stops"]])
            own = {name: route[name] for name in ("distance", "duration", "cost")}
            geometry = {"type": "LineString", "coordinates": line} if len(line) > 1 else None
            yield _feature(geometry, {"kind": "route", "route": number, **names, **own})
            for place, stop in enumerate(route["stops"]):
                if stop["location"] is not None:
                    yield self._point(stop["location"], {**stop, "route": number, "place": place, **names})

    def left_out(self, plan: Plan) -> Iterator[dict[str, Any]]:
        """Yield each order that no route serves, where it is, or where it is picked up."""
        places = {client.id: client.location for client in self.problem.clients}
        places |= {shipment.id: shipment.pickup.location for shipment in self.problem.shipments}
        for order in plan["unassigned"]:
            # An evaluation lists names only; a plan also tells the reasons.
            name, reasons = (order, []) if isinstance(order, str) else (order["id"], order["reasons"])
            codes = [reason["code"] for reason in reasons]
            yield self._point(places[name], {"kind": "unassigned", "id": name, "location": places[name], "reasons": codes})

    def _point(self, location: str, properties: dict[str, Any]) -> dict[str, Any]:
        position = self.positions[location]
        return _feature(None if position is None else {"type": "Point", "coordinates": position}, properties)

    def _line(self, vehicle_type: VehicleType, locations: list[str | None]) -> list[Position]:
        """Return the positions along a route, none twice in a row; empty when any is not known."""
        known = [location for location in locations if location is not None]
        line = [self.positions[location] for location in known[:1]]
        for tail, head in pairwise(known):
            line += [*self._between(vehicle_type, tail, head), self.positions[head]]
        positions = [position for position in line if position is not None]
        if len(positions) < len(line):
            return []
        return [position for i, position in enumerate(positions) if i == 0 or position != positions[i - 1]]

    def _between(self, vehicle_type: VehicleType, tail: str, head: str) -> list[Position | None]:
        """Return the positions of the road nodes from one location to another."""
        if self.network is None or tail == head:
            return []
        table = self.network.table
        profile = self.problem.travel.profiles[vehicle_type.profile]
        path = self.network.path(self.nodes[tail], self.nodes[head], profile)
        return [_position(table.x[node], table.y[node], table.lon[node], table.lat[node]) for node in path]


def _position(x: float | None, y: float | None, lon: float | None, lat: float | None) -> Position | None:
    """Return degrees east and north, or the coordinates of the plane, or nothing."""
    if lon is not None and lat is not None:
        return [lon, lat]
    return None if x is None or y is None else [x, y]


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
