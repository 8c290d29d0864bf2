"""The explanation of a routing plan: formulation, cost split, what is left out and why, and what each stop costs."""

from collections import Counter
from collections.abc import Sequence

from models.explanation import Duals, TermShare
from models.routing import ClientCost, RoutingExplanation, RoutingProblem, RoutingSolution, UnassignedOrder
from models.run import Objective
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.routing.explain_bound import bound_sentence, route_bound
from solvers.routing.formulation import formulation_of
from solvers.routing.marginal_costs import marginal_costs
from solvers.routing.rich_constraints import has_rich_constraints, rich_constraints
from solvers.routing.unassigned.explain import unassigned_orders
from solvers.routing.vehicle_values import vehicle_values

SHOWN_IN_SUMMARY = 10

TERM_POINTERS = {
    "travel": "/vehicle_types",
    "fixed": "/vehicle_types",
    "duration": "/vehicle_types",
    "waiting": "/vehicle_types",
    "overtime": "/vehicle_types",
    "lateness": "/clients",
    "balance": "/objective/balance",
    "uncollected_prizes": "/clients",
}

NO_DUALS = (
    "Routes come from a search, not from a linear programme: there are no dual values. The marginal costs of the clients "
    "answer the same question for the plan as it stands."
)

REASONS: dict[str, str] = {
    "NO_VEHICLE": "the fleet has no vehicle",
    "NO_ALLOWED_VEHICLE_TYPE": "no vehicle has an allowed type and the skills",
    "UNREACHABLE": "no way leads there and back",
    "DEMAND_EXCEEDS_VEHICLE_CAPACITY": "the demand exceeds the capacity of every vehicle",
    "TIME_WINDOW_UNREACHABLE": "no vehicle can come and be back in time",
    "MAX_DISTANCE_EXCEEDED": "the way exceeds the longest distance of a route",
    "MAX_DURATION_EXCEEDED": "the trip exceeds the longest duration of a route",
    "GROUP_SERVED_BY_ANOTHER": "another client of the group is served",
    "PRIZE_BELOW_COST": "the prize does not pay for serving",
    "CAPACITY_EXCEEDED": "the routes that stand have no room",
    "TIME_WINDOW_MISSED": "every place in the routes that stand comes too late, for it or for a later stop",
    "SHIFT_EXCEEDED": "every vehicle would be back too late",
    "NO_VEHICLE_LEFT": "all vehicles are in use",
    "NO_PLACE": "every place in the routes that stand breaks some condition",
    "SKILL_MISSING": "the vehicles that have room lack a skill",
    "VEHICLE_TYPE_NOT_ALLOWED": "it does not allow the vehicles that have room",
    "TOO_MANY_STOPS": "every route has all the stops it may have",
    "NOT_ASSIGNED_BY_SEARCH": "the search found no place beside the other orders",
}
"""The reason that decided, for one order or for several."""

UNAVAILABLE = {
    "constraints": "The formulation is not written out row by row; the certificate lists every family of conditions.",
    "variables": "The formulation is not written out column by column; the routes are the variables that are 1.",
    "infeasibility": "A routing request always has a plan: what cannot be served is unassigned, with reasons.",
}


def explain_routing(problem: RoutingProblem, outcome: Outcome[RoutingSolution], ask: Ask) -> RoutingExplanation:
    """
    Explain a routing outcome.

    Parameters
    ----------
    problem
        The request.
    outcome
        What the solver handed back.
    ask
        Level, seed and versions to repeat, and the moment by which to be ready.
    """
    plan = outcome.solution
    unavailable = dict(UNAVAILABLE)
    left_out = None if plan is None else unassigned_orders(problem, plan, fixes=True, deadline=ask.deadline)
    costs = None if plan is None else marginal_costs(problem, plan, deadline=ask.deadline)
    if costs is None:
        unavailable["marginal_costs"] = "There was no time left to recompute the plan without each client."
    elif ask.level == "summary":
        costs = costs[:SHOWN_IN_SUMMARY]
    bound = route_bound(problem, outcome, ask.level)
    values = None
    if plan is not None and ask.level == "full":
        values = vehicle_values(problem, plan, deadline=ask.deadline)
    if values is None:
        full = "There was no time left to search with one more vehicle."
        if has_rich_constraints(problem):
            full = f"The search with one more vehicle does not carry {', '.join(rich_constraints(problem))}."
        unavailable["vehicle_values"] = full if ask.level == "full" else "It takes further searches: ask for level full."
    if bound is None:
        unavailable["bound"] = "The bound holds only for plans that serve every required order that can be served."
    return RoutingExplanation(
        level=ask.level,
        formulation=formulation_of(problem),
        constraints=None,
        variables=None,
        duals=Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=NO_DUALS),
        objective_terms=term_shares(outcome.objective),
        infeasibility=None,
        narrative=_narrative(problem, outcome, costs, left_out or []),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        unassigned=left_out,
        marginal_costs=costs,
        vehicle_values=values,
        bound=bound,
    )


def term_shares(objective: Objective | None) -> list[TermShare] | None:
    """Return the parts of an objective with their shares, None without one."""
    if objective is None:
        return None
    total = objective.value or 0.0
    return [
        TermShare(
            name=term.name, value=term.value, share=term.value / total if total else None, pointer=TERM_POINTERS.get(term.name)
        )
        for term in objective.terms
    ]


def _narrative(
    problem: RoutingProblem,
    outcome: Outcome[RoutingSolution],
    costs: list[ClientCost] | None,
    left_out: Sequence[UnassignedOrder],
) -> list[str]:
    plan = outcome.solution
    if plan is None or outcome.objective is None:
        return [outcome.termination.detail]
    orders = len(problem.clients) + len(problem.shipments)
    vehicles = sum(vehicle_type.count for vehicle_type in problem.vehicle_types)
    used = len(plan.routes)
    sentences = [
        (
            f"{used} of {counted(vehicles, 'vehicle')} {'serves' if used == 1 else 'serve'} "
            f"{orders - len(plan.unassigned)} of {counted(orders, 'order')} "
            f"over a distance of {plan.distance:,.6g} at a cost of {outcome.objective.value:,.6g}."
        )
    ]
    largest = max(outcome.objective.terms, key=lambda term: term.value)
    if outcome.objective.value:
        share = largest.value / outcome.objective.value
        sentences.append(f"The largest part of the cost is {largest.name} with {largest.value:,.6g}, {share:.0%} of it.")
    if left_out:
        sentences.append(_left_out(left_out))
        sentences += [fix.sentence for order in left_out for fix in order.fixes][:1]
    if plan.current is not None:
        sentences.append(plan.current.sentence)
    if costs:
        dearest = costs[0]
        sentences.append(
            f"The dearest order to serve is {dearest.id}: without it the plan would cost {dearest.saving_if_removed:,.6g} less."
        )
    sentences.append(outcome.termination.detail)
    sentences += bound_sentence(outcome)
    return sentences


def _left_out(unassigned: Sequence[UnassignedOrder]) -> str:
    """Return one sentence with the number of orders for each deciding reason, the most frequent first."""
    codes = [left_out.reasons[0].code for left_out in unassigned]
    reasons = Counter(REASONS.get(code, f"every place breaks {code}") for code in codes).most_common()
    shown = reasons[0][0] if len(reasons) == 1 else "; ".join(f"for {count} {words}" for words, count in reasons)
    return f"{counted(len(unassigned), 'order')} {'is' if len(unassigned) == 1 else 'are'} left out: {shown}."


def counted(number: int, thing: str) -> str:
    """Return a number with its noun, in the plural unless it is 1."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
