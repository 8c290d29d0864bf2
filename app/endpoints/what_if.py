"""What if these numbers were different: a run of its own, with the predicted beside the true change."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.dependencies import EngineDep, SettingsDep
from app.endpoints.questions import ask
from app.endpoints.runs import RunId
from app.endpoints.solving import ExplainQuery, ValidateOnlyQuery
from app.openapi_questions import WHAT_IF_OPERATION

router = APIRouter(tags=["Runs"])


@router.post(
    "/v1/runs/{run_id}/what-if", operation_id="ask_what_if", summary="Ask what if numbers were different", **WHAT_IF_OPERATION
)
async def ask_what_if(
    run_id: RunId,
    request: Request,
    engine: EngineDep,
    settings: SettingsDep,
    explain: ExplainQuery = None,
    validate_only: ValidateOnlyQuery = False,
) -> Response:
    """
    Solve a finished run's request again with some values changed, as a run of its own.

    Its `comparison` holds what the parent's prices foretold (exact, a proved bound, or a guide) beside the true change, and
    the decisions that changed most. A what-if can be asked about what-ifs too.
    """
    return await ask(request, run_id, "what-if", engine=engine, settings=settings, explain=explain, validate_only=validate_only)
