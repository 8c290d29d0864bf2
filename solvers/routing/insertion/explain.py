"""The explanation of suggestions: the formulation of the problem, and the best place of each order in words."""

from models.explanation import Duals
from models.routing import Suggestion, SuggestionExplanation, SuggestionProblem, SuggestionSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.routing.formulation import formulation_of

MOST_SENTENCES = 5

NO_DUALS = "Each order is placed in routes that stand, so nothing was priced; `cost_delta` is what each place costs."

UNAVAILABLE = {
    "constraints": "The formulation is not written out row by row; obstacles name the condition that breaks first.",
    "variables": "The formulation is not written out column by column.",
    "objective_terms": "Every order is placed by itself, so there is no cost in all; each timetable has its own terms.",
    "infeasibility": "For an order without a place, `obstacles` names what stands in the way of every route.",
}


def explain_suggestion(problem: SuggestionProblem, outcome: Outcome[SuggestionSolution], ask: Ask) -> SuggestionExplanation:
    """
    Explain suggestions.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    ask
        Level, seed and versions to repeat.
    """
    found = [] if outcome.solution is None else outcome.solution.suggestions
    return SuggestionExplanation(
        level=ask.level,
        formulation=formulation_of(problem.as_routing()),
        constraints=None,
        variables=None,
        duals=Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=NO_DUALS),
        objective_terms=None,
        infeasibility=None,
        narrative=[outcome.termination.detail, *(_sentence(one) for one in found[:MOST_SENTENCES])],
        reproduce=ask.reproduce,
        unavailable=dict(UNAVAILABLE),
    )


def _sentence(found: Suggestion) -> str:
    if not found.insertions:
        first = found.obstacles[0] if found.obstacles else None
        where = "" if first is None else f", {first.route or 'with an unused vehicle'}: {first.message}"
        return f"{found.id} fits nowhere{where or '.'}"
    best = found.insertions[0]
    vehicle = f"{best.timetable.vehicle_type} {best.timetable.vehicle}"
    text = f"{found.id} fits best on {vehicle}, for {best.cost_delta:,.6g} more"
    if len(found.insertions) > 1:
        text += f"; the next best place costs {found.insertions[1].cost_delta:,.6g}"
    return f"{text}."
