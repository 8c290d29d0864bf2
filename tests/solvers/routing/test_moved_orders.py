"""What two plans serve differently."""

from typing import Any

from solvers.routing.moved_orders import moved_orders


def plan(*routes: list[str], unassigned: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a plan of routes of clients."""
    told = [
        {"vehicle_type": "van", "vehicle": i + 1, "stops": [{"kind": "client", "id": name} for name in route]}
        for i, route in enumerate(routes)
    ]
    return {"routes": told, "unassigned": [{"id": name} for name in unassigned]}


def test_the_numbers_of_vehicles_that_are_alike_mean_nothing() -> None:
    """The same routes in another order are the same plan."""
    assert moved_orders(plan(["a", "b"], ["c"]), plan(["c"], ["a", "b"])) == ({}, {})


def test_a_client_that_changes_routes_is_told_alone() -> None:
    """Those that followed it did not move."""
    before, after = moved_orders(plan(["a", "b", "c"], ["d", "e"]), plan(["a", "c"], ["d", "b", "e"]))
    assert before == {"b": "van 1 after a"}
    assert after == {"b": "van 2 after d"}


def test_on_a_route_the_fewest_stops_are_told() -> None:
    """One stop that goes to the front leaves the order of the rest."""
    before, after = moved_orders(plan(["a", "b", "c", "d"]), plan(["d", "a", "b", "c"]))
    assert before == {"d": "van 1 after c"}
    assert after == {"d": "van 1 first"}


def test_a_client_that_is_left_out_is_told_so() -> None:
    """Its place is that it has none."""
    before, after = moved_orders(plan(["a"], unassigned=("b",)), plan(["b"], unassigned=("a",)))
    assert before == {"a": "van 1 first", "b": "unassigned"}
    assert after == {"b": "van 1 first", "a": "unassigned"}
