"""Given routes: cost, timetable and every violation, on random problems and on named mistakes."""

import random
from collections import Counter
from typing import Any

import pytest

from models.routing import EvaluationProblem, EvaluationSolution, GivenRoute, RoutingProblem
from models.run import Answer
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from solvers.routing.evaluation.evaluated import evaluated
from solvers.routing.evaluation.semantics import issues, warnings
from tests.solvers.routing.instances import mixed, solved, square

Request = dict[str, Any]


def evaluate(request: Request, routes: list[Request], explain: str = "none") -> Answer[Any, Any]:
    """Return the verified answer to an evaluation."""
    task = {name: value for name, value in request.items() if name not in ("options", "current_routes")}
    problem = EvaluationProblem.model_validate({**task, "routes": routes, "options": {"explain": explain}})
    assert issues(problem) == []
    found = answer(FEATURES["routing/evaluate"], problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))
    assert found.certificate is not None
    assert found.certificate.verified, found.certificate
    return found


def solution(request: Request, *routes: list[str], vehicle_type: str = "van") -> EvaluationSolution:
    """Return the evaluation of routes of one vehicle type."""
    found: EvaluationSolution = evaluate(request, [route(*stops, of=vehicle_type) for stops in routes]).solution
    return found


def route(*stops: str, of: str = "van") -> Request:
    """Return one given route."""
    return {"vehicle_type": of, "stops": list(stops)}


def codes(found: EvaluationSolution) -> list[tuple[str, str]]:
    """Return code and pointer of every violation."""
    return [(violation.code, violation.pointer) for violation in found.violations]


def given(plan: Any) -> list[Request]:
    """Return the routes of a plan as given routes."""
    return [
        route(
            *(stop.id if stop.kind == "client" else f"{stop.kind}:{stop.id}" for stop in one.stops[1:-1]), of=one.vehicle_type
        )
        for one in plan.routes
    ]


@pytest.mark.parametrize("seed", range(25))
def test_a_plan_of_the_solver_breaks_nothing_and_costs_what_it_said(seed: int) -> None:
    """Its routes, given back, have the same cost; only what it left out is missing."""
    request = mixed(seed)
    answered = solved(request, iterations=20)
    found = evaluate(request, given(answered.solution))
    assert {violation.code for violation in found.solution.violations} <= {"MISSING_CLIENT", "MISSING_SHIPMENT"}
    assert answered.objective is not None
    assert found.objective is not None
    assert found.objective.value == pytest.approx(answered.objective.value, rel=1e-6, abs=1e-6)
    assert found.solution.unassigned == [left_out.id for left_out in answered.solution.unassigned]


@pytest.mark.parametrize("seed", range(40))
def test_random_routes_are_judged_as_the_independent_check_judges_them(seed: int) -> None:
    """Whatever they break, the certificate finds the same, and costs add up."""
    request = mixed(seed)
    draw = random.Random(seed)
    names = [client["id"] for client in request["clients"]] + ["nobody"]
    names += [f"{end}:{shipment['id']}" for shipment in request["shipments"] for end in ("pickup", "delivery")]
    names += [f"reload:{depot['id']}" for depot in request["depots"]] + ["reload:nowhere", "pickup:nothing"]
    types = [vehicle_type["id"] for vehicle_type in request["vehicle_types"]]
    routes = [route(*draw.choices(names, k=draw.randint(0, 8)), of=draw.choice(types)) for _ in range(draw.randint(0, 6))]
    found = evaluate(request, routes)
    assert found.objective is not None
    assert found.objective.value == pytest.approx(sum(term.value for term in found.objective.terms))
    assert found.solution.cost == pytest.approx(sum(one.cost for one in found.solution.routes))
    assert found.solution.feasible == (not found.solution.violations)


def test_names_that_are_unknown_repeated_or_missing_are_violations() -> None:
    """Each has the pointer of its stop, or of the client that no route serves; a similar name is suggested."""
    found = solution(square(), ["c0", "c11", "c0"], ["c1", "reload:hubs", "pickup:c1"])
    assert codes(found)[:5] == [
        ("UNKNOWN_CLIENT", "/routes/0/stops/1"),
        ("UNKNOWN_DEPOT", "/routes/1/stops/1"),
        ("UNKNOWN_SHIPMENT", "/routes/1/stops/2"),
        ("DUPLICATE_STOP", "/routes/0/stops/2"),
        ("MISSING_CLIENT", "/clients/2"),
    ]
    assert 'Did you mean "c1"?' in found.violations[0].message
    assert found.unassigned == ["c2", "c3"]


