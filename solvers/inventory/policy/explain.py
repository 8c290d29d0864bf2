"""The explanation of a stock policy: formulas in symbols and in numbers, and why nothing near it is better."""

from models.explanation import Duals, TermShare
from models.inventory_policy import PolicyExplanation, PolicyProblem, PolicySolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.inventory.policy.result import PolicyResult

NOT_LINEAR = "the policy is computed by formulas and searches, not as a linear model with rows and columns"


def explain_policy(problem: PolicyProblem, outcome: Outcome[PolicySolution], ask: Ask) -> PolicyExplanation:
    """Return formulas, marginal arguments and narrative; level summary leaves the points of the linear program out."""
    result: PolicyResult = outcome.evidence
    total = result.value if result.terms else 0.0
    program = result.program
    unavailable = dict.fromkeys(("constraints", "variables"), NOT_LINEAR)
    unavailable["infeasibility"] = "every request for a policy has an answer"
    if program is None:
        reason = "only the newsvendor, with at most 1,000 points of demand, is also a linear program"
        unavailable["linear_program"] = reason
    elif ask.level == "summary":
        program = program.model_copy(update={"points": []})
    if not result.terms:
        unavailable["objective_terms"] = "classes have no cost"
    return PolicyExplanation(
        level=ask.level,
        formulation=result.working.formulation(),
        constraints=None,
        variables=None,
        duals=_duals(result),
        objective_terms=[
            TermShare(
                name=term.name,
                value=term.value,
                share=term.value / total if total else None,
                pointer=f"/parameters/{term.field}",
            )
            for term in result.terms
        ]
        if result.terms
        else None,
        infeasibility=None,
        narrative=[*result.narrative, *_simulated(result)],
        reproduce=ask.reproduce,
        unavailable=unavailable,
        formulas=result.working.formulas,
        marginal=result.working.marginal,
        linear_program=program,
    )


def _duals(result: PolicyResult) -> Duals:
    if result.program is None:
        reason = "the marginal arguments take the place of prices: the policy is not a linear program"
        return Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=reason)
    kind = "of the program" if result.program.exact else "of the program with 200 points of equal probability"
    reason = f"`linear_program` holds the duals {kind}, certified"
    return Duals(available=True, kind="exact", degenerate=None, alternative_optima=None, reason=reason)


def _simulated(result: PolicyResult) -> list[str]:
    """Say what the simulation achieved beside what was promised."""
    if result.simulation is None:
        return []
    parts = [
        f"{figure.name.replace('_', ' ')} {figure.achieved:.6g} (promised {figure.promised:.6g})"
        for figure in result.simulation.figures
        if figure.promised is not None
    ]
    return (
        [f"A simulation of {result.simulation.periods} {result.simulation.unit} achieved: {', '.join(parts)}."] if parts else []
    )
