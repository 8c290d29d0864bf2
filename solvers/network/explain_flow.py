"""The working behind a minimum cost flow: prices of nodes, reduced costs, capacity prices; or the cut that forbids a flow."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.explanation import Conflict, ConstraintReport, Formulation, Infeasibility, Repair, RepairChange, VariableReport
from models.network.explanation import Cut, NetworkExplanation
from models.network.minimum_cost_flow import MinimumCostFlowProblem, MinimumCostFlowSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.network.arrays import Floats, Network
from solvers.network.evidence import FlowEvidence, Shortfall, names, shortfall_sentence
from solvers.network.feasibility import components
from solvers.network.formulation import minimum_cost_flow_formulation
from solvers.network.reports import (
    MAX_REPORTED,
    constraint,
    exact_duals,
    finite,
    keyed,
    no_duals,
    number,
    telling,
    term_shares,
    too_many,
    variable,
)

MAX_REPAIRS = 1_000
MOST_IN_SENTENCE = 5
"""Changes that the sentence of a repair spells out."""

DESCRIBES_ANSWER = ("constraints", "variables", "objective_terms", "potentials", "reduced_costs")
INSTEAD = "`potentials` and `reduced_costs` hold the same numbers."


def explain_minimum_cost_flow(
    problem: MinimumCostFlowProblem, outcome: Outcome[MinimumCostFlowSolution], ask: Ask
) -> NetworkExplanation:
    """Explain a minimum cost flow: with its prices, or why there is none."""
    evidence: FlowEvidence = outcome.evidence
    if evidence.flow is None or evidence.potential is None:
        return explain_without_flow(outcome, ask, minimum_cost_flow_formulation(evidence.network))
    network, flow, potential = evidence.network, evidence.flow, evidence.potential
    reduced = _clean(network.cost + potential[network.tail] - potential[network.head], network, potential)
    degenerate = _degenerate(network, flow)
    constraints = telling(_constraints(network, flow, potential, reduced), level=ask.level, total=network.order + network.size)
    variables = flow_variables(network, flow, network.cost, reduced, level=ask.level)
    unavailable = {
        "infeasibility": "The problem has an answer.",
        "cuts": "The prices prove the answer; cuts are given where there is no answer.",
    }
    too_many(unavailable, "constraints", constraints, total=network.order + network.size, instead=INSTEAD)
    too_many(unavailable, "variables", variables, total=network.size, instead=INSTEAD)
    shown = np.ones(network.size, dtype=np.bool_) if ask.level == "full" else reduced != 0
    return NetworkExplanation(
        level=ask.level,
        formulation=minimum_cost_flow_formulation(network),
        constraints=constraints,
        variables=variables,
        duals=exact_duals(degenerate=degenerate),
        objective_terms=term_shares(outcome.objective, f"/{network.arcs.form}"),
        infeasibility=None,
        narrative=_narrative(network, flow, potential, reduced, degenerate=degenerate),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=keyed(network.nodes.ids, potential),
        reduced_costs=keyed(network.named_arcs(shown), reduced[shown]),
        cuts=None,
    )


def flow_variables(network: Network, flow: Floats, cost: Floats, reduced: Floats, *, level: str) -> list[VariableReport] | None:
    """Return one report per arc, at level summary only of arcs that carry something; None when there are too many."""
    shown = np.arange(network.size) if level == "full" else np.flatnonzero(flow)
    if len(shown) > MAX_REPORTED:
        return None
    return [
        variable(
            f"x[{network.arcs.ids[arc]}]",
            network.arcs.pointer(arc),
            value=float(flow[arc]),
            lower=float(network.lower[arc]),
            upper=finite(float(network.capacity[arc])),
            objective=float(cost[arc]),
            reduced_cost=float(reduced[arc]) + 0.0,
            unit="unit of flow",
        )
        for arc in shown.tolist()
    ]


def explain_without_flow(outcome: Outcome[Any], ask: Ask, formulation: Formulation) -> NetworkExplanation:
    """Explain why there is no flow (a cut) or no best one (a cycle or path without limit)."""
    evidence: FlowEvidence = outcome.evidence
    network, shortfall = evidence.network, evidence.shortfall
    infeasibility = None
    unavailable = dict.fromkeys(DESCRIBES_ANSWER, "There is no answer that it could describe.")
    if shortfall is None:
        unavailable |= {"infeasibility": "A flow exists; its objective has no limit.", "cuts": "No cut limits the flow."}
        way = [network.arcs.ids[arc] for arc in (evidence.cycle.tolist() if evidence.cycle is not None else [])]
        narrative = [
            outcome.termination.detail,
            f"The arcs concerned are {names(way, most=12)}.",
            "Give at least one of them a capacity, or correct its cost, and there is a best answer.",
        ]
    else:
        narrative = _shortfall_narrative(network, shortfall)
        infeasibility = _infeasibility(evidence, shortfall)
        if infeasibility.repairs:
            narrative.append(
                f"The least change that helps, {number(infeasibility.total_violation or 0.0)} units in total: "
                f"{infeasibility.repairs[0].sentence}"
            )
    return NetworkExplanation(
        level=ask.level,
        formulation=formulation,
        constraints=None,
        variables=None,
        duals=no_duals("There is no optimum that prices could belong to."),
        objective_terms=None,
        infeasibility=infeasibility,
        narrative=narrative,
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=None,
        reduced_costs=None,
        cuts=None if shortfall is None else [_cut(network, shortfall)],
    )


def _clean(reduced: Floats, network: Network, potential: Floats) -> Floats:
    """Return reduced costs with float noise set to 0."""
    amount = np.abs(network.cost) + np.abs(potential[network.tail]) + np.abs(potential[network.head])
    return np.where(np.abs(reduced) <= 1e-12 * np.maximum(1.0, amount), 0.0, reduced)


def _degenerate(network: Network, flow: Floats) -> bool:
    """Tell whether the arcs strictly between their bounds fail to join each part: then more than one price fits."""
    free = (flow > network.lower) & (flow < network.capacity)
    if not network.order:
        return False
    parts = components(network.order, network.tail, network.head).max()
    return bool(components(network.order, network.tail[free], network.head[free]).max() > parts)


def _constraints(network: Network, flow: Floats, potential: Floats, reduced: Floats) -> Iterator[ConstraintReport]:
    """Yield the balance of every node, then capacity and lower bound of every arc that has one."""
    for node, (name, price) in enumerate(zip(network.nodes.ids, potential.tolist(), strict=True)):
        demand = float(network.demand[node])
        sentence = (
            f"One more unit at {name} costs {number(price)} more than one more unit at the cheapest node."
            if price
            else f"Nowhere does one more unit cost less than at {name}."
        )
        yield constraint(
            f"balance[{name}]",
            network.nodes.pointer(node, "demand") or None,
            activity=demand,
            lower=demand,
            upper=demand,
            price=price,
            unit="unit of flow",
            sentence=sentence,
        )
    for arc in np.flatnonzero(np.isfinite(network.capacity) | (network.lower > 0)).tolist():
        name, value, rate = network.arcs.ids[arc], float(flow[arc]), float(reduced[arc])
        lower, upper = float(network.lower[arc]), finite(float(network.capacity[arc]))
        side = "lower bound" if rate > 0 else "capacity"
        more = f"A capacity of one more unit on {name} saves {number(-rate)}."
        less = f"A lower bound of one unit less on {name} saves {number(rate)}."
        none = f"The bounds of {name} cost nothing at the margin."
        forced = rate > 0 and lower == 0
        yield constraint(
            f"capacity[{name}]",
            network.arcs.pointer(arc, "lower" if side == "lower bound" else "capacity"),
            activity=value,
            lower=lower,
            upper=upper,
            price=0.0 if forced else rate,
            unit="unit of flow",
            sentence=none if rate == 0 or forced else (less if rate > 0 else more),
        )


def _narrative(network: Network, flow: Floats, potential: Floats, reduced: Floats, *, degenerate: bool) -> list[str]:
    used, sent = int((flow > 0).sum()), float(-network.demand[network.demand < 0].sum())
    lines = [
        f"{number(sent)} units are sent over {used} of {network.size} arcs at a cost of {number(float(flow @ network.cost))}.",
        "With the node prices no arc that could carry more or less would save money: no cheaper flow exists.",
    ]
    full = reduced < 0
    if full.any():
        worst, count = int(np.argmin(reduced)), int(full.sum())
        which = "1 arc is full and worth widening:" if count == 1 else f"{count} arcs are full and worth widening, above all"
        saving = number(float(-reduced[worst]))
        lines.append(f"{which} {network.arcs.ids[worst]}, where one more unit of capacity saves {saving}.")
    else:
        lines.append("No capacity costs anything at the margin.")
    if network.order:
        dear = int(np.argmax(potential))
        lines.append(
            f"The dearest place is {network.nodes.ids[dear]}: a unit there is worth {number(float(potential[dear]))} more "
            "than at the cheapest node of its part."
        )
    if degenerate:
        lines.append("The flow is degenerate: some prices hold for one direction of change only.")
    return lines


def _cut_arcs(network: Network, shortfall: Shortfall) -> str:
    arcs = network.named_arcs(shortfall.arcs)
    way = "in" if shortfall.kind == "shortage" else "out"
    if not arcs:
        return f"No arc leads {way}."
    if len(arcs) == 1:
        return f"The only way {way} is the arc {arcs[0]}, {number(shortfall.available)} units."
    return f"The only ways {way} are the arcs {names(arcs, most=6)}, together {number(shortfall.available)} units."


def _shortfall_narrative(network: Network, shortfall: Shortfall) -> list[str]:
    lines = [shortfall_sentence(shortfall), _cut_arcs(network, shortfall)]
    if shortfall.forced.size:
        away = "leave" if shortfall.kind == "shortage" else "enter"
        least = number(float(network.lower[shortfall.forced].sum()))
        lines.append(
            f"The lower bounds of {names(network.named_arcs(shortfall.forced), most=6)} force {least} units to {away}."
        )
    lack = {name: amount for name, amount in shortfall.unmet.items() if amount > 0}
    rest = {name: -amount for name, amount in shortfall.unmet.items() if amount < 0}
    for kind, amounts in (("be received", lack), ("be sent", rest)):
        if amounts and network.demand.any():
            worst = max(amounts, key=lambda name: amounts[name])
            lines.append(
                f"Even at best {number(sum(amounts.values()))} units cannot {kind} as demanded; "
                f"at {worst} alone {number(amounts[worst])}."
            )
    return lines


def _cut(network: Network, shortfall: Shortfall) -> Cut:
    return Cut(
        name=shortfall.kind,
        nodes=shortfall.nodes,
        arcs=network.named_arcs(shortfall.arcs),
        need=shortfall.need,
        available=shortfall.available,
        sentence=shortfall_sentence(shortfall),
    )


def _infeasibility(evidence: FlowEvidence, shortfall: Shortfall) -> Infeasibility:
    """Return the members of the cut, which cannot hold together, and the least change that makes the problem feasible."""
    network = evidence.network
    subset = [
        Conflict(
            name=f"balance[{name}]",
            pointer=network.nodes.pointer(network.index[name], "demand") or None,
            sentence=f"{name} has the demand {number(float(network.demand[network.index[name]]))}.",
        )
        for name in shortfall.nodes[:MAX_REPAIRS]
    ]
    for arcs, field, verb in ((shortfall.arcs, "capacity", "at most"), (shortfall.forced, "lower", "at least")):
        bound = network.capacity if field == "capacity" else network.lower
        subset += [
            Conflict(
                name=f"{field}[{network.arcs.ids[arc]}]",
                pointer=network.arcs.pointer(arc, field),
                sentence=f"{network.arcs.ids[arc]} carries {verb} {number(float(bound[arc]))}.",
            )
            for arc in arcs.tolist()[:MAX_REPAIRS]
        ]
    total, repairs = _repairs(evidence)
    return Infeasibility(subset=subset, irreducible=None, total_violation=total, repairs=repairs)


def _repairs(evidence: FlowEvidence) -> tuple[float | None, list[Repair]]:
    """Return the least total violation, and the changes of that total which make the problem feasible."""
    if evidence.change is None:
        return None, []
    change, grid = evidence.change()
    network, total = evidence.network, change.total / grid.scale
    changes = []
    for field, moved, before in (
        ("capacity", change.wider, network.capacity),
        ("lower", -change.looser, network.lower),
    ):
        for arc in np.flatnonzero(moved).tolist():
            place = network.arcs.pointer(arc, field)
            changes.append(_change(field, network.arcs.ids[arc], place, float(before[arc]), float(moved[arc] / grid.scale)))
    for node in np.flatnonzero(change.demand).tolist():
        place, before_node = network.nodes.pointer(node, "demand"), float(network.demand[node])
        changes.append(_change("demand", network.nodes.ids[node], place, before_node, float(change.demand[node] / grid.scale)))
    if not changes or len(changes) > MAX_REPAIRS or not change.verified:
        return total, []
    changes.sort(key=lambda entry: -entry.amount)
    sentence = " ".join(entry.sentence for entry in changes[:MOST_IN_SENTENCE])
    if len(changes) > MOST_IN_SENTENCE:
        sentence += f" And {len(changes) - MOST_IN_SENTENCE} more changes."
    return total, [Repair(kind="least_cost", cost=total, changes=changes, sentence=sentence, verified=True)]


def _change(field: str, name: str, pointer: str, before: float, amount: float) -> RepairChange:
    what = f"{field.replace('lower', 'lower bound')} of {name}"
    return RepairChange(
        name=f"{field}[{name}]",
        pointer=pointer or None,
        amount=abs(amount),
        current=before,
        value=before + amount,
        unit=None,
        sentence=f"Change the {what} from {number(before)} to {number(before + amount)}.",
    )
