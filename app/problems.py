"""Turning every failure of a request, also those of the framework, into problem details."""

import logging
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import ERRORS, ProblemError
from models.errors import issue

MEDIA_TYPE = "application/problem+json"
BY_STATUS = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}

logger = logging.getLogger("shadowprice.http")


def install_problem_handlers(app: FastAPI) -> None:
    """Make problem details the only shape of an error of this application."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(Exception, _defect)


def problem_response(request: Request, problem: ProblemError) -> Response:
    """Return the answer for a row of the table of errors."""
    details = problem.details(getattr(request.state, "request_id", ""))
    return Response(details.model_dump_json(), problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


async def _problem(request: Request, error: Any) -> Response:
    return problem_response(request, error)


async def _http(request: Request, error: Any) -> Response:
    code = BY_STATUS.get(error.status_code, "INVALID_HEADER" if error.status_code < 500 else "INTERNAL_ERROR")
    detail = f"{ERRORS[code].title}: {request.method} {request.url.path[:200]}"
    return problem_response(request, ProblemError(code, detail, headers=error.headers))


async def _parameters(request: Request, error: Any) -> Response:
    issues = [
        issue("/" + "/".join(map(str, item["loc"])), "INVALID_PARAMETER", item["msg"], limit=_limit(item))
        for item in error.errors()
    ]
    return problem_response(request, ProblemError("INVALID_PARAMETER", issues[0].message, issues=issues))


def _limit(item: Any) -> Any:
    context = item.get("ctx", {})
    return next((context[key] for key in ("le", "ge", "max_length", "expected") if key in context), None)


async def _defect(request: Request, error: Any) -> Response:
    logger.error("request %s failed", getattr(request.state, "request_id", ""), exc_info=error)
    return problem_response(
        request, ProblemError("INTERNAL_ERROR", "The service made a mistake; the request id finds it in the log.")
    )
