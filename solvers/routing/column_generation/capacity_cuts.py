"""
Rounded capacity cuts: a set of clients needs as many vehicles as its demand fills, and each crosses its border twice.

References
----------
Lysgaard, J., Letchford, A. N., Eglese, R. W. (2004). A new branch-and-cut algorithm for the capacitated vehicle routing
problem. Mathematical Programming 100(2), 423-445. Laporte, G., Nobert, Y., Desrochers, M. (1985). Optimal routing under
capacity and distance restrictions. Operations Research 33(5), 1050-1073.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvers.routing.column_generation.capacity_cut_kernels import grown_sets
from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import Floats, Integers, PricingProblem

VIOLATION = 0.02
"""Crossings that must be missing for a cut to be added."""

MOST_CUTS = 25
"""Most cuts added at a time."""

USED = 1e-9


@dataclass(frozen=True, slots=True)
class CapacityCut:
    """A set of clients and the least number of arcs of all routes that cross its border."""

    clients: frozenset[int]
    least: int

    def crossings(self, column: Column) -> int:
        """Return how often a route crosses the border."""
        inside = [False, *(client in self.clients for client in column.clients), False]
        return sum(here != there for here, there in pairwise(inside))


def violated_cuts(
    problem: PricingProblem, columns: Sequence[Column], shares: Floats, known: Sequence[CapacityCut]
) -> list[CapacityCut]:
    """
    Return cuts that the relaxed solution breaks, the most broken first.

    Parameters
    ----------
    problem
        Demands and capacity; sets of required clients only.
    columns, shares
        Routes and how much of each is driven.
    known
        Cuts that exist already.
    """
    if problem.largest_load <= 0 or not problem.demand.any():
        return []
    flow = crossings_of(problem, columns, shares)
    members = np.zeros((4_096, len(problem.clients)), dtype=np.uint8)
    required = (problem.prizes < 0).astype(np.uint8)
    count = grown_sets(flow, problem.demand, problem.largest_load, required, VIOLATION, members)
    seen = {cut.clients for cut in known}
    found: dict[frozenset[int], float] = {}
    for row in members[:count]:
        clients = frozenset(np.flatnonzero(row).tolist())
        if clients not in seen and clients not in found:
            found[clients] = _missing(problem, flow, row.astype(np.bool_))
    ranked = sorted(found, key=lambda clients: found[clients], reverse=True)
    return [
        CapacityCut(clients, 2 * vehicles_for(problem.demand, clients, problem.largest_load)) for clients in _spread(ranked)
    ]


def vehicles_for(demand: Integers, clients: frozenset[int], largest_load: int) -> int:
    """Return how many vehicles the demand of some clients fills."""
    return -(-int(demand[list(clients)].sum()) // largest_load)


def crossings_of(problem: PricingProblem, columns: Sequence[Column], shares: Floats) -> Floats:
    """Return how much is driven between each two nodes, both ways together, shape (n + 1, n + 1); last the depot."""
    size = len(problem.clients)
    flow = np.zeros((size + 1, size + 1))
    for column, share in zip(columns, shares.tolist(), strict=True):
        if share > USED:
            nodes = (size, *column.clients, size)
            for tail, head in pairwise(nodes):
                flow[tail, head] += share
                flow[head, tail] += share
    return flow


def _missing(problem: PricingProblem, flow: Floats, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    outside = np.append(~inside, True)
    within = np.append(inside, False)
    return 2.0 * -(-int(problem.demand[inside].sum()) // problem.largest_load) - float(flow[np.ix_(within, outside)].sum())


def _spread(ranked: list[frozenset[int]]) -> list[frozenset[int]]:
    """Return the first sets, without those that share most of their clients with an earlier one."""
    chosen: list[frozenset[int]] = []
    for clients in ranked:
        if all(len(clients & other) < 0.8 * len(clients | other) for other in chosen):
            chosen.append(clients)
            if len(chosen) == MOST_CUTS:
                break
    return chosen
