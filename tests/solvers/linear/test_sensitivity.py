"""What is said of changes fits into its share of the time."""

import pytest

from solvers.linear.sensitivity import (
    LEAST_PART,
    MOST_FOR_A_PART,
    PARTS,
    REPORT_SECONDS,
    SHARE,
    SHORT_SOLVE,
    _seconds_for_a_part,
)


def test_a_short_solve_leaves_each_part_its_second() -> None:
    """Nobody waits long for a model that is solved at once."""
    assert _seconds_for_a_part(0.2, reports=100_000, spent=0.1) == SHORT_SOLVE


def test_ranges_of_a_long_solve_get_what_the_reports_leave() -> None:
    """Reports and ranges together stay within the share of the explanation."""
    part = _seconds_for_a_part(4.0, reports=200_000, spent=0.1)
    assert PARTS * part + 200_000 * REPORT_SECONDS + 0.1 == pytest.approx(SHARE * 4.0)


@pytest.mark.parametrize(("reports", "expected"), [(10, MOST_FOR_A_PART * 10.0), (5_000_000, LEAST_PART)])
def test_a_part_is_neither_endless_nor_nothing(reports: int, expected: float) -> None:
    """Few reports leave no more than a twentieth of the solve, many leave a moment for the dearest."""
    assert _seconds_for_a_part(10.0, reports=reports, spent=0.0) == pytest.approx(expected)
