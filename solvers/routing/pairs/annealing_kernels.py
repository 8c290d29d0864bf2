"""
Ruin and recreate with simulated annealing on shipments: one compiled piece of the search.

A piece starts and ends with a feasible plan. An iteration that is not accepted is taken back from the copies of the routes that
it changed.
"""

import math
from typing import Any

import numpy as np

from solvers.compiled import kernel
from solvers.routing.pairs.insertion_kernels import insert
from solvers.routing.pairs.removal_kernels import ruin
from solvers.routing.pairs.state_kernels import (
    ABSENT,
    ACCEPTED,
    BEST_COST,
    COST,
    DIRTY,
    ENTRIES,
    FARTHEST,
    ITERATION,
    KIN,
    LENGTH,
    NEIGHBOURS,
    ORDERS,
    REACH,
    SHIPMENTS,
    SLOTS,
    STOP,
    TOUCHED,
    TYPE,
    WIDTH,
    Integer,
    Pairs,
    at,
    below,
    cell,
    take_back,
    uniform,
)

HOT, COOLING, SORTS = 6, 7, 8
"""Entries of `tuning`: temperature, its factor per iteration, and from SORTS on cumulated shares of the orders of insertion."""

SORT_KINDS = 7
"""At random, then by the rows of `keys`."""

FAR = SORTS + SORT_KINDS
"""Entry of `tuning`: share of the iterations that look farther for routes."""

MOST_OLD = 12
"""Most shipments absent before that are tried in one iteration."""

SIGNATURE = (
    "void(int64[::1], float64[::1], uint64[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], "
    "int32[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64[::1], uint8[::1], int64[::1], int32[::1], int32[::1], "
    "int64[::1], int64[::1], int64[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int64[::1], "
    "int32[::1], int32[::1], int32[::1], int64)"
)


@kernel()
def sort_orders(s: Pairs, size: Integer) -> None:
    """Put the shipments to be inserted into a random kind of order."""
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
    keys = (kind - 1) * s.count[SHIPMENTS]
    for i in range(1, size):
        own = s.orders[at(i)]
        key = s.keys[at(keys + own)]
        j = i - 1
        while j >= 0 and s.keys[at(keys + s.orders[at(j)])] > key:
            s.orders[at(j + 1)] = s.orders[at(j)]
            j -= 1
        s.orders[at(j + 1)] = own


@kernel()
def add_old(s: Pairs, seed: Integer) -> None:
    """Add shipments absent before to those to be inserted: all, or those like the seed when they are many."""
    if s.count[ABSENT] <= MOST_OLD:
        for i in range(s.count[ABSENT]):
            s.orders[at(s.count[ORDERS] + i)] = s.absent[at(i)]
        s.count[ORDERS] += s.count[ABSENT]
        return
    removed = s.count[ORDERS]
    for k in range(seed * s.count[KIN], (seed + 1) * s.count[KIN]):
        shipment = np.int64(s.kin[at(k)])
        if shipment < 0 or s.count[ORDERS] >= removed + MOST_OLD:
            return
        new = s.owner[at(shipment)] < 0
        for i in range(removed):
            new = new and s.orders[at(i)] != shipment
        if new:
            s.orders[at(s.count[ORDERS])] = shipment
            s.count[ORDERS] += 1


@kernel()
def note_absent(s: Pairs) -> None:
    """Bring the list of absent shipments up to date with the plan."""
    kept = 0
    for i in range(s.count[ABSENT]):
        shipment = s.absent[at(i)]
        if s.owner[at(shipment)] < 0:
            s.absent[at(kept)] = shipment
            kept += 1
    old = kept
    for i in range(s.count[ORDERS]):
        shipment = s.orders[at(i)]
        new = s.owner[at(shipment)] < 0
        for j in range(old):
            new = new and s.absent[at(j)] != shipment
        if new:
            s.absent[at(kept)] = shipment
            kept += 1
    s.count[ABSENT] = kept


