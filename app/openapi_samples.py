"""What can be copied from the OpenAPI document: requests, the answers to them, and command lines."""

import shlex
from functools import cache
from typing import Any

import orjson

from app.examples import FOLDER, examples, examples_of
from app.openapi_values import example
from app.runs.record import RunRecord

ORIGIN = "http://127.0.0.1:8000"
"""Where `make run` serves by default."""

ANSWERS = FOLDER / "answers"
"""Recorded answers, one file for an example that has one; `make answers` writes them anew."""

READING_ORDER = ("tiny", "realistic", "infeasible", "explained")
SAMPLE_ID = "run_01KE6BV5G0Q3T8Z1M4N7R2W9XC"
SAMPLE_TIMES = {
    "created_at": "2026-01-05T08:00:00.000Z",
    "started_at": "2026-01-05T08:00:00.004Z",
    "finished_at": "2026-01-05T08:00:01.000Z",
    "expires_at": "2026-01-12T08:00:01.000Z",
}


def in_reading_order(names: list[str]) -> list[str]:
    """Return example names from the simplest on; those without a usual name come last, by the alphabet."""
    return sorted(names, key=lambda name: (READING_ORDER.index(name) if name in READING_ORDER else len(READING_ORDER), name))


def request_examples(kind: str) -> dict[str, Any]:
    """Return the examples of a request body, the simplest first."""
    found = examples_of(kind)
    return {
        name: example(f"{name}: {found[name]['summary']}", found[name]["request"], found[name]["description"])
        for name in in_reading_order(list(found))
    }


def answer_examples(kind: str) -> dict[str, Any]:
    """Return the recorded answers to the examples of a kind."""
    found = examples_of(kind)
    return {
        name: example(f"Answer to {name}: {found[name]['summary']}", answer)
        for name in in_reading_order(list(found))
        if (answer := recorded_answers().get(f"{kind.replace('/', '-')}_{name}"))
    }


@cache
def recorded_answers() -> dict[str, dict[str, Any]]:
    """Return every recorded answer by the name of its example."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted(ANSWERS.glob("*.json"))}


def queued_run(kind: str) -> dict[str, Any]:
    """Return the envelope of a run that waits."""
    record = RunRecord(
        id=SAMPLE_ID,
        kind=kind,
        status="queued",
        created_at=SAMPLE_TIMES["created_at"],
        started_at=None,
        finished_at=None,
        expires_at=None,
        head={},
        answer=None,
    )
    envelope: dict[str, Any] = orjson.loads(record.envelope())
    return envelope


def post_line(kind: str, name: str, origin: str = ORIGIN) -> str:
    """Return a command, on two lines, that posts an example as the service at this origin gives it out."""
    return f"curl -s {origin}/v1/examples/{name} |\n  {_post(kind, origin)} -d @-"


def pipe_line(kind: str) -> str:
    """Return a command, on two lines, that posts the tiny example."""
    return post_line(kind, f"{kind.replace('/', '-')}_tiny")


def _post(kind: str, origin: str) -> str:
    return f"curl -s {origin}/v1/{kind} -H 'Content-Type: application/json'"


def code_samples(kind: str) -> list[dict[str, str]]:
    """Return command lines that post the tiny example; none while a kind has no such example."""
    tiny = examples_of(kind).get("tiny")
    if tiny is None:
        return []
    body = shlex.quote(orjson.dumps(tiny["request"]).decode())
    return [
        {"lang": "Shell", "label": "curl", "source": f"{_post(kind, ORIGIN)} -d {body}"},
        {"lang": "Shell", "label": "curl, body from the service", "source": pipe_line(kind)},
    ]


def example_list_sample() -> dict[str, Any]:
    """Return the documentation of the list of examples, with its first entry."""
    rows = [
        {
            "name": name,
            "kind": found["kind"],
            "summary": found["summary"],
            "description": found["description"],
            "path": f"/v1/examples/{name}",
            "post_to": f"/v1/{found['kind']}",
        }
        for name, found in examples().items()
    ]
    content = {"examples": {"first": example("The list, cut after its first entry", {"examples": rows[:1]})}}
    return {"description": "Every example.", "content": {"application/json": content}}


def example_sample() -> dict[str, Any]:
    """Return the documentation of an example, with one of them."""
    tiny = [(name, found) for name, found in examples().items() if name.endswith("_tiny")]
    shown = {name: example(found["summary"], found["request"]) for name, found in tiny[:1]}
    content = {"schema": {"type": "object", "description": "A request body."}, **({"examples": shown} if shown else {})}
    return {"description": "A body that can be posted as it is.", "content": {"application/json": content}}
