"""A run without its solution, as lists of runs show it."""

from typing import Annotated

from pydantic import Field

from models.base import Output
from models.run import Objective, RunError, Status, Termination


class RunSummary(Output):
    """A run without its solution, explanation and certificate."""

    id: Annotated[str, Field(description="Id of the run; `GET /v1/runs/{id}` shows all of it.")]
    kind: Annotated[str, Field(description="The endpoint it was posted to, without `/v1/`.", examples=["routing"])]
    status: Annotated[Status, Field(description="State of the run; the last five never change.")]
    created_at: Annotated[str, Field(description="When the request was accepted, ISO 8601 in UTC.")]
    started_at: Annotated[str | None, Field(description="When a worker began.")]
    finished_at: Annotated[str | None, Field(description="When the answer was ready.")]
    expires_at: Annotated[str | None, Field(description="When the run is deleted.")]
    termination: Annotated[Termination | None, Field(description="Why the search ended; null while it has not.")]
    objective: Annotated[Objective | None, Field(description="Value, bound, gap and cost split, when there is an answer.")]
    error: Annotated[RunError | None, Field(description="Why the run failed; null otherwise.")]


class RunList(Output):
    """One page of runs, newest first."""

    runs: Annotated[list[RunSummary], Field(description="The runs of this page, without their solutions.")]
    next: Annotated[str | None, Field(description="Pass it as `cursor` for the next page; null on the last one.")]
