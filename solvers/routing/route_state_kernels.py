"""
Routes as doubly linked lists in one integer table, with a log that takes every change back.

Nodes are stops (0 to n - 1), then the start of each route (n + r), then its end (n + R + r). Row names of the table are below;
rows from `TYPE` on are indexed by route, by vehicle type (`USED`) or by position in a list (`ACTIVE`, `ABSENT`). Distances,
moments and loads are scaled integers; costs are 64-bit integers.
"""

from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel

(PRED, SUCC, ROUTE, STEP, PLACE, EARLY, LATE, SERVICE, EARLIEST, LATEST,
 TYPE, COUNT, LENGTH, ACTIVE, SLOT, USED, SIZES, ABSENT, RANK, LOADS) = range(20)  # fmt: skip
"""Rows of the table; from LOADS on one row per load dimension."""

ROUTES_ACTIVE, ORDERS_ABSENT = 0, 1
"""Columns of row SIZES."""

(STOPS, SLOTS, DIMENSIONS, TIMED, TRIP_LOADS, DURATIONS, ALTERNATIVES, NEIGHBOURS, ADJACENT, TYPES, PAIRS, WINDOW_ROW,
 COST, LOGGED, TOUCHED, SKIP, MARK, BEST_COST, DIRTY, ACCEPTED, SERVED, MOST) = range(22)  # fmt: skip
"""Entries of `count`: sizes and switches of the problem, then what changes during the search."""

PAID = 2
"""Value of DURATIONS where they cost money; 1 where they are only limited, or goods have release times."""

(COST_PER_DISTANCE, COST_PER_DURATION, FIXED, MAX_DISTANCE, MAX_DURATION, MAX_STOPS, VEHICLES, DISTANCE, DISTANCE_BACK,
 DURATION, DURATION_BACK, START, START_EARLY, START_LATE, END, END_EARLY, END_LATE, CAPACITY) = range(18)  # fmt: skip
"""Columns of `fleet`; DISTANCE to DURATION_BACK name a matrix (row to column, then the same transposed); from CAPACITY on one
column per load dimension."""

PARTNER, RELEASE, KEYS, REQUIRED, GOODS = 0, 1, 2, 8, 9
"""Rows of `stops`: other end of a shipment or -1, release time, six keys for sorting, whether it is required, and two rows per
load dimension: goods
from the depot, and goods that enter on the way; then two rows per alternative time window."""

BEFORE, BEHIND, AROUND = range(3)
"""Layers of `near`: stops that go well right before a stop, right behind it, and stops around it; -1 where a list ends."""

(WEIGHT, TOUCHED_ROUTES, ORDERS, RUN, MARKS, SEEN, SEQUENCE, DETOUR, LEAST, RESULT,
 PREFIX_DURATION, PREFIX_EARLY, PREFIX_LATE, SUFFIX_DURATION, SUFFIX_EARLY, SUFFIX_LATE, ROUTE_DURATION, ROUTE_RELEASE,
 ON_BOARD) = range(19)  # fmt: skip
"""Rows of `work`; from ON_BOARD on three rows per load dimension: goods on board after the stop, most before, most from it."""

Integer = Any
"""An integer of Python or of NumPy: the compiler knows only one kind."""

INFINITE = 1 << 60
FAR = 1 << 40
"""A moment that stands for never."""


class Search(NamedTuple):
    """Everything that the kernels read and write; see `solvers.routing.compiled_problem` for what is in it."""

    count: Any
    tuning: Any
    random: Any
    matrix: Any
    near: Any
    stops: Any
    fleet: Any
    allowed: Any
    table: Any
    work: Any
    log: Any


@kernel("void(int64[:,::1], int64[:,::1], int64[::1], int64, int64, int64)", inline=True)
def record(table: Any, log: Any, count: Any, row: Integer, column: Integer, value: Integer) -> None:
    """Write one entry of the table and log what was there."""
    at = count[LOGGED]
    log[at, 0] = row
    log[at, 1] = column
    log[at, 2] = table[row, column]
    table[row, column] = value
    count[LOGGED] = at + 1


@kernel(inline=True)
def put(s: Search, row: Integer, column: Integer, value: Integer) -> None:
    """Write one entry of the table and log what was there."""
    record(s.table, s.log, s.count, row, column, value)


@kernel(inline=True)
def uniform(s: Search) -> float:
    """Return a pseudorandom number in [0, 1): xorshift with multiplication (Vigna 2016)."""
    x = s.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@kernel(inline=True)
def below(s: Search, size: Integer) -> Integer:
    """Return a pseudorandom integer from 0 to size - 1."""
    return int(uniform(s) * size)


