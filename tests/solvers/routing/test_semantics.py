"""Requests that are well-formed and make no sense are refused with a pointer and a reason."""

from collections.abc import Callable
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.routing.semantics import issues, warnings
from tests.solvers.routing.instances import Request, square


def found(request: Request) -> list[tuple[str, str]]:
    """Return pointer and code of every issue."""
    return [(issue.pointer, issue.code) for issue in issues(RoutingProblem.model_validate(request))]


CHANGES: list[tuple[Callable[[Request], Any], str, str]] = [
    (lambda r: r["clients"][1].update(location="nowhere"), "/clients/1/location", "UNKNOWN_LOCATION"),
    (lambda r: r["clients"][1].update(id="c0"), "/clients/1/id", "DUPLICATE_ID"),
    (lambda r: r["locations"].append({"id": "hub", "x": 1, "y": 1}), "/locations/5/id", "DUPLICATE_ID"),
    (lambda r: r["clients"][0].update(time_windows=[[9, 3]]), "/clients/0/time_windows/0", "WINDOW_START_AFTER_END"),
    (lambda r: r["depots"][0].update(time_window=[9, 3]), "/depots/0/time_window", "WINDOW_START_AFTER_END"),
    (lambda r: r["vehicle_types"][0].update(shift=[9, 3]), "/vehicle_types/0/shift", "WINDOW_START_AFTER_END"),
    (lambda r: r["vehicle_types"][0].update(start_depot="hab"), "/vehicle_types/0/start_depot", "UNKNOWN_DEPOT"),
    (lambda r: r["vehicle_types"][0].update(reload_depots=["x"]), "/vehicle_types/0/reload_depots/0", "UNKNOWN_DEPOT"),
    (lambda r: r["vehicle_types"][0].update(profile="bike"), "/vehicle_types/0/profile", "UNKNOWN_PROFILE"),
    (lambda r: r["vehicle_types"][0].update(max_reloads=1), "/vehicle_types/0/max_reloads", "RELOADS_WITHOUT_DEPOT"),
    (
        lambda r: r["clients"][0].update(allowed_vehicle_types=["x"]),
        "/clients/0/allowed_vehicle_types/0",
        "UNKNOWN_VEHICLE_TYPE",
    ),
    (lambda r: r["locations"][2].pop("y"), "/locations/2/y", "MISSING_COORDINATE"),
    (
        lambda r: (r["locations"][1].update(x=1e9), r["vehicle_types"][0].update(cost_per_distance=1e9)),
        "/vehicle_types/0/cost_per_distance",
        "VALUE_OUT_OF_RANGE",
    ),
    (
        lambda r: r.update(travel={"metric": "matrix"}),
        "/travel/profiles/default/distances",
        "MISSING_MATRIX",
    ),
    (
        lambda r: r.update(travel={"profiles": {"default": {"distances": [[0] * 5] * 5}}}),
        "/travel/profiles/default/distances",
        "CONFLICTING_FIELDS",
    ),
    (
        lambda r: r.update(travel={"profiles": {"default": {"speed": 2, "durations": [[0] * 5] * 5}}}),
        "/travel/profiles/default/speed",
        "CONFLICTING_FIELDS",
    ),
    (
        lambda r: r.update(
            travel={"metric": "matrix", "profiles": {"default": {"distances": [[0] * 5] * 3 + [[0, 0]] + [[0] * 5]}}}
        ),
        "/travel/profiles/default/distances/3",
        "RAGGED_MATRIX",
    ),
    (
        lambda r: r.update(
            travel={
                "metric": "matrix",
                "profiles": {"a/b": {"distances": [[0] * 5] * 4}, "default": {"distances": [[0] * 5] * 5}},
            }
        ),
        "/travel/profiles/a~1b/distances",
        "WRONG_MATRIX_SIZE",
    ),
    (
        lambda r: r.update(shipments=[{"id": "s", "pickup": {"location": "p0"}, "delivery": {"location": "p0"}}]),
        "/shipments/0/delivery/location",
        "SHIPMENT_GOES_NOWHERE",
    ),
    (
        lambda r: r.update(shipments=[{"id": "s", "pickup": {"location": "hub"}, "delivery": {"location": "p0"}}]),
        "/shipments/0/pickup/location",
        "SHIPMENT_STARTS_AT_DEPOT",
    ),
]


