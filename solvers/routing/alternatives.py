"""Forced alternatives of a routing plan: who serves a client, what goes together and what comes first; light enough to load."""

from collections.abc import Iterator
from typing import Any

from models.errors import Issue, issue
from models.force import RoutingForce
from models.routing import RoutingProblem
from solvers.errors import UnforceableError

Changes = list[tuple[str, Any]]


def forced_changes(problem: RoutingProblem, force: RoutingForce) -> Changes:
    """
    Return the changes of the request that force an alternative; every order that is named becomes required.

    A vehicle type becomes the only one that the client allows. Orders together or apart become a relation. A client that comes
    first becomes the locked start of the route of a vehicle that has no lock yet: vehicles of a type are alike.

    Raises
    ------
    UnforceableError
        When something is unknown, nothing is forced, or the request rules the alternative out.
    """
    issues = [*_unknown(problem, force), *_empty(force), *_of_one_group(problem, force)]
    if issues:
        raise UnforceableError(issues)
    changes = [*_of_client(problem, force), *_of_relations(problem, force), *_required(problem, force)]
    return [*changes, *_without_rivals(problem, force)]


def _unknown(problem: RoutingProblem, force: RoutingForce) -> Iterator[Issue]:
    """Yield what the force names and the request does not have."""
    if force.client is not None and force.client not in {client.id for client in problem.clients}:
        yield issue("/force/client", "UNKNOWN_CLIENT", "No client has this id; correct the name.")
    if force.vehicle_type is not None and force.vehicle_type not in {vehicle.id for vehicle in problem.vehicle_types}:
        yield issue("/force/vehicle_type", "UNKNOWN_VEHICLE_TYPE", "No vehicle type has this id; correct the name.")
    orders = {client.id for client in problem.clients} | {shipment.id for shipment in problem.shipments}
    for field, names in (("together", force.together), ("apart", force.apart)):
        for i, name in enumerate(names or ()):
            if name not in orders:
                yield issue(f"/force/{field}/{i}", "UNKNOWN_ORDER", "No client or shipment has this id; correct the name.")
            elif name in (names or [])[:i]:
                yield issue(f"/force/{field}/{i}", "DUPLICATE_ORDER", "This order is named already; name each once.")
    if force.together and force.apart and len(set(force.together) & set(force.apart)) > 1:
        yield issue("/force/apart", "TOGETHER_AND_APART", "Two orders cannot be both together and apart; leave one out.")


def _empty(force: RoutingForce) -> Iterator[Issue]:
    """Yield an issue where nothing is forced, or a client is needed and not named."""
    if force.client is None and (force.first or force.vehicle_type is not None):
        field = "first" if force.first else "vehicle_type"
        yield issue("/force/client", "MISSING_FIELD", f"Name the client that `{field}` is about.")
    elif force.client is not None and not force.first and force.vehicle_type is None:
        yield issue("/force/vehicle_type", "NOTHING_FORCED", "Name a vehicle type for the client, or set `first`.")
    elif force.client is None and not force.together and not force.apart:
        yield issue("/force", "NOTHING_FORCED", "Force something: client and vehicle_type, first, together, or apart.")


def _of_client(problem: RoutingProblem, force: RoutingForce) -> Iterator[tuple[str, Any]]:
    place = next((i for i, client in enumerate(problem.clients) if client.id == force.client), None)
    if place is None:
        return
    if force.vehicle_type is not None:
        allowed = problem.clients[place].allowed_vehicle_types
        if allowed is not None and force.vehicle_type not in allowed:
            message = "The request does not allow this vehicle type for the client; allow it in a what-if first."
            raise UnforceableError([issue("/force/vehicle_type", "NO_ALLOWED_VEHICLE_TYPE", message)])
        yield f"/clients/{place}/allowed_vehicle_types", [force.vehicle_type]
    if force.first:
        yield "/locks", [*(lock.model_dump(mode="json") for lock in problem.locks), _first(problem, force)]


def _first(problem: RoutingProblem, force: RoutingForce) -> dict[str, Any]:
    """Return a lock with which a client begins the route of a vehicle that has no lock yet."""
    kinds = [kind for kind in problem.vehicle_types if force.vehicle_type in (None, kind.id) and kind.count]
    if len(kinds) != 1:
        message = "There are several vehicle types, or none with a vehicle; name one with vehicles."
        raise UnforceableError([issue("/force/vehicle_type", "MISSING_FIELD", message)])
    locked = {lock.vehicle for lock in problem.locks if lock.vehicle_type == kinds[0].id}
    free = next((number for number in range(1, kinds[0].count + 1) if number not in locked), None)
    if free is None:
        message = "Every vehicle of this type has a lock already; change the lock in a what-if instead."
        raise UnforceableError([issue("/force/first", "NO_VEHICLE_LEFT", message)])
    return {"vehicle_type": kinds[0].id, "vehicle": free, "prefix": [force.client]}


def _of_relations(problem: RoutingProblem, force: RoutingForce) -> Iterator[tuple[str, Any]]:
    added = [
        {"kind": kind, "orders": names}
        for kind, names in (("same_vehicle", force.together), ("different_vehicles", force.apart))
        if names
    ]
    if added:
        yield "/relations", [*(relation.model_dump(mode="json") for relation in problem.relations), *added]


def _required(problem: RoutingProblem, force: RoutingForce) -> Iterator[tuple[str, Any]]:
    """Yield that every order which is named must be served."""
    named = _named(force)
    for i, client in enumerate(problem.clients):
        if client.id in named and not client.required:
            yield f"/clients/{i}/required", True
    for i, shipment in enumerate(problem.shipments):
        if shipment.id in named and not shipment.required:
            yield f"/shipments/{i}/required", True


def _without_rivals(problem: RoutingProblem, force: RoutingForce) -> Iterator[tuple[str, Any]]:
    """Yield that no vehicle serves the others of a group of which exactly one is served, and that is named."""
    named = _named(force)
    groups = {client.group for client in problem.clients if client.id in named and client.group is not None}
    for i, client in enumerate(problem.clients):
        if client.group in groups and client.id not in named:
            yield f"/clients/{i}/allowed_vehicle_types", []


def _of_one_group(problem: RoutingProblem, force: RoutingForce) -> Iterator[Issue]:
    """Yield an issue where two clients are named of which only one is ever served."""
    group = {client.id: client.group for client in problem.clients if client.group is not None}
    for field, names in (("together", force.together or []), ("apart", force.apart or [])):
        seen: dict[str, str] = {} if force.client not in group else {group[force.client]: force.client}
        for i, name in enumerate(names):
            if name in group and seen.setdefault(group[name], name) != name:
                message = "Only one client of a group is served, and two of one are named; name one."
                yield issue(f"/force/{field}/{i}", "SAME_GROUP", message)


def _named(force: RoutingForce) -> set[str]:
    names = {force.client, *(force.together or ()), *(force.apart or ())}
    return {name for name in names if name is not None}
