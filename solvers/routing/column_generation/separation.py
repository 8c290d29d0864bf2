"""Separation of subset rows: every three clients that share a route in the relaxed solution are tried."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import Floats
from solvers.routing.column_generation.subset_rows import SubsetRow

VIOLATION = 0.05
"""By how much the routes that count must exceed one."""

MOST_ROWS = 10
"""Most rows added at a time."""

MOST_OF_A_CLIENT = 4
"""Most new rows that one client is in."""

USED = 1e-6


def violated_subset_rows(
    columns: Sequence[Column], shares: Floats, known: Sequence[SubsetRow], *, most: int
) -> list[SubsetRow]:
    """
    Return subset rows that the relaxed solution breaks, the most broken first, or known ones with longer memories.

    Parameters
    ----------
    columns, shares
        Routes and how much of each is driven.
    known
        Rows that exist already.
    most
        Most rows.
    """
    used = [(columns[k], float(shares[k])) for k in np.flatnonzero(shares > USED).tolist()]
    fractional = [(column, share) for column, share in used if share < 1 - USED]
    counted: dict[frozenset[int], float] = defaultdict(float)
    clients = sorted({client for column, _ in fractional for client in column.clients})
    visits = {client: np.array([column.clients.count(client) for column, _ in fractional]) for client in clients}
    weights = np.array([share for _, share in fractional])
    together = np.array([[float(weights @ ((visits[a] > 0) & (visits[b] > 0))) for b in clients] for a in clients])
    for a, b, c in combinations(range(len(clients)), 3):
        if together[a, b] + together[a, c] + together[b, c] <= 1 + VIOLATION:
            continue
        total = visits[clients[a]] + visits[clients[b]] + visits[clients[c]]
        value = float(weights @ (total // 2)) - 1
        if value > VIOLATION:
            counted[frozenset((clients[a], clients[b], clients[c]))] = value
    return _chosen(counted, fractional, known, min(most, MOST_ROWS))


def _chosen(
    counted: dict[frozenset[int], float],
    fractional: Sequence[tuple[Column, float]],
    known: Sequence[SubsetRow],
    most: int,
) -> list[SubsetRow]:
    chosen: list[SubsetRow] = []
    times: dict[int, int] = defaultdict(int)
    for clients in sorted(counted, key=lambda three: (-counted[three], sorted(three))):
        if len(chosen) == most:
            break
        if any(times[client] >= MOST_OF_A_CLIENT for client in clients):
            continue
        row = SubsetRow(clients, _memory(clients, fractional))
        if row not in known:
            chosen.append(row)
            for client in clients:
                times[client] += 1
    return chosen


def _memory(clients: frozenset[int], fractional: Sequence[tuple[Column, float]]) -> frozenset[int]:
    """Return the clients that must be remembered so that every route in use counts fully."""
    memory = set(clients)
    for column, _ in fractional:
        positions = [k for k, client in enumerate(column.clients) if client in clients]
        for begin, end in zip(positions[::2], positions[1::2], strict=False):
            memory.update(column.clients[begin:end])
    return frozenset(memory)
