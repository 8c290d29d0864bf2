"""
Ask the questions in `examples/questions/` about their examples, and write the answers into their files.

`make answers` runs it after `scripts.record_answers`. As there, identity, clock and measured times are the same in every file.
"""

import sys
from typing import Any

import orjson

from app.alteration import Parent, alter
from app.examples import examples
from app.execution import Job, Result, supervise
from app.openapi_questions import QUESTIONS
from app.openapi_samples import SAMPLE_ID
from app.settings import Settings
from scripts.record_answers import run_of

PARENT_ID = "run_01KE6BV4ZZ7M2W5C8R1T6X9Q3A"


def answered(kind: str, body: bytes, further: tuple[bytes, ...] = ()) -> Result:
    """Return what a solve in a process of its own came to."""
    settings = Settings()
    limit = orjson.loads(body)["options"]["time_limit_s"]
    job = Job(kind=kind, body=body, time_limit=limit, memory_mb=settings.memory_mb, run_id=SAMPLE_ID, further=further)
    result = supervise(job)
    if result.head is None or result.answer is None:
        raise SystemExit(f"{kind}: {result.error}: {result.detail}")
    return result


def answer_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return the run that a question makes."""
    example = examples()[found["about"]]
    kind, body = example["kind"], orjson.dumps(example["request"])
    parent = answered(kind, body)
    assert parent.head is not None
    assert parent.answer is not None
    about = Parent(id=PARENT_ID, question=found["question"], objective=parent.head["objective"]["value"])
    altered = alter(kind, body, orjson.dumps(found["request"]), parent=about, explain=None)
    result = answered(kind, altered.body, (altered.alteration, parent.answer))
    assert result.head is not None
    assert result.answer is not None
    return run_of(kind, {"status": result.head["status"], **orjson.loads(result.answer)})


def main() -> None:
    """Replace the recorded answers."""
    for path in sorted(QUESTIONS.glob("*.json")):
        found = orjson.loads(path.read_bytes())
        found["answer"] = answer_of(found)
        path.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        sys.stdout.write(f"{path.stem}: {found['answer']['comparison']['sentence']}\n")


if __name__ == "__main__":
    main()
