"""
The smallest single changes that would let an order into the routes as they stand, each shown only with a checked plan.

A change is a pointer and a value, as a what-if takes them. For each kind of change the least amount over all vehicles is tried:
the changed problem gets the plan with the order in it, and the independent check must find that nothing is broken and that
nothing else was left out. Smaller changes may do when other stops move as well.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from models.base import LARGEST_NUMBER
from models.routing import Fix, RoutingProblem, RoutingSolution, Violation
from models.routing.explanation import FixKind
from models.run import Termination
from solvers.base import Outcome
from solvers.routing.check import check_routing
from solvers.routing.insertion.insertion_survey import InsertionSurvey, Stops, Survey
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, orders_of
from solvers.routing.route_cost import order_of
from solvers.routing.routing_plan import objective_of, plan_of
from solvers.routing.schedule import timetable
from solvers.routing.unassigned.places import SECONDS_A_STOP, Vehicles

MOST_WINDOW_PLACES = 20
"""Places of one vehicle among which the one with the least lateness is looked for."""

LIMITS: Mapping[str, tuple[FixKind, str]] = {
    "MAX_DISTANCE_EXCEEDED": ("max_distance", "max_distance"),
    "MAX_DURATION_EXCEEDED": ("max_duration", "max_duration"),
    "TOO_MANY_STOPS": ("max_stops", "max_stops"),
}
"""Limits of a vehicle type that a fix can raise: kind of the fix, and the field."""

TOKENS = (("~", "~0"), ("/", "~1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A change that may do: `line` is None for one more vehicle."""

    kind: FixKind
    pointer: str
    value: Any
    amount: float | None
    unit: str | None
    words: str
    planned: PlannedRoute
    line: int | None


