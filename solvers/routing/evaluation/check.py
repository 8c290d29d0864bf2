"""
Independent check of an evaluation: what each route costs and breaks is computed again from the request.

The families of conditions are those of `solvers.routing.check`. For a plan they must hold; here the largest violation found
must be the largest one that is listed, route by route.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from models.routing import EvaluatedRoute, EvaluationProblem, EvaluationSolution, RoutingSolution, Unassigned
from models.run import Check
from solvers.base import Outcome
from solvers.routing.check_breaks import break_violation
from solvers.routing.check_cost import distance_violation, duration_violation, objective_violation
from solvers.routing.check_load import capacity_violation, load_violation
from solvers.routing.check_order import fleet_violation, precedence_violation, skills_violation
from solvers.routing.check_reach import reach_violation
from solvers.routing.check_relations import group_violation, lock_violation, relation_violation
from solvers.routing.check_request import Request
from solvers.routing.check_time import schedule_violation, shift_violation, window_violation

TOLERANCE = 1e-6

MEASURED = {
    "capacity": (capacity_violation, {"CAPACITY_EXCEEDED"}),
    "time_windows": (window_violation, {"TIME_WINDOW_MISSED"}),
    "shift": (shift_violation, {"SHIFT_EXCEEDED"}),
    "distance": (distance_violation, {"MAX_DISTANCE_EXCEEDED"}),
    "duration": (duration_violation, {"MAX_DURATION_EXCEEDED"}),
    "breaks": (break_violation, {"BREAK_OUT_OF_WINDOW"}),
    "schedule": (schedule_violation, set[str]()),
    "loads": (load_violation, set[str]()),
}
"""Conditions with an amount, and the codes under which it is listed."""

COUNTED = {
    "skills": {"SKILL_MISSING", "VEHICLE_TYPE_NOT_ALLOWED", "TOO_MANY_STOPS"},
    "precedence": {"DELIVERY_WITHOUT_PICKUP", "PICKUP_WITHOUT_DELIVERY"},
    "reach": {"NO_WAY"},
    "fleet": {"TOO_MANY_VEHICLES", "RELOAD_NOT_ALLOWED", "TOO_MANY_RELOADS"},
}
"""Conditions that are kept or broken, and the codes under which they are listed."""

UNKNOWN = {"UNKNOWN_CLIENT", "UNKNOWN_SHIPMENT", "UNKNOWN_DEPOT"}


def check_evaluation(problem: EvaluationProblem, outcome: Outcome[EvaluationSolution]) -> list[Check]:
    """
    Return every check of an evaluation; each gives by how much it misjudges the given routes.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    """
    if outcome.solution is None:
        return []
    return EvaluationCheck(problem, outcome.solution).checks(outcome)


class EvaluationCheck:
    """An evaluation under examination."""

    def __init__(self, problem: EvaluationProblem, solution: EvaluationSolution) -> None:
        self.problem = problem
        self.solution = solution
        self.request = Request(problem.as_routing())
        self.listed: dict[str, dict[str, float]] = {}
        """Largest listed amount by route pointer and code."""
        for violation in solution.violations:
            route = "/".join(violation.pointer.split("/")[:3])
            codes = self.listed.setdefault(route, {})
            codes[violation.code] = max(codes.get(violation.code, 0.0), violation.amount)

    def checks(self, outcome: Outcome[EvaluationSolution]) -> list[Check]:
        """Return every check; numbers are only looked at when the names are right."""
        names = Check(name="names", max_violation=float(self._misnamed()), tolerance=0.0)
        if names.max_violation:
            return [names]
        return [names, *self._measured(), *self._counted(), self._joint(), self._objective(outcome)]

    def _joint(self) -> Check:
        """Return whether groups, relations and locks are told as they are."""
        plan = self._plan(self.solution.routes)
        codes = {violation.code for violation in self.solution.violations}
        found = {
            "GROUP_SERVED_TWICE": group_violation(self.request, plan),
            "RELATION_BROKEN": relation_violation(self.request, plan),
            "LOCK_BROKEN": lock_violation(self.request, plan),
        }
        wrong = sum((count > 0) != (code in codes) for code, count in found.items())
        return Check(name="constraints", max_violation=float(wrong), tolerance=0.0)

    def _measured(self) -> Iterator[Check]:
        for name, (found, codes) in MEASURED.items():
            worst, size = 0.0, 1.0
            for route in self.solution.routes:
                amount = max((self._amount(route, code) for code in codes), default=0.0)
                worst = max(worst, abs(found(self.request, self._plan([route])) - amount))
                size = max([size, *_sizes(route)])
            yield Check(name=name, max_violation=worst, tolerance=TOLERANCE * size)

    def _counted(self) -> Iterator[Check]:
        for name, codes in COUNTED.items():
            wrong = 0
            for route in self.solution.routes:
                plan = self._plan([route])
                found = {
                    "skills": lambda plan=plan: skills_violation(self.request, plan),
                    "precedence": lambda plan=plan: precedence_violation(plan),
                    "reach": lambda plan=plan: reach_violation(self.request, plan),
                    "fleet": lambda plan=plan: fleet_violation(self.request, plan),
                }[name]()
                wrong += (found > 0) != any(self._amount(route, code) for code in codes)
            yield Check(name=name, max_violation=float(wrong), tolerance=0.0)

    def _objective(self, outcome: Outcome[EvaluationSolution]) -> Check:
        plan = self._plan(self.solution.routes)
        priced = Outcome(status=outcome.status, termination=outcome.termination, objective=outcome.objective, solution=plan)
        worst = objective_violation(self.request, priced, plan)
        money = 0.0 if outcome.objective is None else abs(outcome.objective.value or 0.0)
        return Check(name="objective", max_violation=worst, tolerance=TOLERANCE * max(1.0, money))

    def _amount(self, route: EvaluatedRoute, code: str) -> float:
        return self.listed.get(route.pointer, {}).get(code, 0.0)

    def _plan(self, routes: Sequence[EvaluatedRoute]) -> RoutingSolution:
        whole = len(routes) == len(self.solution.routes)
        first = routes[0] if routes else None
        return RoutingSolution.model_construct(
            routes=list(routes),
            unassigned=[Unassigned.model_construct(id=name, reasons=[]) for name in self.solution.unassigned],
            snapped=None,
            distance=self.solution.distance if whole or first is None else first.distance,
            duration=self.solution.duration if whole or first is None else first.duration,
            cost=self.solution.cost if whole or first is None else first.cost,
            current=None,
        )

    def _misnamed(self) -> int:
        """Return how many stops, unknown names, repetitions, orders left out or vehicles are not told as they are."""
        visits: Counter[tuple[str, str]] = Counter()
        unknown: set[str] = set()
        driven: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for i, route in enumerate(self.problem.routes):
            stops = []
            for j, text in enumerate(route.stops):
                stop = self._read(text)
                if stop is None:
                    unknown.add(f"/routes/{i}/stops/{j}")
                else:
                    stops.append(stop)
            if any(kind != "reload" for kind, _ in stops):
                driven[f"/routes/{i}"] = (route.vehicle_type, stops)
                visits.update(stop for stop in stops if stop[0] != "reload")
        told = {route.pointer: (route.vehicle_type, _inner(route)) for route in self.solution.routes}
        wrong = int(told != driven or list(told) != list(driven) or len(told) != len(self.solution.routes))
        wrong += self._listed_pointers(UNKNOWN) != unknown
        repeated = sum(1 for violation in self.solution.violations if violation.code == "DUPLICATE_STOP")
        wrong += repeated != sum(count - 1 for count in visits.values())
        return wrong + self._left_out_wrongly(visits) + self._misnumbered()

    def _read(self, text: str) -> tuple[str, str] | None:
        """Return kind and id of a stop's name, None when the request has no such thing."""
        if text in self.request.clients:
            return ("client", text)
        kind, _, name = text.partition(":")
        known = kind in ("pickup", "delivery", "reload") and name in self.request.names(kind)
        return (kind, name) if known else None

    def _left_out_wrongly(self, visits: Counter[tuple[str, str]]) -> int:
        unserved, missing = [], set()
        grouped = {client.group for client in self.problem.clients if client.group is not None and visits["client", client.id]}
        for i, client in enumerate(self.problem.clients):
            if not visits[("client", client.id)]:
                unserved.append(client.id)
                missing |= {f"/clients/{i}"} if client.required and client.group not in grouped else set()
        for i, shipment in enumerate(self.problem.shipments):
            if not visits[("pickup", shipment.id)]:
                unserved.append(shipment.id)
                halved = visits[("delivery", shipment.id)] > 0
                missing |= {f"/shipments/{i}"} if shipment.required and not halved else set()
        told = self._listed_pointers({"MISSING_CLIENT", "MISSING_SHIPMENT"})
        return int(unserved != self.solution.unassigned) + int(told != missing)

    def _misnumbered(self) -> int:
        """Return whether vehicles are not counted from 1 within their type."""
        used: Counter[str] = Counter()
        wrong = 0
        for route in self.solution.routes:
            used[route.vehicle_type] += 1
            wrong += route.vehicle != used[route.vehicle_type]
        return wrong + int(self.solution.feasible != (not self.solution.violations))

    def _listed_pointers(self, codes: set[str]) -> set[str]:
        return {violation.pointer for violation in self.solution.violations if violation.code in codes}


def _inner(route: EvaluatedRoute) -> list[tuple[str, str]]:
    """Return kind and id of what a route serves, and of its reloads."""
    return [(stop.kind, str(stop.id)) for stop in route.stops[1:-1] if stop.kind != "break"]


def _sizes(route: EvaluatedRoute) -> Iterator[float]:
    """Yield the size of a route's numbers: times, distance and loads."""
    yield abs(route.distance)
    yield abs(route.duration)
    for stop in route.stops:
        yield abs(stop.departure)
        yield from (abs(amount) for amount in stop.load.values())
