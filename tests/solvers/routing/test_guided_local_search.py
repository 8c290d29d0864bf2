"""Guided local search: optimal on tiny problems, verified on mixed ones, and honest about what it does not carry."""

from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Budget, Silent
from solvers.routing.guided_local_search import GuidedLocalSearch
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, mixed, small, solved, square

SEEDS = range(6)


def value(request: Request) -> tuple[float, float]:
    """Return the weight of required orders left out and the cost of the verified answer."""
    result: Any = solved(request, iterations=200, solver="guided_local_search")
    assert result.certificate.verified
    orders = [*request["clients"], *request["shipments"]]
    weights = {order["id"]: 1 + order.get("priority", 0) for order in orders if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


def refusal(request: Request) -> str | None:
    """Return why the solver refuses a request."""
    return GuidedLocalSearch().supports(RoutingProblem.model_validate(request))


@pytest.mark.parametrize("seed", SEEDS)
def test_capacitated_problems_are_solved_to_the_optimum(seed: int) -> None:
    """CVRP with five clients and two vans."""
    request = small(seed, clients=5, shipments=0, timed=False)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_and_paid_durations_are_solved_to_the_optimum(seed: int) -> None:
    """Up to two windows a client, also where waiting costs money."""
    request = small(seed, clients=4, shipments=0, timed=True)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", SEEDS)
def test_shipments_are_solved_to_the_optimum(seed: int) -> None:
    """Two shipments with windows."""
    request = small(seed, clients=0, shipments=2, timed=True)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(20))
def test_answers_to_mixed_problems_are_verified(seed: int) -> None:
    """Every mixed problem that the solver carries has a verified answer."""
    request = mixed(seed)
    for client in request["clients"]:
        client.pop("pickup", None)
        client.pop("release_time", None)
    if request["shipments"]:
        request["clients"] = [client | {"delivery": {}} for client in request["clients"]]
    for vehicle_type in request["vehicle_types"]:
        vehicle_type.pop("reload_depots", None)
        vehicle_type.pop("max_reloads", None)
    assert refusal(request) is None
    assert solved(request, iterations=100, solver="guided_local_search").certificate.verified


def test_what_it_does_not_carry_is_refused() -> None:
    """Reloads, release times, and deliveries together with pickups in one dimension are each refused with a reason."""
    reloads, released, both = square(), square(), square()
    reloads["vehicle_types"][0]["reload_depots"] = ["hub"]
    released["clients"][0]["release_time"] = 5
    both["clients"][0]["pickup"] = {"load": 1}
    assert refusal(square()) is None
    assert "reloads" in (refusal(reloads) or "")
    assert "release" in (refusal(released) or "")
    assert "dimension" in (refusal(both) or "")


def test_a_request_to_stop_is_heard() -> None:
    """A listener that asks to stop ends the search with the plan so far."""

    class Impatient(Silent):
        def stop_requested(self) -> bool:
            return True

    budget = Budget(time_limit=20.0, iteration_limit=None, relative_gap=0.0, seed=0, threads=1)
    outcome = GuidedLocalSearch().solve(RoutingProblem.model_validate(square()), budget, Impatient())
    assert outcome.termination.limit == "interrupted"
    assert outcome.solution is not None


def test_better_plans_are_reported_in_money() -> None:
    """The last cost reported is that of a plan of the square, 80 and the ways to the hub."""
    heard: list[float] = []

    class Listener(Silent):
        def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
            heard.append(objective or 0.0)

    budget = Budget(time_limit=5.0, iteration_limit=50, relative_gap=0.0, seed=0, threads=1)
    outcome = GuidedLocalSearch().solve(RoutingProblem.model_validate(square()), budget, Listener())
    assert outcome.solution is not None
    assert heard[0] >= outcome.solution.cost - 1e-3


def test_a_later_window_keeps_a_limit_of_duration() -> None:
    """One van serves a client that opens late; the other one's later window spares it a wait of 450 s."""
    request = square()
    request["vehicle_types"][0] |= {"count": 1, "max_duration": 100}
    request["clients"] = [
        request["clients"][i] | {"time_windows": windows} for i, windows in ((0, [[50, 60], [500, 510]]), (1, [[500, 520]]))
    ]
    result: Any = solved(request, iterations=20, solver="guided_local_search")
    assert result.solution.unassigned == []
    assert sum(route.duration for route in result.solution.routes) <= 100
