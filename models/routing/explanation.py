"""The routing feature's own part of the explanation."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.explanation import Explanation
from models.routing.solution import UnassignedReason

FixKind = Literal[
    "time_window",
    "capacity",
    "skill",
    "allowed_vehicle_type",
    "max_distance",
    "max_duration",
    "max_stops",
    "shift",
    "vehicle",
    "prize",
]


class OrderObstacle(Output):
    """What stands in the way of an order in one vehicle: at its nearest place, the first condition that breaks."""

    vehicle_type: Annotated[str, Field(description="Vehicle type.")]
    vehicle: Annotated[int | None, Field(description="Its number; null for a type all of whose vehicles are in use.")]
    code: Annotated[str, Field(description="Code of the condition, as in an evaluation; NO_VEHICLE_LEFT; NO_PLACE.")]
    amount: Annotated[float | None, Field(description="By how much it is broken, in `unit`; null without a number.")]
    unit: Annotated[str | None, Field(description="Unit of the amount.")]
    message: Annotated[str, Field(description="The same for people, with numbers.")]


class Fix(Output):
    """One change of the request that lets an order into the routes as they stand; it can be posted as a what-if."""

    kind: Annotated[FixKind, Field(description="What changes.")]
    pointer: Annotated[str, Field(description="Where in the request.", examples=["/clients/3/time_windows/0/1"])]
    value: Annotated[float | int | list[str], Field(description="The new value.", examples=[54600])]
    amount: Annotated[float | None, Field(description="By how much it changes, in `unit`; null for lists of names.")]
    unit: Annotated[str | None, Field(description="Unit of the amount.")]
    objective: Annotated[float, Field(description="Objective of the changed problem's plan with the order in it.")]
    change: Annotated[float, Field(description="That objective less the one of this plan.")]
    verified: Annotated[
        bool,
        Field(description="True: the changed problem has a plan with the order and all that is served, and it was checked."),
    ]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class UnassignedOrder(Output):
    """A client or shipment that no route serves, with what was found about it."""

    id: Annotated[str, Field(description="Id of the client or shipment.")]
    pointer: Annotated[str, Field(description="Where in the request it is.")]
    reasons: Annotated[list[UnassignedReason], Field(description="Why; the first one decided.")]
    obstacles: Annotated[
        list[OrderObstacle], Field(description="What stands in the way in every vehicle; empty when time did not suffice.")
    ]
    fixes: Annotated[list[Fix], Field(description="Smallest single changes that let it in, at most one of each kind.")]


class ClientCost(Output):
    """What one client or shipment costs where it stands in the plan."""

    id: Annotated[str, Field(description="Id of the client or shipment.")]
    pointer: Annotated[str, Field(description="Where in the request it is.")]
    vehicle_type: Annotated[str, Field(description="Vehicle type of the route that serves it.")]
    vehicle: Annotated[int, Field(description="Number of that vehicle.")]
    saving_if_removed: Annotated[
        float, Field(description="Money saved when it is taken out and the other stops of the route stay in order.")
    ]


class ClientPrice(Output):
    """The price of a client in the restricted master of column generation."""

    id: Annotated[str, Field(description="Id of the client.")]
    price: Annotated[
        float,
        Field(description="Money: what the plan would cost less without it, as far as the routes known to the master tell."),
    ]


class ColumnGeneration(Output):
    """What column generation did to prove the bound."""

    seconds: Annotated[float, Field(description="Seconds that it took.")]
    rounds: Annotated[int, Field(description="How often the restricted master was solved.")]
    columns: Annotated[int, Field(description="Routes in the last restricted master.")]
    capacity_cuts: Annotated[int, Field(description="Rounded capacity cuts: sets of clients with the vehicles they need.")]
    subset_rows: Annotated[int, Field(description="Subset rows: of three clients at most one route serves two.")]
    converged: Annotated[bool, Field(description="True: no route and no cut was left to add. False: time ended it.")]
    restricted_routes: Annotated[
        list[ClientPrice],
        Field(
            description="Prices of clients in the restricted master, dearest first; estimates of what each costs, not bounds. "
            "Summary: the dearest ten."
        ),
    ]


class VehicleValue(Output):
    """What one more vehicle of a type is worth, of which all are in use."""

    vehicle_type: Annotated[str, Field(description="Id of the vehicle type.")]
    pointer: Annotated[str, Field(description="Its count in the request.")]
    saving: Annotated[
        float,
        Field(description="Money that a checked plan with it costs less: the value is at least that, unless more is served."),
    ]
    weight_served: Annotated[int, Field(description="Weight (1 + priority) of required orders that it serves more.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class RouteBound(Output):
    """A proved lower bound of the cost."""

    value: Annotated[float, Field(description="No plan that leaves out the same or fewer required clients costs less.")]
    method: Annotated[str, Field(description="How it is proved.")]
    column_generation: Annotated[
        ColumnGeneration | None, Field(description="The work of column generation; null where a cheap bound is given.")
    ]


class RoutingExplanation(Explanation):
    """The working behind a routing plan."""

    unassigned: Annotated[list[UnassignedOrder] | None, Field(description="What is left out, why, and what would change that.")]
    marginal_costs: Annotated[
        list[ClientCost] | None,
        Field(description="Saving from taking out each client, dearest first; summary: the dearest ten."),
    ]
    vehicle_values: Annotated[
        list[VehicleValue] | None,
        Field(description="Value of one more vehicle of every type all of whose vehicles are in use; level full."),
    ]
    bound: Annotated[RouteBound | None, Field(description="Proved lower bound of the cost.")]
