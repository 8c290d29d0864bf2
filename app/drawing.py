"""A plan of routes as GeoJSON, drawn from the stored request and answer of a run."""

import asyncio

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import ProblemError
from app.execution import VALIDATION_LIMIT, Job, supervise
from app.runs.engine import RunEngine
from app.runs.record import RunRecord
from app.settings import Settings

MEDIA_TYPE = "application/geo+json"
KINDS = ("routing", "routing/evaluate")
DRAWINGS_AT_ONCE = asyncio.Semaphore(2)


def wants_drawing(request: Request) -> bool:
    """Tell whether a client asks for GeoJSON and not, or not rather, for JSON."""
    accepted = [part.split(";")[0].strip().lower() for part in ", ".join(request.headers.getlist("accept")).split(",")]
    ours = [form for form in accepted if form in (MEDIA_TYPE, "application/json", "*/*")]
    return bool(ours) and ours[0] == MEDIA_TYPE


async def drawing(record: RunRecord, engine: RunEngine, settings: Settings) -> Response:
    """
    Draw the plan of a run in a child process.

    Raises
    ------
    ProblemError
        406 when the run has no plan of routes, 500 when drawing takes more than the limits.
    """
    answer = record.answer if record.kind in KINDS else None
    stored = await engine.request_of(record.id) if answer is not None else None
    if answer is None or stored is None or orjson.loads(answer)["solution"] is None:
        raise ProblemError(
            "NOT_ACCEPTABLE", "Only runs of routing and routing/evaluate that have a plan can be drawn as GeoJSON."
        )
    job = Job(
        kind=stored.kind,
        body=stored.body,
        time_limit=VALIDATION_LIMIT,
        memory_mb=settings.memory_mb,
        task="drawing",
        further=(answer,),
    )
    async with DRAWINGS_AT_ONCE:
        result = await asyncio.to_thread(supervise, job)
    if not result.report:
        raise ProblemError("DRAWING_NOT_WRITTEN", "The plan could not be drawn within the limits of time and memory.")
    return Response(b"".join(result.text), media_type=MEDIA_TYPE)
