"""The compiled search: optimal on tiny problems, verified on mixed ones, repeatable, on time, and deaf to nobody."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.base import Budget, Silent
from solvers.routing.compiled_problem import CompiledProblemBuilder
from solvers.routing.parallel_annealing import ParallelAnnealing
from solvers.routing.problem_index import indexed
from solvers.routing.ruin_and_recreate import RuinAndRecreate
from solvers.routing.search_control import SearchControl
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, mixed, small, solved

NAME = "ruin_and_recreate"


def value(request: Request) -> tuple[float, float]:
    """Return the weight of required orders left out and the cost of the answer."""
    result: Any = solved(request, iterations=1_000, solver=NAME)
    assert result.certificate.verified
    orders = [*request["clients"], *request["shipments"]]
    weights = {order["id"]: 1 + order.get("priority", 0) for order in orders if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


def carried(seed: int) -> Request:
    """Return a mixed request without what the compiled search hands to others: reloads, several windows."""
    request = mixed(seed)
    for client in request["clients"]:
        client["time_windows"] = client["time_windows"][:1]
    for vehicle_type in request["vehicle_types"]:
        vehicle_type.pop("reload_depots", None)
        vehicle_type.pop("max_reloads", None)
    return request


def scattered(clients: int) -> Request:
    """Return a request with clients scattered over the plane by a fixed rule, one depot and vans enough."""
    places = [(k * 7_919 % 1_009, k * 104_729 % 997) for k in range(clients + 1)]
    return {
        "locations": [{"id": f"l{k}", "x": x, "y": y} for k, (x, y) in enumerate(places)],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d", "location": "l0"}],
        "clients": [
            {"id": f"c{k}", "location": f"l{k}", "delivery": {"cases": 1 + k % 9}, "time_windows": [[100 * (k % 20), 5_000]]}
            for k in range(1, clients + 1)
        ],
        "vehicle_types": [
            {
                "id": "van",
                "count": clients,
                "capacity": {"cases": 60},
                "start_depot": "d",
                "end_depot": "d",
                "shift": [0, 9_000],
            }
        ],
    }


def budget(**limits: Any) -> Budget:
    """Return a budget of one thread with some limits."""
    usual = {"time_limit": 10.0, "iteration_limit": None, "relative_gap": 0.0, "seed": 1, "threads": 1}
    return Budget(**{**usual, **limits})


class Listener(Silent):
    """Asks to stop when told, and keeps what it hears with the seconds since it was made."""

    def __init__(self, stop: Callable[[float], bool]) -> None:
        self.began = time.monotonic()
        self.stop = stop
        self.heard: list[tuple[float, float]] = []

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Keep the objective."""
        assert objective is not None
        self.heard.append((time.monotonic() - self.began, objective))

    def stop_requested(self) -> bool:
        """Ask as told."""
        return self.stop(time.monotonic() - self.began)


@pytest.mark.parametrize("seed", range(12))
def test_capacitated_problems_are_solved_to_the_optimum(seed: int) -> None:
    """CVRP with six clients and two vans."""
    request = small(seed, clients=6, shipments=0, timed=False)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(12))
def test_problems_with_windows_and_paid_durations_are_solved_to_the_optimum(seed: int) -> None:
    """VRPTW with one window a client, also where waiting costs money."""
    request = small(seed, clients=5, shipments=0, timed=True)
    for client in request["clients"]:
        client["time_windows"] = client["time_windows"][:1]
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(12))
def test_several_windows_a_client_are_solved_to_the_optimum(seed: int) -> None:
    """Up to two windows a client where only distance counts."""
    request = small(seed, clients=5, shipments=0, timed=True)
    request["vehicle_types"][0]["cost_per_duration"] = 0
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(12))
def test_pickup_and_delivery_is_solved_to_the_optimum(seed: int) -> None:
    """PDPTW with three shipments."""
    request = small(seed, clients=0, shipments=3, timed=True)
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(40))
def test_answers_to_mixed_problems_are_verified(seed: int) -> None:
    """Whatever the contract offers together, beside reloads and several windows, the independent check agrees."""
    result: Any = solved(carried(seed), iterations=500, solver=NAME)
    assert result.certificate.verified, result.certificate


