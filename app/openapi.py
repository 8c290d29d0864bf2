"""
The OpenAPI document: operations, schemas and examples.

Request bodies are parsed by our own front door, so the document is put together here from the same types: every schema comes
from one pass over the problem types and the run envelopes, and every example is a file that the tests execute.
"""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, create_model
from pydantic.json_schema import models_json_schema

from app.errors import ERRORS
from app.examples import examples_of
from app.openapi_text import DESCRIPTION, TAGS
from models.errors import ProblemDetails
from models.run import Run
from solvers.problems import PROBLEMS
from solvers.versions import version_of

REFERENCE = "#/components/schemas/{model}"
PROBLEM_STATUSES = (400, 413, 415, 422, 503)


def run_name(kind: str) -> str:
    """Return the schema name of a kind's envelope, for example `InventoryPlanRun`."""
    return "".join(part.capitalize() for part in kind.replace("/", "-").split("-")) + "Run"


@cache
def run_types() -> dict[str, type[BaseModel]]:
    """Return the envelope type of every kind."""
    return {
        kind: create_model(run_name(kind), __base__=Run[entry.solution, entry.explanation], __doc__=f"A run of `/v1/{kind}`.")  # type: ignore[name-defined]
        for kind, entry in PROBLEMS.items()
    }


def solving_operation(kind: str) -> dict[str, Any]:
    """Return the documentation of `POST /v1/{kind}` as arguments of a FastAPI route."""
    envelope = _json({"$ref": REFERENCE.format(model=run_name(kind))})
    return {
        "response_model": None,
        "responses": {
            200: {"description": "The finished run, or the answer to `validate_only`.", "content": envelope},
            202: {"description": "The run goes on: follow `Location`.", "content": envelope, "headers": ACCEPTED_HEADERS},
            **problem_responses(*PROBLEM_STATUSES),
        },
        "openapi_extra": {"requestBody": _request_body(kind), "parameters": HEADER_PARAMETERS},
    }


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of error answers: one shape, with the codes that each status can carry."""
    content = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model="ProblemDetails")}}}
    return {status: {"description": _codes(status), "content": content} for status in statuses}


def _codes(status: int) -> str:
    rows = [f"`{code}`: {kind.title}." for code, kind in ERRORS.items() if kind.status == status]
    return " ".join(rows)


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _request_body(kind: str) -> dict[str, Any]:
    shown = {
        name: {"summary": example["summary"], "description": example["description"], "value": example["request"]}
        for name, example in examples_of(kind).items()
    }
    schema = {"$ref": REFERENCE.format(model=PROBLEMS[kind].problem.__name__)}
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": shown}}}


def _header(name: str, description: str, example: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema, "example": example}


HEADER_PARAMETERS = [
    _header(
        "Prefer",
        "`wait=N` bounds how many seconds HTTP waits (default 10, at most 300); `respond-async` never waits.",
        "wait=30",
    ),
    _header(
        "Idempotency-Key",
        "1 to 255 characters; the same key and body return the same run instead of a second one.",
        "order-4711",
    ),
]
ACCEPTED_HEADERS = {
    "Location": {"description": "Path of the run.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before looking.", "schema": {"type": "integer"}},
}
ANY_RUN = _json({"$ref": REFERENCE.format(model="AnyRun")})
RUN_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {200: {"description": "The run.", "content": ANY_RUN}, **problem_responses(404, 422)},
}
LIST_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {
        200: {"description": "One page of runs.", "content": _json({"$ref": REFERENCE.format(model="RunList")})},
        **problem_responses(422),
    },
}
EVENTS_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {
        200: {
            "description": "Server-sent events, each with an id; `incumbent` holds objective, bound, relative_gap and seconds.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problem_responses(404, 422),
    },
}


def install_openapi(app: FastAPI) -> None:
    """Let the application serve the document made here."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the whole document."""
    document = get_openapi(
        title="Shadowprice", version=version_of("shadowprice"), description=DESCRIPTION, routes=app.routes, tags=TAGS
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas())
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _schemas() -> dict[str, Any]:
    """Return the schemas of all requests and answers."""
    inputs = [(entry.problem, "validation") for entry in PROBLEMS.values()]
    outputs = [(run, "serialization") for run in run_types().values()]
    _, definitions = models_json_schema([*inputs, *outputs, (ProblemDetails, "serialization")], ref_template=REFERENCE)  # type: ignore[list-item]
    schemas: dict[str, Any] = definitions.get("$defs", {})
    schemas["AnyRun"] = {"oneOf": [{"$ref": REFERENCE.format(model=run_name(kind))} for kind in PROBLEMS]}
    schemas["RunList"] = {
        "type": "object",
        "required": ["runs", "next"],
        "properties": {
            "runs": {
                "type": "array",
                "items": {"type": "object"},
                "description": "Runs without their solutions, newest first.",
            },
            "next": {"type": ["string", "null"], "description": "Pass it as `cursor` for the next page; null on the last one."},
        },
    }
    return schemas
