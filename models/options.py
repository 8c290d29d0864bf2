"""Options that every solving request carries."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Input

ExplainLevel = Literal["none", "summary", "full"]

MAX_TIME_LIMIT = 3_600.0
"""Longest time limit of one solve, in seconds."""


class Options(Input):
    """How long to search, how exactly, from which seed, and how much to explain."""

    time_limit_s: Annotated[
        float,
        Field(
            gt=0,
            le=MAX_TIME_LIMIT,
            description="Seconds from the start of the run for build, search, check and explanation together.",
            examples=[10],
        ),
    ] = 10.0
    iteration_limit: Annotated[
        int | None,
        Field(ge=1, le=10**12, description="Most iterations of the search; null means that only time limits it."),
    ] = None
    relative_gap: Annotated[
        float,
        Field(ge=0, le=1, description="Relative gap between value and bound at which an answer counts as optimal."),
    ] = 1e-6
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="Seed of the random number stream; the same seed repeats the search.")
    ] = 0
    threads: Annotated[
        int | None, Field(ge=1, le=64, description="Threads of the search; null uses the cores that the server gives a run.")
    ] = None
    explain: Annotated[
        ExplainLevel,
        Field(description="How much of the working to return: none, summary (what binds and what costs), or full."),
    ] = "none"
