"""Fleets of several vehicle types: what is best for one order is seldom best for the route that grows from it."""

import random
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.routing.compiled_problem import CompiledProblemBuilder, has_exchangeable_types
from solvers.routing.problem_index import indexed
from tests.solvers.routing.instances import Request, plan

PAUSE = {"id": "lunch", "time_window": [10_000, 12_000], "duration": 600}
DIFFERENCES: dict[str, dict[str, Any]] = {
    "clients": {},
    "shipments": {"shipments": True},
    "breaks": {"breaks": [PAUSE]},
    "durations": {"cost_per_duration": 0.01},
}


def fleet_request(kind: str, names: tuple[str, ...]) -> Request:
    """Return 40 orders for small vans and large lorries that cost the same by distance, a lorry twice as much by itself."""
    draw = random.Random(7)
    places = [{"id": f"l{i}", "x": draw.randint(0, 1000), "y": draw.randint(0, 1000)} for i in range(80)]
    loads = [draw.randint(5, 30) for _ in range(40)]
    vans = [
        {"id": "van", "count": 40, "capacity": {"load": 60}, "fixed_cost": 50},
        {"id": "lorry", "count": 40, "capacity": {"load": 160}, "fixed_cost": 100},
    ]
    ends = {"start_depot": "d", "end_depot": "d"}
    own = {name: value for name, value in DIFFERENCES[kind].items() if name != "shipments"}
    request: Request = {
        "locations": [{"id": "home", "x": 500, "y": 500}, *places],
        "depots": [{"id": "d", "location": "home"}],
        "travel": {"profiles": {"default": {"speed": 1}}},
        "vehicle_types": [van | ends | own for van in vans if van["id"] in names],
    }
    if kind == "shipments":
        # One window for all pickups, so that a vehicle cannot unload before it has loaded the next order.
        pickups = [{"location": f"l{i}", "time_windows": [[0, 2_000]]} for i in range(40)]
        deliveries = [{"location": f"l{i + 40}", "time_windows": [[3_000, 9_000]]} for i in range(40)]
        ways = zip(loads, pickups, deliveries, strict=True)
        return request | {
            "shipments": [
                {"id": f"s{i}", "amount": {"load": load}, "pickup": pickup, "delivery": delivery}
                for i, (load, pickup, delivery) in enumerate(ways)
            ]
        }
    return request | {
        "clients": [{"id": f"c{i}", "location": f"l{i}", "delivery": {"load": load}} for i, load in enumerate(loads)]
    }


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_large_vehicles_are_found(kind: str) -> None:
    """With both types the plan costs no more than with lorries only, which costs far less than with vans only."""
    costs = {}
    for names in (("van",), ("lorry",), ("van", "lorry")):
        found = plan(fleet_request(kind, names), iterations=2_000 if kind == "breaks" else 6_000, solver="auto")
        assert found.unassigned == []
        costs[names] = sum(route.cost for route in found.routes)
    assert costs["lorry",] < 0.8 * costs["van",]
    assert costs["van", "lorry"] < 1.01 * costs["lorry",]


def test_types_that_start_elsewhere_are_not_exchanged() -> None:
    """Types are exchangeable when they have the same ends, shift and ways."""
    request = fleet_request("clients", ("van", "lorry"))
    other = fleet_request("clients", ("van", "lorry"))
    other["depots"].append({"id": "e", "location": "l0"})
    other["vehicle_types"][0]["start_depot"] = "e"
    found = []
    for one in (request, other):
        problem = RoutingProblem.model_validate(one)
        found.append(has_exchangeable_types(CompiledProblemBuilder(indexed(problem), left_out=set()).build()))
    assert found == [True, False]
