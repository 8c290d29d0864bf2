"""Error answers in the OpenAPI document: each a real one, made by the code that makes the answers."""

from collections.abc import Callable
from typing import Any

import orjson

from app.errors import ERRORS, ProblemError
from app.examples import examples_of
from app.intake import read_problem
from app.openapi_schemas import reference
from app.openapi_values import example, unpacked
from app.parsing import parse_json
from models.errors import issue

REQUEST_ID = "01KE6BV5G0Q3T8Z1M4N7R2W9XC"

RAISED: dict[str, Callable[[], Any]] = {
    "INVALID_JSON": lambda: parse_json(b'{"options": {"time_limit_s": NaN}}'),
    "NUMBER_TOO_LARGE": lambda: parse_json(b'{"options": {"time_limit_s": 1e400}}'),
    "NOT_UTF8": lambda: parse_json(b"\xef\xbb\xbf{}"),
    "DUPLICATE_KEY": lambda: parse_json(b'{"options": {}, "options": {}}'),
}
"""Requests that are refused while they are read."""

DETAILS = {
    "NOT_FOUND": "There is nothing at this path: GET /v2/routing",
    "RUN_NOT_FOUND": "No run has this id, or it has expired and was deleted.",
    "EXAMPLE_NOT_FOUND": "No example has this name; GET /v1/examples lists them.",
    "NO_LINEAR_MODEL": "Runs of routing have no linear model, so there is no file of it.",
    "NOT_ACCEPTABLE": "Only runs of routing and routing/evaluate that have a plan can be drawn as GeoJSON.",
    "DRAWING_NOT_WRITTEN": "The plan could not be drawn within the limits of time and memory.",
    "RUN_NOT_FINAL": "run_01KE6BV5G0Q3T8Z1M4N7R2W9XC is running; ask again when it is finished.",
    "MODEL_NOT_WRITTEN": "The model could not be written within the limits of time and memory.",
    "METHOD_NOT_ALLOWED": "This path does not take this method: GET /v1/routing",
    "BODY_TOO_LARGE": "The body is larger than 128 MiB after decompression.",
    "UNSUPPORTED_MEDIA_TYPE": "The request has another Content-Type; send the header Content-Type: application/json.",
    "UNSUPPORTED_ENCODING": "Content-Encoding may be gzip, zstd or identity.",
    "INVALID_HEADER": "Idempotency-Key must have 1 to 255 characters.",
    "INVALID_COMPRESSION": "The body is not gzip.",
    "INVALID_TABLE": "Line 3 has 2 cells instead of 3.",
    "IDEMPOTENCY_KEY_REUSED": "The key belongs to run_01KE6BV5G0Q3T8Z1M4N7R2W9XC, which had another body.",
    "INTERNAL_ERROR": "The service made a mistake; the request id finds it in the log.",
    "NOT_READY": "The workers are not warm yet, or the service is stopping.",
    "STORE_UNAVAILABLE": "The run could not be written to the store; the disk may be full.",
    "QUEUE_FULL": "1000 runs are waiting, which is the limit.",
    "SHUTTING_DOWN": "The service is stopping.",
}
"""What the other errors say."""

SHOWN = {
    400: ("INVALID_JSON", "NUMBER_TOO_LARGE", "NOT_UTF8", "DUPLICATE_KEY", "INVALID_COMPRESSION", "INVALID_HEADER"),
    404: ("RUN_NOT_FOUND",),
    405: ("METHOD_NOT_ALLOWED",),
    406: ("NOT_ACCEPTABLE",),
    409: ("RUN_NOT_FINAL",),
    413: ("BODY_TOO_LARGE",),
    415: ("UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_ENCODING"),
    422: ("INVALID_PARAMETER",),
    500: ("INTERNAL_ERROR",),
    503: ("QUEUE_FULL", "SHUTTING_DOWN", "STORE_UNAVAILABLE"),
}
"""Which examples stand at each status, unless an operation names others."""

