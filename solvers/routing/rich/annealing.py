"""One search by whole-route judgements: its arrays, its temperature, and the plan it has found."""

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.routing import Client
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.rich import plan_kernels as layout
from solvers.routing.rich import route_kernels
from solvers.routing.rich.annealing_kernels import anneal
from solvers.routing.rich.rich_arrays import RichArrays

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEIGHBOURS = 40
CANDIDATES = 4_096
HOT, COLD = 1.0, 0.01
"""Temperatures at the start and at the end, in mean costs of serving an order."""

SECONDS_A_PIECE = 0.1
FIRST_PIECE = 20
ITERATIONS_A_PIECE = 500
MEASURES = {"distance": route_kernels.DISTANCE, "duration": route_kernels.LASTING, "stops": route_kernels.VISITED}


class RichAnnealing:
    """
    The search of one thread.

    Parameters
    ----------
    arrays
        The problem.
    seed
        Of the random number stream.
    """

    def __init__(self, arrays: RichArrays, *, seed: int) -> None:
        self.arrays = arrays
        self.routes = arrays.routes()
        self.plan = self._plan(seed)
        self.iterations = 0
        self.speed = 0.0
        self.edge = 1.0
        self._offset = self._constant()

    def begin_with(self, routes: Sequence[PlannedRoute]) -> list[PlannedRoute]:
        """
        Serve the orders of routes that may break conditions as they stand there, and return what fits of the routes.

        Vehicles that are alike take the routes in order.
        """
        plan, arrays = self.plan, self.arrays
        number = {(stop.kind, stop.position): i for i, stop in enumerate(map(self._stop, range(arrays.stops + arrays.depots)))}
        taken: set[int] = set()
        for route in routes:
            stops = [number[stop.kind, stop.position] for stop in route.stops if (stop.kind, stop.position) in number]
            slot = self._slot_for(route, [stop for stop in stops if stop < arrays.stops], taken)
            if slot is not None and len(stops) <= arrays.longest:
                taken.add(slot)
                plan.best[slot, : len(stops)], plan.best_length[slot] = stops, len(stops)
        anneal(self.routes, plan, -1)
        return self.best()

    def _slot_for(self, route: PlannedRoute, stops: list[int], taken: set[int]) -> int | None:
        """Return the free vehicle that orders of a route are locked to, else the one of its number, else any of its type."""
        slots, fleet = self.arrays.slots, self.arrays.index.fleet
        free = [i for i, slot in enumerate(slots) if i not in taken and fleet[slot.vehicle_type] == route.vehicle_type]
        pinned = self.routes.pinned[self.routes.links[route_kernels.ORDER, stops]].tolist()
        ranks = {i: (i in pinned, slots[i].number == route.vehicle, slots[i].number is None) for i in free}
        return max(free, key=ranks.__getitem__, default=None)

    def construct(self) -> None:
        """Insert every order where that is cheapest."""
        anneal(self.routes, self.plan, 0)
        state, served = self.plan.state, int((self.plan.route >= 0).sum())
        fixed = self.routes.fleet[self.plan.slots[layout.SLOT_TYPE], route_kernels.FIXED][self.plan.length > 0].sum()
        travel = float(self.plan.cost.sum() - fixed)
        self.edge = max(1e-6, travel / max(1, served), 1e-6 * abs(float(state[layout.MONEY])))

    def piece(self, used: float, *, rest: float) -> None:
        """Run about `SECONDS_A_PIECE` of a search of which the share `used` has passed and `rest` seconds are left."""
        number = max(1, int(self.speed * min(SECONDS_A_PIECE, rest))) if self.speed > 0 else FIRST_PIECE
        total = rest / max(1e-9, 1 - used)
        share = min(1.0 - used, number / self.speed / total if self.speed > 0 else 0.0)
        started = time.perf_counter()
        self._run(number, used, used + share)
        self.speed = number / max(1e-6, time.perf_counter() - started)

    def limited_piece(self, limit: int) -> None:
        """Run one piece of a search with limited iterations."""
        number = min(ITERATIONS_A_PIECE, limit - self.iterations)
        self._run(number, self.iterations / limit, (self.iterations + number) / limit)

    @property
    def rank(self) -> tuple[float, float, float]:
        """Weight left out, vehicles (0 where they are not counted) and money of the best plan."""
        state = self.plan.state
        vehicles = float(state[layout.BEST_USED]) if self.plan.count[layout.FEWEST] else 0.0
        return float(state[layout.BEST_MISSING]), vehicles, self.money

    @property
    def money(self) -> float:
        """Money of the best plan."""
        return float(self.plan.state[layout.BEST_MONEY]) - self._offset

    def best(self) -> list[PlannedRoute]:
        """Return the routes of the best plan, numbered where something is locked to their vehicles."""
        routes = []
        for slot in np.flatnonzero(self.plan.best_length):
            vehicle = self.arrays.slots[slot]
            stops = self.plan.best[slot, : self.plan.best_length[slot]].tolist()
            routes.append(
                PlannedRoute(
                    vehicle_type=self.arrays.index.fleet[vehicle.vehicle_type],
                    stops=tuple(self._stop(stop) for stop in stops),
                    vehicle=vehicle.number,
                )
            )
        return routes

    def follow(self, other: "RichAnnealing") -> None:
        """Go on from the plan that another search is at; what is known of its routes goes along."""
        for own, given in zip(self.plan, other.plan, strict=True):
            if own is not self.plan.random:
                own[...] = given

    def _stop(self, stop: int) -> PlannedStop:
        arrays = self.arrays
        if stop >= arrays.stops:
            return PlannedStop(kind="reload", position=stop - arrays.stops)
        if stop < len(arrays.clients):
            return PlannedStop(kind="client", position=arrays.clients[stop])
        order, end = divmod(stop - len(arrays.clients), 2)
        return PlannedStop(kind="delivery" if end else "pickup", position=arrays.shipments[order])

    def _run(self, number: int, used: float, then: float) -> None:
        hot, cold = (self.edge * HOT * (COLD / HOT) ** share for share in (used, then))
        self.plan.state[layout.HEAT] = hot
        self.plan.state[layout.COOLING] = math.exp(math.log(cold / hot) / max(1, number))
        anneal(self.routes, self.plan, number)
        self.iterations += number

    def _constant(self) -> float:
        """Return what the prizes of groups count too often: of each group only the largest can stay uncollected."""
        prizes = self.plan.worth[layout.PRIZE]
        sets = {tuple(own) for own in self.arrays.related.groups.values()}
        return math.fsum(float(prizes[list(own)].sum() - prizes[list(own)].max()) for own in sets)

    def _plan(self, seed: int) -> layout.Plan:
        arrays = self.arrays
        orders, slots, longest = len(arrays.orders), len(arrays.slots), arrays.longest + 2
        table, lists = self._orders()
        objective = arrays.index.problem.objective
        count = np.zeros(layout.SEVERAL_TYPES + 1, dtype=np.int64)
        count[layout.SEVERAL_TYPES] = len(arrays.index.fleet) > 1
        count[[layout.LAST_STAMP, layout.ABSENT, layout.FEWEST]] = slots, orders, objective.fewest_vehicles
        state = np.zeros(9)
        if objective.balance is not None:
            count[layout.BALANCE] = layout.LARGEST if objective.balance.kind == "max" else layout.RANGE
            count[layout.BALANCED] = MEASURES[objective.balance.measure]
            state[layout.BALANCE_WEIGHT] = objective.balance.weight
        worth = np.zeros((2, orders))
        worth[layout.PRIZE] = [0.0 if order.required else order.prize for order in arrays.orders]
        worth[layout.WEIGHT] = [1.0 + order.priority if order.required else 0.0 for order in arrays.orders]
        for own in arrays.related.groups.values():
            worth[layout.WEIGHT, own] = worth[layout.WEIGHT, own].max()
        state[[layout.BEST_MISSING, layout.MONEY]] = math.inf, worth[layout.PRIZE].sum()
        state[layout.MISSING] = worth[layout.WEIGHT].sum()
        width = max(slots, orders, arrays.stops, 4)
        return layout.Plan(
            orders=table,
            worth=worth,
            lists=lists,
            slots=self._slots(),
            near=self._near(),
            keys=self._keys(),
            sequence=np.zeros((slots, longest), dtype=np.int32),
            length=_integers(slots),
            cost=np.zeros(slots),
            measure=np.zeros((slots, 4)),
            stamp=np.arange(slots, dtype=np.int64),
            when=np.zeros((slots, longest + 1)),
            until=np.full((slots, longest + 1), math.inf),
            route=np.full(orders, -1, dtype=np.int64),
            absent=np.arange(orders, dtype=np.int64),
            old_sequence=np.zeros((slots, longest), dtype=np.int32),
            old_length=_integers(slots),
            old_cost=np.zeros(slots),
            old_measure=np.zeros((slots, 4)),
            old_stamp=_integers(slots),
            old_when=np.zeros((slots, longest + 1)),
            old_until=np.zeros((slots, longest + 1)),
            old_absent=_integers(orders),
            touched=_integers(slots),
            touched_mark=_integers(slots),
            best=np.zeros((slots, longest), dtype=np.int32),
            best_length=_integers(slots),
            known_stamp=np.full((orders, slots), -1, dtype=np.int64),
            known_cost=np.zeros((orders, slots)),
            known_place=np.zeros((orders, slots), dtype=np.int64),
            known_measure=np.zeros((orders, slots)),
            candidates=_integers(CANDIDATES),
            detours=np.zeros(CANDIDATES),
            todo=_integers(orders),
            mark=np.zeros((6, width), dtype=np.int64),
            state=state,
            count=count,
            random=np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64),
        )

    def _orders(self) -> tuple[Integers, Integers]:
        """Return the table of orders and the lists of orders that its rows name."""
        arrays, related = self.arrays, self.arrays.related
        clients = len(arrays.clients)
        table = np.full((11, len(arrays.orders)), -1, dtype=np.int64)
        lists: list[int] = []
        apart = related.apart()
        for i, order in enumerate(arrays.orders):
            table[layout.FIRST, i] = i if i < clients else clients + 2 * (i - clients)
            table[layout.SECOND, i] = -1 if i < clients else clients + 2 * (i - clients) + 1
            table[layout.REQUIRED, i] = order.required
            for row, own in (
                (layout.MEMBERS, related.groups.get(i, [])),
                (layout.MATES, related.mates.get(i, [])),
                (layout.APART, apart[i]),
            ):
                table[row, i], table[row + 1, i] = len(lists), len(lists) + len(own)
                lists += own
        return table, np.array([*lists, -1], dtype=np.int64)

    def _slots(self) -> Integers:
        rows = np.zeros((2, len(self.arrays.slots)), dtype=np.int64)
        kinds = len(self.arrays.fleet)
        for i, slot in enumerate(self.arrays.slots):
            rows[layout.SLOT_TYPE, i] = slot.vehicle_type
            if slot.number is None:
                rows[layout.SLOT_CLASS, i] = slot.vehicle_type
            else:
                rows[layout.SLOT_CLASS, i], kinds = kinds, kinds + 1
        return rows

    def _near(self) -> NDArray[np.int32]:
        """Return the nearest stops of each stop, nearest first."""
        size = self.arrays.stops
        number = min(NEIGHBOURS, size - 1)
        near = np.full((size, max(1, number)), -1, dtype=np.int32)
        places = self.routes.links[route_kernels.PLACE, :size]
        for i in range(size if number else 0):
            apart = self.routes.distance[0][places[i], places].copy()
            apart[i] = math.inf
            near[i] = np.argsort(apart, kind="stable")[:number]
        return near

    def _keys(self) -> Floats:
        """Return what orders are sorted by before insertion: goods, way from the depot, width and end of their windows."""
        arrays, routes = self.arrays, self.routes
        first = self.plan_first()
        goods = np.abs(routes.goods).sum(axis=0)[first]
        depot = int(routes.limits[0, route_kernels.START_PLACE])
        far = routes.distance[0][depot, routes.links[route_kernels.PLACE, first]]
        ends = [order if isinstance(order, Client) else order.delivery for order in arrays.orders]
        late = np.array([max((window[1] for window in end.time_windows), default=1e12) for end in ends])
        early = np.array([min((window[0] for window in end.time_windows), default=0.0) for end in ends])
        return np.ascontiguousarray(np.stack([-goods, -far, far, late - early, late]))

    def plan_first(self) -> Integers:
        """Return the first stop of each order."""
        clients, orders = len(self.arrays.clients), len(self.arrays.orders)
        numbers = np.arange(orders)
        return np.where(numbers < clients, numbers, clients + 2 * (numbers - clients))


def _integers(size: int) -> Integers:
    return np.zeros(size, dtype=np.int64)
