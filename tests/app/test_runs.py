"""Runs as resources."""

import gzip

import orjson
import pytest
import zstandard

from tests.problems import linear, routing
from tests.server import Server

ASYNC = {"prefer": "respond-async"}


def test_a_small_problem_is_answered_at_once(server: Server) -> None:
    """A finished run comes back with 200, its own address and a verified certificate."""
    answer = server.post("linear", linear())
    run = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-location"] == f"/v1/runs/{run['id']}"
    assert run["status"] == "succeeded"
    assert run["objective"]["value"] == pytest.approx(21.0)
    assert run["certificate"]["verified"]


def test_the_envelope_is_complete(server: Server) -> None:
    """Every key of the contract is there, and the run reads the same when fetched again."""
    run = server.post("linear", linear()).json()
    assert set(run) == {
        "id", "kind", "status", "created_at", "started_at", "finished_at", "expires_at", "termination", "objective", "solution",
        "explanation", "error", "certificate", "warnings", "stats", "comparison",
    }  # fmt: skip
    assert server.client.get(f"/v1/runs/{run['id']}").json() == run


def test_a_slow_problem_is_accepted(server: Server) -> None:
    """With respond-async the answer is 202 with a path to follow, and the run finishes there."""
    answer = server.post("routing", routing(time_limit=0.5), **ASYNC)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/runs/{answer.json()['id']}"
    assert answer.headers["preference-applied"] == "respond-async"
    assert int(answer.headers["retry-after"]) >= 1
    assert server.finished(answer.json()["id"])["status"] == "succeeded"


def test_waiting_is_bounded_by_the_preference(server: Server) -> None:
    """`wait=1` gives up waiting, not solving."""
    answer = server.post("routing", routing(time_limit=3.0), prefer="wait=1")
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "wait=1"
    assert server.finished(answer.json()["id"])["status"] == "succeeded"


def test_explain_in_the_query_wins(server: Server) -> None:
    """The level in the query replaces the one in the body."""
    body = linear() | {"options": {"explain": "none"}}
    run = server.client.post("/v1/linear?explain=full", json=body).json()
    assert run["explanation"]["level"] == "full"


def test_validate_only_stores_nothing(server: Server) -> None:
    """A valid request is told so, with its sizes, and leaves no run behind."""
    before = server.client.get("/v1/runs?limit=1").json()
    answer = server.client.post("/v1/routing?validate_only=true", json=routing(5))
    assert answer.json()["valid"] is True
    assert answer.json()["sizes"]["clients"] == 5
    assert server.client.get("/v1/runs?limit=1").json() == before


def test_validate_only_refuses_like_the_real_call(server: Server) -> None:
    """An invalid request gets the same 422 either way."""
    body = routing(3) | {"depots": []}
    checked = server.client.post("/v1/routing?validate_only=true", json=body)
    real = server.client.post("/v1/routing", json=body)
    assert checked.status_code == real.status_code == 422
    assert checked.json()["errors"] == real.json()["errors"]


def test_an_idempotency_key_returns_the_same_run(server: Server) -> None:
    """The same key and body is the same run; another body is refused."""
    key = {"idempotency-key": "order-1"}
    first = server.post("linear", linear(), **key)
    second = server.post("linear", linear(), **key)
    assert second.json()["id"] == first.json()["id"]
    assert second.headers["idempotent-replayed"] == "true"
    other = server.post("linear", linear() | {"sense": "min"}, **key)
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_a_page_of_runs_is_newest_first(server: Server) -> None:
    """Runs are listed newest first, and the cursor leads to older ones."""
    ids = [server.post("linear", linear()).json()["id"] for _ in range(3)]
    page = server.client.get("/v1/runs?limit=2&kind=linear").json()
    assert [run["id"] for run in page["runs"]] == [ids[2], ids[1]]
    older = server.client.get(f"/v1/runs?limit=2&kind=linear&cursor={page['next']}").json()
    assert older["runs"][0]["id"] == ids[0]


def test_a_finished_run_can_be_removed(server: Server) -> None:
    """DELETE on a finished run removes it."""
    run_id = server.post("linear", linear()).json()["id"]
    assert server.client.delete(f"/v1/runs/{run_id}").status_code == 204
    assert server.client.get(f"/v1/runs/{run_id}").status_code == 404


def test_stopping_keeps_the_best_solution(server: Server) -> None:
    """A stopped run succeeds with its best plan and limit `interrupted`."""
    run_id = server.post("routing", routing(40, time_limit=60), **ASYNC).json()["id"]
    server.until_running(run_id)
    server.client.post(f"/v1/runs/{run_id}/stop")
    run = server.finished(run_id)
    assert run["status"] == "succeeded"
    assert run["termination"]["limit"] == "interrupted"
    assert run["certificate"]["verified"]


def test_cancelling_keeps_the_best_solution_readable(server: Server) -> None:
    """A cancelled run says so, and what was found stays readable."""
    run_id = server.post("routing", routing(40, time_limit=60), **ASYNC).json()["id"]
    server.until_running(run_id)
    run = server.client.delete(f"/v1/runs/{run_id}").json()
    assert run["status"] == "cancelled"
    assert server.client.get(f"/v1/runs/{run_id}").json() == run


