"""Searches that begin from the current routes of a request."""

import math
from typing import Any

import pytest

from models.routing import RoutingProblem, RoutingSolution
from solvers.routing.annealing import annealing_of
from solvers.routing.compiled_problem import CompiledProblemBuilder
from solvers.routing.parallel_annealing import searches_of
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import indexed
from solvers.routing.rich.annealing import RichAnnealing
from solvers.routing.rich.rich_arrays import RichArrays
from solvers.routing.route_cost import cost_of
from solvers.routing.seats import seats_of
from solvers.routing.start_routes import given_routes, start_routes
from tests.solvers.routing.instances import Request, plan, small, solved

SOLVERS = ("ruin_and_recreate", "iterated_local_search", "general_ruin_and_recreate")


def given(solution: RoutingSolution) -> list[Request]:
    """Return the routes of a plan as a request gives them."""

    def name(stop: Any) -> str:
        return str(stop.id) if stop.kind == "client" else f"{stop.kind}:{stop.id}"

    return [
        {
            "vehicle_type": route.vehicle_type,
            "stops": [name(stop) for stop in route.stops if stop.kind in ("client", "pickup", "delivery", "reload")],
        }
        for route in solution.routes
    ]


def scattered(*, clients: int, shipments: int, timed: bool, lasting: bool = False) -> Request:
    """Return a request that a search of a few iterations does not solve well."""
    request = small(5, clients=clients, shipments=shipments, timed=False)
    request["vehicle_types"][0] |= {"count": 12, "fixed_cost": 20, "max_duration": 900 if lasting else None}
    for i, location in enumerate(request["locations"]):
        location |= {"x": (37 * i) % 101, "y": (53 * i) % 97}
    ends = [*request["clients"], *(shipment[end] for shipment in request["shipments"] for end in ("pickup", "delivery"))]
    for i, end in enumerate(ends if timed else ()):
        end |= {"time_windows": [[0, 500 + 20 * (i % 7)]], "service_duration": 3}
    return request


def money(routes: list[PlannedRoute], problem: RoutingProblem) -> float:
    """Return what routes cost in the caller's numbers."""
    return math.fsum(cost_of(indexed(problem), route) or math.inf for route in routes)


STRUCTURES = [(24, 0, False, False), (24, 0, True, False), (24, 0, True, True), (0, 12, True, False), (6, 8, True, False)]


@pytest.mark.parametrize(("clients", "shipments", "timed", "lasting"), STRUCTURES)
@pytest.mark.parametrize("general", [False, True])
def test_a_search_begins_with_the_very_routes(clients: int, shipments: int, timed: bool, lasting: bool, general: bool) -> None:
    """The first plan of the fastest search of a problem, and of the one for all, is the given one at its cost."""
    request = scattered(clients=clients, shipments=shipments, timed=timed, lasting=lasting)
    request["current_routes"] = given(plan(request, iterations=50))
    problem = RoutingProblem.model_validate(request)
    compiled = CompiledProblemBuilder(indexed(problem), left_out=set()).build()
    start = start_routes(indexed(problem), set())
    search = annealing_of(compiled, seed=1) if general else searches_of(compiled, seed=1, threads=1)[0]
    search.begin_with(seats_of(compiled, start))
    search.construct()
    assert sorted(str(route.stops) for route in search.best_routes()) == sorted(str(route.stops) for route in start)
    assert search.best_money() == pytest.approx(money(start, problem))
    search.descend()
    for _ in range(3):
        search.limited_piece(6_000)
    assert search.best_money() == pytest.approx(money(search.best_routes(), problem))
    assert search.best_money() <= money(start, problem) + 1e-6


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(("clients", "shipments"), [(20, 0), (6, 6)])
def test_no_answer_is_dearer_than_feasible_current_routes(solver: str, clients: int, shipments: int) -> None:
    """One iteration finds little, but the routes of a long search are kept, and the answer says where it began."""
    request = scattered(clients=clients, shipments=shipments, timed=True)
    known = solved(request, iterations=400)
    request["current_routes"] = given(known.solution)
    answer = solved(request, iterations=1, solver=solver)
    assert answer.certificate is not None
    assert answer.certificate.verified
    assert answer.objective is not None
    assert known.objective is not None
    assert answer.objective.value <= (known.objective.value or 0.0) * (1 + 1e-9)
    assert answer.solution.current.saving >= -1e-6
    total = clients + shipments
    assert f"start: current_routes, of whose {total} orders {total} fit; no plan worse than these is returned" in (
        answer.stats.reasons
    )


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_does_not_fit_is_left_out_and_inserted(solver: str) -> None:
    """All on one van that holds 40 and a second time on another, with strangers and half a shipment: a verified plan of all."""
    request = scattered(clients=10, shipments=4, timed=True)
    names = [client["id"] for client in request["clients"]]
    request["current_routes"] = [
        {"vehicle_type": "van", "stops": [*names, "stranger", "pickup:s1", "pickup:s0", "delivery:s0"]},
        {"vehicle_type": "van", "stops": [*names, "delivery:s2", "pickup:s2"]},
    ]
    answer = solved(request, iterations=100, solver=solver)
    assert answer.certificate is not None
    assert answer.certificate.verified
    assert answer.solution.unassigned == []
    assert any(reason.startswith("start: current_routes, of whose ") for reason in answer.stats.reasons)


