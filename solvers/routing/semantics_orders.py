"""Issues of clients and shipments."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.routing import Client, RoutingProblem, Shipment
from solvers.routing.semantics_references import unknown, window_issues


def order_issues(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield issues of every client and shipment."""
    places = {location.id for location in problem.locations}
    vehicle_types = {vehicle_type.id for vehicle_type in problem.vehicle_types}
    for i, client in enumerate(problem.clients):
        pointer = f"/clients/{i}"
        yield from unknown(f"{pointer}/location", client.location, places, "location")
        for j, window in enumerate(client.time_windows):
            yield from window_issues(f"{pointer}/time_windows/{j}", window)
        yield from _allowed(pointer, client, vehicle_types)
    depots = {depot.location for depot in problem.depots}
    for i, shipment in enumerate(problem.shipments):
        pointer = f"/shipments/{i}"
        yield from _shipment(pointer, shipment, places, depots)
        yield from _allowed(pointer, shipment, vehicle_types)


def _shipment(pointer: str, shipment: Shipment, places: set[str], depots: set[str]) -> Iterator[Issue]:
    for name, step in (("pickup", shipment.pickup), ("delivery", shipment.delivery)):
        yield from unknown(f"{pointer}/{name}/location", step.location, places, "location")
        for j, window in enumerate(step.time_windows):
            yield from window_issues(f"{pointer}/{name}/time_windows/{j}", window)
    if shipment.pickup.location == shipment.delivery.location:
        yield issue(
            f"{pointer}/delivery/location",
            "SHIPMENT_GOES_NOWHERE",
            "Pickup and delivery are at the same location; leave the shipment out or correct one of them.",
        )
    if shipment.pickup.location in depots:
        yield issue(
            f"{pointer}/pickup/location",
            "SHIPMENT_STARTS_AT_DEPOT",
            "The pickup is at the location of a depot; make it a client with `delivery` instead.",
        )


def _allowed(pointer: str, order: Client | Shipment, vehicle_types: set[str]) -> Iterator[Issue]:
    for j, name in enumerate(order.allowed_vehicle_types or ()):
        yield from unknown(f"{pointer}/allowed_vehicle_types/{j}", name, vehicle_types, "vehicle type")
