"""The bookkeeping of the run engine, with a solve that ends when the test says so."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import app.runs.local as local
from app.errors import ProblemError
from app.execution import Job, Result, Stop
from app.runs.local import MAX_ATTEMPTS, LocalRunEngine
from app.runs.record import NewRun
from app.runs.store import RunStore
from app.settings import Settings

ANSWER = b'{"termination":null}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    """Return an empty store."""
    found = RunStore(tmp_path / "runs.db")
    yield found
    found.close()


@pytest.fixture(autouse=True)
def solved(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Every solve succeeds at once; returns the jobs in the order in which they were solved."""
    jobs: list[Job] = []

    def supervise(job: Job, *, stop: Stop, **_: Any) -> Result:
        jobs.append(job)
        return Result(head={"status": "succeeded"}, answer=ANSWER)

    monkeypatch.setattr(local, "supervise", supervise)
    return jobs


def new_run(key: str | None = None) -> NewRun:
    """Return a run with a body that nobody reads."""
    return NewRun(kind="linear", body=b"{}", explain=None, time_limit=1.0, warnings=[], idempotency_key=key)


def with_engine(store: RunStore, act: Callable[[LocalRunEngine], Awaitable[Any]], *, queue_limit: int = 1000) -> Any:
    """Return what `act` returns for an engine whose workers it may start."""
    settings = Settings(workers=1, queue_limit=queue_limit, drain_seconds=5.0)

    async def main() -> Any:
        engine = LocalRunEngine(settings, store)
        await engine.recover()
        try:
            return await act(engine)
        finally:
            await engine.shut_down()

    return asyncio.run(main())


def test_a_run_posted_while_the_workers_warm_up_is_solved_once(store: RunStore, solved: list[Job]) -> None:
    """Starting the workers does not queue again what arrived before."""

    async def act(engine: LocalRunEngine) -> tuple[str, str]:
        first = (await engine.submit(new_run())).record.id
        waiting = asyncio.create_task(engine.wait(first, 5.0))
        await asyncio.sleep(0)
        await engine.start()
        record = await waiting
        second = (await engine.submit(new_run())).record.id
        later = await engine.wait(second, 5.0)
        assert record is not None
        assert later is not None
        return record.status, later.status

    assert with_engine(store, act) == ("succeeded", "succeeded")
    assert len(solved) == 2


def test_what_an_earlier_server_left_is_solved(store: RunStore, solved: list[Job]) -> None:
    """A queued run is in the queue again before the first request is answered, and can be cancelled there."""
    store.insert("run_a", new_run(), "digest")
    store.insert("run_b", new_run(), "digest")

    async def act(engine: LocalRunEngine) -> tuple[Any, Any]:
        cancelled = await engine.delete("run_a")
        await engine.start()
        return cancelled, await engine.wait("run_b", 5.0)

    cancelled, other = with_engine(store, act)
    assert (cancelled.status, other.status) == ("cancelled", "succeeded")
    assert len(solved) == 1


def test_a_run_that_ended_three_servers_is_given_up(store: RunStore) -> None:
    """After three attempts a run is failed instead of queued."""
    store.insert("run_a", new_run(), "digest")
    for _ in range(MAX_ATTEMPTS):
        store.start("run_a")
    record = with_engine(store, lambda engine: engine.get("run_a"))
    assert (record.status, record.head["error"]["code"]) == ("failed", "SOLVER_CRASHED")


def test_fifty_posts_with_one_key_are_one_run(store: RunStore, solved: list[Job]) -> None:
    """However close together, one is recorded and the others find it."""

    async def act(engine: LocalRunEngine) -> list[Any]:
        await engine.start()
        submitted = await asyncio.gather(*[engine.submit(new_run("key")) for _ in range(50)])
        await engine.wait(submitted[0].record.id, 5.0)
        return submitted

    submitted = with_engine(store, act)
    assert len({entry.record.id for entry in submitted}) == 1
    assert sum(not entry.replayed for entry in submitted) == 1
    assert len(solved) == 1


