"""What the two questions about a run have in common: find the parent, alter its request, solve that as a run of its own."""

import asyncio
from dataclasses import replace

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.alteration import Altered, Parent, alter
from app.body import read_body
from app.endpoints.solving import (
    LARGEST_INLINE_BODY,
    VALIDATIONS_AT_ONCE,
    idempotency_key,
    refuse_unknown_parameters,
    submit_and_wait,
    validity,
)
from app.errors import ProblemError
from app.execution import VALIDATION_LIMIT, Job, in_child
from app.runs.engine import RunEngine
from app.runs.record import NewRun, RunRecord
from app.settings import Settings
from models.comparison import Question


async def ask(
    request: Request,
    run_id: str,
    question: Question,
    *,
    engine: RunEngine,
    settings: Settings,
    explain: str | None,
    validate_only: bool,
) -> Response:
    """
    Answer a question about a run with another run.

    Raises
    ------
    ProblemError
        404 when there is no such run, 409 when it is not final, and whatever a solving endpoint raises.
    """
    refuse_unknown_parameters(request)
    asked = await read_body(request, settings.max_body_mb)
    parent, stored = await _parent(engine, run_id)
    about = Parent(id=run_id, question=question, objective=(parent.head.get("objective") or {}).get("value"))
    level = explain or _inherited(stored, asked)
    altered = await _altered(stored, asked, about, level, settings)
    if validate_only:
        return Response(validity(altered.report, altered.body), media_type="application/json")
    run = NewRun(
        kind=stored.kind,
        body=altered.body,
        explain=level,
        time_limit=altered.report["time_limit_s"],
        warnings=altered.report["warnings"],
        idempotency_key=idempotency_key(request),
        alteration=altered.alteration,
    )
    return await submit_and_wait(request, engine, run)


async def _parent(engine: RunEngine, run_id: str) -> tuple[RunRecord, NewRun]:
    record = await engine.get(run_id)
    stored = await engine.request_of(run_id)
    if record is None or stored is None:
        raise ProblemError("RUN_NOT_FOUND", "No run has this id, or it has expired and was deleted.")
    if not record.final:
        raise ProblemError("RUN_NOT_FINAL", f"{record.id} is {record.status}; ask again when it is finished.")
    return record, replace(stored, warnings=[])


def _inherited(stored: NewRun, asked: bytes) -> str | None:
    """Return the level of explanation that the parent's query asked for, unless the question names one itself."""
    if stored.explain is None or b"explain" in asked:
        return None
    return stored.explain


async def _altered(stored: NewRun, asked: bytes, about: Parent, explain: str | None, settings: Settings) -> Altered:
    """Return the altered request; large ones are altered in a child process, so that the event loop never stalls on one."""
    if len(stored.body) + len(asked) <= LARGEST_INLINE_BODY:
        return alter(stored.kind, stored.body, asked, parent=about, explain=explain)
    job = Job(
        kind=stored.kind,
        body=stored.body,
        explain=explain,
        time_limit=VALIDATION_LIMIT,
        memory_mb=settings.memory_mb,
        task="alter",
        further=(asked, about.written()),
    )
    async with VALIDATIONS_AT_ONCE:
        result = await asyncio.to_thread(in_child, job)
    known = result.report
    return Altered(
        body=b"".join(result.text), report=known["report"], alteration=orjson.dumps(orjson.loads(known["alteration"]))
    )
