"""
Cheapest insertion after the search: orders left out are put in where they fit, and single orders move where they cost less.

Works on the caller's own numbers. It finds what the search's neighbourhoods miss: a new trip after a reload, and both ends of a
shipment moved together between other stops.

References
----------
Solomon, M. M. (1987). Algorithms for the vehicle routing and scheduling problems with time window constraints. Operations
Research 35(2), 254-265.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.routing import Client, Shipment
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.route_cost import cost_of, order_of

MOST_EVALUATIONS = 20_000
GAIN = 1e-9
"""Relative gain below which a move counts as none."""

Stops = tuple[PlannedStop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """The cheapest place for an order: `route` is None for a vehicle that is not used yet."""

    extra: float
    route: int | None
    planned: PlannedRoute
    cost: float


class Reinsertion:
    """Improves routes by moving one order at a time, within a number of evaluations and a deadline."""

    def __init__(self, index: ProblemIndex, routes: Sequence[PlannedRoute], *, deadline: float) -> None:
        self.index = index
        self.routes = list(routes)
        self.costs = [cost_of(index, route) or 0.0 for route in routes]
        self.deadline = deadline
        self.evaluations = 0

    def insert(self, orders: Sequence[Stops]) -> None:
        """Put in orders that are left out: required ones by weight, optional ones where they cost less than their prize."""
        for stops in sorted(orders, key=self._urgency):
            order = order_of(self.index, stops[0])
            found = self._cheapest(stops)
            if found is not None and (order.required or found.extra < order.prize):
                self._apply(found)

    def relocate(self) -> None:
        """Move single orders while that saves money."""
        improved = True
        while improved and not self._exhausted:
            improved = sum(self._move(stops) for stops in self._served()) > 0

    @property
    def _exhausted(self) -> bool:
        return self.evaluations >= MOST_EVALUATIONS or time.monotonic() > self.deadline

    def _urgency(self, stops: Stops) -> tuple[bool, float]:
        order: Client | Shipment = order_of(self.index, stops[0])
        return (not order.required, -order.priority if order.required else -order.prize)

    def _served(self) -> list[Stops]:
        """Return the stops of every order in the plan."""
        orders: dict[tuple[bool, int], list[PlannedStop]] = {}
        for route in self.routes:
            for stop in route.stops:
                if stop.kind != "reload":
                    orders.setdefault((stop.kind == "client", stop.position), []).append(stop)
        return [tuple(stops) for stops in orders.values()]

    def _move(self, stops: Stops) -> bool:
        """Take an order out and put it in its cheapest place; tell whether that saved money."""
        place = next(i for i, route in enumerate(self.routes) if stops[0] in route.stops)
        before, cost = self.routes[place], self.costs[place]
        rest = replace(before, stops=tuple(stop for stop in before.stops if stop not in stops))
        shorter = cost_of(self.index, rest)
        if shorter is None:
            return False
        self.routes[place], self.costs[place] = rest, shorter
        found = self._cheapest(stops)
        if found is None or found.extra >= cost - shorter - GAIN * max(1.0, cost):
            self.routes[place], self.costs[place] = before, cost
            return False
        self._apply(found)
        return True

    def _apply(self, found: Insertion) -> None:
        if found.route is None:
            self.routes.append(found.planned)
            self.costs.append(found.cost)
        else:
            self.routes[found.route], self.costs[found.route] = found.planned, found.cost

    def _cheapest(self, stops: Stops) -> Insertion | None:
        """Return the cheapest insertion of an order anywhere, None when it fits nowhere."""
        best: Insertion | None = None
        for place, base in self._places():
            cost = 0.0 if place is None else self.costs[place]
            for planned in self._insertions(base, stops):
                if self._exhausted:
                    return best
                self.evaluations += 1
                total = cost_of(self.index, planned)
                if total is not None and (best is None or total - cost < best.extra):
                    best = Insertion(extra=total - cost, route=place, planned=planned, cost=total)
        return best

    def _places(self) -> Iterator[tuple[int | None, PlannedRoute]]:
        """Yield every route, then an empty one for each vehicle type that has a vehicle left."""
        yield from enumerate(self.routes)
        used = Counter(route.vehicle_type for route in self.routes)
        for vehicle_type in self.index.fleet:
            if used[vehicle_type] < self.index.problem.vehicle_types[vehicle_type].count:
                yield None, PlannedRoute(vehicle_type=vehicle_type, stops=())

    def _insertions(self, base: PlannedRoute, stops: Stops) -> Iterator[PlannedRoute]:
        """Yield the route with the order in every place, and on a trip of its own where it may reload."""
        size = len(base.stops)
        if len(stops) == 2:
            for i in range(size + 1):
                for j in range(i, size + 1):
                    yield replace(base, stops=(*base.stops[:i], stops[0], *base.stops[i:j], stops[1], *base.stops[j:]))
            return
        reloads = [
            PlannedStop(kind="reload", position=self.index.depot[depot])
            for depot in self.index.problem.vehicle_types[base.vehicle_type].reload_depots
        ]
        variants: list[Stops] = [(stops[0],)]
        for reload in reloads if size else []:
            variants += [(reload, stops[0]), (stops[0], reload), (reload, stops[0], reload)]
        for i in range(size + 1):
            for variant in variants:
                yield replace(base, stops=(*base.stops[:i], *variant, *base.stops[i:]))
