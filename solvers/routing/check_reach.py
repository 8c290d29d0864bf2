"""Check of the legs themselves: whether there is a way at all."""

from itertools import pairwise

from models.routing import RoutingSolution
from solvers.routing.check_request import Request


def reach_violation(request: Request, plan: RoutingSolution) -> float:
    """Return how many legs lead where there is no way: a null of a matrix, or no path on the road network."""
    return float(
        sum(
            not request.has_way(request.vehicle_types[route.vehicle_type], tail=before.location, head=after.location)
            for route in plan.routes
            for before, after in pairwise(route.stops)
        )
    )
