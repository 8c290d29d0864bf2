"""
The routing problem as a model of the routing library of OR-Tools, in the scaled integers that the other engines get, too.

Sets: stops (clients, then pickup and delivery of each shipment), vehicles, and the places where routes start and end. Times,
distances, loads and the number of stops are dimensions: quantities that add up along a route within limits.
"""

import time
from collections.abc import Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from models.routing import Client, Shipment, ShipmentStep, VehicleType
from solvers.routing.integer_scaling import (
    LARGEST_INTEGER,
    down,
    largest_plan_cost,
    nearest,
    scaled_nearest,
    scaled_up,
    scaling_of,
    up,
)
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.search_control import SECONDS_BETWEEN_REPORTS, SearchControl

MOST_STOPS = 3_000
"""Most stops: its matrices are lists of Python numbers."""

HORIZON = 2**50
"""Latest moment and largest load or distance where there is no limit."""

Integers = NDArray[np.int64]


class RoutingModel:
    """
    One model and its search; `set_aside` is how many orders are not in it.

    Parameters
    ----------
    index
        A problem without reloads and release times; no load dimension has both goods from the depot and goods picked up.
    left_out
        Ids of the orders that no vehicle can serve.
    """

    def __init__(self, index: ProblemIndex, left_out: Set[str]) -> None:
        self.index = index
        self.problem = index.problem
        self.scaling = scaling_of(index)
        self.planned, self.orders, self.steps = _stops(index, left_out)
        self.set_aside = len(left_out)
        self.vehicles = [i for i in index.fleet for _ in range(min(self.problem.vehicle_types[i].count, len(self.orders)))]
        types = {i: self.problem.vehicle_types[i] for i in index.fleet}
        nowhere = len(self.problem.locations)
        ends = {
            i: [nowhere if depot is None else index.depot_location(depot) for depot in (v.start_depot, v.end_depot)]
            for i, v in types.items()
        }
        outside = sorted({place for pair in ends.values() for place in pair})
        self.places = np.array([index.location[step.location] for step in self.steps] + outside, dtype=np.int64)
        node = {place: len(self.steps) + k for k, place in enumerate(outside)}
        starts, homes = ([node[ends[i][side]] for i in self.vehicles] for side in range(2))
        self.manager: Any = pywrapcp.RoutingIndexManager(len(self.places), len(self.vehicles), starts, homes)
        self.routing: Any = pywrapcp.RoutingModel(self.manager)
        self.evaluators: dict[tuple[str, str, float], tuple[int, Integers]] = {}
        self._add_costs(types)
        self._add_loads(types)
        self._add_limits(types)
        if self.scaling.timed:
            self._add_times(types)
        self._add_orders(types)

    def search(self, control: SearchControl) -> list[PlannedRoute] | None:
        """Return the best routes found, None when there was no time to find any."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(max(1, int(1_000 * control.seconds_left)))
        if control.budget.iteration_limit is not None:
            parameters.solution_limit = control.budget.iteration_limit
        control.begin()
        reports = _Reports(self, control)
        self.routing.AddAtSolutionCallback(reports)
        assignment = self.routing.SolveWithParameters(parameters)
        control.iterations = reports.solutions
        limit = control.budget.iteration_limit
        if control.limit is None:
            control.limit = "iteration" if limit is not None and reports.solutions >= limit else "time"
        return None if assignment is None else self._routes(assignment)

    def _matrix(self, profile: str, quantity: str, *, rate: float = 1.0) -> tuple[int, Integers]:
        """Return the evaluator and the matrix of a quantity between nodes: cost, distance or time with service."""
        key = (profile, quantity, rate)
        if key not in self.evaluators:
            given = self.index.matrices[profile]
            limited = any(v.max_distance is not None for v in self.problem.vehicle_types if v.count)
            whole = (scaled_up if limited else scaled_nearest)(given.distances, self.scaling.distance)
            if quantity == "time":
                whole = scaled_up(given.durations, self.scaling.time)
            # A far place stands for nowhere: at no distance from all others.
            wide = np.zeros((len(whole) + 1, len(whole) + 1), dtype=np.int64)
            wide[:-1, :-1] = np.minimum(whole, HORIZON)
            matrix = wide[np.ix_(self.places, self.places)] * nearest(rate, 1.0)
            if quantity == "time":
                services = [up(step.service_duration, self.scaling.time) for step in self.steps]
                matrix[: len(services)] += np.array(services, dtype=np.int64)[:, None]
            self.evaluators[key] = (self.routing.RegisterTransitMatrix(matrix.tolist()), matrix)
        return self.evaluators[key]

    def _add_costs(self, types: dict[int, VehicleType]) -> None:
        for number, i in enumerate(self.vehicles):
            rate = nearest(types[i].cost_per_distance, self.scaling.distance_rate)
            self.routing.SetArcCostEvaluatorOfVehicle(self._matrix(types[i].profile, "cost", rate=rate)[0], number)
            self.routing.SetFixedCostOfVehicle(nearest(types[i].fixed_cost, self.scaling.cost), number)

    def _add_loads(self, types: dict[int, VehicleType]) -> None:
        outside = [0] * (len(self.places) - len(self.steps))
        for name, factor in zip(self.index.dimensions, self.scaling.loads, strict=True):
            amounts = [_amount(stop.kind, order, name, factor) for stop, order in zip(self.planned, self.orders, strict=True)]
            rooms = [
                down(types[i].capacity[name], factor) if name in types[i].capacity else LARGEST_INTEGER for i in self.vehicles
            ]
            evaluator = self.routing.RegisterUnaryTransitVector(amounts + outside)
            self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, rooms, True, f"load {name}")

    def _add_limits(self, types: dict[int, VehicleType]) -> None:
        """Add the number of stops, by which a pickup also comes before its delivery, and longest distances."""
        ones = [1] * len(self.steps) + [0] * (len(self.places) - len(self.steps))
        most = [len(self.steps) if v is None else v for v in (types[i].max_stops for i in self.vehicles)]
        self.routing.AddDimensionWithVehicleCapacity(self.routing.RegisterUnaryTransitVector(ones), 0, most, True, "stops")
        if all(types[i].max_distance is None for i in self.vehicles):
            return
        evaluators = [self._matrix(types[i].profile, "distance")[0] for i in self.vehicles]
        limits = [types[i].max_distance for i in self.vehicles]
        longest = [HORIZON if limit is None else min(HORIZON, down(limit, self.scaling.distance)) for limit in limits]
        self.routing.AddDimensionWithVehicleTransitAndCapacity(evaluators, 0, longest, True, "distance")

    def _add_times(self, types: dict[int, VehicleType]) -> None:
        evaluators = [self._matrix(types[i].profile, "time")[0] for i in self.vehicles]
        self.routing.AddDimensionWithVehicleTransits(evaluators, HORIZON, HORIZON, False, "time")
        times = self.routing.GetDimensionOrDie("time")
        for k, step in enumerate(self.steps):
            self._set_windows(times.CumulVar(self.manager.NodeToIndex(k)), step.time_windows)
        for number, i in enumerate(self.vehicles):
            kind = types[i]
            for end, depot in ((self.routing.Start(number), kind.start_depot), (self.routing.End(number), kind.end_depot)):
                own = None if depot is None else self.problem.depots[self.index.depot[depot]].time_window
                for window in (own, kind.shift):
                    if window is not None:
                        self._set_windows(times.CumulVar(end), [window])
            rate = nearest(kind.cost_per_duration, self.scaling.duration_rate)
            if rate:
                times.SetSpanCostCoefficientForVehicle(rate, number)
            if kind.max_duration is not None:
                times.SetSpanUpperBoundForVehicle(min(HORIZON, down(kind.max_duration, self.scaling.time)), number)

    def _set_windows(self, moment: Any, windows: Sequence[Sequence[float]]) -> None:
        """Restrict a moment to the union of windows."""
        inwards = sorted((up(a, self.scaling.time), down(b, self.scaling.time)) for a, b in windows)
        inwards = [(early, max(early, late)) for early, late in inwards]
        if not inwards:
            return
        moment.SetMin(inwards[0][0])
        moment.SetMax(max(late for _, late in inwards))
        reached = inwards[0][1]
        for early, late in inwards[1:]:
            if early > reached + 1:
                moment.RemoveInterval(reached + 1, early - 1)
            reached = max(reached, late)

    def _add_orders(self, types: dict[int, VehicleType]) -> None:
        """Add who may serve what, what it costs to leave it out, and the order of pickup and delivery."""
        total = sum(2 + order.priority for order in self.orders)
        weight = max(1, int(min(largest_plan_cost(self.index) * self.scaling.cost, LARGEST_INTEGER / total)))
        stops = self.routing.GetDimensionOrDie("stops")
        solver = self.routing.solver()
        for k, (stop, order) in enumerate(zip(self.planned, self.orders, strict=True)):
            place = self.manager.NodeToIndex(k)
            price = weight * (1 + order.priority) if order.required else nearest(order.prize, self.scaling.cost)
            self.routing.AddDisjunction([place], 0 if stop.kind == "delivery" else price)
            if order.skills or order.allowed_vehicle_types is not None:
                able = [number for number, i in enumerate(self.vehicles) if may_serve(types[i], order)]
                self.routing.VehicleVar(place).SetValues([-1, *able])
            if stop.kind == "pickup":
                target = self.manager.NodeToIndex(k + 1)
                self.routing.AddPickupAndDelivery(place, target)
                solver.Add(self.routing.VehicleVar(place) == self.routing.VehicleVar(target))
                solver.Add(stops.CumulVar(place) <= stops.CumulVar(target))

    def _routes(self, assignment: Any) -> list[PlannedRoute]:
        routes = []
        for number, kind in enumerate(self.vehicles):
            stops = []
            place = assignment.Value(self.routing.NextVar(self.routing.Start(number)))
            while not self.routing.IsEnd(place):
                stops.append(self.planned[self.manager.IndexToNode(place)])
                place = assignment.Value(self.routing.NextVar(place))
            if stops:
                routes.append(PlannedRoute(vehicle_type=kind, stops=tuple(stops)))
        return routes

    def left_out(self) -> tuple[int, int]:
        """Return how many of its orders the present solution leaves out, and what it pays for the required ones among them."""
        total = sum(2 + order.priority for order in self.orders)
        weight = max(1, int(min(largest_plan_cost(self.index) * self.scaling.cost, LARGEST_INTEGER / total)))
        active = (self.routing.ActiveVar(self.manager.NodeToIndex(k)).Value() for k in range(len(self.orders)))
        missing = [
            order
            for served, stop, order in zip(active, self.planned, self.orders, strict=True)
            if stop.kind != "delivery" and not served
        ]
        return len(missing), weight * sum(1 + order.priority for order in missing if order.required)


class _Reports:
    """Counts solutions, tells of better ones at most four times a second, and ends the search when that is asked for."""

    def __init__(self, model: RoutingModel, control: SearchControl) -> None:
        self.model, self.control = model, control
        self.solutions = 0
        self.best: int | None = None
        self.told = 0.0

    def __call__(self) -> None:
        """Take note of a solution."""
        self.solutions += 1
        if self.control.progress.stop_requested():
            self.control.limit = "interrupted"
            self.model.routing.solver().FinishCurrentSearch()
        cost = int(self.model.routing.CostVar().Value())
        if self.best is not None and cost >= self.best:
            return
        self.best = cost
        now = time.monotonic()
        if now - self.told >= SECONDS_BETWEEN_REPORTS:
            self.told = now
            missing, price = self.model.left_out()
            money = (cost - price) / self.model.scaling.cost
            self.control.progress.incumbent(objective=money, bound=None, unassigned=self.model.set_aside + missing)


def _stops(
    index: ProblemIndex, left_out: Set[str]
) -> tuple[list[PlannedStop], list[Client | Shipment], list[Client | ShipmentStep]]:
    """Return the stops, the order of each, and where and when each is served."""
    planned: list[PlannedStop] = []
    orders: list[Client | Shipment] = []
    steps: list[Client | ShipmentStep] = []
    for i, client in enumerate(index.problem.clients):
        if client.id not in left_out:
            planned.append(PlannedStop(kind="client", position=i))
            orders.append(client)
            steps.append(client)
    for i, shipment in enumerate(index.problem.shipments):
        if shipment.id not in left_out:
            planned += [PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i)]
            orders += [shipment, shipment]
            steps += [shipment.pickup, shipment.delivery]
    return planned, orders, steps


def _amount(kind: str, order: Client | Shipment, dimension: str, factor: float) -> int:
    """Return by how much a stop adds to the load of a dimension; goods from the depot count from 0 up to their total."""
    if isinstance(order, Client):
        return up(order.delivery.get(dimension, 0.0), factor) + up(order.pickup.get(dimension, 0.0), factor)
    amount = up(order.amount.get(dimension, 0.0), factor)
    return -amount if kind == "delivery" else amount
