"""Some orders and vehicles of a problem as a problem of their own, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPart:
    """A part; the lists hold the position in the whole problem for each position in the part."""

    index: ProblemIndex
    clients: list[int]
    shipments: list[int]
    vehicle_types: list[int]
    depots: list[int]

    def from_whole(self, routes: Sequence[PlannedRoute]) -> list[PlannedRoute]:
        """Return routes of the whole problem, all of whose orders and vehicles are in the part, in the part's positions."""
        return [self._moved(route, back=False) for route in routes]

    def to_whole(self, routes: Sequence[PlannedRoute]) -> list[PlannedRoute]:
        """Return routes of the part in the whole problem's positions."""
        return [self._moved(route, back=True) for route in routes]

    def _moved(self, route: PlannedRoute, *, back: bool) -> PlannedRoute:
        lists = {"client": self.clients, "reload": self.depots, "pickup": self.shipments, "delivery": self.shipments}

        def position(positions: list[int], own: int) -> int:
            return positions[own] if back else positions.index(own)

        def stop(other: PlannedStop) -> PlannedStop:
            return replace(other, position=position(lists[other.kind], other.position))

        stops = tuple(stop(other) for other in route.stops)
        return PlannedRoute(vehicle_type=position(self.vehicle_types, route.vehicle_type), stops=stops)


def part_of(
    index: ProblemIndex, *, clients: Sequence[int], shipments: Sequence[int], vehicles: Mapping[int, int]
) -> ProblemPart:
    """
    Return a part of a problem.

    Parameters
    ----------
    index
        The whole problem.
    clients, shipments
        Positions of the orders in the part.
    vehicles
        Number of vehicles by position of their type.
    """
    whole = index.problem
    types = sorted(place for place, count in vehicles.items() if count > 0)
    fleet = [whole.vehicle_types[place].model_copy(update={"count": vehicles[place]}) for place in types]
    names = {name for v in fleet for name in (v.start_depot, v.end_depot, *v.reload_depots) if name is not None}
    depots = sorted(index.depot[name] for name in names)
    places = [whole.clients[i].location for i in clients] + [whole.depots[i].location for i in depots]
    places += [step.location for i in shipments for step in (whole.shipments[i].pickup, whole.shipments[i].delivery)]
    rows = sorted({index.location[place] for place in places})
    update = {
        "locations": [whole.locations[row] for row in rows],
        "depots": [whole.depots[i] for i in depots],
        "clients": [whole.clients[i] for i in clients],
        "shipments": [whole.shipments[i] for i in shipments],
        "vehicle_types": fleet,
    }
    return ProblemPart(
        index=ProblemIndex(problem=whole.model_copy(update=update), travel=index.travel.part(rows)),
        clients=list(clients),
        shipments=list(shipments),
        vehicle_types=types,
        depots=depots,
    )
