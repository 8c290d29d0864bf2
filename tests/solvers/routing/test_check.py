"""The independent check notices each way in which a plan can be wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from models.routing import RoutingProblem, RoutingSolution
from models.run import Objective, Termination
from solvers.base import Outcome
from solvers.routing.check import check_routing
from tests.solvers.routing.instances import Request, solved

Plan = dict[str, Any]
Change = Callable[[Plan], None]


def rich() -> Request:
    """Return a request in which every family of conditions matters."""
    return {
        "locations": [
            {"id": "hub", "x": 0, "y": 0},
            {"id": "p0", "x": 10, "y": 0},
            {"id": "p1", "x": 10, "y": 10},
            {"id": "p2", "x": 0, "y": 10},
            {"id": "p3", "x": -10, "y": 0},
        ],
        "depots": [{"id": "hub", "location": "hub", "time_window": [0, 200]}],
        "clients": [
            {"id": "c0", "location": "p0", "delivery": {"load": 3}, "time_windows": [[20, 30]], "skills": ["cold"]},
            {"id": "c1", "location": "p1", "pickup": {"load": 2}, "service_duration": 5, "release_time": 5},
            {"id": "c2", "location": "p3", "required": False, "prize": 0.5},
        ],
        "shipments": [{"id": "s0", "amount": {"load": 1}, "pickup": {"location": "p1"}, "delivery": {"location": "p2"}}],
        "vehicle_types": [
            {
                "id": "van",
                "capacity": {"load": 4},
                "start_depot": "hub",
                "end_depot": "hub",
                "shift": [0, 150],
                "fixed_cost": 3,
                "cost_per_duration": 0.5,
                "max_distance": 60,
                "max_duration": 80,
                "skills": ["cold"],
            }
        ],
    }


def verdicts(request: Request, plan: Plan, objective: Objective) -> dict[str, bool]:
    """Return for each check whether it passes."""
    outcome = Outcome(
        status="succeeded",
        termination=Termination(reason="feasible", limit="none", detail=""),
        objective=objective,
        solution=RoutingSolution.model_validate(plan),
    )
    checks = check_routing(RoutingProblem.model_validate(request), outcome)
    return {check.name: check.max_violation <= check.tolerance for check in checks}


def answered() -> tuple[Request, Plan, Objective]:
    """Return the request, a correct plan for it as plain data, and its objective."""
    request = rich()
    result = solved(request)
    assert result.solution is not None
    assert result.objective is not None
    assert [left_out.id for left_out in result.solution.unassigned] == ["c2"]
    return request, result.solution.model_dump(), result.objective


def stop_of(plan: Plan, kind: str) -> Plan:
    """Return the first stop of a kind."""
    found: Plan = next(stop for stop in plan["routes"][0]["stops"] if stop["kind"] == kind)
    return found


def shift_times(plan: Plan, seconds: float) -> None:
    """Move a whole route in time."""
    for stop in plan["routes"][0]["stops"]:
        for name in ("arrival", "start_service", "departure"):
            stop[name] += seconds


def test_a_correct_plan_passes_every_check() -> None:
    """The plan of the search is accepted, and all families are looked at."""
    passed = verdicts(*answered())
    assert all(passed.values())
    families = {"coverage", "fleet", "capacity", "time_windows", "shift", "precedence", "distance", "duration"}
    assert families | {"reach", "skills", "schedule", "loads", "objective"} == set(passed)


CHANGES: dict[str, tuple[str, Change]] = {
    "a client is served twice": ("coverage", lambda plan: plan["routes"][0]["stops"].insert(1, stop_of(plan, "client"))),
    "a client disappears": ("coverage", lambda plan: plan["routes"][0]["stops"].remove(stop_of(plan, "client"))),
    "an optional client is not listed": ("coverage", lambda plan: plan["unassigned"].clear()),
    "an unknown client is served": ("coverage", lambda plan: stop_of(plan, "client").update(id="nobody")),
    "an unknown client is listed": ("coverage", lambda plan: plan["unassigned"][0].update(id="nobody")),
    "a vehicle that does not exist": ("fleet", lambda plan: plan["routes"][0].update(vehicle=2)),
    "a vehicle type that does not exist": ("fleet", lambda plan: plan["routes"][0].update(vehicle_type="tank")),
    "a route without its end": ("fleet", lambda plan: plan["routes"][0]["stops"].pop()),
    "a stop at the wrong place": ("fleet", lambda plan: stop_of(plan, "client").update(location="p3")),
    "a service outside its window": ("time_windows", lambda plan: shift_times(plan, 30)),
    "a return after the shift": ("shift", lambda plan: shift_times(plan, 140)),
    "a departure before the release": ("shift", lambda plan: shift_times(plan, -20)),
    "a cumulative distance that is wrong": ("distance", lambda plan: stop_of(plan, "delivery").update(distance=1.0)),
    "a route length that is wrong": ("distance", lambda plan: plan["routes"][0].update(distance=39.0)),
    "a total length that is wrong": ("distance", lambda plan: plan.update(distance=39.0)),
    "a duration that is wrong": ("duration", lambda plan: plan["routes"][0].update(duration=39.0)),
    "a total duration that is wrong": ("duration", lambda plan: plan.update(duration=39.0)),
    "an arrival that is too early": ("schedule", lambda plan: stop_of(plan, "delivery").update(arrival=0.0)),
    "a service that is too short": ("schedule", lambda plan: stop_of(plan, "client").update(departure=0.0)),
    "a wait that is wrong": ("schedule", lambda plan: stop_of(plan, "client").update(wait=9.0)),
    "a load that is wrong": ("loads", lambda plan: stop_of(plan, "start").update(load={"load": 1.0})),
    "a cost that is wrong": ("objective", lambda plan: plan.update(cost=1.0)),
    "a route cost that is wrong": ("objective", lambda plan: plan["routes"][0].update(cost=1.0)),
    "a term that is wrong": ("objective", lambda plan: plan["routes"][0]["terms"][0].update(value=1.0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_corrupted_plan_fails_its_check(name: str) -> None:
    """Each corruption is caught by the check that is meant for it."""
    request, plan, objective = answered()
    check, change = CHANGES[name]
    change(plan)
    assert not verdicts(request, plan, objective)[check]


TIGHTENINGS: dict[str, tuple[str, Change]] = {
    "a smaller vehicle": ("capacity", lambda van: van.update(capacity={"load": 2})),
    "a shorter longest distance": ("distance", lambda van: van.update(max_distance=30)),
    "a shorter longest duration": ("duration", lambda van: van.update(max_duration=30)),
    "a vehicle without the skill": ("skills", lambda van: van.update(skills=[])),
    "a higher fixed cost": ("objective", lambda van: van.update(fixed_cost=4)),
    "an earlier end of the shift": ("shift", lambda van: van.update(shift=[0, 30])),
    "no vehicle": ("fleet", lambda van: van.update(count=0)),
}


@pytest.mark.parametrize("name", TIGHTENINGS)
def test_a_plan_for_another_request_fails_its_check(name: str) -> None:
    """A plan that was right for one request is refused for a stricter one."""
    request, plan, objective = answered()
    check, change = TIGHTENINGS[name]
    change(request["vehicle_types"][0])
    assert not verdicts(request, plan, objective)[check]


def test_a_vehicle_type_that_is_not_allowed_fails_the_skills_check() -> None:
    """allowed_vehicle_types is looked at, not only skills."""
    request, plan, objective = answered()
    request["clients"][0]["allowed_vehicle_types"] = []
    assert not verdicts(request, plan, objective)["skills"]


def test_a_swapped_shipment_fails_precedence() -> None:
    """Pickup after delivery is noticed also when both ends are at locations that fit."""
    request, plan, objective = answered()
    stops = plan["routes"][0]["stops"]
    pickup, delivery = stop_of(plan, "pickup"), stop_of(plan, "delivery")
    i, j = stops.index(pickup), stops.index(delivery)
    stops[i], stops[j] = delivery, pickup
    assert not verdicts(request, plan, objective)["precedence"]


def test_a_bound_above_the_value_fails_the_objective_check() -> None:
    """A bound that the plan itself refutes is never accepted."""
    request, plan, objective = answered()
    assert objective.value is not None
    wrong = objective.model_copy(update={"bound": objective.value + 1})
    assert not verdicts(request, plan, wrong)["objective"]


def test_an_objective_that_is_wrong_fails_the_objective_check() -> None:
    """The value in the envelope is recomputed, not only the plan's own cost."""
    request, plan, objective = answered()
    assert objective.value is not None
    wrong = objective.model_copy(update={"value": objective.value - 1})
    assert not verdicts(request, plan, wrong)["objective"]
