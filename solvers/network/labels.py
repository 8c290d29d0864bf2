"""
Label correcting on arrays: shortest distances with costs of any sign, and negative cycles.

Bellman-Ford in rounds: a round relaxes all arcs that leave nodes whose label fell in the round before. Source: Cherkassky and
Goldberg, "Negative-cycle detection algorithms", Mathematical Programming 85 (1999), pp. 277-311 (parent graph check).
"""

from dataclasses import dataclass

import numpy as np

from solvers.network.arrays import Integers

UNREACHED = np.int64(2**62)
"""Label of a node that no path reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """
    Result of label correcting.

    `distance` (n,) satisfies distance[head] <= distance[tail] + cost on every arc with a reached tail, unless `cycle` (arc
    indices in order of travel) is given: then the labels mean nothing.
    """

    distance: Integers
    cycle: Integers | None
    rounds: int


def shortest_labels(order: int, tail: Integers, head: Integers, cost: Integers, *, source: int | None) -> Labels:
    """
    Return distances from a source, or, without one, from a virtual node joined to every node at cost 0.

    Parameters
    ----------
    order
        Number of nodes n.
    tail, head
        Arc ends, shape (m,).
    cost
        Whole arc costs, shape (m,); n times the largest must stay below 2^62.
    source
        Node index, or None.
    """
    by_tail = np.argsort(tail, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=order)))).astype(np.int64)
    heads, costs = head[by_tail], cost[by_tail]
    distance = np.zeros(order, dtype=np.int64) if source is None else np.full(order, UNREACHED)
    frontier = np.arange(order) if source is None else np.array([source])
    if source is not None:
        distance[source] = 0
    parent = np.full(order, -1, dtype=np.int64)
    rounds, next_check = 0, 8
    while frontier.size:
        counts = first[frontier + 1] - first[frontier]
        offset = first[frontier] - (np.cumsum(counts) - counts)
        leaving = np.repeat(offset, counts) + np.arange(counts.sum())
        label = np.repeat(distance[frontier], counts) + costs[leaving]
        better = label < distance[heads[leaving]]
        leaving, label = leaving[better], label[better]
        reached = heads[leaving]
        np.minimum.at(distance, reached, label)
        won = label == distance[reached]
        parent[reached[won]] = leaving[won]
        frontier = np.unique(reached)
        rounds += 1
        if rounds == next_check:
            next_check *= 2
            cycle = _parent_cycle(parent, tail[by_tail])
            if cycle is not None:
                return Labels(distance=distance, cycle=by_tail[cycle], rounds=rounds)
    return Labels(distance=distance, cycle=None, rounds=rounds)


def _parent_cycle(parent: Integers, tails: Integers) -> Integers | None:
    """Return a cycle of the parent graph as arcs in order of travel, or None; such a cycle always has negative cost."""
    order = len(parent)
    jump = np.where(parent >= 0, tails[parent], order)
    jump = np.append(jump, order)
    up = jump.copy()
    for _ in range(max(order, 2).bit_length()):
        up = up[up]
    looping = np.flatnonzero(up[:order] < order)
    if not looping.size:
        return None
    node = int(up[looping[0]])
    arcs = [int(parent[node])]
    while int(tails[arcs[-1]]) != node:
        arcs.append(int(parent[tails[arcs[-1]]]))
    return np.array(arcs[::-1], dtype=np.int64)
