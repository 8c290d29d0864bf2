"""
Which clients a visit remembers: an ng-route returns to a client only after a visit that has forgotten it.

References
----------
Baldacci, R., Mingozzi, A., Roberti, R. (2011). New route relaxation and pricing strategies for the vehicle routing problem.
Operations Research 59(5), 1269-1283. Roberti, R., Mingozzi, A. (2014). Dynamic ng-path relaxation for the delivery man problem.
Transportation Science 48(3), 413-424.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import Floats, PricingProblem

AT_LEAST, AT_FIRST, AT_MOST = 3, 5, 20
"""Clients that a visit remembers, itself included."""

USED = 1e-6
MOST_CYCLES = 40
"""Most routes whose cycles are forbidden at a time."""


class ClientMemory:
    """For each client the clients remembered after a visit: those nearest, and later those that close cycles."""

    def __init__(self, problem: PricingProblem) -> None:
        size = len(problem.clients)
        self.near = problem.near
        self.members = np.zeros((size, size), dtype=np.bool_)
        for i in range(size):
            self.members[i, problem.near[i, :AT_FIRST]] = True
            self.members[i, i] = True
        self._before: list[NDArray[np.bool_]] = []
        self._growing = True

    def shorten(self) -> bool:
        """
        Remember fewer clients, which makes more labels comparable; tell whether there were more.

        What was remembered before cycles were forbidden the last time is tried first. No more cycles are forbidden from now on.
        """
        self._growing = False
        if self._before:
            self.members[:] = self._before.pop()
            self._before.clear()
            return True
        longer = bool((self.members.sum(axis=1) > AT_LEAST).any())
        for i, nearest in enumerate(self.near):
            self.members[i] = False
            self.members[i, nearest[:AT_LEAST]] = self.members[i, i] = True
        return longer

    def forbid_cycles(self, columns: Sequence[Column], shares: Floats) -> bool:
        """Lengthen memories so that cycles of routes in use are no longer allowed; tell whether any was."""
        if not self._growing:
            return False
        self._before = [self.members.copy()]
        order = np.argsort(-shares)[: int((shares > USED).sum())].tolist()
        cyclic = [columns[k] for k in order if not columns[k].elementary][:MOST_CYCLES]
        return sum(self._forbid(column) for column in cyclic) > 0

    def allows(self, column: Column) -> bool:
        """Tell whether a route is one with the memories as they are now."""
        remembered: set[int] = set()
        for client in column.clients:
            if client in remembered:
                return False
            remembered = {other for other in remembered if self.members[client, other]} | {client}
        return True

    def _forbid(self, column: Column) -> bool:
        """Forbid the shortest cycle of a route where memories have room."""
        last: dict[int, int] = {}
        cycles = []
        for position, client in enumerate(column.clients):
            if client in last:
                cycles.append((position - last[client], last[client], position))
            last[client] = position
        for _, begin, end in sorted(cycles):
            client = column.clients[begin]
            between = list(column.clients[begin + 1 : end])
            if all(self.members[other, client] or self.members[other].sum() < AT_MOST for other in between):
                self.members[between, client] = True
                return True
        return False
