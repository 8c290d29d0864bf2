"""
Guaranteed service on a network that is a tree when directions are forgotten: dynamic programming from the leaves.

A stage whose remaining neighbour is a customer hands on f(S), the least cost of its part of the tree when it promises S; one
whose remaining neighbour is a supplier hands on g(SI), the least cost when it is promised SI. Costs are concave in the
net replenishment time and the conditions are differences of times, so that whole times lose nothing when all data are whole.
Sources: Graves and Willems (2000), Manufacturing & Service Operations Management 2, 68-83, and (2003), 5, 176-177.
"""

from dataclasses import dataclass

import numpy as np

from solvers.inventory.multi_echelon.network import Floats, Integers, Network

MOST_CELLS = 60_000_000
"""Most pairs of inbound and promised time that all stages together may have."""

CELLS_A_SECOND = 10_000_000
"""Pairs for which there is time in a second, on a slow machine: the recursion does not stop before its end."""


@dataclass(slots=True)
class _Table:
    """What a stage hands on: least cost by S (to a customer) or by SI (to a supplier), and its own other time there."""

    to_customer: bool
    cost: Floats
    other: Integers


def is_forest(network: Network) -> bool:
    """Tell whether the network has no cycle when directions are forgotten."""
    root = list(range(len(network.ids)))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    for k, before in enumerate(network.suppliers):
        for one in before:
            a, b = find(one), find(k)
            if a == b:
                return False
            root[a] = b
    return True


def cells(network: Network) -> int:
    """Return the number of pairs of times that the recursion looks at."""
    return int(((network.longest - network.processing + 1) * (network.limit + 1)).sum())


def solve_tree(network: Network) -> tuple[list[int], float]:
    """Return the best promise of every stage on the grid, and the least cost (infinite when idle stages make it impossible)."""
    tables: dict[int, _Table] = {}
    promises, total = [0] * len(network.ids), 0.0
    for k, parent in _leaves_first(network):
        matrix = _matrix(network, k, parent, tables)
        if parent is None:
            least = float(matrix.min())
            total += least
            if np.isfinite(least):
                _trace_back(network, k, matrix, tables, promises)
        elif parent in network.customers[k]:
            tables[k] = _Table(True, matrix.min(axis=0), matrix.argmin(axis=0))
        else:
            tables[k] = _Table(False, matrix.min(axis=1), matrix.argmin(axis=1))
    return promises, total


def _leaves_first(network: Network) -> list[tuple[int, int | None]]:
    """Return stages in an order in which each has at most one neighbour after it, with that neighbour."""
    near = [set(network.suppliers[k]) | set(network.customers[k]) for k in range(len(network.ids))]
    ready = [k for k, others in enumerate(near) if len(others) <= 1]
    done: set[int] = set()
    order: list[tuple[int, int | None]] = []
    for k in ready:
        if k in done:
            continue
        left = near[k] - done
        parent = next(iter(left), None)
        order.append((k, parent))
        done.add(k)
        if parent is not None and len(near[parent] - done) <= 1:
            ready.append(parent)
    return order


def _matrix(network: Network, k: int, parent: int | None, tables: dict[int, _Table]) -> Floats:
    """Return the least cost of the part of the tree behind a stage by its inbound (rows) and promised (columns) time."""
    inbound = np.arange(int(network.longest[k] - network.processing[k]) + 1)
    promised = np.arange(int(network.limit[k]) + 1)
    net = inbound[:, None] + int(network.processing[k]) - promised[None, :]
    costs = network.costs(k)
    if network.idle[k]:
        costs = np.where(np.arange(len(costs)) > 0, np.inf, costs)
    matrix = np.where(net >= 0, costs[np.maximum(net, 0)], np.inf)
    matrix[: int(network.inbound[k])] = np.inf
    for one in network.suppliers[k]:
        if one != parent:
            least = np.minimum.accumulate(tables[one].cost)
            matrix += least[np.minimum(inbound, len(least) - 1)][:, None]
    for one in network.customers[k]:
        if one != parent:
            least = np.minimum.accumulate(tables[one].cost[::-1])[::-1]
            matrix += least[promised][None, :]
    return np.asarray(matrix)


def _trace_back(network: Network, root: int, matrix: Floats, tables: dict[int, _Table], promises: list[int]) -> None:
    """Fill in the best promises of a component from its root outwards."""
    row, column = np.unravel_index(int(matrix.argmin()), matrix.shape)
    stack: list[tuple[int, int, int, int | None]] = [(root, int(row), int(column), None)]
    while stack:
        k, inbound, promised, parent = stack.pop()
        promises[k] = promised
        for one in network.suppliers[k]:
            if one != parent:
                table = tables[one]
                time = int(table.cost[: inbound + 1].argmin())
                stack.append((one, int(table.other[time]), time, k))
        for one in network.customers[k]:
            if one != parent:
                table = tables[one]
                time = promised + int(table.cost[promised:].argmin())
                stack.append((one, time, int(table.other[time]), k))
