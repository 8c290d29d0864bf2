"""
A smaller network with the same ways between some of its nodes: the others are taken out, the least connected first.

A node that is taken out leaves an arc from each node before it to each node behind it, as long as the way over it, unless there
is a shorter one. Measures are whole numbers and compared as pairs, so that nothing is lost.

References
----------
Geisberger, R., Sanders, P., Schultes, D., Vetter, C. (2012). Exact routing in large road networks using contraction
hierarchies. Transportation Science 46(3), 388-404.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Network = tuple[Integers, NDArray[np.int32], Integers, Integers]
Ends = list[dict[int, tuple[int, int]]]

MOST_WAYS = 16
"""A node with more pairs of neighbours before and behind it stays: it would leave more arcs than it takes away."""


def core_network(network: Network, kept: Integers) -> tuple[Network, Integers]:
    """
    Return the core of a network and the positions in it of the nodes to be kept.

    Parameters
    ----------
    network
        Start of each node's arcs (n + 1), their heads, first and second measures (m), see `shortest_path_kernels`.
    kept
        Different nodes between which all ways keep their measures.
    """
    behind, before = _neighbours(network)
    stays = np.zeros(len(behind), dtype=np.bool_)
    stays[kept] = True
    gone = _contracted(behind, before, stays.tolist())
    rest = [node for node in range(len(behind)) if not gone[node]]
    place = {node: i for i, node in enumerate(rest)}
    starts = np.cumsum([0, *(len(behind[node]) for node in rest)], dtype=np.int64)
    heads = np.array([place[head] for node in rest for head in behind[node]], dtype=np.int32)
    measures = np.array([pair for node in rest for pair in behind[node].values()], dtype=np.int64).reshape(-1, 2)
    positions = np.array([place[node] for node in kept.tolist()], dtype=np.int64)
    return (starts, heads, np.ascontiguousarray(measures[:, 0]), np.ascontiguousarray(measures[:, 1])), positions


def _neighbours(network: Network) -> tuple[Ends, Ends]:
    """Return the nodes behind each node, and before it, with the measures of the best arc between them."""
    starts, heads, firsts, seconds = network
    behind: Ends = [{} for _ in range(len(starts) - 1)]
    before: Ends = [{} for _ in range(len(starts) - 1)]
    tails = np.repeat(np.arange(len(starts) - 1), np.diff(starts)).tolist()
    for tail, head, pair in zip(tails, heads.tolist(), zip(firsts.tolist(), seconds.tolist(), strict=True), strict=True):
        if tail != head and (head not in behind[tail] or pair < behind[tail][head]):
            behind[tail][head] = before[head][tail] = pair
    return behind, before


def _contracted(behind: Ends, before: Ends, stays: list[bool]) -> list[bool]:
    """Take nodes out until each that is left, and need not stay, has too many neighbours; return which are gone."""
    gone = [False] * len(stays)
    queue = [(len(behind[node]) * len(before[node]), node) for node, kept in enumerate(stays) if not kept]
    heapq.heapify(queue)
    while queue:
        ways, node = heapq.heappop(queue)
        now = len(behind[node]) * len(before[node])
        if gone[node] or now > MOST_WAYS:
            continue
        if now > ways:
            heapq.heappush(queue, (now, node))
            continue
        gone[node] = True
        _take_out(node, behind, before)
        for other in {*behind[node], *before[node]}:
            if not stays[other]:
                heapq.heappush(queue, (len(behind[other]) * len(before[other]), other))
    return gone


def _take_out(node: int, behind: Ends, before: Ends) -> None:
    """Join the neighbours of a node past it."""
    for tail, (first, second) in before[node].items():
        arcs = behind[tail]
        del arcs[node]
        for head, (further, more) in behind[node].items():
            pair = (first + further, second + more)
            if head != tail and (head not in arcs or pair < arcs[head]):
                arcs[head] = before[head][tail] = pair
    for head in behind[node]:
        del before[head][node]
