"""
One compiled search: its tables, and pieces of about 50 ms that the kernel runs with the interpreter's lock released.

The temperature falls geometrically from a multiple of the mean length of an arc to a small share of it: with the seconds that
have passed, or with the iterations where they are limited, so that the same seed then gives the same answer.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as layout
from solvers.routing.annealing_kernels import COOLING as FACTOR
from solvers.routing.annealing_kernels import HOT, SORT_KINDS, SORTS, anneal
from solvers.routing.annealing_search import AnnealingParameters, AnnealingSearch, Integers
from solvers.routing.compiled_problem import CompiledProblem
from solvers.routing.nearness import near_stops
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.seats import Seat

DESCENT = 5
"""Iterations per stop without accepting anything worse, before the temperature is chosen."""

LOG_ENTRIES = 24
"""Entries of the log for one insertion, beside two for every stop of the longest route."""

INSERTIONS = 120
"""Most removals and insertions of one iteration."""


def parameters_of(problem: CompiledProblem) -> AnnealingParameters:
    """Return parameters by the structure of a problem: pairs, windows or neither."""
    if problem.count[layout.PAIRS]:
        return AnnealingParameters(hot=0.5, cold=0.005, neighbours=20, removed=12.0, related=0.3, sorts=(4, 2, 2, 1, 2, 2, 2))
    if problem.count[layout.TIMED]:
        return AnnealingParameters(hot=1.0, cold=0.01, neighbours=40, sorts=(4, 4, 2, 1, 2, 2, 2))
    return AnnealingParameters(hot=1.0, cold=0.01, neighbours=20)


class Annealing(AnnealingSearch):
    """
    The search of one thread.

    Parameters
    ----------
    problem
        The problem as arrays; shared by all threads.
    near
        Lists of near stops; shared as well.
    seed
        Of the random number stream.
    """

    def __init__(
        self, problem: CompiledProblem, near: NDArray[np.int32], parameters: AnnealingParameters, *, seed: int
    ) -> None:
        super().__init__(parameters)
        self.problem = problem
        self.near = near
        size, routes = problem.size, problem.routes
        width = max(size + 2 * routes, len(problem.vehicle_types), 8) + 2
        dimensions = int(problem.count[layout.DIMENSIONS])
        self.count = problem.count.copy()
        self.count[layout.NEIGHBOURS] = min(parameters.neighbours, near.shape[2])
        self.count[layout.ADJACENT] = min(parameters.around, near.shape[2])
        self.table = np.zeros((layout.LOADS + dimensions, width), dtype=np.int64)
        self.work = np.zeros((layout.ON_BOARD + 3 * dimensions, width), dtype=np.int64)
        self.log = np.zeros((INSERTIONS * (LOG_ENTRIES + dimensions + 2 * size), 3), dtype=np.int64)
        self.dirty = np.zeros((20 * width, 2), dtype=np.int64)
        self.random = np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)
        shares = np.cumsum(parameters.sorts) / sum(parameters.sorts)
        self.tuning = np.zeros(SORTS + SORT_KINDS, dtype=np.float64)
        self.tuning[:6] = (
            parameters.blink,
            parameters.removed,
            parameters.longest,
            parameters.split,
            parameters.related,
            parameters.pair_neighbours,
        )
        self.tuning[SORTS:] = shares
        self._fill(size, routes)
        self.best = self.table.copy()

    def _fill(self, size: int, routes: int) -> None:
        """Write the table of the plan that serves nothing."""
        table, problem = self.table, self.problem
        slots = np.arange(routes)
        table[layout.PLACE, :size] = problem.place
        table[layout.EARLY, :size] = problem.early
        table[layout.LATE, :size] = problem.late
        table[layout.SERVICE, :size] = problem.service
        table[layout.ROUTE, :size] = -1
        table[layout.ROUTE, size : size + routes] = table[layout.ROUTE, size + routes : size + 2 * routes] = slots
        table[layout.ACTIVE, :routes] = table[layout.SLOT, :routes] = slots
        table[layout.TYPE] = -1
        orders = np.flatnonzero(problem.stops[layout.PARTNER] < 0)
        pairs = np.flatnonzero(problem.stops[layout.PARTNER] > np.arange(size))
        orders = np.concatenate([orders, pairs])
        table[layout.ABSENT, : len(orders)] = orders
        table[layout.RANK, orders] = np.arange(len(orders))
        table[layout.SIZES, layout.ORDERS_ABSENT] = len(orders)
        self.work[layout.WEIGHT, :size] = problem.weight
        self.count[layout.COST] = problem.weight[orders].sum()
        self.count[layout.SKIP] = layout.INFINITE

    def begin_with(self, seats: Sequence[Seat]) -> None:
        """Write the routes into the table, and what it knows of them."""
        table, problem, fleet = self.table, self.problem, self.problem.fleet
        for route, seat in enumerate(seats):
            size, slots = problem.size, problem.routes
            nodes = [size + route, *seat.stops, size + slots + route]
            table[layout.TYPE, route], table[layout.COUNT, route] = seat.kind, len(seat.stops)
            table[layout.USED, seat.kind] += 1
            table[layout.SUCC, nodes[:-1]], table[layout.PRED, nodes[1:]] = nodes[1:], nodes[:-1]
            table[layout.ROUTE, seat.stops] = route
            table[layout.PLACE, nodes], table[layout.STEP, nodes[:-1]] = seat.places, seat.steps
            table[layout.EARLIEST, nodes], table[layout.LATEST, nodes] = seat.earliest, seat.latest
            start, end = nodes[0], nodes[-1]
            table[[layout.EARLY, layout.LATE], start] = fleet[seat.kind, [layout.START_EARLY, layout.START_LATE]]
            table[[layout.EARLY, layout.LATE], end] = fleet[seat.kind, [layout.END_EARLY, layout.END_LATE]]
            table[layout.LENGTH, route] = sum(seat.steps)
            for k, row in enumerate(seat.loads):
                table[layout.LOADS + k, route] = row[0]
            self.count[layout.COST] += fleet[seat.kind, layout.FIXED]
            self.count[layout.COST] += fleet[seat.kind, layout.COST_PER_DISTANCE] * sum(seat.steps)
        table[layout.SIZES, layout.ROUTES_ACTIVE] = len(seats)
        absent = table[layout.ABSENT, : table[layout.SIZES, layout.ORDERS_ABSENT]].copy()
        left = absent[table[layout.ROUTE, absent] < 0]
        self.count[layout.COST] -= problem.weight[absent].sum() - problem.weight[left].sum()
        table[layout.ABSENT, : len(left)], table[layout.RANK, left] = left, np.arange(len(left))
        table[layout.SIZES, layout.ORDERS_ABSENT] = len(left)
        self._run(-1)
        kinds, used = table[layout.TYPE, : len(seats)], slice(len(seats))
        self.count[layout.COST] += (fleet[kinds, layout.COST_PER_DURATION] * self.work[layout.ROUTE_DURATION, used]).sum()

    def restart(self, seats: Sequence[Seat], *, most: int) -> None:
        """Leave the plan for another, which becomes the best known."""
        weight = self.work[layout.WEIGHT, : self.problem.size].copy()
        for array in (self.table, self.work, self.log, self.dirty):
            array[:] = 0
        self.count[layout.DIRTY] = -1
        self._fill(self.problem.size, self.problem.routes)
        self.count[layout.MOST] = most
        self.begin_with(seats)
        self.reweigh(weight)
        self.construct()

    def left_out(self) -> Integers:
        """Return the clients, and pickups of the shipments, that the plan leaves out."""
        return self.table[layout.ABSENT, : self.table[layout.SIZES, layout.ORDERS_ABSENT]].copy()

    def reweigh(self, weight: Integers) -> None:
        """Set what leaving out the order of each stop costs from now on."""
        absent = self.left_out()
        self.count[layout.COST] += (weight[absent] - self.work[layout.WEIGHT, absent]).sum()
        self.work[layout.WEIGHT, : self.problem.size] = weight

    def construct(self) -> None:
        """Insert every order where it is cheapest."""
        self._run(0)
        self.count[layout.SKIP] = 1

    def descend(self) -> None:
        """Accept better plans only, until the worst of the construction is gone; temperatures are taken from what is left."""
        self.tuning[HOT], self.tuning[FACTOR] = 0.0, 1.0
        number = DESCENT * self.problem.size
        self._timed(number)
        self.iterations = 0
        served = self.problem.size - int(self.table[layout.SIZES, layout.ORDERS_ABSENT])
        kinds = self.table[layout.TYPE, : self.problem.routes]
        rates = np.where(kinds >= 0, self.problem.fleet[np.maximum(kinds, 0), layout.COST_PER_DISTANCE], 0)
        travel = float((rates * self.table[layout.LENGTH, : self.problem.routes]).sum())
        lasting = np.where(kinds >= 0, self.problem.fleet[np.maximum(kinds, 0), layout.COST_PER_DURATION], 0)
        travel += float((lasting * self.work[layout.ROUTE_DURATION, : self.problem.routes]).sum())
        self.edge = max(1.0, travel / max(1, served))

    def stops_per_route(self) -> float:
        """Return the mean number of stops on a route of the plan that the search is at."""
        sizes = self.table[layout.SIZES]
        served = self.problem.size - int(sizes[layout.ORDERS_ABSENT])
        return served / max(1, int(sizes[layout.ROUTES_ACTIVE]))

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
        absent = self.best[layout.ABSENT, : self.best[layout.SIZES, layout.ORDERS_ABSENT]]
        missing = absent[self.problem.required[absent]]
        vehicles = self.problem.vehicle_first * int(self.best[layout.SIZES, layout.ROUTES_ACTIVE])
        return float((self.best_cost - vehicles - self.problem.weight[missing].sum()) / self.problem.scaling.cost)

    def best_missing(self) -> int:
        """Return how many of the orders that are searched the best plan leaves out."""
        return int(self.best[layout.SIZES, layout.ORDERS_ABSENT])

    def best_routes(self) -> list[PlannedRoute]:
        """Return the routes of the best plan in terms of the request."""
        return self.problem.plan(self.best)

    def follow(self, other: Self) -> None:
        """Go on from the plan that another search is at."""
        self.table[:] = other.table
        self.count[layout.COST] = other.count[layout.COST]
        self.count[layout.DIRTY] = -1
        self._run(-1)

    def _set_temperature(self, hot: float, factor: float) -> None:
        self.tuning[HOT], self.tuning[FACTOR] = hot, factor

    def _run(self, iterations: int) -> None:
        anneal(
            self.count, self.tuning, self.random, self.problem.matrix, self.near, self.problem.stops, self.problem.fleet,
            self.problem.allowed, self.table, self.work, self.log, self.best, self.dirty, iterations,
        )  # fmt: skip
        self.iterations += max(0, iterations)


def annealing_of(problem: CompiledProblem, *, seed: int, parameters: AnnealingParameters | None = None) -> Annealing:
    """Return one search with lists of near stops and parameters by the structure of the problem."""
    chosen = parameters or parameters_of(problem)
    near = near_stops(problem, neighbours=chosen.neighbours, around=chosen.around)
    return Annealing(problem, near, chosen, seed=seed)
