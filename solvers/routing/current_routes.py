"""The saving of a plan against the routes as they are driven today."""

from collections import Counter
from dataclasses import replace

from models.routing import CurrentRoutes, RoutingProblem, RoutingSolution
from models.run import Objective
from solvers.base import Outcome
from solvers.routing.evaluation.evaluated import evaluated
from solvers.routing.problem_index import orders_of


def with_saving(problem: RoutingProblem, outcome: Outcome[RoutingSolution]) -> Outcome[RoutingSolution]:
    """Return an outcome whose plan states the saving against the current routes, where the request gives any."""
    if not problem.current_routes or outcome.solution is None or outcome.objective is None:
        return outcome
    current = _compared(problem, outcome.solution, outcome.objective)
    return replace(outcome, solution=outcome.solution.model_copy(update={"current": current}))


def _compared(problem: RoutingProblem, plan: RoutingSolution, objective: Objective) -> CurrentRoutes:
    today, priced = evaluated(problem, problem.current_routes, pointer="/current_routes")
    value, cost = priced.value or 0.0, objective.value or 0.0
    required = {order.id for order in orders_of(problem) if order.required}
    lacks = len(required.intersection(today.unassigned))
    left_out = sum(order.id in required for order in plan.unassigned)
    return CurrentRoutes(
        value=value,
        saving=value - cost,
        distance=today.distance,
        duration=today.duration,
        vehicles=len(today.routes),
        unassigned=today.unassigned,
        feasible=today.feasible,
        violations=dict(Counter(violation.code for violation in today.violations)),
        sentence=_sentence(value, cost, lacks=lacks, left_out=left_out, broken=len(today.violations)),
    )


def _sentence(value: float, cost: float, *, lacks: int, left_out: int, broken: int) -> str:
    saving = value - cost
    share = f" ({abs(saving) / value:.1%})" if value > 0 else ""
    verb = "saves" if saving >= 0 else "costs"
    more = "" if saving >= 0 else " more"
    text = f"The plan {verb} {abs(saving):,.10g}{share}{more} against the current routes, {cost:,.10g} instead of {value:,.10g}"
    if lacks != left_out:
        text += f"; it leaves out {left_out} required orders, they leave out {lacks}"
    if broken:
        text += f"; the current routes break {broken} condition{'s' if broken > 1 else ''}"
    return f"{text}."
