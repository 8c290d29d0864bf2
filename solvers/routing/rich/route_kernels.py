"""
Feasibility and cost of one route: everything is judged from its whole sequence of stops.

Stops are numbered from 0 to n - 1; n + d stands for a reload at depot d. A sequence holds what is between start and end.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel
from solvers.routing.rich.timing_kernels import (
    DUE,
    DURATION,
    LATENESS,
    RELEASE,
    SERVICE,
    SLACK,
    TRAVEL,
    WAITING,
    Line,
    timed_cost,
)

SPENT, SETUP, DUE_TIME, COST_PER_LATENESS, READY = range(5)
"""Rows of `stops`: service and setup durations, moment from which service is late and its price, release time."""

PLACE, PARTNER, ORDER, FIRST_WINDOW, WINDOWS_END, PREFIX, FIRST_RELATION, RELATIONS_END = range(8)
"""Rows of `links`, which has a column for each depot, too: location, other end of a shipment (-1 none), order, range of
windows, rank in a locked prefix (-1 none), range of relations in `members`."""

RELATION, RANK, DIRECT = range(3)
"""Rows of `members`: sequences that a stop belongs to, its rank there, 1 when nothing may come between."""

(FIXED, PER_DISTANCE, MOST_DISTANCE, PER_DURATION, PER_WAITING, PER_OVERTIME, MOST_DURATION, END_OF_SHIFT, MOST_OVERTIME,
 CAPACITY) = range(10)  # fmt: skip
"""Columns of `fleet`; from PER_DURATION to MOST_OVERTIME in the order of `Line.rates`, from CAPACITY on by dimension."""

(PROFILE, START_PLACE, END_PLACE, START_WINDOW, END_WINDOW, MOST_STOPS, MOST_RELOADS, FIRST_BREAK, BREAKS_END,
 RELOAD_WINDOW) = range(10)  # fmt: skip
"""Columns of `limits`; from RELOAD_WINDOW on the window of reloading at each depot, -1 where that is not possible."""

DISTANCE, LASTING, VISITED, WAITING_COST = range(4)
"""Entries of `measures`: length, duration, stops and paid waiting of the route judged last."""

Integer = Any


class Routes(NamedTuple):
    """Everything that judges a route; see `solvers.routing.rich.rich_arrays` for what is in it."""

    stops: Any
    links: Any
    goods: Any
    windows: Any
    members: Any
    allowed: Any
    pinned: Any
    distance: Any
    duration: Any
    fleet: Any
    limits: Any
    breaks: Any
    trial: Any
    chain: Any
    seen: Any
    measures: Any
    line: Any
    span: Any
    labels: Any
    choices: Any
    number: Any
    arcs: Any
    result: Any


@kernel()
def order_fits(s: Routes, size: Integer, slot: Integer, kind: Integer) -> bool:
    """Tell whether vehicle, locked prefix, sequences, pairs and numbers of stops and reloads fit."""
    stops = s.stops.shape[1]
    reloads, prefix, locked_part = 0, -1, True
    # `seen` holds for each sequence the rank reached, and for each pickup whether it is on board, by a mark of this call.
    s.seen[0, 0] += 1
    mark = s.seen[0, 0]
    aboard = 0
    before = -1
    for i in range(size):
        stop = s.trial[i]
        if stop >= stops:
            reloads += 1
            if aboard > 0 or s.limits[kind, RELOAD_WINDOW + stop - stops] < 0:
                return False
            # Nothing, not even a reload, comes between the stops of a locked prefix.
            before, locked_part = -1, False
            continue
        order = s.links[ORDER, stop]
        if s.allowed[kind, order] == 0 or (s.pinned[order] >= 0 and s.pinned[order] != slot):
            return False
        rank = s.links[PREFIX, stop]
        if rank < 0:
            locked_part = False
        elif not locked_part or rank < prefix:
            return False
        prefix = max(prefix, rank)
        partner = s.links[PARTNER, stop]
        if partner > stop:
            s.seen[1, stop] = mark
            aboard += 1
        elif partner >= 0:
            if s.seen[1, partner] != mark:
                return False
            aboard -= 1
        for k in range(s.links[FIRST_RELATION, stop], s.links[RELATIONS_END, stop]):
            relation = s.members[RELATION, k]
            if s.seen[2, relation] == mark:
                if s.seen[3, relation] > s.members[RANK, k]:
                    return False
                if s.members[DIRECT, k] and s.seen[4, relation] != before:
                    return False
            s.seen[2, relation] = mark
            s.seen[3, relation] = s.members[RANK, k]
            s.seen[4, relation] = stop
        before = stop
    s.measures[VISITED] = size - reloads
    return bool(aboard == 0 and reloads <= s.limits[kind, MOST_RELOADS] and size - reloads <= s.limits[kind, MOST_STOPS])


@kernel()
def loads_fit(s: Routes, size: Integer, kind: Integer) -> bool:
    """Tell whether the goods on board fit the vehicle on every trip, in every dimension."""
    stops = s.stops.shape[1]
    for k in range(s.goods.shape[0] // 2):
        capacity = s.fleet[kind, CAPACITY + k]
        if capacity == np.inf:
            continue
        capacity += SLACK * max(1.0, capacity)
        first = 0
        while first <= size:
            load = 0.0
            end = first
            while end < size and s.trial[end] < stops:
                load += s.goods[2 * k, s.trial[end]]
                end += 1
            if load > capacity:
                return False
            for i in range(first, end):
                load += s.goods[2 * k + 1, s.trial[i]] - s.goods[2 * k, s.trial[i]]
                if load > capacity:
                    return False
            first = end + 1
    return True


@kernel()
def write_line(s: Routes, size: Integer, kind: Integer) -> float:
    """Write the line of the sequence and return its length."""
    stops = s.stops.shape[1]
    line, span, limits = s.line, s.span, s.limits
    profile = limits[kind, PROFILE]
    place, way, depot = limits[kind, START_PLACE], 0.0, 0
    line[:, 0] = 0.0
    span[0, 0], span[1, 0] = limits[kind, START_WINDOW], limits[kind, START_WINDOW] + 1
    for i in range(size):
        stop = s.trial[i]
        at = i + 1
        line[RELEASE, at] = 0.0
        if stop >= stops:
            target = s.links[PLACE, stop]
            window = limits[kind, RELOAD_WINDOW + stop - stops]
            span[0, at], span[1, at] = window, window + 1
            line[SERVICE, at], line[LATENESS, at], line[DUE, at] = 0.0, 0.0, 0.0
            depot = at
        else:
            target = s.links[PLACE, stop]
            span[0, at], span[1, at] = s.links[FIRST_WINDOW, stop], s.links[WINDOWS_END, stop]
            line[SERVICE, at] = s.stops[SPENT, stop] + (s.stops[SETUP, stop] if target != place else 0.0)
            line[LATENESS, at], line[DUE, at] = s.stops[COST_PER_LATENESS, stop], s.stops[DUE_TIME, stop]
            line[RELEASE, depot] = max(line[RELEASE, depot], s.stops[READY, stop])
        way += s.distance[profile, place, target]
        line[TRAVEL, i] = s.duration[profile, place, target]
        place = target
    last = size + 1
    target = limits[kind, END_PLACE]
    way += s.distance[profile, place, target]
    line[TRAVEL, size] = s.duration[profile, place, target]
    line[:, last] = 0.0
    span[0, last], span[1, last] = limits[kind, END_WINDOW], limits[kind, END_WINDOW] + 1
    return float(way)


@kernel()
def route_cost(s: Routes, size: Integer, slot: Integer, kind: Integer) -> float:
    """Return what the sequence in `trial` costs on a vehicle, infinity when it is not feasible; `measures` tell more."""
    if not order_fits(s, size, slot, kind) or not loads_fit(s, size, kind):
        return math.inf
    way = write_line(s, size, kind)
    most = s.fleet[kind, MOST_DISTANCE]
    # Where there is no way, its length is infinite.
    if way == np.inf or way > most + SLACK * max(1.0, most):
        return math.inf
    first, last = s.limits[kind, FIRST_BREAK], s.limits[kind, BREAKS_END]
    timed = Line(
        s.line, s.span, s.windows, s.fleet[kind, PER_DURATION : MOST_OVERTIME + 1], s.breaks[first:last], s.labels,
        s.choices, s.number, s.arcs, s.result,
    )  # fmt: skip
    cost = timed_cost(timed, size + 2, s.chain, True)
    if cost == np.inf:
        return math.inf
    s.measures[DISTANCE], s.measures[LASTING] = way, s.result[DURATION]
    s.measures[WAITING_COST] = s.fleet[kind, PER_WAITING] * s.result[WAITING]
    return float(cost + s.fleet[kind, FIXED] + s.fleet[kind, PER_DISTANCE] * way)
