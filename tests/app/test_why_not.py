"""Why not: an alternative is forced and solved as a run of its own."""

from typing import Any

import pytest

from app.examples import examples
from solvers.alternatives import ALTERNATIVES
from solvers.problems import PROBLEMS
from tests.problems import linear
from tests.server import Server


def asked(server: Server, run_id: str, force: dict[str, Any], **more: Any) -> Any:
    """Ask why a run's answer is not another one, and return the response."""
    return server.client.post(f"/v1/runs/{run_id}/why-not", json={"force": force, **more})


def parent_of(server: Server, name: str) -> dict[str, Any]:
    """Return a finished run of an example."""
    example = examples()[name]
    run: dict[str, Any] = server.post(example["kind"], example["request"]).json()
    assert run["status"] == "succeeded", run
    return run


@pytest.fixture(scope="module")
def parent(server: Server) -> str:
    """Return the id of the finished Reddy Mikks plan: x = 3, y = 1.5, objective 21."""
    run_id: str = server.post("linear", linear()).json()["id"]
    return run_id


def test_an_alternative_of_a_linear_program_has_its_price(server: Server, parent: str) -> None:
    """With x at 2 the best y is 2, which earns 18; for 2 of x to be best its coefficient must fall from 5 to 2."""
    run = asked(server, parent, {"variables": {"x": 2}}).json()
    found = run["comparison"]
    assert run["solution"]["variables"] == pytest.approx({"x": 2.0, "y": 2.0})
    assert run["certificate"]["verified"]
    assert found["question"] == "why-not"
    assert found["force"] == {"variables": {"x": 2}}
    assert found["actual"]["change"] == pytest.approx(-3)
    assert found["predicted"]["at_most"] >= 18 - 1e-6
    changes = found["optimal_if"]["changes"]
    assert [(one["name"], one["from"], one["to"]) for one in changes] == [("x", 5.0, pytest.approx(2.0))]
    assert found["optimal_if"]["verified"]


def test_bounds_can_be_forced(server: Server, parent: str) -> None:
    """An object bounds a variable from one side."""
    run = asked(server, parent, {"variables": {"y": {"lower": 2}}}).json()
    assert run["solution"]["variables"]["y"] == pytest.approx(2)
    assert run["comparison"]["changes"][0]["pointer"] == "/bounds"


def test_a_model_in_text_can_be_forced_too(server: Server) -> None:
    """Bounds stand beside the text."""
    rows = " m1: 6 x + 4 y <= 24\n m2: x + 2 y <= 6\n market: y - x <= 1\n limit: y <= 2\n"
    text = f"Maximize\n obj: 5 x + 4 y\nSubject To\n{rows}End\n"
    run = server.post("linear", {"lp": text}).json()
    forced = asked(server, run["id"], {"variables": {"x": 2}}).json()
    assert forced["objective"]["value"] == pytest.approx(18)
    assert forced["comparison"]["optimal_if"]["verified"]


def test_an_alternative_that_is_optimal_costs_nothing(server: Server, parent: str) -> None:
    """Forcing what is there anyway changes nothing, and no coefficient has to change."""
    found = asked(server, parent, {"variables": {"x": 3}}).json()["comparison"]
    assert found["actual"]["change"] == pytest.approx(0)
    assert found["optimal_if"]["changes"] == []


def test_an_impossible_alternative_names_the_conflict(server: Server, parent: str) -> None:
    """The explanation is there without being asked for, and its sentences stand in the comparison."""
    run = asked(server, parent, {"variables": {"x": 5}}).json()
    assert run["status"] == "infeasible"
    assert run["explanation"]["infeasibility"]["subset"]
    assert any("m1" in sentence for sentence in run["comparison"]["why"])
    assert run["comparison"]["optimal_if"] is None


def test_a_second_alternative_keeps_the_first(server: Server, parent: str) -> None:
    """A why-not about a why-not holds both; one that contradicts the first is refused."""
    first = asked(server, parent, {"variables": {"x": {"upper": 2}}}).json()
    second = asked(server, first["id"], {"variables": {"y": 1}}).json()
    assert second["solution"]["variables"] == pytest.approx({"x": 2.0, "y": 1.0})
    against = asked(server, first["id"], {"variables": {"x": 3}}).json()
    assert against["errors"][0]["code"] == "CROSSING_SIDES"


