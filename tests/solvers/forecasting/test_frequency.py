"""Time grids: aliases, calendar steps, timestamps in kind."""

from datetime import datetime
from typing import Any

import pytest

from solvers.forecasting.frequency import Frequency, parse_frequency
from tests.solvers.forecasting.problems import monthly, solve


def grid(alias: str | int) -> Frequency:
    """Return the grid of a known alias."""
    frequency = parse_frequency(alias)
    assert frequency is not None
    return frequency


@pytest.mark.parametrize(
    ("alias", "season_length"),
    [
        ("YS", 1),
        ("A", 1),
        ("QS-OCT", 4),
        ("QE", 4),
        ("M", 12),
        ("ME", 12),
        ("2MS", 6),
        ("W", 52),
        ("2W", 26),
        ("D", 7),
        ("B", 5),
        ("h", 24),
        ("H", 24),
        ("15min", 96),
        ("s", 1),
        ("2D", 1),
        (1, 1),
        (7, 1),
    ],
)
def test_default_season_lengths(alias: str | int, season_length: int) -> None:
    """The season length follows from the frequency; a multiple divides it where it can."""
    assert grid(alias).season_length == season_length


@pytest.mark.parametrize("alias", ["month", "X", "0D", "W-FEB", "MS-JAN", "QS-SUN", "-1D", "D1", "1.5h", "m"])
def test_unknown_aliases(alias: str) -> None:
    """What is no alias is not guessed."""
    assert parse_frequency(alias) is None


@pytest.mark.parametrize(
    ("alias", "start", "expected"),
    [
        ("MS", "2021-11-01", ["2022-02-01", "2022-03-01"]),
        ("ME", "2023-11-30", ["2024-02-29", "2024-03-31"]),
        ("M", "2023-11-15", ["2024-02-15", "2024-03-15"]),
        ("MS", "2023-11-30", ["2024-02-29", "2024-03-30"]),
        ("QS", "2021-01-01", ["2021-10-01", "2022-01-01"]),
        ("YE", "2020-12-31", ["2023-12-31", "2024-12-31"]),
        ("W", "2021-01-03", ["2021-01-24", "2021-01-31"]),
        ("D", "2024-02-27", ["2024-03-01", "2024-03-02"]),
        ("B", "2021-01-01", ["2021-01-06", "2021-01-07"]),
        ("B", "2021-01-02", ["2021-01-06", "2021-01-07"]),
        ("h", "2021-01-01", ["2021-01-01T03:00:00", "2021-01-01T04:00:00"]),
        ("12h", "2021-01-01T00:00:00Z", ["2021-01-02T12:00:00Z", "2021-01-03T00:00:00Z"]),
        ("D", "2021-01-01T08:00:00+01:00", ["2021-01-04T08:00:00+01:00", "2021-01-05T08:00:00+01:00"]),
    ],
)
def test_steps_continue_the_calendar(alias: str, start: str, expected: list[str]) -> None:
    """Steps three and four after the start, written the way the start was."""
    frequency = grid(alias)
    begin = datetime.fromisoformat(start)
    assert [frequency.stamp(frequency.step(begin, k), like=start) for k in (3, 4)] == expected


@pytest.mark.parametrize(
    ("alias", "start"), [("ME", "2023-01-31"), ("B", "2021-01-01"), ("W", "2021-01-03"), ("15min", "2021-01-01")]
)
def test_position_inverts_step(alias: str, start: str) -> None:
    """The position of the k-th step is k."""
    frequency = grid(alias)
    begin = datetime.fromisoformat(start)
    assert [frequency.position(begin, frequency.step(begin, k)) for k in range(40)] == list(range(40))


def test_a_moment_off_the_grid_has_no_position() -> None:
    """The second of a month is not on a grid of firsts."""
    assert grid("MS").position(datetime(2021, 1, 1), datetime(2021, 3, 2)) is None


def test_integers_are_answered_in_integers() -> None:
    """An integer frequency with an integer start continues in its own step."""
    series: list[dict[str, Any]] = [{"id": "s", "start": 100, "values": [1, 2, 3]}]
    problem = monthly([], series=series, frequency=5, horizon=2)
    solution = solve(problem).solution
    assert solution is not None
    assert solution.series[0].timestamps == [115, 120]
