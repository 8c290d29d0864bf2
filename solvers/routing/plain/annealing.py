"""One compiled search of a plain problem: its tables, and pieces that the kernel runs with the interpreter's lock released."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as general
from solvers.routing.annealing_search import AnnealingParameters, AnnealingSearch, Integers
from solvers.routing.plain import state_kernels as layout
from solvers.routing.plain.annealing_kernels import COOLING as FACTOR
from solvers.routing.plain.annealing_kernels import HOT, SORT_KINDS, SORTS, anneal
from solvers.routing.plain.arrays import NEVER, PlainArrays
from solvers.routing.plain.start import starting_plan
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.seats import Seat

DESCENT = 5
"""Iterations per client without accepting anything worse, before the temperature is chosen."""

LONG_ROUTE = 20.0
"""Mean stops per route from which routes count as long: there annealing with time windows levels off, or takes too long."""

LONG_HOT, LONG_COLD = 3.0, 0.03
"""Temperatures where windows meet long routes, whose arcs are short beside the detours that lead from one order to another."""

ABSENT_LIST = 2
"""Place of the list of absent clients among the arrays of the state."""

INSERTIONS = 120
"""Most removals, and most insertions, of one iteration."""

Small = NDArray[np.int32]


class PlainAnnealing(AnnealingSearch):
    """
    The search of one thread.

    Parameters
    ----------
    arrays
        The problem; shared by all threads.
    parameters
        How hard to search.
    seed
        Of the random number stream.
    """

    iterations_a_piece: ClassVar[int] = 20_000

    def __init__(self, arrays: PlainArrays, parameters: AnnealingParameters, *, seed: int) -> None:
        super().__init__(parameters)
        self.arrays = arrays
        self.problem = arrays.problem
        self.count = arrays.count.copy()
        self.count[[layout.BEST_COST, layout.SKIP]] = layout.INFINITE
        self.kinds = arrays.kinds.copy()
        self.weight = arrays.weight.copy()
        self.random = np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)
        self.tuning = np.zeros(SORTS + SORT_KINDS, dtype=np.float64)
        self.tuning[:4] = parameters.blink, parameters.removed, parameters.longest, parameters.split
        self.tuning[SORTS:] = np.cumsum(parameters.sorts) / sum(parameters.sorts)
        size, routes = self.problem.size, self.problem.routes
        self.node = self._nodes()
        self.state = [np.zeros(length, dtype=np.int32) for length in (
            routes * layout.WIDTH, routes, size, size + INSERTIONS, size, INSERTIONS * layout.WIDTH,
            INSERTIONS * layout.SEGMENT, INSERTIONS * 3, INSERTIONS * 4, 4 * INSERTIONS * (size + 2),
        )]  # fmt: skip
        self.plan = np.zeros(1 + 3 * size, dtype=np.int32)
        self.best = np.zeros(1 + 3 * size, dtype=np.int32)
        self.given: Small | None = None

    def _nodes(self) -> Small:
        """Return records of clients on no route, and of the ends of routes."""
        fleet, size = self.problem.fleet, self.problem.size
        node = np.zeros((size + 2 * len(fleet), layout.WIDTH), dtype=np.int32)
        node[:, layout.ROUTE] = -1
        node[size::2, layout.DEPART] = np.minimum(fleet[:, general.START_EARLY], NEVER)
        node[size + 1 :: 2, layout.LATEST] = np.minimum(fleet[:, general.END_LATE], NEVER)
        node[size::2, layout.STEP] = self.arrays.kinds[layout.EMPTY :: layout.WIDTH]
        return node.ravel()

    def begin_with(self, seats: Sequence[Seat]) -> None:
        """Begin from these routes instead of savings."""
        self.given = np.zeros(1 + 3 * self.problem.size, dtype=np.int32)
        self._list(seats, self.given)

    def restart(self, seats: Sequence[Seat], *, most: int) -> None:
        """Leave the plan for another, which becomes the best known."""
        self.count[layout.MOST] = most
        self.count[[layout.BEST_COST, layout.SKIP]] = layout.INFINITE
        self._list(seats, self.plan)
        self._run(0)
        self.count[layout.SKIP] = 1

    def left_out(self) -> Integers:
        """Return the clients that the plan leaves out."""
        return self.arrays.order[self.state[ABSENT_LIST][: self.count[layout.ABSENT]]]

    def reweigh(self, weight: Integers) -> None:
        """Set what leaving out each client costs from now on."""
        before = self.weight
        self.weight = weight[self.arrays.order]
        absent = self.state[ABSENT_LIST][: self.count[layout.ABSENT]]
        self.count[layout.COST] += (self.weight[absent] - before[absent]).sum()

    def _list(self, seats: Sequence[Seat], plan: Small) -> None:
        """Write routes as the kernel reads them."""
        number = np.argsort(self.arrays.order)
        listed = [len(seats)]
        for seat in seats:
            listed += [seat.kind, len(seat.stops), *number[seat.stops].tolist()]
        plan[: len(listed)] = listed

    def construct(self) -> None:
        """Make a first plan that serves what it can."""
        self.plan[:] = starting_plan(self.arrays) if self.given is None else self.given
        self._run(0)
        self.count[layout.SKIP] = 1

    def descend(self) -> None:
        """Accept better plans only, until the worst of the start is gone; temperatures are taken from what is left."""
        self.tuning[HOT], self.tuning[FACTOR] = 0.0, 1.0
        number = DESCENT * self.problem.size
        self._timed(number)
        self.iterations = 0
        self._run(-1)
        arcs = float(self.count[layout.COST] - self._fixed() - self.problem.weight[self._absent(self.plan)].sum())
        self.edge = max(1.0, arcs / max(1, self.problem.size - int(self.count[layout.ABSENT])))
        if self.problem.timed and self.stops_per_route() >= LONG_ROUTE:
            self.parameters = replace(self.parameters, hot=LONG_HOT, cold=LONG_COLD)

    def stops_per_route(self) -> float:
        """Return the mean number of clients on a route of the plan that the search is at."""
        return (self.problem.size - int(self.count[layout.ABSENT])) / max(1, int(self.count[layout.ACTIVE]))

    @property
    def best_cost(self) -> int:
        """Cost of the best plan, in the integers of the problem."""
        return int(self.count[layout.BEST_COST])

    @property
    def count_cost(self) -> int:
        """Cost of the plan that the search is at."""
        return int(self.count[layout.COST])

    def best_money(self) -> float:
        """Return the cost of the best plan in the caller's money: required orders that are left out are not priced."""
        absent = self._absent(self.best)
        missing = absent[self.problem.required[absent]]
        vehicles = self.problem.vehicle_first * int(self.best[0])
        return float((self.best_cost - vehicles - self.problem.weight[missing].sum()) / self.problem.scaling.cost)

    def best_missing(self) -> int:
        """Return how many of the orders that are searched the best plan leaves out."""
        return len(self._absent(self.best))

    def best_routes(self) -> list[PlannedRoute]:
        """Return the routes of the best plan in terms of the request."""
        order = self.arrays.order.tolist()
        return [
            PlannedRoute(
                vehicle_type=self.problem.vehicle_types[kind], stops=tuple(self.problem.planned[order[v]] for v in clients)
            )
            for kind, clients in _listed(self.best)
        ]

    def follow(self, other: Self) -> None:
        """Go on from the plan that another search is at."""
        other._run(-1)
        self.plan[:] = other.plan
        self._run(0)

    def _absent(self, plan: Small) -> NDArray[np.int64]:
        absent = np.ones(self.problem.size, dtype=np.bool_)
        for _, clients in _listed(plan):
            absent[self.arrays.order[clients]] = False
        return np.flatnonzero(absent)

    def _fixed(self) -> int:
        return int((self.kinds[layout.USED :: layout.WIDTH] * self.kinds[layout.FIXED :: layout.WIDTH]).sum())

    def _set_temperature(self, hot: float, factor: float) -> None:
        self.tuning[HOT], self.tuning[FACTOR] = hot, factor

    def _run(self, iterations: int) -> None:
        a = self.arrays
        run: Any = anneal  # its arguments are too many to be told apart
        run(
            self.count, self.tuning, self.random, a.onwards, a.back, a.onwards_span, a.back_span, a.near, a.near_cost,
            a.near_span, a.around, a.fact, a.keys, self.weight, a.alone, a.allowed, self.kinds, self.node, *self.state,
            self.plan, self.best, iterations,
        )  # fmt: skip
        self.iterations += max(0, iterations)


def _listed(plan: Small) -> list[tuple[int, list[int]]]:
    """Return vehicle type and clients of each route of a list as the kernel writes it."""
    values = plan.tolist()
    routes, at = [], 1
    for _ in range(values[0]):
        kind, size = values[at], values[at + 1]
        routes.append((kind, values[at + 2 : at + 2 + size]))
        at += 2 + size
    return routes
