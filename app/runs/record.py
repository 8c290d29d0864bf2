"""A run as the store knows it, and its envelope as the client sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from models.run import FINAL_STATUSES

EMPTY_ANSWER: dict[str, Any] = {
    "termination": None,
    "objective": None,
    "solution": None,
    "explanation": None,
    "error": None,
    "certificate": None,
    "warnings": [],
    "stats": None,
    "comparison": None,
}
"""The inner part of the envelope before there is an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A valid request, ready to be queued."""

    kind: str
    body: bytes
    explain: str | None
    time_limit: float
    warnings: list[dict[str, str]]
    idempotency_key: str | None = None
    alteration: bytes | None = None
    """What-if and why-not: `app.alteration.Alteration` as JSON, which names the parent and what differs from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run without its request: times are ISO 8601 in UTC, `answer` is the inner envelope as JSON text."""

    id: str
    kind: str
    status: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
    head: dict[str, Any]
    answer: bytes | None

    @property
    def final(self) -> bool:
        """True when the status will not change any more."""
        return self.status in FINAL_STATUSES

    def envelope(self) -> bytes:
        """Return the run envelope as JSON; the answer is passed through as it came from the solver process."""
        times = ("created_at", "started_at", "finished_at", "expires_at")
        outer = {"id": self.id, "kind": self.kind, "status": self.status, **{name: getattr(self, name) for name in times}}
        inner = self.answer if self.answer is not None else orjson.dumps(EMPTY_ANSWER | self.head)
        return orjson.dumps(outer)[:-1] + b"," + inner[1:]

    def summary(self) -> dict[str, Any]:
        """Return what a list of runs shows."""
        fields = ("id", "kind", "status", "created_at", "started_at", "finished_at", "expires_at")
        outer = {name: getattr(self, name) for name in fields}
        return outer | {name: self.head.get(name) for name in ("termination", "objective", "error")}


def now() -> str:
    """Return the time in UTC as ISO 8601 with milliseconds."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """Return a moment in UTC as ISO 8601 with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_since(moment: str) -> float:
    """Return the seconds that have passed since a moment written by `iso`."""
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
