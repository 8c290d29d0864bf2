"""
Two answers side by side: what the parent's prices foretold, what came true, and which decisions changed.

Stands above the features: it reads any kind's answer through `solvers.alternatives` and `solvers.linear_forms`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.comparison import (
    Actual,
    AppliedChange,
    ChangedDecision,
    Comparison,
    OptimalIf,
    Predicted,
    Question,
    TermChange,
)
from models.run import Answer
from solvers.alternatives import ALTERNATIVES, Alternatives, Decisions
from solvers.base import Outcome, Progress
from solvers.comparison_words import decision_words, sentence_of, term_words
from solvers.errors import SolverError
from solvers.linear.allowable_shares import allowable_shares
from solvers.linear.model import LinearModel
from solvers.linear.result import LinearResult
from solvers.linear.what_if import Prediction
from solvers.optimal_if import optimal_if
from solvers.prediction import checked, foretold, incomparable, no_prediction, price_words, priced_parent

MOST_DECISIONS = 20
SAME = 1e-9
"""Relative difference up to which two numbers are the same."""

KEPT = 0.05
"""Seconds that are left for writing the answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """
    A question about a run, and the run that it made.

    `before` and `after` are the two problems; `force` is the alternative as it was asked for, `forced` the same as its type;
    `parent_solution` and `parent_terms` come from the parent's answer and are None when it is gone or has none.
    """

    kind: str
    question: Question
    parent: str
    parent_objective: float | None
    parent_solution: Mapping[str, Any] | None
    parent_terms: Mapping[str, float] | None
    parent_is_gone: bool
    before: Any
    after: Any
    changes: Sequence[AppliedChange]
    force: Mapping[str, Any] | None
    forced: Any
    answer: Answer[Any, Any]
    outcome: Outcome[Any]


def compare(asked: Asked, *, deadline: float, progress: Progress) -> Comparison:
    """
    Return the comparison of a run with its parent.

    Parameters
    ----------
    asked
        The question, both problems, and the answer.
    deadline
        Moment on the clock of `time.monotonic` by which everything must be written.
    progress
        Asked whether to stop; the prediction is then left out.
    """
    unavailable: dict[str, str] = {}
    unmet = _unmet(asked)
    actual = _actual(asked, unmet)
    model, result, posed, predicted, alternative = None, None, None, None, None
    try:
        model, result, reason = priced_parent(
            asked.kind, asked.before, asked.parent_objective, asked.parent_solution, deadline=deadline - KEPT, progress=progress
        )
        reason = incomparable(asked.answer) or reason
        if model is None or result is None or incomparable(asked.answer):
            predicted = no_prediction(reason)
        else:
            predicted, posed = foretold(
                asked.kind,
                model,
                result,
                asked.before,
                asked.after,
                asked.forced,
                deadline=deadline - KEPT,
                progress=progress,
            )
            predicted = checked(predicted, actual, asked.answer, sense=posed.sense)
            if asked.question == "why-not":
                alternative, unavailable["optimal_if"] = _optimal_if(asked, model, deadline=deadline - KEPT, progress=progress)
    except SolverError as error:
        predicted = predicted or no_prediction(f"the linear engine broke off: {error}")
    if asked.question == "what-if":
        unavailable["optimal_if"] = "it belongs to why-not, where an alternative is forced"
    elif alternative is None:
        unavailable.setdefault("optimal_if", predicted.reason)
    else:
        unavailable.pop("optimal_if", None)
    terms = _terms(asked) if unmet is None else []
    changed, total = _changed(asked, unavailable)
    columns = _forced_columns(asked)
    return Comparison(
        question=asked.question,
        parent=asked.parent,
        changes=list(asked.changes),
        force=None if asked.force is None else dict(asked.force),
        predicted=_predicted(predicted, asked.parent_objective),
        actual=actual,
        terms=terms,
        changed=changed,
        changed_total=total,
        optimal_if=alternative,
        why=[
            *(price_words(model, result, columns) if model is not None and result is not None else []),
            *(_shares(asked, model, result, posed) if model is not None and result is not None and posed is not None else []),
            *term_words(terms),
            *decision_words(changed, total),
            *([] if unmet is None else [f"{unmet[1][:1].upper()}{unmet[1][1:]}{'' if unmet[1].endswith('.') else '.'}"]),
            *_conflict(asked.answer),
        ],
        unavailable=unavailable,
        sentence=sentence_of(asked.question, asked.changes, asked.force, predicted, actual, asked.parent_objective, unmet),
    )


def _unmet(asked: Asked) -> tuple[str, str] | None:
    """Return status and reason where the two objectives do not compare."""
    alternatives = ALTERNATIVES.get(asked.kind)
    if alternatives is None or alternatives.unmet is None or asked.parent_solution is None or asked.answer.solution is None:
        return None
    return alternatives.unmet(asked.after, asked.forced, asked.parent_solution, asked.answer.solution.model_dump())


