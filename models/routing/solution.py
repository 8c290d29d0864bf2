"""The plan: routes with their stops, and what is left out and why."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.routing.current_routes import CurrentRoutes
from models.run import ObjectiveTerm

StopKind = Literal["start", "client", "pickup", "delivery", "reload", "break", "end"]
ReasonCode = Literal[
    "NO_VEHICLE",
    "NO_ALLOWED_VEHICLE_TYPE",
    "UNREACHABLE",
    "DEMAND_EXCEEDS_VEHICLE_CAPACITY",
    "TIME_WINDOW_UNREACHABLE",
    "MAX_DISTANCE_EXCEEDED",
    "MAX_DURATION_EXCEEDED",
    "PRIZE_BELOW_COST",
    "GROUP_SERVED_BY_ANOTHER",
    "NOT_ASSIGNED_BY_SEARCH",
]


class Stop(Output):
    """One stop of a route."""

    kind: Annotated[StopKind, Field(description="What happens there.")]
    id: Annotated[str | None, Field(description="Id of the client, shipment, depot or break; null at the open end of a route.")]
    location: Annotated[
        str | None, Field(description="Id of the location; null at the open end of a route, and for a break on the way.")
    ]
    arrival: Annotated[float, Field(description="When the vehicle arrives, in seconds.")]
    start_service: Annotated[float, Field(description="When service starts, in seconds.")]
    departure: Annotated[float, Field(description="When the vehicle leaves, in seconds.")]
    wait: Annotated[float, Field(description="Seconds between arrival and start of service.")]
    load: Annotated[dict[str, float], Field(description="Goods on board after the stop, by dimension.")]
    distance: Annotated[float, Field(description="Distance from the start of the route to this stop.")]
    arrival_at: Annotated[str | None, Field(description="Arrival as a timestamp; null without `time_origin`.")]
    start_service_at: Annotated[str | None, Field(description="Start of service as a timestamp; null without `time_origin`.")]
    departure_at: Annotated[str | None, Field(description="Departure as a timestamp; null without `time_origin`.")]


class Route(Output):
    """What one vehicle does."""

    vehicle_type: Annotated[str, Field(description="Id of the vehicle type.")]
    vehicle: Annotated[int, Field(description="Number of the vehicle within its type, from 1.")]
    stops: Annotated[list[Stop], Field(description="Stops in order, from start to end.")]
    distance: Annotated[float, Field(description="Length of the route.")]
    duration: Annotated[float, Field(description="Seconds from departure to return.")]
    cost: Annotated[float, Field(description="Money for this route.")]
    terms: Annotated[list[ObjectiveTerm], Field(description="Named parts that sum to the cost.")]


class UnassignedReason(Output):
    """Why something is left out."""

    code: Annotated[
        str,
        Field(
            description="Stable name, UPPER_SNAKE: one of the proofs and of the economic reasons, or the code of the condition "
            "that breaks first, as in an evaluation.",
            examples=["TIME_WINDOW_UNREACHABLE", "CAPACITY_EXCEEDED", "PRIZE_BELOW_COST"],
        ),
    ]
    certainty: Annotated[
        Literal["proven", "exhaustive_insertion", "search"],
        Field(
            description="proven: no plan can serve it (or, for NO_VEHICLE, there is none); exhaustive_insertion: every place "
            "in the routes of this plan was tried; search: no plan that serves it was found."
        ),
    ]
    message: Annotated[str, Field(description="The same for people, with numbers.")]
    shortfall: Annotated[
        float | None, Field(description="By how much the nearest vehicle misses, in `unit`; null without a number.")
    ]
    unit: Annotated[str | None, Field(description="Unit of the shortfall: s, distance, cost, skills, or a load dimension.")]


class Unassigned(Output):
    """A client or shipment that no route serves."""

    id: Annotated[str, Field(description="Id of the client or shipment.")]
    reasons: Annotated[list[UnassignedReason], Field(description="Why; the first one decided.")]


class SnappedLocation(Output):
    """Where a location lies on the road network."""

    location: Annotated[str, Field(description="Id of the location.")]
    node: Annotated[str, Field(description="Id of its nearest node, where routes reach it.")]
    distance: Annotated[float, Field(description="How far the node is from it as the crow flies; not part of any route.")]


class RoutingSolution(Output):
    """A feasible plan."""

    routes: Annotated[list[Route], Field(description="Routes that serve at least one stop.")]
    unassigned: Annotated[list[Unassigned], Field(description="Clients and shipments left out.")]
    snapped: Annotated[
        list[SnappedLocation] | None,
        Field(description="The node of every location, in request order; null for every metric but road."),
    ]
    distance: Annotated[float, Field(description="Length of all routes.")]
    duration: Annotated[float, Field(description="Seconds of all routes.")]
    cost: Annotated[float, Field(description="Money for all routes, without prizes that are not collected.")]
    current: Annotated[
        CurrentRoutes | None, Field(description="The saving against `current_routes`; null when the request gives none.")
    ]
