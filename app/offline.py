"""Solving a request from the command line: the same front door and the same supervised process, without a server."""

from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from app.errors import ERRORS, ProblemError
from app.execution import Job, supervise
from app.intake import read_problem, report
from app.parsing import parse_json
from app.secret_key import install_secret_key
from app.settings import Settings
from solvers.pipeline import failed
from solvers.problems import PROBLEMS

SUCCEEDED, NOT_SUCCEEDED, INVALID = 0, 1, 2


def solve_offline(kind: str | None, body: bytes, explain: str | None) -> tuple[str, int]:
    """
    Return the answer to a request as indented JSON, and the exit code.

    Parameters
    ----------
    kind
        Endpoint without `/v1/`; None takes the only one whose fields fit.
    body
        UTF-8 JSON: a request, or an example file that holds one under `request`.
    explain
        Level of explanation that wins over the one in the body.
    """
    settings = Settings()
    install_secret_key(settings)
    try:
        kind, body = recognise(kind, body)
        problem, warnings, _ = read_problem(kind, body, explain=explain)
    except ProblemError as refused:
        return _pretty(refused.details("").model_dump_json().encode()), INVALID
    job = Job(
        kind=kind,
        body=body,
        explain=explain,
        time_limit=report(problem, warnings)["time_limit_s"],
        memory_mb=settings.memory_mb,
        threads=settings.threads_per_run,
    )
    result = supervise(job)
    if result.head is None or result.answer is None:
        code = result.error or "SOLVER_CRASHED"
        return _pretty(failed(code, ERRORS[code].title, result.detail).model_dump_json().encode()), NOT_SUCCEEDED
    status = result.head["status"]
    text = _pretty(orjson.dumps({"kind": kind, "status": status, **orjson.loads(result.answer)}))
    return text, SUCCEEDED if status == "succeeded" else NOT_SUCCEEDED


def recognise(kind: str | None, body: bytes) -> tuple[str, bytes]:
    """
    Return the kind of a request and its body, taken out of an example file where it is one.

    Raises
    ------
    ProblemError
        When the body is not JSON, or the kind is unknown or not clear.
    """
    value = parse_json(body)
    if isinstance(value, dict) and isinstance(value.get("request"), dict):
        value = value["request"]
        body = orjson.dumps(value)
    names = [kind] if kind is not None else kinds_of(value)
    if len(names) == 1 and names[0] in PROBLEMS:
        return names[0], body
    choices = ", ".join(names if kind is None and names else PROBLEMS)
    raise ProblemError("INVALID_REQUEST", f"Name the kind of problem with --kind; choose one of {choices}.")


def kinds_of(value: Any) -> list[str]:
    """
    Return the kinds whose fields hold every key of a request and whose required fields are there; of several the valid.

    Of two of these of which one knows every field of the other, it is the other: the request uses nothing of what it lacks.
    """
    if not isinstance(value, dict):
        return []
    keys = set(value)
    fields = {kind: entry.problem.model_fields for kind, entry in PROBLEMS.items()}
    required = {kind: {name for name, field in known.items() if field.is_required()} for kind, known in fields.items()}
    found = [kind for kind in PROBLEMS if required[kind] <= keys <= set(fields[kind])]
    valid = [kind for kind in found if _is_valid(PROBLEMS[kind].problem, value)] if len(found) > 1 else []
    return [kind for kind in valid or found if not any(set(fields[other]) < set(fields[kind]) for other in valid or found)]


def _is_valid(problem: type[BaseModel], value: dict[str, Any]) -> bool:
    try:
        problem.model_validate(value)
    except ValidationError:
        return False
    return True


def _pretty(text: bytes) -> str:
    return orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
