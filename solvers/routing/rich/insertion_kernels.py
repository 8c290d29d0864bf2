"""
Where an order is put: positions in the order of their detours, each judged with the whole route.

What an order would cost in a route is remembered with the stamp of the route.
"""

import math
from typing import Any

import numpy as np

from solvers.compiled import kernel
from solvers.routing.rich.plan_kernels import (
    BALANCE,
    BALANCED,
    FEWEST,
    FIRST,
    NO_BALANCE,
    PRIZE,
    REQUIRED,
    SECOND,
    SLOT_CLASS,
    SLOT_TYPE,
    Plan,
    balance,
    group_served,
    judge,
    kept_apart,
    put_route,
    required_slot,
    serve,
    touch,
    uniform,
)
from solvers.routing.rich.route_kernels import (
    CAPACITY,
    END_PLACE,
    FIRST_WINDOW,
    MOST_RELOADS,
    ORDER,
    PER_DISTANCE,
    PLACE,
    PROFILE,
    RELOAD_WINDOW,
    SPENT,
    START_PLACE,
    WAITING_COST,
    WINDOWS_END,
    Routes,
)

ANOTHER_VEHICLE = 1e12
"""Price of one more vehicle where fewer vehicles count before any money."""

MOST_JUDGED = 24
MOST_PAIRS_JUDGED = 40
"""Most positions of a client, and of a shipment, that are judged in one route, those with the least detours."""

BLINK = 0.02
"""Share of the routes that are overlooked."""

RELOAD_SHARE = 0.1
"""Share of the insertions for which a reload is tried although the order fits without."""

NEAR = 20
"""Near stops whose routes are tried first."""

NEVER_TIGHT = 1e-6
"""Relative room in quick tests, far above that of the judgement of whole routes."""

SMALL, BLINK_SMALL = 20, 0.05
"""Up to so many orders nothing is remembered, and this share of the positions is overlooked: plans vary more."""

NO_RELOAD, RELOAD_BEFORE, RELOAD_BEHIND = range(3)
BASE = 1 << 20

Integer = Any


@kernel(inline=True)
def place_at(s: Routes, p: Plan, slot: Integer, at: Integer) -> int:
    """Return the location of a position of a route: -1 the start, its length the end."""
    kind = p.slots[SLOT_TYPE, slot]
    if at < 0:
        return int(s.limits[kind, START_PLACE])
    if at >= p.length[slot]:
        return int(s.limits[kind, END_PLACE])
    return int(s.links[PLACE, p.sequence[slot, at]])


@kernel()
def start_at(s: Routes, p: Plan, slot: Integer, at: Integer, stop: Integer) -> float:
    """Return the earliest start of a stop before position `at`, infinity where its last window has closed."""
    kind = p.slots[SLOT_TYPE, slot]
    if p.length[slot] == 0 or p.orders.shape[1] <= SMALL:
        return 0.0
    before = place_at(s, p, slot, at - 1)
    moment = p.when[slot, at] + s.duration[s.limits[kind, PROFILE], before, s.links[PLACE, stop]]
    if at > 0 and p.sequence[slot, at - 1] < s.stops.shape[1]:
        moment += s.stops[SPENT, p.sequence[slot, at - 1]]
    close = -np.inf
    for k in range(s.links[FIRST_WINDOW, stop], s.links[WINDOWS_END, stop]):
        close = max(close, s.windows[1, k])
    if moment > close + NEVER_TIGHT * max(1.0, abs(close)):
        return math.inf
    return float(max(moment, s.windows[0, s.links[FIRST_WINDOW, stop]]))


@kernel()
def leaves_time(s: Routes, p: Plan, slot: Integer, at: Integer, stop: Integer, start: float) -> bool:
    """Tell whether what follows position `at` can still be reached after a stop that starts at `start`."""
    if p.length[slot] == 0 or p.orders.shape[1] <= SMALL:
        return True
    kind = p.slots[SLOT_TYPE, slot]
    latest = p.until[slot, at]
    way = s.duration[s.limits[kind, PROFILE], s.links[PLACE, stop], place_at(s, p, slot, at)]
    return bool(start + s.stops[SPENT, stop] + way <= latest + NEVER_TIGHT * max(1.0, abs(latest)))


