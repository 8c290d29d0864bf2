"""What a forecasting request must satisfy beyond its types."""

from typing import Any

import pytest

from solvers.forecasting.semantics import issues, warnings
from tests.solvers.forecasting.problems import long_rows, monthly

GOOD = {"id": "a", "start": "2024-01-01", "values": [1, 2, 3]}


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"frequency": "fortnight"}, "/frequency", "UNKNOWN_FREQUENCY"),
        ({"levels": [80, 80]}, "/levels/1", "DUPLICATE_ENTRY"),
        ({"quantiles": [0.5, 0.9, 0.5]}, "/quantiles/2", "DUPLICATE_ENTRY"),
        ({"series": []}, "/series", "NO_SERIES"),
        ({"series": None}, "/series", "EXACTLY_ONE_OF"),
        ({"series": [GOOD, GOOD]}, "/series/1/id", "DUPLICATE_ID"),
        ({"series": [GOOD | {"values": [None, None]}]}, "/series/0/values", "NO_OBSERVATIONS"),
        ({"series": [GOOD | {"start": None}]}, "/series/0/start", "START_NOT_A_TIME"),
        ({"series": [GOOD | {"start": "1 May"}]}, "/series/0/start", "START_NOT_A_TIME"),
        ({"series": [GOOD | {"start": 3}]}, "/series/0/start", "START_NOT_A_TIME"),
        ({"series": [GOOD], "frequency": 1}, "/series/0/start", "START_NOT_INTEGER"),
        ({"series": [GOOD | {"start": "9999-06-01"}]}, "/series/0/start", "CALENDAR_EXCEEDED"),
        ({"series": [GOOD | {"id": str(i)} for i in range(3000)], "horizon": 1000}, "/horizon", "ANSWER_TOO_LARGE"),
    ],
)
def test_an_issue_is_found(fields: dict[str, Any], pointer: str, code: str) -> None:
    """Each mistake is named, with the place where it is."""
    found = issues(monthly([1, 2, 3], **fields))
    assert [(issue.pointer, issue.code) for issue in found] == [(pointer, code)]


@pytest.mark.parametrize(
    ("rows", "pointer", "code"),
    [
        ([("a", "2024-01-01", 1.0), ("a", 5, 1.0)], "/rows/1/ds", "TIME_NOT_A_DATE"),
        ([("a", "2024-01-01", 1.0), ("a", "2024-01-02T03:00:00", 1.0)], "/rows/1/ds", "TIME_OFF_GRID"),
        ([("a", "2024-01-01", 1.0), ("a", "2024-01-02T00:00:00Z", 1.0)], "/rows/0/ds", "MIXED_OFFSETS"),
        ([("a", "1900-01-01", 1.0), ("a", "2024-01-02", 1.0)], "/rows/0/ds", "SERIES_TOO_LONG"),
        ([("a", "2024-01-01", None)], "/rows/0/y", "NO_OBSERVATIONS"),
    ],
)
def test_an_issue_of_rows_is_found(rows: list[tuple[str, Any, Any]], pointer: str, code: str) -> None:
    """Each mistake in long rows is named, with the row where it is."""
    assert [(issue.pointer, issue.code) for issue in issues(long_rows(rows))] == [(pointer, code)]


def test_at_most_a_thousand_issues() -> None:
    """A request that is wrong everywhere is not listed to its end."""
    series = [{"id": str(i), "start": "never", "values": [1]} for i in range(1500)]
    assert len(issues(monthly([], series=series))) == 1000


def test_a_good_problem_has_neither_issue_nor_warning() -> None:
    """Nothing is found in a clean request."""
    problem = monthly([1, 2, 3])
    assert (issues(problem), warnings(problem)) == ([], [])


def test_a_share_in_place_of_per_cent_is_warned_of() -> None:
    """0.8 is a valid level, of 0.8 per cent, and hardly ever meant."""
    found = warnings(monthly([1, 2, 3], levels=[0.8, 95]))
    assert [(warning.code, warning.pointer) for warning in found] == [("LEVEL_BELOW_ONE_PER_CENT", "/levels/0")]
    assert "write 80" in found[0].message


def test_oddities_are_warned_of() -> None:
    """A start off the anchor and negative demand are no errors."""
    series = [{"id": "a", "start": "2024-01-02", "values": [1, -2], "non_negative": True}]
    found = warnings(monthly([], series=series, frequency="W-SUN"))
    assert [warning.code for warning in found] == ["START_OFF_ANCHOR", "NEGATIVE_VALUES"]
