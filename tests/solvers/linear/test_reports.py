"""Reports are built without validation; they must be what validation would have built."""

import pytest

from models.base import Output
from models.explanation import ConstraintReport, Range, VariableReport
from tests.solvers.linear.cases import REDDY_MIKKS, integer, run


def reports(body: dict[str, object]) -> list[Output]:
    """Return all reports and ranges of an explanation."""
    explanation = run(body, explain="full").explanation
    ranges = [report.rhs_range for report in explanation.constraints] + [report.cost_range for report in explanation.variables]
    return [*explanation.constraints, *explanation.variables, *(part for part in ranges if part is not None)]


@pytest.mark.parametrize("body", [REDDY_MIKKS, integer(REDDY_MIKKS)])
def test_reports_are_what_validation_builds(body: dict[str, object]) -> None:
    """The same values under the same keys, without NaN or infinities."""
    for report in reports(body):
        assert type(report).model_validate(report.model_dump()) == report


def test_reports_keep_the_order_of_their_fields() -> None:
    """Keys come in the order of the schema."""
    found = {type(report): report for report in reports(REDDY_MIKKS)}
    assert set(found) == {ConstraintReport, VariableReport, Range}
    for kind, report in found.items():
        assert list(report.model_dump()) == list(kind.model_fields)


def test_a_copy_does_not_touch_the_original() -> None:
    """Features put sentences of their own into copies."""
    first = run(REDDY_MIKKS, explain="full").explanation.constraints[0]
    copied = first.model_copy(update={"sentence": "other"})
    assert (copied.sentence, first.sentence == "other") == ("other", False)


def test_a_binding_row_of_an_integer_model_says_what_it_is_worth_with_the_whole_numbers_kept():
    """With x + y <= 2.5 and x whole, x = 2 is kept and y takes the rest at its price of 1."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": 2, "integer": True, "upper": 2}, {"name": "y", "objective": 1}],
        "constraints": [{"name": "room", "terms": {"x": 1, "y": 1}, "upper": 2.5}],
    }
    sentence = run(body, explain="full").explanation.constraints[0].sentence
    assert sentence.endswith("with the whole numbers kept, one more unit on the right-hand side raises the objective by 1.")
