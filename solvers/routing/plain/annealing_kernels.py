"""
Ruin and recreate with simulated annealing on a plain problem: one compiled piece of the search.

A piece starts and ends with a feasible plan. An iteration that is not accepted is taken back from its log in reverse order:
moments, insertions, closed routes, removed segments.
"""

import math
from typing import Any

import numpy as np

from solvers.borrowed import borrowed
from solvers.compiled import kernel
from solvers.routing.plain.insertion_kernels import insert, insert_behind
from solvers.routing.plain.removal_kernels import ruin
from solvers.routing.plain.state_kernels import (
    ABSENT,
    ACCEPTED,
    ACTIVE,
    AROUND,
    BACK,
    BEST_COST,
    CAPACITY,
    CLIENTS,
    CLOSED,
    COST,
    COUNT,
    DEMAND,
    EMPTY,
    FIRST,
    FIXED,
    INSERTED,
    ITERATION,
    MARK,
    MOMENTS,
    PRED,
    ROOM,
    ROUTE,
    SEGMENT,
    SEGMENTS,
    SLOT,
    SPAN,
    STEP,
    SUCC,
    TAKEN,
    TYPE,
    TYPES,
    USED,
    WIDTH,
    Integer,
    Plain,
    at,
    below,
    join,
    open_route,
    pair_at,
    uniform,
)

HOT, COOLING, SORTS = 4, 5, 6
"""Entries of `tuning`: temperature, its factor per iteration, and from SORTS on cumulated shares of the orders of insertion."""

SORT_KINDS = 7
"""At random, then by the rows of `keys`."""

MOST_OLD = 12
"""Most clients absent before that are tried in one iteration."""

SIGNATURE = (
    "void(int64[::1], float64[::1], uint64[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], "
    "int32[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64[::1], uint8[::1], int64[::1], int32[::1], int32[::1], "
    "int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], "
    "int32[::1], int64)"
)


@kernel(inline=True)
def sort_orders(s: Plain, size: Integer) -> None:
    """Put the clients to be inserted into a random kind of order."""
    x = uniform(s)
    kind = 0
    while kind < SORT_KINDS - 1 and x >= s.tuning[at(SORTS + kind)]:
        kind += 1
    if kind == 0:
        for i in range(size - 1, 0, -1):
            j = below(s, i + 1)
            other = s.orders[at(i)]
            s.orders[at(i)] = s.orders[at(j)]
            s.orders[at(j)] = other
        return
    keys = (kind - 1) * s.count[CLIENTS]
    for i in range(1, size):
        own = s.orders[at(i)]
        key = s.keys[at(keys + own)]
        j = i - 1
        while j >= 0 and s.keys[at(keys + s.orders[at(j)])] > key:
            s.orders[at(j + 1)] = s.orders[at(j)]
            j -= 1
        s.orders[at(j + 1)] = own


@kernel()
def add_old(s: Plain, size: Integer, seed: Integer) -> Integer:
    """Add clients absent before to those to be inserted, those near the seed when they are many; return how many there are."""
    if s.count[ABSENT] <= MOST_OLD:
        for i in range(s.count[ABSENT]):
            s.orders[at(size + i)] = s.absent[at(i)]
        return size + s.count[ABSENT]
    removed = size
    for k in range(seed * s.count[AROUND], (seed + 1) * s.count[AROUND]):
        v = s.around[at(k)]
        if size >= removed + MOST_OLD:
            break
        new = s.node[at(v * WIDTH + ROUTE)] < 0
        for i in range(removed):
            new = new and s.orders[at(i)] != v
        if new:
            s.orders[at(size)] = v
            size += 1
    return size


@kernel()
def note_absent(s: Plain, size: Integer) -> None:
    """Bring the list of absent clients up to date after an accepted iteration that tried `size` clients."""
    absent = 0
    for i in range(s.count[ABSENT]):
        v = s.absent[at(i)]
        if s.node[at(v * WIDTH + ROUTE)] < 0:
            s.absent[at(absent)] = v
            absent += 1
    old = absent
    for i in range(size):
        v = s.orders[at(i)]
        new = s.node[at(v * WIDTH + ROUTE)] < 0
        for j in range(old):
            new = new and s.absent[at(j)] != v
        if new:
            s.absent[at(absent)] = v
            absent += 1
    s.count[ABSENT] = absent


