"""Moves of items between sites: what may move where, at which cost, and what a plan moves."""

from typing import Annotated

from pydantic import Field

from models.base import Identifier, Input, Output
from models.inventory_numbers import MAX_PERIODS, MAX_RESOURCES_OF_ITEM, PerPeriod, ResourceUse

MAX_TRANSFERS = 20_000


class Transfer(Input):
    """
    A way on which one item may move from one site to another, as much as wanted in each period.

    Units of an item with a shelf life go on ageing on the way: they can be used as long as where they come from, and at most
    for the shelf life of the destination from their arrival on. From a site where the item keeps they arrive fresh.
    """

    item: Annotated[Identifier, Field(description="Name of the item; both sites keep it.", examples=["oat-milk"])]
    origin: Annotated[Identifier, Field(description="Site that sends.", examples=["northgate"])]
    destination: Annotated[Identifier, Field(description="Site that receives.", examples=["southmoor"])]
    lead_time: Annotated[
        int,
        Field(
            ge=0, le=MAX_PERIODS, description="Whole periods on the way; 0 arrives in time for the demand of the same period."
        ),
    ] = 0
    unit_cost: Annotated[PerPeriod, Field(description="Cost of moving one unit, charged in the period of dispatch.")] = 0.0
    fixed_cost: Annotated[PerPeriod, Field(description="Cost of a dispatch, whatever its size.")] = 0.0
    capacity: Annotated[PerPeriod | None, Field(description="Most units sent in a period; null: no limit.")] = None
    resource_use: Annotated[
        dict[Identifier, ResourceUse],
        Field(
            default_factory=dict,
            max_length=MAX_RESOURCES_OF_ITEM,
            description="What a dispatch takes of each shared resource, by resource id: lorry space, dock hours.",
        ),
    ]


class SentLot(Output):
    """Units of an item with a shelf life, sent together, that can be used equally long."""

    period: Annotated[int, Field(description="Period of dispatch, counted from 1.")]
    quantity: Annotated[float, Field(description="Units sent.")]
    use_by: Annotated[
        int | None,
        Field(
            description="Last period in which they could serve demand where they come from, and not before they arrive; "
            "null: after the horizon."
        ),
    ]


class TransferPlan(Output):
    """What is moved on one way; lists have one entry per period."""

    item: Annotated[str, Field(description="Name of the item.")]
    origin: Annotated[str, Field(description="Site that sends.")]
    destination: Annotated[str, Field(description="Site that receives.")]
    quantities: Annotated[
        list[float], Field(description="Units sent in each period; 0 where they would arrive after the horizon.")
    ]
    arrivals: Annotated[list[float], Field(description="Units that arrive in each period.")]
    lots: Annotated[
        list[SentLot] | None,
        Field(description="What is sent by how long it can be used; null where the item keeps at its origin."),
    ]
