"""The vehicle routing problem as a caller states it."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.base import Cost, Identifier, Input, Latitude, Longitude, Metres, Number, Quantity, Seconds
from models.options import Options
from models.routing.constraints import MAX_BREAKS, MAX_LOCKS, MAX_RELATIONS, Break, Lateness, Lock, Relation, RoutingObjective
from models.routing.given_routes import MAX_GIVEN_ROUTES, GivenRoute
from models.routing.timestamps import Moment, TimeOrigin, in_seconds
from models.routing.travel import Travel

MAX_LOCATIONS = 10_000
"""Most locations when distances come from coordinates."""

MAX_CLIENTS = 10_000
MAX_SHIPMENTS = 5_000
MAX_DEPOTS = 1_000
MAX_VEHICLE_TYPES = 1_000
MAX_VEHICLES = 10_000
"""Most vehicles of one type."""

MAX_DIMENSIONS = 10
MAX_WINDOWS = 50
MAX_SKILLS = 50
MAX_PRIORITY = 100

Window = Annotated[list[Moment], Field(min_length=2, max_length=2, examples=[[28800, 36000]])]
"""Earliest and latest moment, both inclusive."""

Load = Annotated[dict[Identifier, Quantity], Field(max_length=MAX_DIMENSIONS, examples=[{"cases": 12}])]
"""Amount of goods by dimension, in the caller's units."""

Skills = Annotated[list[Identifier], Field(max_length=MAX_SKILLS)]
Windows = Annotated[list[Window], Field(max_length=MAX_WINDOWS)]


class Location(Input):
    """A place: x and y in the plane, or lat and lon on the globe, or neither when travel is given as matrices."""

    id: Annotated[Identifier, Field(description="Unique name of the location.")]
    x: Annotated[Number | None, Field(description="First coordinate in the plane, for metric euclidean.")] = None
    y: Annotated[Number | None, Field(description="Second coordinate in the plane, for metric euclidean.")] = None
    lat: Annotated[Latitude | None, Field(description="Degrees north, for metric haversine.")] = None
    lon: Annotated[Longitude | None, Field(description="Degrees east, for metric haversine.")] = None


class Depot(Input):
    """A place where routes start, end, or reload."""

    id: Annotated[Identifier, Field(description="Unique name of the depot.")]
    location: Annotated[Identifier, Field(description="Id of its location.")]
    time_window: Annotated[
        Window | None, Field(description="When vehicles may leave, return and reload, in seconds; null: any time.")
    ] = None


class Client(Lateness):
    """A stop to be served: goods from the depot (delivery) or for the depot (pickup), or just a visit."""

    id: Annotated[Identifier, Field(description="Unique name of the client, also among the shipments.")]
    location: Annotated[Identifier, Field(description="Id of its location.")]
    delivery: Annotated[Load, Field(description="Goods brought from the depot.")] = Field(default_factory=dict)
    pickup: Annotated[Load, Field(description="Goods taken back to the depot.")] = Field(default_factory=dict)
    service_duration: Annotated[Seconds, Field(description="Time spent at the client, in seconds.")] = 0.0
    time_windows: Annotated[
        Windows, Field(description="Service must start within one of these, ends inclusive; empty: any time.")
    ] = Field(default_factory=list)
    required: Annotated[
        bool, Field(description="True: left out only when it cannot be served. False: served when its prize pays for it.")
    ] = True
    prize: Annotated[
        Cost, Field(description="Cost of leaving out a client that is not required, in money; without effect when required.")
    ] = 0.0
    priority: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_PRIORITY,
            description="When not all required clients fit: leaving one out weighs 1 + priority.",
        ),
    ] = 0
    skills: Annotated[Skills, Field(description="Skills the vehicle must have, all of them.")] = Field(default_factory=list)
    release_time: Annotated[
        Moment, Field(description="When the goods are ready: the vehicle leaves the depot no earlier, in seconds.")
    ] = 0.0
    setup_duration: Annotated[
        Seconds,
        Field(
            description="Time spent before service, in seconds, unless the stop before is at the same location; it follows "
            "the start of service."
        ),
    ] = 0.0
    group: Annotated[
        Identifier | None,
        Field(
            description="Name of a group of clients of which exactly one is served; at most one, for its prize, where they are "
            "not required. null: none."
        ),
    ] = None
    allowed_vehicle_types: Annotated[
        Annotated[list[Identifier], Field(max_length=MAX_VEHICLE_TYPES)] | None,
        Field(description="Ids of the vehicle types that may serve it; null: all."),
    ] = None


