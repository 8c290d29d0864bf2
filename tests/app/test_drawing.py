"""Runs as GeoJSON over HTTP."""

from tests.problems import linear, routing
from tests.server import Server

GEOJSON = {"Accept": "application/geo+json"}


def test_a_plan_of_routes_is_drawn(server: Server) -> None:
    """The same path as the run, in another form."""
    run = server.post("routing", routing(5)).json()
    answer = server.client.get(f"/v1/runs/{run['id']}", headers=GEOJSON)
    assert answer.headers["content-type"] == "application/geo+json"
    kinds = [feature["properties"]["kind"] for feature in answer.json()["features"]]
    assert kinds.count("route") == len(run["solution"]["routes"])
    assert kinds.count("client") == 5


def test_what_has_no_routes_cannot_be_drawn(server: Server) -> None:
    """The answer says which runs can; JSON stays what everyone else gets."""
    path = f"/v1/runs/{server.post('linear', linear()).json()['id']}"
    refused = server.client.get(path, headers=GEOJSON)
    assert (refused.status_code, refused.json()["code"]) == (406, "NOT_ACCEPTABLE")
    mixed = server.client.get(path, headers={"Accept": "application/json, application/geo+json"})
    assert mixed.headers["content-type"] == "application/json"
