"""
Recreate: each client goes where it is cheapest, beside its near clients, in constant time for each place.

A place that improves is overlooked with a small probability (Christiaens and Vanden Berghe 2020), drawn as the number of places
until the next one that is overlooked.
"""

import math

import numpy as np

from solvers.compiled import kernel
from solvers.routing.plain.state_kernels import (
    ACTIVE,
    BACK,
    CLIENTS,
    COUNT,
    DEMAND,
    DEPART,
    DIRECTED,
    EARLY,
    FIRST,
    INFINITE,
    INSERTED,
    LAST,
    LATE,
    LATEST,
    MOST,
    NEIGHBOURS,
    PRED,
    ROOM,
    ROUTE,
    SERVICE,
    SKIP,
    SPAN,
    STEP,
    SUCC,
    TIMED,
    TYPE,
    TYPES,
    USED,
    VEHICLES,
    WIDTH,
    Integer,
    Plain,
    at,
    join,
    log_moment,
    open_route,
    pair_at,
    push_departures,
    push_latest,
    uniform,
)

BLINK = 0
"""Entry of `tuning`: probability that an improving place is overlooked."""


@kernel(inline=True)
def overlooked(s: Plain) -> bool:
    """Tell whether an improving place is overlooked; a geometric number of calls apart."""
    s.count[SKIP] -= 1
    if s.count[SKIP] > 0:
        return False
    rate = s.tuning[BLINK]
    if rate <= 0.0:
        s.count[SKIP] = INFINITE
        return False
    s.count[SKIP] = 1 + int(math.log(1.0 - uniform(s)) / math.log(1.0 - rate))
    return True


@kernel(inline=True)
def takes(s: Plain, route: Integer, c: Integer) -> bool:
    """Tell whether a route has room for a client, and its vehicle may serve it."""
    if s.route[at(route * WIDTH + ROOM)] < s.fact[at(c * WIDTH + DEMAND)]:
        return False
    return bool(s.count[TYPES] == 1 or s.allowed[at(s.route[at(route * WIDTH + TYPE)] * s.count[CLIENTS] + c)])


@kernel(inline=True)
def in_time(s: Plain, c: Integer, depart: Integer, reach: Integer, span: Integer, latest: Integer) -> bool:
    """Tell whether a client fits between an earliest departure, `reach` before it, and a latest start, `span` after it."""
    start = max(depart + reach, np.int64(s.fact[at(c * WIDTH + EARLY)]))
    return bool(start <= s.fact[at(c * WIDTH + LATE)] and start + s.fact[at(c * WIDTH + SERVICE)] + span <= latest)


@kernel(inline=True)
def cheapest_beside(s: Plain, c: Integer, best: Integer) -> tuple[Integer, Integer, Integer]:
    """
    Return route and node behind which a client is cheapest among the places on both sides of its near clients, and the cost.

    For symmetric costs without times. The route is -1 when no place is cheaper than `best`.
    """
    found, behind = np.int64(-1), np.int64(-1)
    row = pair_at(s, c, 0)
    for k in range(c * s.count[NEIGHBOURS], (c + 1) * s.count[NEIGHBOURS]):
        v = np.int64(s.near[at(k)])
        if v < 0:
            break
        base = v * WIDTH
        there = np.int64(s.near_cost[at(k)])
        before = np.int64(s.node[at(base + PRED)])
        first = there + s.onwards[at(row + s.node[at(base + SUCC)])] - s.node[at(base + STEP)]
        second = there + s.onwards[at(row + before)] - s.node[at(base + BACK)]
        # Most places end here; the links of a client on no route are read in vain.
        if min(first, second) >= best:
            continue
        route = np.int64(s.node[at(base + ROUTE)])
        if route < 0 or not takes(s, route, c):
            continue
        if first < best and not overlooked(s):
            found, behind, best = route, v, first
        if second < best and not overlooked(s):
            found, behind, best = route, before, second
    return found, behind, best


