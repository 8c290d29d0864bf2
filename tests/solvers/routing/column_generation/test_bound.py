"""Bounds of small random problems beside their optimum by enumeration, and beside values in closed form."""

import threading
import time
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Silent
from solvers.routing.column_generation.network import pricing_problem
from solvers.routing.column_generation.relaxation import Relaxation, RelaxationBound
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.problem_index import indexed
from solvers.routing.proved_bound import column_generation_refusal
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, _Draw, small, solved, square

SECONDS = 5.0


def relaxed(request: Request, *, upper: float) -> RelaxationBound | None:
    """Return the bound of a request whose optimum is at most `upper`."""
    index = indexed(RoutingProblem.model_validate(request))
    problem = pricing_problem(index, set(impossible_orders(index)))
    deadline = time.monotonic() + SECONDS
    return Relaxation(problem, upper=upper, routes=[], deadline=deadline, stop_requested=Silent().stop_requested).run()


def fleet_of_kinds(seed: int) -> Request:
    """Return a request with two kinds of vehicle, two depots, prizes, windows, limits and fractional numbers."""
    draw = _Draw(seed)
    kinds: list[Request] = []
    for name in ("a", "b"):
        kind = draw.vehicle_type(name, has_shipments=False)
        own = {"count": draw.between(1, 2), "capacity": {"load": draw.number(30, 60)}, "profile": "default"}
        kinds.append({**kind, **own, "reload_depots": [], "max_reloads": None})
    return {
        "locations": [{"id": f"l{i}", "x": draw.number(0, 100), "y": draw.number(0, 100)} for i in range(7)],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d0", "location": "l0"}, {"id": "d1", "location": "l1"}],
        "clients": [draw.client(i, f"l{i + 2}", ["a", "b"]) for i in range(5)],
        "shipments": [],
        "vehicle_types": kinds,
    }


@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_the_bound_of_one_kind_of_vehicle_is_valid_and_near(seed: int, *, timed: bool) -> None:
    """The bound is at most the optimum, and for five clients and free waiting within a few percent of it."""
    request = small(seed, clients=5, shipments=0, timed=timed)
    request["vehicle_types"][0]["cost_per_duration"] = 0
    weight, optimum = best_value(request)
    bound = relaxed(request, upper=optimum)
    assert weight == 0
    assert bound is not None
    assert 0.95 * optimum <= bound.value <= optimum


@pytest.mark.parametrize("seed", range(24))
def test_the_bound_of_a_mixed_fleet_is_valid(seed: int) -> None:
    """Several kinds, depots, prizes, skills, windows, releases and limits: the bound is at most the optimum."""
    request = fleet_of_kinds(seed)
    weight, optimum = best_value(request)
    problem = RoutingProblem.model_validate(request)
    left_out = {client.id for client in problem.clients if client.required} & set(impossible_orders(indexed(problem)))
    if weight > sum(1 + client.priority for client in problem.clients if client.id in left_out):
        return
    bound = relaxed(request, upper=optimum)
    assert bound is None or bound.value <= optimum * (1 + 1e-9) + 1e-9


def test_a_plan_whose_cost_the_bound_reaches_is_optimal() -> None:
    """Four clients on a square around the depot: one round trip of 60 + 2 sqrt(200), proved."""
    request = square()
    result: Any = solved({**request, "options": {}}, iterations=50)
    assert result.objective.bound < result.objective.value
    proved: Any = solved(request, iterations=50, bound="column_generation")
    assert proved.termination.reason == "optimal"
    assert proved.certificate.optimality == "proved"
    assert proved.objective.bound == pytest.approx(60 + 2 * 200**0.5)


def test_shipments_and_reloads_are_refused() -> None:
    """Routes of the relaxation carry neither, so it must not bound problems that have them."""
    with_shipments = small(0, clients=2, shipments=1, timed=False)
    assert "shipments" in str(column_generation_refusal(RoutingProblem.model_validate(with_shipments)))
    request = square()
    request["vehicle_types"][0]["reload_depots"] = ["hub"]
    assert "reload" in str(column_generation_refusal(RoutingProblem.model_validate(request)))


def test_the_explanation_names_prices_of_clients_restricted_routes() -> None:
    """The prices come with the work that was done, and are not called a bound."""
    result: Any = solved(square(), iterations=50, bound="column_generation", explain="full")
    work = result.explanation.bound.column_generation
    assert {price.id for price in work.restricted_routes} == {"c0", "c1", "c2", "c3"}
    assert work.columns >= 1
    assert work.rounds >= 1


def test_a_plan_without_memory_for_its_bound_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can start, the answer is a verified plan with the cheap bound."""

    def refused(_: threading.Timer) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", refused)
    result: Any = solved(square(), iterations=50, bound="column_generation")
    assert (result.status, result.certificate.verified) == ("succeeded", True)
    assert 0 < result.objective.bound < result.objective.value


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_of_every_easier_relaxation_is_valid(seed: int) -> None:
    """Loads left to the cuts, coarse steps of time, short memories: weaker, and at most the optimum by enumeration."""
    request = small(seed, clients=5, shipments=0, timed=True)
    request["vehicle_types"][0]["cost_per_duration"] = 0
    _, optimum = best_value(request)
    index = indexed(RoutingProblem.model_validate(request))
    problem = pricing_problem(index, set(impossible_orders(index)))
    deadline = time.monotonic() + SECONDS
    values = []
    for steps in range(4):
        stop = Silent().stop_requested
        relaxation = Relaxation(problem, upper=optimum, routes=[], deadline=deadline, stop_requested=stop)
        for _ in range(steps):
            relaxation.ease()
        bound = relaxation.run()
        assert bound is not None
        values.append(bound.value)
    assert max(values) <= optimum
