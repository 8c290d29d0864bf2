"""
Regrets of whole-number decisions: each is forced to its neighbouring value and the model is solved again.

Which decisions matter is guessed before: by the reduced cost with all integers fixed, by how far the relaxation is from the
answer, and by what the step itself costs. How much they matter is then solved, not guessed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.explanation import Regret
from solvers.base import Budget, Silent, relative_gap
from solvers.linear.model import Floats, Integers, LinearModel
from solvers.linear.render_text import number, objective_unit, rounded
from solvers.linear.solve import LinearResult, solve_linear

MOST = 5
"""Decisions that are flipped."""

MOST_NONZEROS = 200_000
"""Larger models are not solved again for it."""

SHARE_OF_SOLVE = 0.2
"""All second solves together may take this share of the first one's time."""

SHARE_LEFT = 0.5
"""And this share of the time that is left."""

QUICK = 1.0
"""Or this many seconds where the first one took less."""

YES_OR_NO = 0.5
"""What a choice between yes and no weighs more than one piece more or less of something."""

SAME = 1e-6
"""Relative difference below which two objectives are the same."""

BETTER = "so the answer, which is proved to its allowed gap at most, is not the best."
"""End of the sentence about a flip that turned out better than the answer."""

Phrase = Callable[[int, float, float], str | None]
"""
Words for a column at another value instead of its own, such as `closing southmoor instead of opening it`.

None: a column that is not for the caller to decide and is left alone.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Integer columns that have a neighbouring value, their steps to it, and how much each seems to matter; shape (k,)."""

    columns: Integers
    steps: Floats
    weights: Floats


def regrets_of(
    model: LinearModel, result: LinearResult, *, deadline: float, seed: int, phrase: Phrase | None = None
) -> tuple[list[Regret], str | None]:
    """
    Return the decisions that matter most, flipped, largest regret first; and why there are none, or None.

    Parameters
    ----------
    model, result
        A MIP and its answer, with the prices of its relaxation and of its integers fixed where they are known.
    deadline
        Moment on the clock of `time.monotonic` by which the explanation must be written.
    seed
        Seed of the second solves.
    phrase
        How a flip is called; None: by the name of the column.
    """
    if result.values is None or result.value is None:
        return [], "there is no answer whose decisions could be flipped"
    if model.nonzeros > MOST_NONZEROS:
        return [], f"decisions are flipped and solved again up to {MOST_NONZEROS} nonzeros; this model has {model.nonzeros}"
    flips = flips_of(model, result)
    if not len(flips.columns):
        return [], "no decision has another value within its bounds"
    chosen = _chosen(model, result.values, flips, phrase)
    if not chosen:
        return [], "no decision of this model is for the caller to flip"
    now = time.monotonic()
    spent = result.solve_time + result.build_time
    until = now + min(SHARE_LEFT * max(deadline - now, 0.0), QUICK if spent < QUICK else SHARE_OF_SOLVE * spent)
    # A second answer need not be nearer to its bound than the first one is.
    gap = max(SAME, relative_gap(result.value, result.bound) or 0.0)
    found = []
    for place, flip in enumerate(chosen):
        left = (until - time.monotonic()) / (len(chosen) - place)
        if left <= 0:
            break
        budget = Budget(time_limit=left, iteration_limit=None, relative_gap=gap, seed=seed, threads=1)
        found.append(_regret(model, result.value, flip, budget))
    kept = [regret for regret in found if regret.proved or regret.objective is not None]
    kept.sort(key=lambda regret: -(np.inf if regret.regret is None else regret.regret))
    return kept, None if kept else "no decision could be flipped and solved again within the time limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One column, the value it has, the value that is forced, and how that is called."""

    column: int
    value: float
    other: float
    words: str


def closest_call(regrets: Sequence[Regret]) -> list[str]:
    """Return a sentence about the flip that would have cost least, or none when no flip has a cost."""
    near = min((regret for regret in regrets if regret.regret is not None), key=lambda found: found.regret or 0.0, default=None)
    if near is None:
        return []
    if near.sentence.endswith(BETTER):
        return [near.sentence]
    among = "the only decision" if len(regrets) == 1 else f"the closest of {len(regrets)} decisions"
    return [f"{near.sentence.rstrip('.')} ({among} flipped and solved again)."]