def test_the_limit_of_the_queue_holds_for_a_burst(store: RunStore) -> None:
    """Requests that arrive together are counted while they are being recorded."""

    async def act(engine: LocalRunEngine) -> list[Any]:
        return await asyncio.gather(*[engine.submit(new_run()) for _ in range(10)], return_exceptions=True)

    outcomes = with_engine(store, act, queue_limit=3)
    refused = [outcome for outcome in outcomes if isinstance(outcome, ProblemError)]
    assert len(refused) == 7
    assert {problem.code for problem in refused} == {"QUEUE_FULL"}


def test_a_worker_outlives_a_store_that_refuses(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the end of a run cannot be recorded, whoever waits is let go and the next run is solved."""
    finish, failures = store.finish, iter([True, True])

    def failing(*arguments: Any, **named: Any) -> None:
        if next(failures, False):
            raise sqlite3.OperationalError("database or disk is full")
        finish(*arguments, **named)

    monkeypatch.setattr(store, "finish", failing)

    async def act(engine: LocalRunEngine) -> list[str]:
        await engine.start()
        found = []
        for _ in range(2):
            record = await engine.wait((await engine.submit(new_run())).record.id, 5.0)
            assert record is not None
            found.append(record.status)
        return found

    assert with_engine(store, act) == ["running", "succeeded"]


def test_a_run_that_could_not_be_recorded_leaves_nothing(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that refuses a new run is an error of that request only; the queue's count does not keep it."""

    def failing(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def act(engine: LocalRunEngine) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(store, "insert", failing)
            with pytest.raises(ProblemError) as caught:
                await engine.submit(new_run())
            assert (caught.value.code, caught.value.status) == ("STORE_UNAVAILABLE", 503)
        return await engine.submit(new_run())

    assert with_engine(store, act, queue_limit=1).record.status == "queued"


def test_deleting_a_running_run_does_not_outwait_the_service(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DELETE that waits for a solve is let go when the service stops."""
    begun = threading.Event()

    def stubborn(job: Job, *, stop: Stop, **_: Any) -> Result:
        begun.set()
        while stop.level != "kill":
            time.sleep(0.01)
        return Result(error="CANCELLED")

    monkeypatch.setattr(local, "supervise", stubborn)

    async def act(engine: LocalRunEngine) -> Any:
        await engine.start()
        run_id = (await engine.submit(new_run())).record.id
        await asyncio.to_thread(begun.wait)
        deleting = asyncio.create_task(engine.delete(run_id))
        await asyncio.sleep(0.05)
        engine.begin_shutdown()
        record = await asyncio.wait_for(deleting, 2.0)
        engine.abandon()
        return record

    assert with_engine(store, act).status == "running"


def test_pages_go_on_when_the_last_run_of_a_page_was_removed(store: RunStore) -> None:
    """The cursor is a place in time, not a run that must still be there."""
    ids = [f"run_{letter}" for letter in "abcd"]
    for run_id in ids:
        store.insert(run_id, new_run(), "digest")
    store.remove("run_c")
    page = store.page(limit=5, before="run_c", status=None, kind=None)
    assert [record.id for record in page] == ["run_b", "run_a"]


def test_only_expired_runs_are_swept(store: RunStore) -> None:
    """A run goes when its time is over, with its events; others stay."""
    for run_id, expires in (("run_old", "2020-01-01T00:00:00.000Z"), ("run_new", "2999-01-01T00:00:00.000Z")):
        store.insert(run_id, new_run(), "digest")
        store.finish(run_id, status="succeeded", head={}, answer=ANSWER, expires_at=expires)
    assert store.remove_expired() == 1
    assert store.get("run_old") is None
    assert store.events("run_old", 0) == []
    assert store.get("run_new") is not None
