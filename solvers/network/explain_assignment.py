"""The working behind an assignment: prices of rows and columns, what each pair is too dear by, or who lacks partners."""

from collections.abc import Iterator

import numpy as np

from models.explanation import Conflict, ConstraintReport, Infeasibility, VariableReport
from models.network.assignment import AssignmentProblem, AssignmentSolution
from models.network.explanation import Cut, NetworkExplanation
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.network.arrays import Floats, Integers
from solvers.network.assignment import AssignmentEvidence
from solvers.network.evidence import names
from solvers.network.explain_flow import DESCRIBES_ANSWER
from solvers.network.formulation import assignment_formulation
from solvers.network.pairs import Pairs
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

INSTEAD = "`potentials` and the solution's duals hold the same numbers."


def explain_assignment(problem: AssignmentProblem, outcome: Outcome[AssignmentSolution], ask: Ask) -> NetworkExplanation:
    """Explain an assignment by its prices, or by the side that has too few partners."""
    evidence: AssignmentEvidence = outcome.evidence
    pairs, chosen = evidence.pairs, evidence.chosen
    u, v = evidence.row_price, evidence.column_price
    if chosen is None or u is None or v is None:
        return _impossible(problem, evidence, ask)
    reduced = pairs.cost - u[pairs.row] - v[pairs.column]
    reduced[np.abs(reduced) <= 1e-12 * np.maximum(1.0, np.abs(pairs.cost))] = 0.0
    total = len(pairs.rows) + len(pairs.columns)
    constraints = telling(_constraints(pairs, chosen, u, v, problem.sense), level=ask.level, total=total)
    shown = np.arange(len(pairs.cost)) if ask.level == "full" else chosen
    listed = None
    few = len(shown) <= MAX_REPORTED
    if few:
        listed = _variables(pairs, chosen, shown, reduced)
    unavailable = {"infeasibility": "The problem has an answer.", "cuts": "The prices prove the answer; no cut is needed."}
    too_many(unavailable, "constraints", constraints, total=total, instead=INSTEAD)
    too_many(unavailable, "variables", listed, total=len(shown), instead=INSTEAD)
    too_many(unavailable, "reduced_costs", listed, total=len(shown), instead="cost - u - v gives each of them.")
    return NetworkExplanation(
        level=ask.level,
        formulation=assignment_formulation(pairs, sense=problem.sense),
        constraints=constraints,
        variables=listed,
        duals=exact_duals(degenerate=True),
        objective_terms=term_shares(outcome.objective, "/costs"),
        infeasibility=None,
        narrative=_narrative(problem, pairs, chosen, reduced),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        potentials=keyed([f"row {name}" for name in pairs.rows], u) | keyed([f"column {name}" for name in pairs.columns], v),
        reduced_costs=keyed([_name(pairs, pair) for pair in shown.tolist()], reduced[shown]) if few else None,
        cuts=None,
    )


def _name(pairs: Pairs, pair: int) -> str:
    return f"{pairs.rows[int(pairs.row[pair])]}->{pairs.columns[int(pairs.column[pair])]}"


def _variables(pairs: Pairs, chosen: Integers, shown: Integers, reduced: Floats) -> list[VariableReport]:
    taken = set(chosen.tolist())
    return [
        variable(
            f"x[{_name(pairs, pair)}]",
            f"/costs/{int(pairs.row[pair])}/{int(pairs.column[pair])}",
            value=1.0 if pair in taken else 0.0,
            lower=0.0,
            upper=None,
            objective=float(pairs.cost[pair]),
            reduced_cost=float(reduced[pair]) + 0.0,
            unit=None,
        )
        for pair in shown.tolist()
    ]


