"""The limits on requests, as published by `GET /v1/limits`."""

from typing import Annotated, Any

from pydantic import Field

from app.openapi_values import example
from app.parsing import MAX_DEPTH
from app.prefer import LONGEST_WAIT
from app.settings import Settings
from models.base import LARGEST_NUMBER, MAX_IDENTIFIER_LENGTH, MAX_TEXT_LENGTH, Output
from models.errors import MAX_ERRORS_SHOWN
from models.options import MAX_TIME_LIMIT
from solvers.problems import PROBLEMS


class Limits(Output):
    """What this server takes, and what it keeps."""

    body_bytes: Annotated[int, Field(description="Largest request body after decompression, in bytes.")]
    nesting_depth: Annotated[int, Field(description="Deepest nesting of arrays and objects.")]
    largest_number: Annotated[float, Field(description="Largest magnitude of a number in a request.")]
    identifier_length: Annotated[int, Field(description="Longest id or name, in characters.")]
    text_length: Annotated[int, Field(description="Longest free text, in characters.")]
    errors_shown: Annotated[int, Field(description="Most entries of `errors` in one answer.")]
    time_limit_s: Annotated[float, Field(description="Longest `options.time_limit_s`, in seconds.")]
    wait_s: Annotated[float, Field(description="Longest `Prefer: wait=N` that is honoured, in seconds.")]
    queued_runs: Annotated[int, Field(description="Most runs that wait; beyond it the answer is 503.")]
    concurrent_runs: Annotated[int, Field(description="Runs that are solved at the same time.")]
    memory_mb: Annotated[int, Field(description="Memory that one solve may take, in MiB.")]
    runs_kept_hours: Annotated[float, Field(description="Hours until a finished run is deleted.")]
    lists: Annotated[
        dict[str, dict[str, int]],
        Field(description="For each endpoint, the most entries of each list at the top of its request."),
    ]


def limits(settings: Settings) -> Limits:
    """Return limits that hold for every request, and the longest lists of each endpoint."""
    return Limits(
        body_bytes=settings.max_body_mb * 1024 * 1024,
        nesting_depth=MAX_DEPTH,
        largest_number=LARGEST_NUMBER,
        identifier_length=MAX_IDENTIFIER_LENGTH,
        text_length=MAX_TEXT_LENGTH,
        errors_shown=MAX_ERRORS_SHOWN,
        time_limit_s=MAX_TIME_LIMIT,
        wait_s=LONGEST_WAIT,
        queued_runs=settings.queue_limit,
        concurrent_runs=settings.workers,
        memory_mb=settings.memory_mb,
        runs_kept_hours=settings.keep_runs_hours,
        lists={kind: _longest_lists(entry.problem.model_json_schema()) for kind, entry in PROBLEMS.items()},
    )


def limits_sample() -> dict[str, Any]:
    """Return the documentation of the answer, with the limits of a server with default settings on a machine with two cores."""
    usual = limits(Settings.model_construct(workers=2)).model_dump()
    return {
        "description": "The limits of this server.",
        "content": {"application/json": {"examples": {"default": example("Default settings, two cores", usual)}}},
    }


def _longest_lists(schema: dict[str, Any]) -> dict[str, int]:
    """Return the cap of every top-level list of a request."""
    caps: dict[str, int] = {}
    for name, field in schema.get("properties", {}).items():
        for form in (field, *field.get("anyOf", [])):
            if "maxItems" in form:
                caps[name] = form["maxItems"]
    return caps
