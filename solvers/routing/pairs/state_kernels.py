"""
Routes of shipments as sequences, with what is known of every position beside it, and copies that take an iteration back.

A route is a row of fields in one flat 32-bit table: the value of field f at position i of route r stands at
`(r * FIELDS + f) * width + i`, where `width` is the longest sequence. Positions run from the start of the route (0) to its end
(`length` - 1). Shipment k is collected by stop 2k and handed over by stop 2k + 1. A place is tried against the earliest and
latest start of service of its neighbours (Savelsbergh 1992). A change rewrites the rest of the sequence: that is cheaper than
following links, because trying an insertion reads whole routes.
"""

from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel

FIELDS = 8
STOP, PLACE, STEP, AHEAD, BEGIN, DEPART, LATEST, LOAD = range(FIELDS)
"""Fields of a position: stop or -1, place, distance to the next, service and travel time to the next, earliest start, earliest
departure, latest start, load behind it."""

FACTS = 4
EARLY, LATE, SERVICE, WHERE = range(FACTS)
"""Facts of a stop, at `stop * FACTS`: its window, the time it takes, its place."""

KIND = 11
(CAPACITY, VEHICLES, USED, FIXED, RATE, START, END, START_EARLY, START_LATE, END_EARLY, END_LATE) = range(KIND)
"""Entries of a vehicle type, at `kind * KIND`."""

ENTRIES = 8
LENGTH, TYPE, SLOT, RUINED, SEEN, SAVED, SAVED_LENGTH, SAVED_TYPE = range(ENTRIES)
"""Entries of a route, at `route * ENTRIES`: positions in use (0: not in use), vehicle type, place in the list of routes, last
iteration that took from it, last insertion that tried it, last iteration that copied it, and length and type then."""

(SHIPMENTS, SLOTS, WIDTH, PLACES, TYPES, NEIGHBOURS, AROUND, KIN, COST, BEST_COST, ACTIVE, ABSENT, ORDERS, TOUCHED, SKIP,
 ITERATION, INSERTION, ACCEPTED, LEAST, ROUTE, FIRST, THEN, DIRTY, MOST, FARTHEST, REACH) = range(26)  # fmt: skip
"""Entries of `count`: sizes, then what changes: costs, routes in use, shipments left out, those to be inserted, routes copied,
places until one is overlooked, numbers of the iteration and the insertion, the cheapest insertion found, how many routes there
may be, and at last the length of the lists of near stops and how many of them this iteration looks at."""

INFINITE = 1 << 60
NEVER = 1 << 30
"""A moment and a load that stand for no limit."""

Integer = Any
"""An integer of Python or of NumPy: the compiler knows only one kind."""

at = np.uint64
"""An index that is not negative: this spares the test for a count from the end."""


class Pairs(NamedTuple):
    """Everything that the kernels read and write; see `solvers.routing.pairs.arrays` for what is in it."""

    count: Any
    tuning: Any
    random: Any
    onwards: Any
    back: Any
    onwards_span: Any
    back_span: Any
    near: Any
    around: Any
    kin: Any
    fact: Any
    goods: Any
    keys: Any
    weight: Any
    alone: Any
    allowed: Any
    kinds: Any
    table: Any
    copies: Any
    entry: Any
    total: Any
    totals: Any
    slots: Any
    owner: Any
    position: Any
    absent: Any
    orders: Any
    touched: Any
    detour: Any
    best: Any
    best_entry: Any
    dirty: Any


@kernel(inline=True)
def uniform(s: Pairs) -> float:
    """Return a pseudorandom number in [0, 1): xorshift with multiplication (Vigna 2016)."""
    x = s.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@kernel(inline=True)
def below(s: Pairs, size: Integer) -> Integer:
    """Return a pseudorandom integer from 0 to size - 1."""
    return int(uniform(s) * size)


@kernel(inline=True)
def cell(s: Pairs, route: Integer, field: Integer) -> Integer:
    """Return where a field of a route begins."""
    return (route * FIELDS + field) * s.count[WIDTH]


@kernel(inline=True)
def save(s: Pairs, route: Integer) -> None:
    """Copy a route before its first change in this iteration."""
    entry = route * ENTRIES
    if s.entry[at(entry + SAVED)] == s.count[ITERATION]:
        return
    length = s.entry[at(entry + LENGTH)]
    s.entry[at(entry + SAVED)] = s.count[ITERATION]
    s.entry[at(entry + SAVED_LENGTH)] = length
    s.entry[at(entry + SAVED_TYPE)] = s.entry[at(entry + TYPE)]
    s.totals[at(route)] = s.total[at(route)]
    s.touched[at(s.count[TOUCHED])] = route
    s.count[TOUCHED] += 1
    for field in range(FIELDS):
        first = cell(s, route, field)
        for i in range(first, first + length):
            s.copies[at(i)] = s.table[at(i)]


@kernel(inline=True)
def activate(s: Pairs, route: Integer, kind: Integer) -> None:
    """Put a route among those in use."""
    place, active = s.entry[at(route * ENTRIES + SLOT)], s.count[ACTIVE]
    other = np.int64(s.slots[at(active)])
    s.slots[at(place)], s.slots[at(active)] = other, route
    s.entry[at(other * ENTRIES + SLOT)], s.entry[at(route * ENTRIES + SLOT)] = place, active
    s.count[ACTIVE] = active + 1
    s.entry[at(route * ENTRIES + TYPE)] = kind
    s.kinds[at(kind * KIND + USED)] += 1


