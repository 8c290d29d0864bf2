"""Given routes, evaluated: what they cost, when everything happens, and which conditions they break."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.explanation import Explanation
from models.options import Options
from models.routing.given_routes import MAX_GIVEN_ROUTES, GivenRoute
from models.routing.problem import RoutingProblem, RoutingTask, routing_problem
from models.routing.solution import Route

ViolationCode = Literal[
    "UNKNOWN_CLIENT",
    "UNKNOWN_SHIPMENT",
    "UNKNOWN_DEPOT",
    "MISSING_CLIENT",
    "MISSING_SHIPMENT",
    "DUPLICATE_STOP",
    "TOO_MANY_VEHICLES",
    "VEHICLE_TYPE_NOT_ALLOWED",
    "SKILL_MISSING",
    "RELOAD_NOT_ALLOWED",
    "TOO_MANY_RELOADS",
    "TOO_MANY_STOPS",
    "DELIVERY_WITHOUT_PICKUP",
    "PICKUP_WITHOUT_DELIVERY",
    "NO_WAY",
    "CAPACITY_EXCEEDED",
    "TIME_WINDOW_MISSED",
    "SHIFT_EXCEEDED",
    "MAX_DISTANCE_EXCEEDED",
    "MAX_DURATION_EXCEEDED",
    "BREAK_OUT_OF_WINDOW",
    "GROUP_SERVED_TWICE",
    "RELATION_BROKEN",
    "LOCK_BROKEN",
]


class EvaluationOptions(Options):
    """Options of an evaluation; nothing is searched, so only the time limit and the level of explanation matter."""

    solver: Annotated[Literal["auto", "route_evaluation"], Field(description="Algorithm; there is one.")] = "auto"


class EvaluationProblem(RoutingTask):
    """A routing problem and routes for it."""

    routes: Annotated[
        list[GivenRoute], Field(max_length=MAX_GIVEN_ROUTES, description="The routes to evaluate; one for each vehicle used.")
    ]
    options: Annotated[EvaluationOptions, Field(description="Limits.")] = Field(default_factory=EvaluationOptions)

    def as_routing(self) -> RoutingProblem:
        """Return the problem without the routes."""
        return routing_problem(self)


class Violation(Output):
    """One condition that the routes break."""

    code: Annotated[ViolationCode, Field(description="Stable name, UPPER_SNAKE.")]
    pointer: Annotated[
        str,
        Field(
            description="The stop or route in the request that breaks it; for what no route serves, the client or shipment.",
            examples=["/routes/0/stops/2"],
        ),
    ]
    id: Annotated[str | None, Field(description="Id of the client, shipment, depot or vehicle type concerned.")]
    dimension: Annotated[str | None, Field(description="Load dimension or skill concerned; null for other conditions.")]
    amount: Annotated[float, Field(description="By how much it is broken, in `unit`; > 0.")]
    limit: Annotated[float | None, Field(description="What was allowed, in `unit`; null where the limit is no number.")]
    unit: Annotated[str, Field(description="Unit of the amount: s, distance, a load dimension, stops, vehicles...")]
    message: Annotated[str, Field(description="The same for people, with numbers.")]


class EvaluatedRoute(Route):
    """A given route with its timetable and cost; late stops are served on arrival."""

    pointer: Annotated[str, Field(description="The route in the request.")]
    violations: Annotated[int, Field(description="How many conditions this route breaks.")]


class EvaluationSolution(Output):
    """What given routes cost and which conditions they break."""

    feasible: Annotated[bool, Field(description="True when the routes break no condition.")]
    violations: Annotated[list[Violation], Field(description="Every condition that is broken, in order of the request.")]
    routes: Annotated[list[EvaluatedRoute], Field(description="The routes that are driven, in order of the request.")]
    unassigned: Annotated[list[str], Field(description="Ids of clients and shipments that no route serves.")]
    distance: Annotated[float, Field(description="Length of all routes.")]
    duration: Annotated[float, Field(description="Seconds of all routes.")]
    cost: Annotated[float, Field(description="Money for all routes, without prizes that are not collected.")]


class EvaluationExplanation(Explanation):
    """The working behind an evaluation."""
