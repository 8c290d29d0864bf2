"""Places for new orders: the cheapest of all that brute force finds, and true obstacles everywhere else."""

import random
from typing import Any

import pytest

from models.routing import RoutingProblem, SuggestionProblem
from models.run import Answer
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from solvers.routing.evaluation.evaluated import evaluated
from solvers.routing.insertion.semantics import issues, warnings
from tests.solvers.routing.instances import mixed, solved, square

Request = dict[str, Any]
TASK = ("locations", "travel", "depots", "clients", "shipments", "vehicle_types")


def suggest(request: Request, routes: list[Request], **further: Any) -> Answer[Any, Any]:
    """Return the verified answer to a request for suggestions."""
    task = {name: request[name] for name in TASK if name in request}
    problem = SuggestionProblem.model_validate({**task, "routes": routes, **further})
    assert issues(problem) == []
    found = answer(FEATURES["routing/suggest"], problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))
    assert found.certificate is not None
    assert found.certificate.verified, found.certificate
    return found


def route(*stops: str, of: str = "van") -> Request:
    """Return one given route."""
    return {"vehicle_type": of, "stops": list(stops)}


def planned(request: Request, seed: int) -> tuple[list[Request], list[str]]:
    """Return routes of a plan without some of its orders, and the orders taken out."""
    plan = solved(request, iterations=15, seed=seed).solution
    served = [stop.id for one in plan.routes for stop in one.stops if stop.kind in ("client", "pickup")]
    out = random.Random(seed).sample(served, k=min(2, len(served)))
    routes = []
    for one in plan.routes:
        names = [
            stop.id if stop.kind == "client" else f"{stop.kind}:{stop.id}" for stop in one.stops[1:-1] if stop.id not in out
        ]
        if any(not name.startswith("reload:") for name in names):
            routes.append(route(*names, of=one.vehicle_type))
    return routes, out


def all_places(request: Request, routes: list[Request], order: str) -> dict[str | None, float]:
    """Return the least extra cost of an order in every route, and in an unused vehicle of any type, by brute force."""
    problem = RoutingProblem.model_validate({name: request[name] for name in TASK if name in request})
    is_client = order in {client.id for client in problem.clients}
    found: dict[str | None, float] = {}
    used = [one["vehicle_type"] for one in routes]
    free = [route(of=kind.id) for kind in problem.vehicle_types if used.count(kind.id) < kind.count]
    for i, base in enumerate([*routes, *free]):
        size = len(base["stops"])
        pairs = [(k,) for k in range(size + 1)] if is_client else [(k, m) for k in range(size + 1) for m in range(k, size + 1)]
        variants = [
            [*base["stops"][: pair[0]], order, *base["stops"][pair[0] :]]
            if is_client
            else [
                *base["stops"][: pair[0]],
                f"pickup:{order}",
                *base["stops"][pair[0] : pair[1]],
                f"delivery:{order}",
                *base["stops"][pair[1] :],
            ]
            for pair in pairs
        ]
        name = f"/routes/{i}" if i < len(routes) else None
        before = _cost(problem, [base])
        for stops in variants:
            after = _cost(problem, [route(*stops, of=base["vehicle_type"])])
            if after is not None and before is not None:
                found[name] = min(found.get(name, float("inf")), after - before)
    return found


def _cost(problem: RoutingProblem, routes: list[Request]) -> float | None:
    given = SuggestionProblem.model_validate({"locations": [], "routes": routes}).routes
    found, _ = evaluated(problem, given, pointer="/routes")
    broken = [one for one in found.violations if one.code not in ("MISSING_CLIENT", "MISSING_SHIPMENT")]
    return None if broken else found.cost


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_places_are_those_of_brute_force(seed: int) -> None:
    """Every route and unused vehicle is either among the places, at the least cost, or has an obstacle."""
    request = mixed(seed)
    for vehicle_type in request["vehicle_types"]:
        vehicle_type.pop("reload_depots", None)
        vehicle_type.pop("max_reloads", None)
    routes, out = planned(request, seed)
    found = suggest(request, routes, top=50, orders=out)
    for one in found.solution.suggestions:
        expected = all_places(request, routes, one.id)
        best: dict[str | None, float] = {}
        for place in one.insertions:
            best[place.route] = min(best.get(place.route, float("inf")), place.cost_delta)
        assert best == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert [place.cost_delta for place in one.insertions] == sorted(place.cost_delta for place in one.insertions)
        blocked = {obstacle.route for obstacle in one.obstacles if obstacle.route is not None}
        assert blocked == {f"/routes/{i}" for i in range(len(routes))} - set(expected)
        assert one.complete


