"""
The OpenAPI document: operations, schemas and examples.

Request bodies are parsed by our own front door, so the document is put together here from the same types: every schema comes
from one pass over the problem types and the run envelopes, every example is a file that the tests execute, and every error is
made by the code that answers it. `python -m app.openapi` prints the document.
"""

import sys
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import StreamingResponse

from app.openapi_problems import problem_responses, share_problem_responses
from app.openapi_samples import answer_examples, code_samples, pipe_line, queued_run, recorded_answers, request_examples
from app.openapi_schemas import ANY_RUN, reference, run_name, schemas, tidied
from app.openapi_text import API_VERSION, DESCRIPTION, DRAWING, EVENTS, TAGS, VALIDITY
from app.openapi_values import example, unpacked
from app.tables import COVARIATES, CSV, LISTS, NUMBERS, PARQUET
from app.tables import PARAMETERS as TABLE_PARAMETERS
from solvers.problems import PROBLEMS

PROBLEM_STATUSES = (400, 413, 415, 422, 500, 503)


def solving_operation(kind: str, *, takes_tables: bool = False) -> dict[str, Any]:
    """Return the documentation of `POST /v1/{kind}` as arguments of a FastAPI route."""
    run = reference(run_name(kind))
    finished = {
        "schema": {"oneOf": [run, reference("Validity")]},
        "examples": {**answer_examples(kind), "validate_only": VALIDITY},
    }
    accepted = {"schema": run, "examples": {"queued": example("The run waits for a worker", queued_run(kind))}}
    description = "The finished run, whatever its status; or the answer to `validate_only`."
    return {
        "response_model": None,
        "responses": {
            **run_responses(description, finished, accepted),
            **problem_responses(*PROBLEM_STATUSES, kind=kind),
        },
        "openapi_extra": {
            "requestBody": _request_body(kind, takes_tables=takes_tables),
            "parameters": [*HEADER_PARAMETERS, *(TABLE_QUERY if takes_tables else ())],
            "x-codeSamples": code_samples(kind),
        },
    }


