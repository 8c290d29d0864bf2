"""The other instance formats become the requests that the contract describes."""

import pytest

from benchmarks.evaluate import RoutingReferee, facility_verdict, flow_verdict, linear_verdict, lot_sizing_verdict
from benchmarks.readers import li_lim, lot_sizing, mps_text, network_text, series_table

SHIPMENTS = """2 20 1
0 0 0 0 0 1000 0 0 0
1 3 4 10 0 500 90 0 2
2 6 8 -10 0 800 90 1 0
"""

FLOW = """c made up
p min 3 3
n 1 4
n 3 -4
a 1 2 0 4 1
a 2 3 0 3 1
a 1 3 1 4 5
"""

WAREHOUSES = """2 2
10 100
8 50.
6
1 2
4
3 4.
"""

LOTS = """2 3
1
50
1 5 4 100
2 3 6 60
10 0
20 5
30 5
Bi hi
"""

PROGRAM = """NAME made up
ROWS
 N cost
 L limit
 G floor
COLUMNS
 x cost 1 limit 1
 x floor 1
 y cost 2 floor 1
RHS
 rhs limit 4 floor 6
 rhs cost -10
BOUNDS
 UP bound y 5
ENDATA
"""


def test_li_lim_pairs_pickup_with_delivery():
    """A positive task names its delivery; times and distances are in thousandths."""
    request = li_lim.build_request(SHIPMENTS)
    assert len(request["shipments"]) == 1
    assert request["shipments"][0]["delivery"] == {
        "location": "2",
        "service_duration": 90_000,
        "time_windows": [[0, 800_000]],
    }


def test_referee_wants_the_pickup_before_the_delivery():
    """The same two stops are fine in one order and wrong in the other."""
    referee = RoutingReferee(li_lim.build_request(SHIPMENTS))
    good, bad = ["pickup:1", "delivery:1"], ["delivery:1", "pickup:1"]
    assert referee.verdict([{"vehicle_type": "v0", "stops": good}]).cost == pytest.approx(20_000)
    assert referee.verdict([{"vehicle_type": "v0", "stops": good}]).feasible
    assert not referee.verdict([{"vehicle_type": "v0", "stops": bad}]).feasible


def test_dimacs_supply_becomes_negative_demand():
    """The service counts what a node receives; DIMACS counts what it sends."""
    request = network_text.build_minimum_cost_flow(FLOW)
    assert [node["demand"] for node in request["nodes"]] == [-4, 0, 4]
    assert request["arcs"][2] == {"id": "a2", "tail": "1", "head": "3", "lower": 1, "capacity": 4, "cost": 5}


def test_flow_verdict_counts_cost_and_balance():
    """Three units over the middle and one direct cost 11; a missing unit is seen."""
    request = network_text.build_minimum_cost_flow(FLOW)
    assert flow_verdict(request, {"a0": 3, "a1": 3, "a2": 1}).cost == 11
    assert flow_verdict(request, {"a0": 3, "a1": 3, "a2": 1}).feasible
    assert not flow_verdict(request, {"a0": 2, "a1": 3, "a2": 1}).feasible


def test_warehouse_costs_are_of_the_whole_client():
    """OR-Library rows hold the demand, then the cost of serving all of it from each warehouse."""
    request = network_text.build_facility_location(WAREHOUSES)
    assert request["costs"] == [[1.0, 2.0], [3.0, 4.0]]
    assert [client["demand"] for client in request["clients"]] == [6.0, 4.0]
    services = [{"client": "c0", "facility": "w0", "share": 1}, {"client": "c1", "facility": "w0", "share": 1}]
    assert facility_verdict(request, services).cost == 104


def test_lot_sizing_reads_demand_by_item_and_skips_the_legend():
    """Rows are periods in the file and items in the request; words after the numbers are ignored."""
    request = lot_sizing.build_plan(LOTS)
    assert [item["demand"] for item in request["items"]] == [[10, 20, 30], [0, 5, 5]]
    assert request["items"][1]["resource_use"] == {"line": {"per_unit": 2, "per_setup": 6}}
    assert request["resources"] == [{"id": "line", "capacity": [50.0, 50.0, 50.0]}]


def test_lot_sizing_with_many_items_has_a_second_block():
    """With more than 15 items, the demand of the rest follows after all periods of the first 15."""
    items, periods = 17, 2
    rows = [" ".join(["1 1 1 1"])] * items
    blocks = [" ".join(map(str, range(15))), " ".join(map(str, range(100, 115))), "15 16", "115 116"]
    request = lot_sizing.build_plan("\n".join([f"{items} {periods}", "1", "99", *rows, *blocks]))
    assert [item["demand"] for item in request["items"]] == [[k, 100 + k] for k in range(17)]


def test_lot_sizing_verdict_charges_setups_and_stock():
    """Two setups of each item and 30 units of the first held for one period; the second period's resource is 20 short."""
    request = lot_sizing.build_plan(LOTS)
    verdict = lot_sizing_verdict(request, {"i0": [10, 50, 0], "i1": [0, 5, 5]})
    assert verdict.cost == 2 * 100 + 30 * 5 + 2 * 60
    assert verdict.violations == ["resource line: over capacity by 20"]


def test_mps_right_hand_side_of_the_objective_is_a_constant():
    """Objective = c'x - rhs: here x + 2 y + 10."""
    program = mps_text.parse(PROGRAM)
    assert program.offset == 10
    assert linear_verdict(program, {"x": 4.0, "y": 2.0}).cost == 18
    assert linear_verdict(program, {"x": 4.0, "y": 2.0}).feasible


def test_linear_verdict_sees_broken_rows_and_bounds():
    """A row over its limit and a variable over its bound are both named."""
    violations = linear_verdict(mps_text.parse(PROGRAM), {"x": 5.0, "y": 6.0}).violations
    assert [text.split(":")[0] for text in violations] == ["variable y", "row limit"]


def test_mps_names_with_blanks_are_read_by_column():
    """Fixed form allows blanks inside names."""
    column = f"    {'X 1':<10}{'COST':<10}{'2.':>12}   {'ROW 1':<10}{'1.':>12}"
    right = f"    {'RHS':<10}{'ROW 1':<10}{'3.':>12}"
    program = mps_text.parse(f"NAME\nROWS\n N  COST\n G  ROW 1\nCOLUMNS\n{column}\nRHS\n{right}\nENDATA\n")
    assert program.columns == {"X 1": {"COST": 2.0, "ROW 1": 1.0}}
    assert program.right == {"ROW 1": 3.0}


def test_series_are_grouped_by_frequency():
    """Calendar frequencies keep their dates; others are dated by integers; each group has its season and horizon."""
    meta = [
        {"unique_id": "a", "freq": "M", "season": "12", "horizon": "18"},
        {"unique_id": "b", "freq": "O", "season": "1", "horizon": "8"},
    ]
    rows = [
        {"unique_id": "a", "t": "1", "ds": "1990-01-01", "y": "5"},
        {"unique_id": "a", "t": "2", "ds": "1990-02-01", "y": "6.5"},
        {"unique_id": "b", "t": "4", "ds": "1990-01-01", "y": "7"},
    ]
    requests = series_table.build_requests(meta, rows)
    assert requests["M"]["series"] == [{"id": "a", "start": "1990-01-01", "values": [5.0, 6.5]}]
    assert (requests["M"]["frequency"], requests["M"]["horizon"]) == ("MS", 18)
    assert (requests["O"]["frequency"], requests["O"]["series"][0]["start"]) == (1, 4)
