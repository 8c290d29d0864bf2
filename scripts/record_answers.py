"""
Solve the examples that the OpenAPI document shows with their answers, and write the answers to `examples/answers/`.

Run it with `make answers` when an example, a solver or the form of an answer has changed. Identity, clock and measured
times of a run are the same in every file, so that only a change of substance shows as a difference.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

import orjson

from app.examples import examples
from app.offline import solve_offline
from app.openapi_samples import ANSWERS, SAMPLE_ID, SAMPLE_TIMES
from solvers.signing import VARIABLE

SHOWN = ("tiny", "infeasible", "explained")
LARGEST_ANSWER = 64_000
"""Longer answers are left out: nobody reads them in a page. The tiny one is always kept."""

SIGNING_KEY = "key of the recorded answers"
"""States in recorded answers are signed with it, so that they are the same on every machine; no server uses it."""

TIMES = {"solve_time_s": 0.02, "build_time_s": 0.001, "check_time_s": 0.001, "explain_time_s": 0.001}
"""What stands for the measured times, which differ from run to run."""


def answers() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the answer, as indented JSON, of every example that is shown with one."""
    for name, example in examples().items():
        short = name.partition("_")[2]
        if short in SHOWN:
            text, _ = solve_offline(example["kind"], orjson.dumps(example["request"]), None)
            answer = run_of(example["kind"], orjson.loads(text))
            indented = orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            if answer["status"] != example["expect"]["status"]:
                raise SystemExit(
                    f"{name} is {answer['status']}, and its file expects {example['expect']['status']}: {answer['error']}"
                )
            if short == "tiny" or len(indented) <= LARGEST_ANSWER:
                yield name, indented


def run_of(kind: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the whole run around an answer, with times that do not depend on the machine."""
    stats = answer["stats"]
    if stats is not None:
        stats |= TIMES
    outer = {"id": SAMPLE_ID, "kind": kind, "status": answer["status"], **SAMPLE_TIMES}
    return outer | {name: value for name, value in answer.items() if name not in outer}


def main() -> None:
    """Replace the recorded answers."""
    os.environ[VARIABLE] = SIGNING_KEY
    ANSWERS.mkdir(exist_ok=True)
    made = dict(answers())
    for old in ANSWERS.glob("*.json"):
        if old.stem not in made:
            old.unlink()
    for name, text in made.items():
        (ANSWERS / f"{name}.json").write_bytes(text)
        sys.stdout.write(f"{name}: {len(text)} bytes\n")


if __name__ == "__main__":
    main()
