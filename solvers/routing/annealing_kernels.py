"""
Ruin and recreate with simulated annealing: one compiled piece of the search.

A piece starts and ends with a feasible plan in the table. Changes of an iteration are logged, and taken back when the new plan
is not accepted. The best plan is brought up to date from the places changed since, when they are few.
"""

import math
from typing import Any

import numpy as np

from solvers.borrowed import borrowed
from solvers.compiled import kernel
from solvers.routing.insertion_kernels import insert_client
from solvers.routing.pair_insertion_kernels import insert_pair
from solvers.routing.removal_kernels import ruin
from solvers.routing.route_profile_kernels import refresh
from solvers.routing.route_state_kernels import (
    ABSENT,
    ACCEPTED,
    ACTIVE,
    ADJACENT,
    AROUND,
    BEST_COST,
    COST,
    DIRTY,
    DURATIONS,
    KEYS,
    LOGGED,
    MARK,
    ORDERS,
    ORDERS_ABSENT,
    PARTNER,
    RANK,
    ROUTE,
    ROUTES_ACTIVE,
    SERVED,
    SIZES,
    STOPS,
    TOUCHED,
    TOUCHED_ROUTES,
    TRIP_LOADS,
    Integer,
    Search,
    below,
    take_back,
    uniform,
)
from solvers.routing.vehicle_type_kernels import choose_types, try_other_type

HOT, COOLING, SORTS = 6, 7, 8
"""Entries of `tuning`: temperature, its factor per iteration, and from SORTS on cumulated shares of the orders of insertion."""

SORT_KINDS = 7
"""At random, then by the rows of `keys`."""

MOST_OLD = 12
"""Most orders absent before that are tried in one iteration."""

SIGNATURE = (
    "void(int64[::1], float64[::1], uint64[::1], int32[:,:,::1], int32[:,:,::1], int32[:,::1], int64[:,::1], uint8[:,::1], "
    "int64[:,::1], int64[:,::1], int64[:,::1], int64[:,::1], int64[:,::1], int64)"
)


@kernel()
def sort_orders(s: Search, size: Integer) -> None:
    """Put the orders to be inserted into a random kind of order."""
    x = uniform(s)
    kind = 0
    while kind < SORT_KINDS - 1 and x >= s.tuning[SORTS + kind]:
        kind += 1
    orders = s.work[ORDERS]
    if kind == 0:
        for i in range(size - 1, 0, -1):
            j = below(s, i + 1)
            orders[i], orders[j] = orders[j], orders[i]
        return
    keys = s.stops[KEYS + kind - 1]
    for i in range(1, size):
        own = orders[i]
        key = keys[own]
        j = i - 1
        while j >= 0 and keys[orders[j]] > key:
            orders[j + 1] = orders[j]
            j -= 1
        orders[j + 1] = own


@kernel(inline=True)
def insert_order(s: Search, stop: Integer) -> None:
    """Serve a client or a shipment where it fits."""
    if s.stops[PARTNER, stop] < 0:
        insert_client(s, stop)
    else:
        insert_pair(s, stop)


@kernel(inline=True)
def known(s: Search, stop: Integer) -> bool:
    """Tell whether an order is listed under this stop: a client, or the pickup of a shipment."""
    other = s.stops[PARTNER, stop]
    return bool(other < 0 or other > stop)


@kernel()
def recreate(s: Search, old: Integer, seed: Integer) -> None:
    """Insert the orders taken out in this iteration, and of the `old` ones absent before those nearest to the seed."""
    table = s.table
    size = table[SIZES, ORDERS_ABSENT] - old
    for i in range(size):
        s.work[ORDERS, i] = table[ABSENT, old + i]
    if old <= MOST_OLD:
        for i in range(old):
            s.work[ORDERS, size + i] = table[ABSENT, i]
        size += old
    else:
        most = size + MOST_OLD
        for k in range(s.count[ADJACENT]):
            stop = np.int64(s.near[AROUND, seed, k])
            if stop < 0 or size >= most:
                break
            # A shipment is known by its pickup; what this iteration took out is on the list already.
            if table[ROUTE, stop] < 0 and known(s, stop) and table[RANK, stop] < old:
                s.work[ORDERS, size] = stop
                size += 1
    sort_orders(s, size)
    for i in range(size):
        insert_order(s, s.work[ORDERS, i])


