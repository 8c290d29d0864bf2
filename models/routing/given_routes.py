"""Routes that the caller gives: which type of vehicle makes which stops in which order."""

from typing import Annotated

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input

MAX_GIVEN_ROUTES = 10_000
MAX_GIVEN_STOPS = 20_000
"""Most stops of one given route."""

StopName = Annotated[
    Identifier,
    Field(
        description="Id of a client, or `pickup:` or `delivery:` with the id of a shipment, or `reload:` with that of a depot. "
        "A client whose own id starts like this comes first.",
        examples=["acorn-deli", "pickup:s1", "reload:northgate"],
    ),
]


class GivenRoute(Input):
    """One route without its start and end, which follow from the vehicle type."""

    vehicle_type: Annotated[Identifier, Field(description="Id of the vehicle type that drives it.")]
    stops: Annotated[
        list[StopName],
        Field(
            max_length=MAX_GIVEN_STOPS,
            description="Stops in order, without start and end; a route without stops is not driven.",
        ),
        FirstErrorOnly,
    ]
