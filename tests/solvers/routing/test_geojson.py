"""Plans drawn as GeoJSON."""

from typing import Any

from models.routing import RoutingProblem
from solvers.routing.geojson import feature_collection
from tests.solvers.routing.instances import Request, solved, square
from tests.solvers.routing.test_road import at_the_pier, town


def features(request: Request) -> list[dict[str, Any]]:
    """Return the features of the plan for a request."""
    plan = solved(request).solution.model_dump(mode="json")
    collection = feature_collection(RoutingProblem.model_validate(request), plan)
    assert collection["type"] == "FeatureCollection"
    assert all(feature["type"] == "Feature" for feature in collection["features"])
    found: list[dict[str, Any]] = collection["features"]
    return found


def test_lines_follow_the_road() -> None:
    """The bypass from west to hub is straight, and the ring goes round by its nodes; locations stand beside their nodes."""
    line = features(town(route_by="distance"))[0]
    assert line["properties"]["kind"] == "route"
    assert line["geometry"]["coordinates"] == [
        [0, 0.25], [0, 0], [4, 0], [4, 0.25], [4, 0], [4, 3], [4, 3.25], [4, 3], [0, 3], [0, 3.25], [0, 3], [0, 0], [0, 0.25],
    ]  # fmt: skip


def test_lines_without_a_network_are_straight() -> None:
    """One position for each stop, and the stops as points with what the plan says of them."""
    found = features(square())
    lines = [feature for feature in found if feature["properties"]["kind"] == "route"]
    points = [feature for feature in found if feature["properties"]["kind"] == "client"]
    assert sum(len(line["geometry"]["coordinates"]) - 2 for line in lines) == len(points) == 4
    assert {"arrival", "load", "place", "vehicle"} <= points[0]["properties"].keys()


def test_what_is_left_out_is_a_point_with_its_reasons() -> None:
    """The pier has a point of its own."""
    assert features(at_the_pier())[-1] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [9, 9]},
        "properties": {"kind": "unassigned", "id": "pier", "location": "pier", "reasons": ["UNREACHABLE"]},
    }


def test_locations_without_coordinates_have_no_geometry() -> None:
    """As RFC 7946, section 3.2, has it."""
    request = town()
    request["locations"] = [{"id": location["id"]} for location in request["locations"]]
    request["travel"] = {"metric": "matrix", "profiles": {"default": {"distances": [[0, 1, 1, 1]] * 4}}}
    assert {feature["geometry"] for feature in features(request)} == {None}
