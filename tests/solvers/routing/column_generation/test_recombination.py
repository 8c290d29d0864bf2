"""Plans put together from a pool of routes."""

import itertools

import pytest

from models.routing import RoutingProblem
from solvers.routing.column_generation.recombination import plan_cost, recombine
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, indexed
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, small, square


def route(*clients: int) -> PlannedRoute:
    """Return a route of the first vehicle type."""
    return PlannedRoute(vehicle_type=0, stops=tuple(PlannedStop(kind="client", position=i) for i in clients))


def index_of(request: Request) -> ProblemIndex:
    """Return the index of a request."""
    return indexed(RoutingProblem.model_validate(request))


def test_halves_of_two_plans_make_a_better_one() -> None:
    """Of the square's plans, the sides left and right go well together although no plan had both."""
    index = index_of(square())
    incumbent = [route(0, 2), route(1, 3)]
    plan = recombine(index, [route(0, 3), route(1, 2), route(0, 1), route(2)], incumbent, impossible=set(), seconds=5.0)
    assert plan is not None
    assert {frozenset(stop.position for stop in found.stops) for found in plan} == {frozenset({0, 3}), frozenset({1, 2})}


def test_nothing_better_is_told() -> None:
    """A pool without anything new gives no plan."""
    index = index_of(square())
    assert recombine(index, [route(0, 2)], [route(0, 1, 2, 3)], impossible=set(), seconds=5.0) is None


def test_more_vehicles_than_there_are_are_never_used() -> None:
    """Four single trips would need four vans."""
    request = square()
    request["vehicle_types"][0]["cost_per_distance"] = 0
    request["vehicle_types"][0]["cost_per_duration"] = 1
    index = index_of(request)
    assert recombine(index, [route(i) for i in range(4)], [route(0, 2), route(1, 3)], impossible=set(), seconds=5.0) is None


@pytest.mark.parametrize("seed", range(4))
def test_the_pool_of_all_routes_gives_the_optimum(seed: int) -> None:
    """With every order of every set of four clients in the pool the plan is the one that enumeration finds."""
    request = small(seed, clients=4, shipments=0, timed=False)
    index = index_of(request)
    impossible = set(impossible_orders(index))
    pool = [route(*stops) for size in range(1, 5) for stops in itertools.permutations(range(4), size)]
    worst = [route(0), route(1, 2, 3)] if seed % 2 else [route(3, 1), route(2, 0)]
    plan = recombine(index, pool, worst, impossible=impossible, seconds=5.0)
    assert plan_cost(index, plan or worst, impossible) == pytest.approx(best_value(request)[1])