def flips_of(model: LinearModel, result: LinearResult) -> Candidates:
    """Return the flips that are possible; a binary goes to its other value, another integer to where it seems to cost least."""
    assert result.values is not None
    columns = np.flatnonzero(model.integer & (model.column_lower < model.column_upper)).astype(np.int64)
    at = np.round(result.values[columns])
    lower, upper = model.column_lower[columns], model.column_upper[columns]
    price = _of(result.fixed.reduced_costs if result.fixed else None, columns)
    relaxed = at if result.relaxation is None or result.relaxation.values is None else result.relaxation.values[columns]
    towards = np.sign(np.where(np.abs(relaxed - at) > SAME, relaxed - at, -model.sign * price))
    steps = np.where(towards == 0, 1.0, towards)
    steps = np.where((at + steps > upper + SAME) | (at + steps < lower - SAME), -steps, steps)
    possible = (at + steps <= upper + SAME) & (at + steps >= lower - SAME)
    weights = _scaled(np.abs(price)) + _scaled(np.abs(model.objective[columns])) + np.minimum(np.abs(relaxed - at), 1.0)
    weights += np.where((lower == 0) & (upper == 1), YES_OR_NO, 0.0)
    return Candidates(columns=columns[possible], steps=steps[possible], weights=weights[possible])


def _of(numbers: Floats | None, columns: Integers) -> Floats:
    return np.zeros(len(columns)) if numbers is None else numbers[columns]


def _scaled(sizes: Floats) -> Floats:
    """Return sizes with the largest at 1."""
    largest = sizes.max(initial=0.0)
    return sizes / largest if largest > 0 else sizes


def _chosen(model: LinearModel, values: Floats, flips: Candidates, phrase: Phrase | None) -> list[Flip]:
    """Return the flips of most weight that have words."""
    chosen: list[Flip] = []
    for at in np.argsort(-flips.weights, kind="stable").tolist():
        column = int(flips.columns[at])
        value = float(np.round(values[column]))
        other = value + float(flips.steps[at])
        named = f"{model.column_names[column]} at {number(other)} instead of {number(value)}"
        words = phrase(column, value, other) if phrase else named
        if words is not None:
            chosen.append(Flip(column=column, value=value, other=other, words=words))
        if len(chosen) == MOST:
            break
    return chosen


def _regret(model: LinearModel, value: float, flip: Flip, budget: Budget) -> Regret:
    """Return what a flip does to the objective, which is `value` without it."""
    lower, upper = model.column_lower.copy(), model.column_upper.copy()
    lower[flip.column] = upper[flip.column] = flip.other
    second = solve_linear(replace(model, column_lower=lower, column_upper=upper), budget, Silent())
    worse = None if second.value is None else model.sign * (second.value - value)
    proved = second.termination.reason in ("optimal", "infeasible")
    return Regret(
        name=model.column_names[flip.column],
        pointer=model.column_pointer(flip.column),
        value=flip.value,
        flipped_to=flip.other,
        objective=second.value,
        regret=None if worse is None else 0.0 if worse <= SAME * max(1.0, abs(value)) else worse,
        proved=proved,
        sentence=_sentence(model, flip.words, worse, second.value, kind=_kind(proved=proved, gap=budget.relative_gap)),
    )


def _kind(*, proved: bool, gap: float) -> str:
    """Return the word before a regret: none for an exact one."""
    return "at most " if not proved else "about " if gap > SAME else ""


def _sentence(model: LinearModel, subject: str, worse: float | None, value: float | None, *, kind: str) -> str:
    if worse is None or value is None:
        return f"{subject} leaves no feasible answer."
    money = objective_unit(model)
    if worse < -SAME * max(1.0, abs(value)):
        verb, how = ("saves", "") if model.sense == "min" else ("yields", " more")
        return f"{subject} {verb} {rounded(-worse)}{money}{how}, {BETTER}"
    if worse <= SAME * max(1.0, abs(value)):
        return f"{subject} costs nothing: there is an answer with it that is as good."
    verb, more = ("costs", "more") if model.sense == "min" else ("yields", "less")
    end = "; the second search ended before its proof" if kind == "at most " else ""
    return f"{subject} {verb} {kind}{rounded(worse)}{money} {more}: {rounded(value)}{money} in all{end}."
