"""The OpenAPI document: complete, true, and the same as the committed file."""

import difflib
import re
import shlex
import tomllib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from app.errors import ERRORS
from app.examples import examples_of
from app.main import create_app
from app.openapi_problems import SHOWN
from app.openapi_samples import recorded_answers
from app.openapi_schemas import run_types
from app.settings import Settings
from models.errors import ProblemDetails
from solvers.problems import PROBLEMS
from tests.server import ROOT, Server

DOCUMENT: dict[str, Any] = orjson.loads(orjson.dumps(create_app(Settings()).openapi()))
OPERATIONS = {operation["operationId"]: operation for methods in DOCUMENT["paths"].values() for operation in methods.values()}
POSTS = {kind: DOCUMENT["paths"][f"/v1/{kind}"]["post"] for kind in PROBLEMS}
SCHEMAS = DOCUMENT["components"]["schemas"]
COMMAND = "make openapi"
LINES_SHOWN = 80
PARTS = ("items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems")


def dumped(document: Any) -> str:
    """Return a document as `python -m app.openapi` prints it."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def values_of(node: Any, key: str) -> Iterator[Any]:
    """Yield every value that stands under a key anywhere below a node."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from values_of(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from values_of(value, key)


def fields_of(schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and the schema of every field of a schema and of what is nested in it."""
    if not isinstance(schema, dict):
        return
    for name, field in schema.get("properties", {}).items():
        yield f"{path}.{name}", field
        yield from fields_of(field, f"{path}.{name}")
    for part in PARTS:
        nested = schema.get(part)
        for inner in nested if isinstance(nested, list) else [nested]:
            yield from fields_of(inner, f"{path}.{part}")


def target_of(node: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to, or the node itself when it is none."""
    if "$ref" not in node:
        return node
    _, group, name = node["$ref"].removeprefix("#/").split("/")
    found: dict[str, Any] = DOCUMENT["components"][group][name]
    return found


def test_the_committed_document_is_this_one() -> None:
    """A change of the contract shows in a review as a change of openapi.json."""
    committed, made = (ROOT / "openapi.json").read_text(), dumped(DOCUMENT)
    if committed != made:
        lines = list(difflib.unified_diff(committed.splitlines(), made.splitlines(), "openapi.json", "this version", n=2))
        shown = "\n".join(line[:200] for line in lines[:LINES_SHOWN])
        pytest.fail(f"`{COMMAND}` writes openapi.json anew; {len(lines)} lines differ:\n{shown}", pytrace=False)


def test_the_served_document_is_this_one(server: Server) -> None:
    """A server started with other settings serves the same document."""
    assert server.client.get("/openapi.json").json() == DOCUMENT


def test_the_document_has_the_version_of_the_project() -> None:
    """The version of the document is the one in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert DOCUMENT["info"]["version"] == project["version"]
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_every_reference_leads_somewhere() -> None:
    """Each $ref and each entry of a discriminator names a component that is there."""
    mapped = [target for mapping in values_of(SCHEMAS, "mapping") for target in mapping.values()]
    there = {f"#/components/{group}/{name}" for group, found in DOCUMENT["components"].items() for name in found}
    assert {target for target in [*values_of(DOCUMENT, "$ref"), *mapped] if isinstance(target, str)} - there == set()


def test_every_schema_is_used() -> None:
    """What no operation leads to would only be clutter."""
    used = {target.rsplit("/", 1)[1] for target in values_of(DOCUMENT, "$ref")}
    assert set(SCHEMAS) - used == set()


def test_every_schema_has_a_plain_name_and_a_description() -> None:
    """Names are one word in capitals and small letters, so that generated code reads well."""
    assert [name for name in SCHEMAS if not re.fullmatch(r"([A-Z][a-z0-9]+)+|[A-Z]+", name)] == []
    assert [name for name, schema in SCHEMAS.items() if not schema.get("description")] == []
    assert {f"{''.join(map(str.capitalize, re.split('[-/]', kind)))}Run" for kind in PROBLEMS} <= set(SCHEMAS)


def test_every_field_has_a_description() -> None:
    """A field without a description is one that a reader has to guess; a reference may leave it to what it refers to."""
    fields = [entry for name, schema in SCHEMAS.items() for entry in fields_of(schema, name)]
    assert len(fields) > 100
    assert [path for path, field in fields if not (field.get("description") or target_of(field).get("description"))] == []


def test_every_operation_is_described() -> None:
    """Each has a short id that is its own, a summary, a description, one declared tag, and described answers."""
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    assert len(OPERATIONS) == sum(map(len, DOCUMENT["paths"].values()))
    for name, operation in OPERATIONS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+){0,3}", name), name
        assert operation["summary"], name
        assert operation["description"], name
        assert len(operation["tags"]) == 1, name
        assert set(operation["tags"]) <= tags, name
        assert all(target_of(answer)["description"] for answer in operation["responses"].values()), name
        assert all(parameter.get("description") for parameter in operation.get("parameters", [])), name


def test_every_tag_has_a_paragraph() -> None:
    """Each tag says what question it answers."""
    assert all(len(tag["description"]) > 40 for tag in DOCUMENT["tags"])


def test_every_answer_has_an_example() -> None:
    """A reader sees what comes back before the first call."""
    bodies = {
        (name, status): body
        for name, operation in OPERATIONS.items()
        for status, answer in operation["responses"].items()
        for body in target_of(answer).get("content", {}).values()
    }
    assert {key for key, body in bodies.items() if not (body.get("examples") or body.get("example"))} == set()
    assert {key for key, body in bodies.items() if not body.get("schema")} == set()


def test_every_error_answer_is_shown() -> None:
    """Each is problem details, with at least one example that has its status and a code of the table."""
    answers = [
        (name, int(status), target_of(answer))
        for name, operation in OPERATIONS.items()
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and name != "ready"
    ]
    assert {status for _, status, _ in answers} == set(SHOWN) - {405}
    for name, status, answer in answers:
        shown = answer["content"]["application/problem+json"]["examples"]
        assert shown, (name, status)
        for code, example in shown.items():
            details = ProblemDetails.model_validate(example["value"])
            assert (details.code, details.status) == (code, status)
            assert ERRORS[code].status == status


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_solving_operation_shows_its_errors(kind: str) -> None:
    """Every status that the front door can answer is documented, and 422 shows a misspelt field of this very request."""
    assert {"200", "202", "400", "413", "415", "422", "500", "503"} <= set(POSTS[kind]["responses"])
    refused = POSTS[kind]["responses"]["422"]["content"]["application/problem+json"]["examples"]["INVALID_REQUEST"]["value"]
    assert "Did you mean" in refused["errors"][0]["message"] or "Did you mean" in refused["errors"][-1]["message"]


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_solving_operation_shows_three_to_twelve_requests(kind: str) -> None:
    """They are the files in `examples/`, the simplest first, because pages open the first."""
    shown = POSTS[kind]["requestBody"]["content"]["application/json"]["examples"]
    assert 3 <= len(shown) <= 12
    assert next(iter(shown)) == "tiny"
    assert {name: example["value"] for name, example in shown.items()} == {
        name: example["request"] for name, example in examples_of(kind).items()
    }
    assert all(example["summary"] and example["description"] for example in shown.values())


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_solving_operation_shows_true_answers(kind: str) -> None:
    """The recorded answers are runs of the present types, with the status that the example expects (`make answers`)."""
    shown = dict(POSTS[kind]["responses"]["200"]["content"]["application/json"]["examples"])
    assert shown.pop("validate_only")["value"]["valid"] is True
    assert "tiny" in shown
    for name, example in shown.items():
        run_types()[kind].model_validate_json(orjson.dumps(example["value"]))
        assert example["value"]["status"] == examples_of(kind)[name]["expect"]["status"]


def test_no_recorded_answer_is_left_over() -> None:
    """Each recorded answer belongs to an example."""
    assert set(recorded_answers()) <= {f"{kind.replace('/', '-')}_{name}" for kind in PROBLEMS for name in examples_of(kind)}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_command_line_sends_the_tiny_example(kind: str) -> None:
    """The sample posts exactly the example, quoted for a shell."""
    words = shlex.split(POSTS[kind]["x-codeSamples"][0]["source"])
    assert words[0] == "curl"
    assert words[2].endswith(f":8000/v1/{kind}")
    assert orjson.loads(words[-1]) == examples_of(kind)["tiny"]["request"]


def test_mathematics_survives_markdown() -> None:
    """Between dollar signs stands nothing that a Markdown reader would take for itself."""
    texts = [text for text in values_of(DOCUMENT, "description") if isinstance(text, str) and "$" in text]
    formulas = [formula for text in texts for formula in re.findall(r"\${1,2}([^$]+)\${1,2}", text)]
    assert formulas
    assert [formula for formula in formulas if re.search(r"\\[^A-Za-z]|[*<`|]", formula)] == []