ALTERNATIVE = [
    ("inventory-plan_tiny", {"order": {"item": "oat-milk", "period": 5, "quantity": 50}}),
    ("inventory-plan_tiny", {"setup": {"item": "oat-milk", "period": 4, "value": False}}),
    ("inventory-plan_tiny", {"order": {"item": "oat-milk", "period": 2, "at_least": 30}}),
    ("network-facility-location_tiny", {"open": ["northgate", "southmoor"]}),
    ("network-facility-location_tiny", {"closed": ["southmoor"]}),
    ("network-facility-location_tiny", {"serve": {"client": "dale-grocer", "facility": "northgate"}}),
    ("network-assignment_tiny", {"row": "driver-1", "column": "van-1"}),
    ("network-minimum-cost-flow_tiny", {"arc": "hill-dairy->southmoor", "at_least": 25}),
    ("network-minimum-cost-flow_tiny", {"arc": "hill-dairy->southmoor", "flow": 40}),
    ("network-maximum-flow_tiny", {"arc": "inbound->sort-b", "flow": 20}),
    ("network-shortest-path_tiny", {"arc": "northgate->acorn-deli"}),
    ("routing_tiny", {"client": "acorn-deli", "vehicle_type": "van"}),
    ("routing_tiny", {"together": ["acorn-deli", "bridge-cafe"]}),
    ("routing_tiny", {"apart": ["acorn-deli", "bridge-cafe"]}),
    ("routing_tiny", {"client": "bridge-cafe", "first": True}),
    ("forecasting_tiny", {"method": "seasonal_naive"}),
]


@pytest.mark.parametrize(("name", "force"), ALTERNATIVE, ids=[f"{name}-{'-'.join(force)}" for name, force in ALTERNATIVE])
def test_every_kind_can_be_forced(server: Server, name: str, force: dict[str, Any]) -> None:
    """The alternative is checked as every answer is; it is never better, and what is claimed about it holds."""
    run = parent_of(server, name)
    forced = asked(server, run["id"], force).json()
    found = forced["comparison"]
    assert forced["status"] == "succeeded", forced
    assert forced["certificate"]["verified"]
    true = found["actual"]
    if true["objective"] is not None:
        better = -1 if name.startswith("network-maximum-flow") else 1
        assert better * true["change"] >= -1e-6
        assert found["predicted"]["at_least"] is None or found["predicted"]["at_least"] <= true["objective"] + 1e-6
        assert found["predicted"]["at_most"] is None or found["predicted"]["at_most"] >= true["objective"] - 1e-6
    if found["optimal_if"] is not None:
        assert found["optimal_if"]["verified"]


def test_the_answer_does_what_was_forced(server: Server) -> None:
    """Orders, flows and paths are what was asked for."""
    plan = parent_of(server, "inventory-plan_tiny")
    forced = asked(server, plan["id"], {"order": {"item": "oat-milk", "period": 5, "quantity": 50}}).json()
    assert forced["solution"]["items"][0]["orders"][4] == pytest.approx(50)
    path = parent_of(server, "network-shortest-path_tiny")
    detour = asked(server, path["id"], {"arc": "northgate->acorn-deli"}).json()
    assert detour["objective"]["value"] == pytest.approx(3.1 + 5.0 + 12.4)
    assert detour["comparison"]["predicted"]["objective"] == pytest.approx(20.5)
    change = detour["comparison"]["optimal_if"]["changes"][0]
    assert change["to"] == pytest.approx(3.1 - (20.5 - path["objective"]["value"]))


def test_orders_apart_are_on_two_routes_and_what_moved_is_told(server: Server) -> None:
    """The shop that changes vans is named, the difference of cost stands in the sentence, and nothing else moved."""
    run = parent_of(server, "routing_tiny")
    apart = asked(server, run["id"], {"apart": ["acorn-deli", "bridge-cafe"]}).json()
    served = [{stop["id"] for stop in one["stops"][1:-1]} for one in apart["solution"]["routes"]]
    assert not any({"acorn-deli", "bridge-cafe"} <= stops for stops in served)
    found = apart["comparison"]
    assert [one["name"] for one in found["changed"]] == ["bridge-cafe"]
    assert "raises the objective by 4.526816722, from 28.80308887 to 33.32990559" in found["sentence"]


def test_a_client_comes_first_where_that_is_forced(server: Server) -> None:
    """On a line of shops the far one first costs nothing by distance; only its place on the route changes."""
    places = [{"id": name, "x": x, "y": y} for name, x, y in (("d", 0, 0), ("near", 1, 1), ("far", 5, 0), ("last", 1, -3))]
    clients = [{"id": name, "location": name} for name in ("near", "far", "last")]
    van = {"id": "van", "start_depot": "d", "end_depot": None}
    body = {"locations": places, "depots": [{"id": "d", "location": "d"}], "clients": clients, "vehicle_types": [van]}
    run = server.post("routing", body | {"options": {"time_limit_s": 0.5}}).json()
    forced = asked(server, run["id"], {"client": "far", "first": True}).json()
    assert forced["solution"]["routes"][0]["stops"][1]["id"] == "far"
    assert forced["comparison"]["actual"]["change"] > 0
    assert "from van 1 after" in " ".join(forced["comparison"]["why"])


