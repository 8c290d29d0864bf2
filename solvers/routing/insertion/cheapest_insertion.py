"""
Cheapest insertion of new orders into routes that stand, every place tried.

References
----------
Solomon, M. M. (1987). Algorithms for the vehicle routing and scheduling problems with time window constraints. Operations
Research 35(2), 254-265.
"""

import time
from collections import Counter
from typing import ClassVar

from models.routing import RoutingProblem, SuggestionProblem, SuggestionSolution
from models.run import Termination
from solvers.base import Budget, Outcome, Progress
from solvers.routing.evaluation.evaluated import evaluated
from solvers.routing.evaluation.given_plan import index_of, read_routes
from solvers.routing.insertion.insertion_survey import InsertionSurvey, Stops
from solvers.routing.insertion.semantics import unserved
from solvers.routing.insertion.suggestions import StandingLine, Suggestions
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex

MISSING = {"MISSING_CLIENT", "MISSING_SHIPMENT"}


class CheapestInsertion:
    """The cheapest places for each new order, and for every other route what stands in the way."""

    name: ClassVar[str] = "cheapest_insertion"
    libraries: ClassVar[tuple[str, ...]] = ("numpy",)

    def supports(self, problem: SuggestionProblem) -> str | None:
        """Return None: every routing problem is supported."""
        return None

    def solve(self, problem: SuggestionProblem, budget: Budget, progress: Progress) -> Outcome[SuggestionSolution]:
        """
        Try every place for every order; what time did not reach is marked as incomplete.

        Parameters
        ----------
        problem
            A problem without semantic issues.
        budget
            Time from the start of this call.
        progress
            Asked whether to stop.
        """
        started = time.monotonic()
        task = problem.as_routing()
        standing, _ = evaluated(task, problem.routes, pointer="/routes")
        violations = [violation for violation in standing.violations if violation.code not in MISSING]
        index = index_of(task, problem.routes)
        broken = Counter("/".join(violation.pointer.split("/")[:3]) for violation in violations)
        lines = _lines(index, problem, broken)
        free = _unused(index, lines)
        whole = [(line.planned, timed.cost) for line, timed in zip(lines, standing.routes, strict=True) if not line.broken]
        open_lines = [*whole, *((line, 0.0) for line in free)]
        survey = InsertionSurvey(index, [line for line, _ in open_lines], [cost for _, cost in open_lines])
        writer = Suggestions(index, survey, lines, standing.routes, top=problem.top, per_route=problem.places_per_route)
        names = unserved(problem) if problem.orders is None else problem.orders
        orders = _stops_of(task)
        deadline = started + budget.time_limit
        found = []
        for name in names:
            stop = progress.stop_requested()
            found.append(writer.of(name, orders[name], deadline=0.0 if stop else deadline))
        solution = SuggestionSolution.model_construct(suggestions=found, cost=standing.cost, violations=violations)
        complete = all(suggestion.complete for suggestion in found)
        fitting = sum(bool(suggestion.insertions) for suggestion in found)
        return Outcome(
            status="succeeded",
            termination=Termination(
                reason="optimal" if complete else "feasible",
                limit="none" if complete else "time",
                detail=f"{fitting} of {len(found)} orders fit the routes as they stand; "
                + ("every place was tried." if complete else "time ended before every place was tried."),
            ),
            objective=None,
            solution=solution,
            threads=1,
            solve_time=time.monotonic() - started,
        )


def _lines(index: ProblemIndex, problem: SuggestionProblem, broken: Counter[str]) -> list[StandingLine]:
    """Return the routes that are driven; those that break a condition are marked."""
    plan = read_routes(index, problem.routes, pointer="/routes")
    return [StandingLine(pointer=route.pointer, planned=route.planned, broken=broken[route.pointer]) for route in plan.driven]


def _unused(index: ProblemIndex, lines: list[StandingLine]) -> list[PlannedRoute]:
    """Return a route without stops for every vehicle type that has a vehicle left."""
    used = Counter(line.planned.vehicle_type for line in lines)
    types = index.problem.vehicle_types
    return [PlannedRoute(vehicle_type=i, stops=()) for i in index.fleet if used[i] < types[i].count]


def _stops_of(problem: RoutingProblem) -> dict[str, Stops]:
    """Return the stops of every client and shipment by its id."""
    stops: dict[str, Stops] = {client.id: (PlannedStop(kind="client", position=i),) for i, client in enumerate(problem.clients)}
    for i, shipment in enumerate(problem.shipments):
        stops[shipment.id] = (PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i))
    return stops
