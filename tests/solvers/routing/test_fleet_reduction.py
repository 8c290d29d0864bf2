"""Plans with fewer vehicles, by the compiled searches."""

from typing import Any

import pytest

from models.routing import RoutingProblem
from solvers.routing.compiled_problem import CompiledProblem, CompiledProblemBuilder
from solvers.routing.fleet_reduction import least_vehicles, pays
from solvers.routing.pairs.search import PairsAnnealing
from solvers.routing.parallel_annealing import searches_of
from solvers.routing.plain.annealing import PlainAnnealing
from solvers.routing.problem_index import indexed
from solvers.routing.semantics import issues
from tests.oracles.rich_routing import RichOracle
from tests.solvers.routing.instances import Request, plan, solved
from tests.solvers.routing.rich.instances import rich

SOLVER = "ruin_and_recreate"
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "pairs": {"shipments": True},
    "general": {"cost_per_duration": 0.001},
}


def packing(kind: str, *, groups: int = 5, first: bool = True, fixed_cost: float = 0.0) -> Request:
    """Return orders on a circle whose loads fill `groups` vans to the last unit, 7 + 5 + 3 each, and more vans than that."""
    loads = [load for load in (7, 5, 3) for _ in range(groups)]
    number = len(loads)
    corners = [(100, 0), (70, 70), (0, 100), (-70, 70), (-100, 0), (-70, -70), (0, -100), (70, -70)]
    locations = [{"id": f"l{i}", "x": corners[i % 8][0] + i, "y": corners[i % 8][1] - i} for i in range(number)]
    van: Request = {"id": "van", "count": number, "capacity": {"load": 15}, "start_depot": "d", "end_depot": "d"}
    van |= {"fixed_cost": fixed_cost, "cost_per_duration": KINDS[kind].get("cost_per_duration", 0)}
    request: Request = {
        "locations": [{"id": "home", "x": 0, "y": 0}, *locations],
        "depots": [{"id": "d", "location": "home"}],
        "vehicle_types": [van],
        "objective": {"fewest_vehicles": first},
    }
    if kind == "pairs":
        # All are picked up beside the depot within five seconds, so that a van carries its orders at the same time.
        request["locations"].append({"id": "gate", "x": 1, "y": 0})
        request["travel"] = {"profiles": {"default": {"speed": 1}}}
        pickup = {"location": "gate", "time_windows": [[0, 5]]}
        steps = [{"pickup": pickup, "delivery": {"location": f"l{i}"}} for i in range(number)]
        return request | {"shipments": [{"id": f"s{i}", "amount": {"load": loads[i]}, **step} for i, step in enumerate(steps)]}
    clients = [{"id": f"c{i}", "location": f"l{i}", "delivery": {"load": load}} for i, load in enumerate(loads)]
    return request | {"clients": clients}


def compiled(request: Request) -> CompiledProblem:
    """Return a request as the compiled searches read it."""
    problem = RoutingProblem.model_validate(request)
    assert issues(problem) == []
    return CompiledProblemBuilder(indexed(problem), left_out=set()).build()


@pytest.mark.parametrize("kind", KINDS)
def test_loads_that_fill_the_vans_are_packed(kind: str) -> None:
    """As few vans as the loads allow, where the shortest plan has more; the value is money only."""
    request = packing(kind)
    few = solved(request, iterations=20_000, solver=SOLVER)
    assert few.certificate is not None
    assert few.certificate.verified
    assert len(few.solution.routes) == 5
    assert few.solution.unassigned == []
    again = solved(request, iterations=20_000, solver=SOLVER)
    assert again.solution == few.solution
    assert few.objective is not None
    assert few.objective.value == pytest.approx(sum(route.cost for route in few.solution.routes))


@pytest.mark.parametrize(("kind", "expected"), [("plain", PlainAnnealing), ("pairs", PairsAnnealing), ("general", None)])
def test_each_compiled_search_is_tried(kind: str, expected: type | None) -> None:
    """The three problems of these tests go to three searches."""
    found = type(searches_of(compiled(packing(kind)), seed=0, threads=1)[0])
    assert found is expected if expected else found not in (PlainAnnealing, PairsAnnealing)


def test_dear_vans_are_given_up() -> None:
    """Where a van costs far more than a detour, the fewest are the cheapest."""
    request = packing("plain", first=False, fixed_cost=5_000)
    assert len(plan(request, iterations=20_000, solver=SOLVER).routes) == 5


def test_automatic_choice_takes_the_compiled_search() -> None:
    """Fewest vehicles alone need no judgement of whole routes."""
    assert solved(packing("plain"), solver="auto").stats.solver == SOLVER


@pytest.mark.parametrize("seed", range(40))
def test_tiny_problems_are_solved_to_the_optimum(seed: int) -> None:
    """Weight of what is left out, then vehicles, then money: as enumeration of all plans finds them."""
    request = rich(seed, families=(), clients=[4, 0, 2][seed % 3], shipments=[0, 2, 1][seed % 3])
    request["vehicle_types"][0]["cost_per_duration"] = 0
    request["objective"] = {"fewest_vehicles": True}
    found = solved(request, iterations=2_000, solver="auto")
    assert found.certificate is not None
    assert found.certificate.verified
    oracle = RichOracle(request)
    served = {stop.id for route in found.solution.routes for stop in route.stops if stop.kind in ("client", "pickup")}
    assert found.objective is not None
    assert found.objective.value is not None
    value = (oracle.weight(served), float(len(found.solution.routes)), found.objective.value)
    assert value == pytest.approx(oracle.best())


def test_loads_tell_how_many_vehicles_there_must_be() -> None:
    """The sum over the capacities of the largest vans; nothing where goods come and go."""
    assert least_vehicles(compiled(packing("plain"))) == 5
    assert least_vehicles(compiled(packing("pairs"))) == 1
    assert pays(compiled(packing("plain")), edge=1.0)
    assert not pays(compiled(packing("plain", first=False)), edge=1.0)