def test_the_same_seed_and_iterations_give_the_same_answer() -> None:
    """Two searches with limited iterations agree to the last stop."""
    request = scattered(80)
    first, second = (solved(request, iterations=5_000, solver=NAME, seed=3) for _ in range(2))
    assert first.solution == second.solution


def test_the_engine_counts_the_cost_that_the_plan_has() -> None:
    """The cost in integers is the cost of the answer."""
    request = scattered(60)
    listener = Listener(lambda seconds: False)
    outcome = RuinAndRecreate().solve(RoutingProblem.model_validate(request), budget(time_limit=1.0), listener)
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(min(cost for _, cost in listener.heard), rel=0.05)


def test_threads_share_their_plans() -> None:
    """Two threads hand back one verified plan, repeatable by iterations."""
    problem = RoutingProblem.model_validate(scattered(60))
    costs = []
    for _ in range(2):
        outcome = RuinAndRecreate().solve(problem, budget(iteration_limit=8_000, threads=2), Silent())
        assert outcome.threads == 2
        assert outcome.objective is not None
        costs.append(outcome.objective.value)
    assert costs[0] == costs[1]


def test_two_threads_serve_every_order_that_one_thread_serves() -> None:
    """Every thread begins with a plan of all orders, whatever little it may search after that."""
    request = scattered(100)
    for client in request["clients"]:
        del client["time_windows"]
    problem = CompiledProblemBuilder(indexed(RoutingProblem.model_validate(request)), left_out=set()).build()
    for threads in (1, 2):
        control = SearchControl(budget(iteration_limit=2, threads=threads), Silent(), started=time.monotonic())
        routes = ParallelAnnealing(problem, control).run()
        assert sum(len(route.stops) for route in routes) == 100


def test_a_request_to_stop_ends_the_search() -> None:
    """A search of ten seconds that is told to stop after half a second hands back its plan soon."""
    listener = Listener(lambda seconds: seconds > 0.5)
    outcome = RuinAndRecreate().solve(RoutingProblem.model_validate(scattered(100)), budget(), listener)
    assert outcome.termination.limit == "interrupted"
    assert time.monotonic() - listener.began < 2.5


def test_incumbents_come_early_and_not_too_often() -> None:
    """A thousand clients: better and better plans, at most four a second, and the deadline is kept."""
    listener = Listener(lambda seconds: False)
    problem = RoutingProblem.model_validate(scattered(1_000))
    RuinAndRecreate().solve(problem, budget(time_limit=2.5), listener)
    assert time.monotonic() - listener.began < 2.5 + 1.0
    moments = [moment for moment, _ in listener.heard]
    assert moments[0] < 3.0
    assert all(after - before >= 0.25 for before, after in itertools.pairwise(moments))
    costs = [cost for _, cost in listener.heard]
    assert costs == sorted(costs, reverse=True)


def test_what_is_not_carried_is_said() -> None:
    """Reloads are handed to another solver, with the reason."""
    request = scattered(3)
    request["vehicle_types"][0]["reload_depots"] = ["d"]
    assert "reloads" in str(RuinAndRecreate().supports(RoutingProblem.model_validate(request)))


def test_distances_that_one_way_differs_from_the_other_are_kept_apart() -> None:
    """An asymmetric matrix is stacked with its transpose, a symmetric one alone."""
    request = scattered(2)
    request["locations"] = [{"id": f"l{k}"} for k in range(3)]
    request["travel"] = {"metric": "matrix", "profiles": {"default": {"distances": [[0, 1, 9], [5, 0, 2], [3, 7, 0]]}}}
    assert len(CompiledProblemBuilder(indexed(RoutingProblem.model_validate(request)), left_out=set()).build().matrix) == 2
    assert len(CompiledProblemBuilder(indexed(RoutingProblem.model_validate(scattered(2))), left_out=set()).build().matrix) == 1


def test_auto_leaves_prizes_within_windows_to_local_search_and_says_why() -> None:
    """The reasons of an answer name what decided; the same problem can still be given to the engine by name."""
    request = scattered(12)
    request["clients"][0] |= {"required": False, "prize": 10}
    chosen: Any = solved(request, iterations=50, solver="auto")
    assert chosen.stats.solver == "iterated_local_search"
    assert "prizes" in chosen.stats.reasons[0]
    named: Any = solved(request, iterations=50, solver=NAME)
    assert named.stats.solver == NAME
    assert named.certificate.verified