def _actual(asked: Asked, unmet: tuple[str, str] | None) -> Actual:
    objective = None if asked.answer.objective is None else asked.answer.objective.value
    if unmet is not None:
        done = unmet[0] == asked.answer.status
        return Actual(objective=objective if done else None, change=None, status=unmet[0])
    change = None if objective is None or asked.parent_objective is None else objective - asked.parent_objective
    return Actual(objective=objective, change=change, status=asked.answer.status)


def _predicted(prediction: Prediction, before: float | None) -> Predicted:
    return Predicted(
        objective=prediction.value,
        change=None if prediction.value is None or before is None else prediction.value - before,
        method=prediction.method,
        exact=prediction.exact,
        at_least=prediction.at_least,
        at_most=prediction.at_most,
        reason=prediction.reason,
    )


def _forced_columns(asked: Asked) -> list[str]:
    alternatives = ALTERNATIVES.get(asked.kind)
    if asked.forced is None or alternatives is None or alternatives.columns is None:
        return []
    return alternatives.columns(asked.before, asked.forced)


def _optimal_if(asked: Asked, model: LinearModel, *, deadline: float, progress: Progress) -> tuple[OptimalIf | None, str]:
    """Return what would make the alternative optimal, or why that is not known."""
    columns = _forced_columns(asked)
    if not columns:
        return None, "the objective of this kind has no coefficients of the forced decisions"
    if model.is_mip:
        return None, "with whole numbers there are no costs that could be read off prices"
    if asked.answer.status != "succeeded":
        return None, "the alternative has no optimal answer"
    if time.monotonic() > deadline:
        return None, "the time limit left none for it"
    return optimal_if(asked.kind, model, columns, asked.outcome, deadline=deadline, progress=progress)


def _shares(asked: Asked, model: LinearModel, result: LinearResult, changed: LinearModel) -> list[str]:
    """Return what the 100 % rule says of a what-if."""
    rule = allowable_shares(model, result, changed) if asked.question == "what-if" else None
    return [] if rule is None else [rule.sentence]


def _terms(asked: Asked) -> list[TermChange]:
    """Return the parts of the objective that differ."""
    if asked.parent_terms is None or asked.answer.objective is None:
        return []
    after = {term.name: term.value for term in asked.answer.objective.terms}
    names = dict.fromkeys([*asked.parent_terms, *after])
    found = [(name, asked.parent_terms.get(name, 0.0), after.get(name, 0.0)) for name in names]
    differing = [part for part in found if _differs(part[1], part[2])]
    differing.sort(key=lambda part: -abs(part[2] - part[1]))
    return [TermChange(name=name, before=old, after=new) for name, old, new in differing[:MOST_DECISIONS]]


def _changed(asked: Asked, unavailable: dict[str, str]) -> tuple[list[ChangedDecision], int]:
    """Return the decisions that changed most, and how many did."""
    alternatives = ALTERNATIVES.get(asked.kind)
    if alternatives is None or asked.parent_solution is None or asked.answer.solution is None:
        gone = "the parent has been deleted" if asked.parent_is_gone else "one of the two runs has no answer"
        unavailable["changed"] = gone if alternatives is not None else "the decisions of this kind are not compared"
        return [], 0
    before, after = _decisions(alternatives, asked.parent_solution, asked.answer.solution.model_dump())
    found = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if _is_number(old, new):
            old, new = old or 0.0, new or 0.0
        if old != new and not (isinstance(old, float | int) and isinstance(new, float | int) and not _differs(old, new)):
            found.append((name, old, new))
    found.sort(key=_size, reverse=True)
    return [ChangedDecision(name=name, before=old, after=new) for name, old, new in found[:MOST_DECISIONS]], len(found)


def _decisions(
    alternatives: Alternatives, parent: Mapping[str, Any], solution: Mapping[str, Any]
) -> tuple[Decisions, Decisions]:
    if alternatives.moved is not None:
        return alternatives.moved(parent, solution)
    return alternatives.decisions(parent), alternatives.decisions(solution)


def _is_number(old: object, new: object) -> bool:
    return not isinstance(old, str) and not isinstance(new, str)


def _size(change: tuple[str, Any, Any]) -> float:
    """Return by how much a decision changed; words change by more than every number."""
    _, old, new = change
    return float("inf") if isinstance(old, str) or isinstance(new, str) else abs((new or 0.0) - (old or 0.0))


def _differs(old: float, new: float) -> bool:
    return abs(new - old) > SAME * max(1.0, abs(old), abs(new))


def _conflict(answer: Answer[Any, Any]) -> list[str]:
    """Return the members of the conflict that makes an answer impossible, one sentence each."""
    explanation = answer.explanation
    infeasibility = None if explanation is None else explanation.infeasibility
    return [] if infeasibility is None else [member.sentence for member in infeasibility.subset[:MOST_DECISIONS]]
