"""
A request altered by a question: the values of a what-if put at their pointers, or a forced alternative turned into changes.

The altered request is an ordinary request of the same kind, validated as any other. What differs is kept beside it, so that
the parent's request can be had back from it even after the parent has been deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.errors import ProblemError
from app.intake import read_problem, report
from app.parsing import parse_json
from app.pointers import Place, place_of, put_back, set_value
from app.validation import model_of, validate
from models.comparison import WhatIf, WhyNot
from models.errors import Issue, issue
from solvers.alternatives import ALTERNATIVES
from solvers.errors import UnforceableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """What is remembered of the run that was asked about."""

    id: str
    question: str
    objective: float | None

    def written(self) -> bytes:
        """Return the parent as JSON."""
        return orjson.dumps({"id": self.id, "question": self.question, "objective": self.objective})

    @staticmethod
    def read(text: bytes) -> "Parent":
        """Return what `written` has written."""
        return Parent(**orjson.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """
    An altered request: its body, what `app.intake.report` says of it, and the alteration as JSON.

    The alteration holds question, parent, the parent's objective, the force, and of every change pointer, old value and
    whether the field was left out.
    """

    body: bytes
    report: dict[str, Any]
    alteration: bytes


def alter(kind: str, body: bytes, asked: bytes, *, parent: Parent, explain: str | None) -> Altered:
    """
    Return the request that a question about a run asks for.

    Parameters
    ----------
    kind
        Kind of the parent.
    body
        The parent's request.
    asked
        Body of the question: `models.comparison.WhatIf` or `WhyNot` as JSON.
    parent
        The run that was asked about, and which question it is.
    explain
        Level of explanation from the query.

    Raises
    ------
    ProblemError
        400 or 422: pointers of a malformed question lead into the question, those of what is wrong with the altered request
        into that request.
    """
    given = parse_json(asked)
    request = orjson.loads(body)
    if parent.question == "what-if":
        question: Any = model_of(WhatIf, given)
        changes = [(change.pointer, change.value) for change in question.changes]
        pointers = [f"/changes/{index}/pointer" for index in range(len(changes))]
        force = None
    else:
        question, changes = _forced(kind, request, given)
        pointers = [""] * len(changes)
        force = given["force"]
    _set_options(request, question.options)
    alteration = {
        "question": parent.question,
        "parent": parent.id,
        "parent_objective": parent.objective,
        "force": force,
        "changes": _apply(request, changes, pointers),
    }
    altered = orjson.dumps(request)
    problem, warnings, _ = read_problem(kind, altered, explain=explain)
    return Altered(body=altered, report=report(problem, warnings), alteration=orjson.dumps(alteration))


def json_of(text: bytes) -> dict[str, Any]:
    """Return an alteration."""
    found: dict[str, Any] = orjson.loads(text)
    return found


def restored(body: bytes, alteration: Mapping[str, Any]) -> bytes:
    """Return the parent's request, with the options of the altered one."""
    request = orjson.loads(body)
    for change in reversed(alteration["changes"]):
        put_back(request, change["pointer"], change["from"], was_absent=change["absent"])
    return orjson.dumps(request)


def _forced(kind: str, request: Any, given: Any) -> tuple[Any, list[tuple[str, Any]]]:
    """Return the question why-not, and the changes that force its alternative."""
    alternatives = ALTERNATIVES.get(kind)
    if alternatives is None:
        unknown = issue("/force", "NOT_SUPPORTED", f"No alternative can be forced for runs of {kind} yet; ask what-if instead.")
        raise ProblemError("INVALID_REQUEST", unknown.message, issues=[unknown])
    question = model_of(WhyNot[alternatives.force], given)  # type: ignore[name-defined]
    problem, _ = validate(kind, request)
    try:
        return question, list(alternatives.changes(problem, question.force))
    except UnforceableError as refused:
        raise _refused(refused.issues) from None


def _set_options(request: dict[str, Any], options: Mapping[str, Any]) -> None:
    if options:
        request["options"] = {**(request.get("options") or {}), **options}


def _apply(request: Any, changes: list[tuple[str, Any]], pointers: list[str]) -> list[dict[str, Any]]:
    """
    Put every value at its pointer, and return what stood there.

    Raises
    ------
    ProblemError
        422 with one issue for every pointer that leads nowhere, or that meets another one.
    """
    issues: list[Issue] = []
    done: list[dict[str, Any]] = []
    seen: dict[tuple[str, ...], int] = {}
    around: set[tuple[str, ...]] = set()
    for index, (pointer, value) in enumerate(changes):
        place = place_of(request, pointer)
        if not isinstance(place, Place):
            issues.append(issue(pointers[index], place.code, place.message))
            continue
        other = next((seen[path] for end in range(len(place.path) + 1) if (path := place.path[:end]) in seen), None)
        if other is not None:
            message = f"Change {other} (from 0) is at the same place or around it; say each value once."
            issues.append(issue(pointers[index], "OVERLAPPING_CHANGES", message))
            continue
        if place.path in around:
            issues.append(
                issue(pointers[index], "OVERLAPPING_CHANGES", "An earlier change lies inside of this one; join them.")
            )
            continue
        seen[place.path] = index
        around.update(place.path[:end] for end in range(len(place.path)))
        done.append({"pointer": pointer, "from": place.value, "absent": place.absent})
        set_value(place, value)
    if issues:
        raise _refused(issues)
    return done


def _refused(issues: list[Issue]) -> ProblemError:
    more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
    return ProblemError("INVALID_REQUEST", f"{issues[0].pointer}: {issues[0].message}{more}", issues=issues)