@kernel(inline=True)
def cheapest_directed(s: Plain, c: Integer, best: Integer) -> tuple[Integer, Integer, Integer]:
    """Return the same where directions or times count: behind clients that go well before it, before those behind it."""
    found, behind = np.int64(-1), np.int64(-1)
    row = pair_at(s, c, 0)
    timed = s.count[TIMED] != 0
    size = s.count[NEIGHBOURS]
    for k in range(c * size, (c + 1) * size):
        v = np.int64(s.near[at(k)])
        if v < 0:
            break
        base = v * WIDTH
        after = np.int64(s.node[at(base + SUCC)])
        cost = np.int64(s.near_cost[at(k)]) + s.onwards[at(row + after)] - s.node[at(base + STEP)]
        if cost >= best:
            continue
        route = np.int64(s.node[at(base + ROUTE)])
        if route < 0 or not takes(s, route, c):
            continue
        if timed:
            depart, latest = np.int64(s.node[at(base + DEPART)]), np.int64(s.node[at(after * WIDTH + LATEST)])
            if not in_time(s, c, depart, s.near_span[at(k)], s.onwards_span[at(row + after)], latest):
                continue
        if not overlooked(s):
            found, behind, best = route, v, cost
    size *= s.count[CLIENTS]
    for k in range(size + c * s.count[NEIGHBOURS], size + (c + 1) * s.count[NEIGHBOURS]):
        v = np.int64(s.near[at(k)])
        if v < 0:
            break
        base = v * WIDTH
        before = np.int64(s.node[at(base + PRED)])
        cost = np.int64(s.near_cost[at(k)]) + s.back[at(row + before)] - s.node[at(base + BACK)]
        if cost >= best:
            continue
        route = np.int64(s.node[at(base + ROUTE)])
        if route < 0 or not takes(s, route, c):
            continue
        if timed:
            depart, latest = np.int64(s.node[at(before * WIDTH + DEPART)]), np.int64(s.node[at(base + LATEST)])
            if not in_time(s, c, depart, s.back_span[at(row + before)], s.near_span[at(k)], latest):
                continue
        if not overlooked(s):
            found, behind, best = route, before, cost
    return found, behind, best


@kernel(inline=True)
def cheapest_end(s: Plain, c: Integer, best: Integer) -> tuple[Integer, Integer, Integer]:
    """Return the same over the first and last places of all routes, where no times count."""
    found, behind = np.int64(-1), np.int64(-1)
    row, clients = pair_at(s, c, 0), s.count[CLIENTS]
    for i in range(s.count[ACTIVE]):
        route = np.int64(s.slots[at(i)])
        if not takes(s, route, c):
            continue
        start = clients + 2 * np.int64(s.route[at(route * WIDTH + TYPE)])
        first, last = np.int64(s.route[at(route * WIDTH + FIRST)]), np.int64(s.route[at(route * WIDTH + LAST)])
        cost = np.int64(s.back[at(row + start)]) + s.onwards[at(row + first)] - s.node[at(first * WIDTH + BACK)]
        if cost < best and not overlooked(s):
            found, behind, best = route, start, cost
        cost = np.int64(s.back[at(row + last)]) + s.onwards[at(row + start + 1)] - s.node[at(last * WIDTH + STEP)]
        if cost < best and not overlooked(s):
            found, behind, best = route, last, cost
    return found, behind, best


