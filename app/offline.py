"""Solving a request from the command line: the same front door and the same supervised process, without a server."""

import orjson

from app.errors import ERRORS, ProblemError
from app.execution import Job, supervise
from app.intake import read_problem, report
from app.settings import Settings
from solvers.pipeline import failed
from solvers.problems import PROBLEMS

SUCCEEDED, NOT_SUCCEEDED, INVALID = 0, 1, 2


def solve_offline(kind: str, body: bytes, explain: str | None) -> tuple[str, int]:
    """
    Return the answer to a request as indented JSON, and the exit code.

    Parameters
    ----------
    kind
        Endpoint without `/v1/`.
    body
        UTF-8 JSON.
    explain
        Level of explanation that wins over the one in the body.
    """
    if kind not in PROBLEMS:
        return _pretty(orjson.dumps({"error": f"There is no kind of this name; choose one of {', '.join(PROBLEMS)}."})), INVALID
    try:
        problem, warnings, _ = read_problem(kind, body, explain=explain)
    except ProblemError as problem_error:
        return _pretty(problem_error.details("").model_dump_json().encode()), INVALID
    settings = Settings()
    limit = report(problem, warnings)["time_limit_s"]
    job = Job(
        kind=kind, body=body, explain=explain, time_limit=limit, memory_mb=settings.memory_mb, threads=settings.threads_per_run
    )
    result = supervise(job)
    if result.head is None or result.answer is None:
        code = result.error or "SOLVER_CRASHED"
        return _pretty(failed(code, ERRORS[code].title, result.detail).model_dump_json().encode()), NOT_SUCCEEDED
    status = result.head["status"]
    text = _pretty(orjson.dumps({"kind": kind, "status": status, **orjson.loads(result.answer)}))
    return text, SUCCEEDED if status == "succeeded" else NOT_SUCCEEDED


def _pretty(text: bytes) -> str:
    return orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
