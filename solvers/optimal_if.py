"""What would have to change for a forced alternative to be optimal, in the words of the caller."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.comparison import CostChange, OptimalIf
from solvers.alternatives import ALTERNATIVES
from solvers.base import Outcome, Progress
from solvers.linear.model import Floats, LinearModel
from solvers.linear.solve import Evidence
from solvers.linear.why_not import least_cost_change


def optimal_if(
    kind: str, model: LinearModel, forced: Sequence[str], outcome: Outcome[Any], *, deadline: float, progress: Progress
) -> tuple[OptimalIf | None, str]:
    """
    Return the least change of the forced decisions' costs at which the alternative is optimal, or None and the reason.

    Parameters
    ----------
    kind
        Kind of the run.
    model
        The parent's linear program, without the force.
    forced
        Names of the forced columns.
    outcome
        The alternative's outcome.
    deadline, progress
        As in `solvers.linear.why_not.least_cost_change`.
    """
    place = {name: column for column, name in enumerate(model.column_names)}
    columns = [place[name] for name in forced if name in place]
    if not columns:
        return None, "the forced decision is ruled out in the parent's model"
    point = _point(kind, model, outcome, place)
    if point is None:
        return None, "the alternative has decisions that the parent's model does not have"
    found = least_cost_change(model, point, columns, deadline=deadline, seed=0, progress=progress)
    if found is None:
        return None, "no change of these costs alone was found within the time limit"
    changes = [
        CostChange(
            name=model.column_names[column],
            pointer=model.column_pointer(column),
            before=float(model.objective[column]),
            after=float(found.objective[column]),
        )
        for column in columns
        if found.objective[column] != model.objective[column]
    ]
    return OptimalIf(changes=changes, total=found.total, verified=found.verified, sentence=_sentence(changes)), ""


def _point(kind: str, model: LinearModel, outcome: Outcome[Any], place: dict[str, int]) -> Floats | None:
    """Return the alternative's answer in the columns of the parent's model; None when it does not fit."""
    evidence, solution = outcome.evidence, outcome.solution
    values: dict[str, float]
    if isinstance(evidence, Evidence) and evidence.result.values is not None:
        values = dict(zip(evidence.model.column_names, evidence.result.values.tolist(), strict=True))
    elif solution is None:
        return None
    elif kind == "network/assignment":
        values = {f"{pair.row}->{pair.column}": 1.0 for pair in solution.assignment}
    else:
        found = ALTERNATIVES[kind].decisions(solution.model_dump())
        values = {name: float(value) for name, value in found.items()}
    if any(name not in place and value for name, value in values.items()):
        return None
    point = np.zeros(model.columns)
    for name, value in values.items():
        if name in place:
            point[place[name]] = value
    return point


def _sentence(changes: Sequence[CostChange]) -> str:
    if not changes:
        return "The alternative is optimal as it is: it costs no more than the answer."
    first = changes[0]
    more = f", and {len(changes) - 1} other coefficients changed" if len(changes) > 1 else ""
    return (
        f"With an objective coefficient of {first.after:.6g} instead of {first.before:.6g} for {first.name}{more}, "
        "the alternative would be optimal; nothing less does it."
    )
