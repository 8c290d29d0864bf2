"""What why-not can force: one small type for each kind of problem, in the words of its request and its answer."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from models.base import LARGEST_NUMBER, Identifier, Input, Number, Quantity
from models.inventory_numbers import MAX_PERIODS
from models.network.parts import NodeName

MAX_FORCED = 1_000
"""Most decisions that one alternative forces."""


class ForcedBounds(Input):
    """Where a variable must lie."""

    lower: Annotated[Number | None, Field(description="Least value, in the unit of the variable; null: none.")] = None
    upper: Annotated[Number | None, Field(description="Largest value, in the unit of the variable; null: none.")] = None


def _both_sides(value: object) -> object:
    """Read a plain number as a variable fixed there."""
    return {"lower": value, "upper": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


_PLAIN = {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
ForcedValue = Annotated[
    ForcedBounds,
    BeforeValidator(_both_sides),
    WithJsonSchema(
        {
            "anyOf": [
                {**_PLAIN, "description": "The value that the variable takes."},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "lower": {"anyOf": [_PLAIN, {"type": "null"}], "description": "Least value; null: none."},
                        "upper": {"anyOf": [_PLAIN, {"type": "null"}], "description": "Largest value; null: none."},
                    },
                },
            ],
            "description": "A number fixes the variable there; an object bounds it.",
        }
    ),
]


class LinearForce(Input):
    """Values or bounds of variables."""

    variables: Annotated[
        dict[Identifier, ForcedValue],
        Field(
            min_length=1, max_length=MAX_FORCED, description="Value or bounds of each variable, by name.", examples=[{"x": 3}]
        ),
    ]


class ForcedOrder(Input):
    """An order of one item in one period."""

    item: Annotated[Identifier, Field(description="Id of the item.", examples=["oat-milk"])]
    site: Annotated[Identifier | None, Field(description="Its site; null when only one site has the item.")] = None
    period: Annotated[int, Field(ge=1, le=MAX_PERIODS, description="Period of the order, counted from 1.")]
    quantity: Annotated[Quantity | None, Field(description="Units ordered, exactly.")] = None
    at_least: Annotated[Quantity | None, Field(description="Units ordered at least.")] = None


class ForcedSetup(Input):
    """Whether an item is ordered in a period at all."""

    item: Annotated[Identifier, Field(description="Id of the item.", examples=["oat-milk"])]
    site: Annotated[Identifier | None, Field(description="Its site; null when only one site has the item.")] = None
    period: Annotated[int, Field(ge=1, le=MAX_PERIODS, description="Period of the order, counted from 1.")]
    value: Annotated[
        bool,
        Field(description="False: nothing is ordered. True: the smallest possible order or more, for items that have one."),
    ]


class PlanForce(Input):
    """An order of a period, or whether there is one."""

    order: Annotated[ForcedOrder | None, Field(description="An order of a given size.")] = None
    setup: Annotated[ForcedSetup | None, Field(description="Whether there is an order.")] = None


class ForcedService(Input):
    """A client that one facility serves completely."""

    client: Annotated[Identifier, Field(description="Id of the client.")]
    facility: Annotated[Identifier, Field(description="Id of the facility.")]


class FacilityForce(Input):
    """Facilities that are open or closed, and who serves whom."""

    open: Annotated[list[Identifier], Field(max_length=MAX_FORCED, description="Facilities that must open.")] = Field(
        default_factory=list
    )
    closed: Annotated[list[Identifier], Field(max_length=MAX_FORCED, description="Facilities that must not open.")] = Field(
        default_factory=list
    )
    serve: Annotated[ForcedService | None, Field(description="Who serves a client.")] = None


class AssignmentForce(Input):
    """A row and the column it must take."""

    row: Annotated[NodeName, Field(description="Name of the row, or its number from 0 where rows have no names.")]
    column: Annotated[NodeName, Field(description="Name of the column, or its number from 0.")]


class FlowForce(Input):
    """Flow on an arc."""

    arc: Annotated[NodeName, Field(description="Id of the arc.", examples=["e1"])]
    flow: Annotated[Quantity | None, Field(description="Flow on the arc, exactly.")] = None
    at_least: Annotated[Quantity | None, Field(description="Least flow on the arc.")] = None


class PathForce(Input):
    """An arc that the paths must use."""

    arc: Annotated[NodeName, Field(description="Id of the arc.", examples=["e1"])]


TogetherIds = Annotated[
    list[Identifier],
    Field(min_length=2, max_length=MAX_FORCED, examples=[["acorn-deli", "bridge-cafe"]]),
]


class RoutingForce(Input):
    """Who serves a client, which orders share a vehicle, and what comes first; any of them, all at once."""

    client: Annotated[Identifier | None, Field(description="Client that `vehicle_type` and `first` are about.")] = None
    vehicle_type: Annotated[
        Identifier | None, Field(description="Id of the vehicle type that must visit the client; null: any.")
    ] = None
    first: Annotated[
        bool,
        Field(description="True: the client is the first stop of its route; needs a vehicle type unless there is one only."),
    ] = False
    together: Annotated[
        TogetherIds | None, Field(description="Ids of clients and shipments that one vehicle must serve; null: none.")
    ] = None
    apart: Annotated[
        TogetherIds | None,
        Field(description="Ids of clients and shipments of which no vehicle may serve two; null: none."),
    ] = None


class ForecastForce(Input):
    """A method that must forecast every series."""

    method: Annotated[
        Literal["seasonal_naive", "exponential_smoothing", "theta"], Field(description="Name of the method, as in the answer.")
    ]
