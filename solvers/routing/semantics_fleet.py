"""Issues of depots and vehicle types."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.routing import RoutingProblem, VehicleType
from solvers.routing.semantics_references import unknown, window_issues


def fleet_issues(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield issues of every depot and vehicle type."""
    places = {location.id for location in problem.locations}
    for i, depot in enumerate(problem.depots):
        yield from unknown(f"/depots/{i}/location", depot.location, places, "location")
        yield from window_issues(f"/depots/{i}/time_window", depot.time_window)
    depots = {depot.id for depot in problem.depots}
    for i, vehicle_type in enumerate(problem.vehicle_types):
        pointer = f"/vehicle_types/{i}"
        yield from _names(pointer, vehicle_type, depots)
        yield from unknown(f"{pointer}/profile", vehicle_type.profile, problem.travel.profiles, "profile")
        yield from window_issues(f"{pointer}/shift", vehicle_type.shift)
        yield from _combinations(pointer, vehicle_type)


def _names(pointer: str, vehicle_type: VehicleType, depots: set[str]) -> Iterator[Issue]:
    for field, depot in (("start_depot", vehicle_type.start_depot), ("end_depot", vehicle_type.end_depot)):
        if depot is not None:
            yield from unknown(f"{pointer}/{field}", depot, depots, "depot")
    for j, depot in enumerate(vehicle_type.reload_depots):
        yield from unknown(f"{pointer}/reload_depots/{j}", depot, depots, "depot")


def _combinations(pointer: str, vehicle_type: VehicleType) -> Iterator[Issue]:
    if vehicle_type.max_reloads is not None and not vehicle_type.reload_depots:
        yield issue(
            f"{pointer}/max_reloads",
            "RELOADS_WITHOUT_DEPOT",
            "max_reloads without reload_depots has no effect; name the depots or leave it out.",
        )
