"""Sentences about two answers, from templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.comparison import Actual, AppliedChange, ChangedDecision, TermChange
from solvers.linear.what_if import Prediction

SHORT = 60
SAME = 1e-9


def sentence_of(
    question: str,
    changes: Sequence[AppliedChange],
    force: Mapping[str, Any] | None,
    predicted: Prediction,
    actual: Actual,
    before: float | None,
    unmet: tuple[str, str] | None = None,
) -> str:
    """Return predicted and true change in one sentence; `unmet` is status and reason where the objectives do not compare."""
    if unmet is not None:
        reason = unmet[1].rstrip(".")
        return f"{_what(question, changes, force)} {_not_comparable(actual, before)}: {reason}."
    told = "" if actual.objective is None else _foretold(predicted, before)
    return f"{_what(question, changes, force)} {_came(actual, before)}{told}."


def term_words(terms: Sequence[TermChange]) -> list[str]:
    """Return which parts of the objective changed, as one sentence."""
    if not terms:
        return []
    parts = [f"{term.name} by {_signed(term.after - term.before)}" for term in terms[:4]]
    more = f" and {len(terms) - 4} more" if len(terms) > 4 else ""
    return [f"What changes in the objective: {', '.join(parts)}{more}."]


def decision_words(changed: Sequence[ChangedDecision], total: int) -> list[str]:
    """Return which decisions changed most, as one sentence."""
    if not changed:
        return []
    parts = [f"{one.name} from {_value(one.before)} to {_value(one.after)}" for one in changed[:3]]
    count = "One decision changes" if total == 1 else f"{total} decisions change"
    return [f"{count}{', most of all' if total > 3 else ':'} {'; '.join(parts)}."]


def _what(question: str, changes: Sequence[AppliedChange], force: Mapping[str, Any] | None) -> str:
    if question == "why-not":
        values = None if force is None else force.get("variables")
        return f"Forcing {_set(values) if isinstance(values, Mapping) else _words(force)}"
    if len(changes) == 1:
        only = changes[0]
        return f"Changing {_cut(only.pointer)} from {_value(only.before)} to {_value(only.after)}"
    return f"Changing {len(changes)} values"


def _came(actual: Actual, before: float | None) -> str:
    if actual.status == "infeasible":
        return "leaves no feasible answer"
    if actual.status == "unbounded":
        return "lets the objective improve without end"
    if actual.objective is None:
        return f"ends without an objective ({actual.status})"
    if before is None or actual.change is None:
        return f"gives an objective of {actual.objective:.10g}, where the parent has none"
    if abs(actual.change) <= SAME * max(1.0, abs(before)):
        return f"leaves the objective at {before:.10g}"
    verb = "raises" if actual.change > 0 else "lowers"
    return f"{verb} the objective by {abs(actual.change):.10g}, from {before:.10g} to {actual.objective:.10g}"


def _not_comparable(actual: Actual, before: float | None) -> str:
    """Return what came of an alternative whose objective cannot be held against the parent's."""
    if actual.objective is None:
        return "leaves no feasible answer" if actual.status == "infeasible" else "was not possible in any answer found"
    of = "" if before is None else f", the parent's is {before:.10g}"
    return f"gives an objective of {actual.objective:.10g}{of}, and the two do not compare"


def _foretold(predicted: Prediction, before: float | None) -> str:
    if predicted.value is None or before is None:
        return ""
    change = predicted.value - before
    room = SAME * max(1.0, abs(predicted.value))
    how = "about"
    if predicted.exact:
        how = "exactly"
    elif predicted.at_least is not None and abs(predicted.at_least - predicted.value) <= room:
        how = "at least"
    elif predicted.at_most is not None and abs(predicted.at_most - predicted.value) <= room:
        how = "at most"
    if abs(change) > room:
        return f"; the parent's prices foretold {how} {change:+.10g}"
    still = {"at least": "that it would not fall", "at most": "that it would not rise"}
    return f"; the parent's prices foretold {still.get(how, 'no change')}"


def _set(values: Mapping[str, Any]) -> str:
    """Return forced variables as words: a number is the value, an object its bounds."""
    parts = []
    for name, value in values.items():
        if not isinstance(value, Mapping):
            parts.append(f"{name} to {_value(value)}")
            continue
        bounds = [
            f"{word} {_value(value[side])}"
            for side, word in (("lower", "at least"), ("upper", "at most"))
            if value.get(side) is not None
        ]
        parts.append(f"{name} to {' and '.join(bounds) or 'any value'}")
    return _cut(", ".join(parts), 2 * SHORT)


def _words(value: Any) -> str:
    """Return a JSON value as words: the keys of objects before their values, alone where that is `true`."""
    if isinstance(value, Mapping):
        named = ((key.replace("_", " "), item) for key, item in value.items() if item is not None and item is not False)
        return _cut(", ".join(key if item is True else f"{key} {_words(item)}" for key, item in named), 2 * SHORT)
    if isinstance(value, list):
        return _cut(" and ".join(_words(item) for item in value))
    return _value(value)


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | Mapping):
        return f"{len(value)} {'entries' if isinstance(value, list) else 'fields'}"
    return f"{value:.10g}" if isinstance(value, int | float) else _cut(str(value))


def _signed(number: float) -> str:
    return "no change" if abs(number) <= SAME else f"{number:+.10g}"


def _cut(text: str, longest: int = SHORT) -> str:
    return text if len(text) <= longest else text[:longest] + "..."
