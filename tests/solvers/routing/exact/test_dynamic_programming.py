"""The exact solver: equal to enumeration, never above the searches, and refusing what it does not carry out."""

from typing import Any

import pytest

from models.routing import Client, RoutingProblem
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from solvers.routing.exact.dynamic_programming import KNOWN, DynamicProgramming
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, mixed, small, square

KINDS = {
    "clients": {"clients": 5, "shipments": 0},
    "shipments": {"clients": 0, "shipments": 3},
    "both": {"clients": 2, "shipments": 1},
}


def answered(request: Request, solver: str = "dynamic_programming") -> Any:
    """Return the verified answer of a solver."""
    options = {"solver": solver, "time_limit_s": 20, "iteration_limit": 300, "threads": 1}
    problem = RoutingProblem.model_validate({**request, "options": options})
    result = answer(FEATURES["routing"], problem, Silent(), input_sha256="0" * 64)
    assert result.certificate is not None
    assert result.certificate.verified, result.certificate
    return result


def value(request: Request, result: Any) -> tuple[float, float]:
    """Return the weight of required orders left out and the cost of an answer."""
    orders = [*request["clients"], *request.get("shipments", [])]
    weights = {order["id"]: 1 + order.get("priority", 0) for order in orders if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


def without_reloads(seed: int, *, stops: int = 9) -> Request:
    """Return a mixed request with few stops and no reloads."""
    request = mixed(seed)
    request["shipments"] = request["shipments"][:2]
    request["clients"] = request["clients"][: stops - 2 * len(request["shipments"])]
    for vehicle_type in request["vehicle_types"]:
        vehicle_type.pop("reload_depots", None)
    return request


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_plan_is_that_of_enumeration(seed: int, timed: bool, kind: str) -> None:
    """Capacities, windows, paid durations and pairs; the bound is the value and the proof is told."""
    request = small(seed, **KINDS[kind], timed=timed)
    result = answered(request)
    assert value(request, result) == pytest.approx(best_value(request))
    assert result.termination.reason == "optimal"
    assert result.certificate.optimality == "proved"
    assert result.objective.bound == result.objective.value


@pytest.mark.parametrize("seed", range(30))
def test_no_search_finds_a_better_plan(seed: int) -> None:
    """Whatever the request mixes: several depots, skills, prizes, release times, limits, profiles, open routes."""
    request = without_reloads(seed)
    exact = answered(request)
    searched = answered(request, "iterated_local_search")
    best, found = value(request, exact), value(request, searched)
    assert best[0] <= found[0]
    if best[0] == found[0]:
        assert best[1] <= found[1] + 1e-6 * max(1.0, found[1])


def test_what_is_left_out_is_proved() -> None:
    """One van with room for two of four clients: the reasons are certain."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "capacity": {"load": 2}}
    result = answered(request)
    assert len(result.solution.unassigned) == 2
    assert {left_out.reasons[0].certainty for left_out in result.solution.unassigned} == {"proven"}


def test_it_is_chosen_for_tiny_problems() -> None:
    """Up to nine stops automatic choice takes it."""
    assert answered(square(), "auto").stats.solver == "dynamic_programming"


def test_twelve_stops_take_no_time() -> None:
    """Named in the options it takes up to twelve stops, and no more."""
    request = small(1, clients=12, shipments=0, timed=True)
    assert answered(request).stats.solve_time_s < 5
    request = small(1, clients=13, shipments=0, timed=True)
    assert "beyond 12" in str(DynamicProgramming().supports(named(request)))


def named(request: Request) -> RoutingProblem:
    """Return the problem with the solver named in its options."""
    return RoutingProblem.model_validate({**request, "options": {"solver": "dynamic_programming"}})


def test_reloads_are_refused_by_name() -> None:
    """Vehicle types that may reload are left to the searches, unless they may do so zero times."""
    request = square()
    request["vehicle_types"][0]["reload_depots"] = ["hub"]
    assert DynamicProgramming().supports(named(request)) == "it does not carry out reload_depots"
    request["vehicle_types"][0]["max_reloads"] = 0
    assert DynamicProgramming().supports(named(request)) is None


def test_a_field_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the contract may get later does not slip through."""
    monkeypatch.setitem(KNOWN, Client, KNOWN[Client] - {"delivery"})
    assert DynamicProgramming().supports(named(square())) == "it does not carry out delivery"
