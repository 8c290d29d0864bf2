"""From a request body to a problem that may be solved: parse, validate, apply the overrides of the query."""

from hashlib import sha256
from typing import Any

from app.errors import ProblemError
from app.parsing import parse_json
from app.validation import validate
from models.errors import issue
from models.run import RunWarning


def read_problem(kind: str, body: bytes, *, explain: str | None = None) -> tuple[Any, list[RunWarning], str]:
    """
    Return the problem in a body, the warnings about it, and the SHA-256 of the body.

    Parameters
    ----------
    kind
        The endpoint's path without `/v1/`, for example "routing" or "network/assignment".
    body
        UTF-8 JSON, already decompressed.
    explain
        Level of explanation from the query, which wins over the one in the body.

    Raises
    ------
    ProblemError
        With status 400 or 422 and pointers into the request.
    """
    if not body.strip():
        missing = issue("", "WRONG_TYPE", "The body must be one JSON object.", got="nothing")
        detail = f"Expected a JSON object, got an empty body. GET /v1/examples lists ready bodies for {kind}."
        raise ProblemError("INVALID_REQUEST", detail, issues=[missing])
    problem, warnings = validate(kind, parse_json(body))
    if explain is not None:
        problem = problem.model_copy(update={"options": problem.options.model_copy(update={"explain": explain})})
    return problem, warnings, sha256(body).hexdigest()


def report(problem: Any, warnings: list[RunWarning]) -> dict[str, Any]:
    """Return what is known of a valid request before it is solved: warnings, sizes, time limit in seconds."""
    sizes = {
        name: len(value) for name in type(problem).model_fields if isinstance(value := getattr(problem, name), list | dict)
    }
    return {
        "warnings": [warning.model_dump() for warning in warnings],
        "sizes": sizes,
        "time_limit_s": problem.options.time_limit_s,
    }
