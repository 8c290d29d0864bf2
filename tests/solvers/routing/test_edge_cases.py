"""Requests at the edge of what makes sense still get a checked plan."""

from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Silent
from solvers.pipeline import answer
from tests.solvers.routing.instances import FEATURE, mixed, plan, solved, square


def test_without_vehicles_everything_is_unassigned() -> None:
    """An empty fleet is an answer with proof, not an error."""
    request = square() | {"vehicle_types": []}
    result: Any = solved(request)
    assert result.termination.reason == "optimal"
    assert {left_out.reasons[0].code for left_out in result.solution.unassigned} == {"NO_VEHICLE"}
    assert result.warnings[0].code == "NO_VEHICLES"


def test_without_clients_the_plan_is_empty() -> None:
    """Nothing to do is done at cost 0, and that is optimal."""
    result: Any = solved(square() | {"clients": []})
    assert (result.objective.value, result.objective.bound, result.termination.reason) == (0, 0, "optimal")
    assert result.warnings[0].code == "NO_ORDERS"


def test_without_anything_the_plan_is_empty() -> None:
    """The smallest valid request has a plan."""
    assert plan({"locations": []}).routes == []


def test_an_order_larger_than_every_vehicle_is_left_out_with_proof() -> None:
    """Its shortfall against the largest vehicle is told; the others are served."""
    request = square()
    request["clients"][2]["delivery"] = {"load": 7}
    (left_out,) = plan(request).unassigned
    assert left_out.id == "c2"
    reason = left_out.reasons[0]
    assert (reason.code, reason.certainty, reason.shortfall) == ("DEMAND_EXCEEDS_VEHICLE_CAPACITY", "proven", 3)


def test_a_window_after_the_shift_is_unreachable() -> None:
    """A client that opens after the return of every vehicle is left out with proof."""
    request = square()
    request["vehicle_types"][0]["shift"] = [0, 100]
    request["clients"][0]["time_windows"] = [[200, 300]]
    (left_out,) = plan(request).unassigned
    assert (left_out.id, left_out.reasons[0].code) == ("c0", "TIME_WINDOW_UNREACHABLE")


def test_a_window_that_closes_before_arrival_is_unreachable() -> None:
    """The shortfall is how late the first possible arrival is."""
    request = square()
    request["locations"][1] |= {"x": 30, "y": 40}
    request["clients"][0]["time_windows"] = [[0, 45]]
    (left_out,) = plan(request).unassigned
    assert left_out.reasons[0].shortfall == pytest.approx(5)


@pytest.mark.parametrize(
    ("limit", "code"), [("max_distance", "MAX_DISTANCE_EXCEEDED"), ("max_duration", "MAX_DURATION_EXCEEDED")]
)
def test_a_client_beyond_the_longest_route_is_left_out_with_proof(limit: str, code: str) -> None:
    """A lone way there and back of 100 exceeds a limit of 90 by 10."""
    request = square()
    request["locations"][1] |= {"x": 30, "y": 40}
    request["vehicle_types"][0][limit] = 90
    (left_out,) = plan(request).unassigned
    assert (left_out.reasons[0].code, left_out.reasons[0].shortfall) == (code, pytest.approx(10))


def test_a_client_that_no_vehicle_has_the_skill_for_is_left_out() -> None:
    """Skills are asked for by name."""
    request = square()
    request["clients"][1]["skills"] = ["crane"]
    (left_out,) = plan(request).unassigned
    assert left_out.reasons[0].code == "NO_ALLOWED_VEHICLE_TYPE"


def test_a_client_at_the_depot_and_clients_at_one_place_are_served() -> None:
    """Zero distances are no obstacle."""
    request = square()
    request["clients"][0]["location"] = "hub"
    request["clients"][1]["location"] = request["clients"][2]["location"]
    assert plan(request).unassigned == []


def test_an_optional_client_is_served_only_when_its_prize_pays() -> None:
    """Alone, a client costs the way there and back, 28.28: a prize of 28 does not pay, one of 29 does."""
    for prize, left_out in ((28, 1), (29, 0)):
        request = square()
        request["clients"] = [request["clients"][0] | {"required": False, "prize": prize}]
        assert len(plan(request).unassigned) == left_out


def test_when_the_fleet_is_too_small_the_higher_priority_stays() -> None:
    """Two vans of capacity 1 can serve two of four clients: those with the highest priorities."""
    request = square()
    request["vehicle_types"][0]["capacity"] = {"load": 1}
    for i, client in enumerate(request["clients"]):
        client["priority"] = i
    assert {left_out.id for left_out in plan(request, iterations=500).unassigned} == {"c0", "c1"}


def test_a_reload_lets_one_van_serve_more_than_it_holds() -> None:
    """With capacity 2 and reloads at the hub, one van serves four clients of 1."""
    request = square()
    van = request["vehicle_types"][0]
    van |= {"count": 1, "capacity": {"load": 2}}
    assert len(plan(request).unassigned) == 2
    van["reload_depots"] = ["hub"]
    served = plan(request)
    assert served.unassigned == []
    assert [stop.kind for stop in served.routes[0].stops].count("reload") == 1


def test_an_open_route_does_not_pay_for_the_way_home() -> None:
    """Three sides of the square and one way from the hub, without return."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "end_depot": None}
    served = plan(request)
    assert served.distance == pytest.approx(60 + 10 * 2**0.5)
    assert served.routes[0].stops[-1].location is None


def test_a_longest_number_of_stops_is_kept() -> None:
    """With at most two stops, two vans share four clients."""
    request = square()
    request["vehicle_types"][0]["max_stops"] = 2
    assert [len(route.stops) for route in plan(request).routes] == [4, 4]


def test_a_route_finishes_early_and_starts_late() -> None:
    """The client opens at 100, ten away: the van leaves at 90 and does not wait."""
    request = square()
    request["locations"][1] |= {"x": 6, "y": 8}
    request["clients"] = [request["clients"][0] | {"time_windows": [[100, 200]], "service_duration": 3}]
    stops = plan(request).routes[0].stops
    assert [stop.arrival for stop in stops] == pytest.approx([90, 100, 113])
    assert stops[1].wait == 0


def test_the_cheaper_of_two_windows_is_chosen_when_time_costs_money() -> None:
    """Waiting for the late window would cost more than finishing early gains."""
    request = square()
    request["vehicle_types"][0] |= {"cost_per_duration": 1, "cost_per_distance": 0}
    request["clients"] = [
        request["clients"][i] | {"time_windows": windows} for i, windows in ((0, [[50, 60], [500, 510]]), (1, [[500, 520]]))
    ]
    stops = plan(request).routes
    assert sum(route.duration for route in stops) == pytest.approx(20 + 20 * 2**0.5)


def test_a_short_time_limit_still_gives_a_plan() -> None:
    """A tenth of a second serves every client."""
    request = square()
    assert plan(request, iterations=1).unassigned == []


def test_several_searches_side_by_side_give_one_verified_plan() -> None:
    """Two threads search with seeds of their own; the answer names both and keeps the best plan."""
    options = {"time_limit_s": 0.6, "threads": 2, "solver": "iterated_local_search"}
    problem = RoutingProblem.model_validate({**mixed(4), "options": options})
    result = answer(FEATURE, problem, Silent(), input_sha256="0" * 64, warnings=[])
    assert result.certificate is not None
    assert result.certificate.verified
    assert result.stats.threads == 2
