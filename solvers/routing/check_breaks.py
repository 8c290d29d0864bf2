"""Checks of breaks: taken once, in order, within their windows, and where the vehicle really is."""

from collections.abc import Iterator
from itertools import pairwise

from models.routing import Break, Route, RoutingSolution, Stop
from solvers.routing.check_request import Request

Leg = tuple[Stop, Stop, list[Stop]]
"""A stop, the next one that is not a break, and the breaks between them."""


def legs(route: Route) -> Iterator[Leg]:
    """Yield each way between two stops with the breaks on it."""
    before, pauses = route.stops[0], list[Stop]()
    for stop in route.stops[1:]:
        if stop.kind == "break":
            pauses.append(stop)
        else:
            yield before, stop, pauses
            before, pauses = stop, []


def driving(leg: Leg) -> float:
    """Return the seconds of a leg between departures and arrivals, without the breaks."""
    before, after, pauses = leg
    stops = [before, *pauses, after]
    return sum(following.arrival - stop.departure for stop, following in pairwise(stops))


def missing_breaks(request: Request, plan: RoutingSolution) -> float:
    """Return how many breaks are not taken once and in order, or are left out although they do not fit outside the route."""
    wrong = 0
    for route in plan.routes:
        known = request.vehicle_types[route.vehicle_type].breaks
        taken = [stop.id for stop in route.stops if stop.kind == "break"]
        ranks = [i for i, pause in enumerate(known) if pause.id in taken]
        if taken != [known[i].id for i in ranks]:
            wrong += 1
            continue
        first, last = (ranks[0], ranks[-1]) if ranks else (len(known), -1)
        left_out = [i for i in range(len(known)) if i not in ranks]
        wrong += sum(first < i < last for i in left_out)
        outer = [i for i in left_out if not first < i < last]
        wrong += not any(_fit_outside(route, known, outer, split) for split in range(len(outer) + 1))
    return float(wrong)


def break_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how many seconds a break starts outside its window, lasts too long or too short, or goes back in time."""
    worst = 0.0
    for route in plan.routes:
        known = {pause.id: pause for pause in request.vehicle_types[route.vehicle_type].breaks}
        for before, after, pauses in legs(route):
            for stop in pauses:
                pause = known.get(str(stop.id))
                if pause is not None:
                    early, late = pause.time_window
                    worst = max(worst, early - stop.start_service, stop.start_service - late)
                    worst = max(worst, abs(stop.departure - stop.start_service - pause.duration))
            for stop, following in pairwise([before, *pauses, after]):
                worst = max(worst, stop.departure - following.arrival)
    return worst


def break_places(request: Request, plan: RoutingSolution, *, tolerance: float) -> float:
    """Return how many breaks are not where the vehicle is, or say that they are nearer to the next stop than it can be."""
    wrong = 0
    for route in plan.routes:
        for before, after, pauses in legs(route):
            moment = before.departure
            left = driving((before, after, pauses))
            driven = 0.0
            for stop in pauses:
                way = stop.arrival - moment
                moment, driven, left = stop.departure, driven + way, left - way
                places = {before.location} if driven <= tolerance else set()
                if left <= tolerance:
                    places.add(after.location)
                allowed = {place for place in places if place is not None}
                wrong += stop.location not in allowed if allowed else stop.location is not None
                wrong += stop.load != before.load
    return float(wrong)


def _fit_outside(route: Route, breaks: list[Break], left_out: list[int], split: int) -> bool:
    """Tell whether the breaks up to `split` fit before departure, and the others after the return; all must be allowed to."""
    if not all(breaks[i].outside_route for i in left_out):
        return False
    inside = [i for i in range(len(breaks)) if i not in left_out]
    if inside and (any(i > inside[0] for i in left_out[:split]) or any(i < inside[-1] for i in left_out[split:])):
        return False
    departure, returned = route.stops[0].departure, route.stops[-1].start_service
    slack = 1e-6 * max(1.0, returned)
    moment = 0.0
    for i in left_out[:split]:
        start = max(moment, breaks[i].time_window[0])
        moment = start + breaks[i].duration
        if start > breaks[i].time_window[1] + slack or moment > departure + slack:
            return False
    moment = returned
    for i in left_out[split:]:
        start = max(moment, breaks[i].time_window[0])
        moment = start + breaks[i].duration
        if start > breaks[i].time_window[1] + slack:
            return False
    return True
