"""The limits on requests, as published by `GET /v1/limits`."""

from typing import Any

from app.parsing import MAX_DEPTH
from app.prefer import LONGEST_WAIT
from app.settings import Settings
from models.base import LARGEST_NUMBER, MAX_IDENTIFIER_LENGTH, MAX_TEXT_LENGTH
from models.errors import MAX_ERRORS_SHOWN
from models.options import MAX_TIME_LIMIT
from solvers.problems import PROBLEMS


def limits(settings: Settings) -> dict[str, Any]:
    """Return limits that hold for every request, and the longest lists of each endpoint."""
    return {
        "body_bytes": settings.max_body_mb * 1024 * 1024,
        "nesting_depth": MAX_DEPTH,
        "largest_number": LARGEST_NUMBER,
        "identifier_length": MAX_IDENTIFIER_LENGTH,
        "text_length": MAX_TEXT_LENGTH,
        "errors_shown": MAX_ERRORS_SHOWN,
        "time_limit_s": MAX_TIME_LIMIT,
        "wait_s": LONGEST_WAIT,
        "queued_runs": settings.queue_limit,
        "concurrent_runs": settings.workers,
        "memory_mb": settings.memory_mb,
        "runs_kept_hours": settings.keep_runs_hours,
        "lists": {kind: _longest_lists(entry.problem.model_json_schema()) for kind, entry in PROBLEMS.items()},
    }


def _longest_lists(schema: dict[str, Any]) -> dict[str, int]:
    """Return the cap of every top-level list of a request."""
    caps: dict[str, int] = {}
    for name, field in schema.get("properties", {}).items():
        for form in (field, *field.get("anyOf", [])):
            if "maxItems" in form:
                caps[name] = form["maxItems"]
    return caps
