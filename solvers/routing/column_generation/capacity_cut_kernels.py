"""Separation of rounded capacity cuts, compiled: sets grown greedily from every client, and improved by exchanges."""

from typing import Any

import numpy as np

from solvers.compiled import kernel


@kernel()
def exchanged(
    flow: Any, demand: Any, capacity: int, required: Any, violation: float, inside: Any, link: Any, total: int,
    crossing: float, members: Any, found: int,
) -> int:  # fmt: skip
    """Write the sets that one client more or less would make, where they are crossed too rarely."""
    clients = demand.shape[0]
    for other in range(clients):
        if not required[other] or found >= members.shape[0]:
            continue
        degree = 0.0
        for node in range(clients + 1):
            if node != other:
                degree += flow[other, node]
        sign = -1 if inside[other] else 1
        new_total = total + sign * demand[other]
        new_crossing = crossing + sign * (degree - 2 * link[other])
        if new_total > 0 and 2.0 * (-(-new_total // capacity)) - new_crossing > violation:
            members[found] = inside
            members[found, other] = 1 - inside[other]
            found += 1
    return found


@kernel("int64(float64[:,::1], int64[::1], int64, uint8[::1], float64, uint8[:,::1])")
def grown_sets(flow: Any, demand: Any, capacity: int, required: Any, violation: float, members: Any) -> int:
    """
    Write sets whose border is crossed too rarely to `members` and return how many.

    Parameters
    ----------
    flow
        How much is driven between each two nodes, both ways together; the last node is the depot, shape (n + 1, n + 1).
    demand, capacity, required
        Demand of each client, largest load of a vehicle, and whether a client must be served.
    violation
        Crossings that must be missing.
    members
        Room for sets, shape (most, n).
    """
    clients = demand.shape[0]
    inside = np.zeros(clients, dtype=np.uint8)
    link = np.zeros(clients)
    found = 0
    for seed in range(clients):
        if not required[seed]:
            continue
        inside[:] = 0
        inside[seed] = 1
        total = demand[seed]
        crossing = 0.0
        for other in range(clients + 1):
            if other != seed:
                crossing += flow[seed, other]
        degree = crossing
        for other in range(clients):
            link[other] = flow[seed, other]
        for _ in range(clients):
            # The client most of whose ways lead into the set; among equals the one that fills the last vehicle best.
            best, best_score = -1, -1e9
            for other in range(clients):
                if inside[other] or not required[other]:
                    continue
                needed = 2.0 * (-(-(total + demand[other]) // capacity))
                score = link[other] + 1e-3 * (needed - crossing)
                if score > best_score:
                    best, best_score = other, score
            if best < 0:
                break
            degree = 0.0
            for other in range(clients + 1):
                if other != best:
                    degree += flow[best, other]
            crossing += degree - 2 * link[best]
            inside[best] = 1
            total += demand[best]
            for other in range(clients):
                link[other] += flow[best, other]
            if 2.0 * (-(-total // capacity)) - crossing > violation and found < members.shape[0]:
                members[found] = inside
                found += 1
            found = exchanged(flow, demand, capacity, required, violation, inside, link, total, crossing, members, found)
    return found
