"""The lower bound in the explanation: what was proved, how, and the prices of clients that came with it."""

from typing import Literal

from models.routing import ClientPrice, ColumnGeneration, RouteBound, RoutingProblem, RoutingSolution
from solvers.base import Outcome
from solvers.routing.proved_bound import ProvedBound

SHOWN_IN_SUMMARY = 10


def route_bound(
    problem: RoutingProblem, outcome: Outcome[RoutingSolution], level: Literal["summary", "full"]
) -> RouteBound | None:
    """Return the bound of an outcome with its proof, or None when nothing is proved."""
    if outcome.objective is None or outcome.objective.bound is None:
        return None
    proof = outcome.evidence
    if not isinstance(proof, ProvedBound):
        method = proof if isinstance(proof, str) else "empty plan: nothing can be served"
        return RouteBound(value=outcome.objective.bound, method=method, column_generation=None)
    return RouteBound(
        value=outcome.objective.bound, method=proof.method, column_generation=_column_generation(problem, proof, level)
    )


def _column_generation(
    problem: RoutingProblem, proof: ProvedBound, level: Literal["summary", "full"]
) -> ColumnGeneration | None:
    relaxation = proof.relaxation
    if relaxation is None:
        return None
    prices = [
        ClientPrice(id=problem.clients[client].id, price=price / proof.scale)
        for client, price in zip(proof.clients, relaxation.prices.clients.tolist(), strict=True)
    ]
    prices.sort(key=lambda client: -client.price)
    return ColumnGeneration(
        seconds=relaxation.seconds,
        rounds=relaxation.rounds,
        columns=len(relaxation.columns),
        capacity_cuts=relaxation.capacity_cuts,
        subset_rows=relaxation.subset_rows,
        converged=relaxation.converged,
        restricted_routes=prices if level == "full" else prices[:SHOWN_IN_SUMMARY],
    )


def bound_sentence(outcome: Outcome[RoutingSolution]) -> list[str]:
    """Return one sentence on the bound, or none."""
    objective = outcome.objective
    if objective is None or objective.bound is None or objective.value is None or outcome.termination.reason == "optimal":
        return []
    share = f", {objective.relative_gap:.2%} below it" if objective.relative_gap is not None else ""
    return [f"No plan with these orders costs less than {objective.bound:,.6g}{share}: that is proved."]
