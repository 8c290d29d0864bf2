"""Three to six sentences with numbers about a linear answer, from templates."""

import numpy as np

from models.explanation import Infeasibility, Unboundedness
from solvers.linear.degeneracy import degeneracy
from solvers.linear.model import LinearModel
from solvers.linear.render_text import number
from solvers.linear.reports import row_facts
from solvers.linear.solve import LinearResult

MOST_NAMES = 5
EXACT = 1e-6
"""Largest relative gap of an answer that is called the best."""


def narrate(
    model: LinearModel, result: LinearResult, infeasibility: Infeasibility | None, unbounded: Unboundedness | None = None
) -> list[str]:
    """Return what happened, in the caller's names."""
    size = f"{_count(model.columns, 'variable')} and {_count(model.rows, 'constraint')}"
    if result.status == "infeasible":
        return [f"The problem has {size}, and no answer satisfies all of them.", *_infeasible(result, infeasibility)]
    if result.status == "unbounded":
        return [f"The problem has {size}, and its objective improves without end.", *_unbounded(model, unbounded)]
    if result.values is None or result.value is None:
        return [f"The problem has {size}.", f"{result.termination.detail[:1].upper()}{result.termination.detail[1:]}."]
    return [_verdict(model, result), *_terms(model, result), _binding(model, result), *_prices(model, result)]


def _verdict(model: LinearModel, result: LinearResult) -> str:
    assert result.value is not None
    word = "smallest" if model.sense == "min" else "largest"
    money = f"{number(result.value)} {model.objective_family.unit or ''}".strip()
    gap = None if result.bound is None else abs(result.value - result.bound) / max(abs(result.value), 1e-10)
    if result.termination.reason == "optimal" and (gap is None or gap <= EXACT):
        return f"The {word} possible objective is {money}; it is proved that no answer is better."
    if result.bound is None:
        return f"The best answer found has the objective {money}; nothing is proved about better ones."
    bound = f"no answer can be better than {number(result.bound)} ({gap:.2%} away)"
    return f"The best answer found has the objective {money}; {bound}."


def _terms(model: LinearModel, result: LinearResult) -> list[str]:
    assert result.values is not None
    terms = [term for term in model.terms(result.values) if term[1]]
    if len(terms) < 2:
        return []
    name, value, _ = max(terms, key=lambda term: abs(term[1]))
    return [f"Its largest part is {name} with {number(value)}, of {len(terms)} parts that are not 0."]


def _binding(model: LinearModel, result: LinearResult) -> str:
    assert result.values is not None
    facts = row_facts(model, result.values)
    rows = np.flatnonzero(facts.binding).tolist()
    named = ", ".join(model.row_names[row] for row in rows[:MOST_NAMES]) + (", ..." if len(rows) > MOST_NAMES else "")
    verb = "binds" if len(rows) == 1 else "bind"
    return f"{len(rows)} of {_count(model.rows, 'constraint')} {verb}{f': {named}' if rows else ''}."


def _prices(model: LinearModel, result: LinearResult) -> list[str]:
    sentences = []
    part, note = (result, "") if result.duals is not None else (result.fixed, " with all integers fixed")
    if part is not None and part.duals is not None and part.duals.size and np.abs(part.duals).max() > 1e-9:
        row = int(np.abs(part.duals).argmax())
        price = float(part.duals[row])
        change = f"{'raise' if price > 0 else 'lower'} the objective by {number(abs(price))}"
        sentences.append(
            f"The dearest constraint is {model.row_names[row]}: one more on its right-hand side would {change}{note}."
        )
    if result.relaxation is not None and result.relaxation.value is not None:
        sentences.append(f"Without the demand for whole numbers the objective would be {number(result.relaxation.value)}.")
    if result.duals is not None:
        found = degeneracy(model, result)
        if found.primal:
            sentences.append("The optimal basis is degenerate, so some prices may hold for a change in one direction only.")
        if found.dual:
            sentences.append("A price of 0 outside of the basis says that other answers may be equally good.")
    return sentences


def _infeasible(result: LinearResult, infeasibility: Infeasibility | None) -> list[str]:
    sentences = []
    if result.least_violation is not None:
        sentences.append(f"Even the best compromise violates the constraints by {number(result.least_violation)} in total.")
    if infeasibility is None:
        return sentences
    if infeasibility.subset:
        named = ", ".join(member.name for member in infeasibility.subset[:MOST_NAMES])
        more = f" and {len(infeasibility.subset) - MOST_NAMES} more" if len(infeasibility.subset) > MOST_NAMES else ""
        needed = ", but could if any one of them were left out" if infeasibility.irreducible else ""
        sentences.append(f"These cannot hold together{needed}: {named}{more}.")
    if infeasibility.repairs:
        best = infeasibility.repairs[0]
        count = "1 change" if len(best.changes) == 1 else f"{len(best.changes)} changes together"
        sentences.append(f"The cheapest repair takes {count}, and was solved again: {best.sentence}")
    if len(infeasibility.repairs) > 1:
        sentences.append(
            f"{_count(len(infeasibility.repairs) - 1, 'other repair')} would do as well, at a higher or equal cost."
        )
    return sentences


def _unbounded(model: LinearModel, unbounded: Unboundedness | None) -> list[str]:
    if unbounded is None:
        return ["A direction of endless improvement was not found within the time limit."]
    steps = unbounded.direction[:MOST_NAMES]
    moves = ", ".join(f"{move.name} {'rises' if move.step > 0 else 'falls'} by {number(abs(move.step))}" for move in steps)
    left_out = len(unbounded.direction) - MOST_NAMES
    more = f" and {_count(left_out, 'more variable')}" if left_out > 0 else ""
    verb = "falls" if model.sense == "min" else "rises"
    change = number(abs(unbounded.objective_change))
    return [
        f"Nothing stops this direction: {moves}{more}, and the objective {verb} by {change} each time.",
        *(missing.sentence for missing in unbounded.missing[:2]),
    ]


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"
