"""The independent check notices each way in which a plan can break a condition of the general search."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.solvers.routing.rich.test_enumeration import solved
from tests.solvers.routing.test_check import verdicts

Plain = dict[str, Any]


def request() -> Plain:
    """Return a request whose only sensible plan has a break, lateness, overtime, waiting, a setup, a group and a lock."""
    return {
        "locations": [{"id": "hub", "x": 0, "y": 0}, {"id": "p0", "x": 30, "y": 0}, {"id": "p1", "x": 30, "y": 40}],
        "depots": [{"id": "hub", "location": "hub"}],
        "clients": [
            {"id": "c0", "location": "p0", "service_duration": 10, "setup_duration": 5, "due_time": 20, "cost_per_lateness": 2},
            {"id": "c1", "location": "p0", "service_duration": 10, "setup_duration": 5},
            {"id": "c2", "location": "p1", "time_windows": [[200, 300]]},
            {"id": "c3", "location": "p0", "group": "either"},
            {"id": "c4", "location": "p1", "group": "either"},
        ],
        "vehicle_types": [
            {
                "id": "van",
                "count": 2,
                "start_depot": "hub",
                "end_depot": "hub",
                "shift": [0, 240],
                "fixed_cost": 1_000,
                "max_overtime": 100,
                "cost_per_overtime": 1,
                "cost_per_waiting": 0.1,
                "breaks": [{"id": "lunch", "time_window": [100, 120], "duration": 30}],
            }
        ],
        "relations": [
            {"kind": "sequence", "orders": ["c0", "c2"]},
            {"kind": "direct_sequence", "orders": ["c0", "c1"]},
            {"kind": "same_vehicle", "orders": ["c1", "c2"]},
        ],
        "locks": [{"vehicle_type": "van", "vehicle": 2, "prefix": ["c0"], "orders": ["c2"]}],
        "objective": {"balance": {"measure": "stops", "kind": "max", "weight": 3}},
    }


@pytest.fixture(scope="module")
def answered() -> Any:
    """Return the answer to the request."""
    return solved(request())


def judged(answered: Any, change: Callable[[Plain], None] | None = None, other: Plain | None = None) -> dict[str, bool]:
    """Return for each check whether the changed plan passes, for the request or another one."""
    plan = answered.solution.model_dump()
    if change is not None:
        change(plan)
    return verdicts(request() if other is None else other, plan, answered.objective)


def stop(plan: Plain, name: str) -> Plain:
    """Return the stop with an id."""
    found: Plain = next(stop for stop in plan["routes"][0]["stops"] if stop["id"] == name)
    return found


def swap(plan: Plain, first: str, second: str) -> None:
    """Exchange two stops of the route; their times stay with them."""
    stops = plan["routes"][0]["stops"]
    i, j = stops.index(stop(plan, first)), stops.index(stop(plan, second))
    stops[i], stops[j] = stops[j], stops[i]


def test_a_correct_plan_passes_every_check(answered: Any) -> None:
    """One van does it all; every family is looked at and every term has its price."""
    assert all(judged(answered).values())
    assert {"breaks_taken", "breaks", "break_places", "groups", "relations", "locks"} <= set(judged(answered))
    assert [(route.vehicle_type, route.vehicle) for route in answered.solution.routes] == [("van", 2)]
    terms = {term.name: term.value for term in answered.objective.terms}
    assert min(terms[name] for name in ("waiting", "overtime", "lateness", "balance")) > 0
    assert answered.solution.unassigned[0].reasons[0].code == "GROUP_SERVED_BY_ANOTHER"


CHANGES: dict[str, tuple[str, Callable[[Plain], None]]] = {
    "a break is not taken": ("breaks_taken", lambda plan: plan["routes"][0]["stops"].remove(stop(plan, "lunch"))),
    "an unknown break": ("breaks_taken", lambda plan: stop(plan, "lunch").update(id="nap")),
    "a break too early": ("breaks", lambda plan: stop(plan, "lunch").update(start_service=90.0)),
    "a break too short": ("breaks", lambda plan: stop(plan, "lunch").update(departure=stop(plan, "lunch")["start_service"])),
    "a break elsewhere": ("break_places", lambda plan: stop(plan, "lunch").update(location="hub")),
    "goods that vanish in a break": ("break_places", lambda plan: stop(plan, "lunch").update(load={"load": 1.0})),
    "a break that is farther than the next stop": ("distance", lambda plan: stop(plan, "lunch").update(distance=1e4)),
    "a service without its setup": ("schedule", lambda plan: stop(plan, "c0").update(departure=0.0)),
    "both clients of a group": ("groups", lambda plan: stop(plan, "c1").update(id="c4")),
    "a sequence in the wrong order": ("relations", lambda plan: swap(plan, "c0", "c2")),
    "a direct sequence that is interrupted": ("relations", lambda plan: swap(plan, "c1", "c2")),
    "a locked order on another vehicle": ("locks", lambda plan: plan["routes"][0].update(vehicle=1)),
    "a prefix that does not come first": ("locks", lambda plan: swap(plan, "c0", "c2")),
    "lateness that is not paid": ("objective", lambda plan: stop(plan, "c0").update(start_service=20.0)),
    "waiting that is not paid": ("objective", lambda plan: stop(plan, "c2").update(wait=0.0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_corrupted_plan_fails_its_check(answered: Any, name: str) -> None:
    """Each corruption is caught by the check that is meant for it."""
    check, change = CHANGES[name]
    outcome = judged(answered, change)
    assert not outcome.get(check, outcome["coverage"])


TIGHTENINGS: dict[str, tuple[str, Callable[[Plain], Any]]] = {
    "less overtime": ("shift", lambda r: r["vehicle_types"][0].update(max_overtime=1)),
    "dearer overtime": ("objective", lambda r: r["vehicle_types"][0].update(cost_per_overtime=2)),
    "dearer waiting": ("objective", lambda r: r["vehicle_types"][0].update(cost_per_waiting=2)),
    "an earlier due time": ("objective", lambda r: r["clients"][0].update(due_time=10)),
    "another balance": ("objective", lambda r: r["objective"]["balance"].update(measure="distance")),
    "a shorter duration": ("duration", lambda r: r["vehicle_types"][0].update(max_duration=50)),
    "a second break": (
        "breaks_taken",
        lambda r: r["vehicle_types"][0]["breaks"].append({"id": "tea", "time_window": [150, 300], "duration": 5}),
    ),
    "clients kept apart": (
        "relations",
        lambda r: r["relations"].append({"kind": "different_vehicles", "orders": ["c1", "c2"]}),
    ),
}


@pytest.mark.parametrize("name", TIGHTENINGS)
def test_a_plan_for_another_request_fails_its_check(answered: Any, name: str) -> None:
    """A plan that was right for one request is refused for a stricter one."""
    other = request()
    check, change = TIGHTENINGS[name]
    change(other)
    assert not judged(answered, other=other)[check]


def test_a_break_may_be_left_out_where_it_fits_outside_the_route(answered: Any) -> None:
    """Allowed outside, a break that fits after the return may be missing; one that does not fit may not."""
    for late, fits in ((1_000, True), (120, False)):
        other = request()
        other["vehicle_types"][0]["breaks"] = [
            {"id": "lunch", "time_window": [100, 120], "duration": 30},
            {"id": "tea", "time_window": [110, late], "duration": 5, "outside_route": True},
        ]
        assert judged(answered, other=other)["breaks_taken"] is fits