@kernel(inline=True)
def deactivate(s: Pairs, route: Integer) -> None:
    """Take a route from those in use."""
    place, active = s.entry[at(route * ENTRIES + SLOT)], s.count[ACTIVE] - 1
    other = np.int64(s.slots[at(active)])
    s.slots[at(place)], s.slots[at(active)] = other, route
    s.entry[at(other * ENTRIES + SLOT)], s.entry[at(route * ENTRIES + SLOT)] = place, active
    s.count[ACTIVE] = active
    s.kinds[at(s.entry[at(route * ENTRIES + TYPE)] * KIND + USED)] -= 1
    s.entry[at(route * ENTRIES + LENGTH)] = 0


@kernel(inline=True)
def open_route(s: Pairs, kind: Integer) -> Integer:
    """Return a route of a vehicle type that leads from start to end; its cost is not counted yet."""
    route = np.int64(s.slots[at(s.count[ACTIVE])])
    save(s, route)
    activate(s, route, kind)
    s.entry[at(route * ENTRIES + LENGTH)] = 2
    start, end = s.kinds[at(kind * KIND + START)], s.kinds[at(kind * KIND + END)]
    arc = start * s.count[PLACES] + end
    step, span = np.int64(s.onwards[at(arc)]), np.int64(s.onwards_span[at(arc)])
    early, late = s.kinds[at(kind * KIND + START_EARLY)], s.kinds[at(kind * KIND + START_LATE)]
    home, last = s.kinds[at(kind * KIND + END_EARLY)], s.kinds[at(kind * KIND + END_LATE)]
    for i in range(2):
        s.table[at(cell(s, route, STOP) + i)] = -1
        s.table[at(cell(s, route, PLACE) + i)] = start if i == 0 else end
        s.table[at(cell(s, route, STEP) + i)] = step if i == 0 else 0
        s.table[at(cell(s, route, AHEAD) + i)] = span if i == 0 else 0
        s.table[at(cell(s, route, BEGIN) + i)] = early if i == 0 else max(early + span, home)
        s.table[at(cell(s, route, DEPART) + i)] = early if i == 0 else max(early + span, home)
        s.table[at(cell(s, route, LATEST) + i)] = min(late, last - span) if i == 0 else last
        s.table[at(cell(s, route, LOAD) + i)] = 0
    s.total[at(route)] = step
    return route


@kernel(inline=True)
def start_at(s: Pairs, route: Integer, i: Integer, moment: Integer) -> Integer:
    """Write the earliest start and departure of a position reached at a moment, and return the start."""
    stop = np.int64(s.table[at(cell(s, route, STOP) + i)])
    if stop >= 0:
        moment = max(moment, np.int64(s.fact[at(stop * FACTS + EARLY)]))
        s.table[at(cell(s, route, DEPART) + i)] = moment + s.fact[at(stop * FACTS + SERVICE)]
    else:
        kind = np.int64(s.entry[at(route * ENTRIES + TYPE)])
        moment = max(moment, s.kinds[at(kind * KIND + END_EARLY)])
        s.table[at(cell(s, route, DEPART) + i)] = moment
    s.table[at(cell(s, route, BEGIN) + i)] = moment
    return moment


@kernel(inline=True)
def latest_at(s: Pairs, route: Integer, i: Integer) -> Integer:
    """Return the latest start at a position before the end, from that of the next."""
    latest = np.int64(s.table[at(cell(s, route, LATEST) + i + 1)]) - s.table[at(cell(s, route, AHEAD) + i)]
    stop = np.int64(s.table[at(cell(s, route, STOP) + i)])
    if stop >= 0:
        return min(latest, np.int64(s.fact[at(stop * FACTS + LATE)]))
    kind = np.int64(s.entry[at(route * ENTRIES + TYPE)])
    return min(latest, s.kinds[at(kind * KIND + START_LATE)])


@kernel(inline=True)
def connect(s: Pairs, route: Integer, i: Integer) -> None:
    """Write distance and time from a position to the next."""
    stop = np.int64(s.table[at(cell(s, route, STOP) + i)])
    place = cell(s, route, PLACE) + i
    arc = np.int64(s.table[at(place)]) * s.count[PLACES] + s.table[at(place + 1)]
    service = np.int64(s.fact[at(stop * FACTS + SERVICE)]) if stop >= 0 else np.int64(0)
    s.table[at(cell(s, route, STEP) + i)] = s.onwards[at(arc)]
    s.table[at(cell(s, route, AHEAD) + i)] = s.onwards_span[at(arc)] + service


@kernel(inline=True)
def take_back(s: Pairs) -> None:
    """Bring every route copied in this iteration back to what it was."""
    for t in range(s.count[TOUCHED]):
        route = np.int64(s.touched[at(t)])
        entry = route * ENTRIES
        length = np.int64(s.entry[at(entry + SAVED_LENGTH)])
        if s.entry[at(entry + LENGTH)] and not length:
            deactivate(s, route)
        elif length and not s.entry[at(entry + LENGTH)]:
            activate(s, route, np.int64(s.entry[at(entry + SAVED_TYPE)]))
        elif s.entry[at(entry + LENGTH)] and s.entry[at(entry + TYPE)] != s.entry[at(entry + SAVED_TYPE)]:
            # Closed and opened again with another vehicle.
            deactivate(s, route)
            activate(s, route, np.int64(s.entry[at(entry + SAVED_TYPE)]))
        s.entry[at(entry + LENGTH)] = length
        s.total[at(route)] = s.totals[at(route)]
        for field in range(FIELDS):
            first = cell(s, route, field)
            for i in range(first, first + length):
                s.table[at(i)] = s.copies[at(i)]
        stops = cell(s, route, STOP)
        for i in range(1, length - 1):
            stop = np.int64(s.table[at(stops + i)])
            s.position[at(stop)] = i
            s.owner[at(stop >> 1)] = route
