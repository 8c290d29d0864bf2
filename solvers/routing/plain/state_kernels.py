"""
Routes of a plain problem as doubly linked lists in records of 32 bytes, and a log that takes an iteration back.

Nodes are clients (0 to n - 1), then for each vehicle type the start and the end of its routes. All tables are flat 32-bit
arrays: the record of node v begins at `v * WIDTH`. Distances are in cost units, so a detour is what it costs. Moments are
earliest departures and latest arrivals (Savelsbergh 1992), kept by pushing a change along the route until it dies away.
"""

from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel

WIDTH = 8
"""Numbers in a record."""

ROUTE, PRED, SUCC, STEP, BACK, SPAN, DEPART, LATEST = range(8)
"""Record of a node: its route or -1, neighbours, cost to the next, from the one before, time to the next, earliest departure,
latest start."""

EARLY, LATE, SERVICE, DEMAND = range(4)
"""Record of what does not change, at `v * WIDTH` too."""

FIRST, LAST, ROOM, COUNT, TYPE, SLOT, MARK = range(7)
"""Record of a route: first and last client, capacity left, clients, vehicle type, position among the slots, last iteration."""

CAPACITY, VEHICLES, USED, FIXED, EMPTY = range(5)
"""Record of a vehicle type: capacity, vehicles, vehicles in use, cost of a route, cost of the way from start to end."""

(CLIENTS, TYPES, NEIGHBOURS, AROUND, TIMED, DIRECTED, COST, BEST_COST, ACTIVE, ABSENT, SKIP, ITERATION,
 TAKEN, SEGMENTS, CLOSED, INSERTED, MOMENTS, ACCEPTED, MOST) = range(19)  # fmt: skip
"""Entries of `count`: sizes and switches, then what changes: costs, routes in use, clients left out, places until one is
overlooked, and how much the log holds; MOST is the number of routes that may be in use."""

SEGMENT = 8
"""Numbers in the log of a removed segment: before, behind, first, last, route, span before, demand, clients."""

INFINITE = 1 << 60

Integer = Any
"""An integer of Python or of NumPy: the compiler knows only one kind."""

at = np.uint64
"""An index that is not negative: this spares the test for a count from the end."""


class Plain(NamedTuple):
    """Everything that the kernels read and write; see `solvers.routing.plain.arrays` for what is in it."""

    count: Any
    tuning: Any
    random: Any
    onwards: Any
    back: Any
    onwards_span: Any
    back_span: Any
    near: Any
    near_cost: Any
    near_span: Any
    around: Any
    fact: Any
    keys: Any
    weight: Any
    alone: Any
    allowed: Any
    kinds: Any
    node: Any
    route: Any
    slots: Any
    absent: Any
    orders: Any
    taken: Any
    records: Any
    segments: Any
    closed: Any
    inserted: Any
    moments: Any


@kernel(inline=True)
def uniform(s: Plain) -> float:
    """Return a pseudorandom number in [0, 1): xorshift with multiplication (Vigna 2016)."""
    x = s.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@kernel(inline=True)
def below(s: Plain, size: Integer) -> Integer:
    """Return a pseudorandom integer from 0 to size - 1."""
    return int(uniform(s) * size)


@kernel(inline=True)
def log_moment(s: Plain, place: Integer, value: Integer) -> None:
    """Write a moment of a record and log what was there."""
    k = 2 * s.count[MOMENTS]
    s.moments[at(k)] = place
    s.moments[at(k + 1)] = s.node[at(place)]
    s.count[MOMENTS] += 1
    s.node[at(place)] = value


@kernel(inline=True)
def push_departures(s: Plain, depart: Integer, span: Integer, v: Integer) -> None:
    """Recompute earliest departures from a client on, reached from an earliest departure, until one does not change."""
    while v < s.count[CLIENTS]:
        base = v * WIDTH
        depart = max(depart + span, np.int64(s.fact[at(base + EARLY)])) + s.fact[at(base + SERVICE)]
        if depart == s.node[at(base + DEPART)]:
            return
        log_moment(s, base + DEPART, depart)
        span = np.int64(s.node[at(base + SPAN)])
        v = np.int64(s.node[at(base + SUCC)])


@kernel(inline=True)
def push_latest(s: Plain, latest: Integer, v: Integer) -> None:
    """Recompute latest starts from a client back, given that of what follows it, until one does not change."""
    while v < s.count[CLIENTS]:
        base = v * WIDTH
        latest -= np.int64(s.node[at(base + SPAN)]) + s.fact[at(base + SERVICE)]
        latest = min(latest, np.int64(s.fact[at(base + LATE)]))
        if latest == s.node[at(base + LATEST)]:
            return
        log_moment(s, base + LATEST, latest)
        v = np.int64(s.node[at(base + PRED)])


@kernel(inline=True)
def join(s: Plain, route: Integer, before: Integer, behind: Integer, step: Integer, span: Integer) -> None:
    """Let one node follow another on a route; each is a client or an end of the route."""
    if before < s.count[CLIENTS]:
        s.node[at(before * WIDTH + SUCC)] = behind
        s.node[at(before * WIDTH + STEP)] = step
        s.node[at(before * WIDTH + SPAN)] = span
    else:
        s.route[at(route * WIDTH + FIRST)] = behind
    if behind < s.count[CLIENTS]:
        s.node[at(behind * WIDTH + PRED)] = before
        s.node[at(behind * WIDTH + BACK)] = step
    else:
        s.route[at(route * WIDTH + LAST)] = before


@kernel(inline=True)
def pair_at(s: Plain, row: Integer, column: Integer) -> Integer:
    """Return the position of two nodes in the matrices."""
    return row * (s.count[CLIENTS] + 2 * s.count[TYPES]) + column


@kernel(inline=True)
def open_route(s: Plain, kind: Integer) -> Integer:
    """Return an empty route of a vehicle type, made active."""
    start = s.count[CLIENTS] + 2 * kind
    r = np.int64(s.slots[at(s.count[ACTIVE])])
    s.count[ACTIVE] += 1
    s.route[at(r * WIDTH + TYPE)] = kind
    s.route[at(r * WIDTH + ROOM)] = s.kinds[at(kind * WIDTH + CAPACITY)]
    s.route[at(r * WIDTH + COUNT)] = 0
    s.route[at(r * WIDTH + FIRST)] = start + 1
    s.route[at(r * WIDTH + LAST)] = start
    s.kinds[at(kind * WIDTH + USED)] += 1
    return r


@kernel(inline=True)
def close_route(s: Plain, r: Integer) -> Integer:
    """Make an empty route inactive, log it, and return what it has cost."""
    active = s.count[ACTIVE] - 1
    place = np.int64(s.route[at(r * WIDTH + SLOT)])
    other = np.int64(s.slots[at(active)])
    kind = np.int64(s.route[at(r * WIDTH + TYPE)])
    k = 3 * s.count[CLOSED]
    s.closed[at(k)], s.closed[at(k + 1)], s.closed[at(k + 2)] = r, place, kind
    s.count[CLOSED] += 1
    s.slots[at(place)], s.slots[at(active)] = other, r
    s.route[at(other * WIDTH + SLOT)], s.route[at(r * WIDTH + SLOT)] = place, active
    s.count[ACTIVE] = active
    s.kinds[at(kind * WIDTH + USED)] -= 1
    return s.kinds[at(kind * WIDTH + FIXED)] + s.kinds[at(kind * WIDTH + EMPTY)]
