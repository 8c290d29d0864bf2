"""OR-Tools' routing library: parallel cheapest insertion, then guided local search, on the same integer matrix."""

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.peers.task import depot_window, fleet, is_timed, load, run, window

LATEST = 2**40


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return routes, or an error when no plan was found."""
    request, matrix = task["request"], np.load(task["matrix"])
    vehicles = [kind for kind in fleet(request) for _ in range(kind["count"])]
    stops = _stops(request)
    place = {item["id"]: k for k, item in enumerate(request["locations"])}
    depot = {item["id"]: place[item["location"]] for item in request["depots"]}
    nodes = [place[stop["location"]] for _, stop, _ in stops]
    starts = range(len(stops), len(stops) + len(vehicles))
    ends = range(len(stops) + len(vehicles), len(stops) + 2 * len(vehicles))
    nodes += [depot[kind["start_depot"]] for kind in vehicles] + [depot[kind["end_depot"]] for kind in vehicles]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(vehicles), list(starts), list(ends))
    routing = pywrapcp.RoutingModel(manager)
    table = matrix[np.ix_(nodes, nodes)]
    _costs(routing, manager, table, vehicles)
    _loads(routing, manager, stops, vehicles)
    if is_timed(request):
        _times(routing, manager, table, request, stops, vehicles)
    _pairs_and_prizes(routing, manager, stops)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(task["time_limit"] * 1_000))
    plan = routing.SolveWithParameters(parameters)
    if plan is None:
        return {}, "no solution found"
    return {"routes": _routes(routing, manager, plan, stops, vehicles)}, None


def _stops(request: dict[str, Any]) -> list[tuple[str, dict[str, Any], int]]:
    """Return name, stop and change of load of every visit; a shipment's pickup comes right before its delivery."""
    stops = [(item["id"], item, load(item.get("delivery"))) for item in request["clients"]]
    for item in request.get("shipments", []):
        amount = load(item["amount"])
        stops += [(f"pickup:{item['id']}", item["pickup"], amount), (f"delivery:{item['id']}", item["delivery"], -amount)]
    return stops


def _costs(routing: Any, manager: Any, table: Any, vehicles: list[dict[str, Any]]) -> None:
    evaluators: dict[int, int] = {}
    for number, kind in enumerate(vehicles):
        unit = int(kind.get("cost_per_distance", 1))
        if unit not in evaluators:
            evaluators[unit] = routing.RegisterTransitMatrix((table * unit).tolist())
        routing.SetArcCostEvaluatorOfVehicle(evaluators[unit], number)
        routing.SetFixedCostOfVehicle(int(kind.get("fixed_cost", 0)), number)


def _loads(routing: Any, manager: Any, stops: list[Any], vehicles: list[dict[str, Any]]) -> None:
    if "capacity" not in vehicles[0]:
        return
    changes = [change for _, _, change in stops] + [0] * (2 * len(vehicles))
    evaluator = routing.RegisterUnaryTransitVector(changes)
    routing.AddDimensionWithVehicleCapacity(evaluator, 0, [load(kind["capacity"]) for kind in vehicles], True, "load")


def _times(
    routing: Any, manager: Any, table: Any, request: dict[str, Any], stops: list[Any], vehicles: list[dict[str, Any]]
) -> None:
    services = np.array([int(stop.get("service_duration", 0)) for _, stop, _ in stops] + [0] * (2 * len(vehicles)))
    evaluator = routing.RegisterTransitMatrix((table + services[:, None]).tolist())
    routing.AddDimension(evaluator, LATEST, LATEST, False, "time")
    time = routing.GetDimensionOrDie("time")
    for k, (_, stop, _) in enumerate(stops):
        time.CumulVar(manager.NodeToIndex(k)).SetRange(*window(stop, latest=LATEST))
    for number, kind in enumerate(vehicles):
        bounds = depot_window(request, kind["start_depot"], latest=LATEST)
        time.CumulVar(routing.Start(number)).SetRange(*bounds)
        time.CumulVar(routing.End(number)).SetRange(*bounds)
        if "max_duration" in kind:
            time.SetSpanUpperBoundForVehicle(int(kind["max_duration"]), number)


def _pairs_and_prizes(routing: Any, manager: Any, stops: list[Any]) -> None:
    for k, (name, stop, _) in enumerate(stops):
        index = manager.NodeToIndex(k)
        if name.startswith("pickup:"):
            delivery = manager.NodeToIndex(k + 1)
            routing.AddPickupAndDelivery(index, delivery)
            routing.solver().Add(routing.VehicleVar(index) == routing.VehicleVar(delivery))
            time = routing.GetDimensionOrDie("time")
            routing.solver().Add(time.CumulVar(index) <= time.CumulVar(delivery))
        elif not stop.get("required", True):
            routing.AddDisjunction([index], int(stop["prize"]))


def _routes(routing: Any, manager: Any, plan: Any, stops: list[Any], vehicles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    routes = []
    for number, kind in enumerate(vehicles):
        names, index = [], plan.Value(routing.NextVar(routing.Start(number)))
        while not routing.IsEnd(index):
            names.append(stops[manager.IndexToNode(index)][0])
            index = plan.Value(routing.NextVar(index))
        if names:
            routes.append({"vehicle_type": kind["id"], "stops": names})
    return routes


if __name__ == "__main__":
    run(solve, "ortools")