@kernel(inline=True)
def earliest_start(s: Search, stop: Integer, moment: Integer) -> Integer:
    """Return the earliest start of service at a stop from a moment on; FAR when no window is left."""
    if s.count[ALTERNATIVES] == 0 or stop >= s.count[STOPS] or s.stops[s.count[WINDOW_ROW], stop] < 0:
        return max(moment, s.table[EARLY, stop]) if moment <= s.table[LATE, stop] else FAR
    for k in range(s.count[WINDOW_ROW], s.stops.shape[0], 2):
        if s.stops[k, stop] < 0:
            break
        if moment <= s.stops[k + 1, stop]:
            return max(moment, np.int64(s.stops[k, stop]))
    return FAR


@kernel(inline=True)
def latest_start(s: Search, stop: Integer, moment: Integer) -> Integer:
    """Return the latest start of service at a stop up to a moment; -FAR when every window opens later."""
    if s.count[ALTERNATIVES] == 0 or stop >= s.count[STOPS] or s.stops[s.count[WINDOW_ROW], stop] < 0:
        return min(moment, s.table[LATE, stop])
    found = -FAR
    for k in range(s.count[WINDOW_ROW], s.stops.shape[0], 2):
        if s.stops[k, stop] < 0 or s.stops[k, stop] > moment:
            break
        found = min(moment, np.int64(s.stops[k + 1, stop]))
    return found


@kernel()
def push_earliest(s: Search, stop: Integer) -> None:
    """Recompute earliest starts from a stop on, until one does not change."""
    table = s.table
    way = s.fleet[table[TYPE, table[ROUTE, stop]], DURATION]
    while True:
        before = table[PRED, stop]
        arrival = table[EARLIEST, before] + table[SERVICE, before] + s.matrix[way, table[PLACE, before], table[PLACE, stop]]
        moment = earliest_start(s, stop, arrival)
        if moment == table[EARLIEST, stop]:
            return
        put(s, EARLIEST, stop, moment)
        if stop >= s.count[STOPS]:
            return
        stop = table[SUCC, stop]


@kernel()
def push_latest(s: Search, stop: Integer) -> None:
    """Recompute latest starts from a stop backwards, until one does not change."""
    table = s.table
    way = s.fleet[table[TYPE, table[ROUTE, stop]], DURATION]
    while True:
        after = table[SUCC, stop]
        leave = table[LATEST, after] - s.matrix[way, table[PLACE, stop], table[PLACE, after]] - table[SERVICE, stop]
        moment = latest_start(s, stop, leave)
        if moment == table[LATEST, stop]:
            return
        put(s, LATEST, stop, moment)
        if stop >= s.count[STOPS]:
            return
        stop = table[PRED, stop]


@kernel(inline=True)
def touch(s: Search, route: Integer) -> None:
    """Note that a route has changed in this iteration."""
    if s.work[MARKS, route] != s.count[MARK]:
        s.work[MARKS, route] = s.count[MARK]
        s.work[TOUCHED_ROUTES, s.count[TOUCHED]] = route
        s.count[TOUCHED] += 1


@kernel()
def open_route(s: Search, vehicle_type: Integer) -> Integer:
    """Return an empty route of a vehicle type, made active."""
    table, fleet = s.table, s.fleet
    stops, slots = s.count[STOPS], s.count[SLOTS]
    active = table[SIZES, ROUTES_ACTIVE]
    route = table[ACTIVE, active]
    put(s, SIZES, ROUTES_ACTIVE, active + 1)
    first, last = stops + route, stops + slots + route
    put(s, TYPE, route, vehicle_type)
    put(s, USED, vehicle_type, table[USED, vehicle_type] + 1)
    put(s, COUNT, route, 0)
    for k in range(s.count[DIMENSIONS]):
        put(s, LOADS + k, route, 0)
    put(s, PLACE, first, fleet[vehicle_type, START])
    put(s, PLACE, last, fleet[vehicle_type, END])
    put(s, EARLY, first, fleet[vehicle_type, START_EARLY])
    put(s, LATE, first, fleet[vehicle_type, START_LATE])
    put(s, EARLY, last, fleet[vehicle_type, END_EARLY])
    put(s, LATE, last, fleet[vehicle_type, END_LATE])
    put(s, SUCC, first, last)
    put(s, PRED, last, first)
    step = s.matrix[fleet[vehicle_type, DISTANCE], fleet[vehicle_type, START], fleet[vehicle_type, END]]
    put(s, STEP, first, step)
    put(s, LENGTH, route, step)
    s.count[COST] += fleet[vehicle_type, FIXED] + fleet[vehicle_type, COST_PER_DISTANCE] * step
    put(s, EARLIEST, first, fleet[vehicle_type, START_EARLY])
    put(s, LATEST, last, fleet[vehicle_type, END_LATE])
    if s.count[TIMED]:
        put(s, EARLIEST, last, -1)
        put(s, LATEST, first, -1)
        push_earliest(s, last)
        push_latest(s, first)
    if s.count[DURATIONS]:
        s.work[ROUTE_DURATION, route] = 0
    return route


