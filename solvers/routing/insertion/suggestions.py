"""Surveys as suggestions: places and obstacles in the words of the request."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.routing import EvaluatedRoute, Insertion, Obstacle, Route, Suggestion
from solvers.routing.evaluation.given_plan import name_of
from solvers.routing.insertion import insertion_survey as surveyed
from solvers.routing.insertion.insertion_survey import InsertionSurvey, Place, Stops
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.route_cost import order_of
from solvers.routing.schedule import timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """A given route that is driven, and how many conditions it breaks."""

    pointer: str
    planned: PlannedRoute
    broken: int


class Suggestions:
    """
    Writes suggestions.

    Parameters
    ----------
    index, survey
        The problem, and the surveys of its routes: those that break nothing, then unused vehicles.
    lines
        Every route that is driven.
    routes
        The same routes with their times.
    top, per_route
        Most places of an order, and of one route among them.
    """

    def __init__(
        self,
        index: ProblemIndex,
        survey: InsertionSurvey,
        lines: Sequence[StandingLine],
        routes: Sequence[EvaluatedRoute],
        *,
        top: int,
        per_route: int,
    ) -> None:
        self.index = index
        self.survey = survey
        self.lines = lines
        self.top = top
        self.per_route = per_route
        self._pointers: list[str | None] = [line.pointer for line in lines if not line.broken]
        self._pointers += [None] * (len(survey.lines) - len(self._pointers))
        self._standing: Mapping[str | None, EvaluatedRoute] = {route.pointer: route for route in routes}
        self._used = Counter(line.planned.vehicle_type for line in lines)

    def of(self, name: str, stops: Stops, *, deadline: float) -> Suggestion:
        """Return the places for one order."""
        found = self.survey.survey(stops, per_line=self.per_route, deadline=deadline)
        order = order_of(self.index, stops[0])
        family = "clients" if stops[0].kind == "client" else "shipments"
        cheapest = found.places[0].extra if found.places else None
        return Suggestion.model_construct(
            id=name,
            pointer=f"/{family}/{stops[0].position}",
            insertions=[self._insertion(rank, place) for rank, place in enumerate(found.places[: self.top], start=1)],
            fitting_routes=len({place.line for place in found.places}),
            obstacles=[*(self._obstacle(one) for one in found.obstacles), *self._closed()],
            worth_its_prize=None if order.required or cheapest is None else cheapest < order.prize,
            complete=found.complete,
        )

    def _insertion(self, rank: int, place: Place) -> Insertion:
        pointer = self._pointers[place.line]
        before = self._standing.get(pointer)
        vehicle = self._used[place.planned.vehicle_type] + 1 if before is None else before.vehicle
        route = timetable(self.index, place.planned, vehicle=vehicle)
        return Insertion.model_construct(
            rank=rank,
            route=pointer,
            position=list(place.places),
            stops=[name_of(self.index.problem, stop) for stop in place.planned.stops],
            cost_delta=route.cost - (0.0 if before is None else before.cost),
            distance_delta=route.distance - (0.0 if before is None else before.distance),
            duration_delta=route.duration - (0.0 if before is None else before.duration),
            largest_delay=0.0 if before is None else _largest_delay(before, route),
            timetable=route,
        )

    def _obstacle(self, found: surveyed.Obstacle) -> Obstacle:
        pointer = self._pointers[found.line]
        vehicle_type = self.index.problem.vehicle_types[found.planned.vehicle_type].id
        if not found.violations:
            message = "At every place of the route some condition breaks."
            return _obstacle(pointer, vehicle_type, "NO_PLACE", message, position=found.places)
        first = found.violations[0]
        _, _, at = first.pointer.partition("/stops/")
        stop = None if not at else name_of(self.index.problem, found.planned.stops[int(at)])
        return Obstacle(
            route=pointer,
            vehicle_type=vehicle_type,
            code=first.code,
            amount=first.amount,
            unit=first.unit,
            stop=stop,
            position=list(found.places),
            message=first.message,
        )

    def _closed(self) -> Iterator[Obstacle]:
        """Yield the routes that break something as they stand, and the vehicle types without a vehicle left."""
        types = self.index.problem.vehicle_types
        for line in self.lines:
            if line.broken:
                conditions = f"{line.broken} condition{'s' if line.broken > 1 else ''}"
                message = f"The route breaks {conditions} as it stands; mend it first."
                yield _obstacle(line.pointer, types[line.planned.vehicle_type].id, "ROUTE_IS_BROKEN", message)
        for i, vehicle_type in enumerate(types):
            if self._used[i] >= vehicle_type.count:
                message = f"All {vehicle_type.count} vehicles of type {vehicle_type.id} are in use."
                yield _obstacle(None, vehicle_type.id, "NO_VEHICLE_LEFT", message)


def _obstacle(route: str | None, vehicle_type: str, code: str, message: str, *, position: Sequence[int] = ()) -> Obstacle:
    return Obstacle(
        route=route,
        vehicle_type=vehicle_type,
        code=code,
        amount=None,
        unit=None,
        stop=None,
        position=list(position),
        message=message,
    )


def _largest_delay(before: Route, after: Route) -> float:
    """Return the most seconds by which a stop of the old route starts later in the new one."""
    old = {(stop.kind, stop.id): stop.start_service for stop in before.stops[1:]}
    later = [stop.start_service - old[stop.kind, stop.id] for stop in after.stops[1:] if (stop.kind, stop.id) in old]
    return max([0.0, *later])
