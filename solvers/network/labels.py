"""
Label correcting on arrays: shortest distances with costs of any sign, and negative cycles.

Bellman-Ford in rounds: a round relaxes all arcs that leave nodes whose label fell in the round before. Source: Cherkassky and
Goldberg, "Negative-cycle detection algorithms", Mathematical Programming 85 (1999), pp. 277-311 (parent graph check).

On networks with long paths rounds are many and small; then Dijkstra's algorithm over the arcs of nonnegative cost takes turns
with relaxing the others. Both only lower labels towards the same unique fixed point.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from solvers.network.arrays import Integers

UNREACHED = np.int64(2**62)
"""Label of a node that no path reaches."""

PATIENCE = 24
"""Dijkstra's algorithm is tried once the rounds have scanned this many times the number of arcs."""

MAX_TURNS = 12
"""Turns of Dijkstra's algorithm before rounds go on; a negative cycle never lets the turns end."""

MAX_SWEEPS = 2_000
"""Sweeps over the arcs of negative cost within one turn."""


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
    rounds, next_check, scanned, patience = 0, 8, 0, float(PATIENCE * len(tail))
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
        scanned += len(better)
        if scanned > patience and frontier.size:
            patience = math.inf
            settled = _in_turns(distance, tail, head, cost)
            if settled is not None:
                return Labels(distance=settled, cycle=None, rounds=rounds)
        if rounds == next_check:
            next_check *= 2
            cycle = _parent_cycle(parent, tail[by_tail])
            if cycle is not None:
                return Labels(distance=distance, cycle=by_tail[cycle], rounds=rounds)
    return Labels(distance=distance, cycle=None, rounds=rounds)


def _in_turns(distance: Integers, tail: Integers, head: Integers, cost: Integers) -> Integers | None:
    """Return the fixed point below some labels (n,), or None when it is not reached within the limits."""
    order = len(distance)
    falling = np.flatnonzero(cost < 0)
    rising = np.flatnonzero(cost >= 0)
    rising = rising[np.lexsort((cost[rising], head[rising], tail[rising]))]
    # A sparse matrix adds parallel arcs up: only the cheapest of them may enter.
    other = (tail[rising][1:] != tail[rising][:-1]) | (head[rising][1:] != head[rising][:-1])
    rising = rising[np.append(True, other)[: len(rising)]]
    ends = (tail[rising], head[rising])
    plain = csr_array((cost[rising].astype(np.float64), ends), shape=(order + 1, order + 1))
    labels = distance.copy()
    for _ in range(MAX_TURNS):
        if not _swept(labels, tail[falling], head[falling], cost[falling]):
            return None
        known = np.flatnonzero(labels < UNREACHED)
        least = labels[known].min()
        indptr = np.append(plain.indptr[:-1], plain.indptr[-1] + len(known))
        data = np.append(plain.data, (labels[known] - least).astype(np.float64))
        rooted = csr_array((data, np.append(plain.indices, known), indptr), shape=plain.shape)
        found = dijkstra(rooted, indices=[order])[0][:order]
        reached = np.isfinite(found)
        lower = np.full(order, UNREACHED)
        lower[reached] = np.rint(found[reached]).astype(np.int64) + least
        starts, stops = tail[falling], head[falling]
        settled = (lower[starts] == UNREACHED) | (lower[starts] + cost[falling] >= lower[stops])
        labels = lower
        if settled.all():
            return labels
    return None


def _swept(labels: Integers, tail: Integers, head: Integers, cost: Integers) -> bool:
    """Relax a few arcs in place until nothing changes; False when that takes too long."""
    for _ in range(MAX_SWEEPS):
        label = np.where(labels[tail] < UNREACHED, labels[tail] + cost, UNREACHED)
        better = label < labels[head]
        if not better.any():
            return True
        np.minimum.at(labels, head[better], label[better])
    return False


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
