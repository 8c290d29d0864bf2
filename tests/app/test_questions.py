"""The questions that the documentation shows, with their answers."""

import orjson
import pytest

from app.examples import examples
from app.openapi_questions import questions
from app.openapi_schemas import run_types
from models.comparison import WhatIf, WhyNot
from solvers.alternatives import ALTERNATIVES


@pytest.mark.parametrize("name", questions())
def test_a_shown_question_has_a_true_answer(name: str) -> None:
    """The request is one, and the recorded answer (`make answers`) is a run of the present types."""
    found = questions()[name]
    kind = examples()[found["about"]]["kind"]
    asked = WhatIf if found["question"] == "what-if" else WhyNot[ALTERNATIVES[kind].force]  # type: ignore[name-defined]
    asked.model_validate(found["request"])
    run_types()[kind].model_validate_json(orjson.dumps(found["answer"]))
    assert found["answer"]["comparison"]["question"] == found["question"]
    assert found["answer"]["status"] == "succeeded"


@pytest.mark.parametrize("question", ["what-if", "why-not"])
def test_each_question_is_shown(question: str) -> None:
    """At least one example of each stands at its operation."""
    assert question in {found["question"] for found in questions().values()}
