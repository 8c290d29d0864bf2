"""
Dijkstra's algorithm over many sources, with the second measure of an arc summed along the way and breaking ties.

A way is the shorter one when its first measure is less or, at equal first measure, its second. Measures are whole numbers, so
that sums are exact and a tie is a tie. The heap has four children a node and keeps outdated entries until they surface.

References
----------
Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.
Johnson, D. B. (1975). Priority queues with update and finding minimum spanning trees. Information Processing Letters 4, 53-57.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.compiled import kernel, warm_up

Integers = NDArray[np.int64]
Small = NDArray[np.int32]

NONE = -1
UNREACHED = 2**62

_NETWORK = "Tuple((i8[::1], i4[::1], i8[::1], i8[::1]))"
_HEAP = "Tuple((i8[::1], i8[::1], i4[::1]))"
_LABELS = "Tuple((i8[::1], i8[::1], i4[::1], b1[::1]))"


@kernel(f"i8({_HEAP}, i8, i8, i8, i8)")
def _push(heap: tuple[Integers, Integers, Small], size: int, first: int, second: int, node: int) -> int:
    """Add an entry to the heap and return its new size."""
    firsts, seconds, nodes = heap
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if firsts[above] < first or (firsts[above] == first and seconds[above] <= second):
            break
        firsts[place], seconds[place], nodes[place] = firsts[above], seconds[above], nodes[above]
        place = above
    firsts[place], seconds[place], nodes[place] = first, second, node
    return size + 1


@kernel(f"i8({_HEAP}, i8)")
def _pop(heap: tuple[Integers, Integers, Small], size: int) -> int:
    """Take the least entry off the heap, whose place the last one takes, and return the new size."""
    firsts, seconds, nodes = heap
    size -= 1
    first, second, node = firsts[size], seconds[size], nodes[size]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if firsts[other] < firsts[least] or (firsts[other] == firsts[least] and seconds[other] < seconds[least]):
                least = other
        if firsts[least] > first or (firsts[least] == first and seconds[least] >= second):
            break
        firsts[place], seconds[place], nodes[place] = firsts[least], seconds[least], nodes[least]
        place = least
    firsts[place], seconds[place], nodes[place] = first, second, node
    return size


@kernel(f"void({_NETWORK}, i8, b1[::1], i8, {_LABELS}, {_HEAP})")
def search(
    network: tuple[Integers, Small, Integers, Integers],
    source: int,
    wanted: NDArray[np.bool_],
    count: int,
    labels: tuple[Integers, Integers, Small, NDArray[np.bool_]],
    heap: tuple[Integers, Integers, Small],
) -> None:
    """
    Label the nodes from a source on until all wanted ones are settled.

    Parameters
    ----------
    network
        Start of each node's arcs (n + 1), their heads, first and second measures (m).
    source
        Node to start from.
    wanted, count
        Nodes to be reached (n), and how many of them.
    labels
        Least first measure, its second, arc on which the node is reached (-1: none), and whether that is final (n each).
    heap
        Room for m + 1 entries.
    """
    starts, heads, measures, others = network
    firsts, seconds, before, settled = labels
    firsts[:] = UNREACHED
    seconds[:] = UNREACHED
    before[:] = NONE
    settled[:] = False
    firsts[source] = 0
    seconds[source] = 0
    size = _push(heap, 0, 0, 0, source)
    while size > 0 and count > 0:
        node = heap[2][0]
        size = _pop(heap, size)
        if settled[node]:
            continue
        settled[node] = True
        if wanted[node]:
            count -= 1
        here, there = firsts[node], seconds[node]
        for arc in range(starts[node], starts[node + 1]):
            head = heads[arc]
            first = here + measures[arc]
            if first > firsts[head]:
                continue
            second = there + others[arc]
            if first < firsts[head] or second < seconds[head]:
                firsts[head], seconds[head], before[head] = first, second, arc
                size = _push(heap, size, first, second, head)


@kernel(f"void({_NETWORK}, i8[::1], i8[::1], i8[:, ::1], i8[:, ::1])")
def measures_between(
    network: tuple[Integers, Small, Integers, Integers],
    sources: Integers,
    targets: Integers,
    firsts: Integers,
    seconds: Integers,
) -> None:
    """Fill least first measures from each source to each target, and the second ones of the same ways, shape (s, t) each."""
    nodes = network[0].size - 1
    wanted = np.zeros(nodes, np.bool_)
    wanted[targets] = True
    count = int(wanted.sum())
    labels = (np.empty(nodes, np.int64), np.empty(nodes, np.int64), np.empty(nodes, np.int32), np.empty(nodes, np.bool_))
    room = network[1].size + 1
    heap = (np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32))
    for row in range(sources.size):
        search(network, sources[row], wanted, count, labels, heap)
        for column in range(targets.size):
            firsts[row, column] = labels[0][targets[column]]
            seconds[row, column] = labels[1][targets[column]]


@warm_up
def _warm() -> None:
    """Find the way over the only arc of a network."""
    network = (np.array([0, 1, 1]), np.array([1], dtype=np.int32), np.array([2]), np.array([3]))
    found = np.empty((1, 1), dtype=np.int64)
    measures_between(network, np.array([0]), np.array([1]), found, found.copy())
