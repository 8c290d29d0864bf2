"""The OpenAPI documentation of what-if, why-not and the model files."""

from functools import cache
from typing import Any

import orjson
from starlette.responses import StreamingResponse

from app.examples import FOLDER, examples
from app.openapi import HEADER_PARAMETERS, PROBLEM_STATUSES, run_responses
from app.openapi_problems import problem_responses
from app.openapi_samples import queued_run
from app.openapi_schemas import ANY_RUN, WHY_NOT, reference
from app.openapi_values import example

QUESTIONS = FOLDER / "questions"
"""Questions about examples, one file each, with the answers that `make answers` records beside them."""


@cache
def questions() -> dict[str, dict[str, Any]]:
    """Return every question by its name: `question`, `about` (an example), `summary`, `request`, and the recorded `answer`."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted(QUESTIONS.glob("*.json"))}


def _question_operation(question: str, schema: str) -> dict[str, Any]:
    """Return the documentation of a question as arguments of a FastAPI route."""
    asked = {name: found for name, found in questions().items() if found["question"] == question}
    requests = {
        name: example(found["summary"], found["request"], f"About a run of the example `{found['about']}`.")
        for name, found in asked.items()
    }
    answers = {name: example(f"Answer to: {found['summary']}", found["answer"]) for name, found in asked.items()}
    kind = examples()[next(iter(asked.values()))["about"]]["kind"]
    finished = {"schema": {"oneOf": [reference(ANY_RUN), reference("Validity")]}, "examples": answers}
    accepted = {"schema": reference(ANY_RUN), "examples": {"queued": example("The run waits for a worker", queued_run(kind))}}
    return {
        "response_model": None,
        "responses": {
            **run_responses("The finished run with its comparison, or the answer to `validate_only`.", finished, accepted),
            **problem_responses(*PROBLEM_STATUSES, 404, 409),
        },
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "description": "The question. Unknown fields are errors.",
                "content": {"application/json": {"schema": reference(schema), "examples": requests}},
            },
            "parameters": HEADER_PARAMETERS,
        },
    }


MPS = """NAME  muesli
OBJSENSE
    MIN
ROWS
 N  objective
 G  fibre
COLUMNS
    oats  objective  2.0
    oats  fibre  0.1
RHS
    RHS  fibre  1.0
RANGES
BOUNDS
ENDATA
"""
LP = """Minimize
 objective: +2 oats
Subject To
 fibre: +0.1 oats >= 1.0
Bounds
End
"""


def model_operation(form: str) -> dict[str, Any]:
    """Return the documentation of a model file as arguments of a FastAPI route."""
    text = {"mps": MPS, "lp": LP}[form]
    content = {"schema": {"type": "string", "description": "The model."}, "examples": {"tiny": example("A tiny model", text)}}
    codes: dict[int, tuple[str, ...]] = {
        404: ("RUN_NOT_FOUND", "NO_LINEAR_MODEL"),
        500: ("INTERNAL_ERROR", "MODEL_NOT_WRITTEN"),
    }
    return {
        "response_model": None,
        "response_class": StreamingResponse,
        "responses": {
            200: {"description": f"The model as {form.upper()} text, as an attachment.", "content": {"text/plain": content}},
            **problem_responses(404, 422, 500, codes=codes),
        },
    }


WHAT_IF_OPERATION = _question_operation("what-if", "WhatIf")
WHY_NOT_OPERATION = _question_operation("why-not", WHY_NOT)
