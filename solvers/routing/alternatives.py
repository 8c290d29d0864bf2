"""Forced alternatives of a routing plan: which type of vehicle serves a client; light enough for the front door."""

from collections.abc import Mapping
from typing import Any

from models.errors import issue
from models.force import RoutingForce
from models.routing import RoutingProblem
from solvers.errors import UnforceableError

Changes = list[tuple[str, Any]]
UNASSIGNED = "unassigned"


def forced_changes(problem: RoutingProblem, force: RoutingForce) -> Changes:
    """
    Return the changes that force a client onto a type of vehicle: it is the only one allowed, and the client is required.

    Raises
    ------
    UnforceableError
        When client or vehicle type is unknown, or the type may not serve the client at all.
    """
    index = next((index for index, client in enumerate(problem.clients) if client.id == force.client), None)
    issues = []
    if index is None:
        issues.append(issue("/force/client", "UNKNOWN_CLIENT", "No client has this id; correct the name."))
    if force.vehicle_type not in {vehicle.id for vehicle in problem.vehicle_types}:
        issues.append(issue("/force/vehicle_type", "UNKNOWN_VEHICLE_TYPE", "No vehicle type has this id; correct the name."))
    if issues or index is None:
        raise UnforceableError(issues)
    allowed = problem.clients[index].allowed_vehicle_types
    if allowed is not None and force.vehicle_type not in allowed:
        message = "The request does not allow this vehicle type for the client; allow it in a what-if first."
        raise UnforceableError([issue("/force/vehicle_type", "NO_ALLOWED_VEHICLE_TYPE", message)])
    changes: Changes = [(f"/clients/{index}/allowed_vehicle_types", [force.vehicle_type])]
    return changes if problem.clients[index].required else [*changes, (f"/clients/{index}/required", True)]


def decisions(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the vehicle of every client and shipment."""
    found: dict[str, float | str] = {
        stop["id"]: f"{route['vehicle_type']} {route['vehicle']}"
        for route in solution["routes"]
        for stop in route["stops"]
        if stop["kind"] in ("client", "pickup")
    }
    return found | {left["id"]: UNASSIGNED for left in solution["unassigned"]}
