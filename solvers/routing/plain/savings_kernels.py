"""Parallel savings: routes are joined at their ends while their loads fit into one vehicle (Clarke and Wright 1964)."""

from typing import Any

from solvers.compiled import kernel

Integer = Any
"""An integer of Python or of NumPy: the compiler knows only one kind."""


@kernel(inline=True)
def root(parent: Any, client: Integer) -> Integer:
    """Return the client that stands for the route of another one, and shorten the way to it."""
    while parent[client] != client:
        parent[client] = parent[parent[client]]
        client = parent[client]
    return client


@kernel("void(int64[::1], int64[::1], int64[::1], int64, int64[:,::1])", allocates=True)
def merge_by_savings(first: Any, second: Any, demand: Any, capacity: Integer, links: Any) -> None:
    """
    Link pairs of clients in the given order where both are ends of different routes.

    Parameters
    ----------
    first, second
        Pairs, the largest saving first; a pair may be listed twice.
    demand, capacity
        Load of each client and of a vehicle.
    links
        Clients linked to each client, shape (n, 2), -1 where there is none; changed in place.
    """
    parent, load = demand.copy(), demand.copy()
    for client in range(len(parent)):
        parent[client] = client
    for k in range(len(first)):
        i, j = first[k], second[k]
        if links[i, 1] >= 0 or links[j, 1] >= 0:
            continue
        one, other = root(parent, i), root(parent, j)
        if one == other or load[one] + load[other] > capacity:
            continue
        parent[other] = one
        load[one] += load[other]
        links[i, 1 if links[i, 0] >= 0 else 0] = j
        links[j, 1 if links[j, 0] >= 0 else 0] = i
