"""
From a JSON value to a valid problem, or to a list of issues with pointers.

Validation goes in slices: when a list or an object is long, its first thousand entries are looked at before the whole, so that
a body with 300,000 wrong entries is refused in milliseconds.
"""

import difflib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.errors import ProblemError
from models.errors import MAX_ERRORS_SHOWN, Issue, issue
from models.run import RunWarning
from solvers.problems import PROBLEMS

ModelT = TypeVar("ModelT", bound=BaseModel)

SLICE = 1_000
"""Entries of each list that are looked at first; also the number up to which issues are counted exactly."""

MOST_FIELDS_NAMED = 20
LONGEST_POINTER = 300
LONGEST_NAME = 60

CODES = {
    "missing": "MISSING_FIELD",
    "extra_forbidden": "UNKNOWN_FIELD",
    "too_long": "TOO_LONG",
    "string_too_long": "TOO_LONG",
    "too_short": "TOO_SHORT",
    "string_too_short": "TOO_SHORT",
    "literal_error": "NOT_ALLOWED",
    "string_pattern_mismatch": "NOT_ALLOWED",
    "greater_than": "VALUE_OUT_OF_RANGE",
    "greater_than_equal": "VALUE_OUT_OF_RANGE",
    "less_than": "VALUE_OUT_OF_RANGE",
    "less_than_equal": "VALUE_OUT_OF_RANGE",
    "finite_number": "VALUE_OUT_OF_RANGE",
    "int_parsing_size": "VALUE_OUT_OF_RANGE",
    "value_error": "INVALID_VALUE",
    "not_supported": "NOT_SUPPORTED",
}

MESSAGES = {
    "float_type": "The value must be a number.",
    "int_type": "The value must be a whole number.",
    "int_from_float": "The value must be a whole number.",
    "string_type": "The value must be text, in double quotes.",
    "bool_type": "The value must be true or false.",
    "list_type": "The value must be an array: [...].",
    "tuple_type": "The value must be an array: [...].",
    "dict_type": "The value must be an object: {...}.",
    "model_type": "The value must be an object: {...}.",
    "model_attributes_type": "The value must be an object: {...}.",
    "greater_than": "The value must be above {gt}.",
    "greater_than_equal": "The value must be at least {ge}.",
    "less_than": "The value must be below {lt}.",
    "less_than_equal": "The value must be at most {le}.",
    "finite_number": "The value must be a finite number.",
}

LENGTHS = {
    "too_long": ("There may be at most {}.", "max_length", "entry", "entries"),
    "too_short": ("There must be at least {}.", "min_length", "entry", "entries"),
    "string_too_long": ("The text may have at most {}.", "max_length", "character", "characters"),
    "string_too_short": ("The text must have at least {}.", "min_length", "character", "characters"),
}
"""Sentence, name of the limit, and what is counted: one and many."""


def validate(kind: str, value: Any) -> tuple[Any, list[RunWarning]]:
    """
    Return the problem of this kind in a JSON value, and what looks odd in it.

    Raises
    ------
    ProblemError
        With status 422 and one issue per fault.
    """
    entry = PROBLEMS[kind]
    if not isinstance(value, dict):
        raise ProblemError("INVALID_REQUEST", _expected_object(kind, value), issues=[_not_an_object(value)])
    short, cut = shortened(value, entry.problem)
    if cut:
        try:
            entry.problem.model_validate(short)
        except ValidationError as error:
            raise _refusal(entry.problem, error, lower_bound=True) from None
    try:
        problem = entry.problem.model_validate(value)
    except ValidationError as error:
        raise _refusal(entry.problem, error, lower_bound=False) from None
    issues = entry.issues(problem)
    if issues:
        raise ProblemError(
            "INVALID_REQUEST",
            _summary(issues, len(issues)),
            issues=issues,
            issues_total=len(issues),
            lower_bound=len(issues) >= SLICE,
        )
    return problem, list(entry.warnings(problem))