def test_orders_that_fit_no_vehicle_together_are_told_as_infeasible(server: Server) -> None:
    """The run itself is a plan that leaves one out; its cost is not set against the parent's."""
    run = parent_of(server, "routing_tiny")
    forced = asked(server, run["id"], {"together": ["acorn-deli", "castle-market"]}).json()
    found = forced["comparison"]
    assert forced["status"] == "succeeded"
    assert found["actual"] == {"objective": None, "change": None, "status": "infeasible"}
    assert found["sentence"].endswith(
        "leaves no feasible answer: together they take 22 of oat-milk, and the largest vehicle that may serve them holds 20."
    )


def test_a_what_if_that_leaves_a_shop_out_is_not_told_as_a_saving(server: Server) -> None:
    """A cost without one of the shops does not compare with the cost of all."""
    run = parent_of(server, "routing_tiny")
    question = {"changes": [{"pointer": "/clients/2/delivery/oat-milk", "value": 21}]}
    found = server.client.post(f"/v1/runs/{run['id']}/what-if", json=question).json()["comparison"]
    assert found["actual"]["change"] is None
    assert "it leaves out castle-market, which the parent serves" in found["sentence"]


MILK = {"item": "oat-milk"}
REFUSED = [
    ("linear_tiny", {"variables": {"oat": 1}}, "/force/variables/oat", "UNKNOWN_VARIABLE"),
    ("linear_tiny", {"variables": {"oats": {}}}, "/force/variables/oats", "NOTHING_FORCED"),
    ("linear_tiny", {"variables": {"oats": 1e13}}, "/force/variables/oats/lower", "VALUE_OUT_OF_RANGE"),
    ("linear_tiny", {"variables": {}}, "/force/variables", "TOO_SHORT"),
    ("linear_tiny", {"variable": {"oats": 1}}, "/force/variables", "MISSING_FIELD"),
    ("inventory-plan_tiny", {}, "/force", "NOTHING_FORCED"),
    ("inventory-plan_tiny", {"order": {"item": "milk", "period": 1, "quantity": 1}}, "/force/order/item", "UNKNOWN_ITEM"),
    ("inventory-plan_tiny", {"order": {**MILK, "period": 7, "quantity": 1}}, "/force/order/period", "VALUE_OUT_OF_RANGE"),
    ("inventory-plan_tiny", {"order": {**MILK, "period": 1}}, "/force/order", "NOTHING_FORCED"),
    ("inventory-plan_tiny", {"setup": {**MILK, "period": 2, "value": True}}, "/force/setup/value", "NO_SMALLEST_ORDER"),
    ("network-facility-location_tiny", {"open": ["x"]}, "/force/open/0", "UNKNOWN_FACILITY"),
    ("network-facility-location_tiny", {"open": ["northgate"], "closed": ["northgate"]}, "/force/closed/0", "OPEN_AND_CLOSED"),
    ("network-assignment_tiny", {"row": "driver-9", "column": "van-1"}, "/force/row", "UNKNOWN_ROW"),
    ("network-minimum-cost-flow_tiny", {"arc": "e", "flow": 1}, "/force/arc", "UNKNOWN_ARC"),
    ("network-minimum-cost-flow_tiny", {"arc": "hill-dairy->southmoor", "flow": 81}, "/force/flow", "ABOVE_CAPACITY"),
    ("routing_tiny", {"client": "acorn-deli", "vehicle_type": "bike"}, "/force/vehicle_type", "UNKNOWN_VEHICLE_TYPE"),
    ("routing_tiny", {"client": "acorn-deli"}, "/force/vehicle_type", "NOTHING_FORCED"),
    ("routing_tiny", {}, "/force", "NOTHING_FORCED"),
    ("routing_tiny", {"first": True}, "/force/client", "MISSING_FIELD"),
    ("routing_tiny", {"together": ["acorn-deli"]}, "/force/together", "TOO_SHORT"),
    ("routing_tiny", {"apart": ["acorn-deli", "x"]}, "/force/apart/1", "UNKNOWN_ORDER"),
    ("routing_tiny", {"together": ["acorn-deli", "acorn-deli"]}, "/force/together/1", "DUPLICATE_ORDER"),
    ("forecasting_tiny", {"method": "magic"}, "/force/method", "NOT_ALLOWED"),
]


@pytest.mark.parametrize(("name", "force", "pointer", "code"), REFUSED)
def test_a_wrong_force_is_refused_with_a_pointer(
    server: Server, name: str, force: dict[str, Any], pointer: str, code: str
) -> None:
    """It says what is not there or not possible."""
    run = parent_of(server, name)
    answer = asked(server, run["id"], force)
    assert answer.status_code == 422, answer.text
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_every_kind_of_the_table_exists() -> None:
    """What can be forced is listed under kinds that there are."""
    assert set(ALTERNATIVES) <= set(PROBLEMS)
