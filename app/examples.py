"""Ready request bodies: the files in `examples/`, shown in the documentation, served over HTTP, run by the tests."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from solvers.problems import PROBLEMS

FOLDER = Path(__file__).resolve().parent.parent / "examples"


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Return every example by its name (`routing_tiny`): kind, summary, description, request and expected status."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*_*.json")):
        prefix, _, _ = path.stem.partition("_")
        kind = next((kind for kind in PROBLEMS if kind.replace("/", "-") == prefix), None)
        if kind is not None:
            found[path.stem] = {"kind": kind, **orjson.loads(path.read_bytes())}
    return found


def examples_of(kind: str) -> dict[str, dict[str, Any]]:
    """Return the examples of one kind, by short name (`tiny`)."""
    return {name.partition("_")[2]: example for name, example in examples().items() if example["kind"] == kind}
