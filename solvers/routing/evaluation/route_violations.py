"""Which conditions a timed route breaks, and by how much: in order of its stops, then of the route as a whole."""

from collections.abc import Iterator, Mapping, Sequence

from models.routing import Client, Route, Shipment, Stop, VehicleType, Violation
from models.routing.evaluation import ViolationCode
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.route_cost import order_of
from solvers.routing.schedule import closed_legs, latest_shift, visits_of

TOLERANCE = 1e-6
"""A condition is broken only beyond this share of its limit (of 1 at least), as in the independent check."""


def route_violations(
    index: ProblemIndex, planned: PlannedRoute, route: Route, *, pointer: str, places: Sequence[int]
) -> list[Violation]:
    """
    Return every condition that one route breaks.

    Parameters
    ----------
    index
        The problem.
    planned
        The route as it was planned.
    route
        The same route with its times; late stops are served on arrival.
    pointer
        Where the route stands in the request.
    places
        For each planned stop, its place in the `stops` of the request.
    """
    return list(_Examination(index, planned, route, pointer, places).found())


class _Examination:
    """One route under examination."""

    def __init__(self, index: ProblemIndex, planned: PlannedRoute, route: Route, pointer: str, places: Sequence[int]) -> None:
        self.index = index
        self.planned = planned
        self.route = route
        self.pointer = pointer
        self.places = places
        self.stops = [stop for stop in route.stops if stop.kind != "break"]
        self.vehicle_type: VehicleType = index.problem.vehicle_types[planned.vehicle_type]

    def found(self) -> Iterator[Violation]:
        """Yield the violations, those of names before those of numbers."""
        yield from self._skills()
        yield from self._reloads()
        yield from self._precedence()
        yield from self._ways()
        yield from self._loads()
        yield from self._windows()
        yield from self._breaks()
        yield from self._limits()

    def _stop(self, place: int) -> str:
        """Return the pointer of a stop of the timed route; start and end are the route itself."""
        inner = 0 < place <= len(self.places)
        return f"{self.pointer}/stops/{self.places[place - 1]}" if inner else self.pointer

    def _skills(self) -> Iterator[Violation]:
        for place, stop in enumerate(self.planned.stops, start=1):
            if stop.kind == "reload":
                continue
            order = order_of(self.index, stop)
            yield from self._of_order(order, self._stop(place))
        orders = sum(stop.kind != "reload" for stop in self.planned.stops)
        most = self.vehicle_type.max_stops
        if most is not None and orders > most:
            message = f"The route has {orders} stops; vehicle type {self.vehicle_type.id} makes at most {most}."
            yield _violation("TOO_MANY_STOPS", self.pointer, self.vehicle_type.id, orders - most, "stops", message, limit=most)

    def _of_order(self, order: Client | Shipment, pointer: str) -> Iterator[Violation]:
        lacking = sorted(set(order.skills) - set(self.vehicle_type.skills))
        if lacking:
            names = ", ".join(lacking)
            message = f"{order.id} asks for {names}, which vehicle type {self.vehicle_type.id} does not have."
            yield _violation("SKILL_MISSING", pointer, order.id, len(lacking), "skills", message, dimension=names)
        if order.allowed_vehicle_types is not None and self.vehicle_type.id not in order.allowed_vehicle_types:
            message = f"{order.id} does not allow vehicle type {self.vehicle_type.id}."
            yield _violation("VEHICLE_TYPE_NOT_ALLOWED", pointer, order.id, 1, "stops", message)

    def _reloads(self) -> Iterator[Violation]:
        places = [place for place, stop in enumerate(self.planned.stops, start=1) if stop.kind == "reload"]
        for place in places:
            depot = self.index.problem.depots[self.planned.stops[place - 1].position].id
            if depot not in self.vehicle_type.reload_depots:
                message = f"Vehicle type {self.vehicle_type.id} may not reload at {depot}."
                yield _violation("RELOAD_NOT_ALLOWED", self._stop(place), depot, 1, "reloads", message)
        most = self.vehicle_type.max_reloads
        if most is not None and len(places) > most:
            message = f"The route reloads {len(places)} times; vehicle type {self.vehicle_type.id} may {most} times."
            over = len(places) - most
            yield _violation("TOO_MANY_RELOADS", self.pointer, self.vehicle_type.id, over, "reloads", message, limit=most)

    def _precedence(self) -> Iterator[Violation]:
        on_board: dict[int, int] = {}
        for place, stop in enumerate(self.planned.stops, start=1):
            if stop.kind == "pickup":
                on_board[stop.position] = place
            elif stop.kind == "delivery":
                if on_board.pop(stop.position, None) is None:
                    name = self.index.problem.shipments[stop.position].id
                    message = f"Shipment {name} is delivered here, but was not picked up before on this trip."
                    yield _violation("DELIVERY_WITHOUT_PICKUP", self._stop(place), name, 1, "stops", message)
            elif stop.kind == "reload":
                yield from self._left_on_board(on_board, "the vehicle reloads")
                on_board.clear()
        yield from self._left_on_board(on_board, "the route ends")

    def _left_on_board(self, on_board: Mapping[int, int], when: str) -> Iterator[Violation]:
        for position, place in on_board.items():
            name = self.index.problem.shipments[position].id
            message = f"Shipment {name} is picked up here and still on board when {when}."
            yield _violation("PICKUP_WITHOUT_DELIVERY", self._stop(place), name, 1, "stops", message)

    def _ways(self) -> Iterator[Violation]:
        for leg in closed_legs(self.index, self.vehicle_type, visits_of(self.index, self.planned)):
            before, after = self.route.stops[leg : leg + 2]
            message = f"There is no way from location {before.location} to location {after.location}; it counts as no distance."
            yield _violation("NO_WAY", self._stop(leg + 1), after.id, 1, "legs", message)

    def _loads(self) -> Iterator[Violation]:
        """Yield the largest overload of each trip in each dimension."""
        worst: dict[tuple[int, str], tuple[float, int]] = {}
        trip = 0
        for place, stop in enumerate(self.stops):
            trip += stop.kind == "reload"
            for dimension, limit in self.vehicle_type.capacity.items():
                over = stop.load.get(dimension, 0.0) - limit
                if _beyond(over, limit) and over > worst.get((trip, dimension), (0.0, 0))[0]:
                    worst[trip, dimension] = (over, place)
        for (_, dimension), (over, place) in worst.items():
            limit = self.vehicle_type.capacity[dimension]
            message = (
                f"{limit + over:.10g} {dimension} are on board; vehicle type {self.vehicle_type.id} holds {limit:.10g}: "
                f"{over:.10g} too many."
            )
            yield _violation(
                "CAPACITY_EXCEEDED",
                self._stop(place),
                self.vehicle_type.id,
                over,
                dimension,
                message,
                limit=limit,
                dimension=dimension,
            )

    def _windows(self) -> Iterator[Violation]:
        for place, stop in enumerate(self.stops):
            if stop.kind in ("start", "reload", "end"):
                yield from self._shift(stop, place)
                continue
            windows = self._windows_of(place)
            misses = [(max(early - stop.start_service, stop.start_service - late), late) for early, late in windows]
            over, limit = min(misses, default=(0.0, 0.0))
            if _beyond(over, stop.start_service):
                message = (
                    f"{stop.id} is reached at {stop.arrival:.10g}; its last window closes at {limit:.10g}: {over:.10g} s late."
                )
                yield _violation("TIME_WINDOW_MISSED", self._stop(place), stop.id, over, "s", message, limit=limit)

    def _windows_of(self, place: int) -> Sequence[Sequence[float]]:
        stop = self.planned.stops[place - 1]
        order = order_of(self.index, stop)
        if isinstance(order, Client):
            return order.time_windows
        return (order.pickup if stop.kind == "pickup" else order.delivery).time_windows

    def _shift(self, stop: Stop, place: int) -> Iterator[Violation]:
        moment = stop.start_service if stop.kind == "end" else stop.departure
        depot = None if stop.id is None else self.index.problem.depots[self.index.depot[stop.id]].time_window
        doing = {"start": "leaves", "reload": "reloads", "end": "returns"}[stop.kind]
        for window, opens, closes in (
            (self._shift_of(stop), "its shift begins", "its shift ends"),
            (depot, f"depot {stop.id} opens", f"depot {stop.id} closes"),
        ):
            if window is None:
                continue
            sides = ((window[0] - moment, window[0], f"before {opens}"), (moment - window[1], window[1], f"after {closes}"))
            for over, limit, words in sides:
                if _beyond(over, moment):
                    message = f"The vehicle {doing} at {moment:.10g}, {over:.10g} s {words} at {limit:.10g}."
                    yield _violation("SHIFT_EXCEEDED", self._stop(place), stop.id, over, "s", message, limit=limit)

    def _shift_of(self, stop: Stop) -> Sequence[float] | None:
        """Return the shift, with overtime where a depot is reached rather than left for the first time."""
        return self.vehicle_type.shift if stop.kind == "start" else latest_shift(self.vehicle_type)

    def _breaks(self) -> Iterator[Violation]:
        windows = {pause.id: pause.time_window for pause in self.vehicle_type.breaks}
        for stop in self.route.stops:
            if stop.kind != "break":
                continue
            early, late = windows[str(stop.id)]
            over = max(early - stop.start_service, stop.start_service - late)
            if _beyond(over, stop.start_service):
                message = f"Break {stop.id} begins at {stop.start_service:.10g}; it may at {late:.10g} at the latest."
                yield _violation("BREAK_OUT_OF_WINDOW", self.pointer, stop.id, over, "s", message, limit=late)

    def _limits(self) -> Iterator[Violation]:
        name = self.vehicle_type.id
        longest, lasting = self.vehicle_type.max_distance, self.vehicle_type.max_duration
        if longest is not None and _beyond(self.route.distance - longest, longest):
            over = self.route.distance - longest
            message = f"The route is {self.route.distance:.10g} long; vehicle type {name} drives at most {longest:.10g}."
            yield _violation("MAX_DISTANCE_EXCEEDED", self.pointer, name, over, "distance", message, limit=longest)
        lasting = None if lasting is None else lasting + self.vehicle_type.max_overtime
        if lasting is not None and _beyond(self.route.duration - lasting, lasting):
            over = self.route.duration - lasting
            message = f"The route takes {self.route.duration:.10g} s; vehicle type {name} is away for at most {lasting:.10g} s."
            yield _violation("MAX_DURATION_EXCEEDED", self.pointer, name, over, "s", message, limit=lasting)


def _beyond(over: float, limit: float) -> bool:
    return over > TOLERANCE * max(1.0, abs(limit))


def _violation(
    code: ViolationCode,
    pointer: str,
    name: str | None,
    amount: float,
    unit: str,
    message: str,
    *,
    limit: float | None = None,
    dimension: str | None = None,
) -> Violation:
    return Violation(
        code=code,
        pointer=pointer,
        id=name,
        dimension=dimension,
        amount=float(amount),
        limit=None if limit is None else float(limit),
        unit=unit,
        message=message,
    )
