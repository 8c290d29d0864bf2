"""
Pricing of ng-routes, compiled: all labels that matter, from the depot up to half of the horizon.

Backward labels are forward labels of the mirrored problem: arcs reversed, moments counted from the horizon backwards. All
numbers are integers, so that a least reduced cost is exact. `joining_kernels` puts both together.

References
----------
Baldacci, R., Mingozzi, A., Roberti, R. (2011). New route relaxation and pricing strategies for the vehicle routing problem.
Operations Research 59(5), 1269-1283. Righini, G., Salani, M. (2006). Symmetry helps: bounded bi-directional dynamic programming
for the elementary shortest path problem with resource constraints. Discrete Optimization 3(3), 255-273. Jepsen, M., Petersen,
B., Spoorendonk, S., Pisinger, D. (2008). Subset-row inequalities applied to the vehicle-routing problem with time windows.
Operations Research 56(2), 497-511.
"""

from typing import Any, NamedTuple

from solvers.borrowed import borrowed
from solvers.compiled import kernel
from solvers.routing.column_generation.label_kernels import (
    ALIVE,
    NEXT,
    NODE,
    QUEUED,
    Integer,
    Label,
    Store,
    even_visits,
    is_dominated,
    keep,
    label_at,
)

OVERFLOW, STOPPED = -1, -2
"""Returned instead of a number of labels: there is no room for more, or the time is up."""

SOURCE, SINK, LATEST, CAPACITY, OPENING, WIDTH_OF_BUCKET, EXACT, GRAIN = range(8)
"""
Entries of `limits`: the ends, the greatest value of both resources, the first of the main one, the width of its buckets,
whether it is exact, and the whole multiple to which the main one is rounded down.
"""

POLL = 255


class Graph(NamedTuple):
    """
    What labels are extended over; N nodes, the last two are source and sink.

    `cost` and `duration` are the reduced cost and the use of the main resource of each arc, shape (N, N); `windows` alternative
    intervals of the main resource, shape (N, 2 w), ascending, ends of unused ones -1; `weight` the use of the second resource;
    `masks` and `bits` the clients that a visit remembers and the node's own bit, shape (N, 3); `rows` the subset rows that
    count a node and that remember it, shape (N, 2); `penalties` the cost of each even visit to a row; successors of node i are
    `successors[starts[i]:starts[i + 1]]`.
    """

    cost: Any
    duration: Any
    windows: Any
    weight: Any
    masks: Any
    bits: Any
    rows: Any
    penalties: Any
    starts: Any
    successors: Any
    limits: Any


@kernel(inline=True)
def next_start(windows: Any, node: Integer, moment: Integer) -> Integer:
    """Return the first moment from `moment` on that lies in a window of a node, or -1."""
    for k in range(0, windows.shape[1], 2):
        if windows[node, k + 1] >= moment:
            return max(moment, windows[node, k])
    return -1


@kernel(inline=True)
def extended(graph: Graph, old: Label, node: Integer, head: Integer, moment: Integer) -> Label:
    """Return the label of a partial route with one node more, which it reaches at `moment`."""
    cost = old.cost + graph.cost[node, head]
    parity = old.parity & graph.rows[head, 1]
    flips = graph.rows[head, 0]
    if flips:
        cost += even_visits(parity & flips, graph.penalties)
        parity ^= flips
    return Label(
        cost, moment, old.load + graph.weight[head],
        (old.set_0 & graph.masks[head, 0]) | graph.bits[head, 0],
        (old.set_1 & graph.masks[head, 1]) | graph.bits[head, 1],
        (old.set_2 & graph.masks[head, 2]) | graph.bits[head, 2],
        parity,
    )  # fmt: skip


@kernel()
def extend_one(graph: Graph, store: Store, label: Integer, bucket: Integer, count: Integer) -> Integer:
    """Extend one label to all successors of its node and return the new number of labels, or OVERFLOW."""
    limits, labels, heads = graph.limits, store.labels, store.heads
    exact, last = limits[EXACT], heads.shape[1] - 1
    node = store.others[label, NODE]
    old = label_at(labels, label)
    if is_dominated(labels, heads, node, bucket, label, old, graph.penalties, exact):
        return count
    for k in range(graph.starts[node], graph.starts[node + 1]):
        head = graph.successors[k]
        visited = (old.set_0 & graph.bits[head, 0]) | (old.set_1 & graph.bits[head, 1]) | (old.set_2 & graph.bits[head, 2])
        if head == limits[SINK] or visited != 0 or old.load + graph.weight[head] > limits[CAPACITY]:
            continue
        arrival = old.time + graph.duration[node, head]
        moment = next_start(graph.windows, head, max(old.time, arrival - arrival % limits[GRAIN]))
        if moment < 0 or moment > limits[LATEST]:
            continue
        new = extended(graph, old, node, head, moment)
        into = min(last, (moment - limits[OPENING]) // limits[WIDTH_OF_BUCKET])
        if is_dominated(labels, heads, head, into, -1, new, graph.penalties, exact):
            continue
        if count == labels.shape[0]:
            return OVERFLOW
        keep(store, head, into, count, label, new, graph.penalties, exact)
        count += 1
    return count


@kernel(
    "int64(int64[:,::1], int64[:,::1], int64[:,::1], int64[::1], int64[:,::1], int64[:,::1], int64[:,::1], int64[::1],"
    "int64[::1], int64[::1], int64[::1], int64[:,::1], int32[:,::1], int32[:,::1], int64[::1], uint8[::1])"
)
def extend(
    cost: Any, duration: Any, windows: Any, weight: Any, masks: Any, bits: Any, rows: Any, penalties: Any, starts: Any,
    successors: Any, limits: Any, labels: Any, others: Any, heads: Any, queue: Any, stop: Any,
) -> Integer:  # fmt: skip
    """
    Create all labels that are not dominated, from the source on, and return how many; see OVERFLOW and STOPPED.

    The arguments are the fields of `Graph` and `Store`; `stop` is set to 1 from outside when the time is up.
    """
    graph = Graph(
        borrowed(cost), borrowed(duration), borrowed(windows), borrowed(weight), borrowed(masks), borrowed(bits),
        borrowed(rows), borrowed(penalties), borrowed(starts), borrowed(successors), borrowed(limits),
    )  # fmt: skip
    store = Store(borrowed(labels), borrowed(others), borrowed(heads), borrowed(queue))
    heads[:, :] = -1
    queue[:] = -1
    start = Label(0, limits[OPENING], 0, 0, 0, 0, 0)
    keep(store, limits[SOURCE], 0, 0, -1, start, graph.penalties, limits[EXACT])
    labels[0, NEXT] = -1
    count, done = 1, 0
    buckets = heads.shape[1]
    for bucket in range(buckets):
        while queue[bucket] >= 0:
            label = queue[bucket]
            queue[bucket] = others[label, QUEUED]
            if queue[bucket] < 0:
                queue[buckets + bucket] = -1
            done += 1
            if (done & POLL) == 0 and stop[0] != 0:
                return STOPPED
            if others[label, ALIVE] != 0:
                count = extend_one(graph, store, label, bucket, count)
                if count < 0:
                    return OVERFLOW
    return count
