"""The working behind shortest paths: the price of every node, and by how much every arc is too dear to be used."""

from collections.abc import Iterator

import numpy as np

from models.explanation import Conflict, ConstraintReport, Infeasibility
from models.network.explanation import Cut, NetworkExplanation
from models.network.shortest_path import ShortestPathProblem, ShortestPathSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.network.arrays import Floats, Network
from solvers.network.evidence import FlowEvidence, names
from solvers.network.explain_flow import DESCRIBES_ANSWER, explain_without_flow
from solvers.network.formulation import shortest_path_formulation
from solvers.network.reports import (
    MAX_REPORTED,
    constraint,
    exact_duals,
    keyed,
    no_duals,
    number,
    telling,
    term_shares,
    too_many,
    variable,
)

INSTEAD = "`potentials` and `reduced_costs` hold the same numbers."


def explain_shortest_path(problem: ShortestPathProblem, outcome: Outcome[ShortestPathSolution], ask: Ask) -> NetworkExplanation:
    """Explain shortest paths by distance labels, or why there are none."""
    evidence: FlowEvidence = outcome.evidence
    network, labels, plan = evidence.network, evidence.potential, outcome.solution
    formulation = shortest_path_formulation(network, targets=len(problem.targets))
    if labels is None:
        return explain_without_flow(outcome, ask, formulation)
    if plan is None:
        return _unreachable(problem, outcome, network, labels, ask)
    finite = np.isfinite(labels)
    known = np.flatnonzero(finite[network.tail] & finite[network.head])
    reduced = np.full(network.size, np.nan)
    reduced[known] = network.cost[known] + labels[network.tail[known]] - labels[network.head[known]]
    reduced[np.abs(reduced) <= 1e-12 * np.maximum(1.0, np.abs(network.cost))] = 0.0
    uses = _uses(network, plan)
    constraints = telling(_constraints(network, labels, plan), level=ask.level, total=network.order)
    shown = known if ask.level == "full" else np.flatnonzero(uses)
    variables = None
    if len(shown) <= MAX_REPORTED:
        variables = [
            variable(
                f"x[{network.arcs.ids[arc]}]",
                network.arcs.pointer(arc),
                value=float(uses[arc]),
                lower=0.0,
                upper=None,
                objective=float(network.cost[arc]),
                reduced_cost=float(reduced[arc]),
                unit="paths",
            )
            for arc in shown.tolist()
        ]
    unavailable = {"infeasibility": "The problem has an answer.", "cuts": "The labels prove the answer; no cut is needed."}
    too_many(unavailable, "constraints", constraints, total=network.order, instead=INSTEAD)
    too_many(unavailable, "variables", variables, total=len(shown), instead=INSTEAD)
    return NetworkExplanation(
        level=ask.level,
        formulation=formulation,
        constraints=constraints,
        variables=variables,
        duals=exact_duals(degenerate=None),
        objective_terms=term_shares(outcome.objective, f"/{network.arcs.form}"),
        infeasibility=None,
        narrative=_narrative(network, plan, labels, reduced),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=keyed(network.nodes.ids, labels),
        reduced_costs=keyed(network.named_arcs(known), reduced[known]) if ask.level == "full" else _tight(network, uses),
        cuts=None,
    )


def _uses(network: Network, plan: ShortestPathSolution) -> Floats:
    """Return how many paths use each arc, shape (m,)."""
    position = {name: arc for arc, name in enumerate(network.arcs.ids)}
    used = [position[name] for path in plan.paths for name in path.arcs]
    return np.bincount(np.array(used, dtype=np.int64), minlength=network.size).astype(np.float64)


def _tight(network: Network, uses: Floats) -> dict[str, float]:
    return dict.fromkeys(network.named_arcs(uses > 0), 0.0)


def _constraints(network: Network, labels: Floats, plan: ShortestPathSolution) -> Iterator[ConstraintReport]:
    """Yield the balance of every node that was reached: its price is its distance."""
    targets = set(plan.distances) - set(plan.unreachable)
    for node in np.flatnonzero(np.isfinite(labels)).tolist():
        name, price = network.nodes.ids[node], float(labels[node])
        if name == plan.source:
            continue
        ends = 1.0 if name in targets else 0.0
        yield constraint(
            f"balance[{name}]",
            network.nodes.pointer(node) or None,
            activity=ends,
            lower=ends,
            upper=ends,
            price=price,
            unit="paths",
            sentence=f"One more path to {name} costs {number(price)}, the distance from {plan.source}.",
        )


def _narrative(network: Network, plan: ShortestPathSolution, labels: Floats, reduced: Floats) -> list[str]:
    far = max(plan.paths, key=lambda path: path.distance)
    lines = [
        f"{len(plan.paths)} of {len(plan.distances)} targets can be reached from {plan.source}.",
        f"The farthest is {far.target} at {number(far.distance)}, by way of {names(far.nodes, most=8)}.",
        "No path is shorter: no arc reaches the node at its end for less than the distance found.",
    ]
    dear = reduced[np.isfinite(reduced) & (reduced > 0)]
    if dear.size:
        least = int(np.flatnonzero(reduced == dear.min())[0])
        name = network.arcs.ids[least]
        lines.append(
            f"The unused arc closest to being used is {name}: it would have to be {number(float(dear.min()))} cheaper."
        )
    if plan.unreachable:
        lines.append(f"{names(plan.unreachable)} cannot be reached: no arc leaves the reached part towards them.")
    return lines


def _unreachable(
    problem: ShortestPathProblem, outcome: Outcome[ShortestPathSolution], network: Network, labels: Floats, ask: Ask
) -> NetworkExplanation:
    """Explain by the set of reached nodes, which no arc leaves."""
    reached = network.named_nodes(labels < np.inf)
    sentence = f"From {problem.source} only {len(reached)} of {network.order} nodes can be reached, and no arc leaves them."
    subset = [
        Conflict(name=f"reach[{name}]", pointer=f"/targets/{position}", sentence=f"A path must end at {name}.")
        for position, name in enumerate(problem.targets[:1])
    ]
    unavailable = dict.fromkeys(DESCRIBES_ANSWER, "There is no answer that it could describe.")
    return NetworkExplanation(
        level=ask.level,
        formulation=shortest_path_formulation(network, targets=len(problem.targets)),
        constraints=None,
        variables=None,
        duals=no_duals("There is no optimum that prices could belong to."),
        objective_terms=None,
        infeasibility=Infeasibility(subset=subset, irreducible=True, total_violation=float(len(problem.targets)), repairs=[]),
        narrative=[
            sentence,
            f"The reached nodes are {names(reached, most=8)}.",
            f"An arc from one of them towards {names(problem.targets)} is needed; check directions and spelling of the arcs.",
        ],
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=None,
        reduced_costs=None,
        cuts=[Cut(name="unreachable", nodes=reached, arcs=[], need=1.0, available=0.0, sentence=sentence)],
    )
