"""
Labels of partial routes, and which of two is no worse; see `labelling_kernels`.

A label is the reduced cost of a partial route, the value of its main resource (a moment, a distance or a load), a second
resource that only adds up, the clients it may not visit again (a set of bits in three words), and the parity of its visits to
each subset row. Labels are kept in lists by node and by bucket of the main resource, cheapest first.
"""

from typing import Any, NamedTuple

from solvers.compiled import kernel

Integer = Any
"""An integer of Python or of NumPy: the compiler knows only one kind."""

COST, TIME, LOAD, SET, PARITY, NEXT = 0, 1, 2, 3, 6, 7
"""Columns of a label; the set takes three."""

WIDTH = 8
"""Columns: 64 bytes, one line of the cache."""

NODE, PREDECESSOR, QUEUED, ALIVE = 0, 1, 2, 3
"""Columns of what dominance does not look at."""

WITHOUT_SIGN = 0x7FFFFFFFFFFFFFFF


class Label(NamedTuple):
    """A label before it is kept."""

    cost: Integer
    time: Integer
    load: Integer
    set_0: Integer
    set_1: Integer
    set_2: Integer
    parity: Integer


class Store(NamedTuple):
    """
    Labels that are kept.

    `labels` has shape (room, 8), `others` (room, 4); `heads` holds the first label of each node and bucket, shape (N, buckets);
    `queue` the first and the last label of each bucket that is still to be extended, shape (2 buckets).
    """

    labels: Any
    others: Any
    heads: Any
    queue: Any


@kernel(inline=True)
def even_visits(odd: Integer, penalties: Any) -> Integer:
    """Return the cost of the subset rows that a set of bits names."""
    total, row = 0, 0
    while odd != 0:
        if odd & 1:
            total += penalties[row]
        odd = (odd >> 1) & WITHOUT_SIGN
        row += 1
    return total


@kernel(inline=True)
def label_at(labels: Any, at: Integer) -> Label:
    """Return a label that is kept."""
    return Label(
        labels[at, COST], labels[at, TIME], labels[at, LOAD], labels[at, SET], labels[at, SET + 1], labels[at, SET + 2],
        labels[at, PARITY],
    )  # fmt: skip


@kernel()
def is_dominated(
    labels: Any, heads: Any, node: Integer, last: Integer, own: Integer, new: Label, penalties: Any, exact: Integer
) -> bool:
    """
    Tell whether a label of a node in the buckets up to `last`, other than `own`, is no worse than a new one in anything.

    When not exact, loads and visited clients do not count.
    """
    for bucket in range(last + 1):
        at = heads[node, bucket]
        while at >= 0 and labels[at, COST] <= new.cost:
            if at != own and labels[at, TIME] <= new.time:
                if not exact:
                    return True
                if labels[at, LOAD] <= new.load and (
                    (labels[at, SET] & ~new.set_0) | (labels[at, SET + 1] & ~new.set_1) | (labels[at, SET + 2] & ~new.set_2)
                ) == 0:  # fmt: skip
                    odd = labels[at, PARITY] & ~new.parity
                    if odd == 0 or even_visits(odd, penalties) <= new.cost - labels[at, COST]:
                        return True
            at = labels[at, NEXT]
    return False


@kernel(inline=True)
def dominates(new: Label, labels: Any, at: Integer, penalties: Any, exact: Integer) -> bool:
    """Tell whether a new label that costs no more than a kept one is no worse in anything else."""
    if labels[at, TIME] < new.time:
        return False
    if not exact:
        return True
    if labels[at, LOAD] < new.load or (
        (new.set_0 & ~labels[at, SET]) | (new.set_1 & ~labels[at, SET + 1]) | (new.set_2 & ~labels[at, SET + 2])
    ) != 0:  # fmt: skip
        return False
    odd = new.parity & ~labels[at, PARITY]
    return bool(odd == 0 or even_visits(odd, penalties) <= labels[at, COST] - new.cost)


@kernel()
def keep(
    store: Store, node: Integer, bucket: Integer, count: Integer, before: Integer, new: Label, penalties: Any, exact: Integer
) -> None:
    """Write a new label behind the cheaper ones of its node and bucket, take out those it dominates, and queue it."""
    labels, others, heads = store.labels, store.others, store.heads
    labels[count, COST], labels[count, TIME], labels[count, LOAD] = new.cost, new.time, new.load
    labels[count, SET], labels[count, SET + 1], labels[count, SET + 2] = new.set_0, new.set_1, new.set_2
    labels[count, PARITY] = new.parity
    others[count, NODE], others[count, PREDECESSOR], others[count, QUEUED], others[count, ALIVE] = node, before, -1, 1
    cheaper, at = -1, heads[node, bucket]
    while at >= 0 and labels[at, COST] < new.cost:
        cheaper, at = at, labels[at, NEXT]
    labels[count, NEXT] = at
    if cheaper < 0:
        heads[node, bucket] = count
    else:
        labels[cheaper, NEXT] = count
    cheaper = count
    while at >= 0:
        if dominates(new, labels, at, penalties, exact):
            others[at, ALIVE] = 0
            labels[cheaper, NEXT] = labels[at, NEXT]
        else:
            cheaper = at
        at = labels[at, NEXT]
    queue, buckets = store.queue, heads.shape[1]
    if queue[bucket] < 0:
        queue[bucket] = count
    else:
        others[queue[buckets + bucket], QUEUED] = count
    queue[buckets + bucket] = count