HEADINGS = {
    400: "The request cannot be read",
    404: "There is no such thing",
    405: "This path does not take this method",
    406: "The run cannot be had in this form",
    409: "The run is in a state that does not allow this",
    413: "The body is too large",
    415: "The body has the wrong media type or coding",
    422: "The request is not valid",
    500: "The service made a mistake",
    503: "The service takes no more work now",
}
NAMES = {
    400: "Unreadable",
    404: "RunNotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "RunNotFinal",
    413: "BodyTooLarge",
    415: "UnsupportedMediaType",
    422: "InvalidParameter",
    500: "InternalError",
    503: "Unavailable",
}
"""What the usual answer of each status is called in the document."""

RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer"}}}
REQUEST_ID_HEADER = {"X-Request-ID": {"description": "Id of this request, also in the body.", "schema": {"type": "string"}}}


def problem_responses(
    *statuses: int, codes: dict[int, tuple[str, ...]] | None = None, kind: str | None = None
) -> dict[Any, Any]:
    """
    Return the documentation of error answers: one shape, with the codes that each status can carry.

    Parameters
    ----------
    statuses
        HTTP statuses that the operation can answer.
    codes
        Codes to show at a status instead of the usual ones.
    kind
        Kind of problem that the operation solves; its 422 then shows a refused request of this kind.
    """
    shown = SHOWN | (codes or {})
    return {status: _response(status, shown[status], kind) for status in statuses}


def share_problem_responses(document: dict[str, Any]) -> None:
    """Put the usual error answers into the components of a document once, and refer to them."""
    usual = {str(status): unpacked(response) for status, response in problem_responses(*NAMES).items()}
    names = {str(status): name for status, name in NAMES.items()}
    document["components"]["responses"] = {names[status]: response for status, response in usual.items()}
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if response == usual.get(status):
                    operation["responses"][status] = {"$ref": f"#/components/responses/{names[status]}"}


def _response(status: int, codes: tuple[str, ...], kind: str | None) -> dict[str, Any]:
    examples = {code: _example(problem_of(code)) for code in codes}
    if kind is not None and status == 422:
        examples = invalid_requests(kind) | {"IDEMPOTENCY_KEY_REUSED": _example(problem_of("IDEMPOTENCY_KEY_REUSED"))}
    content = {"schema": reference("ProblemDetails"), "examples": examples}
    return {
        "description": f"{HEADINGS[status]}. Codes: {', '.join(f'`{code}`' for code in examples)}.",
        "content": {"application/problem+json": content},
        "headers": REQUEST_ID_HEADER | (RETRY_AFTER if status == 503 else {}),
    }


def invalid_requests(kind: str) -> dict[str, Any]:
    """Return what the service says to the tiny example of a kind with one field misspelt."""
    tiny: dict[str, Any] = examples_of(kind).get("tiny", {}).get("request", {})
    misspelt = dict(tiny)
    if misspelt:
        field = next(iter(misspelt))
        misspelt[field[:1] + field[2:]] = misspelt.pop(field)
    return {"INVALID_REQUEST": _example(_caught(lambda: _read(kind, misspelt)))}


def problem_of(code: str) -> ProblemError:
    """Return the error with this code as the service raises it."""
    if code in RAISED:
        return _caught(RAISED[code])
    if code == "INVALID_PARAMETER":
        text = "Input should be 'none', 'summary' or 'full'"
        wrong = issue("/query/explain", code, text, limit="'none', 'summary' or 'full'")
        return ProblemError(code, text, issues=[wrong])
    return ProblemError(code, DETAILS[code])


def _read(kind: str, value: Any) -> None:
    read_problem(kind, orjson.dumps(value))


def _caught(act: Callable[[], Any]) -> ProblemError:
    try:
        act()
    except ProblemError as problem:
        return problem
    raise AssertionError("A request that is shown as refused was accepted.")


def _example(problem: ProblemError) -> dict[str, Any]:
    return example(ERRORS[problem.code].title, problem.details(REQUEST_ID).model_dump(mode="json"))
