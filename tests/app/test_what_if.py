"""What if: a run's request with some values changed, the predicted beside the true change."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.examples import examples
from app.runs.record import NewRun
from app.runs.store import RunStore
from tests.problems import linear, routing
from tests.server import Server

M1 = "/constraints/0/upper"


def asked(server: Server, run_id: str, *changes: tuple[str, Any], **more: Any) -> Any:
    """Ask what if some values were different, and return the response."""
    body = {"changes": [{"pointer": pointer, "value": value} for pointer, value in changes], **more}
    return server.client.post(f"/v1/runs/{run_id}/what-if", json=body)


def parent_of(server: Server, kind: str = "linear", body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a finished run that can be asked about."""
    run: dict[str, Any] = server.post(kind, body or linear()).json()
    assert run["status"] == "succeeded", run
    return run


@pytest.fixture(scope="module")
def parent(server: Server) -> str:
    """Return the id of the finished Reddy Mikks plan: objective 21, price of the first constraint 0.75 from 20 to 36."""
    run_id: str = parent_of(server)["id"]
    return run_id


def test_inside_the_range_the_prediction_is_exact(server: Server, parent: str) -> None:
    """Two more tons at 0.75 each."""
    answer = asked(server, parent, (M1, 26))
    assert answer.status_code == 200
    run = answer.json()
    found = run["comparison"]
    assert run["objective"]["value"] == pytest.approx(22.5)
    assert found["parent"] == parent
    assert found["changes"] == [{"pointer": M1, "from": 24, "to": 26}]
    assert found["predicted"]["exact"]
    assert found["predicted"]["change"] == pytest.approx(1.5)
    assert found["actual"]["change"] == pytest.approx(1.5)
    assert {one["name"] for one in found["changed"]} == {"x", "y"}
    assert "+1.5" in found["sentence"]


def test_outside_the_range_the_prices_are_a_bound(server: Server, parent: str) -> None:
    """16 tons at 0.75 would be 12; beyond 36 the price is lower, so a maximum gains at most that."""
    found = asked(server, parent, (M1, 44)).json()["comparison"]
    assert not found["predicted"]["exact"]
    assert found["predicted"]["at_most"] == pytest.approx(36)
    assert found["actual"]["objective"] < 36
    assert "at most" in found["sentence"]


def test_changed_costs_leave_the_old_answer_as_a_bound(server: Server, parent: str) -> None:
    """With x at 1 the plan x = 3, y = 1.5 still earns 9, and a better one may earn more."""
    found = asked(server, parent, ("/variables/0/objective", 1)).json()["comparison"]
    assert found["predicted"]["method"] == "plan"
    assert found["predicted"]["at_least"] == pytest.approx(9)
    assert found["actual"]["objective"] >= 9


def test_it_is_a_run_like_any_other(server: Server, parent: str) -> None:
    """It can be read, listed and followed, and ordinary runs say null in its place."""
    run = asked(server, parent, (M1, 25)).json()
    assert server.client.get(f"/v1/runs/{run['id']}").json() == run
    assert run["id"] in {one["id"] for one in server.client.get("/v1/runs", params={"kind": "linear"}).json()["runs"]}
    assert "event: done" in server.client.get(f"/v1/runs/{run['id']}/events").text
    assert server.client.get(f"/v1/runs/{parent}").json()["comparison"] is None


def test_a_what_if_can_be_asked_about(server: Server, parent: str) -> None:
    """Its stored request is the changed one."""
    first = asked(server, parent, (M1, 26)).json()
    second = asked(server, first["id"], ("/constraints/1/upper", 7)).json()
    assert second["comparison"]["parent"] == first["id"]
    assert second["comparison"]["changes"] == [{"pointer": "/constraints/1/upper", "from": 6, "to": 7}]
    assert second["objective"]["value"] == pytest.approx(23)


