"""
What makes a well-formed routing request meaningless.

Unknown names, duplicates, impossible windows, missing coordinates, ragged matrices, numbers too large to add up exactly.
"""

from collections.abc import Iterator
from itertools import chain, islice

from models.errors import Issue, issue
from models.routing import RoutingProblem
from models.run import RunWarning
from solvers.routing.semantics_constraints import constraint_issues
from solvers.routing.semantics_fleet import fleet_issues
from solvers.routing.semantics_given_routes import given_route_issues, given_route_warnings
from solvers.routing.semantics_orders import order_issues
from solvers.routing.semantics_travel import magnitude_issues, travel_issues
from solvers.routing.semantics_warnings import content_warnings, coordinate_warnings

MAX_ISSUES = 1_000


def issues(problem: RoutingProblem) -> list[Issue]:
    """Return what makes the request invalid, at most 1,000 issues."""
    found = list(islice(_all_issues(problem), MAX_ISSUES))
    # Magnitudes are judged from numbers that the other issues may have put in doubt.
    return found or list(magnitude_issues(problem))


def warnings(problem: RoutingProblem) -> list[RunWarning]:
    """Return what looks wrong in a valid request without stopping it."""
    return [
        *content_warnings(problem),
        *coordinate_warnings(problem),
        *given_route_warnings(problem.current_routes, pointer="/current_routes"),
    ]


def _all_issues(problem: RoutingProblem) -> Iterator[Issue]:
    yield from chain(
        _duplicates(problem),
        travel_issues(problem),
        order_issues(problem),
        fleet_issues(problem),
        constraint_issues(problem),
    )
    yield from given_route_issues(problem, problem.current_routes, pointer="/current_routes")


def _duplicates(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield ids that are used twice; clients and shipments share one space of names."""
    spaces = (
        [(f"/locations/{i}/id", location.id) for i, location in enumerate(problem.locations)],
        [(f"/depots/{i}/id", depot.id) for i, depot in enumerate(problem.depots)],
        [
            *((f"/clients/{i}/id", client.id) for i, client in enumerate(problem.clients)),
            *((f"/shipments/{i}/id", shipment.id) for i, shipment in enumerate(problem.shipments)),
        ],
        [(f"/vehicle_types/{i}/id", vehicle_type.id) for i, vehicle_type in enumerate(problem.vehicle_types)],
    )
    for space in spaces:
        first: dict[str, str] = {}
        for pointer, name in space:
            if name in first:
                yield issue(pointer, "DUPLICATE_ID", f"This id already stands at {first[name]}; give each its own.")
            else:
                first[name] = pointer