@kernel()
def cheapest_anywhere(s: Plain, c: Integer, best: Integer) -> tuple[Integer, Integer, Integer]:
    """Return the same over all places."""
    found, behind = np.int64(-1), np.int64(-1)
    row, clients = pair_at(s, c, 0), s.count[CLIENTS]
    for i in range(s.count[ACTIVE]):
        route = np.int64(s.slots[at(i)])
        if not takes(s, route, c):
            continue
        before = clients + 2 * np.int64(s.route[at(route * WIDTH + TYPE)])
        after = np.int64(s.route[at(route * WIDTH + FIRST)])
        while True:
            step = (
                np.int64(s.node[at(after * WIDTH + BACK)]) if after < clients else np.int64(s.node[at(before * WIDTH + STEP)])
            )
            cost = np.int64(s.back[at(row + before)]) + s.onwards[at(row + after)] - step
            depart, latest = np.int64(s.node[at(before * WIDTH + DEPART)]), np.int64(s.node[at(after * WIDTH + LATEST)])
            if (
                cost < best
                and (
                    s.count[TIMED] == 0
                    or in_time(s, c, depart, s.back_span[at(row + before)], s.onwards_span[at(row + after)], latest)
                )
                and not overlooked(s)
            ):
                found, behind, best = route, before, cost
            if after >= clients:
                break
            before = after
            after = np.int64(s.node[at(before * WIDTH + SUCC)])
    return found, behind, best


@kernel(inline=True)
def insert_behind(s: Plain, c: Integer, route: Integer, before: Integer, opened: Integer) -> None:
    """Link a client behind a node of a route, and log it."""
    clients = s.count[CLIENTS]
    after = np.int64(s.node[at(before * WIDTH + SUCC)]) if before < clients else np.int64(s.route[at(route * WIDTH + FIRST)])
    base = c * WIDTH
    k = 4 * s.count[INSERTED]
    s.count[INSERTED] += 1
    s.inserted[at(k)], s.inserted[at(k + 1)], s.inserted[at(k + 3)] = c, s.node[at(before * WIDTH + SPAN)], opened
    s.inserted[at(k + 2)] = s.node[at(after * WIDTH + BACK)] if after < clients else s.node[at(before * WIDTH + STEP)]
    there, onwards = at(pair_at(s, c, before)), at(pair_at(s, c, after))
    reach, span = np.int64(s.back_span[there]), np.int64(s.onwards_span[onwards])
    s.node[at(base + ROUTE)] = route
    join(s, route, before, c, s.back[there], reach)
    join(s, route, c, after, s.onwards[onwards], span)
    s.route[at(route * WIDTH + ROOM)] -= s.fact[at(base + DEMAND)]
    s.route[at(route * WIDTH + COUNT)] += 1
    if s.count[TIMED]:
        service = np.int64(s.fact[at(base + SERVICE)])
        depart = max(s.node[at(before * WIDTH + DEPART)] + reach, np.int64(s.fact[at(base + EARLY)])) + service
        latest = min(s.node[at(after * WIDTH + LATEST)] - span - service, np.int64(s.fact[at(base + LATE)]))
        log_moment(s, base + DEPART, depart)
        log_moment(s, base + LATEST, latest)
        push_departures(s, depart, span, after)
        push_latest(s, latest, before)


@kernel(inline=True)
def insert(s: Plain, c: Integer) -> Integer:
    """Serve a client where it is cheapest, be it on a new route; return the change of cost, 0 where it stays out."""
    limit = s.weight[at(c)]
    if s.count[DIRECTED]:
        route, before, best = cheapest_directed(s, c, limit)
    else:
        route, before, best = cheapest_beside(s, c, limit)
    if route < 0 and s.count[TIMED] == 0:
        route, before, best = cheapest_end(s, c, limit)
    kind = np.int64(-1)
    for other in range(s.count[TYPES] if s.count[ACTIVE] < s.count[MOST] else 0):
        cost = s.alone[at(other * s.count[CLIENTS] + c)]
        if cost < best and s.kinds[at(other * WIDTH + USED)] < s.kinds[at(other * WIDTH + VEHICLES)]:
            kind, best = np.int64(other), cost
    if route < 0 and kind < 0:
        route, before, best = cheapest_anywhere(s, c, limit)
        if route < 0:
            return np.int64(0)
    opened = 0
    if kind >= 0:
        route = open_route(s, kind)
        before = s.count[CLIENTS] + 2 * kind
        opened = 1
    insert_behind(s, c, route, before, opened)
    return best - limit
