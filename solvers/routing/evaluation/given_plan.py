"""Given routes with their names resolved: what is driven in which order, and which names lead nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.routing import GivenRoute, RoutingProblem
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex
from solvers.travel.lengths import TravelLengths

NameKind = Literal["client", "pickup", "delivery", "reload"]
PREFIXES: tuple[Literal["pickup", "delivery", "reload"], ...] = ("pickup", "delivery", "reload")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStop:
    """A stop whose name is in no list of the request: it is left out."""

    pointer: str
    kind: NameKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRoute:
    """One given route; `places` holds the place in the request's `stops` for each planned stop."""

    pointer: str
    planned: PlannedRoute
    places: tuple[int, ...]

    @property
    def is_driven(self) -> bool:
        """Tell whether it serves anything; a route that does not stays at the depot."""
        return any(stop.kind != "reload" for stop in self.planned.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPlan:
    """Routes in order of the request, and the stops that were left out."""

    routes: list[ReadRoute]
    unknown: list[UnknownStop]

    @property
    def driven(self) -> list[ReadRoute]:
        """Routes that serve something."""
        return [route for route in self.routes if route.is_driven]


def read_routes(index: ProblemIndex, routes: Sequence[GivenRoute], *, pointer: str) -> GivenPlan:
    """
    Resolve the names of given routes.

    Parameters
    ----------
    index
        The problem.
    routes
        Routes whose vehicle types exist.
    pointer
        Where the routes stand in the request, for example `/routes`.
    """
    names = StopNames(index.problem)
    types = {vehicle_type.id: i for i, vehicle_type in enumerate(index.problem.vehicle_types)}
    read, unknown = [], []
    for i, route in enumerate(routes):
        stops, places = [], []
        for j, text in enumerate(route.stops):
            found = names.stop(text)
            if isinstance(found, PlannedStop):
                stops.append(found)
                places.append(j)
            else:
                unknown.append(UnknownStop(pointer=f"{pointer}/{i}/stops/{j}", kind=found[0], name=found[1]))
        planned = PlannedRoute(vehicle_type=types[route.vehicle_type], stops=tuple(stops))
        read.append(ReadRoute(pointer=f"{pointer}/{i}", planned=planned, places=tuple(places)))
    return GivenPlan(routes=read, unknown=unknown)


class StopNames:
    """What the names of stops mean in one problem."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._clients = {client.id: i for i, client in enumerate(problem.clients)}
        shipments = {shipment.id: i for i, shipment in enumerate(problem.shipments)}
        depots = {depot.id: i for i, depot in enumerate(problem.depots)}
        self._others = {"pickup": shipments, "delivery": shipments, "reload": depots}

    def stop(self, text: str) -> PlannedStop | tuple[NameKind, str]:
        """Return the stop of a name, or what kind of thing has no such name."""
        if text in self._clients:
            return PlannedStop(kind="client", position=self._clients[text])
        for prefix in PREFIXES:
            if text.startswith(f"{prefix}:"):
                name = text.removeprefix(f"{prefix}:")
                position = self._others[prefix].get(name)
                return (prefix, name) if position is None else PlannedStop(kind=prefix, position=position)
        return "client", text


def index_of(problem: RoutingProblem, routes: Sequence[GivenRoute]) -> ProblemIndex:
    """Return a problem with names resolved, and lengths also for vehicle types that have routes but no vehicle."""
    driving = {route.vehicle_type for route in routes}
    profiles = [v.profile for v in problem.vehicle_types if v.count > 0 or v.id in driving]
    return ProblemIndex(problem=problem, travel=TravelLengths(problem.locations, problem.travel, profiles))


def name_of(problem: RoutingProblem, stop: PlannedStop) -> str:
    """Return the name by which a given route names a stop."""
    if stop.kind == "client":
        return problem.clients[stop.position].id
    if stop.kind == "reload":
        return f"reload:{problem.depots[stop.position].id}"
    return f"{stop.kind}:{problem.shipments[stop.position].id}"