@kernel(inline=True)
def put_back(s: Plain, k: Integer) -> None:
    """Link a removed segment again, whose own records are as they were."""
    before, behind = np.int64(s.segments[at(k)]), np.int64(s.segments[at(k + 1)])
    first, last = np.int64(s.segments[at(k + 2)]), np.int64(s.segments[at(k + 3)])
    route = np.int64(s.segments[at(k + 4)])
    s.route[at(route * WIDTH + ROOM)] -= s.segments[at(k + 6)]
    s.route[at(route * WIDTH + COUNT)] += s.segments[at(k + 7)]
    join(s, route, before, first, np.int64(s.node[at(first * WIDTH + BACK)]), s.segments[at(k + 5)])
    join(s, route, last, behind, np.int64(s.node[at(last * WIDTH + STEP)]), np.int64(s.node[at(last * WIDTH + SPAN)]))


@kernel(inline=True)
def reopen(s: Plain, k: Integer) -> None:
    """Make a closed route active again, as it was."""
    r, place = np.int64(s.closed[at(k)]), np.int64(s.closed[at(k + 1)])
    kind, active = np.int64(s.closed[at(k + 2)]), s.count[ACTIVE]
    other = np.int64(s.slots[at(place)])
    s.slots[at(active)], s.slots[at(place)] = other, r
    s.route[at(other * WIDTH + SLOT)], s.route[at(r * WIDTH + SLOT)] = active, place
    s.count[ACTIVE] = active + 1
    s.route[at(r * WIDTH + TYPE)], s.route[at(r * WIDTH + COUNT)] = kind, 0
    s.route[at(r * WIDTH + ROOM)] = s.kinds[at(kind * WIDTH + CAPACITY)]
    s.kinds[at(kind * WIDTH + USED)] += 1


@kernel(inline=True)
def undo(s: Plain) -> None:
    """Take everything in the log back: insertions, closed routes, removed segments, moments."""
    for k in range(4 * s.count[INSERTED] - 4, -1, -4):
        c = np.int64(s.inserted[at(k)])
        base = c * WIDTH
        route = np.int64(s.node[at(base + ROUTE)])
        before, after = np.int64(s.node[at(base + PRED)]), np.int64(s.node[at(base + SUCC)])
        join(s, route, before, after, s.inserted[at(k + 2)], s.inserted[at(k + 1)])
        s.route[at(route * WIDTH + ROOM)] += s.fact[at(base + DEMAND)]
        s.route[at(route * WIDTH + COUNT)] -= 1
        s.node[at(base + ROUTE)] = -1
        if s.inserted[at(k + 3)]:
            s.count[ACTIVE] -= 1
            s.kinds[at(s.route[at(route * WIDTH + TYPE)] * WIDTH + USED)] -= 1
    for k in range(3 * s.count[CLOSED] - 3, -1, -3):
        reopen(s, k)
    for i in range(s.count[TAKEN]):
        base = np.int64(s.taken[at(i)]) * WIDTH
        for j in range(WIDTH):
            s.node[at(base + j)] = s.records[at(i * WIDTH + j)]
    for k in range(SEGMENT * s.count[SEGMENTS] - SEGMENT, -1, -SEGMENT):
        put_back(s, k)
    for k in range(2 * s.count[MOMENTS] - 2, -1, -2):
        s.node[at(s.moments[at(k)])] = s.moments[at(k + 1)]


@kernel(inline=True)
def forget(s: Plain) -> None:
    """Empty the log."""
    s.count[TAKEN], s.count[SEGMENTS], s.count[CLOSED], s.count[INSERTED], s.count[MOMENTS] = 0, 0, 0, 0, 0


@kernel()
def write_plan(s: Plain, plan: Any) -> None:
    """Write the plan as a list: number of routes, then for each its vehicle type, number of clients and clients."""
    plan[0] = s.count[ACTIVE]
    k = 1
    for i in range(s.count[ACTIVE]):
        route = np.int64(s.slots[at(i)])
        plan[k], plan[k + 1] = s.route[at(route * WIDTH + TYPE)], s.route[at(route * WIDTH + COUNT)]
        k += 2
        v = np.int64(s.route[at(route * WIDTH + FIRST)])
        while v < s.count[CLIENTS]:
            plan[k] = v
            k += 1
            v = np.int64(s.node[at(v * WIDTH + SUCC)])


