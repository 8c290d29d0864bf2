"""Questions about routes over HTTP: evaluation and suggestions are runs like any other."""

from typing import Any

import orjson
import pytest

from tests.problems import routing
from tests.server import Server


def given(clients: int, routes: list[list[str]]) -> dict[str, Any]:
    """Return a problem with routes of its one vehicle type."""
    task = routing(clients)
    del task["options"]
    return task | {"routes": [{"vehicle_type": "van", "stops": stops} for stops in routes]}


def test_an_evaluation_is_a_run(server: Server) -> None:
    """It is verified, stored under its kind, and lists what is broken."""
    answer = server.post("routing/evaluate", given(4, [["c0", "c1"], ["c2", "c9"]]))
    run = answer.json()
    assert (answer.status_code, run["kind"], run["status"]) == (200, "routing/evaluate", "succeeded")
    assert run["certificate"]["verified"]
    assert [violation["code"] for violation in run["solution"]["violations"]] == ["UNKNOWN_CLIENT", "MISSING_CLIENT"]
    assert run["objective"]["value"] == pytest.approx(sum(term["value"] for term in run["objective"]["terms"]))
    assert server.client.get(f"/v1/runs/{run['id']}").json() == run


def test_a_plan_is_evaluated_and_asked_for_a_place(server: Server) -> None:
    """The routes of a run go back as they are; a client taken out is suggested where it was, or cheaper."""
    problem = routing(12)
    run = server.post("routing", problem).json()
    routes = [
        {"vehicle_type": "van", "stops": [stop["id"] for stop in one["stops"][1:-1]]} for one in run["solution"]["routes"]
    ]
    task = {name: value for name, value in problem.items() if name != "options"}
    again = server.post("routing/evaluate", task | {"routes": routes}).json()
    assert again["objective"]["value"] == pytest.approx(run["objective"]["value"])
    assert again["solution"]["feasible"]
    out = routes[0]["stops"].pop()
    found = server.post("routing/suggest", task | {"routes": routes, "orders": [out]}).json()
    assert found["certificate"]["verified"]
    before = server.post("routing/evaluate", task | {"routes": routes}).json()
    best = found["solution"]["suggestions"][0]["insertions"][0]["cost_delta"]
    assert best <= run["objective"]["value"] - before["objective"]["value"] + 1e-6


REFUSED = [
    ({"routes": [{"vehicle_type": "tram", "stops": []}]}, "/routes/0/vehicle_type", "UNKNOWN_VEHICLE_TYPE"),
    ({"routes": [{"vehicle_type": "van", "stops": [1]}]}, "/routes/0/stops/0", "WRONG_TYPE"),
    ({"routes": [{"vehicle_type": "van", "stop": ["c0"]}]}, "/routes/0/stops", "MISSING_FIELD"),
    ({"routes": "c0"}, "/routes", "WRONG_TYPE"),
]


@pytest.mark.parametrize("kind", ["routing/evaluate", "routing/suggest"])
@pytest.mark.parametrize(("change", "pointer", "code"), REFUSED, ids=[code + pointer for _, pointer, code in REFUSED])
def test_routes_that_cannot_be_read_are_refused(
    server: Server, kind: str, change: dict[str, Any], pointer: str, code: str
) -> None:
    """422 with a pointer to the route or stop."""
    answer = server.post(kind, given(2, []) | change)
    assert answer.status_code == 422
    assert (pointer, code) in {(issue["pointer"], issue["code"]) for issue in answer.json()["errors"]}


def test_an_evaluation_is_asked_what_if(server: Server) -> None:
    """With a smaller vehicle the same routes break its capacity."""
    run = server.post("routing/evaluate", given(4, [["c0", "c1", "c2", "c3"]])).json()
    changes = [{"pointer": "/vehicle_types/0/capacity/load", "value": 7}]
    changed = server.client.post(f"/v1/runs/{run['id']}/what-if", json={"changes": changes}).json()
    assert [violation["code"] for violation in changed["solution"]["violations"]] == ["CAPACITY_EXCEEDED"]
    assert changed["comparison"]["actual"]["change"] == pytest.approx(0)


def test_incumbents_count_what_is_left_out(server: Server) -> None:
    """An order larger than every vehicle is among the unassigned from the first event on."""
    problem = routing(30, time_limit=1.0)
    problem["clients"][0]["delivery"] = {"load": 99}
    for solver in ("ruin_and_recreate", "iterated_local_search"):
        problem["options"]["solver"] = solver
        run = server.post("routing", problem).json()
        text = server.client.get(f"/v1/runs/{run['id']}/events").text
        lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith('data: {"objective"')]
        heard = [orjson.loads(line) for line in lines]
        assert heard
        assert all(event["unassigned"] >= 1 for event in heard)
        assert heard[-1]["unassigned"] == len(run["solution"]["unassigned"]) == 1
