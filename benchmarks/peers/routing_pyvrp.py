"""PyVRP called directly, on the same integer matrix."""

from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from benchmarks.peers.task import depot_window, load, run, window

LATEST = np.iinfo(np.int64).max

LIMITS = {"shift_duration": "max_duration", "max_distance": "max_distance", "max_reloads": "max_reloads"}
"""PyVRP's limits of a route and the fields that hold them."""


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return routes; an infeasible best solution is an error."""
    data, names = problem(task["request"], np.load(task["matrix"]))
    result = pyvrp.solve(data, stop=MaxRuntime(task["time_limit"]), seed=task["seed"], display=False)
    if not result.is_feasible():
        return {}, "no feasible solution"
    kinds = [kind["id"] for kind in task["request"]["vehicle_types"]]
    routes = [
        {"vehicle_type": kinds[route.vehicle_type()], "stops": [names[key(stop)] for stop in route.schedule()[1:-1]]}
        for route in result.best.routes()
    ]
    return {"routes": routes}, None


def key(activity: Any) -> tuple[str, int]:
    """Return what identifies an activity: its type and its index."""
    return (activity.type.name, activity.idx)


def problem(request: dict[str, Any], matrix: Any) -> tuple[Any, dict[tuple[str, int], str]]:
    """Return PyVRP's data and the name of every activity, a depot as the reload there."""
    place = {item["id"]: k for k, item in enumerate(request["locations"])}
    # As pyvrp.read does: PyVRP bounds its penalty of a unit of load, which must not be small beside costs in scaled units.
    units = round(request["travel"].get("scale", 1))
    depot = {item["id"]: k for k, item in enumerate(request["depots"])}
    profiles, matrices = _profiles(request, matrix, place)
    clients = [
        pyvrp.Client(
            location=place[item["location"]],
            delivery=[units * load(item.get("delivery"))],
            pickup=[units * load(item.get("pickup"))],
            service_duration=int(item.get("service_duration", 0)),
            tw_early=window(item, latest=LATEST)[0],
            tw_late=window(item, latest=LATEST)[1],
            release_time=int(item.get("release_time", 0)),
            prize=int(item.get("prize", 0)),
            required=item.get("required", True),
        )
        for item in request["clients"]
    ]
    kinds = [_vehicle_type(request, kind, depot, profiles[k], units) for k, kind in enumerate(request["vehicle_types"])]
    names = {("CLIENT", k): item["id"] for k, item in enumerate(request["clients"])}
    names |= {("DEPOT", k): f"reload:{item['id']}" for k, item in enumerate(request["depots"])}
    for k, item in enumerate(request.get("shipments", [])):
        names |= {("PICKUP", k): f"pickup:{item['id']}", ("DELIVERY", k): f"delivery:{item['id']}"}
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(x=item["x"], y=item["y"]) for item in request["locations"]],
        clients=clients,
        depots=[pyvrp.Depot(location=place[item["location"]]) for item in request["depots"]],
        vehicle_types=kinds,
        distance_matrices=matrices,
        duration_matrices=matrices,
        shipments=[_shipment(item, place, units) for item in request.get("shipments", [])],
    )
    return data, names


def _profiles(request: dict[str, Any], matrix: Any, place: dict[str, int]) -> tuple[list[int], list[Any]]:
    """Return the profile of every vehicle type and the matrices: clients that a type may not serve are far away."""
    profiles: list[int] = []
    matrices: list[Any] = []
    seen: dict[tuple[int, ...], int] = {}
    for kind in request["vehicle_types"]:
        allowed = [item.get("allowed_vehicle_types") for item in request["clients"]]
        banned = tuple(
            place[item["location"]]
            for item, names in zip(request["clients"], allowed, strict=True)
            if names is not None and kind["id"] not in names
        )
        if banned not in seen:
            seen[banned] = len(matrices)
            far = matrix.copy()
            far[list(banned), :] = far[:, list(banned)] = 2**30
            np.fill_diagonal(far, 0)
            matrices.append(far)
        profiles.append(seen[banned])
    return profiles, matrices


def _vehicle_type(request: dict[str, Any], kind: dict[str, Any], depot: dict[str, int], profile: int, units: int) -> Any:
    early, late = depot_window(request, kind["start_depot"], latest=LATEST)
    limits = {name: kind.get(field) for name, field in LIMITS.items()}
    return pyvrp.VehicleType(
        num_available=kind["count"],
        capacity=[units * load(kind["capacity"])] if "capacity" in kind else [LATEST],
        start_depot=depot[kind["start_depot"]],
        end_depot=depot[kind["end_depot"]],
        fixed_cost=int(kind.get("fixed_cost", 0)),
        tw_early=early,
        tw_late=late,
        unit_distance_cost=int(kind.get("cost_per_distance", 1)),
        profile=profile,
        reload_depots=[depot[name] for name in kind.get("reload_depots", [])],
        **{name: int(value) for name, value in limits.items() if value is not None},
    )


def _shipment(item: dict[str, Any], place: dict[str, int], units: int) -> Any:
    ends: dict[str, Any] = {}
    for end in ("pickup", "delivery"):
        early, late = window(item[end], latest=LATEST)
        ends |= {
            f"{end}_location": place[item[end]["location"]],
            f"{end}_tw_early": early,
            f"{end}_tw_late": late,
            f"{end}_service_duration": int(item[end].get("service_duration", 0)),
        }
    return pyvrp.Shipment(amount=[units * load(item.get("amount"))], **ends)


if __name__ == "__main__":
    run(solve, "pyvrp")
