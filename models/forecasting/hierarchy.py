"""Hierarchies: which series add up to which, and what was done so that their forecasts do."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Identifier, Input, Output

MAX_GROUPS = 1_000
MAX_MEMBERS = 5_000
"""Most series and groups of a hierarchy together."""

Reconciliation = Literal["minimum_trace", "bottom_up"]


class Group(Input):
    """A sum of series or of other groups: a region of shops, a category of items."""

    id: Annotated[
        Identifier,
        Field(
            description="Name of the sum. When a series has this id, its observations are those of the sum; otherwise the "
            "children's observations are added up, and the group is forecast after the series of the request.",
            examples=["northgate"],
        ),
    ]
    children: Annotated[
        list[Identifier],
        Field(
            min_length=1,
            max_length=MAX_MEMBERS,
            description="Ids of series or groups that add up to it; each may stand below one group only.",
            examples=[["acorn-deli", "bridge-cafe"]],
        ),
    ]


class NodeReconciliation(Output):
    """How far reconciliation moved the forecast of one series or group of a hierarchy."""

    id: Annotated[str, Field(description="Name of the series or group.")]
    depth: Annotated[int, Field(description="0 at the top, 1 for its children, and so on.")]
    parent: Annotated[str | None, Field(description="Group that it belongs to; null at the top.")]
    children: Annotated[list[str], Field(description="What adds up to it; empty for series at the bottom.")]
    base: Annotated[list[float], Field(description="Its own point forecast per step, before reconciliation.")]
    children_base: Annotated[
        list[float] | None, Field(description="Sum of the own forecasts of its children; null at the bottom.")
    ]
    mean: Annotated[list[float], Field(description="The reconciled point forecast per step.")]
    change: Annotated[float, Field(description="Sum over the steps of mean - base, in the unit of the series.")]
    error: Annotated[
        float | None,
        Field(
            description="Standard deviation of its one-step errors: small ones move others, large ones are moved. Null unused."
        ),
    ]
    sentence: Annotated[str, Field(description="The same in one sentence.")]