def test_an_impossible_change_is_an_infeasible_run(server: Server, parent: str) -> None:
    """The sentence says so, and the prices could not know."""
    run = asked(server, parent, ("/constraints/3/lower", 2), ("/variables/0/lower", 30)).json()
    assert run["status"] == "infeasible"
    assert run["comparison"]["actual"] == {"objective": None, "change": None, "status": "infeasible"}
    assert run["explanation"]["infeasibility"]["subset"]
    assert run["comparison"]["why"][-1] == run["explanation"]["infeasibility"]["subset"][-1]["sentence"]
    assert "no feasible answer" in run["comparison"]["sentence"]


def test_an_infeasible_parent_can_be_asked_about(server: Server) -> None:
    """There is nothing to price, but the true answer comes."""
    body = linear()
    body["variables"][0]["lower"] = 30
    broken = server.post("linear", body).json()
    found = asked(server, broken["id"], ("/variables/0/lower", 0)).json()["comparison"]
    assert found["predicted"]["method"] == "none"
    assert found["actual"]["objective"] == pytest.approx(21)


CHANGES = [
    ("inventory-plan_tiny", "/items/0/demand/5", 30),
    ("network-assignment_tiny", "/costs/0/1", 10),
    ("network-facility-location_tiny", "/facilities/0/fixed_cost", 950),
    ("network-maximum-flow_tiny", "/arcs/5/capacity", 57),
    ("network-minimum-cost-flow_tiny", "/arcs/0/cost", 0.9),
    ("network-shortest-path_tiny", "/arcs/3/cost", 3.0),
]


@pytest.mark.parametrize(("name", "pointer", "value"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_every_kind_with_a_linear_model_is_predicted(server: Server, name: str, pointer: str, value: float) -> None:
    """What is proved holds for the true answer."""
    example = examples()[name]
    run = parent_of(server, example["kind"], example["request"])
    changed = asked(server, run["id"], (pointer, value)).json()
    found = changed["comparison"]
    true = found["actual"]["objective"]
    assert changed["certificate"]["verified"]
    assert found["predicted"]["objective"] is not None, found["predicted"]["reason"]
    assert found["predicted"]["at_least"] is None or found["predicted"]["at_least"] <= true + 1e-6
    assert found["predicted"]["at_most"] is None or found["predicted"]["at_most"] >= true - 1e-6
    assert not found["predicted"]["exact"] or found["predicted"]["objective"] == pytest.approx(true)
    assert found["actual"]["change"] == pytest.approx(true - run["objective"]["value"])


@pytest.mark.parametrize(
    ("name", "pointer", "value"),
    [
        ("routing_tiny", "/vehicle_types/0/fixed_cost", 10),
        ("forecasting_tiny", "/horizon", 3),
    ],
)
def test_kinds_without_prices_say_so(server: Server, name: str, pointer: str, value: float) -> None:
    """The prediction is null with a reason, and the true change stands beside it."""
    example = examples()[name]
    run = parent_of(server, example["kind"], example["request"])
    found = asked(server, run["id"], (pointer, value)).json()["comparison"]
    assert found["predicted"]["objective"] is None
    assert "no prices" in found["predicted"]["reason"]
    assert found["actual"]["status"] == "succeeded"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ([("", 1)], "/changes/0/pointer", "WHOLE_REQUEST"),
        ([(M1, 25), ("/constraints/-", {})], "/changes/1/pointer", "CANNOT_APPEND"),
        ([("/constraints/9/upper", 1)], "/changes/0/pointer", "POINTER_NOT_FOUND"),
        ([("constraints", 1)], "/changes/0/pointer", "NOT_A_POINTER"),
        ([(M1, 25), (M1, 26)], "/changes/1/pointer", "OVERLAPPING_CHANGES"),
        ([("/constraints/0", {}), (M1, 26)], "/changes/1/pointer", "OVERLAPPING_CHANGES"),
        ([(M1, 26), ("/constraints/0", {})], "/changes/1/pointer", "OVERLAPPING_CHANGES"),
        ([(M1, "many")], M1, "WRONG_TYPE"),
        ([(M1, 1e13)], M1, "VALUE_OUT_OF_RANGE"),
        ([("/constraints/0/uper", 1)], "/constraints/0/uper", "UNKNOWN_FIELD"),
        ([("/variables/1/name", "x")], "/variables/1/name", "DUPLICATE_NAME"),
        ([("/options/explane", "full")], "/options/explane", "UNKNOWN_FIELD"),
        ([], "/changes", "TOO_SHORT"),
        ([("/unit", "EUR")] * 1001, "/changes", "TOO_LONG"),
    ],
)
def test_a_wrong_change_is_refused_with_a_pointer(
    server: Server, parent: str, changes: list[tuple[str, Any]], pointer: str, code: str
) -> None:
    """Faults of the question point into the question, those of the changed request into that request."""
    answer = asked(server, parent, *changes)
    assert answer.status_code == 422, answer.text
    first = answer.json()["errors"][0]
    assert (first["pointer"], first["code"]) == (pointer, code)