@kernel()
def seat(s: Plain, plan: Any) -> Integer:
    """Start from a list of routes as `write_plan` writes it; list the clients that it leaves out and return their number."""
    clients = s.count[CLIENTS]
    s.count[ACTIVE], s.count[COST] = 0, 0
    for r in range(len(s.slots)):
        s.slots[r], s.route[r * WIDTH + SLOT], s.route[r * WIDTH + MARK] = r, r, -1
    for k in range(s.count[TYPES]):
        s.kinds[k * WIDTH + USED] = 0
    for v in range(clients):
        s.node[v * WIDTH + ROUTE] = -1
    k = 1
    for _ in range(plan[0]):
        kind, size = np.int64(plan[k]), plan[k + 1]
        k += 2
        route = open_route(s, kind)
        start = clients + 2 * kind
        before: Integer = start
        s.count[COST] += s.kinds[kind * WIDTH + FIXED] + s.kinds[kind * WIDTH + EMPTY]
        for i in range(k, k + size):
            forget(s)
            c = np.int64(plan[i])
            s.count[COST] += s.onwards[pair_at(s, before, c)] + s.onwards[pair_at(s, c, start + 1)]
            s.count[COST] -= s.onwards[pair_at(s, before, start + 1)]
            insert_behind(s, c, route, before, 0)
            before = c
        k += size
    size = 0
    for v in range(clients):
        if s.node[v * WIDTH + ROUTE] < 0:
            s.orders[size] = v
            s.count[COST] += s.weight[v]
            size += 1
    s.count[ABSENT] = 0
    return size


@kernel(inline=True)
def collect(s: Plain, seed: Integer) -> Integer:
    """List the clients to be inserted: those removed, and some absent before; return how many there are."""
    for i in range(s.count[TAKEN]):
        s.orders[at(i)] = s.taken[at(i)]
    return add_old(s, s.count[TAKEN], seed) if s.count[ABSENT] else s.count[TAKEN]


@kernel(SIGNATURE)
def anneal(
    count: Any, tuning: Any, random: Any, onwards: Any, back: Any, onwards_span: Any, back_span: Any, near: Any, near_cost: Any,
    near_span: Any, around: Any, fact: Any, keys: Any, weight: Any, alone: Any, allowed: Any, kinds: Any, node: Any, route: Any,
    slots: Any, absent: Any, orders: Any, taken: Any, records: Any, segments: Any, closed: Any, inserted: Any, moments: Any,
    plan: Any, best: Any, iterations: Integer,
) -> None:  # fmt: skip
    """
    Run a number of iterations; 0 starts from `plan`, -1 writes the present plan to it.

    `best` is the list of the best plan, as `write_plan` writes it; the others are the fields of `Plain`. A new best plan is
    written only when the search is about to leave it, which costs that step: writing it takes as long as many iterations.
    """
    s = Plain(
        borrowed(count), borrowed(tuning), borrowed(random), borrowed(onwards), borrowed(back), borrowed(onwards_span),
        borrowed(back_span), borrowed(near), borrowed(near_cost), borrowed(near_span), borrowed(around), borrowed(fact),
        borrowed(keys), borrowed(weight), borrowed(alone), borrowed(allowed), borrowed(kinds), borrowed(node), borrowed(route),
        borrowed(slots), borrowed(absent), borrowed(orders), borrowed(taken), borrowed(records), borrowed(segments),
        borrowed(closed), borrowed(inserted), borrowed(moments),
    )  # fmt: skip
    if iterations < 0:
        write_plan(s, plan)
        return
    start = iterations == 0
    pending = False
    heat = tuning[HOT]
    for _ in range(max(1, iterations)):
        forget(s)
        count[ITERATION] += 1
        change, size = np.int64(0), np.int64(0)
        if start:
            size = seat(s, plan)
        else:
            seed = below(s, count[CLIENTS])
            change = ruin(s, seed)
            size = collect(s, seed)
        sort_orders(s, size)
        for i in range(size):
            if start:
                forget(s)
            change += insert(s, np.int64(orders[at(i)]))
        worse = not start and change >= -heat * math.log(1.0 - uniform(s))
        if worse or (pending and change >= 0):
            undo(s)
            if pending and not worse:
                write_plan(s, best)
                pending = False
        else:
            if size > count[TAKEN] or count[INSERTED] < size:
                note_absent(s, size)
            count[ACCEPTED] += 1
            count[COST] += change
            pending = pending or count[COST] < count[BEST_COST]
            if pending:
                count[BEST_COST] = count[COST]
        heat *= tuning[COOLING]
    if pending:
        write_plan(s, best)
    tuning[HOT] = heat
