"""Runs as resources: read, list, stop, delete, follow."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.sse import format_sse_event
from starlette.responses import Response, StreamingResponse

from app.dependencies import EngineDep, SettingsDep
from app.drawing import drawing, wants_drawing
from app.endpoints.solving import run_response
from app.errors import ProblemError
from app.openapi import EVENTS_OPERATION, LIST_OPERATION, READ_OPERATION, RUN_OPERATION
from app.prefer import Preference
from app.runs.engine import RunEngine
from app.runs.record import RunRecord
from models.run import Status

router = APIRouter(tags=["Runs"])

RunId = Annotated[str, Path(description="Id of the run.", max_length=64)]
CURSOR = "^run_[0-9A-Z]{26}$"
NOTHING_ASKED = Preference(0.0, None)
LAST_NUMBER = 2**63 - 1
"""Largest number of an event that the store can look for."""


@router.get("/v1/runs", operation_id="list_runs", summary="List runs, newest first", **LIST_OPERATION)
async def list_runs(
    engine: EngineDep,
    limit: Annotated[int, Query(ge=1, le=200, description="Most runs in one answer.")] = 50,
    cursor: Annotated[str | None, Query(pattern=CURSOR, description="The `next` of the page before.")] = None,
    status: Annotated[Status | None, Query(description="Only runs in this state.")] = None,
    kind: Annotated[str | None, Query(max_length=64, description="Only runs of this endpoint, for example `routing`.")] = None,
) -> dict[str, Any]:
    """Return one page of runs without their solutions."""
    records = await engine.list_runs(limit=limit + 1, before=cursor, status=status, kind=kind)
    more = len(records) > limit
    return {"runs": [record.summary() for record in records[:limit]], "next": records[limit - 1].id if more else None}


@router.get("/v1/runs/{run_id}", operation_id="get_run", summary="Read a run", **READ_OPERATION)
async def get_run(request: Request, run_id: RunId, engine: EngineDep, settings: SettingsDep) -> Response:
    """Return the run envelope, whatever the state of the run; `Accept: application/geo+json` draws a plan of routes."""
    record = _found(run_id, await engine.get(run_id))
    if wants_drawing(request):
        return await drawing(record, engine, settings)
    return Response(record.envelope(), media_type="application/json")


@router.post(
    "/v1/runs/{run_id}/stop", operation_id="stop_run", summary="Stop a run and keep its best solution", **RUN_OPERATION
)
async def stop_run(run_id: RunId, engine: EngineDep) -> Response:
    """Ask the search to end now; the run succeeds with its best solution and limit `interrupted`."""
    _found(run_id, await engine.stop(run_id))
    record = _found(run_id, await engine.wait(run_id, 5.0))
    return run_response(record, NOTHING_ASKED)


@router.delete(
    "/v1/runs/{run_id}",
    operation_id="delete_run",
    summary="Cancel an active run, or remove a finished one",
    **(RUN_OPERATION | {"responses": RUN_OPERATION["responses"] | {204: {"description": "The finished run was removed."}}}),
)
async def delete_run(run_id: RunId, engine: EngineDep) -> Response:
    """Cancel (200 with the cancelled run, best solution so far included) or remove (204)."""
    record = _found(run_id, await engine.delete(run_id))
    if await engine.get(run_id) is None:
        return Response(status_code=204)
    return Response(record.envelope(), media_type="application/json")


@router.get("/v1/runs/{run_id}/events", operation_id="follow_run", summary="Follow a run", **EVENTS_OPERATION)
async def follow_run(
    run_id: RunId,
    engine: EngineDep,
    last_event_id: Annotated[str | None, Header(max_length=20, description="Resume after this event.")] = None,
) -> Response:
    """Stream `queued`, `started`, `incumbent`, `log`, `done` as server-sent events; a finished run is replayed."""
    _found(run_id, await engine.get(run_id))
    after = min(int(last_event_id), LAST_NUMBER) if last_event_id and last_event_id.isdecimal() else 0
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(engine, run_id, after), media_type="text/event-stream", headers=headers)


async def _stream(engine: RunEngine, run_id: str, after: int) -> AsyncIterator[bytes]:
    async for event in engine.events(run_id, after):
        yield format_sse_event(data_str=event.data, event=event.name, id=str(event.number))


def _found(run_id: str, record: RunRecord | None) -> RunRecord:
    if record is None:
        raise ProblemError("RUN_NOT_FOUND", "No run has this id, or it has expired and was deleted.")
    return record