@pytest.mark.parametrize("seed", range(8))
def test_reloads_are_tried_and_checked(seed: int) -> None:
    """With reload depots every suggested route passes the independent check, and placing is no dearer than without."""
    request = mixed(seed) | {"shipments": []}
    for vehicle_type in request["vehicle_types"]:
        vehicle_type |= {"reload_depots": ["d0"], "max_reloads": 3}
        vehicle_type.pop("max_stops", None)
    routes, out = planned(request, seed)
    for one in suggest(request, routes, orders=out, top=50).solution.suggestions:
        plain = all_places(request, routes, one.id)
        found = {place.route: place.cost_delta for place in one.insertions}
        assert set(plain) <= set(found)
        assert all(found[name] <= cost + 1e-6 for name, cost in plain.items() if name is not None)


def test_a_place_has_position_times_and_delay() -> None:
    """Between two corners of the square: 20 more to drive, and the next stop 20 s later."""
    found = suggest(square(), [route("c0", "c2")]).solution.suggestions
    best = found[0].insertions[0]
    assert (found[0].id, best.position, best.stops) == ("c1", [1], ["c0", "c1", "c2"])
    assert best.cost_delta == pytest.approx(40 - 800**0.5)
    assert best.largest_delay == pytest.approx(40 - 800**0.5)
    assert [stop.id for stop in best.timetable.stops] == ["hub", "c0", "c1", "c2", "hub"]


def test_obstacles_name_the_first_condition_with_its_amount() -> None:
    """A full van, a missing skill, and no vehicle left."""
    request = square()
    request["clients"][0]["delivery"] = {"load": 3}
    request["vehicle_types"] = [
        {**request["vehicle_types"][0], "count": 1},
        {**request["vehicle_types"][0], "id": "bike", "count": 1},
    ]
    request["clients"][3] |= {"skills": ["cold"], "required": False, "prize": 1}
    found = suggest(request, [route("c0", "c1"), route("c2", of="bike")], orders=["c3"]).solution.suggestions[0]
    assert [(one.route, one.code, one.amount) for one in found.obstacles] == [
        ("/routes/0", "SKILL_MISSING", 1),
        ("/routes/1", "SKILL_MISSING", 1),
        (None, "NO_VEHICLE_LEFT", None),
        (None, "NO_VEHICLE_LEFT", None),
    ]
    request["clients"][3]["skills"] = []
    found = suggest(request, [route("c0", "c1"), route("c2", of="bike")], orders=["c3"]).solution.suggestions[0]
    full = found.obstacles[0]
    assert (full.code, full.amount, full.unit) == ("CAPACITY_EXCEEDED", 1, "load")
    assert found.fitting_routes == 1
    assert found.worth_its_prize is False


def test_a_broken_route_takes_nothing_up() -> None:
    """Its violations are told, and it is no place."""
    found = suggest(square(), [route("c0", "c0", "x"), route("c1")]).solution
    assert [violation.code for violation in found.violations] == ["UNKNOWN_CLIENT", "DUPLICATE_STOP"]
    assert [one.code for one in found.suggestions[0].obstacles] == ["ROUTE_IS_BROKEN", "NO_VEHICLE_LEFT"]
    assert [place.route for place in found.suggestions[0].insertions] == ["/routes/1"]


def test_orders_that_cannot_be_placed_are_refused_with_a_pointer() -> None:
    """Unknown, named twice, or served already."""
    problem = SuggestionProblem.model_validate(
        {**square(), "routes": [route("c0"), route("c1", of="tram")], "orders": ["c9", "c2", "c2", "c0"]}
    )
    assert [(one.pointer, one.code) for one in issues(problem)] == [
        ("/routes/1/vehicle_type", "UNKNOWN_VEHICLE_TYPE"),
        ("/orders/0", "UNKNOWN_ORDER"),
        ("/orders/2", "DUPLICATE_ORDER"),
        ("/orders/3", "ORDER_IS_SERVED"),
    ]


def test_nothing_to_place_is_warned_of() -> None:
    """A plan that serves everything has no suggestions."""
    found = suggest(square(), [route("c0", "c1", "c2", "c3")])
    assert found.solution.suggestions == []
    assert [warning.code for warning in found.warnings] == ["NOTHING_TO_PLACE"]


def test_the_explanation_names_the_best_place() -> None:
    """One sentence for each order."""
    found = suggest(square(), [route("c0", "c2")], options={"explain": "summary"})
    assert found.explanation is not None
    assert "c1 fits best on van 1" in " ".join(found.explanation.narrative)


def test_time_that_has_run_out_is_told() -> None:
    """Places that were not tried make a suggestion incomplete."""
    places = [{"id": f"p{i}", "x": i % 40, "y": i // 40} for i in range(1600)]
    request = square()
    request["locations"] += [{"id": f"q{one['id']}", "x": one["x"], "y": one["y"]} for one in places]
    request["clients"] = [{"id": f"n{i}", "location": f"qp{i}"} for i in range(1600)]
    request["vehicle_types"][0]["count"] = 100
    routes = [route(*(f"n{j}" for j in range(i, i + 8))) for i in range(0, 640, 8)]
    found = suggest(request, routes, options={"time_limit_s": 0.2})
    assert found.termination is not None
    assert (found.termination.limit, found.termination.reason) == ("time", "feasible")
    assert not found.solution.suggestions[-1].complete
