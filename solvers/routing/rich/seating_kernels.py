"""Beginning from given routes: whole where they fit, else with the orders that fit, tried in their order."""

from typing import Any

import numpy as np

from solvers.compiled import kernel
from solvers.routing.rich.plan_kernels import Plan, group_served, judge, kept_apart, put_route, required_slot, serve, touch
from solvers.routing.rich.route_kernels import ORDER, PARTNER, Routes

Integer = Any


@kernel()
def seat_routes(s: Routes, p: Plan) -> None:
    """Serve the orders of the routes in `best` as they stand there; the plan must serve nothing yet."""
    for slot in range(p.best_length.shape[0]):
        size = p.best_length[slot]
        if size > 0:
            touch(p, slot)
            if not seat_whole(s, p, slot, size):
                seat_part(s, p, slot, size)


@kernel()
def company_fits(p: Plan, order: Integer, slot: Integer) -> bool:
    """Tell whether an order may join those that are served: of its group, of its set, and those kept apart."""
    other = required_slot(p, order)
    return bool((other < 0 or other == slot) and not group_served(p, order) and not kept_apart(p, order, slot))


@kernel()
def seat_whole(s: Routes, p: Plan, slot: Integer, size: Integer) -> bool:
    """Put a route into the plan as it is and tell whether it fits."""
    stops = s.stops.shape[1]
    for i in range(size):
        s.trial[i] = p.best[slot, i]
    cost = judge(s, p, slot, size)
    if cost == np.inf:
        return False
    fits = True
    for i in range(size):
        if p.best[slot, i] < stops:
            order = s.links[ORDER, p.best[slot, i]]
            if p.route[order] != slot:
                fits = fits and company_fits(p, order, slot)
                p.route[order] = slot
    for i in range(size):
        if p.best[slot, i] < stops:
            p.route[s.links[ORDER, p.best[slot, i]]] = -1
    if fits:
        put_route(s, p, slot, size, cost)
        note_served(s, p, slot, size)
    return fits


@kernel()
def seat_part(s: Routes, p: Plan, slot: Integer, size: Integer) -> None:
    """Put the orders of a route into the plan that fit, one after another."""
    stops = s.stops.shape[1]
    for k in range(size):
        stop = p.best[slot, k]
        if stop >= stops or p.route[s.links[ORDER, stop]] >= 0 or not company_fits(p, s.links[ORDER, stop], slot):
            continue
        number = 0
        for i in range(size):
            other = p.best[slot, i]
            if other >= stops or other == stop or other == s.links[PARTNER, stop] or p.route[s.links[ORDER, other]] == slot:
                s.trial[number] = other
                number += 1
        cost = judge(s, p, slot, number)
        if cost < np.inf:
            put_route(s, p, slot, number, cost)
            note_served(s, p, slot, number)


@kernel()
def note_served(s: Routes, p: Plan, slot: Integer, size: Integer) -> None:
    """Strike the orders of the sequence in `trial` from those left out."""
    for i in range(size):
        if s.trial[i] < s.stops.shape[1] and p.route[s.links[ORDER, s.trial[i]]] < 0:
            serve(p, s.links[ORDER, s.trial[i]], slot)
