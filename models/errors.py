"""Problem details (RFC 9457): the one shape of every 4xx and 5xx answer."""

from typing import Annotated

from pydantic import Field

from models.base import Output

MAX_ERRORS_SHOWN = 100
"""Most entries of `errors` in one answer."""


class Issue(Output):
    """One thing that is wrong with a request, and where."""

    pointer: Annotated[str, Field(description="Where: an RFC 6901 JSON pointer into the request.", examples=["/clients/3/id"])]
    code: Annotated[str, Field(description="What, for programs: stable, UPPER_SNAKE.", examples=["UNKNOWN_FIELD"])]
    message: Annotated[str, Field(description="What, for people, and what to do about it.")]
    limit: Annotated[float | int | str | None, Field(description="The limit that was crossed, when there is one.")]
    got: Annotated[
        float | int | str | None, Field(description="The number, or the type or length, that crossed it. Text is never echoed.")
    ]


class ProblemDetails(Output):
    """What went wrong with a request, as `application/problem+json`."""

    type: Annotated[str, Field(description="Path of the page that explains this code.", examples=["/problems/INVALID_REQUEST"])]
    title: Annotated[str, Field(description="Short name of the code.")]
    status: Annotated[int, Field(description="HTTP status, repeated.")]
    detail: Annotated[str, Field(description="What happened this time.")]
    code: Annotated[str, Field(description="Stable name of the error, UPPER_SNAKE.")]
    errors: Annotated[list[Issue], Field(description="At most 100 single issues.")]
    errors_total: Annotated[int, Field(description="Number of issues found: exact up to 1,000.")]
    errors_total_is_lower_bound: Annotated[bool, Field(description="True when validation stopped before the end.")]
    request_id: Annotated[str, Field(description="The X-Request-ID of this request, to be quoted in a report.")]


def issue(
    pointer: str, code: str, message: str, *, limit: float | int | str | None = None, got: float | int | str | None = None
) -> Issue:
    """Make an issue; `limit` and `got` stay null where there is nothing to compare."""
    return Issue(pointer=pointer, code=code, message=message, limit=limit, got=got)