class ShipmentStep(Lateness):
    """One end of a shipment."""

    location: Annotated[Identifier, Field(description="Id of its location.")]
    service_duration: Annotated[Seconds, Field(description="Time spent there, in seconds.")] = 0.0
    setup_duration: Annotated[
        Seconds, Field(description="Time spent before service, in seconds, unless the stop before is at the same location.")
    ] = 0.0
    time_windows: Annotated[
        Windows, Field(description="Service must start within one of these, ends inclusive; empty: any time.")
    ] = Field(default_factory=list)


class Shipment(Input):
    """Goods to be taken from one place to another by one vehicle on one trip."""

    id: Annotated[Identifier, Field(description="Unique name of the shipment, also among the clients.")]
    amount: Annotated[Load, Field(description="Goods on board between pickup and delivery.")] = Field(default_factory=dict)
    pickup: Annotated[ShipmentStep, Field(description="Where and when it is collected.")]
    delivery: Annotated[ShipmentStep, Field(description="Where and when it is handed over.")]
    required: Annotated[
        bool, Field(description="True: left out only when it cannot be served. False: served when its prize pays for it.")
    ] = True
    prize: Annotated[
        Cost, Field(description="Cost of leaving out a shipment that is not required, in money; without effect when required.")
    ] = 0.0
    priority: Annotated[
        int,
        Field(ge=0, le=MAX_PRIORITY, description="When not all required shipments fit: leaving one out weighs 1 + priority."),
    ] = 0
    skills: Annotated[Skills, Field(description="Skills the vehicle must have, all of them.")] = Field(default_factory=list)
    allowed_vehicle_types: Annotated[
        Annotated[list[Identifier], Field(max_length=MAX_VEHICLE_TYPES)] | None,
        Field(description="Ids of the vehicle types that may serve it; null: all."),
    ] = None


class VehicleType(Input):
    """Vehicles that are alike."""

    id: Annotated[Identifier, Field(description="Unique name of the vehicle type.")]
    count: Annotated[int, Field(ge=0, le=MAX_VEHICLES, description="How many there are.")] = 1
    capacity: Annotated[Load, Field(description="Most goods on board by dimension; a dimension left out is unlimited.")] = (
        Field(default_factory=dict)
    )
    start_depot: Annotated[
        Identifier | None, Field(description="Depot where routes start; null: at the first stop (open route).")
    ] = None
    end_depot: Annotated[
        Identifier | None, Field(description="Depot where routes end; null: at the last stop (open route).")
    ] = None
    shift: Annotated[Window | None, Field(description="Earliest departure and latest return, in seconds; null: any time.")] = (
        None
    )
    fixed_cost: Annotated[Cost, Field(description="Money for each vehicle used.")] = 0.0
    cost_per_distance: Annotated[Cost, Field(description="Money per unit of distance.")] = 1.0
    cost_per_duration: Annotated[
        Cost, Field(description="Money per second from departure to return, waiting and service included.")
    ] = 0.0
    cost_per_waiting: Annotated[
        Cost, Field(description="Money per second of waiting for a window or for a break to begin, beside cost_per_duration.")
    ] = 0.0
    max_overtime: Annotated[
        Seconds,
        Field(description="By how many seconds a route may return after the end of its shift, or exceed max_duration."),
    ] = 0.0
    cost_per_overtime: Annotated[
        Cost, Field(description="Money per second of overtime; of the two excesses the larger one counts.")
    ] = 0.0
    max_distance: Annotated[Metres | None, Field(description="Longest route in units of distance; null: no limit.")] = None
    max_duration: Annotated[
        Seconds | None, Field(description="Longest time from departure to return, in seconds; null: no limit.")
    ] = None
    max_stops: Annotated[
        int | None,
        Field(
            ge=0,
            le=MAX_CLIENTS,
            description="Most stops on a route: clients, pickups and deliveries, not reloads or breaks; null: no limit.",
        ),
    ] = None
    skills: Annotated[Skills, Field(description="What it can do, as names that clients ask for.")] = Field(default_factory=list)
    profile: Annotated[Identifier, Field(description="Name of its travel profile.")] = "default"
    reload_depots: Annotated[
        Annotated[list[Identifier], Field(max_length=MAX_DEPOTS)],
        Field(description="Depots where it may unload and load again during a route; a shipment cannot stay on board."),
    ] = Field(default_factory=list)
    max_reloads: Annotated[int | None, Field(ge=0, le=MAX_CLIENTS, description="Most reloads on a route; null: no limit.")] = (
        None
    )
    breaks: Annotated[
        Annotated[list[Break], Field(max_length=MAX_BREAKS)],
        Field(description="Pauses of the driver of every vehicle used, taken in this order."),
    ] = Field(default_factory=list)


