"""The problem with names resolved to positions, and its travel matrices: what the engine and the schedule both read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.routing import Client, RoutingProblem, Shipment, VehicleType
from solvers.routing.rich_constraints import judged_whole
from solvers.travel.lengths import TravelLengths
from solvers.travel.matrices import TravelMatrices


@dataclass(frozen=True, kw_only=True)
class ProblemIndex:
    """A routing problem with positions instead of names."""

    problem: RoutingProblem
    travel: TravelLengths
    """Lengths for the profiles that vehicles with a count above 0 use."""
    always_rich: bool = False
    """Whether routes are scheduled at least cost also where no condition asks for it: by the search that does so."""

    @property
    def matrices(self) -> dict[str, TravelMatrices]:
        """Matrices by profile: computed when first asked for, with O(n^2) memory."""
        return self.travel.matrices

    @cached_property
    def location(self) -> dict[str, int]:
        """Location id to its position."""
        return {location.id: i for i, location in enumerate(self.problem.locations)}

    @cached_property
    def depot(self) -> dict[str, int]:
        """Depot id to its position."""
        return {depot.id: i for i, depot in enumerate(self.problem.depots)}

    @cached_property
    def dimensions(self) -> list[str]:
        """Names of the load dimensions, in order of first appearance."""
        names: dict[str, None] = {}
        for client in self.problem.clients:
            names.update(dict.fromkeys(client.delivery))
            names.update(dict.fromkeys(client.pickup))
        for shipment in self.problem.shipments:
            names.update(dict.fromkeys(shipment.amount))
        return list(names)

    @cached_property
    def rich(self) -> bool:
        """Tell whether breaks, lateness, overtime, waiting or another condition of the general search may matter."""
        return self.always_rich or bool(judged_whole(self.problem))

    @cached_property
    def fleet(self) -> list[int]:
        """Positions of the vehicle types that have vehicles."""
        return [i for i, vehicle_type in enumerate(self.problem.vehicle_types) if vehicle_type.count > 0]

    def matrices_of(self, vehicle_type: VehicleType) -> TravelMatrices:
        """Return the matrices of a vehicle type's profile."""
        return self.matrices[vehicle_type.profile]

    def depot_location(self, depot: str) -> int:
        """Return the position of a depot's location."""
        return self.location[self.problem.depots[self.depot[depot]].location]


def indexed(problem: RoutingProblem) -> ProblemIndex:
    """Resolve the names of a valid problem; lengths of ways are computed when they are needed."""
    profiles = [vehicle_type.profile for vehicle_type in problem.vehicle_types if vehicle_type.count > 0]
    travel = TravelLengths(problem.locations, problem.travel, profiles)
    return ProblemIndex(problem=_on_open_ways(problem, travel), travel=travel)


def _on_open_ways(problem: RoutingProblem, travel: TravelLengths) -> RoutingProblem:
    """Return the problem with longest routes that rule out the ways that do not exist."""
    limits = {profile: travel.longest_route(profile) for profile in travel.profiles}
    if all(limit is None for limit in limits.values()):
        return problem
    fleet = []
    for vehicle_type in problem.vehicle_types:
        given = [limit for limit in (vehicle_type.max_distance, limits.get(vehicle_type.profile)) if limit is not None]
        fleet.append(vehicle_type.model_copy(update={"max_distance": min(given, default=None)}))
    return problem.model_copy(update={"vehicle_types": fleet})


def orders_of(problem: RoutingProblem) -> list[Client | Shipment]:
    """Return clients, then shipments."""
    return [*problem.clients, *problem.shipments]


def may_serve(vehicle_type: VehicleType, order: Client | Shipment) -> bool:
    """Tell whether skills and allowed vehicle types let a vehicle type serve a client or shipment."""
    if order.allowed_vehicle_types is not None and vehicle_type.id not in order.allowed_vehicle_types:
        return False
    return not order.skills or set(order.skills) <= set(vehicle_type.skills)


def largest(arrays: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> float:
    """Return the largest entry of all arrays, 0 when there is none."""
    return max((float(array.max()) for array in arrays if array.size), default=0.0)
