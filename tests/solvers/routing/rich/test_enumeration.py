"""Tiny problems with every condition of the general search, solved by enumeration: the search finds the optimum."""

import itertools
import math
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import indexed
from solvers.routing.route_cost import cost_of
from solvers.routing.semantics import issues
from tests.oracles.rich_routing import RichOracle, Value
from tests.solvers.routing.instances import FEATURE
from tests.solvers.routing.rich.instances import NAMES, Request, rich

ITERATIONS = 500


def solved(request: Request, **options: Any) -> Any:
    """Return the answer after a fixed number of iterations on one thread."""
    limits = {"time_limit_s": 20, "iteration_limit": ITERATIONS, "threads": 1, **options}
    problem = RoutingProblem.model_validate({**request, "options": limits})
    assert issues(problem) == []
    return answer(FEATURE, problem, Silent(), input_sha256="0" * 64)


def value(request: Request, result: Any) -> Value:
    """Return what the plan leaves out, its vehicles where they count, and its money."""
    served = {stop.id for route in result.solution.routes for stop in route.stops if stop.kind in ("client", "pickup")}
    counted = request.get("objective", {}).get("fewest_vehicles")
    vehicles = float(len(result.solution.routes)) if counted else 0.0
    return RichOracle(request).weight(served), vehicles, result.objective.value


def compare(request: Request) -> None:
    """Solve a request, verify the answer and compare it with the best of all plans."""
    result = solved(request, solver="general_ruin_and_recreate")
    assert result.certificate.verified, result.certificate
    best = RichOracle(request).best()
    assert value(request, result) == pytest.approx(best)
    if result.objective.bound is not None:
        assert result.objective.bound <= best[-1] + 1e-6


@pytest.mark.parametrize("family", NAMES)
def test_each_family_of_conditions_is_solved_to_the_optimum(family: str) -> None:
    """Four clients, two vans, one family of conditions."""
    for seed in range(12):
        compare(rich(seed, families=(family,)))


@pytest.mark.parametrize("seed", range(30))
def test_mixed_conditions_are_solved_to_the_optimum(seed: int) -> None:
    """Three clients and a shipment with all families at once."""
    compare(rich(1_000 + seed, families=NAMES, clients=3, shipments=1))


def test_plain_conditions_are_solved_to_the_optimum_too() -> None:
    """The general search named for requests that need none of its conditions."""
    for seed in range(10):
        compare(rich(seed, families=(), clients=4))


@pytest.mark.parametrize("first", [0, 10, 280, 320])
def test_waiting_beside_a_break_outside_the_route_is_timed_at_least_cost(first: int) -> None:
    """A break before departure leaves more to wait for, one on the route less: each route costs what enumeration finds."""
    for seed in range(first, first + 10):
        request = rich(seed, families=("breaks", "soft"), clients=3)
        van = request["vehicle_types"][0]
        van |= {"cost_per_waiting": [0.5, 2, 5][seed % 3], "cost_per_duration": [0, 0, 1][(seed // 3) % 3]}
        van["breaks"][0]["outside_route"] = True
        oracle, index = RichOracle(request), indexed(RoutingProblem.model_validate(request))
        for number in (1, 2, 3):
            for order in itertools.permutations(range(3), number):
                stops = tuple(PlannedStop(kind="client", position=i) for i in order)
                cost = cost_of(index, PlannedRoute(vehicle_type=0, stops=stops))
                least = oracle.route_cost(van, tuple(("client", f"c{i}") for i in order))
                assert (math.inf if cost is None else cost) == pytest.approx(least), (seed, order)


def test_auto_takes_the_general_search_and_says_why() -> None:
    """A request with breaks goes to the general search; the reasons name the condition."""
    result = solved(rich(3, families=("breaks",)))
    assert result.stats.solver == "general_ruin_and_recreate"
    assert any("breaks" in reason for reason in result.stats.reasons)


def test_auto_leaves_plain_requests_to_the_other_searches() -> None:
    """Neutral values of the new fields change nothing."""
    request = rich(3, families=())
    request["vehicle_types"][0] |= {"breaks": [], "max_overtime": 0, "cost_per_overtime": 0, "cost_per_waiting": 0}
    request |= {"relations": [], "locks": [], "objective": {"fewest_vehicles": False, "balance": None}}
    assert solved(request).stats.solver != "general_ruin_and_recreate"


def test_the_same_seed_and_iterations_give_the_same_answer() -> None:
    """Two searches on one thread agree to the last stop."""
    request = rich(5, families=NAMES, clients=7, shipments=2)
    first, second = (solved(request) for _ in range(2))
    assert first.solution == second.solution