def _constraints(pairs: Pairs, chosen: Integers, u: Floats, v: Floats, sense: str) -> Iterator[ConstraintReport]:
    """Yield one constraint per row and per column."""
    taken = (set(pairs.row[chosen].tolist()), set(pairs.column[chosen].tolist()))
    sides = (("row", pairs.rows, u, taken[0]), ("column", pairs.columns, v, taken[1]))
    shorter = min(len(pairs.rows), len(pairs.columns))
    what = "cost" if sense == "min" else "value"
    for side, labels, prices, used in sides:
        whole = len(labels) == shorter
        for position, (label, price) in enumerate(zip(labels, prices.tolist(), strict=True)):
            yield constraint(
                f"{side}[{label}]",
                f"/costs/{position}" if side == "row" else None,
                activity=1.0 if position in used else 0.0,
                lower=1.0 if whole else None,
                upper=1.0,
                price=price + 0.0,
                unit=None,
                sentence=f"A second {label} to be paired would change the total {what} by {number(price)}.",
            )


def _narrative(problem: AssignmentProblem, pairs: Pairs, chosen: Integers, reduced: Floats) -> list[str]:
    what, better = ("cost", "cheaper") if problem.sense == "min" else ("value", "more valuable")
    total = number(float(pairs.cost[chosen].sum()))
    lines = [
        f"{len(chosen)} pairs are chosen out of {len(pairs.cost)} allowed ones, at a total {what} of {total}.",
        f"The prices of rows and columns add up to the same {what}.",
        f"No pair is {better} than its two prices together, which proves that no assignment is better.",
    ]
    others = np.setdiff1d(np.arange(len(pairs.cost)), chosen)
    if others.size:
        closest = int(others[np.argmin(np.abs(reduced[others]))])
        gap = abs(float(reduced[closest]))
        if gap > 0:
            loss = f"costs at least {number(gap)} more" if problem.sense == "min" else f"loses at least {number(gap)}"
            lines.append(f"The pair closest to being chosen is {_name(pairs, closest)}: forcing it {loss}.")
        else:
            lines.append(f"{_name(pairs, closest)} is left out although it ties on price: other best assignments may exist.")
    free = abs(len(pairs.rows) - len(pairs.columns))
    if free:
        longer, shorter = ("row", "column") if len(pairs.rows) > len(pairs.columns) else ("column", "row")
        stay = f"1 {longer} stays" if free == 1 else f"{free} {longer}s stay"
        lines.append(f"{stay} unassigned, because there are more {longer}s than {shorter}s.")
    return lines


def _impossible(problem: AssignmentProblem, evidence: AssignmentEvidence, ask: Ask) -> NetworkExplanation:
    """Explain by Hall's theorem: some rows (or columns) have fewer partners than members."""
    pairs, crowded, partners = evidence.pairs, evidence.crowded, evidence.partners
    own, others = (pairs.rows, pairs.columns) if evidence.side == "row" else (pairs.columns, pairs.rows)
    crowd = [own[position] for position in ([] if crowded is None else crowded.tolist())]
    few = [others[position] for position in ([] if partners is None else partners.tolist())]
    choice = names(few) if few else "nothing"
    sentence = f"{len(crowd)} {evidence.side}s ({names(crowd)}) may only be paired with {len(few)} partners ({choice})."
    subset = [
        Conflict(
            name=f"{evidence.side}[{name}]",
            pointer=f"/costs/{position}" if evidence.side == "row" and isinstance(problem.costs, list) else "/costs",
            sentence=f"{name} must be paired with one of {choice}.",
        )
        for position, name in zip(crowded.tolist() if crowded is not None else [], crowd, strict=True)
    ]
    return NetworkExplanation(
        level=ask.level,
        formulation=assignment_formulation(pairs, sense=problem.sense),
        constraints=None,
        variables=None,
        duals=no_duals("There is no optimum that prices could belong to."),
        objective_terms=None,
        infeasibility=Infeasibility(subset=subset, irreducible=None, total_violation=float(len(crowd) - len(few)), repairs=[]),
        narrative=[
            sentence,
            f"At least {len(crowd) - len(few)} of them must stay without a partner, whatever the others do.",
            "Allow one more pair for one of them, or leave that one out.",
        ],
        reproduce=ask.reproduce,
        unavailable=dict.fromkeys(DESCRIBES_ANSWER, "There is no answer that it could describe."),
        potentials=None,
        reduced_costs=None,
        cuts=[Cut(name="hall", nodes=crowd, arcs=[], need=float(len(crowd)), available=float(len(few)), sentence=sentence)],
    )
