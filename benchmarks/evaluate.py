"""
The referee: recomputes feasibility and cost of everybody's routes and plans from the request alone.

No contender's own number is trusted, ours neither. Nothing here comes from `solvers` or from a peer; one exact rule serves all.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.readers.mps_text import Program

RELOAD = "reload:"
"""What stands before the name of a depot where a route reloads."""

TOLERANCE = 1e-6
"""Slack that a comparison of sums may show."""


@dataclass(slots=True)
class Verdict:
    """Cost of a plan, and what is wrong with it (empty when it is feasible)."""

    cost: float
    violations: list[str] = field(default_factory=list)

    @property
    def feasible(self) -> bool:
        """Tell whether nothing is wrong with the plan."""
        return not self.violations


def distances(request: dict[str, Any]) -> NDArray[np.float64]:
    """Return the distances between the locations of a routing request, euclidean or a matrix, shape (n, n)."""
    if request["travel"]["metric"] == "matrix":
        return np.array(request["travel"]["profiles"]["default"]["distances"], dtype=float)
    points = np.array([[place["x"], place["y"]] for place in request["locations"]], dtype=float)
    travel = request["travel"]
    raw = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1)) * travel.get("scale", 1)
    if travel.get("rounding", "none") == "none":
        return np.asarray(raw)
    return np.asarray(np.floor(raw + 0.5) if travel["rounding"] == "nearest" else np.floor(raw))


@dataclass(frozen=True, slots=True)
class Task:
    """One visit: where, when, how long, and what it does to the load."""

    location: int
    window: tuple[float, float]
    service: float
    load_change: float
    initial_load: float = 0.0
    release: float = 0.0


class RoutingReferee:
    """
    Evaluates plans for one routing request: one load dimension, one window a visit, distance and fixed costs, prizes, reloads.

    A stop `reload:DEPOT` ends a trip: the vehicle is empty there, and the next trip starts when its goods are ready.
    """

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.distance = distances(request)
        self.position = {place["id"]: k for k, place in enumerate(request["locations"])}
        self.depots = {depot["id"]: depot for depot in request["depots"]}
        self.types = {kind["id"]: kind for kind in request["vehicle_types"]}
        self.clients = {client["id"]: client for client in request.get("clients", [])}
        self.tasks = {name: self._client_task(client) for name, client in self.clients.items()}
        for shipment in request.get("shipments", []):
            amount = float(sum(shipment.get("amount", {}).values()))
            for end, change in (("pickup", amount), ("delivery", -amount)):
                self.tasks[f"{end}:{shipment['id']}"] = self._task(shipment[end], change, 0.0)

    def verdict(self, routes: list[dict[str, Any]]) -> Verdict:
        """Return cost and violations of routes `{"vehicle_type", "stops": [...]}`; empty routes cost nothing."""
        result = Verdict(0.0)
        used: dict[str, int] = {}
        visited: dict[str, int] = {}
        for number, route in enumerate(route for route in routes if route["stops"]):
            used[route["vehicle_type"]] = used.get(route["vehicle_type"], 0) + 1
            for stop in _orders(route["stops"]):
                visited[stop] = visited.get(stop, 0) + 1
            result.cost += self._route(route, number, result.violations)
        for name, count in used.items():
            if count > self.types[name].get("count", math.inf):
                result.violations.append(f"{count} vehicles of type {name}")
        self._coverage(visited, result)
        return result

    def _coverage(self, visited: dict[str, int], result: Verdict) -> None:
        for name in self.tasks:
            count = visited.get(name, 0)
            client = self.clients.get(name, {})
            if count > 1:
                result.violations.append(f"{name} visited {count} times")
            elif count == 0 and client.get("required", True):
                result.violations.append(f"{name} not visited")
            elif count == 0:
                result.cost += client.get("prize", 0)

    def _route(self, route: dict[str, Any], number: int, violations: list[str]) -> float:
        """Return the cost of one route and note what is wrong with it."""
        kind = self.types[route["vehicle_type"]]
        reloads = [stop.removeprefix(RELOAD) for stop in route["stops"] if stop.startswith(RELOAD)]
        unknown = [stop for stop in _orders(route["stops"]) if stop not in self.tasks]
        unknown += [depot for depot in reloads if depot not in kind.get("reload_depots", ())]
        if unknown:
            violations.append(f"route {number}: unknown stops {unknown[:3]}")
            return 0.0
        if len(reloads) > kind.get("max_reloads", math.inf):
            violations.append(f"route {number}: {len(reloads)} reloads")
        wrong = [stop for stop in _orders(route["stops"]) if not self._allowed(stop, kind["id"])]
        if wrong:
            violations.append(f"route {number}: vehicle type {kind['id']} may not serve {wrong[:3]}")
        trips = [[self.tasks[stop] for stop in trip] for trip in _trips(route["stops"])]
        visits = [
            visit
            for depot, trip in zip([kind["start_depot"], *reloads], trips, strict=True)
            for visit in (self._depot_task(depot, release=max((task.release for task in trip), default=0)), *trip)
        ]
        visits.append(self._depot_task(kind["end_depot"]))
        legs = [float(self.distance[a.location, b.location]) for a, b in pairwise(visits)]
        distance, duration = sum(legs), self._duration(visits, legs, number, violations)
        for trip in trips:
            self._loads(trip, kind, number, violations)
        for names in _trips(route["stops"]):
            self._order(names, number, violations)
        for name, amount in (("max_distance", distance), ("max_duration", duration)):
            if kind.get(name) is not None and amount > kind[name] + TOLERANCE:
                violations.append(f"route {number}: {name} exceeded by {amount - kind[name]:.6g}")
        return float(kind.get("fixed_cost", 0) + kind.get("cost_per_distance", 1) * distance)

    def _duration(self, visits: list[Task], legs: list[float], number: int, violations: list[str]) -> float:
        """Return the shortest duration among those that finish earliest, and note late arrivals."""
        time = visits[0].window[0]
        for task, leg, following in zip(visits, legs, visits[1:], strict=False):
            time = max(time + task.service + leg, following.window[0])
            if time > following.window[1] + TOLERANCE:
                violations.append(f"route {number}: late by {time - following.window[1]:.6g}")
        latest = time
        for task, leg in zip(reversed(visits[:-1]), reversed(legs), strict=True):
            latest = min(latest - leg - task.service, task.window[1])
        return time - latest

    def _loads(self, stops: list[Task], kind: dict[str, Any], number: int, violations: list[str]) -> None:
        load = peak = sum(task.initial_load for task in stops)
        for task in stops:
            load += task.load_change
            peak = max(peak, load)
        capacity = sum(kind.get("capacity", {"load": math.inf}).values())
        if peak > capacity + TOLERANCE:
            violations.append(f"route {number}: load {peak:.6g} above {capacity:.6g}")

    def _order(self, stops: list[str], number: int, violations: list[str]) -> None:
        place = {stop: k for k, stop in enumerate(stops)}
        for stop in stops:
            end, _, name = stop.partition(":")
            if end == "pickup" and place.get(f"delivery:{name}", -1) < place[stop]:
                violations.append(f"route {number}: {name} not delivered after its pickup")

    def _allowed(self, stop: str, vehicle_type: str) -> bool:
        allowed = self.clients.get(stop, {}).get("allowed_vehicle_types")
        return allowed is None or vehicle_type in allowed

    def _client_task(self, client: dict[str, Any]) -> Task:
        delivery = float(sum(client.get("delivery", {}).values()))
        pickup = float(sum(client.get("pickup", {}).values()))
        return self._task(client, pickup - delivery, delivery)

    def _task(self, stop: dict[str, Any], change: float, initial: float) -> Task:
        early, late = (stop.get("time_windows") or [[0, math.inf]])[0]
        return Task(
            location=self.position[stop["location"]],
            window=(early, late),
            service=stop.get("service_duration", 0),
            load_change=change,
            initial_load=initial,
            release=stop.get("release_time", 0),
        )

    def _depot_task(self, name: str, *, release: float = 0) -> Task:
        depot = self.depots[name]
        early, late = depot.get("time_window") or (0, math.inf)
        return Task(self.position[depot["location"]], (max(early, release), late), 0.0, 0.0)


def _orders(stops: list[str]) -> list[str]:
    return [stop for stop in stops if not stop.startswith(RELOAD)]


def _trips(stops: list[str]) -> list[list[str]]:
    """Return the stops of each trip; a reload ends one."""
    trips: list[list[str]] = [[]]
    for stop in stops:
        if stop.startswith(RELOAD):
            trips.append([])
        else:
            trips[-1].append(stop)
    return trips


def flow_verdict(request: dict[str, Any], flows: dict[str, float]) -> Verdict:
    """Return cost and violations of a flow (arc id to amount; missing arcs carry nothing)."""
    balance = {node["id"]: float(node.get("demand", 0)) for node in request["nodes"]}
    result = Verdict(0.0)
    for arc in request["arcs"]:
        flow = float(flows.get(arc["id"], 0.0))
        result.cost += flow * arc["cost"]
        balance[arc["tail"]] += flow
        balance[arc["head"]] -= flow
        if not arc["lower"] - TOLERANCE <= flow <= arc["capacity"] + TOLERANCE:
            result.violations.append(f"arc {arc['id']}: flow {flow:.6g} outside [{arc['lower']}, {arc['capacity']}]")
    result.violations += [f"node {name}: off balance by {amount:.6g}" for name, amount in balance.items() if abs(amount) > 1e-4]
    return result


def lot_sizing_verdict(request: dict[str, Any], orders: dict[str, list[float]]) -> Verdict:
    """Return cost (setups and holding) and violations of production amounts by item and period."""
    result = Verdict(0.0)
    used = np.zeros(request["periods"])
    for item in request["items"]:
        made = np.asarray(orders[item["id"]], dtype=float)
        setups = made > TOLERANCE
        stock = item.get("initial_stock", 0) + np.cumsum(made - np.asarray(item["demand"], dtype=float))
        result.cost += float(item["fixed_cost"] * setups.sum() + item["holding_cost"] * np.maximum(stock, 0).sum())
        if stock.min() < -1e-4:
            result.violations.append(f"item {item['id']}: short by {-stock.min():.6g}")
        for use in item.get("resource_use", {}).values():
            used += use["per_unit"] * made + use["per_setup"] * setups
    for resource in request.get("resources", []):
        over = (used - np.asarray(resource["capacity"], dtype=float)).max()
        if over > 1e-4:
            result.violations.append(f"resource {resource['id']}: over capacity by {over:.6g}")
    return result


def facility_verdict(request: dict[str, Any], services: list[dict[str, Any]]) -> Verdict:
    """Return cost and violations of services `{"client", "facility", "share"}`; a facility is open when it serves anybody."""
    rows = {client["id"]: k for k, client in enumerate(request["clients"])}
    columns = {facility["id"]: k for k, facility in enumerate(request["facilities"])}
    share = np.zeros((len(rows), len(columns)))
    for service in services:
        share[rows[service["client"]], columns[service["facility"]]] += service["share"]
    demand = np.array([client["demand"] for client in request["clients"]], dtype=float)
    capacity = np.array([facility["capacity"] for facility in request["facilities"]], dtype=float)
    fixed = np.array([facility["fixed_cost"] for facility in request["facilities"]], dtype=float)
    result = Verdict(float((share * np.array(request["costs"])).sum() + fixed[(share > TOLERANCE).any(axis=0)].sum()))
    if np.abs(share.sum(axis=1) - 1).max() > TOLERANCE:
        result.violations.append("some client's shares do not sum to 1")
    if (demand @ share > capacity + 1e-4).any():
        result.violations.append("some capacity is exceeded")
    return result


def linear_verdict(program: Program, values: dict[str, float]) -> Verdict:
    """Return objective and violations (relative to max(1, sum |a x|), tolerance 1e-6) of a solution of a linear program."""
    result = Verdict(program.offset)
    activity, weight = dict.fromkeys(program.senses, 0.0), dict.fromkeys(program.senses, 1.0)
    for name, entries in program.columns.items():
        value = values.get(name, 0.0)
        lower, upper = program.bounds[name]
        _inside(f"variable {name}", value, lower=lower, upper=upper, scale=max(1.0, abs(value)), violations=result.violations)
        for row, coefficient in entries.items():
            if row == program.objective_row:
                result.cost += coefficient * value
            elif row in activity:
                activity[row] += coefficient * value
                weight[row] += abs(coefficient * value)
    for row, amount in activity.items():
        lower, upper = program.row_bounds(row)
        _inside(f"row {row}", amount, lower=lower, upper=upper, scale=weight[row], violations=result.violations)
    return result


def _inside(name: str, value: float, *, lower: float, upper: float, scale: float, violations: list[str]) -> None:
    excess = max(lower - value, value - upper, 0.0) / scale
    if excess > TOLERANCE:
        violations.append(f"{name}: violated by {excess:.3g}")
