"""
Subset-row cuts: of three clients, at most one route visits two or more.

The rows of coverage of three clients, each multiplied by one half and rounded down: a route counts floor(visits / 2). With a
limited memory, visits far from the three are forgotten in between, which keeps labels comparable: the cut is weaker but valid.
Every plan serves each client once, so the cuts hold for every plan, although the master only asks to cover.

References
----------
Jepsen, M., Petersen, B., Spoorendonk, S., Pisinger, D. (2008). Subset-row inequalities applied to the vehicle-routing problem
with time windows. Operations Research 56(2), 497-511. Pecin, D., Pessoa, A., Poggi, M., Uchoa, E. (2017). Improved
branch-cut-and-price for capacitated vehicle routing. Mathematical Programming Computation 9(1), 61-100.
"""

from dataclasses import dataclass

from solvers.routing.column_generation.columns import Column


@dataclass(frozen=True, slots=True)
class SubsetRow:
    """Three clients, and those between whose visits a visit of the three is remembered."""

    clients: frozenset[int]
    memory: frozenset[int]

    def coefficient(self, column: Column) -> int:
        """Return how often a route counts: once for every second visit that is remembered."""
        count, odd = 0, False
        for client in column.clients:
            if client not in self.memory:
                odd = False
            if client in self.clients:
                count += odd
                odd = not odd
        return count
