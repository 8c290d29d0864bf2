"""
Exact answers for tiny routing problems with breaks, soft limits, groups, relations, locks and objectives beyond cost.

Every sequence of stops on every vehicle, every window, every place of a break and every departure at which anything changes is
tried. Reads the request as plain JSON and shares nothing with the product. No reloads; at most about six stops, one break.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

Request = dict[str, Any]
Token = tuple[str, str]
"""Kind and id of a stop: client, pickup or delivery."""
Sequence_ = tuple[Token, ...]
Value = tuple[float, float, float]
"""Weight of required orders left out, vehicles (0 where they do not count), money."""


class RichOracle:
    """One request under enumeration."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.places = {location["id"]: (location["x"], location["y"]) for location in request["locations"]}
        self.depots = {depot["id"]: depot for depot in request["depots"]}
        self.orders = {order["id"]: order for order in [*request["clients"], *request.get("shipments", [])]}
        self.clients = {client["id"] for client in request["clients"]}
        self.vehicles = [(v, i) for v in request["vehicle_types"] for i in range(1, v["count"] + 1)]
        self._costs: dict[tuple[str, Sequence_], tuple[float, float, float]] = {}

    def best(self) -> Value:
        """Return the least value over all plans."""
        return min(self._value(plan) for plan in self._plans(0, frozenset(self.orders)))

    def route_cost(self, vehicle_type: Request, sequence: Sequence_) -> float:
        """Return the least money of one sequence on one vehicle, infinite when it is not feasible."""
        return self._cost(vehicle_type, sequence)[0]

    def _plans(self, k: int, left: frozenset[str]) -> Iterator[list[Sequence_]]:
        if k == len(self.vehicles):
            yield []
            return
        vehicle_type, _ = self.vehicles[k]
        for sequence in self._sequences(left):
            if sequence and math.isinf(self._cost(vehicle_type, sequence)[0]):
                continue
            for rest in self._plans(k + 1, left - {name for _, name in sequence}):
                yield [sequence, *rest]

    def _sequences(self, names: frozenset[str]) -> Iterator[Sequence_]:
        for number in range(len(names) + 1):
            for chosen in itertools.combinations(sorted(names), number):
                tokens: list[Token] = []
                for name in chosen:
                    tokens += [("client", name)] if name in self.clients else [("pickup", name), ("delivery", name)]
                for sequence in itertools.permutations(tokens):
                    if all(
                        sequence.index(("pickup", name)) < sequence.index(("delivery", name))
                        for kind, name in sequence
                        if kind == "delivery"
                    ):
                        yield sequence

    def _value(self, plan: Sequence[Sequence_]) -> Value:
        if not self._kept(plan):
            return (math.inf, 0.0, 0.0)
        served = {name for sequence in plan for _, name in sequence}
        used = [(vehicle[0], sequence) for vehicle, sequence in zip(self.vehicles, plan, strict=True) if sequence]
        costs = [self._cost(vehicle_type, sequence) for vehicle_type, sequence in used]
        money = sum(cost[0] for cost in costs) + self._balance(used, costs) + self._prizes(served)
        goal = self.request.get("objective", {})
        return (self.weight(served), float(len(used)) if goal.get("fewest_vehicles") else 0.0, money)

    def _balance(self, used: Sequence[tuple[Any, Sequence_]], costs: Sequence[tuple[float, float, float]]) -> float:
        wanted = self.request.get("objective", {}).get("balance")
        if not wanted or not used:
            return 0.0
        pick = {"distance": 1, "duration": 2}
        values = [
            len(sequence) if wanted["measure"] == "stops" else cost[pick[wanted["measure"]]]
            for (_, sequence), cost in zip(used, costs, strict=True)
        ]
        return float(wanted["weight"] * (max(values) if wanted["kind"] == "max" else max(values) - min(values)))

    def _groups(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for name, order in self.orders.items():
            groups.setdefault(order.get("group") or f"alone {name}", []).append(name)
        return groups

    def _prizes(self, served: set[str]) -> float:
        total = 0.0
        for names in self._groups().values():
            if self.orders[names[0]].get("required", True):
                continue
            prizes = {name: self.orders[name].get("prize", 0) for name in names}
            total += max(prizes.values()) - max((prizes[name] for name in names if name in served), default=0)
        return total

    def weight(self, served: set[str]) -> float:
        """Return the weight of the required orders, and groups, of which nothing is served."""
        missing = [
            max(1 + self.orders[name].get("priority", 0) for name in names)
            for names in self._groups().values()
            if self.orders[names[0]].get("required", True) and not served.intersection(names)
        ]
        return float(sum(missing))

    def _kept(self, plan: Sequence[Sequence_]) -> bool:
        served = [name for sequence in plan for kind, name in sequence if kind != "delivery"]
        if any(sum(name in served for name in names) > 1 for names in self._groups().values()):
            return False
        vehicle_of = {name: k for k, sequence in enumerate(plan) for _, name in sequence}
        for relation in self.request.get("relations", []):
            names = list(dict.fromkeys(name.split(":")[-1] for name in relation["orders"]))
            used = [vehicle_of[name] for name in names if name in vehicle_of]
            if relation["kind"] == "different_vehicles":
                if len(set(used)) < len(used):
                    return False
            elif len(set(used)) > 1 or (used and not self._in_order(relation, plan[used[0]])):
                return False
        return all(self._locked(lock, plan, vehicle_of) for lock in self.request.get("locks", []))

    def _in_order(self, relation: Request, sequence: Sequence_) -> bool:
        if relation["kind"] == "same_vehicle":
            return True
        names = [name if kind == "client" else f"{kind}:{name}" for kind, name in sequence]
        wanted = [name for name in relation["orders"] if name in names]
        places = [names.index(name) for name in wanted]
        steps = [after - before for before, after in itertools.pairwise(places)]
        return all(step == 1 if relation["kind"] == "direct_sequence" else step > 0 for step in steps)

    def _locked(self, lock: Request, plan: Sequence[Sequence_], vehicle_of: dict[str, int]) -> bool:
        k = next(k for k, (v, i) in enumerate(self.vehicles) if v["id"] == lock["vehicle_type"] and i == lock["vehicle"])
        names = [name if kind == "client" else f"{kind}:{name}" for kind, name in plan[k]]
        locked = [*lock.get("orders", []), *(name.split(":")[-1] for name in lock.get("prefix", []))]
        prefix = [name for name in lock.get("prefix", []) if name in names]
        return all(vehicle_of.get(name, k) == k for name in locked) and names[: len(prefix)] == prefix

    def _cost(self, vehicle_type: Request, sequence: Sequence_) -> tuple[float, float, float]:
        """Return money, distance and duration of a route; infinite when it is not feasible."""
        key = (vehicle_type["id"], sequence)
        if key not in self._costs:
            self._costs[key] = RouteOracle(self, vehicle_type, sequence).best()
        return self._costs[key]


class RouteOracle:
    """One sequence on one vehicle."""

    def __init__(self, oracle: RichOracle, vehicle_type: Request, sequence: Sequence_) -> None:
        self.vehicle = vehicle_type
        self.orders = [oracle.orders[name] for _, name in sequence]
        self.kinds = [kind for kind, _ in sequence]
        self.ends = [order if kind == "client" else order[kind] for order, kind in zip(self.orders, self.kinds, strict=True)]
        depots = [oracle.depots.get(vehicle_type.get(name)) for name in ("start_depot", "end_depot")]
        self.depots = depots
        places = [(depots[0] or {}).get("location"), *(end["location"] for end in self.ends), (depots[1] or {}).get("location")]
        self.hops = [
            0.0 if None in pair else math.floor(math.dist(oracle.places[pair[0]], oracle.places[pair[1]]) + 0.5)
            for pair in itertools.pairwise(places)
        ]
        self.spent = [0.0]
        for i, end in enumerate(self.ends):
            setup = end.get("setup_duration", 0) if places[i] != places[i + 1] else 0
            self.spent.append(end.get("service_duration", 0) + setup)
        self.spent.append(0.0)
        self.breaks = vehicle_type.get("breaks", [])

    def best(self) -> tuple[float, float, float]:
        """Return money, distance and duration at the least money."""
        worst = (math.inf, math.inf, math.inf)
        limit = self.vehicle.get("max_stops")
        if (limit is not None and len(self.ends) > limit) or not self._loads_fit() or not self._allowed():
            return worst
        distance = sum(self.hops)
        if distance > (self.vehicle.get("max_distance") or math.inf):
            return worst
        found = min(self._timed(), default=None)
        return worst if found is None else (found[0] + self.vehicle.get("cost_per_distance", 1) * distance, distance, found[3])

    def _timed(self) -> Iterator[tuple[float, float, float, float]]:
        """Yield money of times, finish, departure (negative: of equals the last is best) and duration of every schedule."""
        places = range(-1, len(self.hops) + 1) if self.breaks else [None]
        for windows in itertools.product(*self._windows()):
            for at in places:
                for departure in self._departures(windows, at):
                    found = self._simulated(windows, at, departure)
                    if found is not None:
                        money, duration = found
                        yield money, departure + duration, -departure, duration

    def _windows(self) -> list[list[Sequence[float]]]:
        shift = self.vehicle.get("shift") or [0, math.inf]
        over = self.vehicle.get("max_overtime", 0)
        bounds = [(depot or {}).get("time_window") or [0, math.inf] for depot in self.depots]
        release = max((order.get("release_time", 0) for order in self.orders), default=0)
        start = [max(shift[0], bounds[0][0], release), min(shift[1], bounds[0][1])]
        end = [max(shift[0], bounds[1][0]), min(shift[1] + over, bounds[1][1])]
        return [[start], *((end_.get("time_windows") or [[0, math.inf]]) for end_ in self.ends), [end]]

    def _departures(self, windows: Sequence[Sequence[float]], at: int | None) -> list[float]:
        """Return the departures at which anything changes, for windows chosen and a break behind a stop."""
        offsets, busy = [0.0], 0.0
        length = self.breaks[0]["duration"] if self.breaks else 0.0
        for i, hop in enumerate(self.hops):
            busy += self.spent[i] + hop + (length if at == i else 0.0)
            offsets.append(busy)
        moments = {windows[0][0]}
        for i, window in enumerate(windows):
            due = self.ends[i - 1].get("due_time") if 0 < i < len(windows) - 1 else None
            for bound in (*window, *([] if due is None else [due])):
                moments.add(bound - offsets[i])
            last = offsets[-1] - offsets[i] + window[0]
            moments.add(last - (self.vehicle.get("max_duration") or 0))
            moments.add(last - (self.vehicle.get("max_duration") or 0) - self.vehicle.get("max_overtime", 0))
        for pause in self.breaks:
            early, late = pause["time_window"]
            moments |= {early + length, early, late}
            if at is not None and 0 <= at < len(self.hops):
                moments |= {early - offsets[at] - self.spent[at] - self.hops[at], late - offsets[at] - self.spent[at]}
                total = early + length + offsets[-1] - offsets[at + 1]
                moments |= {total - (self.vehicle.get("max_duration") or 0)}
                moments |= {total - (self.vehicle.get("max_duration") or 0) - self.vehicle.get("max_overtime", 0)}
        shift = self.vehicle.get("shift")
        if shift:
            moments.add(shift[1] - offsets[-1])
            # Where the excess over the shift becomes larger than the one over the longest duration.
            moments.add(shift[1] - (self.vehicle.get("max_duration") or 0))
        return sorted(moment for moment in moments if windows[0][0] <= moment <= windows[0][1] and math.isfinite(moment))

    def _simulated(self, windows: Sequence[Sequence[float]], at: int | None, departure: float) -> tuple[float, float] | None:
        """Return money of times and fixed cost, and the duration, when leaving at a moment; None when something is missed."""
        pause = self.breaks[0] if self.breaks else None
        if pause and at in (-1, len(self.hops)) and not pause.get("outside_route"):
            return None
        if pause and at == -1 and departure < pause["time_window"][0] + pause["duration"]:
            return None
        moment, lateness, busy = departure, 0.0, 0.0
        for i, window in enumerate(windows):
            start = max(moment, window[0])
            if start > window[1]:
                return None
            if 0 < i < len(windows) - 1 and self.ends[i - 1].get("due_time") is not None:
                end = self.ends[i - 1]
                lateness += end.get("cost_per_lateness", 0) * max(0.0, start - end["due_time"])
            leave = start + self.spent[i]
            busy += self.spent[i]
            if i < len(self.hops):
                moment = leave + self.hops[i]
                busy += self.hops[i]
                if pause and at == i:
                    if leave > pause["time_window"][1]:
                        return None
                    moment = max(moment, pause["time_window"][0]) + pause["duration"]
                    busy += pause["duration"]
        if pause and at == len(self.hops) and start > pause["time_window"][1]:
            return None
        return self._priced(start, start - departure, lateness, busy)

    def _priced(self, finish: float, duration: float, lateness: float, busy: float) -> tuple[float, float] | None:
        vehicle = self.vehicle
        longest = vehicle.get("max_duration")
        shift = vehicle.get("shift")
        over = max(0.0, finish - shift[1] if shift else 0.0, duration - longest if longest is not None else 0.0)
        if over > vehicle.get("max_overtime", 0):
            return None
        money = vehicle.get("fixed_cost", 0) + vehicle.get("cost_per_duration", 0) * duration + lateness
        money += vehicle.get("cost_per_waiting", 0) * (duration - busy) + vehicle.get("cost_per_overtime", 0) * over
        return money, duration

    def _allowed(self) -> bool:
        types = (order.get("allowed_vehicle_types") for order in self.orders)
        return all(allowed is None or self.vehicle["id"] in allowed for allowed in types)

    def _loads_fit(self) -> bool:
        for dimension, capacity in self.vehicle.get("capacity", {}).items():
            load = sum(order.get("delivery", {}).get(dimension, 0) for order in self.orders)
            loads = [load]
            for kind, order in zip(self.kinds, self.orders, strict=True):
                if kind == "client":
                    load += order.get("pickup", {}).get(dimension, 0) - order.get("delivery", {}).get(dimension, 0)
                else:
                    load += order.get("amount", {}).get(dimension, 0) * (1 if kind == "pickup" else -1)
                loads.append(load)
            if max(loads) > capacity:
                return False
        return True
