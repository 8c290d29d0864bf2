"""Routes on a road network and on matrices with missing ways."""

from typing import Any

import pytest

from models.routing import EvaluationProblem, RoutingProblem
from solvers.base import Budget, Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from solvers.routing.check import check_routing
from solvers.routing.iterated_local_search import IteratedLocalSearch
from solvers.routing.semantics import issues
from tests.solvers.routing.instances import FEATURE, Request, solved

BUDGET = Budget(time_limit=5, iteration_limit=20, relative_gap=1e-6, seed=0, threads=1)
SOLVERS = ["ruin_and_recreate", "iterated_local_search"]


def town(**profile: Any) -> Request:
    """Return three shops round a depot: a ring driven one way, a fast bypass, and a dead end to a shop without a way back."""
    nodes = {"hub": (0, 0), "east": (4, 0), "north": (4, 3), "west": (0, 3), "pier": (9, 9)}
    arcs = [
        ("hub", "east", 4, 40),
        ("east", "north", 3, 30),
        ("north", "west", 4, 40),
        ("west", "hub", 3, 30),
        ("hub", "west", 9, 9),
        ("west", "hub", 9, 9),
        ("north", "pier", 8, 8),
    ]
    places = ["hub", "east", "north", "west"]
    return {
        "locations": [{"id": name, "x": nodes[name][0], "y": nodes[name][1] + 0.25} for name in places],
        "travel": {
            "metric": "road",
            "profiles": {"default": profile},
            "road": {
                "nodes": [{"id": name, "x": x, "y": y} for name, (x, y) in nodes.items()],
                "arcs": [dict(zip(("tail", "head", "length", "duration"), arc, strict=True)) for arc in arcs],
            },
        },
        "depots": [{"id": "hub", "location": "hub"}],
        "clients": [{"id": name, "location": name} for name in places[1:]],
        "vehicle_types": [{"id": "van", "start_depot": "hub", "end_depot": "hub"}],
    }


def at_the_pier() -> Request:
    """Return the town with a fourth shop from which no way leads back."""
    request = town()
    request["locations"].append({"id": "pier", "x": 9, "y": 9})
    request["clients"].append({"id": "pier", "location": "pier"})
    return request


def warned(answered: Any) -> list[tuple[str, str]]:
    """Return code and pointer of each warning."""
    return [(warning.code, warning.pointer) for warning in answered.warnings]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("profile", "distance", "duration"),
    [({}, 20, 119), ({"route_by": "distance"}, 14, 140), ({"speed_factor": 2, "detour_factor": 3}, 60, 59.5)],
)
def test_routes_take_the_ways_of_their_profile(solver: str, profile: Request, distance: float, duration: float) -> None:
    """East, north, west and back: by the bypass where time decides, round the ring where length does."""
    result = solved(town(**profile), solver=solver)
    assert result.certificate is not None
    assert result.certificate.verified
    assert (result.solution.distance, result.solution.duration) == (distance, duration)
    assert [(place.node, place.distance) for place in result.solution.snapped][:2] == [("hub", 0.25), ("east", 0.25)]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_client_without_a_way_back_stays_unassigned(solver: str) -> None:
    """It has the reason UNREACHABLE and a warning of its own; the others are served."""
    result = solved(at_the_pier(), solver=solver)
    assert result.status == "succeeded"
    assert result.certificate is not None
    assert result.certificate.verified
    assert [(left.id, left.reasons[0].code, left.reasons[0].certainty) for left in result.solution.unassigned] == [
        ("pier", "UNREACHABLE", "proven")
    ]
    assert ("UNREACHABLE", "/clients/3") in warned(result)


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_last_stop_of_an_open_route_needs_no_way_back(solver: str) -> None:
    """Without an end depot the pier is served last."""
    request = at_the_pier()
    request["vehicle_types"][0]["end_depot"] = None
    result = solved(request, solver=solver)
    assert result.solution.unassigned == []
    assert result.solution.routes[0].stops[-2].id == "pier"


def test_a_location_far_from_the_road_is_unreachable() -> None:
    """A point that is farther from its node than allowed is left out, with a warning that names the location."""
    request = town()
    request["locations"][2]["x"] = 900
    result = solved(request)
    assert [left.reasons[0].code for left in result.solution.unassigned] == ["UNREACHABLE"]
    assert ("LOCATION_OFF_ROAD", "/locations/2") in warned(result)


