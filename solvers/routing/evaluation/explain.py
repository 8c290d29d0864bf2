"""The explanation of an evaluation: the same formulation as for a plan, the cost split, and what is broken most."""

from collections import Counter

from models.explanation import Duals
from models.routing import EvaluationExplanation, EvaluationProblem, EvaluationSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.routing.explain import counted, term_shares
from solvers.routing.formulation import formulation_of

NO_DUALS = "The routes are given, so nothing was optimised and there are no prices."

UNAVAILABLE = {
    "constraints": "The formulation is not written out row by row; `solution.violations` lists every condition that is broken.",
    "variables": "The formulation is not written out column by column; the routes are the variables that are 1.",
    "infeasibility": "Conditions that the routes break are listed under `solution.violations`, each with its amount.",
}


def explain_evaluation(problem: EvaluationProblem, outcome: Outcome[EvaluationSolution], ask: Ask) -> EvaluationExplanation:
    """
    Explain an evaluation.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    ask
        Level, seed and versions to repeat.
    """
    return EvaluationExplanation(
        level=ask.level,
        formulation=formulation_of(problem.as_routing()),
        constraints=None,
        variables=None,
        duals=Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=NO_DUALS),
        objective_terms=term_shares(outcome.objective),
        infeasibility=None,
        narrative=_narrative(problem, outcome),
        reproduce=ask.reproduce,
        unavailable=dict(UNAVAILABLE),
    )


def _narrative(problem: EvaluationProblem, outcome: Outcome[EvaluationSolution]) -> list[str]:
    solution, objective = outcome.solution, outcome.objective
    if solution is None or objective is None:
        return [outcome.termination.detail]
    orders = len(problem.clients) + len(problem.shipments)
    first = (
        f"{counted(len(solution.routes), 'route')} serve{'s' if len(solution.routes) == 1 else ''} "
        f"{orders - len(solution.unassigned)} of {counted(orders, 'order')} over a distance of {solution.distance:,.6g} "
        f"at a cost of {objective.value:,.6g}."
    )
    sentences = [first, outcome.termination.detail]
    codes = Counter(violation.code for violation in solution.violations)
    if codes:
        parts = [f"{name} {count} time{'s' if count > 1 else ''}" for name, count in codes.most_common(4)]
        sentences.append(f"Broken are: {', '.join(parts)}.")
        sentences.append(f"The first one: {solution.violations[0].message}")
    dearest = max(solution.routes, key=lambda route: route.cost, default=None)
    if dearest is not None:
        sentences.append(f"The dearest route, {dearest.vehicle_type} {dearest.vehicle}, costs {dearest.cost:,.6g}.")
    return sentences
