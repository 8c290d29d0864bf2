"""
Which vehicle type drives a route: in ruin and recreate, a route is only ever opened for one order.

The type that is cheapest for one order is seldom the best for twenty. So some iterations put a random other type under a route
from which orders were taken, however dear, before orders are put back; and behind each iteration every route that it changed
gets the cheapest type that can drive it. Where no vehicle is free, two routes swap theirs. Types that differ in their ends,
shifts or travel are never exchanged.
"""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.route_state_kernels import (
    CAPACITY,
    COST,
    COST_PER_DISTANCE,
    COST_PER_DURATION,
    COUNT,
    DIMENSIONS,
    DISTANCE,
    DURATIONS,
    END_LATE,
    FIXED,
    LENGTH,
    LOADS,
    MAX_DISTANCE,
    MAX_DURATION,
    MAX_STOPS,
    ON_BOARD,
    ROUTE_DURATION,
    STOPS,
    SUCC,
    TOUCHED,
    TOUCHED_ROUTES,
    TRIP_LOADS,
    TYPE,
    TYPES,
    USED,
    VEHICLES,
    Integer,
    Search,
    below,
    put,
    uniform,
)

CHANGED = 0.5
"""Share of the iterations that try another vehicle type under a route."""


@kernel()
def exchangeable(s: Search, kind: Integer, other: Integer) -> bool:
    """Tell whether two vehicle types travel alike, from and to the same places in the same shift."""
    alike = True
    for column in range(DISTANCE, END_LATE + 1):
        alike = alike and s.fleet[kind, column] == s.fleet[other, column]
    return alike


@kernel()
def can_drive(s: Search, route: Integer, kind: Integer) -> bool:
    """Tell whether a vehicle of an exchangeable type can drive a route as it is."""
    fleet, table = s.fleet, s.table
    if not exchangeable(s, table[TYPE, route], kind):
        return False
    if table[COUNT, route] > fleet[kind, MAX_STOPS] or table[LENGTH, route] > fleet[kind, MAX_DISTANCE]:
        return False
    if s.count[DURATIONS] and s.work[ROUTE_DURATION, route] > fleet[kind, MAX_DURATION]:
        return False
    first = s.count[STOPS] + route
    for k in range(s.count[DIMENSIONS]):
        most = s.work[ON_BOARD + 3 * k + 2, first] if s.count[TRIP_LOADS] else table[LOADS + k, route]
        if most > fleet[kind, CAPACITY + k]:
            return False
    stop = table[SUCC, first]
    while stop < s.count[STOPS]:
        if not s.allowed[kind, stop]:
            return False
        stop = table[SUCC, stop]
    return True


@kernel()
def route_price(s: Search, route: Integer, kind: Integer) -> Integer:
    """Return what a route costs with a vehicle type."""
    price = s.fleet[kind, FIXED] + s.fleet[kind, COST_PER_DISTANCE] * s.table[LENGTH, route]
    if s.count[DURATIONS]:
        price += s.fleet[kind, COST_PER_DURATION] * s.work[ROUTE_DURATION, route]
    return np.int64(price)


@kernel()
def drive_with(s: Search, route: Integer, kind: Integer) -> None:
    """Put another vehicle type under a route, and log it."""
    own = s.table[TYPE, route]
    s.count[COST] += route_price(s, route, kind) - route_price(s, route, own)
    put(s, USED, own, s.table[USED, own] - 1)
    put(s, USED, kind, s.table[USED, kind] + 1)
    put(s, TYPE, route, kind)


@kernel(inline=True)
def is_free(s: Search, kind: Integer) -> bool:
    """Tell whether a vehicle of a type is not in use."""
    return bool(s.table[USED, kind] < s.fleet[kind, VEHICLES])


@kernel()
def try_other_type(s: Search) -> None:
    """Now and then, put a random other type under one of the routes that orders were taken from, or swap those of two."""
    if s.count[TYPES] < 2 or s.count[TOUCHED] == 0 or uniform(s) >= CHANGED:
        return
    route = s.work[TOUCHED_ROUTES, below(s, s.count[TOUCHED])]
    kind = below(s, s.count[TYPES])
    own = s.table[TYPE, route]
    if own < 0 or kind == own or not can_drive(s, route, kind):
        return
    if is_free(s, kind):
        drive_with(s, route, kind)
        return
    for i in range(s.count[TOUCHED]):
        other = s.work[TOUCHED_ROUTES, i]
        if s.table[TYPE, other] == kind and can_drive(s, other, own):
            drive_with(s, route, kind)
            drive_with(s, other, own)
            return


@kernel()
def swap_types(s: Search, route: Integer) -> None:
    """Swap the type of a route with that of another one changed in this iteration, where that is cheaper."""
    for i in range(s.count[TOUCHED]):
        other = s.work[TOUCHED_ROUTES, i]
        own, kind = s.table[TYPE, route], s.table[TYPE, other]
        if kind < 0 or kind == own or s.table[COUNT, other] == 0:
            continue
        gain = route_price(s, route, own) + route_price(s, other, kind)
        gain -= route_price(s, route, kind) + route_price(s, other, own)
        if gain > 0 and can_drive(s, route, kind) and can_drive(s, other, own):
            drive_with(s, route, kind)
            drive_with(s, other, own)
            return


@kernel()
def choose_types(s: Search) -> None:
    """Give every route changed in this iteration the cheapest type that can drive it."""
    if s.count[TYPES] < 2:
        return
    for i in range(s.count[TOUCHED]):
        route = s.work[TOUCHED_ROUTES, i]
        own = s.table[TYPE, route]
        if own < 0 or s.table[COUNT, route] == 0:
            continue
        best, price = own, route_price(s, route, own)
        for kind in range(s.count[TYPES]):
            if kind != own and is_free(s, kind) and route_price(s, route, kind) < price and can_drive(s, route, kind):
                best, price = kind, route_price(s, route, kind)
        if best != own:
            drive_with(s, route, best)
        swap_types(s, route)
