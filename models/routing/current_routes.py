"""The routes as they are driven today, beside the plan."""

from typing import Annotated

from pydantic import Field

from models.base import Output


class CurrentRoutes(Output):
    """What the current routes cost, what they break, and what the plan saves against them."""

    value: Annotated[
        float, Field(description="Objective of the current routes: their cost and the prizes they do not collect.")
    ]
    saving: Annotated[
        float, Field(description="Money that the plan costs less than the current routes; negative when it costs more.")
    ]
    distance: Annotated[float, Field(description="Length of the current routes.")]
    duration: Annotated[float, Field(description="Seconds of the current routes.")]
    vehicles: Annotated[int, Field(description="Vehicles that the current routes use.")]
    unassigned: Annotated[list[str], Field(description="Ids of clients and shipments that the current routes leave out.")]
    feasible: Annotated[bool, Field(description="True when the current routes break no condition.")]
    violations: Annotated[
        dict[str, int],
        Field(
            description="How often the current routes break each condition, by code; `POST /v1/routing/evaluate` lists them."
        ),
    ]
    sentence: Annotated[str, Field(description="The saving in one sentence.")]
