"""
Orders that no vehicle can serve, whatever else is served: found before the search, with proof.

For each order and each vehicle type the best case is tried: the vehicle serves nothing else and every way is the shortest one.
When no vehicle type passes, the order is impossible and the nearest miss of all types is its reason.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.routing import Client, Shipment, ShipmentStep, Unassigned, UnassignedReason, VehicleType
from models.routing.solution import ReasonCode
from solvers.routing.best_case import BestCase
from solvers.routing.problem_index import ProblemIndex, may_serve, orders_of

TOLERANCE = 1e-6
"""A miss is one only beyond this share of the limit (of 1 at least)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """By how much a vehicle type fails an order even in the best case."""

    code: ReasonCode
    shortfall: float
    unit: str | None
    message: str


def impossible_orders(index: ProblemIndex, *, deadline: float = math.inf) -> dict[str, Unassigned]:
    """
    Return the clients and shipments that no vehicle can serve, by id, with the reasons.

    Parameters
    ----------
    index
        The problem.
    deadline
        Moment on the clock of `time.monotonic` after which ways that are not known yet prove nothing.
    """
    # Direct ways are quick to look at; only what fails on them needs the shortest ways.
    direct, shortest = BestCase(index, direct=True), BestCase(index, deadline=deadline)
    found = {}
    for order in orders_of(index.problem):
        reasons = reasons_against(index, order, direct)
        if reasons and not direct.is_straight:
            reasons = reasons_against(index, order, shortest)
        if reasons:
            found[order.id] = Unassigned(id=order.id, reasons=reasons)
    return found


def reasons_against(index: ProblemIndex, order: Client | Shipment, case: BestCase) -> list[UnassignedReason]:
    """Return why no vehicle type can serve an order, or nothing when one can in the best case."""
    fleet = [index.problem.vehicle_types[i] for i in index.fleet]
    allowed = [vehicle_type for vehicle_type in fleet if may_serve(vehicle_type, order)]
    if not allowed:
        return [_not_allowed(order, fleet)]
    misses = []
    for vehicle_type in allowed:
        miss = next(_misses(order, vehicle_type, case), None)
        if miss is None:
            return []
        misses.append(miss)
    nearest: dict[str, Miss] = {}
    for miss in misses:
        if miss.code not in nearest or miss.shortfall < nearest[miss.code].shortfall:
            nearest[miss.code] = miss
    return [
        UnassignedReason(
            code=miss.code,
            certainty="proven",
            message=miss.message,
            shortfall=miss.shortfall or None,
            unit=miss.unit if miss.shortfall else None,
        )
        for miss in nearest.values()
    ]


def _not_allowed(order: Client | Shipment, fleet: Sequence[VehicleType]) -> UnassignedReason:
    lacking = [sorted(set(order.skills) - set(vehicle_type.skills)) for vehicle_type in fleet]
    least = min(lacking, key=len)
    words = f"No vehicle of an allowed type has all the skills it asks for; the nearest lacks {', '.join(least)}."
    message = words if least else "No allowed vehicle type has vehicles."
    return UnassignedReason(
        code="NO_ALLOWED_VEHICLE_TYPE",
        certainty="proven",
        message=message,
        shortfall=float(len(least)) if least else None,
        unit="skills" if least else None,
    )


def _misses(order: Client | Shipment, vehicle_type: VehicleType, case: BestCase) -> Iterator[Miss]:
    """Yield what a vehicle type fails, the cheapest to compute first."""
    yield from _capacity(order, vehicle_type)
    if isinstance(order, Client):
        yield from _of_client(order, vehicle_type, case)
    else:
        yield from _of_shipment(order, vehicle_type, case)


def _capacity(order: Client | Shipment, vehicle_type: VehicleType) -> Iterator[Miss]:
    demands = [order.delivery, order.pickup] if isinstance(order, Client) else [order.amount]
    for demand in demands:
        for dimension, amount in demand.items():
            capacity = vehicle_type.capacity.get(dimension)
            if capacity is not None and amount > capacity + TOLERANCE * max(1.0, capacity):
                yield Miss(
                    code="DEMAND_EXCEEDS_VEHICLE_CAPACITY",
                    shortfall=amount - capacity,
                    unit=dimension,
                    message=f"It needs {amount:g} {dimension}; vehicle type {vehicle_type.id} holds {capacity:g}: "
                    f"{amount - capacity:g} too many.",
                )


def _of_client(client: Client, vehicle_type: VehicleType, case: BestCase) -> Iterator[Miss]:
    place = case.index.location[client.location]
    yield from _reach(vehicle_type, case, [place])
    depart = case.opening(vehicle_type)
    arrival = depart + case.duration_to(vehicle_type, place)
    if client.release_time:
        arrival = max(arrival, client.release_time + case.duration_from_any_depot(vehicle_type, place))
    start = _start(client.time_windows, arrival)
    if start is None:
        yield _late(arrival, max(window[1] for window in client.time_windows), vehicle_type)
        return
    finish = start + client.service_duration + case.duration_back(vehicle_type, place)
    yield from _return(finish, vehicle_type, case)
    away = case.duration_to(vehicle_type, place) + client.service_duration + case.duration_back(vehicle_type, place)
    yield from _duration(away, vehicle_type)
    yield from _distance(case.distance_to(vehicle_type, place) + case.distance_back(vehicle_type, place), vehicle_type)


