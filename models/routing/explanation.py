"""The routing feature's own part of the explanation."""

from typing import Annotated

from pydantic import Field

from models.base import Output
from models.explanation import Explanation
from models.routing.solution import Unassigned


class ClientCost(Output):
    """What one client or shipment costs where it stands in the plan."""

    id: Annotated[str, Field(description="Id of the client or shipment.")]
    pointer: Annotated[str, Field(description="Where in the request it is.")]
    vehicle_type: Annotated[str, Field(description="Vehicle type of the route that serves it.")]
    vehicle: Annotated[int, Field(description="Number of that vehicle.")]
    saving_if_removed: Annotated[
        float, Field(description="Money saved when it is taken out and the other stops of the route stay in order.")
    ]


class RouteBound(Output):
    """A proved lower bound of the cost."""

    value: Annotated[float, Field(description="No plan that leaves out the same or fewer required clients costs less.")]
    method: Annotated[str, Field(description="How it is proved.")]


class RoutingExplanation(Explanation):
    """The working behind a routing plan."""

    unassigned: Annotated[list[Unassigned] | None, Field(description="What is left out and why.")]
    marginal_costs: Annotated[
        list[ClientCost] | None,
        Field(description="Saving from taking out each client, dearest first; summary: the dearest ten."),
    ]
    bound: Annotated[RouteBound | None, Field(description="Proved lower bound of the cost.")]
