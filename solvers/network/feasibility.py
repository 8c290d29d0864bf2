"""
Whether demands and bounds can be met at all; if not, the cut that proves it.

A flow within bounds that meets all demands exists exactly when for every set T of nodes the demand of T plus the lower bounds
of the arcs leaving T is at most the capacity of the arcs entering T (Hoffman 1960; Ahuja, Magnanti and Orlin, *Network Flows*,
1993, theorem 6.12). One maximum flow between auxiliary terminals finds the flow or a violated set.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from ortools.graph.python import max_flow
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from solvers.errors import EngineError
from solvers.network.arrays import Integers, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Deficiency:
    """
    A set of nodes whose needs exceed what can cross its border, in whole steps.

    shortage: the nodes must receive `need`, but at most `available` can enter through `arcs`. surplus: they must send `need`,
    but at most `available` can leave. `forced` are the arcs that cross the other way with a lower bound. `unmet` (n,) is what
    each node still lacks (> 0) or cannot send (< 0) in a flow that does as much as possible.
    """

    kind: Literal["shortage", "surplus"]
    nodes: Mask
    arcs: Mask
    forced: Mask
    need: int
    available: int
    unmet: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow (m,) above the lower bounds, in whole steps, or the deficiency that forbids one."""

    flow: Integers
    deficiency: Deficiency | None


def feasible_flow(
    *, tail: Integers, head: Integers, lower: Integers, capacity: Integers, demand: Integers, outside: int | None = None
) -> Flow:
    """
    Return a flow that meets demands and bounds, or why there is none.

    Parameters
    ----------
    tail, head
        Arc ends, shape (m,).
    lower, capacity
        Bounds in whole steps, shape (m,); unlimited capacities are given as a number no flow needs to exceed.
    demand
        Whole steps each node receives (> 0) or sends (< 0), shape (n,).
    outside
        A node that the deficiency should not contain when the demands are balanced.
    """
    order, size = len(demand), len(tail)
    need = net_demand(tail=tail, head=head, lower=lower, demand=demand)
    senders, receivers = np.flatnonzero(need < 0), np.flatnonzero(need > 0)
    source, sink = order, order + 1
    engine = max_flow.SimpleMaxFlow()
    starts = np.concatenate((tail, np.full(len(senders), source), receivers))
    ends = np.concatenate((head, senders, np.full(len(receivers), sink)))
    room = np.concatenate((capacity - lower, -need[senders], need[receivers]))
    engine.add_arcs_with_capacity(starts.astype(np.int32), ends.astype(np.int32), room)
    if senders.size and receivers.size and engine.solve(source, sink) != engine.OPTIMAL:
        raise EngineError("the feasibility flow was not solved")
    flows = np.zeros(len(starts), dtype=np.int64)
    if senders.size and receivers.size:
        flows = np.asarray(engine.flows(np.arange(len(starts), dtype=np.int32)), dtype=np.int64)
    unmet = need.copy()
    unmet[senders] += flows[size : size + len(senders)]
    unmet[receivers] -= flows[size + len(senders) :]
    if not unmet.any():
        return Flow(flow=flows[:size], deficiency=None)
    short = bool((unmet > 0).any())
    side = _violated_side(tail, head, flows[:size], capacity - lower, unmet, short=short)
    if outside is not None and side[outside] and (unmet < 0).any():
        short = False
        side = _violated_side(tail, head, flows[:size], capacity - lower, unmet, short=short)
    deficiency = _deficiency(tail, head, lower, capacity, demand, unmet, side, short=short)
    return Flow(flow=flows[:size], deficiency=deficiency)


def net_demand(*, tail: Integers, head: Integers, lower: Integers, demand: Integers) -> Integers:
    """Return demand (n,) less what the lower bounds already bring, so that flows count from 0."""
    order = len(demand)
    brought = np.zeros(order, dtype=np.int64)
    np.add.at(brought, head, lower)
    np.subtract.at(brought, tail, lower)
    return demand - brought


def _violated_side(tail: Integers, head: Integers, flow: Integers, room: Integers, unmet: Integers, *, short: bool) -> Mask:
    """Return the nodes that could still bring something to an unmet demand, or (not short) those an unsent supply reaches."""
    forward, backward = flow < room, flow > 0
    starts = np.concatenate((tail[forward], head[backward]))
    ends = np.concatenate((head[forward], tail[backward]))
    if short:
        starts, ends = ends, starts
    return reachable(len(unmet), starts, ends, np.flatnonzero(unmet > 0 if short else unmet < 0))


def reachable(order: int, starts: Integers, ends: Integers, roots: Integers) -> Mask:
    """Return which of `order` nodes a walk from any root reaches, shape (order,)."""
    by_start = np.argsort(starts, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(starts, minlength=order)))).astype(np.int64)
    ends = ends[by_start]
    seen = np.zeros(order, dtype=np.bool_)
    seen[roots] = True
    frontier = roots
    while frontier.size:
        counts = first[frontier + 1] - first[frontier]
        offset = first[frontier] - (np.cumsum(counts) - counts)
        met = ends[np.repeat(offset, counts) + np.arange(counts.sum())]
        frontier = np.unique(met[~seen[met]])
        seen[frontier] = True
    return seen


def components(order: int, tail: Integers, head: Integers) -> Integers:
    """Return the number of the connected part (directions ignored) of every node, shape (order,)."""
    joined = coo_array((np.ones(len(tail)), (tail, head)), shape=(order, order))
    return np.asarray(connected_components(joined.tocsr(), directed=False)[1], dtype=np.int64)


def _deficiency(
    tail: Integers,
    head: Integers,
    lower: Integers,
    capacity: Integers,
    demand: Integers,
    unmet: Integers,
    side: Mask,
    *,
    short: bool,
) -> Deficiency:
    """Narrow a violated set to its worst connected part, which makes the conflict irreducible, and measure it."""
    inside = side[tail] & side[head]
    part = components(len(demand), tail[inside], head[inside])
    missing = np.bincount(part[side], weights=np.abs(unmet[side]).astype(float), minlength=len(demand))
    nodes = side & (part == int(np.argmax(missing)))
    entering, leaving = ~nodes[tail] & nodes[head], nodes[tail] & ~nodes[head]
    through, back = (entering, leaving) if short else (leaving, entering)
    own = int(demand[nodes].sum()) * (1 if short else -1)
    return Deficiency(
        kind="shortage" if short else "surplus",
        nodes=nodes,
        arcs=through,
        forced=back & (lower > 0),
        need=own + int(lower[back].sum()),
        available=int(capacity[through].sum()),
        unmet=unmet,
    )
