"""
VRPLIB text (`.vrp`, `.sol`) to requests for `/v1/routing`.

The fields are those of PyVRP's dialect. Locations are named by their position in the file counted from 0 (depots first), which
is also how `.sol` files name the visits; vehicles are grouped into types by their attributes, in the order of the file.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import vrplib
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Convention:
    """How a set turns coordinates and times into integers."""

    rounding: str
    scale: int


CONVENTIONS = {
    "cvrp": Convention("nearest", 1),
    "vrptw": Convention("down", 10),
    "pcvrptw": Convention("down", 10),
    "hfvrp": Convention("nearest", 1_000),
    "mdvrptw": Convention("nearest", 1_000),
    "sdvrptw": Convention("nearest", 1_000),
    "vrpb": Convention("nearest", 1),
    "mtvrptwr": Convention("down", 10),
    "tsp": Convention("nearest", 1),
}
"""X (Uchoa et al. 2017) rounds to nearest; Gehring-Homberger, as in the DIMACS challenge, cuts off after one decimal.

Published costs come in several units (even within the heterogeneous-fleet set), so the best-known value is always the
cost that the referee finds for the published routes."""

FORBIDDEN = 10_000_000
"""Distance of an arc that may not be driven: more than any plan of the sets costs."""

Request = dict[str, Any]


def read_request(path: Path, convention: Convention) -> Request:
    """Return the routing request of a VRPLIB file (all times and costs in scaled units, options left out)."""
    instance = vrplib.read_instance(path, compute_edge_weights=False)
    return build_request(instance, convention)


def build_request(instance: dict[str, Any], convention: Convention) -> Request:
    """
    Return the routing request of a parsed VRPLIB instance.

    Parameters
    ----------
    instance
        What `vrplib.read_instance` returns; depots come first, in contiguous order.
    convention
        Rounding and scale of the set.
    """
    scale = convention.scale
    size = len(instance["node_coord"])
    depots = [int(index) for index in instance.get("depot", np.array([0]))]
    windows = scaled(np.asarray(instance["time_window"]), scale) if "time_window" in instance else None
    backhauls = "backhaul" in instance
    return {
        "locations": [{"id": str(k), "x": float(x), "y": float(y)} for k, (x, y) in enumerate(instance["node_coord"])],
        "travel": _linehauls_first(instance) if backhauls else _euclidean(convention),
        "depots": [{"id": f"d{k}", "location": str(k), **({"time_window": windows[k]} if windows else {})} for k in depots],
        "clients": _clients(instance, scale, windows, range(len(depots), size)),
        "vehicle_types": _vehicle_types(instance, scale, size=size, depots=len(depots)),
    }


def _euclidean(convention: Convention) -> dict[str, Any]:
    return {"metric": "euclidean", "rounding": convention.rounding, "scale": convention.scale}


def _linehauls_first(instance: dict[str, Any]) -> dict[str, Any]:
    """Return rounded distances in which no arc leads from the depot or a backhaul client to what it may not precede."""
    points = np.asarray(instance["node_coord"], dtype=float)
    distances = np.floor(np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1)) + 0.5).astype(np.int64)
    linehaul, backhaul = np.asarray(instance["demand"]) > 0, np.asarray(instance["backhaul"]) > 0
    distances[0, backhaul] = FORBIDDEN
    distances[np.ix_(backhaul, linehaul)] = FORBIDDEN
    return {"metric": "matrix", "profiles": {"default": {"distances": distances.tolist()}}}


def scaled(values: NDArray[Any], scale: int) -> Any:
    """Return numbers in scaled units, as integers where they are whole, ready for JSON."""
    product = np.round(values * float(scale), 6)
    whole = product.astype(np.int64)
    return whole.tolist() if np.array_equal(whole, product) else product.tolist()


def _clients(instance: dict[str, Any], scale: int, windows: Any, indices: range) -> list[dict[str, Any]]:
    size = indices.stop
    demand = np.asarray(instance.get("demand", instance.get("linehaul", np.zeros(size)))).reshape(size, -1)
    backhaul = np.asarray(instance.get("backhaul", np.zeros(size))).reshape(size, -1)
    released = scaled(np.broadcast_to(instance.get("release_time", 0), size), scale)
    service = scaled(np.broadcast_to(instance.get("service_time", 0), size), scale)
    prizes = scaled(np.broadcast_to(instance.get("prize", 0), size), scale)
    clients = []
    for k in indices:
        client: dict[str, Any] = {"id": str(k), "location": str(k)}
        if demand[k].any():
            client["delivery"] = {"load": int(demand[k][0])}
        if backhaul[k].any():
            client["pickup"] = {"load": int(backhaul[k][0])}
        if released[k]:
            client["release_time"] = released[k]
        if service[k]:
            client["service_duration"] = service[k]
        if windows:
            client["time_windows"] = [windows[k]]
        if prizes[k]:
            client |= {"required": False, "prize": prizes[k]}
        clients.append(client)
    if "vehicles_allowed_clients" in instance:
        _restrict(clients, instance, first=indices.start)
    return clients


def _restrict(clients: list[dict[str, Any]], instance: dict[str, Any], *, first: int) -> None:
    """Add to every client that some vehicle may not serve the vehicle types that may."""
    groups = vehicle_groups(instance, size=first + len(clients))
    for client in clients:
        node = int(client["id"]) + 1
        allowed = [f"v{k}" for k, group in enumerate(groups) if node in instance["vehicles_allowed_clients"][group[0]]]
        if len(allowed) < len(groups):
            client["allowed_vehicle_types"] = allowed


PER_VEHICLE = (
    "capacity",
    "vehicles_depot",
    "vehicles_fixed_cost",
    "vehicles_unit_distance_cost",
    "vehicles_max_duration",
    "vehicles_max_distance",
    "vehicles_allowed_clients",
    "vehicles_reload_depot",
    "vehicles_max_reloads",
)
"""VRPLIB fields with one value a vehicle (or one for all)."""


def vehicle_groups(instance: dict[str, Any], *, size: int) -> list[list[int]]:
    """Return the vehicles (positions in the file) of every vehicle type, in the order of the types."""
    count = int(instance.get("vehicles", size - len(instance.get("depot", [0]))))
    groups: dict[tuple[Any, ...], list[int]] = {}
    for vehicle in range(count):
        key = tuple(_hashable(_of_vehicle(instance, name, vehicle)) for name in PER_VEHICLE)
        groups.setdefault(key, []).append(vehicle)
    return list(groups.values())


def _of_vehicle(instance: dict[str, Any], name: str, vehicle: int) -> Any:
    value = instance.get(name)
    return value[vehicle] if isinstance(value, (list, np.ndarray)) else value


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, np.ndarray)) else value


def _vehicle_types(instance: dict[str, Any], scale: int, *, size: int, depots: int) -> list[dict[str, Any]]:
    types = []
    for k, group in enumerate(vehicle_groups(instance, size=size)):
        of = {name: _of_vehicle(instance, name, group[0]) for name in PER_VEHICLE}
        depot = f"d{int(of['vehicles_depot']) - 1 if of['vehicles_depot'] is not None and depots > 1 else 0}"
        kind: dict[str, Any] = {"id": f"v{k}", "count": len(group), "start_depot": depot, "end_depot": depot}
        if of["capacity"] is not None:
            kind["capacity"] = {"load": int(np.atleast_1d(of["capacity"])[0])}
        if of["vehicles_fixed_cost"] is not None:
            kind["fixed_cost"] = float(of["vehicles_fixed_cost"]) * scale
        if of["vehicles_unit_distance_cost"] is not None:
            kind["cost_per_distance"] = float(of["vehicles_unit_distance_cost"])
        if of["vehicles_max_duration"] is not None:
            kind["max_duration"] = float(of["vehicles_max_duration"]) * scale
        if of["vehicles_max_distance"] is not None:
            kind["max_distance"] = float(of["vehicles_max_distance"]) * scale
        if of["vehicles_reload_depot"] is not None:
            kind["reload_depots"] = [f"d{int(number) - 1}" for number in np.atleast_1d(of["vehicles_reload_depot"])]
        if of["vehicles_max_reloads"] is not None:
            kind["max_reloads"] = int(of["vehicles_max_reloads"])
        types.append(kind)
    return types


@dataclass(frozen=True, slots=True)
class PublishedRoutes:
    """Content of a `.sol` file: the visits of each vehicle, by vehicle number counted from 0, and the stated cost."""

    routes: dict[int, list[str]]
    cost: float | None


def read_solution(path: Path) -> PublishedRoutes:
    """Return the routes and the cost of a `.sol` file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^\s*Route\s*#?\s*(\d+)\s*:(.*)$", text, flags=re.MULTILINE | re.IGNORECASE)
    routes = {int(number) - 1: visits.split() for number, visits in found}
    cost = re.search(r"^\s*Cost\s*:?\s*([0-9.eE+-]+)", text, flags=re.MULTILINE | re.IGNORECASE)
    return PublishedRoutes({k: visits for k, visits in routes.items() if visits}, float(cost[1]) if cost else None)


def published_plan(path: Path, solution: PublishedRoutes) -> list[dict[str, Any]]:
    """Return the routes of a `.sol` file in the service's shape, with vehicle types; a depot on the way is a reload."""
    instance = vrplib.read_instance(path, compute_edge_weights=False)
    depots = {str(k): f"reload:d{k}" for k in range(len(instance.get("depot", [0])))}
    groups = vehicle_groups(instance, size=len(instance["node_coord"]))
    type_of = {vehicle: f"v{k}" for k, group in enumerate(groups) for vehicle in group}
    return [
        {"vehicle_type": type_of.get(k, "v0"), "stops": [depots.get(visit, visit) for visit in visits]}
        for k, visits in solution.routes.items()
    ]
