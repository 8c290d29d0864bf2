"""The schemas of the OpenAPI document: one pass over the types of all requests and answers, then tidied for readers."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from app.runs.summary import RunList
from models.comparison import WhatIf
from models.errors import ProblemDetails
from models.run import Run
from solvers.alternatives import ALTERNATIVES
from solvers.problems import PROBLEMS

REFERENCE = "#/components/schemas/{model}"
ANY_RUN = "AnyRun"
WHY_NOT = "WhyNot"
DESCRIBED = {
    "Matrix": {"description": "A square matrix, rows and columns in the order of `locations`."},
    "JsonValue": {"description": "Any JSON value."},
}
"""Descriptions of named types that are no classes, and so have no docstring that could say it."""


def reference(name: str) -> dict[str, str]:
    """Return a reference to a schema of the document."""
    return {"$ref": REFERENCE.format(model=name)}


def run_name(kind: str) -> str:
    """Return the schema name of a kind's envelope, for example `InventoryPlanRun`."""
    return "".join(part.capitalize() for part in kind.replace("/", "-").split("-")) + "Run"


@cache
def run_types() -> dict[str, type[BaseModel]]:
    """Return the envelope type of every kind; its `kind` is a constant, by which a reader tells the envelopes apart."""
    return {kind: _run_type(kind) for kind in PROBLEMS}


def _run_type(kind: str) -> type[BaseModel]:
    entry = PROBLEMS[kind]
    generic: Any = Run
    constant: Any = Annotated[Literal[kind], Field(description="The endpoint it was posted to, without `/v1/`.")]
    made: type[BaseModel] = create_model(
        run_name(kind),
        __base__=generic[entry.solution, entry.explanation],
        __doc__=f"A run of `POST /v1/{kind}`.",
        kind=constant,
    )
    return made


class Validity(BaseModel):
    """The answer to `validate_only`: the request is valid. One that is not gets the 422 of the real call."""

    valid: Annotated[Literal[True], Field(description="Always true.")]
    warnings: Annotated[
        list[dict[str, str]], Field(description="What looks odd but would not stop the run: `code`, `pointer`, `message`.")
    ]
    sizes: Annotated[dict[str, int], Field(description="Number of entries of each list of the request.")]
    estimate: Annotated[
        dict[str, float], Field(description="`time_limit_s`: longest time the run may take; `body_bytes`: size of the request.")
    ]


def schemas() -> dict[str, Any]:
    """Return the schemas of all requests and answers by name, sorted."""
    forces = dict.fromkeys(alternatives.force for alternatives in ALTERNATIVES.values())
    requests = [(model, "validation") for model in (*(entry.problem for entry in PROBLEMS.values()), WhatIf, *forces)]
    answers = [(model, "serialization") for model in (*run_types().values(), RunList, Validity, ProblemDetails)]
    _, made = models_json_schema([*requests, *answers], ref_template=REFERENCE)  # type: ignore[list-item]
    found: dict[str, Any] = made.get("$defs", {})
    found[ANY_RUN] = any_run()
    found[WHY_NOT] = why_not(found["WhatIf"]["properties"]["options"], [force.__name__ for force in forces])
    return found


def why_not(options: dict[str, Any], forces: Sequence[str]) -> dict[str, Any]:
    """Return the schema of the question why-not: what can be forced depends on the kind of the run."""
    force = {
        "description": "The alternative that shall hold, in the words of the run's kind.",
        "anyOf": [reference(name) for name in forces],
    }
    return {
        "type": "object",
        "description": "The question why a run's answer does not do something else.",
        "additionalProperties": False,
        "required": ["force"],
        "properties": {"force": force, "options": options},
    }


def any_run() -> dict[str, Any]:
    """Return the schema of a run of any kind."""
    references = {kind: reference(run_name(kind)) for kind in PROBLEMS}
    return {
        "description": "A run of any endpoint; `kind` says which.",
        "oneOf": list(references.values()),
        "discriminator": {"propertyName": "kind", "mapping": {kind: target["$ref"] for kind, target in references.items()}},
    }


def tidied(found: dict[str, Any]) -> dict[str, Any]:
    """Return schemas sorted by name, without titles that only repeat a name in another spelling."""
    described = {name: DESCRIBED.get(name, {}) | found[name] for name in found}
    for schema in described.values():
        options = schema.get("properties", {}).get("options")
        if options is not None:
            options.setdefault("description", "How long to search, how exactly, by which solver, and how much to explain.")
    return {name: {**_without_titles(described[name]), "title": name} for name in sorted(described)}


def _without_titles(value: Any, path: Sequence[str] = ()) -> Any:
    """Drop the key `title` of every schema, but not a property that happens to have this name, nor one in an example."""
    if isinstance(value, list):
        return [_without_titles(item, path) for item in value]
    if not isinstance(value, dict) or path[-1:] in (("examples",), ("default",), ("example",)):
        return value
    inside_properties = path[-1:] == ("properties",)
    return {
        key: _without_titles(item, (*path, "property" if inside_properties else key))
        for key, item in value.items()
        if inside_properties or key != "title"
    }
