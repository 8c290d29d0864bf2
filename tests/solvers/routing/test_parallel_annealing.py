"""Annealing hands its plan over to local search where that goes on better, and anneals to the end elsewhere."""

import math
import time
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Budget, Silent
from solvers.pipeline import answer
from solvers.routing.compiled_problem import CompiledProblemBuilder
from solvers.routing.parallel_annealing import ParallelAnnealing
from solvers.routing.parallel_search import with_search_beside
from solvers.routing.problem_index import indexed
from solvers.routing.search_control import SearchControl
from solvers.routing.semantics import warnings
from tests.solvers.routing.instances import FEATURE, Request

CLIENTS = 60
SECONDS = 0.3
FORBIDDEN = 1_000_000


def scattered(*, capacity: int, pickups: bool) -> Request:
    """Return clients of one unit each, every third with a pickup where there are any."""
    names = ["pickup" if pickups and k % 3 == 0 else "delivery" for k in range(1, CLIENTS + 1)]
    return {
        "locations": [{"id": f"l{k}", "x": k * 7_919 % 1_009, "y": k * 104_729 % 997} for k in range(CLIENTS + 1)],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d", "location": "l0"}],
        "clients": [{"id": f"c{k}", "location": f"l{k}", name: {"cases": 1}} for k, name in enumerate(names, start=1)],
        "vehicle_types": [
            {"id": "van", "count": CLIENTS, "capacity": {"cases": capacity}, "start_depot": "d", "end_depot": "d"}
        ],
    }


def annealed(request: Request, **limits: Any) -> ParallelAnnealing:
    """Return a search that has ended."""
    usual = {"time_limit": SECONDS, "iteration_limit": None, "relative_gap": 0.0, "seed": 1, "threads": 1}
    control = SearchControl(Budget(**{**usual, **limits}), Silent(), started=time.monotonic())
    search = ParallelAnnealing(
        CompiledProblemBuilder(indexed(RoutingProblem.model_validate(request)), left_out=set()).build(), control
    )
    search.run()
    return search


@pytest.mark.parametrize(
    ("capacity", "pickups", "relayed"), [(25, True, True), (4, True, False), (25, False, False)], ids=["long", "short", "plain"]
)
def test_loads_judged_on_long_ways_end_the_annealing_early(capacity: int, *, pickups: bool, relayed: bool) -> None:
    """Deliveries and pickups in one load are handed over where routes are long; short routes and total loads are not."""
    assert annealed(scattered(capacity=capacity, pickups=pickups)).relayed == relayed


def test_limited_iterations_are_annealed_to_the_end() -> None:
    """The clock would decide when to hand over, and the answer could not be repeated."""
    assert not annealed(scattered(capacity=25, pickups=True), iteration_limit=2_000).relayed


def backhauls(*, capacity: int) -> Request:
    """Return the same clients with a matrix in which arcs to a delivery after a pickup, or first to a pickup, are forbidden."""
    request = scattered(capacity=capacity, pickups=True)
    points = [(location.pop("x"), location.pop("y")) for location in request["locations"]]
    late = [False, *("pickup" in client for client in request["clients"])]

    def length(i: int, j: int) -> int:
        forbidden = (late[i] and j > 0 and not late[j]) or (i == 0 and late[j])
        return FORBIDDEN if forbidden else round(math.dist(points[i], points[j]))

    size = range(CLIENTS + 1)
    request["travel"] = {
        "metric": "matrix",
        "profiles": {"default": {"distances": [[length(i, j) for j in size] for i in size]}},
    }
    return request


def test_the_plan_of_a_relay_is_verified_and_drives_no_forbidden_arc() -> None:
    """Local search goes on from the annealed plan: everyone is served, deliveries before pickups."""
    options = {"time_limit_s": 2 * SECONDS, "threads": 1, "solver": "ruin_and_recreate"}
    problem = RoutingProblem.model_validate({**backhauls(capacity=15), "options": options})
    result: Any = answer(FEATURE, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))
    assert result.certificate.verified
    assert result.solution.unassigned == []
    assert result.objective.value < FORBIDDEN


def solved_by_two(request: Request, solver: str, seconds: float) -> Any:
    """Return the verified answer of a solver with two threads."""
    options = {"solver": solver, "threads": 2, "time_limit_s": seconds}
    problem = RoutingProblem.model_validate({**request, "options": options})
    result = answer(FEATURE, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))
    assert result.certificate is not None
    assert result.certificate.verified, result.certificate
    return result


@pytest.mark.parametrize("solver", ["ruin_and_recreate", "iterated_local_search"])
def test_local_search_of_the_whole_runs_beside(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two threads one is local search of the whole: beside annealing of goods both ways, and beside neighbourhoods."""
    monkeypatch.setattr("solvers.routing.decomposition.FEWEST_ORDERS", 10)
    monkeypatch.setattr("solvers.routing.decomposition.ORDERS_A_PART", 20)
    asked: list[int] = []

    def beside(*given: Any) -> Any:
        asked.append(len(given))
        return with_search_beside(*given)

    for module in ("ruin_and_recreate", "iterated_local_search"):
        monkeypatch.setattr(f"solvers.routing.{module}.with_search_beside", beside)
    found = solved_by_two(scattered(capacity=8, pickups=True), solver, 0.8)
    assert found.stats.threads == 2
    assert len(asked) == 1
