"""What is wrong with a linear problem beyond its schema, and where."""

from typing import Any

import pytest

from solvers.linear.semantics import issues, warnings
from tests.solvers.linear.cases import REDDY_MIKKS, problem, with_constraint

X = {"name": "x", "objective": 1}
COLUMNS: dict[str, Any] = {
    "variables": {"objective": [5, 4]},
    "constraints": {"lower": [None], "upper": [24]},
    "entries": {"row": [0, 0], "column": [0, 1], "value": [6, 4]},
}


def found(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(issue.pointer, issue.code) for issue in issues(problem(body))]


def test_a_good_problem_has_no_issue() -> None:
    """Neither issues nor warnings."""
    assert found(REDDY_MIKKS) == []
    assert warnings(problem(REDDY_MIKKS)) == []


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "", "NO_MODEL"),
        ({"variables": []}, "/variables", "NO_VARIABLES"),
        ({"variables": [X], "mps": "NAME"}, "/mps", "TWO_FORMS"),
        ({"lp": "min\n x\nend", "constraints": [{"name": "r", "terms": {}}]}, "/constraints", "TWO_FORMS"),
        ({"variables": [X, X]}, "/variables/1/name", "DUPLICATE_NAME"),
        ({"variables": [{**X, "upper": -1}]}, "/variables/0/lower", "CROSSING_SIDES"),
        ({"mps": "ROWS\n N c\nRHS\n R q 1\nENDATA"}, "/mps", "UNKNOWN_ROW"),
        ({"lp": "x"}, "/lp", "MISSING_OBJECTIVE"),
        ({"lp": "min\n 3\nend"}, "/lp", "NO_VARIABLES"),
        ({"lp": "min\n x\nst\n x >= 1\nend", "sense": "max"}, "/sense", "TWO_SENSES"),
        ({"lp": "min\n x\nst\n x >= 1\nbounds\n x <= -4\nend"}, "/lp", "CROSSING_SIDES"),
    ],
)
def test_an_issue_says_where(body: dict[str, Any], pointer: str, code: str) -> None:
    """The pointer leads to the field, the code is stable, and the message is a sentence."""
    assert found(body) == [(pointer, code)]
    assert issues(problem(body))[0].message[0].isupper()


@pytest.mark.parametrize(
    ("constraint", "pointer", "code"),
    [
        ({"name": "M1", "terms": {}, "upper": 1}, "/constraints/4/name", "DUPLICATE_NAME"),
        ({"name": "r", "terms": {"q/~": 1}, "upper": 1}, "/constraints/4/terms/q~1~0", "UNKNOWN_VARIABLE"),
        ({"name": "r", "terms": {"x": 1}, "lower": 2, "upper": 1}, "/constraints/4/lower", "CROSSING_SIDES"),
    ],
)
def test_an_issue_of_a_constraint_says_where(constraint: dict[str, Any], pointer: str, code: str) -> None:
    """Names, terms and sides of constraints are checked."""
    assert found(with_constraint(REDDY_MIKKS, **constraint)) == [(pointer, code)]


@pytest.mark.parametrize(
    ("part", "change", "pointer", "code"),
    [
        ("variables", {"lower": [0]}, "/columns/variables/lower", "LENGTH_MISMATCH"),
        ("variables", {"upper": [1, -1]}, "/columns/variables/lower/1", "CROSSING_SIDES"),
        ("variables", {"name": ["a", "a"]}, "/columns/variables/name/1", "DUPLICATE_NAME"),
        ("constraints", {"upper": []}, "/columns/constraints/upper", "LENGTH_MISMATCH"),
        ("constraints", {"lower": [25]}, "/columns/constraints/lower/0", "CROSSING_SIDES"),
        ("entries", {"row": [0]}, "/columns/entries/row", "LENGTH_MISMATCH"),
        ("entries", {"row": [0, 1]}, "/columns/entries/row/1", "UNKNOWN_POSITION"),
        ("entries", {"column": [0, 2]}, "/columns/entries/column/1", "UNKNOWN_POSITION"),
    ],
)
def test_an_issue_of_sparse_columns_says_where(part: str, change: dict[str, Any], pointer: str, code: str) -> None:
    """Lengths, sides and positions of sparse columns are checked."""
    assert found({"columns": {**COLUMNS, part: {**COLUMNS[part], **change}}}) == [(pointer, code)]


def test_at_most_a_thousand_issues_are_returned() -> None:
    """Validation stops early."""
    assert len(issues(problem({"variables": [X] * 3_000}))) == 1_000


def test_a_parse_error_names_the_line() -> None:
    """The message and `got` hold the line of the text."""
    (issue,) = issues(problem({"mps": "ROWS\n N c\nRHS\n R q 1\nENDATA"}))
    assert issue.got == 4
    assert "line 4" in issue.message


def test_odd_models_are_warned_about() -> None:
    """A row without sides and coefficients twelve orders apart are odd, not wrong."""
    body = with_constraint(REDDY_MIKKS, name="r", terms={"x": 1e-7, "y": 1e5})
    assert [warning.code for warning in warnings(problem(body))] == ["CONSTRAINT_WITHOUT_SIDES", "WIDE_COEFFICIENT_RANGE"]


def test_a_constraint_below_the_tolerance_is_warned_about() -> None:
    """A side of a row whose coefficients are all tiny could be missed without the check noticing."""
    body = {"variables": [X], "constraints": [{"name": "dust", "terms": {"x": 1e-8}, "lower": 1e-8}]}
    (warning,) = warnings(problem(body))
    assert warning.code == "CONSTRAINT_BELOW_TOLERANCE"
    assert "dust" in warning.message


@pytest.mark.parametrize("row", ["x >= 1e400", "x <= -inf", "-1 <= x <= -1e400"])
def test_a_side_beyond_every_number_in_a_text(row: str) -> None:
    """A lower side of plus infinity, or an upper side of minus infinity, admits nothing and is a slip of the pen."""
    text = f"Minimize obj: x\nSubject To\n c: {row}\nEnd\n"
    assert ("/lp", "INFINITE_SIDE") in found({"lp": text})
