"""
Why the orders that a search left out fit no vehicle: every place in every route is tried, and what breaks first is named.

What is said holds for the routes as they stand (`exhaustive_insertion`); other routes might have a place.
"""

import math
from collections.abc import Mapping, Sequence

from models.routing import OrderObstacle, RoutingSolution, Unassigned, UnassignedReason, Violation
from solvers.routing.insertion.insertion_survey import Survey
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.route_cost import order_of
from solvers.routing.unassigned.places import Vehicles, places_are_told, stops_of, vehicles_of

MOST_PLACES = 20_000
"""Gaps that are looked at for reasons in an answer without explanation."""


def with_reasons(
    index: ProblemIndex, plan: RoutingSolution, impossible: Mapping[str, Unassigned], *, deadline: float
) -> RoutingSolution:
    """
    Return a plan in which every order left out has its reasons, as far as time allows.

    Parameters
    ----------
    index
        The problem.
    plan
        A feasible plan.
    impossible
        Orders that no vehicle can serve, with their reasons, which stay.
    deadline
        Moment on the clock of `time.monotonic` after which the reasons stay as general as they are.
    """
    open_orders = [left_out for left_out in plan.unassigned if left_out.id not in impossible]
    # Places are tried stop by stop, which does not judge the conditions of the general search.
    if index.rich or not open_orders or not plan.routes or not places_are_told(index.problem, plan, deadline=deadline):
        return plan
    vehicles = vehicles_of(index, plan)
    most = max(1, MOST_PLACES // max(1, len(vehicles.survey.table.gaps.line)))
    stops = stops_of(index.problem, [left_out.id for left_out in open_orders[:most]])
    found: dict[str, Unassigned] = {}
    for name, own in stops.items():
        survey = vehicles.survey.survey(own, deadline=deadline)
        if not survey.complete:
            break
        order = order_of(index, own[0])
        reasons = reasons_of(survey, vehicles, required=order.required, prize=order.prize)
        found[name] = Unassigned(id=name, reasons=reasons)
    return plan.model_copy(update={"unassigned": [found.get(one.id, one) for one in plan.unassigned]})


def reasons_of(survey: Survey, vehicles: Vehicles, *, required: bool, prize: float) -> list[UnassignedReason]:
    """Return the reasons of one order, what decided first."""
    if survey.places:
        return [_of_place(survey.places[0].extra, required=required, prize=prize)]
    found = obstacles_of(survey, vehicles)
    return [_of_code(code, found) for code in dict.fromkeys(obstacle.code for obstacle in found)]


def obstacles_of(survey: Survey, vehicles: Vehicles) -> list[OrderObstacle]:
    """Return what stands in the way in every vehicle, the most frequent conditions first."""
    found = []
    for obstacle in survey.obstacles:
        vehicle_type, vehicle = vehicles.names[obstacle.line]
        found.append(_obstacle(vehicle_type, vehicle, obstacle.violations))
    for i in vehicles.exhausted:
        kind = vehicles.survey.index.problem.vehicle_types[i]
        message = f"All {kind.count} vehicles of type {kind.id} are in use." if kind.count > 1 else f"The {kind.id} is in use."
        found.append(
            OrderObstacle(vehicle_type=kind.id, vehicle=None, code="NO_VEHICLE_LEFT", amount=None, unit=None, message=message)
        )
    counts = {code: sum(one.code == code for one in found) for code in {one.code for one in found}}
    return sorted(found, key=lambda one: (one.vehicle is None, -counts[one.code]))


def _obstacle(vehicle_type: str, vehicle: int, violations: Sequence[Violation]) -> OrderObstacle:
    if not violations:
        message = "At every place of its route some condition breaks."
        return OrderObstacle(
            vehicle_type=vehicle_type, vehicle=vehicle, code="NO_PLACE", amount=None, unit=None, message=message
        )
    first = violations[0]
    return OrderObstacle(
        vehicle_type=vehicle_type,
        vehicle=vehicle,
        code=first.code,
        amount=first.amount,
        unit=first.unit,
        message=first.message,
    )


def _of_place(extra: float, *, required: bool, prize: float) -> UnassignedReason:
    """Return the reason of an order that has a place: it costs more than the prize, or the search did not find it."""
    if not required and extra >= prize:
        return UnassignedReason(
            code="PRIZE_BELOW_COST",
            certainty="exhaustive_insertion",
            message=f"The cheapest of all places in the routes costs {extra:.10g} more, its prize is {prize:.10g}: "
            f"{extra - prize:.10g} too little.",
            shortfall=extra - prize,
            unit="cost",
        )
    message = f"It fits a route for {extra:.10g} more, but the search ended before it was put there; search longer."
    return UnassignedReason(code="NOT_ASSIGNED_BY_SEARCH", certainty="search", message=message, shortfall=None, unit=None)


def _of_code(code: str, obstacles: Sequence[OrderObstacle]) -> UnassignedReason:
    """Return one reason for all vehicles that fail by the same condition: the nearest miss."""
    own = [obstacle for obstacle in obstacles if obstacle.code == code]
    nearest = min(own, key=lambda obstacle: math.inf if obstacle.amount is None else obstacle.amount)
    if nearest.vehicle is None:
        message = " ".join(dict.fromkeys(obstacle.message for obstacle in own[:5]))
    else:
        name = f"{nearest.vehicle_type} {nearest.vehicle}"
        place = f"at its best place in {name}" if len(own) == 1 else f"{len(own)} vehicles; the nearest is {name}"
        message = f"{place[0].upper()}{place[1:]}: {nearest.message}"
    return UnassignedReason(
        code=code, certainty="exhaustive_insertion", message=message, shortfall=nearest.amount, unit=nearest.unit
    )
