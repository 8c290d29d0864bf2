"""
The Lagrangian bound: what any prices prove, once the least reduced cost of all routes at these prices is known exactly.

With prices u >= 0 of clients, v >= 0 of capacity cuts, w >= 0 of subset rows and f <= 0 of the fleet, every plan costs at least

    sum u_i + sum v_S k_S - sum w_T + sum_k (m_k f_k + n_k min(0, r_k)),

where r_k is the least reduced cost of a route of vehicle kind k and n_k the most such routes that a plan can have that is no
dearer than the best known one. All numbers are integers here: prices are rounded to the scaled grid first, so that the bound
holds to the last digit.

References
----------
Lasdon, L. S. (1970). Optimization Theory for Large Systems. Macmillan, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.routing.column_generation.capacity_cuts import CapacityCut
from solvers.routing.column_generation.master import Prices
from solvers.routing.column_generation.network import Integers, PricingProblem
from solvers.routing.column_generation.pricing import Rows
from solvers.routing.column_generation.subset_rows import SubsetRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePrices:
    """Prices as integers in scaled units, with the rows that they belong to; `subsets` holds the cost of an even visit."""

    clients: Integers
    fleet: Integers
    capacity: Integers
    subsets: Integers
    cuts: tuple[CapacityCut, ...]
    rows: tuple[SubsetRow, ...]

    def constant(self, problem: PricingProblem) -> int:
        """Return the part of the bound that no route changes."""
        fleet = sum(network.vehicles * int(price) for network, price in zip(problem.networks, self.fleet, strict=True))
        cuts = sum(cut.least * int(price) for cut, price in zip(self.cuts, self.capacity, strict=True))
        return int(self.clients.sum()) + cuts - int(self.subsets.sum()) + fleet

    def reduced(self, problem: PricingProblem, position: int) -> Integers:
        """Return the reduced cost of every arc of a network, without subset rows, shape (N, N)."""
        reduced = problem.networks[position].cost.copy()
        reduced[:, :-2] -= self.clients[None, :]
        reduced[-2] -= int(self.fleet[position])
        inside = np.zeros((len(self.cuts), len(reduced)), dtype=np.bool_)
        for k, cut in enumerate(self.cuts):
            inside[k, list(cut.clients)] = True
        for own, price in zip(inside, self.capacity.tolist(), strict=True):
            if price:
                reduced[own[:, None] != own[None, :]] -= price
        return reduced

    def label_rows(self, size: int) -> Rows:
        """Return the subset rows with a price as labels see them."""
        bits = np.zeros((size, 2), dtype=np.uint64)
        priced = [(row, price) for row, price in zip(self.rows, self.subsets.tolist(), strict=True) if price]
        for k, (row, _) in enumerate(priced):
            bit = np.uint64(1) << np.uint64(k)
            bits[list(row.clients), 0] |= bit
            bits[list(row.memory), 1] |= bit
        penalties = np.array([price for _, price in priced] or [0], dtype=np.int64)
        return Rows(bits=bits.view(np.int64), penalties=penalties)


def whole_prices(
    problem: PricingProblem, prices: Prices, cuts: Sequence[CapacityCut], rows: Sequence[SubsetRow]
) -> WholePrices:
    """Return prices rounded to the scaled grid, those of optional clients at most their prize."""
    clients = np.rint(prices.clients * problem.scale).astype(np.int64)
    return WholePrices(
        clients=np.where(problem.prizes >= 0, np.minimum(clients, problem.prizes), clients),
        fleet=np.rint(prices.fleet * problem.scale).astype(np.int64),
        capacity=np.rint(prices.capacity * problem.scale).astype(np.int64),
        subsets=np.rint(-prices.subsets * problem.scale).astype(np.int64),
        cuts=tuple(cuts[: len(prices.capacity)]),
        rows=tuple(rows[: len(prices.subsets)]),
    )


def most_routes(problem: PricingProblem, upper: int) -> list[int]:
    """
    Return how many routes of each network a plan can have that costs no more than `upper`, scaled.

    A route costs at least its cheapest first and last arc.
    """
    result = []
    for network in problem.networks:
        far = np.int64(2**60)
        out = np.where(network.arcs[-2], network.cost[-2], far)[:-2]
        home = np.where(network.arcs[:, -1], network.cost[:, -1], far)[:-2]
        cheapest = int(out.min(initial=far)) + int(home.min(initial=far))
        most = min(network.vehicles, len(problem.clients))
        result.append(min(most, upper // cheapest) if cheapest > 0 else most)
    return result


def lagrangian_bound(problem: PricingProblem, prices: WholePrices, least: Sequence[int], routes: Sequence[int]) -> int:
    """Return the scaled bound for the least reduced costs and the most routes of each network."""
    return prices.constant(problem) + sum(most * min(0, value) for most, value in zip(routes, least, strict=True))
