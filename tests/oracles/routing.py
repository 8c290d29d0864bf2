"""
Exact answers for tiny routing problems: every order of every subset of stops on every vehicle type, then the best partition.

Reads the request as plain JSON and shares nothing with the product. No reloads; at most about seven stops.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Stop = tuple[str, dict[str, Any]]
Request = dict[str, Any]
Value = tuple[float, float]
"""Weight of required orders left out, then money."""


@dataclass(frozen=True, kw_only=True)
class Ride:
    """Simulated course of one vehicle."""

    distance: float
    duration: float


def best_value(request: Request) -> Value:
    """Return the least (weight of required orders left out, cost) over all plans."""
    orders = [("client", client) for client in request["clients"]] + [
        ("shipment", shipment) for shipment in request.get("shipments", [])
    ]
    fleet = request["vehicle_types"]
    costs = [_route_costs(request, vehicle_type, orders) for vehicle_type in fleet]
    everything = (1 << len(orders)) - 1
    reached: dict[int, float] = {0: 0.0}
    for vehicle_type, cost in zip(fleet, costs, strict=True):
        for _ in range(min(vehicle_type["count"], len(orders))):
            reached = _one_more(reached, cost)
    return min(_value(orders, everything & ~served, cost) for served, cost in reached.items())


def _one_more(reached: dict[int, float], routes: dict[int, float]) -> dict[int, float]:
    """Return the least cost of every set of served orders with one vehicle more."""
    extended = dict(reached)
    for served, cost in reached.items():
        for subset, extra in routes.items():
            if not served & subset:
                extended[served | subset] = min(extended.get(served | subset, math.inf), cost + extra)
    return extended


def _value(orders: Sequence[Stop], left_out: int, cost: float) -> Value:
    missing = [order for i, (_, order) in enumerate(orders) if left_out >> i & 1]
    weight = sum(1 + order.get("priority", 0) for order in missing if order.get("required", True))
    return weight, cost + sum(order.get("prize", 0) for order in missing if not order.get("required", True))


def _route_costs(request: Request, vehicle_type: dict[str, Any], orders: Sequence[Stop]) -> dict[int, float]:
    """Return the least cost of serving each set of orders with one vehicle, for the sets that it can serve."""
    costs = {}
    for subset in range(1, 1 << len(orders)):
        chosen = [order for i, order in enumerate(orders) if subset >> i & 1]
        if all(_allowed(vehicle_type, order) for _, order in chosen):
            found = [_cost(request, vehicle_type, stops) for stops in _sequences(chosen)]
            least = min(found, default=math.inf)
            if least < math.inf:
                costs[subset] = least
    return costs


def _allowed(vehicle_type: dict[str, Any], order: dict[str, Any]) -> bool:
    allowed = order.get("allowed_vehicle_types")
    return (allowed is None or vehicle_type["id"] in allowed) and set(order.get("skills", [])) <= set(
        vehicle_type.get("skills", [])
    )


def _sequences(orders: Sequence[Stop]) -> Iterator[tuple[Stop, ...]]:
    stops: list[Stop] = []
    for kind, order in orders:
        stops += [("client", order)] if kind == "client" else [("pickup", order), ("delivery", order)]
    for sequence in itertools.permutations(stops):
        seen: set[str] = set()
        for kind, order in sequence:
            if kind == "pickup":
                seen.add(order["id"])
            if kind == "delivery" and order["id"] not in seen:
                break
        else:
            yield sequence


def _cost(request: Request, vehicle_type: dict[str, Any], stops: Sequence[Stop]) -> float:
    limit = vehicle_type.get("max_stops")
    if (limit is not None and len(stops) > limit) or not _fits(vehicle_type, stops):
        return math.inf
    rides = [ride for windows in _choices(stops) if (ride := _ride(request, vehicle_type, stops, windows)) is not None]
    costs = [
        vehicle_type.get("fixed_cost", 0)
        + vehicle_type.get("cost_per_distance", 1) * ride.distance
        + vehicle_type.get("cost_per_duration", 0) * ride.duration
        for ride in rides
        if ride.distance <= (vehicle_type.get("max_distance") or math.inf)
        and ride.duration <= (vehicle_type.get("max_duration") or math.inf)
    ]
    return min(costs, default=math.inf)


def _fits(vehicle_type: dict[str, Any], stops: Sequence[Stop]) -> bool:
    for dimension, capacity in vehicle_type.get("capacity", {}).items():
        load = sum(order.get("delivery", {}).get(dimension, 0) for kind, order in stops if kind == "client")
        if load > capacity:
            return False
        for kind, order in stops:
            if kind == "client":
                load += order.get("pickup", {}).get(dimension, 0) - order.get("delivery", {}).get(dimension, 0)
            else:
                load += order.get("amount", {}).get(dimension, 0) * (1 if kind == "pickup" else -1)
            if load > capacity:
                return False
    return True


def _choices(stops: Sequence[Stop]) -> Iterator[tuple[Sequence[float], ...]]:
    """Yield every choice of one window per stop."""
    return itertools.product(*(_place(stop).get("time_windows") or [(0, math.inf)] for stop in stops))


def _place(stop: Stop) -> dict[str, Any]:
    kind, order = stop
    return order if kind == "client" else order[kind]


def _ride(
    request: Request, vehicle_type: dict[str, Any], stops: Sequence[Stop], windows: Sequence[Sequence[float]]
) -> Ride | None:
    """Return the ride that finishes first and then starts last, or None when a window is missed."""
    depots = {depot["id"]: depot for depot in request["depots"]}
    ends = [depots.get(vehicle_type.get(name)) for name in ("start_depot", "end_depot")]
    shift = vehicle_type.get("shift") or (0, math.inf)
    borders = [(depot or {}).get("time_window") or (0, math.inf) for depot in ends]
    release = max(order.get("release_time", 0) for _, order in stops)
    early = max(borders[0][0], shift[0], release)
    closed = [(early, min(borders[0][1], shift[1])), *windows, (max(borders[1][0], shift[0]), min(borders[1][1], shift[1]))]
    places = [(ends[0] or {}).get("location"), *(_place(stop)["location"] for stop in stops), (ends[1] or {}).get("location")]
    services = [0, *(_place(stop).get("service_duration", 0) for stop in stops), 0]
    hops = [_hop(request, *pair) for pair in itertools.pairwise(places)]
    starts = _simulate(closed, services, hops, early)
    if starts is None:
        return None
    latest = math.inf
    for i in reversed(range(len(closed))):
        latest = min(closed[i][1], latest - (services[i] + hops[i] if i < len(hops) else 0))
    busy = sum(services) + sum(hops)
    departure = max(early, min(starts[-1] - busy, latest))
    again = _simulate(closed, services, hops, departure)
    return None if again is None else Ride(distance=sum(hops), duration=again[-1] - departure)


def _simulate(
    windows: Sequence[Sequence[float]], services: Sequence[float], hops: Sequence[float], departure: float
) -> list[float] | None:
    starts = []
    moment = departure
    for i, window in enumerate(windows):
        moment = max(moment, window[0])
        if moment > window[1] + 1e-9:
            return None
        starts.append(moment)
        moment += services[i] + (hops[i] if i < len(hops) else 0)
    return starts


def _hop(request: Request, tail: str | None, head: str | None) -> float:
    """Return distance and travel time, rounded to the nearest integer, in the plane."""
    if tail is None or head is None:
        return 0.0
    points = {location["id"]: (location["x"], location["y"]) for location in request["locations"]}
    return math.floor(math.dist(points[tail], points[head]) + 0.5)
