"""Moments of a routing request as timestamps."""

from typing import Any

import pytest

from app.errors import ProblemError
from app.validation import validate
from models.routing import RoutingProblem
from models.routing.timestamps import timestamp
from tests.problems import routing

ORIGIN = "2026-01-05T00:00:00+01:00"


def timed(origin: str | None = ORIGIN) -> dict[str, Any]:
    """Return a request whose moments are timestamps."""
    body = routing(2)
    body["time_origin"] = origin
    body["depots"][0]["time_window"] = ["2026-01-05T06:00:00+01:00", 86_400]
    body["clients"][0] |= {
        "time_windows": [["2026-01-05T08:00:00+01:00", "2026-01-05T08:30:00Z"]],
        "due_time": "2026-01-05T07:15:00Z",
        "release_time": "2026-01-05T00:10:00+01:00",
    }
    body["vehicle_types"][0] |= {
        "shift": ["2026-01-05T06:00:00+01:00", "2026-01-06T00:00:00+01:00"],
        "breaks": [{"id": "b", "time_window": ["2026-01-05T11:00:00+01:00", 43_200], "duration": 1_800}],
    }
    return body


def test_timestamps_become_seconds_from_the_origin() -> None:
    """Zones are respected, seconds and timestamps may stand side by side, and the body is left as it was."""
    body = timed()
    problem: RoutingProblem = validate("routing", body)[0]
    assert problem.depots[0].time_window == [21_600, 86_400]
    assert problem.clients[0].time_windows == [[28_800, 34_200]]
    assert (problem.clients[0].due_time, problem.clients[0].release_time) == (29_700, 600)
    assert problem.vehicle_types[0].shift == [21_600, 86_400]
    assert problem.vehicle_types[0].breaks[0].time_window == [39_600, 43_200]
    assert body == timed()


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (None, "2026-01-05T08:00:00+01:00"),
        (ORIGIN, "2026-01-04T08:00:00+01:00"),
        (ORIGIN, "2026-01-05T08:00:00"),
        (ORIGIN, "eight o'clock"),
    ],
)
def test_a_timestamp_that_cannot_be_read_is_refused_where_it_stands(origin: str | None, text: str) -> None:
    """No origin, before the origin, no time zone beside one, or no timestamp at all."""
    body = routing(2)
    body |= {"time_origin": origin}
    body["clients"][1]["release_time"] = text
    with pytest.raises(ProblemError) as caught:
        validate("routing", body)
    assert [issue.pointer for issue in caught.value.issues] == ["/clients/1/release_time"]


def test_an_origin_that_is_no_timestamp_is_refused() -> None:
    """The origin itself is looked at."""
    with pytest.raises(ProblemError) as caught:
        validate("routing", routing(1) | {"time_origin": "monday"})
    assert [issue.pointer for issue in caught.value.issues] == ["/time_origin"]


def test_an_origin_does_not_go_with_scaled_times() -> None:
    """Scaled times are not seconds."""
    body = routing(1) | {"time_origin": ORIGIN}
    body["travel"]["scale"] = 10
    with pytest.raises(ProblemError) as caught:
        validate("routing", body)
    assert [(issue.pointer, issue.code) for issue in caught.value.issues] == [("/time_origin", "CONFLICTING_FIELDS")]


def test_answers_keep_the_time_zone_of_the_origin() -> None:
    """A zone, Z, or none, as the caller wrote it; nothing beyond the year 9999."""
    assert timestamp(ORIGIN, 3_600.5) == "2026-01-05T01:00:00.500000+01:00"
    assert timestamp("2026-01-05T00:00:00Z", 60) == "2026-01-05T00:01:00Z"
    assert timestamp("2026-01-05T00:00:00", 60) == "2026-01-05T00:01:00"
    assert timestamp(ORIGIN, 1e12) is None
