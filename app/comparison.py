"""A run of what-if or why-not and its parent, put side by side for `solvers.comparison`."""

from typing import Any

import orjson

from app.alteration import json_of, restored
from app.intake import read_problem
from app.pointers import Place, place_of
from models.comparison import AppliedChange
from models.run import Answer
from solvers.alternatives import ALTERNATIVES
from solvers.base import Outcome, Progress
from solvers.comparison import Asked

LONGEST_VALUE = 200
"""Longest JSON text of a value that is shown; longer ones are told in words."""


class Quiet:
    """A `Progress` that passes requests to stop on and keeps incumbents to itself."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Ignore the report: it is not one of this run's search."""

    def log(self, message: str) -> None:
        """Ignore the line."""

    def stop_requested(self) -> bool:
        """Ask the run's own progress."""
        return self._progress.stop_requested()


def asked_of(
    kind: str, body: bytes, problem: Any, answer: Answer[Any, Any], outcome: Outcome[Any], further: list[bytes]
) -> Asked:
    """
    Return the question behind a run with both problems.

    Parameters
    ----------
    kind, body, problem, answer, outcome
        The altered request, and what came of it.
    further
        The alteration as JSON, and the inner envelope of the parent's answer, empty when the parent is gone.
    """
    alteration = json_of(further[0])
    parent = orjson.loads(further[1]) if further[1] else {}
    force = alteration["force"]
    alternatives = ALTERNATIVES.get(kind)
    objective = parent.get("objective")
    return Asked(
        kind=kind,
        question=alteration["question"],
        parent=alteration["parent"],
        parent_objective=alteration["parent_objective"],
        parent_solution=parent.get("solution"),
        parent_terms={term["name"]: term["value"] for term in objective["terms"]} if objective else None,
        parent_is_gone=not parent,
        before=read_problem(kind, restored(body, alteration))[0],
        after=problem,
        changes=_changes(body, alteration),
        force=force,
        forced=None if force is None or alternatives is None else alternatives.force.model_validate(force),
        answer=answer,
        outcome=outcome,
    )


def _changes(body: bytes, alteration: dict[str, Any]) -> list[AppliedChange]:
    """Return what differs in the request."""
    request = orjson.loads(body)
    found = []
    for change in alteration["changes"]:
        place = place_of(request, change["pointer"])
        after = place.value if isinstance(place, Place) else None
        found.append(AppliedChange(pointer=change["pointer"], before=_shown(change["from"]), after=_shown(after)))
    return found


def _shown(value: Any) -> Any:
    """Return a value, or what kind of value it is when it is long."""
    if len(orjson.dumps(value)) <= LONGEST_VALUE:
        return value
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    return f"array of {len(value)} entries" if isinstance(value, list) else f"object of {len(value)} fields"
