"""
Ruin: strings of adjacent stops near one another (Christiaens and Vanden Berghe 2020), or orders near a seed (Shaw 1998).

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Shaw, P. (1998). Using constraint programming and local search methods to solve vehicle routing
problems. CP98, 417-431.
"""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.route_profile_kernels import refresh
from solvers.routing.route_state_kernels import (
    ADJACENT,
    AROUND,
    COUNT,
    DURATIONS,
    MARK,
    MARKS,
    PAIRS,
    PARTNER,
    PRED,
    ROUTE,
    ROUTES_ACTIVE,
    RUN,
    SERVED,
    SIZES,
    STOPS,
    SUCC,
    TOUCHED,
    TOUCHED_ROUTES,
    TRIP_LOADS,
    Integer,
    Search,
    add_absent,
    below,
    close_route,
    detach,
    uniform,
)

REMOVED, LONGEST, SPLIT, RELATED = 1, 2, 3, 4
"""Entries of `tuning`: mean number removed, longest string, share of split strings, share of removals around a seed."""

DEEPER = 0.01
"""Probability that a split string keeps one more stop."""


@kernel()
def remove_order(s: Search, stop: Integer) -> None:
    """Take out one stop, and with it the other end of its shipment."""
    other = np.int64(s.stops[PARTNER, stop])
    detach(s, stop, stop)
    if other < 0:
        add_absent(s, stop)
        return
    detach(s, other, other)
    add_absent(s, min(stop, other))


@kernel()
def remove_run(s: Search, first: Integer, number: Integer) -> Integer:
    """Take out a number of stops from `first` on along its route, and return the stop behind them."""
    table = s.table
    if s.count[PAIRS] == 0:
        last = first
        for _ in range(number - 1):
            last = table[SUCC, last]
        after = table[SUCC, last]
        detach(s, first, last)
        stop = first
        for _ in range(number):
            add_absent(s, stop)
            stop = table[SUCC, stop]
        return after
    for k in range(number):
        s.work[RUN, k] = first
        first = table[SUCC, first]
    for k in range(number):
        stop = s.work[RUN, k]
        if table[ROUTE, stop] >= 0:
            remove_order(s, stop)
    return first


@kernel()
def remove_string(s: Search, stop: Integer, length: Integer, kept: Integer) -> None:
    """Take out a string of `length` stops that contains a stop, keeping `kept` stops in its middle."""
    table, stops = s.table, s.count[STOPS]
    whole = length + kept
    before, after = 0, 0
    other = table[PRED, stop]
    while other < stops and before < whole - 1:
        before += 1
        other = table[PRED, other]
    other = table[SUCC, stop]
    while other < stops and after < whole - 1:
        after += 1
        other = table[SUCC, other]
    least, most = max(0, whole - 1 - after), min(before, whole - 1)
    for _ in range(least + below(s, most - least + 1)):
        stop = table[PRED, stop]
    if kept == 0:
        remove_run(s, stop, length)
        return
    first = 1 + below(s, length - 1)
    # The rest is found before anything is taken out: a shipment's other end may be among the stops that are kept.
    rest = stop
    for _ in range(first + kept):
        rest = table[SUCC, rest]
    if s.count[PAIRS]:
        remove_split_pairs(s, stop, first, rest, length - first)
        return
    remove_run(s, stop, first)
    remove_run(s, rest, length - first)


@kernel()
def remove_split_pairs(s: Search, stop: Integer, first: Integer, rest: Integer, second: Integer) -> None:
    """Take out two runs of stops with the other ends of their shipments."""
    for k in range(first):
        s.work[RUN, k] = stop
        stop = s.table[SUCC, stop]
    for k in range(second):
        s.work[RUN, first + k] = rest
        rest = s.table[SUCC, rest]
    for k in range(first + second):
        stop = s.work[RUN, k]
        if s.table[ROUTE, stop] >= 0:
            remove_order(s, stop)


@kernel()
def remove_strings(s: Search, seed: Integer) -> None:
    """Take out strings from routes near a seed, no more than one from each."""
    table = s.table
    active = max(1, table[SIZES, ROUTES_ACTIVE])
    longest = max(1.0, min(s.tuning[LONGEST], s.count[SERVED] / active))
    number = int(1.0 + uniform(s) * (4.0 * s.tuning[REMOVED] / (1.0 + longest) - 1.0))
    for k in range(s.count[ADJACENT]):
        stop = np.int64(s.near[AROUND, seed, k])
        if stop < 0 or number <= 0:
            break
        route = table[ROUTE, stop]
        if route < 0 or s.work[MARKS, route] == s.count[MARK]:
            continue
        size = table[COUNT, route]
        length = int(1.0 + uniform(s) * min(float(size), longest))
        kept = 0
        if length > 1 and length < size and uniform(s) < s.tuning[SPLIT]:
            kept = 1
            while length + kept < size and uniform(s) < DEEPER:
                kept += 1
        remove_string(s, stop, length, kept)
        number -= 1


@kernel()
def remove_related(s: Search, seed: Integer) -> None:
    """Take out orders near a seed, each with probability one half."""
    number = 1 + below(s, int(2.0 * s.tuning[REMOVED]))
    for k in range(s.count[ADJACENT]):
        stop = np.int64(s.near[AROUND, seed, k])
        if stop < 0 or number <= 0:
            break
        if s.table[ROUTE, stop] >= 0 and (k == 0 or uniform(s) < 0.5):
            remove_order(s, stop)
            number -= 1


@kernel()
def ruin(s: Search) -> Integer:
    """Take out some orders around a seed, bring the routes that they leave up to date, and return the seed."""
    seed = below(s, s.count[STOPS])
    if uniform(s) < s.tuning[RELATED]:
        remove_related(s, seed)
    else:
        remove_strings(s, seed)
    rich = s.count[TRIP_LOADS] or s.count[DURATIONS]
    for i in range(s.count[TOUCHED]):
        route = s.work[TOUCHED_ROUTES, i]
        if s.table[COUNT, route] == 0:
            close_route(s, route)
        elif rich:
            refresh(s, route)
    return seed
