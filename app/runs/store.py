"""
The run store: one SQLite file in write-ahead mode.

Every method is a short transaction and blocks; the engine calls them in threads. Requests are kept until their run is deleted,
so that what was accepted can be executed after a restart.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from app.runs.record import NewRun, RunRecord, now

# The body stands last: to read a column behind a large one, SQLite has to walk through all of it.
SCHEMA = """
create table if not exists runs (
    number integer primary key autoincrement,
    id text not null unique,
    kind text not null,
    status text not null,
    created_at text not null,
    started_at text,
    finished_at text,
    expires_at text,
    explain text,
    time_limit real not null,
    attempts integer not null default 0,
    body_sha256 text not null,
    idempotency_key text unique,
    head text not null,
    answer blob,
    body blob not null
);
create table if not exists alterations (
    run_id text primary key references runs (id) on delete cascade,
    parent text not null,
    alteration blob not null
) without rowid;
create index if not exists runs_by_status on runs (status, number);
create table if not exists events (
    run_id text not null references runs (id) on delete cascade,
    number integer not null,
    name text not null,
    data text not null,
    primary key (run_id, number)
) without rowid;
"""

OUTER = "id, kind, status, created_at, started_at, finished_at, expires_at, head"


class RunStore:
    """Runs and their events on disk."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._connection.execute("pragma foreign_keys=on")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def insert(self, run_id: str, run: NewRun, digest: str) -> None:
        """Record a queued run with its first event."""
        head = json.dumps({"warnings": run.warnings})
        with self._transaction() as cursor:
            cursor.execute(
                "insert into runs (id, kind, status, created_at, explain, time_limit, body, body_sha256, idempotency_key, head)"
                " values (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
                (run_id, run.kind, now(), run.explain, run.time_limit, run.body, digest, run.idempotency_key, head),
            )
            if run.alteration is not None:
                parent = orjson.loads(run.alteration)["parent"]
                cursor.execute("insert into alterations values (?, ?, ?)", (run_id, parent, run.alteration))
            self._add_event(cursor, run_id, "queued", "{}")

    def find_key(self, key: str) -> tuple[str, str] | None:
        """Return id and body hash of the run that was posted with an idempotency key, or None."""
        with self._transaction() as cursor:
            row = cursor.execute("select id, body_sha256 from runs where idempotency_key = ?", (key,)).fetchone()
            return row and (row[0], row[1])

    def get(self, run_id: str) -> RunRecord | None:
        """Return a run with its answer, or None."""
        with self._transaction() as cursor:
            row = cursor.execute(f"select {OUTER}, answer from runs where id = ?", (run_id,)).fetchone()  # noqa: S608
            return _record(row, row[8]) if row else None

    def request_of(self, run_id: str) -> NewRun | None:
        """Return the request of a run, or None."""
        query = (
            "select kind, explain, time_limit, idempotency_key, alteration, body"
            " from runs left join alterations on run_id = id where id = ?"
        )
        with self._transaction() as cursor:
            row = cursor.execute(query, (run_id,)).fetchone()
        if row is None:
            return None
        names = ("kind", "explain", "time_limit", "idempotency_key", "alteration", "body")
        return NewRun(**dict(zip(names, row, strict=True)), warnings=[])

    def page(self, *, limit: int, before: str | None, status: str | None, kind: str | None) -> list[RunRecord]:
        """Return runs, newest first (ids sort by time), without their answers; the run `before` may be gone by now."""
        query = (
            f"select {OUTER} from runs where (?1 is null or status = ?1) and (?2 is null or kind = ?2)"  # noqa: S608
            " and (?3 is null or id < ?3) order by id desc limit ?4"
        )
        with self._transaction() as cursor:
            rows = cursor.execute(query, (status, kind, before, limit)).fetchall()
        return [_record(row, None) for row in rows]

    def unfinished(self) -> list[tuple[str, int]]:
        """Return id and number of attempts of every run that is not final, oldest first."""
        query = "select id, attempts from runs where status in ('queued', 'running') order by number"
        with self._transaction() as cursor:
            return [(row[0], row[1]) for row in cursor.execute(query)]

    def start(self, run_id: str) -> None:
        """Mark a run as running and count the attempt; the clock of the first attempt goes on."""
        with self._transaction() as cursor:
            cursor.execute(
                "update runs set status = 'running', started_at = coalesce(started_at, ?), attempts = attempts + 1"
                " where id = ?",
                (now(), run_id),
            )
            self._add_event(cursor, run_id, "started", "{}")

    def add_event(self, run_id: str, name: str, data: str) -> None:
        """Append an event to a run."""
        with self._transaction() as cursor:
            self._add_event(cursor, run_id, name, data)

    def finish(self, run_id: str, *, status: str, head: dict[str, Any], answer: bytes, expires_at: str) -> None:
        """Record the answer of a run and its last event."""
        with self._transaction() as cursor:
            cursor.execute(
                "update runs set status = ?, finished_at = ?, expires_at = ?, head = ?, answer = ? where id = ?",
                (status, now(), expires_at, orjson.dumps(head).decode(), answer, run_id),
            )
            self._add_event(
                cursor, run_id, "done", orjson.dumps({"status": status, "objective": head.get("objective")}).decode()
            )

    def events(self, run_id: str, after: int) -> list[tuple[int, str, str]]:
        """Return number, name and data of the events of a run from number `after` + 1 on."""
        query = "select number, name, data from events where run_id = ? and number > ? order by number"
        with self._transaction() as cursor:
            return cursor.execute(query, (run_id, after)).fetchall()

    def remove(self, run_id: str) -> None:
        """Delete a run and its events."""
        with self._transaction() as cursor:
            cursor.execute("delete from runs where id = ?", (run_id,))

    def remove_expired(self) -> int:
        """Delete the runs whose time is over; return how many."""
        with self._transaction() as cursor:
            return cursor.execute("delete from runs where expires_at < ?", (now(),)).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("begin immediate")
            try:
                yield cursor
            except BaseException:
                cursor.execute("rollback")
                raise
            cursor.execute("commit")

    @staticmethod
    def _add_event(cursor: sqlite3.Cursor, run_id: str, name: str, data: str) -> None:
        cursor.execute(
            "insert into events select ?1, coalesce(max(number), 0) + 1, ?2, ?3 from events where run_id = ?1",
            (run_id, name, data),
        )


def _record(row: Sequence[Any], answer: bytes | None) -> RunRecord:
    names = ("id", "kind", "status", "created_at", "started_at", "finished_at", "expires_at")
    return RunRecord(**dict(zip(names, row, strict=False)), head=orjson.loads(row[7]), answer=answer)
