"""
Independent check of a routing plan: everything is recomputed from the request and the stops of the answer.

Nothing of the engine, the schedule or the travel matrices is used. Distances and durations are computed here, only for the
arcs that are driven. Each check gives the largest violation in its own unit; counts are used where there is no unit.
"""

from collections.abc import Iterator

from models.routing import RoutingProblem, RoutingSolution
from models.run import Check
from solvers.base import Outcome
from solvers.routing.check_breaks import break_places, break_violation, missing_breaks
from solvers.routing.check_cost import distance_violation, duration_violation, objective_violation
from solvers.routing.check_load import capacity_violation, load_violation
from solvers.routing.check_order import coverage_violation, fleet_violation, precedence_violation, skills_violation
from solvers.routing.check_reach import reach_violation
from solvers.routing.check_relations import group_violation, lock_violation, relation_violation
from solvers.routing.check_request import Request
from solvers.routing.check_time import schedule_violation, shift_violation, window_violation
from solvers.routing.check_timestamps import timestamp_violation

TOLERANCE = 1e-6


def check_routing(problem: RoutingProblem, outcome: Outcome[RoutingSolution]) -> list[Check]:
    """
    Return every check of a plan, each with its largest violation; nothing when there is no plan.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    """
    if outcome.solution is None:
        return []
    request = Request(problem, nodes={place.location: place.node for place in outcome.solution.snapped or ()})
    structure = [
        _check("coverage", coverage_violation(request, outcome.solution), 0.0),
        _check("fleet", fleet_violation(request, outcome.solution), 0.0),
    ]
    # Names that do not exist cannot be looked up: such a plan has failed already.
    if any(check.max_violation > 0 for check in structure):
        return structure
    return [*structure, *_detailed(request, outcome, outcome.solution)]


def _detailed(request: Request, outcome: Outcome[RoutingSolution], plan: RoutingSolution) -> Iterator[Check]:
    times = [abs(stop.departure) for route in plan.routes for stop in route.stops]
    ways = [abs(route.distance) for route in plan.routes]
    loads = [amount for route in plan.routes for stop in route.stops for amount in stop.load.values()]
    money = [] if outcome.objective is None or outcome.objective.value is None else [abs(outcome.objective.value)]
    time_tolerance = _tolerance(times)
    yield _check("capacity", capacity_violation(request, plan), _tolerance(loads))
    yield _check("time_windows", window_violation(request, plan), time_tolerance)
    yield _check("shift", shift_violation(request, plan), time_tolerance)
    yield _check("precedence", precedence_violation(plan), 0.0)
    yield _check("reach", reach_violation(request, plan), 0.0)
    yield _check("distance", distance_violation(request, plan), _tolerance(ways))
    yield _check("duration", duration_violation(request, plan), time_tolerance)
    yield _check("skills", skills_violation(request, plan), 0.0)
    yield _check("schedule", schedule_violation(request, plan), time_tolerance)
    yield _check("loads", load_violation(request, plan), _tolerance(loads))
    if any(vehicle_type.breaks for vehicle_type in request.problem.vehicle_types) or any(
        stop.kind == "break" for route in plan.routes for stop in route.stops
    ):
        yield _check("breaks_taken", missing_breaks(request, plan), 0.0)
        yield _check("breaks", break_violation(request, plan), time_tolerance)
        yield _check("break_places", break_places(request, plan, tolerance=time_tolerance), 0.0)
    if any(client.group is not None for client in request.problem.clients):
        yield _check("groups", group_violation(request, plan), 0.0)
    if request.problem.relations:
        yield _check("relations", relation_violation(request, plan), 0.0)
    if request.problem.locks:
        yield _check("locks", lock_violation(request, plan), 0.0)
    if request.problem.time_origin is not None:
        yield _check("timestamps", min(timestamp_violation(request, plan), 1e12), time_tolerance)
    yield _check("objective", objective_violation(request, outcome, plan), _tolerance(money))


def _check(name: str, violation: float, tolerance: float) -> Check:
    return Check(name=name, max_violation=violation, tolerance=tolerance)


def _tolerance(values: list[float]) -> float:
    """Return the absolute tolerance for numbers of this size."""
    return TOLERANCE * max([1.0, *values])