def test_a_malformed_question_is_refused(server: Server, parent: str) -> None:
    """Numbers that are none, other shapes and unknown fields get the answers that every endpoint gives."""
    url = f"/v1/runs/{parent}/what-if"
    headers = {"content-type": "application/json"}
    nan = server.client.post(url, content=b'{"changes": [{"pointer": "/unit", "value": NaN}]}', headers=headers)
    assert (nan.status_code, nan.json()["code"]) == (400, "INVALID_JSON")
    assert server.client.post(url, content=b"[]", headers=headers).status_code == 422
    misspelt = server.client.post(url, json={"change": []}).json()
    assert "Did you mean `changes`?" in str(misspelt["errors"])
    assert server.client.post(f"{url}?explian=full", json={"changes": []}).status_code == 422


def test_a_run_that_is_not_there_cannot_be_asked_about(server: Server) -> None:
    """404, as for reading it."""
    answer = asked(server, "run_00000000000000000000000000", (M1, 1))
    assert (answer.status_code, answer.json()["code"]) == (404, "RUN_NOT_FOUND")


def test_a_run_that_is_not_finished_cannot_be_asked_about(server: Server) -> None:
    """409 until it is final."""
    active = server.post("routing", routing(time_limit=20.0), prefer="respond-async").json()["id"]
    answer = asked(server, active, ("/vehicle_types/0/fixed_cost", 1))
    assert (answer.status_code, answer.json()["code"]) == (409, "RUN_NOT_FINAL")
    server.client.delete(f"/v1/runs/{active}")


def test_options_can_be_replaced(server: Server, parent: str) -> None:
    """By the field `options`, by a pointer, or by the query; they are no change of the problem."""
    by_field = asked(server, parent, (M1, 25), options={"explain": "summary"}).json()
    by_pointer = asked(server, parent, ("/options/explain", "full"), (M1, 25)).json()
    assert by_field["explanation"]["level"] == "summary"
    assert len(by_field["comparison"]["changes"]) == 1
    assert by_pointer["explanation"]["level"] == "full"
    wrong = asked(server, parent, (M1, 25), options={"time_limit": 5}).json()
    assert wrong["errors"][0]["pointer"] == "/options/time_limit"


def test_a_question_can_be_validated_only(server: Server, parent: str) -> None:
    """Nothing is solved or stored."""
    answer = server.client.post(
        f"/v1/runs/{parent}/what-if?validate_only=true", json={"changes": [{"pointer": M1, "value": 25}]}
    )
    assert answer.json()["valid"] is True