class Fixes:
    """
    Looks for fixes in one plan.

    Parameters
    ----------
    index
        The problem.
    plan
        A feasible plan for it.
    vehicles
        The lines of the plan.
    deadline
        Moment on the clock of `time.monotonic` after which no further change is tried.
    """

    def __init__(self, index: ProblemIndex, plan: RoutingSolution, vehicles: Vehicles, *, deadline: float) -> None:
        self.index = index
        self.plan = plan
        self.vehicles = vehicles
        self.deadline = deadline
        self.value = objective_of(index.problem, plan).value or 0.0
        self._left_out = {left_out.id for left_out in plan.unassigned}

    def of(self, stops: Stops, survey: Survey) -> list[Fix]:
        """Return the fixes for one order, at most one of each kind."""
        found = []
        checking = SECONDS_A_STOP * len(orders_of(self.index.problem))
        for candidate in self._candidates(stops, survey):
            if time.monotonic() + checking > self.deadline:
                break
            fix = self._verified(order_of(self.index, stops[0]).id, candidate)
            if fix is not None:
                found.append(fix)
        return found

    def _candidates(self, stops: Stops, survey: Survey) -> Iterator[_Candidate]:
        order = order_of(self.index, stops[0])
        if survey.places:
            if not order.required:
                yield self._prize(stops, survey)
            return
        yield from self._windows(stops)
        yield from self._of_obstacles(stops, survey)
        yield from self._vehicle(stops)

    def _prize(self, stops: Stops, survey: Survey) -> _Candidate:
        """Return the prize that pays for the cheapest place, rounded up to a hundredth."""
        order, place = order_of(self.index, stops[0]), survey.places[0]
        prize = (math.floor(place.extra * 100) + 1) / 100
        return _Candidate(
            kind="prize",
            pointer=f"{_pointer(stops)}/prize",
            value=prize,
            amount=prize - order.prize,
            unit="cost",
            words=f"a prize of {prize:.10g} instead of {order.prize:.10g}",
            planned=place.planned,
            line=place.line,
        )

    def _windows(self, stops: Stops) -> Iterator[_Candidate]:
        """Yield the least extension of the last time window of every stop of the order."""
        order = order_of(self.index, stops[0])
        for own, stop in enumerate(stops):
            end = "" if stop.kind == "client" else f"/{stop.kind}"
            step: Any = order if stop.kind == "client" else getattr(order, stop.kind)
            if not step.time_windows:
                continue
            last = max(range(len(step.time_windows)), key=lambda i: step.time_windows[i][1])
            pointer = f"{_pointer(stops)}{end}/time_windows/{last}/1"
            relaxed = self._changed(pointer, LARGEST_NUMBER)
            places = (
                self.vehicles.survey.of_problem(relaxed)
                .survey(stops, per_line=MOST_WINDOW_PLACES, deadline=self.deadline, obstacles=False)
                .places
            )
            starts = [
                timetable(relaxed, place.planned, vehicle=1).stops[place.places[own] + 1].start_service for place in places
            ]
            if starts:
                best = min(range(len(starts)), key=lambda i: (starts[i], places[i].extra))
                before = step.time_windows[last][1]
                yield _Candidate(
                    kind="time_window",
                    pointer=pointer,
                    value=starts[best],
                    amount=starts[best] - before,
                    unit="s",
                    words=f"a time window until {starts[best]:.10g} instead of {before:.10g} ({starts[best] - before:+.10g} s)",
                    planned=places[best].planned,
                    line=places[best].line,
                )

    def _of_obstacles(self, stops: Stops, survey: Survey) -> Iterator[_Candidate]:
        """Yield the least change for every condition that is all that breaks in some vehicle."""
        least: dict[str, _Candidate] = {}
        for obstacle in survey.obstacles:
            broken = obstacle.violations
            if not broken or len({(one.code, one.dimension) for one in broken}) > 1:
                continue
            worst = max(broken, key=lambda one: one.amount)
            candidate = self._of_violation(stops, worst, obstacle.planned, obstacle.line)
            if candidate is None:
                continue
            known = least.get(candidate.kind)
            if known is None or (candidate.amount or 0.0) < (known.amount or 0.0):
                least[candidate.kind] = candidate
        yield from least.values()

    def _of_violation(self, stops: Stops, broken: Violation, planned: PlannedRoute, line: int) -> _Candidate | None:
        """Return the change that lifts one condition, None when no single value does."""
        order = order_of(self.index, stops[0])
        kind = self.index.problem.vehicle_types[planned.vehicle_type]
        pointer = f"/vehicle_types/{planned.vehicle_type}"
        if broken.code == "CAPACITY_EXCEEDED" and broken.dimension is not None and broken.limit is not None:
            name, value = broken.dimension, broken.limit + broken.amount
            words = f"{broken.amount:+.10g} {name} of capacity for vehicle type {kind.id}, {value:.10g} in all"
            where = f"{pointer}/capacity/{_token(name)}"
            return _candidate("capacity", where, value, broken, words, planned, line, unit=name)
        if broken.code in LIMITS and broken.limit is not None:
            name, field = LIMITS[broken.code]
            amount = math.ceil(broken.amount) if field == "max_stops" else broken.amount
            value = int(broken.limit) + amount if field == "max_stops" else broken.limit + amount
            words = f"{field} of {value:.10g} instead of {broken.limit:.10g} for vehicle type {kind.id}"
            return _candidate(name, f"{pointer}/{field}", value, broken, words, planned, line, unit=broken.unit)
        if broken.code == "SKILL_MISSING":
            lacking = sorted(set(order.skills) - set(kind.skills))
            words = f"the skill{'s' if len(lacking) > 1 else ''} {', '.join(lacking)} for vehicle type {kind.id}"
            return _candidate(
                "skill", f"{pointer}/skills", [*kind.skills, *lacking], broken, words, planned, line, unit="skills"
            )
        if broken.code == "VEHICLE_TYPE_NOT_ALLOWED":
            allowed = [*(order.allowed_vehicle_types or []), kind.id]
            words = f"vehicle type {kind.id} allowed for it"
            where = f"{_pointer(stops)}/allowed_vehicle_types"
            return _candidate("allowed_vehicle_type", where, allowed, broken, words, planned, line, unit=None)
        if broken.code == "SHIFT_EXCEEDED" and kind.shift is not None and broken.limit == kind.shift[1]:
            value = broken.limit + broken.amount
            words = f"a shift until {value:.10g} instead of {broken.limit:.10g} for vehicle type {kind.id}"
            return _candidate("shift", f"{pointer}/shift/1", value, broken, words, planned, line, unit="s")
        return None

    def _vehicle(self, stops: Stops) -> Iterator[_Candidate]:
        """Yield one more vehicle of the type with which it costs least, among those all of whose vehicles are in use."""
        lines = [PlannedRoute(vehicle_type=i, stops=()) for i in self.vehicles.exhausted]
        if not lines:
            return
        found = InsertionSurvey(self.index, lines, [0.0] * len(lines)).survey(stops, obstacles=False, deadline=self.deadline)
        if found.places:
            best = found.places[0]
            kind = self.index.problem.vehicle_types[best.planned.vehicle_type]
            yield _Candidate(
                kind="vehicle",
                pointer=f"/vehicle_types/{best.planned.vehicle_type}/count",
                value=kind.count + 1,
                amount=1.0,
                unit="vehicles",
                words=f"one more {kind.id}, {kind.count + 1} in all",
                planned=best.planned,
                line=None,
            )

    def _verified(self, name: str, candidate: _Candidate) -> Fix | None:
        """Return the fix when the changed problem has a checked plan that serves the order and everything served before."""
        changed = self._changed(candidate.pointer, candidate.value)
        routes = [line for line in self.vehicles.routes if line.stops]
        if candidate.line is None or candidate.line >= len(routes):
            routes.append(candidate.planned)
        else:
            routes[candidate.line] = candidate.planned
        plan = plan_of(changed, routes, {})
        if {left_out.id for left_out in plan.unassigned} != self._left_out - {name}:
            return None
        objective = objective_of(changed.problem, plan)
        before = objective_of(changed.problem, self.plan).value or 0.0
        optional = not next(order.required for order in orders_of(changed.problem) if order.id == name)
        if optional and (objective.value or 0.0) >= before:
            return None
        termination = Termination(reason="feasible", limit="none", detail="")
        outcome = Outcome(status="succeeded", termination=termination, objective=objective, solution=plan)
        if any(check.max_violation > check.tolerance for check in check_routing(changed.problem, outcome)):
            return None
        return Fix(
            kind=candidate.kind,
            pointer=candidate.pointer,
            value=candidate.value,
            amount=candidate.amount,
            unit=candidate.unit,
            objective=objective.value or 0.0,
            change=(objective.value or 0.0) - self.value,
            verified=True,
            sentence=f"With {candidate.words}, {name} can be served; the objective is then {objective.value:.10g}.",
        )

    def _changed(self, pointer: str, value: Any) -> ProblemIndex:
        path = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
        problem: RoutingProblem = changed(self.index.problem, path, value)
        return replace(self.index, problem=problem)


def changed(thing: Any, path: Sequence[str], value: Any) -> Any:
    """Return a copy of a part of a request with another value at a path."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(thing, BaseModel):
        return thing.model_copy(update={head: changed(getattr(thing, head), rest, value)})
    if isinstance(thing, list):
        place = int(head)
        return [*thing[:place], changed(thing[place], rest, value), *thing[place + 1 :]]
    return {**thing, head: changed(thing.get(head), rest, value)}


def _candidate(
    kind: FixKind,
    pointer: str,
    value: Any,
    broken: Violation,
    words: str,
    planned: PlannedRoute,
    line: int,
    *,
    unit: str | None,
) -> _Candidate:
    amount = None if unit is None else broken.amount
    return _Candidate(
        kind=kind, pointer=pointer, value=value, amount=amount, unit=unit, words=words, planned=planned, line=line
    )


def _pointer(stops: Stops) -> str:
    return f"/{'clients' if stops[0].kind == 'client' else 'shipments'}/{stops[0].position}"


def _token(name: str) -> str:
    """Return a name as part of a JSON pointer (RFC 6901, section 3)."""
    for plain, escaped in TOKENS:
        name = name.replace(plain, escaped)
    return name
