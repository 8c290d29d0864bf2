"""Routes from pairs of labels, compiled: a forward label, an arc, a backward label."""

from typing import Any

import numpy as np

from solvers.borrowed import borrowed
from solvers.compiled import kernel
from solvers.routing.column_generation.label_kernels import (
    COST,
    LOAD,
    NEXT,
    PARITY,
    SET,
    TIME,
    Integer,
    Label,
    Store,
    even_visits,
    label_at,
)

POLL = 255
STOPPED = 1
"""Returned instead of a reduced cost, which is never above 0."""


@kernel()
def list_by_cost(store: Store, order: Any, costs: Any, first: Any) -> None:
    """Write the labels of every node to `order`, cheapest first, and where each node begins to `first`."""
    count = 0
    nodes, buckets = store.heads.shape
    for node in range(nodes):
        first[node] = count
        for bucket in range(buckets):
            at = store.heads[node, bucket]
            while at >= 0:
                order[count], costs[count] = at, store.labels[at, COST]
                count += 1
                at = store.labels[at, NEXT]
        begin = first[node]
        own = np.argsort(costs[begin:count])
        order[begin:count] = order[begin:count][own]
    first[nodes] = count


@kernel()
def best_partner(
    new: Label, labels: Any, order: Any, begin: Integer, end: Integer, best: Integer, horizon: Integer, capacity: Integer,
    penalties: Any,
) -> tuple[Integer, Integer]:  # fmt: skip
    """Return the least reduced cost below `best` of a forward label with the arc behind it and a backward one, and which."""
    partner = -1
    for k in range(begin, end):
        other = order[k]
        total = new.cost + labels[other, COST]
        if total >= best:
            break
        if new.time + labels[other, TIME] > horizon or new.load + labels[other, LOAD] > capacity:
            continue
        both = (new.set_0 & labels[other, SET]) | (new.set_1 & labels[other, SET + 1]) | (new.set_2 & labels[other, SET + 2])
        if both != 0:
            continue
        total += even_visits(new.parity & labels[other, PARITY], penalties)
        if total < best:
            best, partner = total, other
    return best, partner


@kernel(
    "int64(int64[:,::1], int64[:,::1], int64, int64, int64[::1], int64[::1], int64[::1], int64[:,::1], int32[:,::1], int64,"
    "int64[:,::1], int32[:,::1], int64, int64[:,::1], int32[:,:,::1], uint8[::1])"
)
def join(
    cost: Any, duration: Any, horizon: Integer, capacity: Integer, starts: Any, successors: Any, penalties: Any,
    fore: Any, fore_heads: Any, fore_count: Integer, back: Any, back_heads: Any, back_count: Integer,
    pair_cost: Any, pairs: Any, stop: Any,
) -> Integer:  # fmt: skip
    """
    Find for every arc the cheapest route over it that a forward and a backward label make, if its reduced cost is negative.

    `pair_cost`, shape (N, N), and `pairs`, shape (N, N, 2), take the reduced costs and the labels. Returns the least reduced
    cost, 0 when none is negative, or STOPPED.
    """
    nodes = fore_heads.shape[0]
    order_f, first_f = np.empty(fore_count, dtype=np.int32), np.empty(nodes + 1, dtype=np.int64)
    order_b, first_b = np.empty(back_count, dtype=np.int32), np.empty(nodes + 1, dtype=np.int64)
    costs = np.empty(max(fore_count, back_count), dtype=np.int64)
    list_by_cost(Store(fore, fore_heads, fore_heads, first_f), order_f, costs, first_f)
    list_by_cost(Store(back, back_heads, back_heads, first_b), order_b, costs, first_b)
    labels, ordered, prices = borrowed(back), borrowed(order_b), borrowed(penalties)
    pair_cost[:, :] = 0
    least, done = 0, 0
    for tail in range(nodes):
        for k in range(starts[tail], starts[tail + 1]):
            head = successors[k]
            begin, end = first_b[head], first_b[head + 1]
            if begin == end:
                continue
            arc, use = cost[tail, head], duration[tail, head]
            cheapest = back[order_b[begin], COST] + arc
            best = 0
            for f in range(first_f[tail], first_f[tail + 1]):
                label = order_f[f]
                if fore[label, COST] + cheapest >= best:
                    break
                done += 1
                if (done & POLL) == 0 and stop[0] != 0:
                    return STOPPED
                own = label_at(fore, label)
                moved = Label(own.cost + arc, own.time + use, own.load, own.set_0, own.set_1, own.set_2, own.parity)
                total, partner = best_partner(moved, labels, ordered, begin, end, best, horizon, capacity, prices)
                if partner >= 0:
                    best = total
                    pairs[tail, head, 0], pairs[tail, head, 1] = label, partner
            pair_cost[tail, head] = best
            least = min(least, best)
    return least