@pytest.mark.parametrize(("change", "pointer", "code"), CHANGES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_meaningless_request_is_refused_where_it_is_wrong(change: Callable[[Request], Any], pointer: str, code: str) -> None:
    """One mistake gives one issue with its place and code."""
    request = square()
    change(request)
    assert found(request) == [(pointer, code)]


def test_a_sensible_request_has_no_issues() -> None:
    """The unchanged request passes."""
    assert found(square()) == []


def test_a_misspelt_name_gets_a_suggestion() -> None:
    """The nearest known name is offered."""
    request = square()
    request["clients"][0]["location"] = "p00"
    assert 'Did you mean "p0"?' in issues(RoutingProblem.model_validate(request))[0].message


def test_both_ends_of_a_bad_window_are_in_the_message() -> None:
    """The numbers are told, as text and as limit and got."""
    request = square()
    request["clients"][0]["time_windows"] = [[17, 4]]
    (issue,) = issues(RoutingProblem.model_validate(request))
    assert "17" in issue.message
    assert (issue.limit, issue.got) == (4, 17)


def test_haversine_needs_a_speed_only_when_something_is_timed() -> None:
    """Without any time, distances are enough."""
    places = [{"id": f"l{i}", "lat": 53 + i / 10, "lon": -1} for i in range(3)]
    request = square() | {"locations": places, "travel": {"metric": "haversine"}, "depots": [{"id": "hub", "location": "l0"}]}
    request["clients"] = [{"id": "c", "location": "l1"}]
    assert found(request) == []
    request["clients"][0]["service_duration"] = 60
    assert found(request) == [("/travel/profiles/default/speed", "MISSING_SPEED")]


def test_issues_stop_at_a_thousand() -> None:
    """A request that is wrong everywhere does not make an endless answer."""
    request = square()
    request["clients"] = [{"id": f"c{i}", "location": "nowhere"} for i in range(1_200)]
    assert len(issues(RoutingProblem.model_validate(request))) == 1_000


def test_swapped_and_null_coordinates_are_warned_about() -> None:
    """A location that fits when exchanged, and one at (0, 0), are named."""
    places = [{"id": f"l{i}", "lat": 53.9 + i / 100, "lon": -1.1} for i in range(5)]
    places += [{"id": "swapped", "lat": -1.1, "lon": 53.9}, {"id": "null", "lat": 0, "lon": 0}]
    request = {"locations": places, "travel": {"metric": "haversine", "profiles": {"default": {"speed": 10}}}}
    request |= {"clients": [{"id": "c", "location": "l0"}], "vehicle_types": [{"id": "van"}]}
    codes = {(warning.code, warning.pointer) for warning in warnings(RoutingProblem.model_validate(request))}
    assert codes == {("COORDINATES_LOOK_SWAPPED", "/locations/5"), ("COORDINATES_AT_NULL_ISLAND", "/locations/6")}


def test_a_diagonal_that_is_not_zero_is_warned_about() -> None:
    """It is taken as 0 and said so."""
    request = square() | {"travel": {"metric": "matrix", "profiles": {"default": {"distances": [[9] * 5] * 5}}}}
    assert [warning.code for warning in warnings(RoutingProblem.model_validate(request))] == ["DIAGONAL_NOT_ZERO"]


def test_a_prize_on_a_required_client_is_warned_about() -> None:
    """It has no effect."""
    request = square()
    request["clients"][3]["prize"] = 5
    assert [warning.pointer for warning in warnings(RoutingProblem.model_validate(request))] == ["/clients/3/prize"]


def test_several_threads_are_warned_about() -> None:
    """A search that has one thread says so when it is asked for by name; the one that `auto` takes first uses them all."""
    problem = RoutingProblem.model_validate(square() | {"options": {"threads": 4, "solver": "guided_local_search"}})
    assert [warning.code for warning in warnings(problem)] == ["ONE_THREAD_USED"]
    assert not warnings(RoutingProblem.model_validate(square() | {"options": {"threads": 4}}))


def test_latitudes_in_the_plane_get_the_hint_to_set_the_metric() -> None:
    """The metric is euclidean unless given: the message says how lat and lon are used; without them it does not."""
    request = square()
    request["locations"] = [{"id": "hub", "lat": 53.96, "lon": -1.08}, {"id": "bare"}]
    with_hint, without = (
        {issue.message for issue in issues(RoutingProblem.model_validate(request)) if issue.pointer.startswith(pointer)}
        for pointer in ("/locations/0", "/locations/1")
    )
    assert all("set travel.metric to haversine" in message for message in with_hint)
    assert not any("haversine" in message for message in without)


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"delivery": {"cases": 20}}, ["/clients/1/delivery/cases"]),
        ({"pickup": {"a/b": 1}}, ["/clients/1/pickup/a~1b"]),
        ({"delivery": {"cases": 0}}, []),
        ({"delivery": {"load": 1}}, []),
    ],
)
def test_a_load_that_no_capacity_limits_is_warned_about_once(change: Request, pointers: list[str]) -> None:
    """The first use of a dimension that stands in no vehicle type's capacity is named, and only that."""
    request = square()
    for client in request["clients"][1:]:
        client |= change
    found_warnings = warnings(RoutingProblem.model_validate(request))
    assert [(warning.code, warning.pointer) for warning in found_warnings] == [
        ("LOAD_WITHOUT_CAPACITY", pointer) for pointer in pointers
    ]


def test_a_fleet_without_any_capacity_is_not_warned_about() -> None:
    """Loads that no vehicle limits at all are information, not a mistake."""
    request = square()
    request["vehicle_types"][0]["capacity"] = {}
    request["clients"][0]["delivery"] = {"cases": 20}
    assert warnings(RoutingProblem.model_validate(request)) == []
