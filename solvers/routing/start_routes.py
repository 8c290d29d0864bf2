"""Where a search begins: the current routes of a request, as far as they fit."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace

from solvers.routing.evaluation.given_plan import read_routes
from solvers.routing.parallel_search import plan_rank
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.reinsertion import Reinsertion
from solvers.routing.route_cost import cost_of

MOST_STOPS_JUDGED = 100_000
"""Stops that are judged to find what fits of routes that break conditions; the rest of such routes is left out."""

Key = tuple[bool, int]


def given_routes(index: ProblemIndex, left_out: Set[str]) -> list[PlannedRoute]:
    """
    Return the current routes without what is no order of the search: unknown and repeated stops, halves of shipments.

    They may break conditions. The n-th route of a vehicle type is that of its vehicle n, as where routes are evaluated.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of orders that no vehicle can serve.
    """
    problem = index.problem
    absent = {(True, i) for i, client in enumerate(problem.clients) if client.id in left_out}
    absent |= {(False, i) for i, shipment in enumerate(problem.shipments) if shipment.id in left_out}
    numbers: Counter[int] = Counter()
    found = []
    for read in read_routes(index, problem.current_routes, pointer="/current_routes").driven:
        numbers[read.planned.vehicle_type] += 1
        stops = _whole(read.planned.stops, absent)
        number = numbers[read.planned.vehicle_type]
        if number <= problem.vehicle_types[read.planned.vehicle_type].count and any(s.kind != "reload" for s in stops):
            found.append(PlannedRoute(vehicle_type=read.planned.vehicle_type, stops=stops, vehicle=number))
    return found


def _whole(stops: Sequence[PlannedStop], seen: set[Key]) -> tuple[PlannedStop, ...]:
    """Return the stops of orders not seen before whose ends are all on the route, and note them as seen."""
    ends = Counter((stop.kind, stop.position) for stop in stops)
    kept: list[PlannedStop] = []
    own: set[Key] = set()
    done: set[tuple[str, int]] = set()
    for stop in stops:
        key = (stop.kind == "client", stop.position)
        if stop.kind == "reload":
            kept.append(stop)
            continue
        whole = stop.kind == "client" or (ends["pickup", stop.position] and ends["delivery", stop.position])
        if whole and key not in seen and (stop.kind, stop.position) not in done:
            done.add((stop.kind, stop.position))
            own.add(key)
            kept.append(stop)
    seen |= own
    return tuple(kept)


def start_routes(index: ProblemIndex, left_out: Set[str]) -> list[PlannedRoute]:
    """
    Return feasible routes to begin from: of each current route what fits, then the required orders that fit elsewhere.

    For searches whose conditions are judged route by route. Orders of a route that breaks a condition are tried one after
    another in its order; a route that breaks none stays as it is.
    """
    routes, judged = [], 0
    for numbered in given_routes(index, left_out):
        route = replace(numbered, vehicle=None)
        if cost_of(index, route) is not None:
            routes.append(route)
            continue
        kept: tuple[PlannedStop, ...] = ()
        chosen: set[Key] = set()
        for key in dict.fromkeys((stop.kind == "client", stop.position) for stop in route.stops if stop.kind != "reload"):
            trial = part_of_route(route, chosen | {key})
            judged += len(trial.stops)
            if judged > MOST_STOPS_JUDGED:
                break
            if cost_of(index, trial) is not None:
                chosen.add(key)
                kept = trial.stops
        if kept:
            routes.append(replace(route, stops=kept))
    return _filled(index, routes, left_out) if routes else []


def part_of_route(route: PlannedRoute, orders: Set[Key]) -> PlannedRoute:
    """Return a route with some of its orders, and all its reloads."""
    stops = tuple(stop for stop in route.stops if stop.kind == "reload" or (stop.kind == "client", stop.position) in orders)
    return replace(route, stops=stops)


def _filled(index: ProblemIndex, routes: list[PlannedRoute], left_out: Set[str]) -> list[PlannedRoute]:
    """Return the routes with required orders that they lack, each where it is cheapest, as far as a few trials go."""
    problem = index.problem
    served = {(stop.kind == "client", stop.position) for route in routes for stop in route.stops}
    lacking: list[tuple[PlannedStop, ...]] = [
        (PlannedStop(kind="client", position=i),)
        for i, client in enumerate(problem.clients)
        if client.required and (True, i) not in served and client.id not in left_out
    ]
    lacking += [
        (PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i))
        for i, shipment in enumerate(problem.shipments)
        if shipment.required and (False, i) not in served and shipment.id not in left_out
    ]
    if not lacking:
        return routes
    reinsertion = Reinsertion(index, routes, deadline=float("inf"))
    reinsertion.insert(lacking)
    return reinsertion.routes


def better_plan(
    index: ProblemIndex, left_out: Set[str], routes: list[PlannedRoute], start: list[PlannedRoute]
) -> list[PlannedRoute]:
    """Return the routes that were found, or those that the search began from where they are better."""
    if not start:
        return routes
    return min(routes, start, key=lambda plan: plan_rank(index, left_out, plan))


def start_words(index: ProblemIndex, routes: Sequence[PlannedRoute]) -> list[str]:
    """Return the sentence that tells how many orders of the current routes the search began with."""
    if not index.problem.current_routes:
        return []
    given = {
        (stop.kind == "client", stop.position)
        for read in read_routes(index, index.problem.current_routes, pointer="/current_routes").routes
        for stop in read.planned.stops
        if stop.kind != "reload"
    }
    kept = given & {(stop.kind == "client", stop.position) for route in routes for stop in route.stops if stop.kind != "reload"}
    if not kept:
        return ["start: nothing of current_routes fits; the search makes a first plan of its own"]
    return [f"start: current_routes, of whose {len(given)} orders {len(kept)} fit; no plan worse than these is returned"]
