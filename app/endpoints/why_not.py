"""Why not another answer: the alternative is forced and solved as a run of its own, with what it costs more and why."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.dependencies import EngineDep, SettingsDep
from app.endpoints.questions import ask
from app.endpoints.runs import RunId
from app.endpoints.solving import ExplainQuery, ValidateOnlyQuery
from app.openapi_questions import WHY_NOT_OPERATION

router = APIRouter(tags=["Runs"])


@router.post(
    "/v1/runs/{run_id}/why-not", operation_id="ask_why_not", summary="Ask why another answer is not better", **WHY_NOT_OPERATION
)
async def ask_why_not(
    run_id: RunId,
    request: Request,
    engine: EngineDep,
    settings: SettingsDep,
    explain: ExplainQuery = None,
    validate_only: ValidateOnlyQuery = False,
) -> Response:
    """
    Force an alternative that a finished run did not choose, and solve the rest again, as a run of its own.

    Its `comparison` says what the alternative costs more and why; for a linear program also the least change of its cost that
    would make it optimal. An alternative that is impossible is an infeasible run whose explanation names the conflict.
    """
    return await ask(request, run_id, "why-not", engine=engine, settings=settings, explain=explain, validate_only=validate_only)