def test_amounts_are_exact() -> None:
    """Late by 10 s, 2 too many on board, 6 too far, 6 s too long, and back 6 s after the shift."""
    request = square()
    request["locations"] = [{"id": "hub", "x": 0, "y": 0}] + [{"id": f"p{i}", "x": 10 * (i + 1), "y": 0} for i in range(4)]
    request["clients"][1]["time_windows"] = [[0, 5], [8, 10]]
    request["vehicle_types"][0] |= {"capacity": {"load": 2}, "max_distance": 74, "max_duration": 74, "shift": [0, 74]}
    found = solution(request, ["c0", "c1", "c2", "c3"])
    amounts = {violation.code: (violation.amount, violation.limit, violation.unit) for violation in found.violations}
    assert amounts == {
        "CAPACITY_EXCEEDED": (2.0, 2.0, "load"),
        "TIME_WINDOW_MISSED": (10.0, 10.0, "s"),
        "SHIFT_EXCEEDED": (6.0, 74.0, "s"),
        "MAX_DISTANCE_EXCEEDED": (6.0, 74.0, "distance"),
        "MAX_DURATION_EXCEEDED": (6.0, 74.0, "s"),
    }
    assert [stop.arrival for stop in found.routes[0].stops] == [0, 10, 20, 30, 40, 80]


@pytest.mark.parametrize("terms", [{"max_duration": 40}, {"cost_per_duration": 1}])
def test_the_window_that_makes_a_route_shorter_is_taken_where_duration_counts(terms: dict[str, float]) -> None:
    """Out, on and back: 20 s and no wait from the later window of c0, 450 s more from the earlier one."""
    request = square()
    request["locations"] = [{"id": "hub", "x": 0, "y": 0}] + [{"id": f"p{i}", "x": 5 * (i + 1), "y": 0} for i in range(4)]
    request["clients"] = [
        request["clients"][i] | {"time_windows": windows} for i, windows in ((0, [[50, 60], [500, 510]]), (1, [[500, 520]]))
    ]
    request["vehicle_types"][0] |= terms
    found = solution(request, ["c0", "c1"])
    assert found.violations == []
    assert found.routes[0].duration == pytest.approx(20)


def test_a_late_stop_is_served_on_arrival_and_moves_what_follows() -> None:
    """Nothing waits for a window that has closed; a window that is still to come is waited for."""
    request = square()
    request["clients"][0]["time_windows"] = [[0, 1]]
    request["clients"][1]["time_windows"] = [[100, 110]]
    found = solution(request, ["c0", "c1"])
    late, waited = found.routes[0].stops[1:3]
    assert late.start_service == late.arrival
    assert waited.start_service == 100
    assert codes(found)[0] == ("TIME_WINDOW_MISSED", "/routes/0/stops/0")


def test_more_routes_than_vehicles() -> None:
    """The third route of a type with two vehicles has none; routes without stops need none and are warned of."""
    found = evaluate(square(), [route("c0"), route(), route("c1"), route("c2", "c3")])
    assert codes(found.solution) == [("TOO_MANY_VEHICLES", "/routes/3/vehicle_type")]
    assert [one.pointer for one in found.solution.routes] == ["/routes/0", "/routes/2", "/routes/3"]
    assert [(warning.code, warning.pointer) for warning in found.warnings] == [("EMPTY_ROUTE", "/routes/1/stops")]


def test_what_a_vehicle_type_may_not_do() -> None:
    """Skills, allowed types, reloads and the number of stops."""
    request = square()
    request["vehicle_types"].append({**request["vehicle_types"][0], "id": "lorry", "max_stops": 1})
    request["clients"][0] |= {"skills": ["cold", "lift"]}
    request["clients"][1] |= {"allowed_vehicle_types": ["van"]}
    found = solution(request, ["c0", "reload:hub", "c1"], ["c2", "c3"], vehicle_type="lorry")
    assert codes(found)[:5] == [
        ("SKILL_MISSING", "/routes/0/stops/0"),
        ("VEHICLE_TYPE_NOT_ALLOWED", "/routes/0/stops/2"),
        ("TOO_MANY_STOPS", "/routes/0"),
        ("RELOAD_NOT_ALLOWED", "/routes/0/stops/1"),
        ("TOO_MANY_STOPS", "/routes/1"),
    ]
    assert (found.violations[0].dimension, found.violations[0].amount) == ("cold, lift", 2)


