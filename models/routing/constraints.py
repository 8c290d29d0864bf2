"""Conditions of a routing request that join orders, vehicles and routes: breaks, relations, locks, and what is optimised."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Cost, Identifier, Input, Positive, Seconds
from models.routing.timestamps import Moment

MAX_BREAKS = 5
MAX_RELATIONS = 5_000
MAX_RELATION_ORDERS = 1_000
MAX_LOCKS = 1_000
MAX_LOCKED_ORDERS = 10_000

StopReference = Annotated[str, Field(min_length=1, max_length=220, examples=["acorn-deli", "pickup:s1"])]
"""A stop: the id of a client, or `pickup:` or `delivery:` followed by the id of a shipment."""


class Break(Input):
    """A pause of the driver, anywhere: at a stop, at the next one, or on the way between."""

    id: Annotated[Identifier, Field(description="Name of the break, unique within its vehicle type.")]
    time_window: Annotated[
        Annotated[list[Moment], Field(min_length=2, max_length=2, examples=[[39600, 46800]])],
        Field(description="Earliest and latest start of the break, in seconds, both inclusive."),
    ]
    duration: Annotated[Seconds, Field(description="How long it lasts, in seconds.")]
    outside_route: Annotated[
        bool,
        Field(
            description="False: every route contains it, and waits for it if it must. True: it is left out of a route that "
            "departs late enough, or returns early enough, for it to be taken before departure or after return."
        ),
    ] = False


class Relation(Input):
    """What orders have to do with one another; it binds those of them that are served."""

    kind: Annotated[
        Literal["same_vehicle", "different_vehicles", "sequence", "direct_sequence"],
        Field(
            description="same_vehicle: one vehicle serves them all. different_vehicles: no vehicle serves two of them. "
            "sequence: one vehicle serves them in this order. direct_sequence: the same with no other stop between."
        ),
    ]
    orders: Annotated[
        Annotated[list[StopReference], Field(min_length=2, max_length=MAX_RELATION_ORDERS)],
        Field(
            description="Ids of clients and shipments; in a sequence a shipment stands as `pickup:ID` or `delivery:ID`.",
            examples=[["acorn-deli", "bridge-cafe"]],
        ),
    ]


class Lock(Input):
    """What is already fixed for one vehicle."""

    vehicle_type: Annotated[Identifier, Field(description="Id of the vehicle type.")]
    vehicle: Annotated[int, Field(ge=1, description="Number of the vehicle within its type, from 1.")] = 1
    prefix: Annotated[
        Annotated[list[StopReference], Field(max_length=MAX_LOCKED_ORDERS)],
        Field(description="Stops with which its route begins, in this order: ids of clients, `pickup:ID`, `delivery:ID`."),
    ] = Field(default_factory=list)
    orders: Annotated[
        Annotated[list[Identifier], Field(max_length=MAX_LOCKED_ORDERS)],
        Field(description="Ids of clients and shipments that no other vehicle may serve."),
    ] = Field(default_factory=list)


class Balance(Input):
    """A price of unequal routes, over the vehicles that are used."""

    measure: Annotated[
        Literal["distance", "duration", "stops"],
        Field(description="What is compared: length, seconds from departure to return, or number of stops."),
    ] = "duration"
    kind: Annotated[
        Literal["max", "range"],
        Field(description="max: the largest route is priced. range: the largest less the smallest."),
    ] = "range"
    weight: Annotated[Positive, Field(description="Money per unit of the measure.")]


class RoutingObjective(Input):
    """What is optimised beside the cost of the routes."""

    fewest_vehicles: Annotated[
        bool, Field(description="True: fewer vehicles count before any money; the value stays money only.")
    ] = False
    balance: Annotated[Balance | None, Field(description="Price of unequal routes; null: none.")] = None


class Lateness(Input):
    """From when service counts as late, and what that costs; part of a client and of either end of a shipment."""

    due_time: Annotated[
        Moment | None,
        Field(description="Service that starts after this moment is late, in seconds; it may be, within the windows."),
    ] = None
    cost_per_lateness: Annotated[Cost, Field(description="Money per second between due_time and the start of service.")] = 0.0
