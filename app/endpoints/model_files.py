"""The linear model behind a run as a file that other solvers read: MPS or LP."""

import asyncio
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from app.dependencies import EngineDep, SettingsDep
from app.endpoints.runs import RunId
from app.errors import ProblemError
from app.execution import VALIDATION_LIMIT, Job, supervise
from app.openapi_questions import model_operation
from app.runs.engine import RunEngine
from app.settings import Settings
from solvers.alternatives import ALTERNATIVES

router = APIRouter(tags=["Runs"])

FILES_AT_ONCE = asyncio.Semaphore(2)
"""Most files that are written at the same time."""


@router.get(
    "/v1/runs/{run_id}/model.mps", operation_id="get_model_mps", summary="Get the model as MPS", **model_operation("mps")
)
async def get_model_mps(run_id: RunId, engine: EngineDep, settings: SettingsDep) -> Response:
    """Return the linear model of a run as free-form MPS; posted to `/v1/linear` it has the same objective."""
    return await _model_file(run_id, "mps", engine=engine, settings=settings)


@router.get("/v1/runs/{run_id}/model.lp", operation_id="get_model_lp", summary="Get the model as LP", **model_operation("lp"))
async def get_model_lp(run_id: RunId, engine: EngineDep, settings: SettingsDep) -> Response:
    """Return the linear model of a run in the CPLEX LP format; posted to `/v1/linear` it has the same objective."""
    return await _model_file(run_id, "lp", engine=engine, settings=settings)


async def _model_file(run_id: str, form: Literal["mps", "lp"], *, engine: RunEngine, settings: Settings) -> Response:
    """
    Write the model of a stored request in a child process and send it in pieces.

    Raises
    ------
    ProblemError
        404 when there is no such run or no linear model behind it, 500 when writing takes more than the limits.
    """
    stored = await engine.request_of(run_id)
    if stored is None:
        raise ProblemError("RUN_NOT_FOUND", "No run has this id, or it has expired and was deleted.")
    alternatives = ALTERNATIVES.get(stored.kind)
    if alternatives is None or not alternatives.has_model:
        raise ProblemError("NO_LINEAR_MODEL", f"Runs of {stored.kind} have no linear model, so there is no file of it.")
    job = Job(
        kind=stored.kind,
        body=stored.body,
        time_limit=VALIDATION_LIMIT,
        memory_mb=settings.memory_mb,
        task="model",
        further=(form.encode(),),
    )
    async with FILES_AT_ONCE:
        result = await asyncio.to_thread(supervise, job)
    if not result.report:
        raise ProblemError("MODEL_NOT_WRITTEN", "The model could not be written within the limits of time and memory.")
    headers = {
        "Content-Disposition": f'attachment; filename="{run_id}.{form}"',
        "Content-Length": str(result.report["bytes"]),
    }
    return StreamingResponse(iter(result.text), media_type="text/plain; charset=utf-8", headers=headers)