@pytest.mark.parametrize("field", ["distances", "durations"])
def test_null_in_a_matrix_means_no_way(field: str) -> None:
    """The order of the visits follows the only ways there are; what none leads to stays unassigned."""
    there = [[0, 1, None, None], [None, 0, 1, None], [1, None, 0, None], [1, 1, 1, 0]]
    other = [[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]
    matrices = {"distances": there, "durations": other} if field == "distances" else {"distances": other, "durations": there}
    request = town()
    request["travel"] = {"metric": "matrix", "profiles": {"default": matrices}}
    result = solved(request, solver="auto")
    assert result.certificate is not None
    assert result.certificate.verified
    assert [stop.location for stop in result.solution.routes[0].stops] == ["hub", "east", "north", "hub"]
    assert [(left.id, left.reasons[0].code) for left in result.solution.unassigned] == [("west", "UNREACHABLE")]


def test_a_wrong_way_is_found_by_the_check() -> None:
    """A plan of the town fails the check of distances, and no other, in a town where one arc is longer."""
    problem = RoutingProblem.model_validate(town())
    outcome = IteratedLocalSearch().solve(problem, BUDGET, Silent())
    longer = town()
    longer["travel"]["road"]["arcs"][0]["length"] = 5
    checks = check_routing(RoutingProblem.model_validate(longer), outcome)
    assert {check.name for check in checks if check.max_violation > check.tolerance} == {"distance"}


def test_a_given_route_that_drives_where_there_is_no_way_is_told_so() -> None:
    """The leg counts as no distance and is listed at the stop that it leads to."""
    problem = EvaluationProblem.model_validate(
        {**at_the_pier(), "routes": [{"vehicle_type": "van", "stops": ["east", "pier", "north", "west"]}]}
    )
    found = answer(FEATURES["routing/evaluate"], problem, Silent(), input_sha256="0" * 64)
    assert found.certificate is not None
    assert found.certificate.verified
    assert [(each.code, each.pointer) for each in found.solution.violations] == [("NO_WAY", "/routes/0/stops/2")]
    assert found.solution.distance == 4 + 3 + 8 + 4 + 9


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (("metric",), "euclidean", "/travel/road", "CONFLICTING_FIELDS"),
        (("road",), None, "/travel/road", "MISSING_ROAD"),
        (("road", "links"), [], "/travel/road", "CONFLICTING_FIELDS"),
        (("road", "arcs"), None, "/travel/road", "MISSING_ARCS"),
        (("road", "arcs", 2, "head"), "nowhere", "/travel/road/arcs/2/head", "UNKNOWN_NODE"),
        (("road", "arcs", 2, "length"), 1e12, "/travel/road/arcs", "VALUE_OUT_OF_RANGE"),
        (("road", "nodes", 1, "id"), "hub", "/travel/road/nodes/1/id", "DUPLICATE_ID"),
        (("road", "nodes", 1, "y"), None, "/travel/road/nodes/1/y", "MISSING_COORDINATE"),
        (("profiles", "default", "durations"), [[0]], "/travel/profiles/default/durations", "CONFLICTING_FIELDS"),
    ],
)
def test_what_is_wrong_with_a_network_is_told_where_it_stands(
    path: tuple[Any, ...], value: Any, pointer: str, code: str
) -> None:
    """Each issue has the pointer of its field in the form of the request."""
    request = town()
    place = request["travel"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    found = [(each.pointer, each.code) for each in issues(RoutingProblem.model_validate(request))]
    assert (pointer, code) in found


def test_columns_of_different_lengths_are_refused() -> None:
    """The pointer names the column."""
    request = town()
    request["travel"]["road"]["arcs"] = {"tail": ["hub", "east"], "head": ["east", "hub"], "length": [4]}
    found = [(each.pointer, each.code) for each in issues(RoutingProblem.model_validate(request))]
    assert found == [("/travel/road/arcs/length", "RAGGED_COLUMNS")]


def test_times_need_a_speed_where_arcs_have_no_duration() -> None:
    """With anything timed, an arc without a duration asks for the speed of the profile."""
    request = town()
    request["clients"][0]["time_windows"] = [[0, 100]]
    request["travel"]["road"]["arcs"][3]["duration"] = None
    found = [(each.pointer, each.code) for each in issues(RoutingProblem.model_validate(request))]
    assert found == [("/travel/profiles/default/speed", "MISSING_SPEED")]


def test_networkx_node_link_data_is_read() -> None:
    """Whole numbers as ids, links with keys, and the flags of the graph."""
    request = town()
    for i, node in enumerate(request["travel"]["road"]["nodes"]):
        node["id"] = i
    ids = {"hub": 0, "east": 1, "north": 2, "west": 3, "pier": 4}
    links = [
        {"source": ids[arc["tail"]], "target": ids[arc["head"]], "key": 0, "length": arc["length"], "duration": arc["duration"]}
        for arc in request["travel"]["road"].pop("arcs")
    ]
    request["travel"]["road"] |= {"links": links, "directed": True, "multigraph": True, "graph": {}}
    assert solved(request).solution.distance == 20


def test_answers_go_through_the_pipeline_with_explanations() -> None:
    """Marginal costs on the road are explained like all others."""
    problem = RoutingProblem.model_validate(
        {
            **at_the_pier(),
            "options": {"iteration_limit": 50, "threads": 1, "explain": "full", "solver": "iterated_local_search"},
        }
    )
    result = answer(FEATURE, problem, Silent(), input_sha256="0" * 64)
    assert result.explanation is not None
    assert result.explanation.marginal_costs