class RoutingOptions(Options):
    """Options of a routing request."""

    solver: Annotated[
        Literal[
            "auto",
            "dynamic_programming",
            "ruin_and_recreate",
            "iterated_local_search",
            "guided_local_search",
            "general_ruin_and_recreate",
        ],
        Field(description="Algorithm; auto chooses."),
    ] = "auto"
    bound: Annotated[
        Literal["auto", "cheap", "column_generation"],
        Field(
            description="How to prove a lower bound of the cost. cheap: without search, in milliseconds. "
            "column_generation: in three quarters of the time, where it can (up to 192 clients, no shipments or reloads), else "
            "cheap. "
            "auto: column generation in a smaller share of the time for up to 60 clients (150 with an explanation), never "
            "with an iteration limit."
        ),
    ] = "auto"


class RoutingTask(Input):
    """Clients and shipments, and the fleet that may serve them: what every question about routes states."""

    time_origin: Annotated[
        TimeOrigin | None,
        Field(
            description="Moment from which seconds count, ISO 8601: windows, shifts, due and release times may be timestamps "
            "then, and stops carry timestamps beside seconds. null: seconds only. Only with scale 1."
        ),
    ] = None

    locations: Annotated[list[Location], Field(max_length=MAX_LOCATIONS, description="All places.")]
    travel: Annotated[Travel, Field(description="Distances and durations.")] = Field(default_factory=Travel)
    depots: Annotated[list[Depot], Field(max_length=MAX_DEPOTS, description="Where routes start, end and reload.")] = Field(
        default_factory=list
    )
    clients: Annotated[list[Client], Field(max_length=MAX_CLIENTS, description="Stops to be served.")] = Field(
        default_factory=list
    )
    shipments: Annotated[list[Shipment], Field(max_length=MAX_SHIPMENTS, description="Goods from place to place.")] = Field(
        default_factory=list
    )
    vehicle_types: Annotated[list[VehicleType], Field(max_length=MAX_VEHICLE_TYPES, description="The fleet.")] = Field(
        default_factory=list
    )
    relations: Annotated[
        list[Relation], Field(max_length=MAX_RELATIONS, description="Orders that belong together, apart, or in sequence.")
    ] = Field(default_factory=list)
    locks: Annotated[
        list[Lock], Field(max_length=MAX_LOCKS, description="What is already fixed, at most one entry a vehicle.")
    ] = Field(default_factory=list)
    objective: Annotated[RoutingObjective, Field(description="What is optimised beside the cost of the routes.")] = Field(
        default_factory=RoutingObjective
    )

    @model_validator(mode="before")
    @classmethod
    def _with_seconds(cls, value: Any) -> Any:
        """Put seconds in the place of timestamps."""
        return in_seconds(value) if isinstance(value, dict) and value.get("time_origin") is not None else value


class RoutingProblem(RoutingTask):
    """Clients and shipments to be served by a fleet at least cost."""

    current_routes: Annotated[
        list[GivenRoute],
        Field(
            max_length=MAX_GIVEN_ROUTES,
            description="Routes as they are driven today; the answer states the saving against them, and the search begins "
            "from them: where they break no condition, no plan is dearer. They may break conditions and name clients that are "
            "not in the request: such stops are left out and counted, and what does not fit is served elsewhere.",
        ),
    ] = Field(default_factory=list)
    options: Annotated[RoutingOptions, Field(description="Limits of the search.")] = Field(default_factory=RoutingOptions)


def routing_problem(task: RoutingTask) -> RoutingProblem:
    """Return the routing problem that a question about routes states, with the usual options."""
    fields = {name: getattr(task, name) for name in RoutingTask.model_fields}
    return RoutingProblem.model_construct(**fields, current_routes=[], options=RoutingOptions())
