"""Is the service alive, and may it be sent work."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.dependencies import EngineDep

router = APIRouter(tags=["Operations"])


@router.get("/livez", operation_id="live", summary="Is the process alive")
async def live() -> dict[str, str]:
    """Answer at once, whatever else is going on."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="ready",
    summary="May requests be sent",
    responses={503: {"description": "The workers are not warm yet, or the service is stopping."}},
)
async def ready(engine: EngineDep) -> Response:
    """Answer 200 once a first solve has warmed the workers, and 503 before that and while the service stops."""
    return JSONResponse({"status": "ready" if engine.ready else "starting"}, 200 if engine.ready else 503)
