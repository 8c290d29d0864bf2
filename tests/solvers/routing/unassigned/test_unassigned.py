"""Reasons for what is left out, and fixes that a second solve confirms."""

from typing import Any

import pytest

from models.routing import Fix, RoutingProblem, UnassignedOrder
from solvers.routing.semantics import issues
from solvers.routing.unassigned.fixes import changed
from tests.solvers.routing.instances import mixed, solved, square

Request = dict[str, Any]


def left_out(request: Request, **how: Any) -> list[UnassignedOrder]:
    """Return what the explanation says of the orders that are left out."""
    explanation = solved(request, explain="full", **how).explanation
    assert explanation is not None
    found: list[UnassignedOrder] = explanation.unassigned
    return found


def fixed(request: Request, fix: Fix) -> Request:
    """Return the request with a fix."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in fix.pointer.split("/")[1:]]
    problem = changed(RoutingProblem.model_validate(request), tokens, fix.value)
    again: Request = problem.model_dump(exclude={"options"})
    return again


def by_kind(found: UnassignedOrder) -> dict[str, Fix]:
    """Return the fixes of an order by kind."""
    return {fix.kind: fix for fix in found.fixes}


def test_a_full_fleet() -> None:
    """Four crates and room for three: one more crate of capacity, or one more van."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "capacity": {"load": 3}}
    found = left_out(request)[0]
    assert [(one.code, one.certainty, one.shortfall, one.unit) for one in found.reasons] == [
        ("CAPACITY_EXCEEDED", "exhaustive_insertion", 1, "load"),
        ("NO_VEHICLE_LEFT", "exhaustive_insertion", None, None),
    ]
    assert [(one.vehicle_type, one.vehicle, one.code) for one in found.obstacles] == [
        ("van", 1, "CAPACITY_EXCEEDED"),
        ("van", None, "NO_VEHICLE_LEFT"),
    ]
    fixes = by_kind(found)
    assert {kind: (fix.pointer, fix.value, fix.amount) for kind, fix in fixes.items()} == {
        "capacity": ("/vehicle_types/0/capacity/load", 4, 1),
        "vehicle": ("/vehicle_types/0/count", 2, 1),
    }
    assert fixes["capacity"].objective == pytest.approx(60 + 2 * 200**0.5)


def test_a_window_that_is_too_early() -> None:
    """The van reaches c1 at 34.14 at the earliest when c0 must come first: that is when the window would have to end."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1}
    request["clients"] = request["clients"][:2]
    request["clients"][0]["time_windows"] = [[0, 14.2]]
    request["clients"][1]["time_windows"] = [[0, 20]]
    found = left_out(request)[0]
    late = {"c0": 14.2, "c1": 20.0}[found.id]
    fix = by_kind(found)["time_window"]
    assert fix.value == pytest.approx(20 + 200**0.5)
    assert fix.amount == pytest.approx(20 + 200**0.5 - late)
    assert found.reasons[0].code == "TIME_WINDOW_MISSED"
    assert solved(fixed(request, fix)).solution.unassigned == []


def test_skills_and_allowed_vehicle_types() -> None:
    """What is proved keeps its reason; a skill, or an allowed type, is the fix."""
    request = square()
    request["clients"][0]["skills"] = ["cold"]
    request["clients"][1]["allowed_vehicle_types"] = ["bike"]
    request["vehicle_types"].append({**request["vehicle_types"][0], "id": "bike", "capacity": {"load": 0}})
    first, second = left_out(request)
    assert (first.reasons[0].code, first.reasons[0].certainty) == ("NO_ALLOWED_VEHICLE_TYPE", "proven")
    assert "cold" in first.reasons[0].message
    assert by_kind(first)["skill"].value == ["cold"]
    assert by_kind(second)["allowed_vehicle_type"].value == ["bike", "van"]
    assert (second.reasons[0].code, second.reasons[0].unit) == ("DEMAND_EXCEEDS_VEHICLE_CAPACITY", "load")


def test_a_prize_below_the_cost() -> None:
    """The fourth corner costs 20, its prize is 5: the shortfall is exact, and so is the prize that pays."""
    request = square()
    request["clients"][0] |= {"required": False, "prize": 5}
    found = left_out(request)[0]
    assert (found.reasons[0].code, found.reasons[0].certainty) == ("PRIZE_BELOW_COST", "exhaustive_insertion")
    assert found.reasons[0].shortfall == pytest.approx(15)
    fix = by_kind(found)["prize"]
    assert fix.value == pytest.approx(20.01)
    assert solved(fixed(request, fix)).solution.unassigned == []


@pytest.mark.parametrize("limit", ["max_distance", "max_duration"])
def test_limits_of_a_route(limit: str) -> None:
    """The limit that is just long enough for the last client."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, limit: 70}
    found = left_out(request)[0]
    fix = by_kind(found)[limit]
    assert fix.value == pytest.approx(60 + 2 * 200**0.5)
    assert found.reasons[0].code == f"{limit.upper()}_EXCEEDED"


@pytest.mark.parametrize("seed", range(40))
def test_every_fix_is_confirmed_by_a_second_solve(seed: int) -> None:
    """On random problems: the changed request is valid, and a plan of it that costs what was said leaves out one order less."""
    request = mixed(seed)
    tight = {**request, "vehicle_types": [{**kind, "count": min(kind["count"], 1)} for kind in request["vehicle_types"]]}
    answered = solved(tight, iterations=30, explain="full")
    assert answered.explanation is not None
    for found in answered.explanation.unassigned:
        assert found.reasons
        for fix in found.fixes[:2]:
            again = fixed(tight, fix)
            assert issues(RoutingProblem.model_validate(again)) == []
            assert fix.verified
            assert fix.amount is None or fix.amount > 0


def test_reasons_stand_in_the_plan_without_explanation() -> None:
    """The solution itself says what breaks, by how much, in which unit."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "capacity": {"load": 3}}
    reasons = solved(request).solution.unassigned[0].reasons
    assert (reasons[0].code, reasons[0].shortfall, reasons[0].unit) == ("CAPACITY_EXCEEDED", 1, "load")
    assert reasons[0].message == ("At its best place in van 1: 4 load are on board; vehicle type van holds 3: 1 too many.")
