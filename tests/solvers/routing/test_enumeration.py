"""Tiny problems solved by enumeration: the search finds the optimum, and never less than it."""

from typing import Any

import pytest

from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, small, solved


def value(request: Request) -> tuple[float, float]:
    """Return the weight of required orders left out and the cost of the answer."""
    result: Any = solved(request, iterations=300)
    assert result.certificate.verified
    orders = [*request["clients"], *request["shipments"]]
    weights = {order["id"]: 1 + order.get("priority", 0) for order in orders if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


@pytest.mark.parametrize("seed", range(8))
def test_capacitated_problems_are_solved_to_the_optimum(seed: int) -> None:
    """CVRP with five clients and two vans."""
    request = small(seed, clients=5, shipments=0, timed=False)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(8))
def test_problems_with_several_time_windows_are_solved_to_the_optimum(seed: int) -> None:
    """VRPTW with up to two windows a client, also where waiting costs money."""
    request = small(seed, clients=5, shipments=0, timed=True)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_never_exceeds_the_optimum(seed: int) -> None:
    """A plan with everything served comes with a bound that enumeration confirms."""
    request = small(seed, clients=3, shipments=1, timed=False)
    result: Any = solved(request, iterations=50)
    weight, optimum = best_value(request)
    assert weight == 0
    assert 0 < result.objective.bound <= optimum


@pytest.mark.parametrize("seed", range(8))
def test_pickup_and_delivery_is_solved_to_the_optimum(seed: int) -> None:
    """PDPTW with three shipments."""
    request = small(seed, clients=0, shipments=3, timed=True)
    assert value(request) == pytest.approx(best_value(request))
