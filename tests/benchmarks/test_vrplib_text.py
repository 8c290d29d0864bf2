"""VRPLIB texts become routing requests with the units, fleets and windows that the file means."""

from pathlib import Path

import pytest

from benchmarks.evaluate import RoutingReferee
from benchmarks.readers.vrplib_text import FORBIDDEN, Convention, published_plan, read_request, read_solution

PLAIN = """NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 5
DEMAND_SECTION
1 0
2 4
3 5
4 6
DEPOT_SECTION
1
-1
EOF
"""

TIMED = """NAME : timed
TYPE : VRPTW
DIMENSION : 3
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 9
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 2
DEMAND_SECTION
1 0
2 4
3 5
TIME_WINDOW_SECTION
1 0 100
2 5 20
3 30 40
DEPOT_SECTION
1
-1
EOF
"""

FLEET = """NAME : fleet
TYPE : HFVRP
DIMENSION : 3
VEHICLES : 3
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 0 10
3 10 0
DEMAND_SECTION
1 0
2 4
3 5
CAPACITY_SECTION
1 5
2 5
3 20
VEHICLES_FIXED_COST_SECTION
1 7
2 7
3 30
DEPOT_SECTION
1
-1
EOF
"""


def write(folder: Path, text: str) -> Path:
    """Write an instance and return its path."""
    path = folder / "instance.vrp"
    path.write_text(text)
    return path


def test_depot_is_location_zero_and_clients_follow(tmp_path):
    """Locations are numbered from 0, as in solution files, and the depot is not a client."""
    request = read_request(write(tmp_path, PLAIN), Convention("nearest", 1))
    assert [client["id"] for client in request["clients"]] == ["1", "2", "3"]
    assert request["depots"] == [{"id": "d0", "location": "0"}]


def test_instance_without_fleet_gets_one_vehicle_a_client(tmp_path):
    """A file that names no number of vehicles leaves it open."""
    request = read_request(write(tmp_path, PLAIN), Convention("nearest", 1))
    assert request["vehicle_types"][0]["count"] == 3
    assert request["vehicle_types"][0]["capacity"] == {"load": 10}


def test_times_are_scaled_with_the_distances(tmp_path):
    """Under the convention of one decimal, windows and service times are ten times those of the file."""
    request = read_request(write(tmp_path, TIMED), Convention("down", 10))
    assert request["clients"][1]["time_windows"] == [[300, 400]]
    assert request["clients"][1]["service_duration"] == 90
    assert request["depots"][0]["time_window"] == [0, 1000]


def test_equal_vehicles_become_one_type(tmp_path):
    """Vehicles with the same attributes share a type; fixed costs are scaled."""
    request = read_request(write(tmp_path, FLEET), Convention("nearest", 10))
    assert [(kind["count"], kind["fixed_cost"]) for kind in request["vehicle_types"]] == [(2, 70.0), (1, 300.0)]


def test_published_routes_keep_their_vehicles(tmp_path):
    """The number of a route in a solution file is the number of its vehicle, also after empty routes."""
    path = write(tmp_path, FLEET)
    solution = tmp_path / "instance.sol"
    solution.write_text("Route #1:\nRoute #3: 1 2\nCost: 64\n")
    plan = published_plan(path, read_solution(solution))
    assert plan == [{"vehicle_type": "v1", "stops": ["1", "2"]}]


def test_referee_finds_the_cost_of_hand_made_routes(tmp_path):
    """3-4-5 triangles: 0-1-2-0 is 5 + 5 + 10, 0-3-0 is 10."""
    referee = RoutingReferee(read_request(write(tmp_path, PLAIN), Convention("nearest", 1)))
    verdict = referee.verdict([{"vehicle_type": "v0", "stops": ["1", "2"]}, {"vehicle_type": "v0", "stops": ["3"]}])
    assert verdict.feasible
    assert verdict.cost == pytest.approx(30)


@pytest.mark.parametrize(
    ("stops", "complaint"),
    [(["1", "2", "3"], "load 15 above 10"), (["1", "2"], "3 not visited"), (["1", "1", "2"], "1 visited 2 times")],
)
def test_referee_names_what_is_wrong(tmp_path, stops, complaint):
    """Too much load, a client left out and a client served twice are each named."""
    referee = RoutingReferee(read_request(write(tmp_path, PLAIN), Convention("nearest", 1)))
    violations = referee.verdict([{"vehicle_type": "v0", "stops": stops}]).violations
    assert any(complaint in violation for violation in violations)


def test_referee_sees_late_arrivals(tmp_path):
    """Serving the late client first makes the early one late."""
    referee = RoutingReferee(read_request(write(tmp_path, TIMED), Convention("down", 10)))
    assert referee.verdict([{"vehicle_type": "v0", "stops": ["1", "2"]}]).feasible
    assert any("late" in text for text in referee.verdict([{"vehicle_type": "v0", "stops": ["2", "1"]}]).violations)


RELOADING = """NAME : trips
TYPE : MTVRPTWR
DIMENSION : 3
VEHICLES : 1
CAPACITY : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
DEMAND_SECTION
1 0
2 4
3 5
TIME_WINDOW_SECTION
1 0 100
2 0 40
3 0 60
RELEASE_TIME_SECTION
1 0
2 0
3 30
VEHICLES_RELOAD_DEPOT_SECTION
1 1
DEPOT_SECTION
1
-1
EOF
"""

BACKHAULS = """NAME : backhauls
TYPE : VRPB
DIMENSION : 3
CAPACITY : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
DEMAND_SECTION
1 0
2 4
3 0
BACKHAUL_SECTION
1 0
2 0
3 5
DEPOT_SECTION
1
-1
EOF
"""


def test_trips_start_when_their_goods_are_ready(tmp_path):
    """The second trip of 20 leaves at its release 30 and ends at 50; both trips in other order are late."""
    request = read_request(write(tmp_path, RELOADING), Convention("down", 1))
    assert request["vehicle_types"][0]["reload_depots"] == ["d0"]
    referee = RoutingReferee(request)
    good = referee.verdict([{"vehicle_type": "v0", "stops": ["1", "reload:d0", "2"]}])
    assert (good.cost, good.violations) == (30, [])
    late = referee.verdict([{"vehicle_type": "v0", "stops": ["2", "reload:d0", "1"]}])
    assert any("late" in text for text in late.violations)


def test_reloads_of_a_published_plan_are_depots_on_the_way(tmp_path):
    """Number 0 inside a route of a solution file is a reload at the first depot."""
    path = write(tmp_path, RELOADING)
    solution = tmp_path / "instance.sol"
    solution.write_text("Route #1: 1 0 2\nCost: 30\n")
    assert published_plan(path, read_solution(solution)) == [{"vehicle_type": "v0", "stops": ["1", "reload:d0", "2"]}]


def test_linehauls_come_before_backhauls(tmp_path):
    """Deliveries first costs 20; from the depot or a backhaul client, the other way round is dearer than any plan."""
    referee = RoutingReferee(read_request(write(tmp_path, BACKHAULS), Convention("nearest", 1)))
    assert referee.verdict([{"vehicle_type": "v0", "stops": ["1", "2"]}]).cost == 20
    assert referee.verdict([{"vehicle_type": "v0", "stops": ["2", "1"]}]).cost > FORBIDDEN
