"""The protocol between the endpoints and whatever keeps and executes runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from app.runs.record import NewRun, RunRecord


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a run's event stream: number from 1, name, JSON data."""

    number: int
    name: str
    data: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """A queued run, and whether the idempotency key found an earlier one."""

    record: RunRecord
    replayed: bool


class RunEngine(Protocol):
    """Keeps runs and executes them; every endpoint talks to this and to nothing behind it."""

    async def submit(self, run: NewRun) -> Submitted:
        """
        Record a run and queue it.

        Raises
        ------
        ProblemError
            503 when the queue is full or the service is stopping; 422 when the idempotency key stands for another body.
        """

    async def get(self, run_id: str) -> RunRecord | None:
        """Return a run, or None."""

    async def request_of(self, run_id: str) -> NewRun | None:
        """Return the request of a run as it was stored, or None."""

    async def wait(self, run_id: str, seconds: float) -> RunRecord | None:
        """Return the run as soon as it is final, or as it is after so many seconds or when the service stops."""

    async def list_runs(self, *, limit: int, before: str | None, status: str | None, kind: str | None) -> list[RunRecord]:
        """Return runs, newest first, without their answers; `before` is the id of the last run of the page before."""

    async def stop(self, run_id: str) -> RunRecord | None:
        """Ask a run to end now and keep its best solution; a final run is left alone."""

    async def delete(self, run_id: str) -> RunRecord | None:
        """Cancel an active run, or remove a final one; return it as it was before removal."""

    def events(self, run_id: str, after: int) -> AsyncIterator[Event]:
        """Yield the events of a run from number `after` + 1 on; ends after `done`."""

    @property
    def ready(self) -> bool:
        """True when the workers are warm and the service is not stopping."""
