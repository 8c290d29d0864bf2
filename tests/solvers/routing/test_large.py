"""Large problems are searched by neighbourhoods; their plans pass the same check."""

from typing import Any

import numpy as np
import pytest

from models.routing import RoutingProblem
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.routing.decomposition import FEWEST_ORDERS, parts_of
from solvers.routing.lower_bound import neighbour_bound
from solvers.routing.nearest_neighbour import nearest_neighbour
from solvers.routing.partition import bisected, shared
from solvers.routing.problem_index import indexed
from solvers.routing.route_cost import cost_of
from tests.solvers.routing.instances import FEATURE, Request, mixed, solved

CLIENTS = FEWEST_ORDERS + 20


def large(**van: Any) -> Request:
    """Return a request with random clients around one depot, with windows for some of them."""
    draw = np.random.default_rng(11)
    places = draw.integers(0, 1000, (CLIENTS + 1, 2)).tolist()
    return {
        "locations": [{"id": f"l{i}", "x": x, "y": y} for i, (x, y) in enumerate(places)],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "hub", "location": "l0"}],
        "clients": [
            {
                "id": f"c{i}",
                "location": f"l{i + 1}",
                "delivery": {"load": 1 + i % 9},
                "time_windows": [[2000, 3500]] if i % 5 == 0 else [],
            }
            for i in range(CLIENTS)
        ],
        "vehicle_types": [
            {"id": "van", "count": 60, "capacity": {"load": 100}, "start_depot": "hub", "end_depot": "hub", **van}
        ],
    }


def problem_of(request: Request) -> RoutingProblem:
    """Return the request as a problem."""
    return RoutingProblem.model_validate(request)


def test_a_large_plan_serves_everyone_and_is_verified() -> None:
    """Neighbourhoods join to one plan without gaps or overlaps."""
    result: Any = solved(large(), iterations=300)
    assert result.certificate.verified
    assert result.solution.unassigned == []


def test_a_large_search_can_be_repeated() -> None:
    """With limited iterations the clock decides nothing."""
    first, second = solved(large(), iterations=200), solved(large(), iterations=200)
    assert first.solution == second.solution


def test_a_search_by_neighbourhoods_holds_no_matrix_of_all_ways() -> None:
    """Lengths come from coordinates, block by block."""
    index = indexed(problem_of(large()))
    assert parts_of(index, set(), seconds=20.0) > 1
    neighbour_bound(index, set())
    nearest_neighbour(index, set())
    assert "matrices" not in vars(index.travel)


def test_vehicles_that_differ_are_found_where_they_are_allowed() -> None:
    """Clients that only one small type may serve are served although the type is shared out among all parts."""
    request = large()
    request["vehicle_types"].append(request["vehicle_types"][0] | {"id": "cold", "count": 4})
    for client in request["clients"][::60]:
        client["allowed_vehicle_types"] = ["cold"]
    result: Any = solved(request, iterations=1500)
    assert result.certificate.verified
    assert result.solution.unassigned == []


def test_an_answer_comes_even_without_time_to_search() -> None:
    """Nearest neighbour serves everyone when the budget is nearly nothing."""
    problem = problem_of(large() | {"options": {"time_limit_s": 0.05}})
    result: Any = answer(FEATURE, problem, Silent(), input_sha256="0" * 64)
    assert result.certificate.verified
    assert result.solution.unassigned == []


@pytest.mark.parametrize("seed", range(12))
def test_nearest_neighbour_builds_feasible_routes(seed: int) -> None:
    """Whatever a request mixes, each route is feasible and no order is served twice."""
    index = indexed(problem_of(mixed(seed)))
    routes = nearest_neighbour(index, set())
    assert all(cost_of(index, route) is not None for route in routes)
    stops = [(stop.kind, stop.position) for route in routes for stop in route.stops]
    assert len(stops) == len(set(stops))


def test_bisection_covers_every_point_once_in_equal_parts() -> None:
    """Parts are disjoint and their sizes differ little."""
    cells = list(bisected(np.random.default_rng(1).normal(size=(100, 2)), 7))
    assert sorted(row for cell in cells for row in cell.tolist()) == list(range(100))
    assert {len(cell) for cell in cells} <= set(range(12, 18))


def test_every_vehicle_is_shared_out_once() -> None:
    """Types with one vehicle each do not all go to the same part."""
    fleet = problem_of(large(count=7)).vehicle_types * 2 + problem_of(large(count=1)).vehicle_types * 6
    parts = list(shared(fleet, [10, 20, 30, 40]))
    totals = [sum(part.get(place, 0) for part in parts) for place in range(len(fleet))]
    assert totals == [7, 7, 1, 1, 1, 1, 1, 1]
    assert sum(any(place >= 2 for place in part) for part in parts) > 1


def test_the_bound_from_coordinates_is_the_bound_from_the_matrix() -> None:
    """The nearest point by coordinates has the shortest way, after rounding too."""
    request = large()
    index = indexed(problem_of(request))
    given = {"metric": "matrix", "profiles": {"default": {"distances": index.matrices["default"].distances.tolist()}}}
    same = indexed(problem_of(request | {"travel": given}))
    assert neighbour_bound(index, set()) == pytest.approx(neighbour_bound(same, set()), rel=1e-12)


def long_routes(**van: Any) -> Request:
    """Return a large request whose vehicles take fifty mean loads, with few seconds of service each."""
    request = large(capacity={"load": 250}, **van)
    for client in request["clients"]:
        client["service_duration"] = 10
    return request


def parts(request: Request, *, seconds: float = 60.0) -> int:
    """Return into how many neighbourhoods a request with so much time is split."""
    return parts_of(indexed(problem_of(request)), set(), seconds=seconds)


def test_long_routes_are_searched_as_a_whole() -> None:
    """A neighbourhood would hold too few routes, whether loads limit them or only the number of vehicles does."""
    assert parts(large()) > 1
    assert parts(long_routes()) == 1
    assert parts(long_routes(shift=[0, 10_000])) == 1
    assert parts(large(capacity={}, count=6)) == 1


@pytest.mark.parametrize(
    "van",
    [{"max_stops": 20}, {"shift": [0, 300]}, {"max_duration": 300}, {"reload_depots": ["hub"]}],
    ids=["stops", "shift", "duration", "reloads"],
)
def test_limits_that_shorten_routes_keep_neighbourhoods(van: dict[str, Any]) -> None:
    """The tightest limit counts, and reloads make routes of several trips."""
    assert parts(long_routes(**van)) > 1


def test_narrow_windows_keep_neighbourhoods() -> None:
    """They keep most orders apart; a fifth of the clients with narrow windows does not."""
    request = long_routes()
    for k, client in enumerate(request["clients"]):
        client["time_windows"] = [[10 * k, 10 * k + 600]]
    assert parts(request) > 1


def test_too_little_time_for_the_whole_keeps_neighbourhoods() -> None:
    """A search of the whole would hardly begin."""
    assert parts(long_routes(), seconds=3.0) > 1