@kernel()
def close_route(s: Search, route: Integer) -> None:
    """Make an empty route inactive."""
    table, fleet = s.table, s.fleet
    active = table[SIZES, ROUTES_ACTIVE] - 1
    place, other = table[SLOT, route], table[ACTIVE, active]
    put(s, ACTIVE, place, other)
    put(s, SLOT, other, place)
    put(s, ACTIVE, active, route)
    put(s, SLOT, route, active)
    put(s, SIZES, ROUTES_ACTIVE, active)
    kind = table[TYPE, route]
    s.count[COST] -= fleet[kind, FIXED] + fleet[kind, COST_PER_DISTANCE] * table[LENGTH, route]
    if s.count[DURATIONS]:
        s.count[COST] -= fleet[kind, COST_PER_DURATION] * s.work[ROUTE_DURATION, route]
        s.work[ROUTE_DURATION, route] = 0
    put(s, USED, kind, table[USED, kind] - 1)
    put(s, TYPE, route, -1)


@kernel(inline=True)
def add_absent(s: Search, order: Integer) -> None:
    """Note that an order is served by no route."""
    size = s.table[SIZES, ORDERS_ABSENT]
    put(s, ABSENT, size, order)
    put(s, RANK, order, size)
    put(s, SIZES, ORDERS_ABSENT, size + 1)
    s.count[COST] += s.work[WEIGHT, order]


@kernel(inline=True)
def drop_absent(s: Search, order: Integer) -> None:
    """Note that an order is served again."""
    table = s.table
    size = table[SIZES, ORDERS_ABSENT] - 1
    place, other = table[RANK, order], table[ABSENT, size]
    put(s, ABSENT, place, other)
    put(s, RANK, other, place)
    put(s, SIZES, ORDERS_ABSENT, size)
    s.count[COST] -= s.work[WEIGHT, order]


@kernel()
def attach(s: Search, stop: Integer, before: Integer) -> None:
    """Link a stop behind another one; its route must be able to take it."""
    table = s.table
    after, route = table[SUCC, before], table[ROUTE, before]
    kind = table[TYPE, route]
    way = s.fleet[kind, DISTANCE]
    there = s.matrix[way, table[PLACE, before], table[PLACE, stop]]
    onwards = s.matrix[way, table[PLACE, stop], table[PLACE, after]]
    longer = there + onwards - table[STEP, before]
    put(s, SUCC, before, stop)
    put(s, PRED, after, stop)
    put(s, PRED, stop, before)
    put(s, SUCC, stop, after)
    put(s, ROUTE, stop, route)
    put(s, STEP, before, there)
    put(s, STEP, stop, onwards)
    put(s, LENGTH, route, table[LENGTH, route] + longer)
    put(s, COUNT, route, table[COUNT, route] + 1)
    for k in range(s.count[DIMENSIONS]):
        if s.stops[GOODS + 2 * k, stop]:
            put(s, LOADS + k, route, table[LOADS + k, route] + s.stops[GOODS + 2 * k, stop])
    s.count[COST] += s.fleet[kind, COST_PER_DISTANCE] * longer
    if s.count[TIMED]:
        put(s, EARLIEST, stop, -1)
        put(s, LATEST, stop, -1)
        push_earliest(s, stop)
        push_latest(s, stop)


@kernel()
def detach(s: Search, first: Integer, last: Integer) -> None:
    """Take out the stops from `first` to `last` of one route; their orders are not noted as absent yet."""
    table = s.table
    route = table[ROUTE, first]
    before, after = table[PRED, first], table[SUCC, last]
    kind = table[TYPE, route]
    gone = table[STEP, before]
    stop = first
    number = 0
    while stop != after:
        gone += table[STEP, stop]
        number += 1
        put(s, ROUTE, stop, -1)
        for k in range(s.count[DIMENSIONS]):
            if s.stops[GOODS + 2 * k, stop]:
                put(s, LOADS + k, route, table[LOADS + k, route] - s.stops[GOODS + 2 * k, stop])
        stop = table[SUCC, stop]
    step = s.matrix[s.fleet[kind, DISTANCE], table[PLACE, before], table[PLACE, after]]
    put(s, SUCC, before, after)
    put(s, PRED, after, before)
    put(s, STEP, before, step)
    put(s, LENGTH, route, table[LENGTH, route] + step - gone)
    put(s, COUNT, route, table[COUNT, route] - number)
    s.count[COST] += s.fleet[kind, COST_PER_DISTANCE] * (step - gone)
    touch(s, route)
    if s.count[TIMED] and table[COUNT, route] > 0:
        push_earliest(s, after)
        push_latest(s, before)


@kernel()
def take_back(s: Search) -> None:
    """Undo everything that the log holds."""
    for i in range(s.count[LOGGED] - 1, -1, -1):
        s.table[s.log[i, 0], s.log[i, 1]] = s.log[i, 2]
    s.count[LOGGED] = 0
