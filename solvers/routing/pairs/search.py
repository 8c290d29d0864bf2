"""
One compiled search of pickup and delivery: its arrays, and pieces that the kernel runs with the interpreter's lock released.

It takes the problems whose shipments have one load dimension and whose routes cost by distance; see `takes`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as layout
from solvers.routing.annealing_search import AnnealingParameters, AnnealingSearch, Integers
from solvers.routing.compiled_problem import UNLIMITED, CompiledProblem, has_exchangeable_types
from solvers.routing.pairs import state_kernels as pairs
from solvers.routing.pairs.annealing_kernels import COOLING, FAR, HOT, SORTS, anneal_pairs
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.seats import Seat

DESCENT = 5
"""Iterations per stop without accepting anything worse, before the temperature is chosen."""

FARTHEST, FAR_SHARE = 60, 0.15
"""Near stops on each side whose routes some iterations try, and the share of these: with near ones alone the search settles on
one route too many."""

WHOLE_SHARE = 0.03
"""Share of the iterations that take out a whole route: long ones are not emptied string by string."""

SHORT_HOT = 1.0
"""Temperature at which the search begins, as a multiple of the mean cost of an arc."""

LONG_ROUTE = 30.0
"""Mean stops per route from which the search begins hotter."""

LONG_HOT, LONG_COLD = 4.0, 0.01
"""Its temperatures then, as multiples of the mean cost of an arc."""

KIN = 60
"""Length of the lists of shipments alike."""

ROWS_A_BLOCK = 256

TIME_WEIGHT = 0.1
"""Weight of a unit of time between two windows against a unit of distance, where shipments are alike."""

MOST_NUMBERS = 2**26
"""Most numbers in the table of routes; it is held twice."""

LEAST_WIDTH = 302
"""Longest sequence that must fit the table, when a route may be that long."""


def width_of(problem: CompiledProblem) -> int:
    """Return how many positions a route can have in the table."""
    return min(problem.size + 2, MOST_NUMBERS // (pairs.FIELDS * problem.routes))


def takes(problem: CompiledProblem) -> bool:
    """
    Tell whether this search carries a problem.

    It needs shipments only, at most one load dimension, at most one window a step, costs by distance alone, no limits of
    distance, duration or stops, one travel profile, no choice of vehicle types, and moments and lengths of routes within
    31 bits.
    """
    count, fleet = problem.count, problem.fleet
    if not count[layout.PAIRS] or (problem.stops[layout.PARTNER] < 0).any():
        return False
    if count[layout.DIMENSIONS] > 1 or count[layout.DURATIONS] or count[layout.ALTERNATIVES]:
        return False
    if (fleet[:, layout.MAX_DISTANCE] < UNLIMITED).any() or (fleet[:, layout.MAX_STOPS] < problem.size).any():
        return False
    if (fleet[:, layout.COST_PER_DISTANCE] == 0).any() or has_exchangeable_types(problem):
        return False
    if (fleet[:, layout.DISTANCE : layout.DURATION_BACK + 1] != fleet[0, layout.DISTANCE : layout.DURATION_BACK + 1]).any():
        return False
    return width_of(problem) >= min(LEAST_WIDTH, problem.size + 2) and _farthest(problem) < pairs.NEVER


def _farthest(problem: CompiledProblem) -> int:
    """Return a number that no moment, load or length of a route exceeds."""
    longest = int(problem.matrix.max()) * (problem.size + 1)
    if not problem.timed:
        return longest
    ends = problem.fleet[:, [layout.START_EARLY, layout.START_LATE, layout.END_EARLY, layout.END_LATE]]
    moments = np.concatenate([problem.early, problem.late, ends.ravel()])
    latest = int(moments[moments < UNLIMITED].max(initial=0))
    return max(longest, latest + int(problem.matrix.max()) + int(problem.service.max(initial=0)))


class PairsAnnealing(AnnealingSearch):
    """
    The search of one thread.

    Parameters
    ----------
    problem
        A problem that this search takes.
    near
        Lists of near stops.
    parameters
        How hard to search.
    seed
        Of the random number stream.
    """

    def __init__(
        self, problem: CompiledProblem, near: NDArray[np.int32], parameters: AnnealingParameters, *, seed: int
    ) -> None:
        super().__init__(parameters)
        self.problem = problem
        self.random = np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)
        self.tuning = np.zeros(FAR + 1, dtype=np.float64)
        self.shipments, self.slots, self.width = problem.size // 2, problem.routes, width_of(problem)
        self.tuning[:6] = (
            parameters.blink,
            parameters.removed,
            parameters.longest,
            parameters.split,
            parameters.related,
            WHOLE_SHARE,
        )
        self.tuning[SORTS:FAR] = np.cumsum(parameters.sorts) / sum(parameters.sorts)
        self.tuning[FAR] = FAR_SHARE
        self._read(near)
        self._empty()

    def _read(self, near: NDArray[np.int32]) -> None:
        """Write what does not change during the search."""
        problem, farthest, around = self.problem, min(FARTHEST, near.shape[2]), near.shape[2]
        fleet = problem.fleet
        ways = [problem.matrix[way].ravel() for way in fleet[0, layout.DISTANCE : layout.DURATION_BACK + 1]]
        self.ways = ways
        self.near = near[: layout.AROUND, :, :farthest].transpose(1, 2, 0).ravel()
        self.around = near[layout.AROUND].ravel()
        self.fact = np.zeros((problem.size, pairs.FACTS), dtype=np.int32)
        self.fact[:, pairs.EARLY] = problem.early if problem.timed else 0
        self.fact[:, pairs.LATE] = np.minimum(problem.late, pairs.NEVER)
        self.fact[:, pairs.SERVICE] = problem.service if problem.timed else 0
        self.fact[:, pairs.WHERE] = problem.place
        carried = problem.count[layout.DIMENSIONS]
        self.goods = (problem.stops[layout.GOODS + 1, ::2] if carried else np.zeros(self.shipments)).astype(np.int32)
        self.keys = problem.stops[layout.KEYS : layout.REQUIRED, ::2].ravel()
        self.weight = problem.weight[::2].copy()
        self.allowed = problem.allowed[:, ::2].copy()
        self.kinds = np.zeros((len(fleet), pairs.KIND), dtype=np.int64)
        self.kinds[:, pairs.CAPACITY] = fleet[:, layout.CAPACITY] if carried else UNLIMITED
        self.kinds[:, pairs.VEHICLES] = np.minimum(fleet[:, layout.VEHICLES], self.slots)
        self.kinds[:, pairs.FIXED], self.kinds[:, pairs.RATE] = fleet[:, layout.FIXED], fleet[:, layout.COST_PER_DISTANCE]
        self.kinds[:, pairs.START], self.kinds[:, pairs.END] = fleet[:, layout.START], fleet[:, layout.END]
        ends = [layout.START_EARLY, layout.START_LATE, layout.END_EARLY, layout.END_LATE]
        self.kinds[:, pairs.START_EARLY : pairs.END_LATE + 1] = np.minimum(fleet[:, ends], pairs.NEVER)
        self.alone = np.array([self._alone(kind) for kind in range(len(fleet))])
        self.kin = alike(problem)
        self.count = np.zeros(pairs.REACH + 1, dtype=np.int64)
        self.count[pairs.MOST], self.count[pairs.FARTHEST] = self.slots, farthest
        self.count[: pairs.KIN + 1] = (
            self.shipments,
            self.slots,
            self.width,
            problem.matrix.shape[1],
            len(fleet),
            min(self.parameters.neighbours, farthest),
            around,
            self.kin.shape[1],
        )

    def _alone(self, kind: int) -> NDArray[np.int64]:
        """Return what each shipment costs on a route of its own with a vehicle type; INFINITE where it cannot be."""
        row = self.kinds[kind]
        size = self.problem.matrix.shape[1]
        distance, duration = (self.ways[way].reshape(size, size).astype(np.int64) for way in (0, 2))
        early, late, service, place = (self.fact[:, fact].astype(np.int64) for fact in range(pairs.FACTS))
        pickup, delivery = place[::2], place[1::2]
        start, end = int(row[pairs.START]), int(row[pairs.END])
        length = distance[start, pickup] + distance[pickup, delivery] + distance[delivery, end]
        cost = row[pairs.FIXED] + row[pairs.RATE] * length
        begin = np.maximum(row[pairs.START_EARLY] + duration[start, pickup], early[::2])
        then = np.maximum(begin + service[::2] + duration[pickup, delivery], early[1::2])
        home = then + service[1::2] + duration[delivery, end]
        fits = (begin <= late[::2]) & (then <= late[1::2]) & (home <= row[pairs.END_LATE])
        fits &= (self.goods <= row[pairs.CAPACITY]) & (self.allowed[kind] > 0)
        return np.asarray(np.where(fits, cost, pairs.INFINITE), dtype=np.int64)

    def _empty(self) -> None:
        """Write the plan that serves nothing."""
        slots, cells = self.slots, self.slots * self.width
        self.table, self.copies = (np.zeros(pairs.FIELDS * cells, dtype=np.int32) for _ in range(2))
        self.entry = np.zeros((slots, pairs.ENTRIES), dtype=np.int64)
        self.entry[:, pairs.SLOT] = np.arange(slots)
        self.total, self.totals = (np.zeros(slots, dtype=np.int64) for _ in range(2))
        self.slot_list = np.arange(slots, dtype=np.int32)
        self.owner = np.full(self.shipments, -1, dtype=np.int32)
        self.position = np.zeros(self.problem.size, dtype=np.int32)
        # The farthest first.
        self.absent = np.argsort(self.keys[self.shipments : 2 * self.shipments], kind="stable").astype(np.int32)
        self.orders = np.zeros(2 * self.shipments + 1, dtype=np.int32)
        self.touched = np.zeros(slots + 1, dtype=np.int32)
        self.detour = np.zeros(2 * self.width + 4 + slots, dtype=np.int64)
        self.best_stops = np.zeros(cells, dtype=np.int32)
        self.best_entry = np.zeros((slots, 2), dtype=np.int32)
        self.dirty = np.zeros(2 * slots, dtype=np.int32)
        self.count[pairs.COST] = self.weight.sum()
        self.count[pairs.ABSENT] = self.shipments
        self.count[pairs.SKIP] = pairs.INFINITE

    def begin_with(self, seats: Sequence[Seat]) -> None:
        """Write the routes into the table, as far as they are no longer than its rows."""
        seats = [seat for seat in seats if len(seat.places) <= self.width]
        for route, seat in enumerate(seats):
            self._write(route, seat)
        left = self.absent[self.owner[self.absent] < 0]
        self.absent[: len(left)] = left
        self.count[pairs.COST] -= self.weight[self.owner >= 0].sum()
        self.count[pairs.ACTIVE], self.count[pairs.ABSENT] = len(seats), len(left)
        self.dirty[: len(seats)] = np.arange(len(seats))
        self.dirty[self.slots : self.slots + len(seats)] = 1
        self.count[pairs.DIRTY] = len(seats)

    def _write(self, route: int, seat: Seat) -> None:
        """Write one route: its positions, where its shipments are, and its cost."""
        length, limit = len(seat.places), pairs.NEVER
        rows = self.table.reshape(self.slots, pairs.FIELDS, self.width)[route, :, :length]
        service = [0, *self.fact[seat.stops, pairs.SERVICE].tolist(), 0]
        rows[pairs.STOP], rows[pairs.PLACE] = [-1, *seat.stops, -1], seat.places
        rows[pairs.STEP], rows[pairs.AHEAD] = [*seat.steps, 0], [*seat.spans, 0]
        rows[pairs.BEGIN], rows[pairs.LATEST] = seat.earliest, np.minimum(seat.latest, limit)
        rows[pairs.DEPART] = [start + own for start, own in zip(seat.earliest, service, strict=True)]
        rows[pairs.LOAD] = seat.loads[0] if seat.loads else 0
        self.entry[route, [pairs.LENGTH, pairs.TYPE]] = length, seat.kind
        self.kinds[seat.kind, pairs.USED] += 1
        self.total[route] = sum(seat.steps)
        self.count[pairs.COST] += self.kinds[seat.kind, pairs.FIXED] + self.kinds[seat.kind, pairs.RATE] * self.total[route]
        self.position[seat.stops] = np.arange(1, length - 1)
        self.owner[np.array(seat.stops) // 2] = route

    def construct(self) -> None:
        """Insert every shipment where it is cheapest, the farthest first."""
        self._run(0)
        self.count[pairs.SKIP] = 1

    def restart(self, seats: Sequence[Seat], *, most: int) -> None:
        """Leave the plan for another, which becomes the best known."""
        self.count[pairs.MOST] = most
        self._empty()
        self.kinds[:, pairs.USED] = 0
        self.count[pairs.ACTIVE] = 0
        self.begin_with(seats)
        self.construct()

    def left_out(self) -> Integers:
        """Return the pickups of the shipments that the plan leaves out."""
        return 2 * self.absent[: self.count[pairs.ABSENT]].astype(np.int64)

    def reweigh(self, weight: Integers) -> None:
        """Set what leaving out each shipment costs from now on."""
        before = self.weight
        self.weight = weight[::2].copy()
        absent = self.absent[: self.count[pairs.ABSENT]]
        self.count[pairs.COST] += (self.weight[absent] - before[absent]).sum()

    def descend(self) -> None:
        """Accept better plans only, until the worst of the construction is gone; temperatures are taken from what is left."""
        self.tuning[HOT], self.tuning[COOLING] = 0.0, 1.0
        self._timed(DESCENT * self.problem.size)
        self.iterations = 0
        used = self.entry[:, pairs.LENGTH] > 0
        travel = (self.kinds[self.entry[used, pairs.TYPE], pairs.RATE] * self.total[used]).sum()
        self.edge = max(1.0, float(travel) / max(1, self.problem.size - 2 * int(self.count[pairs.ABSENT])))
        self.parameters = replace(self.parameters, hot=SHORT_HOT)
        if self.stops_per_route() >= LONG_ROUTE:
            # On long routes a cool search stays where the first plan has led it, a tenth dearer in every second run.
            self.parameters = replace(self.parameters, hot=LONG_HOT, cold=LONG_COLD)

    def stops_per_route(self) -> float:
        """Return the mean number of stops on a route of the plan that the search is at."""
        served = self.problem.size - 2 * int(self.count[pairs.ABSENT])
        return served / max(1, int(self.count[pairs.ACTIVE]))

    @property
    def best_cost(self) -> int:
        """Cost of the best plan, in the integers of the problem."""
        return int(self.count[pairs.BEST_COST])

    @property
    def count_cost(self) -> int:
        """Cost of the plan that the search is at."""
        return int(self.count[pairs.COST])

    def best_routes(self) -> list[PlannedRoute]:
        """Return the routes of the best plan in terms of the request."""
        problem = self.problem
        return [
            PlannedRoute(
                vehicle_type=problem.vehicle_types[kind],
                stops=tuple(problem.planned[stop] for stop in self._best_stops(route)),
            )
            for route, (length, kind) in enumerate(self.best_entry.tolist())
            if length
        ]

    def best_money(self) -> float:
        """Return the cost of the best plan in the caller's money: required orders that are left out are not priced."""
        missing = self._best_absent() & self.problem.required[::2]
        vehicles = self.problem.vehicle_first * int((self.best_entry[:, 0] > 0).sum())
        return float((self.best_cost - vehicles - self.weight[missing].sum()) / self.problem.scaling.cost)

    def best_missing(self) -> int:
        """Return how many of the shipments that are searched the best plan leaves out."""
        return int(self._best_absent().sum())

    def _best_absent(self) -> NDArray[np.bool_]:
        absent = np.ones(self.problem.size, dtype=np.bool_)
        for route in np.flatnonzero(self.best_entry[:, 0]).tolist():
            absent[self._best_stops(route)] = False
        return absent[::2]

    def _best_stops(self, route: int) -> list[int]:
        first = route * self.width
        return [int(stop) for stop in self.best_stops[first + 1 : first + self.best_entry[route, 0] - 1]]

    def follow(self, other: Self) -> None:
        """Go on from the plan that another search is at."""
        for name in ("table", "total", "slot_list", "owner", "position", "absent"):
            getattr(self, name)[:] = getattr(other, name)
        self.entry[:, : pairs.SLOT + 1] = other.entry[:, : pairs.SLOT + 1]
        self.kinds[:, pairs.USED] = other.kinds[:, pairs.USED]
        changing = [pairs.COST, pairs.ACTIVE, pairs.ABSENT]
        self.count[changing] = other.count[changing]
        self.dirty[:] = 1
        self.dirty[: self.slots] = np.arange(self.slots)
        self.count[pairs.DIRTY] = self.slots

    def _set_temperature(self, hot: float, factor: float) -> None:
        self.tuning[HOT], self.tuning[COOLING] = hot, factor

    def _run(self, iterations: int) -> None:
        onwards, back, onwards_span, back_span = self.ways
        anneal_pairs(
            self.count, self.tuning, self.random, onwards, back, onwards_span, back_span, self.near, self.around,
            self.kin.reshape(-1), self.fact.reshape(-1), self.goods, self.keys, self.weight, self.alone.reshape(-1),
            self.allowed.reshape(-1), self.kinds.reshape(-1), self.table, self.copies, self.entry.reshape(-1), self.total,
            self.totals, self.slot_list, self.owner, self.position, self.absent, self.orders, self.touched, self.detour,
            self.best_stops, self.best_entry.reshape(-1), self.dirty, iterations,
        )  # fmt: skip
        self.iterations += iterations