def test_whole_orders_are_read_once() -> None:
    """A pickup without its delivery, a repeated client and routes beyond the fleet are no part of the start."""
    request = small(1, clients=3, shipments=1, timed=False)
    route = {"vehicle_type": "van", "stops": ["c0", "pickup:s0", "c1", "c0"]}
    request["current_routes"] = [
        route,
        {"vehicle_type": "van", "stops": ["c1", "c2"]},
        {"vehicle_type": "van", "stops": ["c0"]},
    ]
    routes = given_routes(indexed(RoutingProblem.model_validate(request)), set())
    assert [[(stop.kind, stop.position) for stop in one.stops] for one in routes] == [
        [("client", 0), ("client", 1)],
        [("client", 2)],
    ]


def company(**fields: Any) -> tuple[RichAnnealing, list[PlannedRoute]]:
    """Return a general search of four clients, begun with c0 to c2 on one van and c3 on another."""
    request = small(3, clients=4, shipments=0, timed=False) | fields
    for client in request["clients"]:
        client["delivery"] = {"load": 1}
    request["current_routes"] = [
        {"vehicle_type": "van", "stops": ["c0", "c1", "c2"]},
        {"vehicle_type": "van", "stops": ["c3"]},
    ]
    index = indexed(RoutingProblem.model_validate(request))
    search = RichAnnealing(RichArrays(index, set()), seed=1)
    return search, search.begin_with(given_routes(index, set()))


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, [[0, 1, 2], [3]]),
        ({"relations": [{"kind": "different_vehicles", "orders": ["c0", "c2"]}]}, [[0, 1], [3]]),
        ({"relations": [{"kind": "same_vehicle", "orders": ["c1", "c3"]}]}, [[0, 1, 2]]),
        ({"relations": [{"kind": "sequence", "orders": ["c1", "c0"]}]}, [[0, 2], [3]]),
        ({"locks": [{"vehicle_type": "van", "vehicle": 2, "orders": ["c1"]}]}, [[0, 1, 2], [3]]),
        ({"locks": [{"vehicle_type": "van", "vehicle": 1, "prefix": ["c3"]}]}, [[0, 1, 2]]),
    ],
)
def test_what_joins_orders_holds_from_the_start(fields: Request, kept: list[list[int]]) -> None:
    """Of orders that may not be served so, the first of the route stays; a route with a locked order takes its vehicle."""
    search, routes = company(**fields)
    assert sorted([stop.position for stop in route.stops] for route in routes) == kept
    search.construct()
    assert sum(len(route.stops) for route in search.best()) == 4
