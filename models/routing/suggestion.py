"""New orders in routes that stand: the best places for each, and what stands in the way elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Identifier, Output
from models.explanation import Explanation
from models.options import Options
from models.routing.evaluation import Violation
from models.routing.given_routes import MAX_GIVEN_ROUTES, GivenRoute
from models.routing.problem import RoutingProblem, RoutingTask, routing_problem
from models.routing.solution import Route

MAX_NAMED_ORDERS = 15_000
MAX_PLACES = 100


class SuggestionOptions(Options):
    """Options of a suggestion; every place is tried, so only the time limit and the level of explanation matter."""

    solver: Annotated[Literal["auto", "cheapest_insertion"], Field(description="Algorithm; there is one.")] = "auto"


class SuggestionProblem(RoutingTask):
    """A routing problem, routes for some of its orders, and orders that are to be placed in them."""

    routes: Annotated[
        list[GivenRoute], Field(max_length=MAX_GIVEN_ROUTES, description="The plan as it stands; stops keep their order.")
    ]
    orders: Annotated[
        Annotated[list[Identifier], Field(max_length=MAX_NAMED_ORDERS)] | None,
        Field(description="Ids of the clients and shipments to place, each by itself; null: all that no route serves."),
    ] = None
    top: Annotated[int, Field(ge=1, le=MAX_PLACES, description="Most places for each order.", examples=[3])] = 3
    places_per_route: Annotated[
        int, Field(ge=1, le=MAX_PLACES, description="Most places of one route among them: 1 compares routes, not neighbours.")
    ] = 1
    options: Annotated[SuggestionOptions, Field(description="Limits.")] = Field(default_factory=SuggestionOptions)

    def as_routing(self) -> RoutingProblem:
        """Return the problem without the routes."""
        return routing_problem(self)


class Insertion(Output):
    """One place for an order."""

    rank: Annotated[int, Field(description="1 is the cheapest.")]
    route: Annotated[str | None, Field(description="The route in the request; null for a vehicle that is not used yet.")]
    position: Annotated[
        list[int],
        Field(description="Place in the new `stops`, from 0: one for a client, pickup and delivery for a shipment."),
    ]
    stops: Annotated[list[str], Field(description="The stops of the route with the order in it, as in a given route.")]
    cost_delta: Annotated[float, Field(description="Money that the route costs more; prizes are not counted.")]
    distance_delta: Annotated[float, Field(description="By how much the route becomes longer.")]
    duration_delta: Annotated[float, Field(description="By how many seconds the route lasts longer.")]
    largest_delay: Annotated[float, Field(description="Most seconds by which any stop that was there starts later.")]
    timetable: Annotated[Route, Field(description="The route with the order in it: times, loads and cost.")]


class Obstacle(Output):
    """Why an order does not fit a route anywhere: at the place where least is missing, the first condition that breaks."""

    route: Annotated[str | None, Field(description="The route in the request; null for a vehicle that is not used yet.")]
    vehicle_type: Annotated[str, Field(description="Id of the vehicle type.")]
    code: Annotated[str, Field(description="Code of the violation, or NO_VEHICLE_LEFT, ROUTE_IS_BROKEN, NO_PLACE.")]
    amount: Annotated[float | None, Field(description="By how much the condition is broken, in `unit`; null without a number.")]
    unit: Annotated[str | None, Field(description="Unit of the amount.")]
    stop: Annotated[str | None, Field(description="Id of the stop at which it breaks; null for the route as a whole.")]
    position: Annotated[list[int], Field(description="The place that was nearest to feasible, as for an insertion; may be [].")]
    message: Annotated[str, Field(description="The same for people, with numbers.")]


class Suggestion(Output):
    """Where one order fits."""

    id: Annotated[str, Field(description="Id of the client or shipment.")]
    pointer: Annotated[str, Field(description="Where in the request it is.")]
    insertions: Annotated[list[Insertion], Field(description="The cheapest places, best first; empty when it fits nowhere.")]
    fitting_routes: Annotated[int, Field(description="How many routes and unused kinds of vehicle it fits.")]
    obstacles: Annotated[list[Obstacle], Field(description="What stands in the way of every other route and kind of vehicle.")]
    worth_its_prize: Annotated[
        bool | None,
        Field(description="True: the cheapest place costs less than the prize. Null for required orders and without a place."),
    ]
    complete: Annotated[bool, Field(description="False when time ended before every place was tried.")]


class SuggestionSolution(Output):
    """The best places for new orders, each as if it were the only one."""

    suggestions: Annotated[list[Suggestion], Field(description="In order of `orders`, or of the request.")]
    cost: Annotated[float, Field(description="Money for the routes as they stand.")]
    violations: Annotated[
        list[Violation],
        Field(description="Conditions that the routes break as they stand, without what is merely missing."),
    ]


class SuggestionExplanation(Explanation):
    """The working behind suggestions."""
