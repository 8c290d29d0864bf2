"""VROOM through pyvroom, exploration level 5, on the same integer matrix as durations and costs."""

from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from benchmarks.peers.task import depot_window, fleet, load, run, window

LATEST = 2**31 - 1
EXPLORATION = 5
"""VROOM's most thorough search."""


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return routes; clients that VROOM leaves out although they are required show as violations at the referee."""
    request = task["request"]
    matrix = np.load(task["matrix"]).astype(np.uint32)
    problem = vroom.Input()
    problem.set_durations_matrix("car", matrix)
    problem.set_distances_matrix("car", matrix)
    skills = {kind["id"]: k + 1 for k, kind in enumerate(request["vehicle_types"])}
    names = _add_work(problem, request)
    kind_of = _add_vehicles(problem, request, skills)
    answer = problem.solve(EXPLORATION, nb_threads=task["threads"], timeout=timedelta(seconds=task["time_limit"]))
    routes: dict[int, list[str]] = {}
    for row in answer.routes[["vehicle_id", "type", "id"]].itertuples(index=False):
        if row.type not in ("start", "end"):
            routes.setdefault(int(row.vehicle_id), []).append(names[row.type, int(row.id)])
    return {"routes": [{"vehicle_type": kind_of[vehicle], "stops": stops} for vehicle, stops in routes.items()]}, None


def _add_work(problem: Any, request: dict[str, Any]) -> dict[tuple[str, int], str]:
    place = {item["id"]: k for k, item in enumerate(request["locations"])}
    names: dict[tuple[str, int], str] = {}
    for k, item in enumerate(request["clients"]):
        early, late = window(item, latest=LATEST)
        windows = [vroom.TimeWindow(early, late)] if "time_windows" in item else []
        problem.add_job(
            vroom.Job(
                id=k,
                location=place[item["location"]],
                default_service=int(item.get("service_duration", 0)),
                delivery=vroom.Amount([load(item.get("delivery"))]),
                pickup=vroom.Amount([load(item.get("pickup"))]),
                time_windows=windows,
            )
        )
        names["job", k] = item["id"]
    for k, item in enumerate(request.get("shipments", [])):
        problem.add_shipment(
            *(_step(item[end], k, place) for end in ("pickup", "delivery")), vroom.Amount([load(item["amount"])])
        )
        names |= {("pickup", k): f"pickup:{item['id']}", ("delivery", k): f"delivery:{item['id']}"}
    return names


def _step(end: dict[str, Any], number: int, place: dict[str, int]) -> Any:
    early, late = window(end, latest=LATEST)
    return vroom.ShipmentStep(
        number,
        place[end["location"]],
        default_service=int(end.get("service_duration", 0)),
        time_windows=[vroom.TimeWindow(early, late)],
    )


def _add_vehicles(problem: Any, request: dict[str, Any], skills: dict[str, int]) -> dict[int, str]:
    place = {item["id"]: k for k, item in enumerate(request["locations"])}
    depot = {item["id"]: place[item["location"]] for item in request["depots"]}
    kind_of: dict[int, str] = {}
    for kind in fleet(request):
        early, late = depot_window(request, kind["start_depot"], latest=LATEST)
        for _ in range(kind["count"]):
            number = len(kind_of)
            kind_of[number] = kind["id"]
            problem.add_vehicle(
                vroom.Vehicle(
                    number,
                    start=depot[kind["start_depot"]],
                    end=depot[kind["end_depot"]],
                    capacity=vroom.Amount([load(kind["capacity"]) if "capacity" in kind else LATEST]),
                    time_window=vroom.TimeWindow(early, late),
                    costs=vroom.VehicleCosts(fixed=int(kind.get("fixed_cost", 0))),
                    skills={skills[kind["id"]]},
                )
            )
    return kind_of


if __name__ == "__main__":
    run(solve, "pyvroom")