def run_responses(description: str, finished: dict[str, Any], accepted: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return the documentation of 200 with a finished run and of 202 with one that goes on, each from its content."""
    return {
        200: {"description": description, "content": {"application/json": finished}, "headers": FINISHED_HEADERS},
        202: {
            "description": "The run goes on: follow `Location`.",
            "content": {"application/json": accepted},
            "headers": ACCEPTED_HEADERS,
            "links": LINKS,
        },
    }


def _json(name: str, examples: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"application/json": {"schema": reference(name), **({"examples": examples} if examples else {})}}


def _request_body(kind: str, *, takes_tables: bool) -> dict[str, Any]:
    model = PROBLEMS[kind].problem.__name__
    return {
        "required": True,
        "description": "The problem to solve. Unknown fields are errors.",
        "content": _json(model, request_examples(kind)) | (TABLE_CONTENT if takes_tables else {}),
    }


def _parameter(name: str, description: str) -> dict[str, Any]:
    """Describe a request header; an example would be sent by everyone who tries the page, so the prose gives it."""
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}


def _header(description: str, kind: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


TABLE_CONTENT = {
    CSV: {
        "schema": {"type": "string", "description": "A header line with unique_id, ds and y in any order, then one row each."},
        "examples": {
            "table": {
                "summary": "Three months of butter",
                "value": "unique_id,ds,y\nbutter,2026-01-01,310\nbutter,2026-02-01,298\nbutter,2026-03-01,325\n",
            }
        },
    },
    PARQUET: {
        "schema": {
            "type": "string",
            "contentMediaType": PARQUET,
            "description": "A file of the same columns, where the server has a reader of Parquet (`shadowprice[parquet]`).",
        }
    },
}
TABLE_QUERY = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": "With a table as body: the columns that are covariates, separated by commas."
        if name == COVARIATES
        else f"With a table as body: the field `{name}` of the request"
        + (", numbers separated by commas." if name in LISTS else "."),
        "schema": {"type": "integer" if name in NUMBERS else "string"},
    }
    for name in TABLE_PARAMETERS
]
HEADER_PARAMETERS = [
    _parameter(
        "Prefer",
        "`wait=30` lets HTTP wait up to 30 seconds (10 unless said, at most 300); `respond-async` never waits. "
        "The solve goes on either way.",
    ),
    _parameter(
        "Idempotency-Key",
        "1 to 255 characters, for example `order-4711`: the same key and body return the same run instead of a second one.",
    ),
]
COMMON_HEADERS = {
    "Preference-Applied": _header("What of `Prefer` was honoured.", "string"),
    "Idempotent-Replayed": _header("`true` when the key found an earlier run.", "string"),
}
FINISHED_HEADERS = {"Content-Location": _header("Path of the run.", "string"), **COMMON_HEADERS}
ACCEPTED_HEADERS = {
    "Location": _header("Path of the run.", "string"),
    "Retry-After": _header("Seconds to wait before looking.", "integer"),
    **COMMON_HEADERS,
}
RUN_PARAMETER = {"run_id": "$response.body#/id"}
LINKS = {
    "get": {"operationId": "get_run", "parameters": RUN_PARAMETER, "description": "Read the run."},
    "follow": {"operationId": "follow_run", "parameters": RUN_PARAMETER, "description": "Follow its progress."},
    "stop": {"operationId": "stop_run", "parameters": RUN_PARAMETER, "description": "Stop it and keep the best solution."},
}


def _some_answers() -> dict[str, Any]:
    """Return one recorded answer, to show what a run looks like."""
    for kind in PROBLEMS:
        for name, answer in answer_examples(kind).items():
            return {f"{kind.replace('/', '-')}_{name}": answer}
    return {}


def _one_page() -> dict[str, Any]:
    """Return a page of runs with what it shows of each recorded tiny answer."""
    fields = (
        "id",
        "kind",
        "status",
        "created_at",
        "started_at",
        "finished_at",
        "expires_at",
        "termination",
        "objective",
        "error",
    )
    tiny = [answer for name, answer in recorded_answers().items() if name.endswith("_tiny")][:2]
    runs = [{field: run[field] for field in fields} for run in tiny]
    return {"page": example("The only page", {"runs": runs, "next": None})}


RUN_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {
        200: {"description": "The run.", "content": _json(ANY_RUN, _some_answers())},
        **problem_responses(404, 422, 500),
    },
}
READ_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {
        200: {
            "description": "The run. With `Accept: application/geo+json` the plan of a routing run as a feature collection "
            "(RFC 7946): a line for every route, along the roads where there is a network, and a point for every stop and for "
            "everything left out.",
            "content": {
                **_json(ANY_RUN, _some_answers()),
                "application/geo+json": {
                    "schema": {"type": "object", "description": "Routes and stops."},
                    "examples": {"route": example("A route with one stop", DRAWING)},
                },
            },
        },
        **problem_responses(404, 406, 422, 500, codes={500: ("INTERNAL_ERROR", "DRAWING_NOT_WRITTEN")}),
    },
}
LIST_OPERATION: dict[str, Any] = {
    "response_model": None,
    "responses": {
        200: {"description": "One page of runs.", "content": _json("RunList", _one_page())},
        **problem_responses(422, 500),
    },
}
EVENTS_OPERATION: dict[str, Any] = {
    "response_model": None,
    "response_class": StreamingResponse,
    "responses": {
        200: {
            "description": (
                "Server-sent events, each with an id; `incumbent` holds objective, bound, relative_gap, seconds and, where a "
                "search counts them, unassigned: how many orders it leaves out."
            ),
            "content": {"text/event-stream": {"schema": {"type": "string", "description": "Events."}, "examples": EVENTS}},
        },
        **problem_responses(404, 422, 500),
    },
}


STATUS = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "description": "The state in one word."}},
}
SMALL_ANSWERS = {
    ("/livez", "200"): {"status": "ok"},
    ("/readyz", "200"): {"status": "ready"},
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
    document: dict[str, Any] = get_openapi(
        title="Shadowprice",
        version=API_VERSION,
        summary="Optimisation over HTTP that shows its working.",
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    document = unpacked(document)
    components = document.setdefault("components", {})
    generated = components.get("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        generated.pop(unused, None)
    components["schemas"] = tidied(generated | schemas())
    share_problem_responses(document)
    for (path, status), value in SMALL_ANSWERS.items():
        document["paths"][path]["get"]["responses"][status]["content"] = {
            "application/json": {"schema": STATUS, "example": value}
        }
    for kind in PROBLEMS:
        _show_command(document["paths"][f"/v1/{kind}"]["post"], kind)
    return document


def _show_command(operation: dict[str, Any], kind: str) -> None:
    """Add the shortest command line that tries an operation to its description."""
    if operation["x-codeSamples"]:
        operation["description"] += f"\n\n```sh\n{pipe_line(kind)}\n```"


def main() -> None:
    """Print the document of this version with default settings, the same on every machine."""
    from app.main import create_app  # the application imports this module, so not at the top

    document = create_app().openapi()
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main()