def _of_shipment(shipment: Shipment, vehicle_type: VehicleType, case: BestCase) -> Iterator[Miss]:
    first, last = shipment.pickup, shipment.delivery
    origin, target = case.index.location[first.location], case.index.location[last.location]
    yield from _reach(vehicle_type, case, [origin, target])
    to_first, back = case.duration_to(vehicle_type, origin), case.duration_back(vehicle_type, target)
    between = case.duration_between(vehicle_type, origin, target)
    moment = case.opening(vehicle_type) + to_first
    steps: list[tuple[ShipmentStep, float]] = [(first, between), (last, back)]
    for step, onwards in steps:
        start = _start(step.time_windows, moment)
        if start is None:
            yield _late(moment, max(window[1] for window in step.time_windows), vehicle_type)
            return
        moment = start + step.service_duration + onwards
    yield from _return(moment, vehicle_type, case)
    yield from _duration(to_first + first.service_duration + between + last.service_duration + back, vehicle_type)
    way = case.distance_to(vehicle_type, origin) + case.distance_between(vehicle_type, origin, target)
    yield from _distance(way + case.distance_back(vehicle_type, target), vehicle_type)


def _reach(vehicle_type: VehicleType, case: BestCase, places: Sequence[int]) -> Iterator[Miss]:
    """Yield a miss where a way to the first place, between the places or back from the last one does not exist."""
    longest = case.index.travel.longest_route(vehicle_type.profile)
    if longest is None:
        return
    names = [case.index.problem.locations[place].id for place in places]
    legs = [(case.distance_to(vehicle_type, places[0]), f"from depot {vehicle_type.start_depot} to location {names[0]}")]
    if len(places) > 1:
        between = case.distance_between(vehicle_type, places[0], places[1])
        legs.append((between, f"from location {names[0]} to location {names[1]}"))
    legs.append((case.distance_back(vehicle_type, places[-1]), f"from location {names[-1]} to depot {vehicle_type.end_depot}"))
    for length, words in legs:
        if length > longest:
            message = f"There is no way {words} (profile {vehicle_type.profile})."
            yield Miss(code="UNREACHABLE", shortfall=0.0, unit=None, message=message)


def _start(windows: Sequence[Sequence[float]], arrival: float) -> float | None:
    """Return the earliest start of service after arrival, None when every window has closed."""
    if not windows:
        return arrival
    fitting = [window[0] for window in windows if window[1] + TOLERANCE * max(1.0, window[1]) >= arrival]
    return max(arrival, min(fitting)) if fitting else None


def _late(arrival: float, latest: float, vehicle_type: VehicleType) -> Miss:
    return Miss(
        code="TIME_WINDOW_UNREACHABLE",
        shortfall=arrival - latest,
        unit="s",
        message=f"Vehicle type {vehicle_type.id} arrives at {arrival:g} at the earliest, the last window closes at {latest:g}: "
        f"{arrival - latest:g} s late.",
    )


def _return(finish: float, vehicle_type: VehicleType, case: BestCase) -> Iterator[Miss]:
    closing = case.closing(vehicle_type)
    if finish > closing + TOLERANCE * max(1.0, closing):
        yield Miss(
            code="TIME_WINDOW_UNREACHABLE",
            shortfall=finish - closing,
            unit="s",
            message=f"Vehicle type {vehicle_type.id} is back at {finish:g} at the earliest, its shift or depot closes at "
            f"{closing:g}: {finish - closing:g} s late.",
        )


def _duration(duration: float, vehicle_type: VehicleType) -> Iterator[Miss]:
    limit = None if vehicle_type.max_duration is None else vehicle_type.max_duration + vehicle_type.max_overtime
    if limit is not None and duration > limit + TOLERANCE * max(1.0, limit):
        yield Miss(
            code="MAX_DURATION_EXCEEDED",
            shortfall=duration - limit,
            unit="s",
            message=f"A route for it alone takes {duration:g} s with vehicle type {vehicle_type.id}, its limit is {limit:g} s.",
        )


def _distance(distance: float, vehicle_type: VehicleType) -> Iterator[Miss]:
    limit = vehicle_type.max_distance
    if limit is not None and distance > limit + TOLERANCE * max(1.0, limit):
        yield Miss(
            code="MAX_DISTANCE_EXCEEDED",
            shortfall=distance - limit,
            unit="distance",
            message=f"A route for it alone is {distance:g} long with vehicle type {vehicle_type.id}, its limit is {limit:g}.",
        )