def test_the_order_of_a_shipment() -> None:
    """Delivery before pickup, one end only, and on board over a reload."""
    request = square() | {"clients": []}
    request["shipments"] = [
        {"id": name, "amount": {"load": 1}, "pickup": {"location": "p0"}, "delivery": {"location": "p2"}} for name in "abc"
    ]
    request["vehicle_types"][0] |= {"reload_depots": ["hub"]}
    found = solution(request, ["delivery:a", "pickup:a"], ["pickup:b", "reload:hub", "delivery:b"])
    assert Counter(code for code, _ in codes(found)) == {
        "DELIVERY_WITHOUT_PICKUP": 2,
        "PICKUP_WITHOUT_DELIVERY": 2,
        "MISSING_SHIPMENT": 1,
    }


def test_an_unknown_vehicle_type_cannot_be_read() -> None:
    """It has no depot, speed or cost: an issue with a pointer and the similar name."""
    problem = EvaluationProblem.model_validate({**square(), "routes": [route("c0", of="vans")]})
    assert [(issue.pointer, issue.code) for issue in issues(problem)] == [("/routes/0/vehicle_type", "UNKNOWN_VEHICLE_TYPE")]
    assert 'Did you mean "van"?' in issues(problem)[0].message


def test_ten_thousand_clients_in_one_route() -> None:
    """A long route is evaluated in a few seconds."""
    request = square()
    request["clients"] = [{"id": f"c{i}", "location": f"p{i % 4}"} for i in range(10_000)]
    found = solution(request, [f"c{i}" for i in range(9_000)])
    assert len(found.violations) == 1_000
    assert found.routes[0].distance == pytest.approx(20 * 8_999 + 2 * 14.142135623730951)


def test_the_explanation_counts_what_is_broken() -> None:
    """The narrative has cost, number of violations and the dearest route."""
    found = evaluate(square(), [route("c0", "c0")], explain="full")
    assert found.explanation is not None
    assert any("break 4 conditions" in sentence for sentence in found.explanation.narrative)


def test_the_saving_against_current_routes_is_stated() -> None:
    """Four single trips cost 113.1; the best plan is the round of 88.3. Names that are gone are counted."""
    request = square()
    request["vehicle_types"][0]["count"] = 4
    request["current_routes"] = [route(f"c{i}") for i in range(4)] + [route("gone")]
    current = solved(request).solution.current
    assert current.saving == pytest.approx(8 * 200**0.5 - (60 + 2 * 200**0.5))
    assert (current.vehicles, current.feasible, current.violations) == (4, False, {"UNKNOWN_CLIENT": 1})
    assert "saves 24.8" in current.sentence


def test_many_windows_beside_breaks_do_not_crowd_out_the_schedule() -> None:
    """Two visits of a client with three windows after two breaks: evaluated, whatever combinations of windows there are."""
    windows = [[1, 123], [578, 618], [51, 161]]
    pauses = [
        {"id": name, "time_window": window, "duration": 31} for name, window in (("coffee", [13, 36]), ("lunch", [322, 329]))
    ]
    van = {"id": "van", "start_depot": None, "end_depot": "d", "shift": [40, 790], "cost_per_waiting": 1, "breaks": pauses}
    request = {
        "locations": [{"id": "l", "x": 0, "y": 0}],
        "depots": [{"id": "d", "location": "l"}],
        "clients": [{"id": "c", "location": "l", "service_duration": 2, "time_windows": windows}],
        "vehicle_types": [van],
    }
    given = [GivenRoute(vehicle_type="van", stops=["c", "c", "c", "c"])]
    solution, _ = evaluated(RoutingProblem.model_validate(request), given, pointer="/routes")
    assert solution.routes[0].stops[-1].departure >= 578
