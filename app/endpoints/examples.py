"""Ready request bodies, published limits, and the page of each error code."""

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse

from app.dependencies import SettingsDep
from app.errors import ERRORS, ProblemError
from app.examples import examples
from app.limits import limits
from app.openapi import problem_responses

router = APIRouter()


@router.get("/v1/examples", operation_id="list_examples", summary="List the examples", tags=["Examples"])
async def list_examples() -> dict[str, Any]:
    """Return name, endpoint, summary and path of every example."""
    rows = [
        {"name": name, "kind": example["kind"], "summary": example["summary"], "path": f"/v1/examples/{name}"}
        for name, example in examples().items()
    ]
    return {"examples": rows}


@router.get(
    "/v1/examples/{name}",
    operation_id="get_example",
    summary="Get a ready request body",
    tags=["Examples"],
    responses=problem_responses(404),
)
async def get_example(name: Annotated[str, Path(max_length=100, description="Name of the example.")]) -> dict[str, Any]:
    """Return a body that can be posted as it is."""
    if name not in examples():
        raise ProblemError("EXAMPLE_NOT_FOUND", "No example has this name; GET /v1/examples lists them.")
    request: dict[str, Any] = examples()[name]["request"]
    return request


@router.get("/v1/limits", operation_id="get_limits", summary="Read the limits", tags=["Operations"])
async def get_limits(settings: SettingsDep) -> dict[str, Any]:
    """Return every limit on requests of this server."""
    return limits(settings)


@router.get("/problems/{code}", include_in_schema=False)
async def explain_problem(code: Annotated[str, Path(max_length=60)]) -> HTMLResponse:
    """Return the page that the `type` of an error points to."""
    if code not in ERRORS:
        raise ProblemError("NOT_FOUND", "There is no such error code.")
    kind = ERRORS[code]
    status = f"HTTP status {kind.status}" if kind.status else "In <code>error.code</code> of a run that failed"
    title = escape(f"{code}: {kind.title}")
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{status}.</p><p>{escape(kind.help)}</p>"
    return HTMLResponse(page)