def test_the_same_key_is_the_same_run(server: Server, parent: str) -> None:
    """A retry finds the run; the key with another question is refused."""
    url, headers = f"/v1/runs/{parent}/what-if", {"idempotency-key": "what-if-1"}
    first = server.client.post(url, json={"changes": [{"pointer": M1, "value": 25}]}, headers=headers)
    again = server.client.post(url, json={"changes": [{"pointer": M1, "value": 25}]}, headers=headers)
    other = server.client.post(url, json={"changes": [{"pointer": M1, "value": 27}]}, headers=headers)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_many_can_ask_at_once(server: Server, parent: str) -> None:
    """Each gets the answer to its own question."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda upper: asked(server, parent, (M1, upper)).json(), range(20, 36, 2)))
    assert [run["objective"]["value"] for run in found] == pytest.approx(
        [21 + 0.75 * (upper - 24) for upper in range(20, 36, 2)]
    )


def test_the_parent_may_go_meanwhile(server: Server) -> None:
    """What is needed of it is kept with the question; only the list of changed decisions may be missing."""
    run = parent_of(server)
    url = f"/v1/runs/{run['id']}/what-if"
    headers = {"prefer": "respond-async"}
    body = {"changes": [{"pointer": M1, "value": 26}]}
    queued = [server.client.post(url, json=body, headers=headers).json()["id"] for _ in range(4)]
    assert server.client.delete(f"/v1/runs/{run['id']}").status_code == 204
    for one in queued:
        found = server.finished(one)["comparison"]
        assert found["predicted"]["change"] == pytest.approx(1.5)
        assert found["changed"] or "deleted" in found["unavailable"]["changed"]


def test_a_large_request_is_altered_in_a_child(server: Server) -> None:
    """The answer is the same as for a small one."""
    names = [f"variable-with-a-long-name-{index:05d}" for index in range(1500)]
    body = {
        "variables": [{"name": name, "objective": 1 + index % 7, "upper": 10} for index, name in enumerate(names)],
        "constraints": [{"name": "demand", "terms": dict.fromkeys(names, 1), "lower": 50}],
    }
    run = parent_of(server, "linear", body)
    found = asked(server, run["id"], ("/constraints/0/lower", 53)).json()["comparison"]
    assert found["predicted"]["exact"]
    assert found["actual"]["change"] == pytest.approx(3)
    refused = asked(server, run["id"], ("/constraints/1/lower", 53))
    assert refused.json()["errors"][0]["code"] == "POINTER_NOT_FOUND"


def test_a_store_of_an_earlier_version_opens(tmp_path: Path) -> None:
    """The table of alterations is added, and the runs that are there stay."""
    path = tmp_path / "runs.sqlite"
    old = RunStore(path)
    run = NewRun(kind="linear", body=b"{}", explain=None, time_limit=1.0, warnings=[])
    old.insert("run_1", run, "digest")
    old.close()
    with sqlite3.connect(path) as connection:
        connection.execute("drop table alterations")
    store = RunStore(path)
    stored = store.request_of("run_1")
    assert stored is not None
    assert stored.alteration is None
    store.insert(
        "run_2",
        NewRun(kind="linear", body=b"{}", explain=None, time_limit=1.0, warnings=[], alteration=b'{"parent":"run_1"}'),
        "other",
    )
    again = store.request_of("run_2")
    assert again is not None
    assert again.alteration == b'{"parent":"run_1"}'
    store.close()


def test_claims_are_judged_in_the_sense_of_the_changed_problem(server: Server) -> None:
    """A maximum that becomes an infeasible minimum contradicts nothing that was claimed."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": -4.72, "integer": True}],
        "constraints": [{"name": "row", "terms": {"x": 2.8}, "lower": 2.8, "upper": 2.8}],
    }
    run_id = parent_of(server, body=body)["id"]
    changes = [("/sense", "min"), ("/constraints/0/lower", 5.8), ("/constraints/0/upper", 5.8)]
    run = asked(server, run_id, *changes).json()
    assert run["status"] == "infeasible"
    assert "contradicts" not in run["comparison"]["predicted"]["reason"]
