"""The narrative says what a planner asks first: how good, what to do, what limits it, what that is worth, what comes next."""

from typing import Any

import pytest

from solvers.linear.render_text import rounded
from tests.solvers.linear.cases import REDDY_MIKKS, integer, run

BLEND: dict[str, Any] = {
    "unit": "EUR",
    "variables": [
        {"name": "oats", "objective": 1.1, "unit": "kg"},
        {"name": "raisins", "objective": 3.4, "unit": "kg"},
        {"name": "nuts", "objective": 9.5, "unit": "kg"},
    ],
    "constraints": [
        {"name": "batch", "terms": {"oats": 1, "raisins": 1, "nuts": 1}, "lower": 100, "upper": 100, "unit": "kg"},
        {"name": "fruit", "terms": {"raisins": 1}, "lower": 20, "unit": "kg"},
    ],
}


def narrative(body: dict[str, Any]) -> list[str]:
    """Return the sentences of a full explanation."""
    sentences: list[str] = run(body, explain="full").explanation.narrative
    return sentences


def test_the_story_of_a_plan() -> None:
    """Objective with its proof, values with units and their share, and what binds."""
    assert narrative({**REDDY_MIKKS, "unit": "kEUR"})[:3] == [
        "The largest possible objective is 21 kEUR; it is proved that no answer is better.",
        "It has x = 3 (15 kEUR), y = 1.5 (6 kEUR).",
        "2 of 4 constraints bind: M1, M2.",
    ]


def test_the_constraint_that_weighs_most_is_priced_in_its_unit() -> None:
    """Weight is price times right-hand side, so that grams and kilograms compare."""
    sentence = narrative({**REDDY_MIKKS, "unit": "kEUR"})[3]
    assert sentence.startswith(
        "The constraint that weighs most is M1 (in t): one more unit on its right-hand side raises the objective by 0.75 kEUR"
    )


def test_the_variable_that_is_nearest_to_being_used() -> None:
    """Its reduced cost is what one unit of it would cost."""
    assert (
        "Of the variables at 0, nuts (in kg) is nearest to being used: each unit of it raises the objective by 8.4 EUR."
        in narrative(BLEND)
    )


def test_whole_numbers_have_a_price_and_a_closest_call() -> None:
    """A MIP says what the relaxation could do and which decision is nearly the other way round."""
    words = " ".join(narrative(integer(REDDY_MIKKS)))
    assert "Without the demand for whole numbers the objective would be 21: they cost 1 (5.0%)." in words
    assert "the closest of 2 decisions flipped and solved again" in words


def test_nothing_to_do_is_told() -> None:
    """An optimum at 0 without constraints still has three sentences."""
    assert narrative({"variables": [{"name": "x", "objective": 1}]})[1:3] == [
        "All variables are 0.",
        "There are no constraints beside the bounds of the variables.",
    ]


def test_many_variables_are_counted_and_not_listed() -> None:
    """Five values at most, the largest parts of the objective first."""
    variables = [{"name": f"x{place}", "objective": place, "lower": 1} for place in range(1, 10)]
    sentence = narrative({"variables": [*variables, {"name": "z", "objective": 1}]})[1]
    listed = "It has " + ", ".join(f"x{place} = 1 ({place} of the objective)" for place in (9, 8, 7, 6))
    assert sentence == f"{listed}, and 5 more that are not 0; 1 variable is 0."


@pytest.mark.parametrize(
    "body",
    [
        BLEND,
        integer(BLEND),
        {**BLEND, "constraints": [*BLEND["constraints"], {"name": "dry", "terms": {"raisins": 1}, "upper": 5}]},
        {**BLEND, "sense": "max", "constraints": []},
    ],
)
def test_three_to_six_sentences(body: dict[str, Any]) -> None:
    """Optimal, integer, infeasible or unbounded, each a full sentence."""
    sentences = narrative(body)
    assert 3 <= len(sentences) <= 6
    assert all(sentence[-1] in ".:" for sentence in sentences)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1240.0, "1,240"),
        (903.5811, "903.58"),
        (1.704, "1.704"),
        (1 / 3, "0.3333"),
        (-16.07142857, "-16.0714"),
        (1234567.894, "1,234,567.89"),
        (0.000012345, "0.00001234"),
    ],
)
def test_numbers_in_sentences_are_rounded(value: float, written: str) -> None:
    """People read few digits; the reports hold all of them."""
    assert rounded(value) == written