@kernel()
def overloads(s: Routes, p: Plan, slot: Integer, order: Integer) -> bool:
    """Tell whether all that a vehicle without reloads leaves with, or comes back with, is too much with one order more."""
    kind = p.slots[SLOT_TYPE, slot]
    if s.limits[kind, MOST_RELOADS] > 0 or p.orders[SECOND, order] >= 0:
        return False
    stop = p.orders[FIRST, order]
    for k in range(s.goods.shape[0] // 2):
        capacity = s.fleet[kind, CAPACITY + k]
        out, back = s.goods[2 * k, stop], s.goods[2 * k + 1, stop]
        for i in range(p.length[slot]):
            out += s.goods[2 * k, p.sequence[slot, i]]
            back += s.goods[2 * k + 1, p.sequence[slot, i]]
        if max(out, back) > capacity + NEVER_TIGHT * max(1.0, capacity):
            return True
    return False


@kernel(inline=True)
def note(p: Plan, count: Integer, detour: float, first: Integer, second: Integer) -> int:
    """List one candidate, if there is room."""
    if count >= p.detours.shape[0]:
        return int(count)
    p.detours[count] = detour
    p.candidates[count] = first * BASE + second
    return int(count + 1)


@kernel()
def list_client(s: Routes, p: Plan, slot: Integer, stop: Integer) -> int:
    """List the positions of a client with their detours."""
    kind = p.slots[SLOT_TYPE, slot]
    way = s.distance[s.limits[kind, PROFILE]]
    own = s.links[PLACE, stop]
    count = 0
    for at in range(p.length[slot] + 1):
        start = start_at(s, p, slot, at, stop)
        if start == np.inf:
            break
        if not leaves_time(s, p, slot, at, stop, start):
            continue
        before, behind = place_at(s, p, slot, at - 1), place_at(s, p, slot, at)
        count = note(p, count, way[before, own] + way[own, behind] - way[before, behind], at, at)
    return count


@kernel()
def list_pair(s: Routes, p: Plan, slot: Integer, first: Integer, second: Integer) -> int:
    """List pairs of positions of a shipment with their detours."""
    kind = p.slots[SLOT_TYPE, slot]
    way = s.distance[s.limits[kind, PROFILE]]
    origin, target = s.links[PLACE, first], s.links[PLACE, second]
    stops = s.stops.shape[1]
    count = 0
    for at in range(p.length[slot] + 1):
        if start_at(s, p, slot, at, first) == np.inf:
            break
        before, behind = place_at(s, p, slot, at - 1), place_at(s, p, slot, at)
        detour = way[before, origin] + way[origin, target] + way[target, behind] - way[before, behind]
        count = note(p, count, detour, at, at)
        alone = way[before, origin] + way[origin, behind] - way[before, behind]
        for other in range(at + 1, p.length[slot] + 1):
            # Nothing stays on board over a reload.
            if p.sequence[slot, other - 1] >= stops or start_at(s, p, slot, other, second) == np.inf:
                break
            before, behind = place_at(s, p, slot, other - 1), place_at(s, p, slot, other)
            detour = alone + way[before, target] + way[target, behind] - way[before, behind]
            count = note(p, count, detour, at, other)
    return count


@kernel()
def write_trial(
    s: Routes, p: Plan, slot: Integer, order: Integer, first: Integer, second: Integer, reload: Integer, depot: Integer
) -> int:
    """Write to `trial` the route with an order inserted before two of its positions; return the number of stops."""
    size = 0
    pickup, delivery = p.orders[FIRST, order], p.orders[SECOND, order]
    for at in range(p.length[slot] + 1):
        if at == first:
            if reload == RELOAD_BEFORE:
                s.trial[size] = s.stops.shape[1] + depot
                size += 1
            s.trial[size] = pickup
            size += 1
        if at == second:
            if delivery >= 0:
                s.trial[size] = delivery
                size += 1
            if reload == RELOAD_BEHIND:
                s.trial[size] = s.stops.shape[1] + depot
                size += 1
        if at < p.length[slot]:
            s.trial[size] = p.sequence[slot, at]
            size += 1
    return size


@kernel()
def judge_candidates(s: Routes, p: Plan, slot: Integer, order: Integer, count: Integer, limit: float) -> float:
    """
    Judge the listed positions, least detours first; return the extra cost of the best, or what bounds it from below.

    The best position is written to `known_place`, -1 when none is below `limit` or feasible.
    """
    kind = p.slots[SLOT_TYPE, slot]
    rate = s.fleet[kind, PER_DISTANCE]
    waiting = p.measure[slot, WAITING_COST]
    most = MOST_JUDGED if p.orders[SECOND, order] < 0 else MOST_PAIRS_JUDGED
    best = math.inf
    p.known_place[order, slot] = -1
    for judged in range(min(count, most)):
        least = judged
        for k in range(judged + 1, count):
            if p.detours[k] < p.detours[least]:
                least = k
        detour, candidate = p.detours[least], p.candidates[least]
        p.detours[least], p.candidates[least] = p.detours[judged], p.candidates[judged]
        bound = rate * detour - waiting
        if bound >= best:
            break
        if p.orders.shape[1] <= SMALL and uniform(p) < BLINK_SMALL:
            continue
        if bound >= limit:
            # All that is left is dearer, and so is what was found: only the bound is worth knowing.
            p.known_place[order, slot] = -1
            return limit
        size = write_trial(s, p, slot, order, candidate // BASE, candidate % BASE, NO_RELOAD, 0)
        if size > p.sequence.shape[1]:
            return math.inf
        extra = judge(s, p, slot, size) - p.cost[slot]
        if extra < best:
            best = extra
            p.known_place[order, slot] = candidate
            p.known_measure[order, slot] = s.measures[p.count[BALANCED]]
    return best


@kernel()
def judge_reloads(s: Routes, p: Plan, slot: Integer, order: Integer, count: Integer, best: float) -> float:
    """Judge the listed positions with a reload right before or behind; return the extra cost of the best."""
    kind = p.slots[SLOT_TYPE, slot]
    depots = s.limits.shape[1] - RELOAD_WINDOW
    for k in range(min(count, MOST_JUDGED)):
        candidate = p.candidates[k]
        for depot in range(depots):
            if s.limits[kind, RELOAD_WINDOW + depot] < 0:
                continue
            for reload in (RELOAD_BEFORE, RELOAD_BEHIND):
                size = write_trial(s, p, slot, order, candidate // BASE, candidate % BASE, reload, depot)
                if size > p.sequence.shape[1]:
                    return best
                extra = judge(s, p, slot, size) - p.cost[slot]
                if extra < best:
                    best = extra
                    p.known_place[order, slot] = ((reload * BASE + depot) << 20 << 20) + candidate
                    p.known_measure[order, slot] = s.measures[p.count[BALANCED]]
    return best


@kernel()
def extra_cost(s: Routes, p: Plan, slot: Integer, order: Integer, limit: float) -> float:
    """Return what an order costs more in a route, from memory or judged anew; bounds above `limit` will do."""
    if p.known_stamp[order, slot] == p.stamp[slot] and p.orders.shape[1] > SMALL:
        known = p.known_cost[order, slot]
        if p.known_place[order, slot] >= 0 or known >= limit or known == np.inf:
            return float(known)
    kind = p.slots[SLOT_TYPE, slot]
    p.known_stamp[order, slot] = p.stamp[slot]
    if overloads(s, p, slot, order):
        p.known_cost[order, slot], p.known_place[order, slot] = math.inf, -1
        return math.inf
    first, second = p.orders[FIRST, order], p.orders[SECOND, order]
    count = list_client(s, p, slot, first) if second < 0 else list_pair(s, p, slot, first, second)
    best = judge_candidates(s, p, slot, order, count, limit)
    reloads = p.length[slot] > 0 and s.limits[kind, MOST_RELOADS] > 0
    if reloads and (p.known_place[order, slot] < 0 or uniform(p) < RELOAD_SHARE):
        place = p.known_place[order, slot]
        found = judge_reloads(s, p, slot, order, count, min(best, limit) if place < 0 else best)
        if p.known_place[order, slot] != place:
            best = found
    p.known_cost[order, slot] = best
    return best


@kernel()
def put_order(s: Routes, p: Plan, slot: Integer, order: Integer) -> None:
    """Put an order where it is known to be cheapest in a route."""
    place = p.known_place[order, slot]
    candidate = place & ((1 << 40) - 1)
    variant = place >> 40
    touch(p, slot)
    size = write_trial(s, p, slot, order, candidate // BASE, candidate % BASE, variant // BASE, variant % BASE)
    put_route(s, p, slot, size, judge(s, p, slot, size))
    serve(p, order, slot)


@kernel()
def insert_order(s: Routes, p: Plan, order: Integer) -> bool:
    """Serve an order where that costs least; False when it fits nowhere, or does not pay."""
    if group_served(p, order):
        return False
    only = required_slot(p, order)
    present = balance(p, -1, 0.0)
    best, chosen = math.inf, -1
    limit = math.inf if p.orders[REQUIRED, order] else p.worth[PRIZE, order]
    first = p.orders[FIRST, order]
    slots = p.length.shape[0]
    near = min(NEAR, p.near.shape[1])
    p.mark[2, 0] += 1
    mark = p.mark[2, 0]
    # Routes of near stops come first: what they cost bounds the others.
    for k in range(near + slots):
        if k < near:
            stop = p.near[first, k]
            slot = p.route[s.links[ORDER, stop]] if stop >= 0 else -1
            if slot < 0:
                continue
        else:
            slot = k - near
        if p.mark[0, slot] == mark or (only >= 0 and slot != only):
            continue
        p.mark[0, slot] = mark
        if p.length[slot] == 0:
            kind = p.slots[SLOT_CLASS, slot]
            if p.mark[1, kind] == mark:
                continue
            p.mark[1, kind] = mark
        if s.allowed[p.slots[SLOT_TYPE, slot], order] == 0 or kept_apart(p, order, slot):
            continue
        if s.pinned[order] >= 0 and s.pinned[order] != slot:
            continue
        if chosen >= 0 and uniform(p) < BLINK:
            continue
        extra = extra_cost(s, p, slot, order, min(best, limit) if p.count[BALANCE] == NO_BALANCE else math.inf)
        if p.count[BALANCE] != NO_BALANCE and p.known_place[order, slot] >= 0:
            extra += balance(p, slot, p.known_measure[order, slot]) - present
        if p.count[FEWEST] and p.length[slot] == 0:
            extra += ANOTHER_VEHICLE
        if extra < best and p.known_place[order, slot] >= 0:
            best, chosen = extra, slot
    if chosen < 0 or best >= limit:
        return False
    put_order(s, p, chosen, order)
    return True