def events_of(server: Server, run_id: str, **headers: str) -> list[tuple[int, str, dict]]:
    """Return the event stream of a run until it ends."""
    found = []
    with server.client.stream("GET", f"/v1/runs/{run_id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for block in answer.read().decode().strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines())
            found.append((int(fields["id"]), fields["event"], orjson.loads(fields["data"])))
    return found


def test_events_tell_the_story_of_a_run(server: Server) -> None:
    """A live stream goes from queued to done, with incumbents between and rising numbers."""
    run_id = server.post("routing", routing(30, time_limit=1.0), **ASYNC).json()["id"]
    events = events_of(server, run_id)
    names = [name for _, name, _ in events]
    assert names[:2] == ["queued", "started"]
    assert names[-1] == "done"
    assert "incumbent" in names
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))


def test_events_resume_after_the_last_one_seen(server: Server) -> None:
    """Last-Event-ID leaves out what was seen; a finished run is replayed."""
    run_id = server.post("linear", linear()).json()["id"]
    everything = events_of(server, run_id)
    assert events_of(server, run_id, **{"last-event-id": "1"}) == everything[1:]


def test_events_after_an_absurd_number_are_none(server: Server) -> None:
    """A Last-Event-ID beyond every event, and beyond 64 bits, is an empty stream that ends."""
    run_id = server.post("linear", linear()).json()["id"]
    answer = server.client.get(f"/v1/runs/{run_id}/events", headers={"last-event-id": "9" * 20})
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_cursor_that_no_page_gave_is_refused(server: Server) -> None:
    """A made-up cursor is an error, not an empty page."""
    assert server.client.get("/v1/runs?cursor=page2").json()["code"] == "INVALID_PARAMETER"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_compressed_bodies_are_read(server: Server, coding: str) -> None:
    """Gzip and zstd bodies are decompressed."""
    pack = {"gzip": gzip.compress, "zstd": zstandard.compress}[coding]
    headers = {"content-type": "application/json", "content-encoding": coding}
    answer = server.client.post("/v1/linear", content=pack(orjson.dumps(linear())), headers=headers)
    assert answer.json()["status"] == "succeeded"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_one_after_the_other_are_one_body(server: Server, coding: str) -> None:
    """Parallel compressors write several members; all of them count."""
    pack = {"gzip": gzip.compress, "zstd": zstandard.compress}[coding]
    text = orjson.dumps(linear())
    headers = {"content-type": "application/json", "content-encoding": coding}
    answer = server.client.post("/v1/linear", content=pack(text[:40]) + pack(text[40:]), headers=headers)
    assert answer.json()["status"] == "succeeded"


def test_large_bodies_are_validated_away_from_the_server(server: Server) -> None:
    """A valid body above the inline limit is solved, and an invalid one refused, like small ones."""
    padding = b" " * 100_000
    headers = {"content-type": "application/json"}
    good = server.client.post("/v1/linear", content=padding + orjson.dumps(linear()), headers=headers)
    assert good.json()["status"] == "succeeded"
    bad = server.client.post("/v1/linear", content=padding + orjson.dumps(linear() | {"sense": "up"}), headers=headers)
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["pointer"] == "/sense"


def test_the_same_seed_and_iterations_give_the_same_answer(server: Server) -> None:
    """One thread, one seed, one iteration limit: one answer."""
    body = routing(25, time_limit=20, iteration_limit=300, threads=1, seed=7)
    first, second = (server.post("routing", body, prefer="wait=30").json() for _ in range(2))
    assert first["solution"] == second["solution"]


def test_an_unexpected_solver_name_is_refused(server: Server) -> None:
    """A solver that does not exist is a wrong value with a pointer."""
    answer = server.post("linear", linear() | {"options": {"solver": "simplexx"}})
    assert answer.json()["errors"][0]["pointer"] == "/options/solver"
    assert "`simplex`" in answer.json()["errors"][0]["message"]


def test_an_unknown_query_parameter_is_refused(server: Server) -> None:
    """A misspelt parameter is an error, not ignored."""
    answer = server.client.post("/v1/linear?explian=full", json=linear())
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")
    assert "explain" in answer.json()["detail"]


def test_waiting_comes_before_going_on_alone(server: Server) -> None:
    """`respond-async, wait=20` waits first (RFC 7240, section 4.3)."""
    answer = server.post("linear", linear(), prefer="respond-async, wait=20")
    assert answer.status_code == 200


def test_the_threads_reported_are_the_threads_used(server: Server) -> None:
    """A search that has one thread only, whatever was asked for, says so."""
    run = server.post("routing", routing(4, time_limit=0.3, threads=2, solver="guided_local_search")).json()
    assert run["stats"]["threads"] == 1
    assert "ONE_THREAD_USED" in [warning["code"] for warning in run["warnings"]]
    run = server.post("routing", routing(4, time_limit=0.3, threads=2, solver="ruin_and_recreate")).json()
    assert run["stats"]["threads"] == 2
    assert "ONE_THREAD_USED" not in [warning["code"] for warning in run["warnings"]]
