"""Issues and warnings of routes that the caller gives."""

from collections.abc import Iterator, Sequence
from itertools import islice

from models.errors import Issue
from models.routing import GivenRoute, RoutingTask
from models.run import RunWarning
from solvers.routing.semantics_references import unknown

MAX_WARNINGS = 20


def given_route_issues(problem: RoutingTask, routes: Sequence[GivenRoute], *, pointer: str) -> Iterator[Issue]:
    """Yield an issue for every given route whose vehicle type does not exist: it has no depot, cost or speed."""
    names = [vehicle_type.id for vehicle_type in problem.vehicle_types]
    known = set(names)
    for i, route in enumerate(routes):
        if route.vehicle_type not in known:
            yield from unknown(f"{pointer}/{i}/vehicle_type", route.vehicle_type, names, "vehicle type")


def given_route_warnings(routes: Sequence[GivenRoute], *, pointer: str) -> Iterator[RunWarning]:
    """Yield a warning for routes without stops."""
    empty = [i for i, route in enumerate(routes) if not route.stops]
    for i in islice(empty, MAX_WARNINGS):
        message = "The route has no stops: its vehicle is not used and costs nothing."
        yield RunWarning(code="EMPTY_ROUTE", pointer=f"{pointer}/{i}/stops", message=message)
