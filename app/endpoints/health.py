"""Is the service alive, and may it be sent work."""

from fastapi import APIRouter

from app.dependencies import EngineDep
from app.errors import ProblemError
from app.openapi_problems import problem_responses

router = APIRouter(tags=["Operations"])


@router.get("/livez", operation_id="live", summary="Is the process alive")
async def live() -> dict[str, str]:
    """Answer at once, whatever else is going on."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="ready",
    summary="May requests be sent",
    responses=problem_responses(503, codes={503: ("NOT_READY",)}),
)
async def ready(engine: EngineDep) -> dict[str, str]:
    """Answer 200 once a first solve has warmed the workers, and 503 before that and while the service stops."""
    if not engine.ready:
        detail = "The workers are not warm yet, or the service is stopping."
        raise ProblemError("NOT_READY", detail, headers={"Retry-After": "1"})
    return {"status": "ready"}