@kernel()
def note_dirty(s: Search, dirty: Any) -> None:
    """Note the places that an accepted iteration has changed."""
    at = s.count[DIRTY]
    if at < 0 or at + s.count[LOGGED] > dirty.shape[0]:
        s.count[DIRTY] = -1
        return
    for i in range(s.count[LOGGED]):
        dirty[at + i, 0] = s.log[i, 0]
        dirty[at + i, 1] = s.log[i, 1]
    s.count[DIRTY] = at + s.count[LOGGED]


@kernel()
def keep_best(s: Search, best: Any, dirty: Any) -> None:
    """Copy the plan to the best one."""
    if s.count[DIRTY] < 0:
        for row in range(best.shape[0]):
            for column in range(best.shape[1]):
                best[row, column] = s.table[row, column]
    else:
        for i in range(s.count[DIRTY]):
            best[dirty[i, 0], dirty[i, 1]] = s.table[dirty[i, 0], dirty[i, 1]]
    s.count[DIRTY] = 0
    s.count[BEST_COST] = s.count[COST]


@kernel()
def undo(s: Search, before: Integer) -> None:
    """Take an iteration back, and what is known of the routes it touched."""
    take_back(s)
    if s.count[TRIP_LOADS] or s.count[DURATIONS]:
        for i in range(s.count[TOUCHED]):
            refresh(s, s.work[TOUCHED_ROUTES, i])
    s.count[COST] = before


@kernel(SIGNATURE)
def anneal(
    count: Any, tuning: Any, random: Any, matrix: Any, near: Any, stops: Any, fleet: Any, allowed: Any, table: Any, work: Any,
    log: Any, best: Any, dirty: Any, iterations: Integer,
) -> None:  # fmt: skip
    """
    Run a number of iterations; 0 inserts what is absent and keeps the result, -1 reads another plan from the table.

    `best` is the table of the best plan, `dirty` room for the places in which the two differ; the others are the fields of
    `Search`.
    """
    s = Search(
        borrowed(count), borrowed(tuning), borrowed(random), borrowed(matrix), borrowed(near), borrowed(stops),
        borrowed(fleet), borrowed(allowed), borrowed(table), borrowed(work), borrowed(log),
    )  # fmt: skip
    if iterations < 0:
        # Another plan was put into the table: bring up to date what is known of its routes.
        cost = count[COST]
        for i in range(table[SIZES, ROUTES_ACTIVE]):
            refresh(s, table[ACTIVE, i])
        count[COST] = cost
        return
    if iterations == 0:
        count[LOGGED], count[TOUCHED] = 0, 0
        count[MARK] += 1
        size = table[SIZES, ORDERS_ABSENT]
        for i in range(size):
            work[ORDERS, i] = table[ABSENT, i]
        sort_orders(s, size)
        for i in range(size):
            count[LOGGED] = 0
            insert_order(s, work[ORDERS, i])
        count[DIRTY] = -1
        keep_best(s, best, dirty)
        return
    heat = tuning[HOT]
    for _ in range(iterations):
        before = count[COST]
        count[LOGGED], count[TOUCHED] = 0, 0
        count[MARK] += 1
        old = table[SIZES, ORDERS_ABSENT]
        count[SERVED] = count[STOPS] - old
        seed = ruin(s)
        try_other_type(s)
        recreate(s, old, seed)
        choose_types(s)
        if count[COST] < before - heat * math.log(1.0 - uniform(s)):
            if count[LOGGED]:
                count[ACCEPTED] += 1
                note_dirty(s, dirty)
            if count[COST] < count[BEST_COST]:
                keep_best(s, best, dirty)
        else:
            undo(s, before)
        heat *= tuning[COOLING]
    tuning[HOT] = heat
