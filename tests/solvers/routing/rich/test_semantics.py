"""Conditions that contradict themselves or one another are refused with a pointer and a reason."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.solvers.routing.instances import Request, square
from tests.solvers.routing.test_semantics import found


def van(request: Request) -> Request:
    """Return the vehicle type of a request."""
    first: Request = request["vehicle_types"][0]
    return first


def pause(name: str, early: float, late: float) -> Request:
    """Return a break."""
    return {"id": name, "time_window": [early, late], "duration": 5}


def relate(*relations: tuple[str, list[str]]) -> Callable[[Request], Any]:
    """Return a change that puts relations into a request with a shipment."""

    def change(request: Request) -> None:
        shipment = {"id": "s0", "pickup": {"location": "p0"}, "delivery": {"location": "p1"}}
        request["shipments"] = [shipment]
        request["relations"] = [{"kind": kind, "orders": orders} for kind, orders in relations]

    return change


def lock(*locks: Request) -> Callable[[Request], Any]:
    """Return a change that puts locks into a request."""
    return lambda request: request.update(locks=[{"vehicle_type": "van", **one} for one in locks])


CHANGES: list[tuple[Callable[[Request], Any], str, str]] = [
    (
        lambda r: van(r).update(breaks=[pause("b", 9, 3)]),
        "/vehicle_types/0/breaks/0/time_window",
        "WINDOW_START_AFTER_END",
    ),
    (lambda r: van(r).update(breaks=[pause("b", 1, 3), pause("b", 4, 5)]), "/vehicle_types/0/breaks/1/id", "DUPLICATE_ID"),
    (
        lambda r: van(r).update(breaks=[pause("b", 10, 12), pause("c", 4, 5)]),
        "/vehicle_types/0/breaks/1/time_window",
        "BREAKS_OUT_OF_ORDER",
    ),
    (lambda r: van(r).update(max_overtime=5), "/vehicle_types/0/max_overtime", "OVERTIME_WITHOUT_LIMIT"),
    (lambda r: van(r).update(cost_per_overtime=5), "/vehicle_types/0/cost_per_overtime", "OVERTIME_NOT_ALLOWED"),
    (lambda r: r["clients"][0].update(cost_per_lateness=1), "/clients/0/cost_per_lateness", "LATENESS_WITHOUT_DUE_TIME"),
    (
        lambda r: (r["clients"][0].update(group="g"), r["clients"][2].update(group="g", required=False)),
        "/clients/2/required",
        "MIXED_GROUP",
    ),
    (relate(("same_vehicle", ["c0", "who"])), "/relations/0/orders/1", "UNKNOWN_ORDER"),
    (relate(("sequence", ["c0", "s0"])), "/relations/0/orders/1", "SHIPMENT_WITHOUT_END"),
    (relate(("sequence", ["c0", "c1", "c0"])), "/relations/0/orders/2", "DUPLICATE_ID"),
    (relate(("sequence", ["delivery:s0", "pickup:s0"])), "/relations/0/orders/1", "DELIVERY_BEFORE_PICKUP"),
    (
        relate(("same_vehicle", ["c0", "c1"]), ("sequence", ["c1", "pickup:s0"]), ("different_vehicles", ["s0", "c0"])),
        "/relations/2/orders/1",
        "CONTRADICTING_RELATIONS",
    ),
    (lock({"vehicle_type": "tank"}), "/locks/0/vehicle_type", "UNKNOWN_VEHICLE_TYPE"),
    (lock({"vehicle": 3}), "/locks/0/vehicle", "UNKNOWN_VEHICLE"),
    (lock({}, {}), "/locks/1/vehicle", "DUPLICATE_VEHICLE"),
    (lock({"prefix": ["who"]}), "/locks/0/prefix/0", "UNKNOWN_STOP"),
    (lock({"prefix": ["c0", "c0"]}), "/locks/0/prefix/1", "DUPLICATE_ID"),
    (lock({"orders": ["c0"]}, {"vehicle": 2, "prefix": ["c0"]}), "/locks/1/prefix/0", "LOCKED_TWICE"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), CHANGES)
def test_a_contradiction_is_refused_where_it_stands(change: Callable[[Request], Any], pointer: str, code: str) -> None:
    """Exactly the changed place is named."""
    request = square()
    change(request)
    assert found(request) == [(pointer, code)]


def test_a_large_request_with_such_conditions_is_refused() -> None:
    """The general search judges whole routes: its size is limited, that of plain requests is not."""
    request = square()
    request["clients"] = [{"id": f"c{i}", "location": "p0"} for i in range(3_001)]
    assert found(request) == []
    van(request)["breaks"] = [pause("b", 0, 10)]
    assert found(request) == [("/clients", "TOO_MANY_CLIENTS")]
