"""What an explanation tells of every order that is left out: reasons, the obstacle in every vehicle, and fixes."""

import time
from typing import Any

from models.routing import RoutingProblem, RoutingSolution, UnassignedOrder
from solvers.routing.problem_index import indexed
from solvers.routing.rich_constraints import has_rich_constraints
from solvers.routing.route_cost import order_of
from solvers.routing.unassigned.fixes import Fixes
from solvers.routing.unassigned.places import places_are_told, stops_of, vehicles_of
from solvers.routing.unassigned.reasons import obstacles_of, reasons_of

SHARE = 0.7
"""Share of the time left that reasons and fixes may take."""


def unassigned_orders(problem: RoutingProblem, plan: RoutingSolution, *, fixes: bool, deadline: float) -> list[UnassignedOrder]:
    """
    Return every order that is left out; what time does not reach keeps the reasons of the plan, without obstacles and fixes.

    Parameters
    ----------
    problem
        The request.
    plan
        A feasible plan for it.
    fixes
        Whether to look for changes that let an order in.
    deadline
        Moment on the clock of `time.monotonic` by which everything must be written.
    """
    if not plan.unassigned:
        return []
    now = time.monotonic()
    until = now + SHARE * (deadline - now)
    positions = {client.id: f"/clients/{i}" for i, client in enumerate(problem.clients)}
    positions |= {shipment.id: f"/shipments/{i}" for i, shipment in enumerate(problem.shipments)}
    found = {
        left_out.id: UnassignedOrder(
            id=left_out.id, pointer=positions[left_out.id], reasons=left_out.reasons, obstacles=[], fixes=[]
        )
        for left_out in plan.unassigned
    }
    # Places are tried stop by stop, which does not judge the conditions of the general search.
    judged = not has_rich_constraints(problem) and any(vehicle_type.count for vehicle_type in problem.vehicle_types)
    if judged and places_are_told(problem, plan, deadline=until):
        for name, update in _examined(problem, plan, fixes=fixes, until=until).items():
            found[name] = found[name].model_copy(update=update)
    return list(found.values())


def _examined(problem: RoutingProblem, plan: RoutingSolution, *, fixes: bool, until: float) -> dict[str, dict[str, Any]]:
    """Return what is found about each order within the time."""
    index = indexed(problem)
    vehicles = vehicles_of(index, plan)
    looking = Fixes(index, plan, vehicles, deadline=until)
    proven = {one.id for one in plan.unassigned if one.reasons[0].certainty == "proven"}
    found: dict[str, dict[str, Any]] = {}
    for name, stops in stops_of(problem, [left_out.id for left_out in plan.unassigned]).items():
        survey = vehicles.survey.survey(stops, deadline=until)
        if not survey.complete:
            break
        order = order_of(index, stops[0])
        update: dict[str, Any] = {"obstacles": obstacles_of(survey, vehicles)}
        if name not in proven:
            update["reasons"] = reasons_of(survey, vehicles, required=order.required, prize=order.prize)
        if fixes:
            update["fixes"] = looking.of(stops, survey)
        found[name] = update
    return found
