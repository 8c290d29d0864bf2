"""The working behind a facility plan: what opening and serving cost, what capacities are worth, or why there is no plan."""

from typing import Any

from models.network.explanation import FacilityLocationExplanation
from models.network.facility_location import FacilityLocationProblem, FacilityLocationSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.linear.explain import linear_explanation_parts
from solvers.linear.narrative import MOST_SENTENCES
from solvers.linear.regret import closest_call
from solvers.network.evidence import names
from solvers.network.facility_flips import flips_of_facilities
from solvers.network.facility_words import FacilityWords, facility_softness
from solvers.network.reports import number

UNAVAILABLE = {
    "potentials": "Prices of facilities and clients are the shadow prices of the constraints.",
    "reduced_costs": "The reports of the variables hold them.",
    "cuts": "A facility plan is proved by a bound, not by a cut.",
}


def explain_facility_location(
    problem: FacilityLocationProblem, outcome: Outcome[FacilityLocationSolution], ask: Ask
) -> FacilityLocationExplanation:
    """Explain a facility plan by its linear formulation."""
    evidence: Any = outcome.evidence
    plan = outcome.solution
    narrative = _no_plan(problem, outcome) if plan is None else _narrative(problem, outcome, plan)
    soft, words = facility_softness(evidence.model), FacilityWords(evidence.model, problem)
    parts = linear_explanation_parts(
        evidence.model,
        evidence.result,
        ask,
        narrative=narrative,
        soft=soft,
        words=words,
        phrase=flips_of_facilities(problem),
        sentence=words.report,
    )
    if parts["mixed_integer"] is not None:
        parts["narrative"] = [*parts["narrative"][: MOST_SENTENCES - 1], *closest_call(parts["mixed_integer"].regrets)]
    parts["unavailable"] = parts["unavailable"] | UNAVAILABLE
    return FacilityLocationExplanation(**parts, potentials=None, reduced_costs=None, cuts=None)


def _narrative(
    problem: FacilityLocationProblem, outcome: Outcome[FacilityLocationSolution], plan: FacilityLocationSolution
) -> list[str]:
    opening = sum(site.fixed_cost for site in plan.open)
    serving = sum(service.cost for service in plan.services)
    chosen, total = names([site.id for site in plan.open], most=8), number(opening + serving)
    lines = [
        f"{len(plan.open)} of {len(problem.facilities)} facilities {'is' if len(plan.open) == 1 else 'are'} opened: {chosen}.",
        f"Opening costs {number(opening)} and serving {len(problem.clients)} clients {number(serving)}, together {total}.",
    ]
    bound = None if outcome.objective is None else outcome.objective.bound
    if bound is not None:
        lines.append(f"No plan can cost less than {number(bound)}.")
    full = [site for site in plan.open if site.capacity is not None and site.load >= site.capacity * (1 - 1e-9)]
    if full:
        ending = "serves as much as it can" if len(full) == 1 else "serve as much as they can"
        lines.append(f"{names([site.id for site in full])} {ending}.")
    shared = len(plan.services) - len(problem.clients)
    if shared > 0:
        lines.append(f"Some clients are shared by several facilities ({shared} extra services).")
    closed = [site for site in problem.facilities if site.id not in {opened.id for opened in plan.open}]
    if closed:
        least = min(closed, key=lambda site: site.fixed_cost)
        lines.append(f"The cheapest facility left closed is {least.id}, whose opening would cost {number(least.fixed_cost)}.")
    return lines


def _no_plan(problem: FacilityLocationProblem, outcome: Outcome[FacilityLocationSolution]) -> list[str]:
    """Say what is known about why there is no plan: clients nobody may serve, capacity in total, or the interplay."""
    lines = [f"There is no plan that serves all {len(problem.clients)} clients. {outcome.termination.detail.rstrip('.')}."]
    lonely = [
        client.id
        for client, prices in zip(problem.clients, problem.costs, strict=True)
        if all(price is None for price in prices)
    ]
    if lonely:
        lines.append(f"No facility may serve {names(lonely)}.")
    need = sum(client.demand for client in problem.clients)
    capacities = [facility.capacity for facility in problem.facilities]
    limits = [capacity for capacity in capacities if capacity is not None]
    if len(limits) < len(capacities):
        lines.append(f"The clients need {number(need)} units, and {len(capacities) - len(limits)} facilities have no limit.")
    else:
        verdict = "too little" if sum(limits) < need else "enough in total"
        lines.append(
            f"The clients need {number(need)} units, and all facilities together serve {number(sum(limits))}: {verdict}."
        )
    lines.append("Allow more pairs, raise capacities, or leave clients out; `infeasibility` names the conditions in conflict.")
    return lines
