"""
Which vehicle drives a route: a route is only ever opened for one order, and the best vehicle for one is seldom that for twenty.

So some iterations move a route that orders were taken from to a vehicle of another type, however dear, before orders are put
back; and behind these each route that was changed moves to another vehicle where that is cheaper.
"""

import math
from typing import Any

from solvers.compiled import kernel
from solvers.routing.rich.plan_kernels import SLOT_TYPE, TOUCHED, Plan, below, judge, put_route, touch, uniform
from solvers.routing.rich.route_kernels import ORDER, Routes

CHANGED = 0.3
"""Share of the iterations that try a vehicle of another type."""

Integer = Any


@kernel()
def other_vehicle(p: Plan, slot: Integer) -> int:
    """Return a random vehicle that is not in use and of another type; -1 when there is none."""
    slots = p.length.shape[0]
    first = below(p, slots)
    for k in range(slots):
        other = (first + k) % slots
        if p.length[other] == 0 and p.slots[SLOT_TYPE, other] != p.slots[SLOT_TYPE, slot]:
            return int(other)
    return -1


@kernel()
def move_route(s: Routes, p: Plan, slot: Integer, other: Integer, limit: float) -> None:
    """Move a whole route to another vehicle where it then costs less than `limit`."""
    size = p.length[slot]
    for i in range(size):
        s.trial[i] = p.sequence[slot, i]
    cost = judge(s, p, other, size)
    if not cost < limit:
        return
    touch(p, slot)
    touch(p, other)
    put_route(s, p, other, size, cost)
    for i in range(size):
        if p.sequence[other, i] < s.stops.shape[1]:
            p.route[s.links[ORDER, p.sequence[other, i]]] = other
    put_route(s, p, slot, 0, judge(s, p, slot, 0))


@kernel()
def try_other_vehicle(s: Routes, p: Plan) -> bool:
    """Now and then, move one of the changed routes to a vehicle of another type; tell whether this is such an iteration."""
    if uniform(p) >= CHANGED or p.count[TOUCHED] == 0:
        return False
    slot = p.touched[below(p, p.count[TOUCHED])]
    if p.length[slot] > 0:
        other = other_vehicle(p, slot)
        if other >= 0:
            move_route(s, p, slot, other, math.inf)
    return True


@kernel()
def choose_vehicles(s: Routes, p: Plan) -> None:
    """Move every route changed in this iteration to one other vehicle where that is cheaper."""
    for k in range(p.count[TOUCHED]):
        slot = p.touched[k]
        if p.length[slot] > 0:
            other = other_vehicle(p, slot)
            if other >= 0:
                move_route(s, p, slot, other, p.cost[slot])