@kernel()
def note_dirty(s: Pairs) -> None:
    """Note the routes that an accepted iteration has changed."""
    for t in range(s.count[TOUCHED]):
        route = np.int64(s.touched[at(t)])
        if not s.dirty[at(s.count[SLOTS] + route)]:
            s.dirty[at(s.count[SLOTS] + route)] = 1
            s.dirty[at(s.count[DIRTY])] = route
            s.count[DIRTY] += 1


@kernel()
def keep_best(s: Pairs) -> None:
    """Copy the routes that differ from the best plan to it."""
    for t in range(s.count[DIRTY]):
        route = np.int64(s.dirty[at(t)])
        s.dirty[at(s.count[SLOTS] + route)] = 0
        length = s.entry[at(route * ENTRIES + LENGTH)]
        s.best_entry[at(2 * route)], s.best_entry[at(2 * route + 1)] = length, s.entry[at(route * ENTRIES + TYPE)]
        stops, copy = cell(s, route, STOP), route * s.count[WIDTH]
        for i in range(length):
            s.best[at(copy + i)] = s.table[at(stops + i)]
    s.count[DIRTY] = 0
    s.count[BEST_COST] = s.count[COST]


@kernel()
def construct(s: Pairs) -> None:
    """Insert what is absent, the farthest first, and keep the plan."""
    s.count[ITERATION] += 1
    s.count[ORDERS], s.count[TOUCHED] = s.count[ABSENT], 0
    s.count[REACH] = s.count[NEIGHBOURS]
    for i in range(s.count[ABSENT]):
        s.orders[at(i)] = s.absent[at(i)]
    for i in range(s.count[ORDERS]):
        insert(s, np.int64(s.orders[at(i)]))
    note_absent(s)
    note_dirty(s)
    keep_best(s)


@kernel()
def iterate(s: Pairs, heat: float) -> None:
    """Take out shipments, put them back, and keep the plan or take the iteration back."""
    before = s.count[COST]
    s.count[ITERATION] += 1
    s.count[ORDERS], s.count[TOUCHED] = 0, 0
    s.count[REACH] = s.count[FARTHEST] if uniform(s) < s.tuning[FAR] else s.count[NEIGHBOURS]
    seed = below(s, 2 * s.count[SHIPMENTS])
    ruin(s, seed)
    add_old(s, seed >> 1)
    sort_orders(s, s.count[ORDERS])
    for i in range(s.count[ORDERS]):
        insert(s, np.int64(s.orders[at(i)]))
    if s.count[COST] < before - heat * math.log(1.0 - uniform(s)):
        if s.count[TOUCHED]:
            s.count[ACCEPTED] += 1
            note_absent(s)
            note_dirty(s)
        if s.count[COST] < s.count[BEST_COST]:
            keep_best(s)
        return
    for i in range(s.count[ORDERS]):
        s.owner[at(s.orders[at(i)])] = -1
    take_back(s)
    s.count[COST] = before


@kernel(SIGNATURE)
def anneal_pairs(
    count: Any, tuning: Any, random: Any, onwards: Any, back: Any, onwards_span: Any, back_span: Any, near: Any, around: Any,
    kin: Any, fact: Any, goods: Any, keys: Any, weight: Any, alone: Any, allowed: Any, kinds: Any, table: Any, copies: Any,
    entry: Any, total: Any, totals: Any, slots: Any, owner: Any, position: Any, absent: Any, orders: Any, touched: Any,
    detour: Any, best: Any, best_entry: Any, dirty: Any, iterations: Integer,
) -> None:  # fmt: skip
    """Run a number of iterations; 0 inserts what is absent and keeps the result. The others are the fields of `Pairs`."""
    s = Pairs(
        count, tuning, random, onwards, back, onwards_span, back_span, near, around, kin, fact, goods, keys, weight, alone,
        allowed, kinds, table, copies, entry, total, totals, slots, owner, position, absent, orders, touched, detour, best,
        best_entry, dirty,
    )  # fmt: skip
    if iterations == 0:
        construct(s)
        return
    heat = tuning[HOT]
    for _ in range(iterations):
        iterate(s, heat)
        heat *= tuning[COOLING]
    tuning[HOT] = heat
