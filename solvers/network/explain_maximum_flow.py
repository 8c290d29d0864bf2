"""The working behind a maximum flow: the bottleneck, and what one more unit of capacity is worth on every arc."""

from collections.abc import Iterator

import numpy as np

from models.explanation import ConstraintReport
from models.network.explanation import Cut, NetworkExplanation
from models.network.maximum_flow import MaximumFlowProblem, MaximumFlowSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.network.arrays import Floats, Network
from solvers.network.evidence import FlowEvidence, names
from solvers.network.explain_flow import explain_without_flow, flow_variables
from solvers.network.formulation import maximum_flow_formulation
from solvers.network.reports import constraint, exact_duals, finite, keyed, number, telling, term_shares, too_many

INSTEAD = "`cuts` and the solution's minimum cut hold the same facts."


def explain_maximum_flow(problem: MaximumFlowProblem, outcome: Outcome[MaximumFlowSolution], ask: Ask) -> NetworkExplanation:
    """Explain a maximum flow by its minimum cut, or why there is none."""
    evidence: FlowEvidence = outcome.evidence
    network, flow, side = evidence.network, evidence.flow, evidence.source_side
    formulation = maximum_flow_formulation(network)
    if flow is None or side is None or outcome.solution is None:
        return explain_without_flow(outcome, ask, formulation)
    price = side[network.tail].astype(np.float64) - side[network.head].astype(np.float64)
    constraints = telling(_constraints(network, flow, price), level=ask.level, total=network.size)
    variables = flow_variables(network, flow, np.zeros(network.size), price, level=ask.level)
    unavailable = {
        "infeasibility": "The problem has an answer.",
        "reduced_costs": "The arcs have no costs; the shadow prices of the capacities say what an arc is worth.",
    }
    too_many(unavailable, "constraints", constraints, total=network.size, instead=INSTEAD)
    too_many(unavailable, "variables", variables, total=network.size, instead=INSTEAD)
    value, across = outcome.solution.value, outcome.solution.minimum_cut.arcs
    cut = Cut(
        name="minimum_cut",
        nodes=outcome.solution.minimum_cut.source_side,
        arcs=across,
        need=value,
        available=outcome.solution.minimum_cut.capacity,
        sentence=f"All flow must pass {names(across, most=6)}, which {'carries' if len(across) == 1 else 'carry'} "
        f"{number(value)} units at most.",
    )
    return NetworkExplanation(
        level=ask.level,
        formulation=formulation,
        constraints=constraints,
        variables=variables,
        duals=exact_duals(degenerate=None),
        objective_terms=term_shares(outcome.objective, f"/{network.arcs.form}"),
        infeasibility=None,
        narrative=_narrative(problem, network, flow, cut),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=keyed(network.nodes.ids, np.where(side, 0.0, 1.0)),
        reduced_costs=None,
        cuts=[cut],
    )


def _constraints(network: Network, flow: Floats, price: Floats) -> Iterator[ConstraintReport]:
    """Yield the bounds of every arc; only those across the minimum cut have a price."""
    for arc in np.flatnonzero(np.isfinite(network.capacity) | (network.lower > 0)).tolist():
        name, rate, lower = network.arcs.ids[arc], float(price[arc]), float(network.lower[arc])
        worth = rate if rate > 0 or lower > 0 else 0.0
        sentence = {
            1.0: f"{name} is part of the bottleneck: a capacity of one more unit lets one more unit through, "
            "unless another bottleneck is as tight.",
            -1.0: f"{name} leads back across the bottleneck: each unit of its lower bound costs one unit of flow.",
            0.0: f"The bounds of {name} do not limit the flow.",
        }[worth]
        yield constraint(
            f"capacity[{name}]",
            network.arcs.pointer(arc, "lower" if rate < 0 else "capacity"),
            activity=float(flow[arc]),
            lower=lower,
            upper=finite(float(network.capacity[arc])),
            price=worth,
            unit="unit of flow",
            sentence=sentence,
        )


def _narrative(problem: MaximumFlowProblem, network: Network, flow: Floats, cut: Cut) -> list[str]:
    used = int((flow > 0).sum())
    lines = [
        f"At most {number(cut.need)} units get from {problem.source} to {problem.sink}.",
        f"{used} of {network.size} arcs {'carries' if used == 1 else 'carry'} them.",
        f"The bottleneck is the cut behind {names(cut.nodes)}: {cut.sentence}",
    ]
    if cut.arcs:
        full = "The arc of the cut is full" if len(cut.arcs) == 1 else f"All {len(cut.arcs)} arcs of the cut are full"
        lines.append(f"{full}; widening any other arc changes nothing.")
    else:
        lines.append(f"No arc leads on from there: {problem.sink} cannot be reached.")
    return lines