def alike(problem: CompiledProblem) -> NDArray[np.int32]:
    """
    Return for each shipment those most like it, itself first, -1 where a list ends.

    Two shipments are alike when their pickups and their deliveries are close to each other in distance, and the middles of
    their windows in time.

    Returns
    -------
    NDArray
        Shape (shipments, at most KIN).
    """
    shipments = problem.size // 2
    number = min(KIN, shipments)
    result = np.full((shipments, number), -1, dtype=np.int32)
    matrix = problem.matrix[problem.fleet[0, layout.DISTANCE]]
    pickup, delivery = problem.place[::2], problem.place[1::2]
    middle = (problem.early + np.minimum(problem.late, pairs.NEVER)) / 2
    for first in range(0, shipments, ROWS_A_BLOCK):
        rows = np.arange(first, min(first + ROWS_A_BLOCK, shipments))
        apart = matrix[np.ix_(pickup[rows], pickup)].astype(np.float64) + matrix[np.ix_(delivery[rows], delivery)]
        if problem.timed:
            apart += TIME_WEIGHT * np.abs(middle[::2][rows][:, None] - middle[::2][None, :])
            apart += TIME_WEIGHT * np.abs(middle[1::2][rows][:, None] - middle[1::2][None, :])
        apart[np.arange(len(rows)), rows] = -1.0
        result[rows] = np.argsort(apart, axis=1, kind="stable")[:, :number]
    return result
