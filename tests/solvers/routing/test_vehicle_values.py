"""The value of one more vehicle."""

from typing import Any

import pytest

from tests.solvers.routing.instances import solved, square


def values(request: dict[str, Any]) -> list[Any]:
    """Return the values that the explanation gives."""
    explanation = solved(request, explain="full").explanation
    assert explanation is not None
    found: list[Any] = explanation.vehicle_values
    return found


def test_a_vehicle_that_saves_money() -> None:
    """Two shops that open 400 s apart, where time is paid: two short trips instead of one long wait."""
    request = square()
    request["clients"] = [
        {"id": "a", "location": "p0", "time_windows": [[100, 100]]},
        {"id": "b", "location": "p2", "time_windows": [[100, 1000]]},
    ]
    request["vehicle_types"][0] |= {"count": 1, "cost_per_distance": 0, "cost_per_duration": 1, "fixed_cost": 0}
    request["vehicle_types"][0]["max_distance"] = 100
    request["clients"][1]["time_windows"] = [[500, 500]]
    found = values(request)[0]
    assert (found.vehicle_type, found.pointer, found.weight_served) == ("van", "/vehicle_types/0/count", 0)
    one_van = 400 + 2 * 200**0.5
    assert found.saving == pytest.approx(one_van - 4 * 200**0.5)
    assert "costs" in found.sentence


def test_a_vehicle_that_serves_what_is_left_out() -> None:
    """What does not fit the only van fits a second one."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "capacity": {"load": 3}}
    found = values(request)[0]
    assert found.weight_served == 1
    assert "weight 1 more" in found.sentence


def test_vehicles_that_are_not_in_use_are_worth_nothing() -> None:
    """With a vehicle left, one more is no question."""
    assert values(square()) == []


def test_the_summary_says_that_it_takes_level_full() -> None:
    """No search is made for a summary."""
    explanation = solved(square(), explain="summary").explanation
    assert explanation is not None
    assert explanation.vehicle_values is None
    assert "level full" in explanation.unavailable["vehicle_values"]