def model_of(model: type[ModelT], value: Any) -> ModelT:
    """
    Return a JSON value as a model that needs no further semantics.

    Raises
    ------
    ProblemError
        With status 422 and one issue per fault.
    """
    if not isinstance(value, dict):
        raise ProblemError("INVALID_REQUEST", "The body must be one JSON object.", issues=[_not_an_object(value)])
    short, cut = shortened(value, model)
    try:
        if cut:
            model.model_validate(short)
        return model.model_validate(value)
    except ValidationError as error:
        raise _refusal(model, error, lower_bound=cut) from None


def shortened(value: Any, problem: type[BaseModel]) -> tuple[Any, bool]:
    """
    Return the value with every list and object cut to its first thousand entries, and whether anything was cut.

    Fields of the problem and its parts stay wherever they stand, so that none seems to be missing.
    """
    if isinstance(value, dict):
        parts = {key: shortened(item, problem) for key, item in _first_entries(value, problem)}
        return {key: part for key, (part, _) in parts.items()}, len(parts) < len(value) or any(cut for _, cut in parts.values())
    if isinstance(value, list):
        head = [shortened(item, problem) if isinstance(item, dict | list) else (item, False) for item in value[:SLICE]]
        return [part for part, _ in head], len(value) > SLICE or any(cut for _, cut in head)
    return value, False


def _first_entries(value: dict[str, Any], problem: type[BaseModel]) -> Iterable[tuple[str, Any]]:
    if len(value) <= SLICE:
        return value.items()
    known = _field_names(problem)
    return [(key, item) for place, (key, item) in enumerate(value.items()) if place < SLICE or key in known]


def pointer_of(location: Sequence[int | str]) -> str:
    """Return the RFC 6901 pointer of a path of keys and indices, cut when a key is absurdly long."""
    text = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return text if len(text) <= LONGEST_POINTER else text[:LONGEST_POINTER] + "..."


def _refusal(problem: type[BaseModel], error: ValidationError, *, lower_bound: bool) -> ProblemError:
    total = error.error_count()
    issues = [_issue_of(problem, detail) for detail in error.errors(include_url=False)[:MAX_ERRORS_SHOWN]]
    return ProblemError(
        "INVALID_REQUEST", _summary(issues, total), issues=issues, issues_total=total, lower_bound=lower_bound or total > SLICE
    )


def _issue_of(problem: type[BaseModel], detail: ErrorDetails) -> Issue:
    """Translate one of pydantic's errors: never repeats text that the client sent, except a short unknown name."""
    kind = detail["type"]
    context = detail.get("ctx", {})
    limit = next((context[key] for key in ("le", "ge", "lt", "gt", "max_length", "min_length") if key in context), None)
    message = _in_words(detail)
    if kind == "extra_forbidden":
        message = _unknown_field(problem, detail)
    elif kind == "missing":
        message = f"The field {_quoted(detail['loc'][-1])} is required."
    elif kind in ("literal_error", "string_pattern_mismatch"):
        message = _not_allowed(detail)
    code = CODES.get(kind, "WRONG_TYPE")
    return issue(pointer_of(detail["loc"]), code, message, limit=limit, got=_got(detail["input"], kind))


