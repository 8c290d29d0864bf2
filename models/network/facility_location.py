"""The facility location problem: which facilities to open and which client each one serves."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Cost, FirstErrorOnly, Identifier, Input, Money, Output, Quantity
from models.options import Options

MAX_FACILITIES = 2_000
MAX_CLIENTS = 10_000
MAX_PAIRS = 250_000
"""Most client-facility pairs; each becomes a variable."""


class Facility(Input):
    """A place that may be opened."""

    id: Annotated[Identifier, Field(description="Id of the facility.", examples=["northgate"])]
    fixed_cost: Annotated[Cost, Field(description="Cost of opening it, in money.")] = 0.0
    capacity: Annotated[
        Quantity | None, Field(description="Most demand it can serve, in the clients' units; null means unlimited.")
    ] = None
    fixed: Annotated[
        Literal["open", "closed"] | None,
        Field(description="Decided beforehand: open or closed; null leaves it to the optimisation."),
    ] = None


class FacilityClient(Input):
    """A client that must be served."""

    id: Annotated[Identifier, Field(description="Id of the client.", examples=["acorn-deli"])]
    demand: Annotated[Quantity, Field(description="Units it needs; counts against capacities only.")] = 1.0


class FacilityLocationOptions(Options):
    """Options of the facility location endpoint."""

    solver: Annotated[Literal["auto", "strong_formulation"], Field(description="Algorithm.")] = "auto"


CostMatrix = Annotated[
    list[Annotated[list[Money | None], FirstErrorOnly, Field(max_length=MAX_FACILITIES)]],
    FirstErrorOnly,
    Field(min_length=1, max_length=MAX_CLIENTS),
]


class FacilityLocationProblem(Input):
    """Open facilities and serve every client completely at least total cost."""

    facilities: Annotated[
        list[Facility], Field(min_length=1, max_length=MAX_FACILITIES, description="Places that may be opened.")
    ]
    clients: Annotated[list[FacilityClient], Field(min_length=1, max_length=MAX_CLIENTS, description="Clients to serve.")]
    costs: Annotated[
        CostMatrix,
        Field(
            description="Cost of serving the whole client from the facility: one row per client, one column per facility; "
            "null forbids the pair."
        ),
    ]
    single_source: Annotated[
        bool, Field(description="True serves each client from one facility; false lets several share it.")
    ] = False
    options: FacilityLocationOptions = FacilityLocationOptions()


class OpenFacility(Output):
    """A facility that is opened."""

    id: Annotated[str, Field(description="Id of the facility.")]
    fixed_cost: Annotated[float, Field(description="Cost of opening it.")]
    load: Annotated[float, Field(description="Demand it serves.")]
    capacity: Annotated[float | None, Field(description="Most demand it can serve; null means unlimited.")]


class Service(Output):
    """A client served by a facility."""

    client: Annotated[str, Field(description="Id of the client.")]
    facility: Annotated[str, Field(description="Id of the facility.")]
    share: Annotated[float, Field(description="Share of the client's demand, 0 to 1.")]
    cost: Annotated[float, Field(description="Cost of this service.")]


class FacilityLocationSolution(Output):
    """What to open and who serves whom."""

    open: Annotated[list[OpenFacility], Field(description="Opened facilities in request order.")]
    services: Annotated[list[Service], Field(description="Who serves whom, in client order; shares of a client sum to 1.")]
