"""What is known of a route beyond its links: loads on the way, and durations of its beginnings and endings."""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.route_state_kernels import (
    COST,
    COST_PER_DURATION,
    DIMENSIONS,
    DURATION,
    DURATIONS,
    EARLY,
    GOODS,
    LATE,
    LOADS,
    ON_BOARD,
    PLACE,
    PRED,
    PREFIX_DURATION,
    PREFIX_EARLY,
    PREFIX_LATE,
    RELEASE,
    ROUTE_DURATION,
    ROUTE_RELEASE,
    SERVICE,
    SLOTS,
    STOPS,
    SUCC,
    SUFFIX_DURATION,
    SUFFIX_EARLY,
    SUFFIX_LATE,
    TRIP_LOADS,
    TYPE,
    Integer,
    Search,
)


@kernel(inline=True)
def refresh(s: Search, route: Integer) -> None:
    """Recompute what is known of a route beyond its links: loads on the way, and durations of its beginnings and endings."""
    table = s.table
    if table[TYPE, route] < 0:
        return
    if s.count[TRIP_LOADS]:
        refresh_loads(s, route)
    if s.count[DURATIONS]:
        refresh_durations(s, route)


@kernel()
def refresh_loads(s: Search, route: Integer) -> None:
    """Recompute the load after each stop of a route, and the most before and after it."""
    table, profile = s.table, s.work
    stops, slots = s.count[STOPS], s.count[SLOTS]
    for k in range(s.count[DIMENSIONS]):
        own, most, rest = ON_BOARD + 3 * k, ON_BOARD + 3 * k + 1, ON_BOARD + 3 * k + 2
        stop = stops + route
        load = table[LOADS + k, route]
        profile[own, stop] = load
        profile[most, stop] = load
        while stop < stops or stop == stops + route:
            stop = table[SUCC, stop]
            if stop < stops:
                load += s.stops[GOODS + 2 * k + 1, stop] - s.stops[GOODS + 2 * k, stop]
            profile[own, stop] = load
            profile[most, stop] = max(load, profile[most, table[PRED, stop]])
        stop = stops + slots + route
        profile[rest, stop] = profile[own, stop]
        while stop != stops + route:
            stop = table[PRED, stop]
            profile[rest, stop] = max(profile[own, stop], profile[rest, table[SUCC, stop]])


@kernel()
def refresh_durations(s: Search, route: Integer) -> None:
    """Recompute durations and start windows of all beginnings and endings of a route (Vidal et al. 2013)."""
    table, profile, shape = s.table, s.work, s.count
    kind = table[TYPE, route]
    first, last = shape[STOPS] + route, shape[STOPS] + shape[SLOTS] + route
    ready = np.int64(0)
    stop = table[SUCC, first]
    while stop != last:
        ready = max(ready, np.int64(s.stops[RELEASE, stop]))
        stop = table[SUCC, stop]
    profile[ROUTE_RELEASE, route] = ready
    profile[PREFIX_DURATION, first] = 0
    profile[PREFIX_EARLY, first] = max(ready, table[EARLY, first])
    profile[PREFIX_LATE, first] = table[LATE, first]
    stop = first
    while stop != last:
        after = table[SUCC, stop]
        span = (
            profile[PREFIX_DURATION, stop]
            + table[SERVICE, stop]
            + s.matrix[s.fleet[kind, DURATION], table[PLACE, stop], table[PLACE, after]]
        )
        wait = max(0, table[EARLY, after] - span - profile[PREFIX_LATE, stop])
        profile[PREFIX_DURATION, after] = span + wait
        profile[PREFIX_EARLY, after] = max(table[EARLY, after] - span, profile[PREFIX_EARLY, stop]) - wait
        profile[PREFIX_LATE, after] = min(table[LATE, after] - span, profile[PREFIX_LATE, stop])
        stop = after
    profile[SUFFIX_DURATION, last] = 0
    profile[SUFFIX_EARLY, last] = table[EARLY, last]
    profile[SUFFIX_LATE, last] = table[LATE, last]
    while stop != first:
        before = table[PRED, stop]
        span = table[SERVICE, before] + s.matrix[s.fleet[kind, DURATION], table[PLACE, before], table[PLACE, stop]]
        wait = max(0, profile[SUFFIX_EARLY, stop] - span - table[LATE, before])
        early = table[EARLY, before]
        profile[SUFFIX_DURATION, before] = span + wait + profile[SUFFIX_DURATION, stop]
        profile[SUFFIX_EARLY, before] = max(profile[SUFFIX_EARLY, stop] - span, early) - wait
        profile[SUFFIX_LATE, before] = min(profile[SUFFIX_LATE, stop] - span, table[LATE, before])
        stop = before
    lasting = profile[PREFIX_DURATION, last]
    s.count[COST] += s.fleet[kind, COST_PER_DURATION] * (lasting - profile[ROUTE_DURATION, route])
    profile[ROUTE_DURATION, route] = lasting
