"""
Ruin: strings of adjacent clients on routes near one another (Christiaens and Vanden Berghe 2020).

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433.
"""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.plain.state_kernels import (
    ABSENT,
    ACTIVE,
    AROUND,
    BACK,
    CLIENTS,
    COUNT,
    DEMAND,
    DEPART,
    ITERATION,
    LATEST,
    MARK,
    PRED,
    ROOM,
    ROUTE,
    SEGMENT,
    SEGMENTS,
    SPAN,
    STEP,
    SUCC,
    TAKEN,
    TIMED,
    WIDTH,
    Integer,
    Plain,
    at,
    below,
    close_route,
    join,
    pair_at,
    push_departures,
    push_latest,
    uniform,
)

REMOVED, LONGEST, SPLIT = 1, 2, 3
"""Entries of `tuning`: mean number removed, longest string, share of split strings."""

DEEPER = 0.01
"""Probability that a split string keeps one more client."""


@kernel(inline=True)
def remove_segment(s: Plain, first: Integer, number: Integer) -> Integer:
    """Take out a number of clients from `first` on along its route; return by how much the cost changes."""
    route = np.int64(s.node[at(first * WIDTH + ROUTE)])
    before = np.int64(s.node[at(first * WIDTH + PRED)])
    gone = np.int64(s.node[at(first * WIDTH + BACK)])
    goods, weight = np.int64(0), np.int64(0)
    v, last = first, first
    for k in range(s.count[TAKEN], s.count[TAKEN] + number):
        last = v
        base = v * WIDTH
        s.taken[at(k)] = v
        for i in range(WIDTH):
            s.records[at(k * WIDTH + i)] = s.node[at(base + i)]
        gone += s.node[at(base + STEP)]
        goods += s.fact[at(base + DEMAND)]
        weight += s.weight[at(v)]
        s.node[at(base + ROUTE)] = -1
        v = np.int64(s.node[at(base + SUCC)])
    s.count[TAKEN] += number
    log = s.count[SEGMENTS] * SEGMENT
    s.count[SEGMENTS] += 1
    s.segments[at(log)], s.segments[at(log + 1)] = before, v
    s.segments[at(log + 2)], s.segments[at(log + 3)] = first, last
    s.segments[at(log + 4)], s.segments[at(log + 5)] = route, s.node[at(before * WIDTH + SPAN)]
    s.segments[at(log + 6)], s.segments[at(log + 7)] = goods, number
    pair = at(pair_at(s, before, v))
    step, span = np.int64(s.onwards[pair]), np.int64(s.onwards_span[pair])
    join(s, route, before, v, step, span)
    s.route[at(route * WIDTH + ROOM)] += goods
    s.route[at(route * WIDTH + COUNT)] -= number
    if s.count[TIMED]:
        push_departures(s, np.int64(s.node[at(before * WIDTH + DEPART)]), span, v)
        push_latest(s, np.int64(s.node[at(v * WIDTH + LATEST)]), before)
    return weight + step - gone


@kernel(inline=True)
def string_start(s: Plain, v: Integer, whole: Integer) -> Integer:
    """Return the first client of a random string of `whole` clients that contains a client."""
    clients = s.count[CLIENTS]
    before, behind = 0, 0
    other = np.int64(s.node[at(v * WIDTH + PRED)])
    while other < clients and before < whole - 1:
        before += 1
        other = np.int64(s.node[at(other * WIDTH + PRED)])
    other = np.int64(s.node[at(v * WIDTH + SUCC)])
    while other < clients and behind < whole - 1:
        behind += 1
        other = np.int64(s.node[at(other * WIDTH + SUCC)])
    least, most = max(0, whole - 1 - behind), min(before, whole - 1)
    for _ in range(least + below(s, most - least + 1)):
        v = np.int64(s.node[at(v * WIDTH + PRED)])
    return v


@kernel(inline=True)
def remove_string(s: Plain, v: Integer, length: Integer, kept: Integer) -> Integer:
    """Take out a string of `length` clients that contains a client, keeping `kept` in its middle; return the change of cost."""
    first = string_start(s, v, length + kept)
    number = 1 + below(s, length - 1) if kept else length
    rest = first
    for _ in range(number + kept):
        rest = np.int64(s.node[at(rest * WIDTH + SUCC)])
    cost = np.int64(0)
    while True:
        cost += remove_segment(s, first, number)
        if number == length:
            return cost
        first, length = rest, length - number
        number = length


@kernel(inline=True)
def ruin(s: Plain, seed: Integer) -> Integer:
    """Take out strings from routes near a client, at most one from each; return the change of cost."""
    longest = max(1.0, min(s.tuning[LONGEST], (s.count[CLIENTS] - s.count[ABSENT]) / max(1, s.count[ACTIVE])))
    number = int(1.0 + uniform(s) * (4.0 * s.tuning[REMOVED] / (1.0 + longest) - 1.0))
    cost = np.int64(0)
    stamp = s.count[ITERATION] & 0x7FFFFFFF
    for k in range(seed * s.count[AROUND], (seed + 1) * s.count[AROUND]):
        v = np.int64(s.around[at(k)])
        route = np.int64(s.node[at(v * WIDTH + ROUTE)])
        if route < 0 or s.route[at(route * WIDTH + MARK)] == stamp:
            continue
        s.route[at(route * WIDTH + MARK)] = stamp
        size = np.int64(s.route[at(route * WIDTH + COUNT)])
        length = int(1.0 + uniform(s) * min(float(size), longest))
        kept = 0
        if 1 < length < size and uniform(s) < s.tuning[SPLIT]:
            kept = 1
            while length + kept < size and uniform(s) < DEEPER:
                kept += 1
        cost += remove_string(s, v, length, kept)
        if s.route[at(route * WIDTH + COUNT)] == 0:
            cost -= close_route(s, route)
        number -= 1
        if number <= 0:
            break
    return cost
