"""
What every solving endpoint does: read, validate, record, wait, answer.

Bodies above 64 kB are parsed and validated in a child process, so that the event loop never stalls on one.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.body import MIB, media_type, read_body
from app.dependencies import EngineDep, SettingsDep
from app.errors import ProblemError
from app.execution import VALIDATION_LIMIT, Job, in_child, validate_in_child
from app.intake import read_problem, report
from app.openapi import solving_operation
from app.parquet import require_reader
from app.prefer import Preference, preference
from app.runs.engine import RunEngine
from app.runs.record import NewRun, RunRecord
from app.settings import Settings
from app.tables import CSV, PARQUET, csv_request
from app.tables import PARAMETERS as TABLE_PARAMETERS
from models.errors import issue
from models.options import ExplainLevel

LARGEST_INLINE_BODY = MIB // 16
PARAMETERS = ("explain", "validate_only")
LONGEST_KEY = 255
VALIDATIONS_AT_ONCE = asyncio.Semaphore(2)

ExplainQuery = Annotated[ExplainLevel | None, Query(description="Level of explanation; wins over `options.explain`.")]
ValidateOnlyQuery = Annotated[bool, Query(description="Only say whether the request is valid; nothing is solved or stored.")]


def add_solving_endpoint(
    router: APIRouter, kind: str, *, operation_id: str, summary: str, description: str, takes_tables: bool = False
) -> None:
    """Add `POST /v1/{kind}` to a router, with its documentation; one that takes tables reads CSV and Parquet too."""
    tables = (CSV, PARQUET) if takes_tables else ()

    async def solve(
        request: Request,
        engine: EngineDep,
        settings: SettingsDep,
        explain: ExplainQuery = None,
        validate_only: ValidateOnlyQuery = False,
    ) -> Response:
        as_table = media_type(request) in tables
        refuse_unknown_parameters(request, also=TABLE_PARAMETERS if as_table else ())
        body = await read_body(request, settings.max_body_mb, also=tables)
        if as_table:
            body = await read_table(kind, request, body, settings)
        known = await check_request(kind, body, explain, settings)
        if validate_only:
            return Response(validity(known, body), media_type="application/json")
        run = NewRun(
            kind=kind,
            body=body,
            explain=explain,
            time_limit=known["time_limit_s"],
            warnings=known["warnings"],
            idempotency_key=idempotency_key(request),
        )
        return await submit_and_wait(request, engine, run)

    router.post(
        f"/v1/{kind}",
        operation_id=operation_id,
        summary=summary,
        description=description,
        **solving_operation(kind, takes_tables=takes_tables),
    )(solve)


async def read_table(kind: str, request: Request, body: bytes, settings: Settings) -> bytes:
    """
    Return a table and the query beside it as one JSON request; all Parquet and long CSV is read in a child process.

    Raises
    ------
    ProblemError
        400 when it is no such table, 413 when it stands for too large a request, 415 without a reader of Parquet.
    """
    given, query = media_type(request), dict(request.query_params)
    if given == CSV and len(body) <= LARGEST_INLINE_BODY:
        return csv_request(body, query)
    if given == PARQUET:
        require_reader()
    asked = orjson.dumps({"media_type": given, "query": query, "max_bytes": settings.max_body_mb * MIB})
    job = Job(kind=kind, body=body, time_limit=VALIDATION_LIMIT, memory_mb=settings.memory_mb, task="table", further=(asked,))
    async with VALIDATIONS_AT_ONCE:
        return b"".join((await asyncio.to_thread(in_child, job)).text)


async def submit_and_wait(request: Request, engine: RunEngine, run: NewRun) -> Response:
    """Queue a run, wait for it as long as the client prefers, and return it."""
    submitted = await engine.submit(run)
    wanted = preference(", ".join(request.headers.getlist("prefer")))
    record = await engine.wait(submitted.record.id, wanted.wait) or submitted.record
    return run_response(record, wanted, replayed=submitted.replayed)


def refuse_unknown_parameters(request: Request, *, also: Sequence[str] = ()) -> None:
    """
    Let nothing that was asked for in the query be ignored.

    Raises
    ------
    ProblemError
        422 when the query has a parameter that no solving endpoint knows.
    """
    known = (*PARAMETERS, *also)
    unknown = sorted(set(request.query_params) - set(known))
    named = f"{', '.join(known[:-1])} and {known[-1]}"
    issues = [issue("/query", "INVALID_PARAMETER", f"The query parameters are {named}.") for _ in unknown]
    if issues:
        raise ProblemError("INVALID_PARAMETER", f"The query has an unknown parameter. {issues[0].message}", issues=issues)


async def check_request(kind: str, body: bytes, explain: str | None, settings: Settings) -> dict[str, Any]:
    """
    Return what is known of a valid request; see `app.intake.report`.

    Raises
    ------
    ProblemError
        When the request is not valid.
    """
    if len(body) <= LARGEST_INLINE_BODY:
        problem, warnings, _ = read_problem(kind, body, explain=explain)
        return report(problem, warnings)
    job = Job(kind=kind, body=body, explain=explain, time_limit=VALIDATION_LIMIT, memory_mb=settings.memory_mb, task="validate")
    async with VALIDATIONS_AT_ONCE:
        return await asyncio.to_thread(validate_in_child, job)


def validity(known: dict[str, Any], body: bytes) -> bytes:
    """Return the answer to `validate_only`."""
    estimate = {"time_limit_s": known["time_limit_s"], "body_bytes": len(body)}
    return orjson.dumps({"valid": True, "warnings": known["warnings"], "sizes": known["sizes"], "estimate": estimate})


def idempotency_key(request: Request) -> str | None:
    """
    Return the Idempotency-Key of a request.

    Raises
    ------
    ProblemError
        400 when it is empty or longer than 255 characters.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise ProblemError("INVALID_HEADER", f"Idempotency-Key must have 1 to {LONGEST_KEY} characters.")
    return key


def run_response(record: RunRecord, wanted: Preference, *, replayed: bool = False) -> Response:
    """Return 200 with a final run, or 202 with where to look for it."""
    path = f"/v1/runs/{record.id}"
    headers = {"Content-Location": path} if record.final else {"Location": path, "Retry-After": "1"}
    if wanted.applied:
        headers["Preference-Applied"] = wanted.applied
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(record.envelope(), 200 if record.final else 202, headers=headers, media_type="application/json")
