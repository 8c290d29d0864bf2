"""A plan that is put together from parts: its routes, what they cost, where they are, and which orders are missing."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Shipment
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.route_cost import cost_of

Order = tuple[bool, int]
"""Whether it is a client, and its position among the clients or shipments."""

GAIN = 1e-9
"""Relative gain below which a plan counts as no better."""


class JointPlan:
    """
    Feasible routes, each order served at most once.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of orders that are never served.
    """

    def __init__(self, index: ProblemIndex, left_out: Set[str]) -> None:
        self.index = index
        self.routes: list[PlannedRoute] = []
        self.costs: list[float] = []
        self.used: Counter[int] = Counter()
        """Vehicles in use by position of their type."""
        problem = index.problem
        orders = [(True, i) for i, client in enumerate(problem.clients) if client.id not in left_out]
        orders += [(False, i) for i, shipment in enumerate(problem.shipments) if shipment.id not in left_out]
        self.missing: dict[Order, None] = dict.fromkeys(orders)
        self._places = index.travel.points()
        self._points = dict(zip(orders, self._points_of(orders), strict=True))
        self._centres: list[NDArray[np.float64]] = []
        self._tried: list[int] = []
        self._tries = 0

    def order(self, order: Order) -> Client | Shipment:
        """Return the client or shipment itself."""
        return self.index.problem.clients[order[1]] if order[0] else self.index.problem.shipments[order[1]]

    def points(self, orders: Iterable[Order]) -> NDArray[np.float64]:
        """Return a point for each order, shape (m, dimensions); a shipment is halfway between its ends."""
        return np.stack([self._points[order] for order in orders])

    def longest_untried(self) -> int:
        """Return the route that has not been tried for longest."""
        return min(range(len(self.routes)), key=self._tried.__getitem__)

    def note_tried(self, places: Sequence[int]) -> None:
        """Note that some routes were tried together."""
        self._tries += 1
        for place in places:
            self._tried[place] = self._tries

    def near(self, place: int, *, size: int) -> list[int]:
        """Return a route and those nearest to it, with about `size` orders together and two routes at least."""
        return self._nearest(self._centres[place], size=size)

    def near_order(self, order: Order, *, size: int) -> list[int]:
        """Return the routes nearest to an order, with about `size` orders together."""
        return self._nearest(self._points[order], size=size)

    def missing_near(self, places: Sequence[int], *, most: int) -> list[Order]:
        """Return the missing orders nearest to some routes."""
        missing = list(self.missing)
        if len(missing) <= most:
            return missing
        centre = np.mean([self._centres[place] for place in places], axis=0)
        apart = ((self.points(missing) - centre) ** 2).sum(axis=1)
        return [missing[i] for i in np.argsort(apart, kind="stable")[:most].tolist()]

    def is_better(self, before: Sequence[int], after: Sequence[PlannedRoute], missing: Sequence[Order]) -> bool:
        """Tell whether other routes in place of some serve more of the required orders, or as many for less money."""
        costs = [cost_of(self.index, route) for route in after]
        served = {order for route in after for order in orders_on(route)}
        had = {order for place in before for order in orders_on(self.routes[place])}
        new = self._lack(({*had, *missing}) - served, [math.inf if cost is None else cost for cost in costs])
        old = self._lack(set(missing), [self.costs[place] for place in before])
        return new[1] < math.inf and (new[0] < old[0] or (new[0] == old[0] and new[1] < old[1] * (1 - GAIN)))

    def replace(self, before: Sequence[int], after: Sequence[PlannedRoute]) -> None:
        """Put routes in the place of others; routes that are not feasible in the caller's numbers are dropped."""
        for place in sorted(before, reverse=True):
            route = self.routes.pop(place)
            self.costs.pop(place)
            self._centres.pop(place)
            self._tried.pop(place)
            self.used[route.vehicle_type] -= 1
            self.missing.update(dict.fromkeys(orders_on(route)))
        for route in after:
            cost = cost_of(self.index, route)
            if cost is not None:
                self.routes.append(route)
                self.costs.append(cost)
                self._centres.append(self.points(orders_on(route)).mean(axis=0))
                self._tried.append(self._tries)
                self.used[route.vehicle_type] += 1
                for order in orders_on(route):
                    self.missing.pop(order, None)

    def money(self) -> float:
        """Return what the plan costs, with the prizes of optional orders that are missing."""
        return math.fsum(self.costs) + self._lack(self.missing, [])[1]

    def rank(self) -> tuple[int, int, float]:
        """Return the weight of missing required orders, vehicles where they count first, and money: the lesser is better."""
        vehicles = len(self.routes) if self.index.problem.objective.fewest_vehicles else 0
        return self._lack(self.missing, [])[0], vehicles, self.money()

    def _lack(self, missing: Iterable[Order], costs: Sequence[float]) -> tuple[int, float]:
        """Return the weight of missing required orders, and money with the prizes of missing optional ones."""
        orders = [self.order(order) for order in missing]
        weight = sum(1 + order.priority for order in orders if order.required)
        return weight, math.fsum([*costs, *(order.prize for order in orders if not order.required)])

    def _nearest(self, centre: NDArray[np.float64], *, size: int) -> list[int]:
        apart = ((np.stack(self._centres) - centre) ** 2).sum(axis=1)
        chosen: list[int] = []
        orders = 0
        for place in np.argsort(apart, kind="stable").tolist():
            if len(chosen) >= 2 and orders >= size:
                break
            chosen.append(place)
            orders += len(self.routes[place].stops)
        return chosen

    def _points_of(self, orders: Sequence[Order]) -> NDArray[np.float64]:
        location, problem = self.index.location, self.index.problem
        first, last = [], []
        for is_client, i in orders:
            places = (
                (problem.clients[i].location,) * 2
                if is_client
                else (problem.shipments[i].pickup.location, problem.shipments[i].delivery.location)
            )
            first.append(location[places[0]])
            last.append(location[places[1]])
        middle: NDArray[np.float64] = (self._places[first] + self._places[last]) / 2
        return middle


def orders_on(route: PlannedRoute) -> list[Order]:
    """Return the orders of a route, each once."""
    return [(stop.kind == "client", stop.position) for stop in route.stops if stop.kind in ("client", "pickup")]
