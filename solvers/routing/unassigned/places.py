"""Every vehicle of a plan, used or not, asked for a place for an order that is left out."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.routing import RoutingProblem, RoutingSolution
from solvers.routing.insertion.insertion_survey import InsertionSurvey, Stops
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.rich_constraints import rich_constraints
from solvers.routing.standing_routes import standing_routes

JOINT = {"setup durations", "groups", "relations", "locks", "fewest vehicles first", "balance"}
"""Conditions that one route with one more stop does not show: there no place is claimed and none denied."""

SECONDS_A_STOP = 1e-4
"""About how long it takes to get one stop of a plan ready."""


def places_are_told(problem: RoutingProblem, plan: RoutingSolution, *, deadline: float) -> bool:
    """Tell whether places can be judged route by route, and whether there is time to get the routes of a plan ready."""
    stops = sum(len(route.stops) for route in plan.routes)
    in_time = time.monotonic() + SECONDS_A_STOP * stops < deadline
    return in_time and not JOINT & rich_constraints(problem).keys()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vehicles:
    """
    Lines of a plan: its routes, then a route without stops for each vehicle type with a vehicle left.

    `names` has vehicle type and number of every line; `exhausted` are the positions of the types that have none left.
    """

    survey: InsertionSurvey
    names: list[tuple[str, int]]
    exhausted: list[int]

    @property
    def routes(self) -> list[PlannedRoute]:
        """Every line."""
        return self.survey.lines


def vehicles_of(index: ProblemIndex, plan: RoutingSolution) -> Vehicles:
    """Return the lines of a plan, ready to be asked."""
    routes = standing_routes(index, plan)
    used = Counter(route.vehicle_type for route in routes)
    types = index.problem.vehicle_types
    free = [i for i in index.fleet if used[i] < types[i].count]
    names = [(route.vehicle_type, route.vehicle) for route in plan.routes]
    return Vehicles(
        survey=InsertionSurvey(
            index,
            [*routes, *(PlannedRoute(vehicle_type=i, stops=()) for i in free)],
            [*(route.cost for route in plan.routes), *(0.0 for _ in free)],
        ),
        names=[*names, *((types[i].id, used[i] + 1) for i in free)],
        exhausted=[i for i in index.fleet if i not in free],
    )


def stops_of(problem: RoutingProblem, names: Sequence[str]) -> dict[str, Stops]:
    """Return the stops of some clients and shipments by id."""
    wanted = set(names)
    stops: dict[str, Stops] = {
        client.id: (PlannedStop(kind="client", position=i),) for i, client in enumerate(problem.clients) if client.id in wanted
    }
    for i, shipment in enumerate(problem.shipments):
        if shipment.id in wanted:
            stops[shipment.id] = (PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i))
    return stops
