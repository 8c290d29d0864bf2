"""Why the objective of a linear model improves without end: the direction, and what would stop it."""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.explanation import Missing, MissingKind, Step, Unboundedness
from solvers.base import Budget
from solvers.linear.certificate import certificate_checks
from solvers.linear.member import Member, MemberKind
from solvers.linear.model import Floats, LinearModel
from solvers.linear.ray import has_improving_ray
from solvers.linear.render_text import number
from solvers.linear.solve import LinearResult
from solvers.linear.words import Words

MOST_STEPS = 1_000
MOST_MISSING = 30
"""So many missing bounds, sides and costs are listed, and tried."""

CLEAR = 1e-9
LEAST_TIME = 0.02


def unboundedness_of(
    model: LinearModel, result: LinearResult, words: Words, *, deadline: float, seed: int = 0
) -> Unboundedness | None:
    """
    Return the direction of endless improvement, and what would end it; None when no direction was found in time.

    Every bound, side or cost in `missing` ends this direction by itself; whether another direction remains is solved again.
    `deadline` is on the clock of `time.monotonic`.
    """
    ray = result.ray
    if ray is None:
        return None
    moving = np.flatnonzero(ray)
    moving = moving[np.argsort(-np.abs(ray[moving]), kind="stable")]
    missing = [
        _missing(model, words, kind, index, threshold, deadline=deadline, seed=seed)
        for kind, index, threshold in _stops(model, ray, moving.tolist())
    ]
    missing.sort(key=lambda entry: not entry.sufficient)
    steps = [
        Step(name=model.column_names[column], pointer=model.column_pointer(column), step=float(ray[column]))
        for column in moving[:MOST_STEPS].tolist()
    ]
    checks = certificate_checks(model, result)
    return Unboundedness(
        direction=steps,
        objective_change=float(model.objective @ ray),
        verified=bool(checks) and all(check.max_violation <= check.tolerance for check in checks),
        missing=missing,
    )


def _stops(model: LinearModel, ray: Floats, moving: list[int]) -> Iterator[tuple[MissingKind, int, float | None]]:
    """Yield what would end a direction: bounds of what moves, sides of rows that it changes, costs of what moves."""
    count = 0
    for column in moving[:MOST_MISSING]:
        count += 1
        yield ("upper_bound" if ray[column] > 0 else "lower_bound"), column, None
    drift = model.matrix() @ ray
    scale = np.maximum(1.0, abs(model.matrix()) @ np.abs(ray))
    drifting = np.flatnonzero(np.abs(drift) > CLEAR * scale)
    for row in drifting[: MOST_MISSING - count].tolist():
        count += 1
        yield ("upper_side" if drift[row] > 0 else "lower_side"), row, None
    change = float(model.objective @ ray)
    gains = [column for column in moving if model.sign * float(model.objective[column]) * ray[column] <= 0]
    for column in gains[: MOST_MISSING - count]:
        yield "cost", column, float(model.objective[column] - change / ray[column])


def _missing(
    model: LinearModel, words: Words, kind: MissingKind, index: int, threshold: float | None, *, deadline: float, seed: int
) -> Missing:
    """Return one missing number, after a search for endless improvement in the model that has it."""
    left = deadline - time.monotonic()
    sufficient = None
    if left > 0:
        budget = Budget(time_limit=max(left / 4, LEAST_TIME), iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
        endless = has_improving_ray(_completed(model, kind, index, threshold), budget)
        sufficient = None if endless is None else not endless
    of_row = kind in ("upper_side", "lower_side")
    fields: dict[MissingKind, MemberKind] = {
        "upper_bound": "upper",
        "lower_bound": "lower",
        "upper_side": "row_upper",
        "lower_side": "row_lower",
    }
    pointer = words.cost_pointer(index) if kind == "cost" else words.pointer(Member(fields[kind], index))
    name = (model.row_names if of_row else model.column_names)[index]
    return Missing(
        kind=kind,
        name=name,
        pointer=pointer,
        threshold=threshold,
        sufficient=sufficient,
        sentence=_sentence(model, kind, index, threshold, name, sufficient),
    )


def _completed(model: LinearModel, kind: MissingKind, index: int, threshold: float | None) -> LinearModel:
    """Return the model with the missing number; which finite number a side or bound has does not matter to directions."""
    if kind == "cost":
        objective = model.objective.copy()
        objective[index] = 0.0 if threshold is None else threshold
        return replace(model, objective=objective)
    if kind == "upper_bound":
        return replace(model, column_upper=_with_zero(model.column_upper, index))
    if kind == "lower_bound":
        return replace(model, column_lower=_with_zero(model.column_lower, index))
    if kind == "upper_side":
        return replace(model, row_upper=_with_zero(model.row_upper, index))
    return replace(model, row_lower=_with_zero(model.row_lower, index))


def _with_zero(numbers: Floats, index: int) -> Floats:
    changed = numbers.copy()
    changed[index] = 0.0
    return changed


def _sentence(
    model: LinearModel, kind: MissingKind, index: int, threshold: float | None, name: str, sufficient: bool | None
) -> str:
    end = {
        True: "with one, nothing improves without end",
        False: "one would end this direction, but another remains",
        None: "one would end this direction",
    }[sufficient]
    if kind == "cost":
        now = float(model.objective[index])
        least = now if threshold is None else threshold
        what = "nothing would improve without end" if sufficient else "this direction would end"
        word = "at least" if least > now else "at most"
        return f"{name} has the objective coefficient {number(now)}; were it {word} {number(least)}, {what}."
    what = {
        "upper_bound": "has no upper bound",
        "lower_bound": "has no lower bound",
        "upper_side": "has no upper side",
        "lower_side": "has no lower side",
    }[kind]
    return f"{name} {what}; {end}."