def _in_words(detail: ErrorDetails) -> str:
    """Return what a value must be, in the words of JSON; pydantic's own message for what is rare."""
    numbers = detail.get("ctx", {})
    if detail["type"] in LENGTHS:
        sentence, limit, one, many = LENGTHS[detail["type"]]
        return sentence.format(_counted(numbers[limit], one, many))
    template = MESSAGES.get(detail["type"])
    if template is None:
        return detail["msg"]
    return template.replace("{...}", "{{...}}").format(
        **{name: f"{number:.10g}" if isinstance(number, int | float) else number for name, number in numbers.items()}
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _unknown_field(problem: type[BaseModel], detail: ErrorDetails) -> str:
    name = str(detail["loc"][-1])
    fields = _fields_at(problem, tuple("*" if isinstance(part, int) else part for part in detail["loc"][:-1]))
    close = difflib.get_close_matches(name[:LONGEST_NAME], fields, n=1)
    if close:
        hint = f"Did you mean {_quoted(close[0])}?"
    elif 0 < len(fields) <= MOST_FIELDS_NAMED:
        hint = f"The fields are {', '.join(_quoted(field) for field in fields)}."
    else:
        hint = "See /docs for the fields."
    return f"There is no field {_quoted(name)} here. {hint}"


def _fields_at(problem: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    """
    Return the names of the fields of the objects at a path, in the order of the schema, without reserved ones.

    Keys of the request that the schema does not name lead to what its other keys hold; marks of pydantic lead nowhere.
    """
    schema = _schema(problem)
    places = _alternatives(schema, schema)
    for part in path:
        inner = [found for place in places for found in _inside(schema, place, part)]
        places = inner or places
    found = ((name, field) for place in places for name, field in place.get("properties", {}).items())
    return list(dict.fromkeys(name for name, field in found if not str(field.get("description", "")).startswith("Reserved")))


def _inside(schema: dict[str, Any], place: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """Return the schemas of one key (or of any index, written as a star) of a place."""
    any_key = [place.get("items" if part == "*" else "additionalProperties"), *place.get("patternProperties", {}).values()]
    further = [place.get("properties", {}).get(part), *any_key]
    return next((_alternatives(schema, found) for found in further if isinstance(found, dict)), [])


def _alternatives(schema: dict[str, Any], place: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow references and choices down to plain schemas."""
    if "$ref" in place:
        return _alternatives(schema, schema["$defs"][place["$ref"].rsplit("/", 1)[-1]])
    choices = [*place.get("anyOf", ()), *place.get("oneOf", ())]
    return [found for choice in choices for found in _alternatives(schema, choice)] if choices else [place]


@cache
def _schema(problem: type[BaseModel]) -> dict[str, Any]:
    return problem.model_json_schema()


@cache
def _field_names(problem: type[BaseModel]) -> frozenset[str]:
    """Return the names of all fields of a problem and of its parts."""
    schema = _schema(problem)
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", {}))


def _not_allowed(detail: ErrorDetails) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return "The text has characters that are not allowed here (control characters)."
    expected = str(detail.get("ctx", {}).get("expected", ""))
    choices = [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(",")]
    given = detail["input"]
    close = difflib.get_close_matches(given[:LONGEST_NAME], choices, n=1) if isinstance(given, str) else []
    hint = f" Did you mean {_quoted(close[0])}?" if close else ""
    return f"The value must be one of {expected}.{hint}"


def _quoted(name: int | str) -> str:
    text = str(name)
    return f"`{text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + '...'}`"


def _got(given: Any, kind: str) -> float | int | str | None:
    """Describe the input without repeating it: numbers as they are, else type and length."""
    if kind == "missing":
        return None
    if isinstance(given, bool) or given is None:
        return "null" if given is None else "boolean"
    if isinstance(given, int | float):
        return float(given) if abs(given) > 2**53 else given
    if isinstance(given, str):
        return f"text of {_counted(len(given), 'character', 'characters')}"
    if isinstance(given, list):
        return f"array of {_counted(len(given), 'entry', 'entries')}"
    if isinstance(given, dict):
        return f"object of {_counted(len(given), 'field', 'fields')}"
    return type(given).__name__


def _summary(issues: Sequence[Issue], total: int) -> str:
    first = issues[0]
    more = f" (and {total - 1} more)" if total > 1 else ""
    return f"{first.pointer or 'the request'}: {first.message}{more}"


def _expected_object(kind: str, value: Any) -> str:
    return f"Expected a JSON object, got {_got(value, '')}. GET /v1/examples lists ready bodies for {kind}."


def _not_an_object(value: Any) -> Issue:
    return issue("", "WRONG_TYPE", "The body must be one JSON object.", got=_got(value, ""))
