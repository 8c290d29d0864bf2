"""The compiled search of plain problems: exact on tiny ones, and its tables tell the same as the plan that they hold."""

import itertools
import random
from typing import Any

import numpy as np
import pytest

from models.routing import RoutingProblem
from solvers.routing import route_state_kernels as general
from solvers.routing.annealing import parameters_of
from solvers.routing.compiled_problem import CompiledProblem, CompiledProblemBuilder
from solvers.routing.plain import state_kernels as layout
from solvers.routing.plain.annealing import PlainAnnealing
from solvers.routing.plain.arrays import is_plain, plain_arrays
from solvers.routing.problem_index import indexed
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, solved


def plain(seed: int, *, clients: int, timed: bool, planar: bool = True) -> Request:
    """Return a plain request: a fleet of two types, prizes, skills, planar or with given ways, with or without windows."""
    draw = random.Random(seed)
    places = clients + 2
    matrix = [[0 if i == j else draw.randint(10, 60) for j in range(places)] for i in range(places)]
    if draw.random() < 0.5:
        matrix = [[matrix[min(i, j)][max(i, j)] for j in range(places)] for i in range(places)]

    def client(i: int) -> Request:
        early = draw.randint(0, 150)
        own: Request = {"id": f"c{i}", "location": f"l{i + 2}", "delivery": {"load": draw.randint(0, 20)}}
        if timed:
            own |= {"time_windows": [[early, early + draw.randint(20, 120)]], "service_duration": draw.randint(0, 9)}
        if draw.random() < 0.2:
            own |= {"required": False, "prize": draw.randint(0, 80)}
        return own | ({"skills": ["cold"]} if draw.random() < 0.2 else {})

    def vehicle_type(name: str, skills: list[str]) -> Request:
        own: Request = {
            "id": name,
            "count": draw.randint(1, 2) if planar else clients // 6,
            "capacity": {"load": draw.randint(20, 60)},
        }
        own |= {"start_depot": draw.choice(["d0", "d1"]), "end_depot": draw.choice(["d0", "d1", None])}
        return own | {"fixed_cost": draw.randint(0, 50), "skills": skills} | ({"shift": [0, 400]} if timed else {})

    travel: Request = {"metric": "matrix", "profiles": {"default": {"distances": matrix}}}
    return {
        "locations": [{"id": f"l{i}", "x": draw.randint(0, 60), "y": draw.randint(0, 60)} for i in range(places)],
        "travel": {"rounding": "nearest"} if planar else travel,
        "depots": [{"id": "d0", "location": "l0"}, {"id": "d1", "location": "l1"}],
        "clients": [client(i) for i in range(clients)],
        "shipments": [],
        "vehicle_types": [vehicle_type("cold", ["cold"]), vehicle_type("dry", [])][: 1 + draw.randint(0, 1)],
    }


def compiled(request: Request) -> CompiledProblem:
    """Return a request as arrays."""
    return CompiledProblemBuilder(indexed(RoutingProblem.model_validate(request)), left_out=set()).build()


def cost_of(search: PlainAnnealing) -> int:
    """Return the cost of the best plan, added up from the general arrays of the problem; assert that it is feasible."""
    problem, plan = search.problem, search.best.tolist()
    total, at, missing = 0, 1, set(range(problem.size))
    for _ in range(plan[0]):
        kind, clients = problem.fleet[plan[at]], [int(search.arrays.order[v]) for v in plan[at + 2 : at + 2 + plan[at + 1]]]
        at += 2 + len(clients)
        missing -= set(clients)
        places = [kind[general.START], *problem.place[clients], kind[general.END]]
        ways = list(itertools.pairwise(places))
        total += int(kind[general.FIXED] + sum(problem.matrix[kind[general.DISTANCE]][a, b] for a, b in ways))
        assert problem.stops[general.GOODS, clients].sum() <= kind[general.CAPACITY]
        moment = kind[general.START_EARLY]
        for client, way in zip(clients, ways, strict=False):
            moment = max(problem.early[client], moment + problem.matrix[kind[general.DURATION]][way])
            assert moment <= problem.late[client]
            moment += problem.service[client]
        assert moment + problem.matrix[kind[general.DURATION]][ways[-1]] <= kind[general.END_LATE]
    return total + int(problem.weight[sorted(missing)].sum())


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("timed", [False, True])
def test_tiny_plain_problems_are_solved_to_the_optimum(seed: int, *, timed: bool) -> None:
    """Two vehicle types and depots, prizes, skills: equal to enumeration."""
    request = plain(seed, clients=6, timed=timed)
    result: Any = solved(request, iterations=4_000, solver="ruin_and_recreate")
    assert result.certificate.verified
    required = {client["id"] for client in request["clients"] if client.get("required", True)}
    missing = sum(left_out.id in required for left_out in result.solution.unassigned)
    assert (missing, result.objective.value) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(12))
def test_costs_counted_by_changes_are_those_of_the_plan(seed: int) -> None:
    """After thousands of iterations taken back and kept, the best cost is that of the best plan, which is feasible."""
    problem = compiled(plain(seed, clients=60, timed=seed % 2 == 1, planar=False))
    assert is_plain(problem)
    parameters = parameters_of(problem)
    search = PlainAnnealing(plain_arrays(problem, neighbours=10, around=30), parameters, seed=seed)
    search.construct()
    search.descend()
    for _ in range(3):
        search.piece(0.3, rest=1.0)
        assert search.best_cost == cost_of(search)


def test_moments_are_those_of_the_routes() -> None:
    """Earliest departures and latest starts, pushed and taken back, are what a walk along each route gives."""
    search = PlainAnnealing(
        plain_arrays(compiled(plain(5, clients=60, timed=True, planar=False)), neighbours=10, around=30),
        parameters_of(compiled(plain(5, clients=60, timed=True, planar=False))),
        seed=1,
    )
    search.construct()
    search.descend()
    node = search.node.reshape(-1, layout.WIDTH)
    fact = search.arrays.fact.reshape(-1, layout.WIDTH)
    size = search.problem.size
    for v in np.flatnonzero(node[:size, layout.ROUTE] >= 0):
        before, after = node[v, layout.PRED], node[v, layout.SUCC]
        reach = int(search.arrays.onwards_span[before * len(node) + v])
        start = max(int(node[before, layout.DEPART]) + reach, int(fact[v, layout.EARLY]))
        assert node[v, layout.DEPART] == start + fact[v, layout.SERVICE]
        leave = int(node[after, layout.LATEST]) - int(node[v, layout.SPAN]) - int(fact[v, layout.SERVICE])
        assert node[v, layout.LATEST] == min(leave, int(fact[v, layout.LATE]))


def test_what_is_not_plain_is_left_to_the_general_kernels() -> None:
    """Goods in two dimensions, paid durations, or several windows."""
    request = plain(1, clients=4, timed=True)
    assert is_plain(compiled(request))
    two = plain(1, clients=4, timed=True)
    two["clients"][0]["delivery"]["weight"] = 3
    paid = plain(1, clients=4, timed=True)
    paid["vehicle_types"][0]["cost_per_duration"] = 1
    several = plain(1, clients=4, timed=True)
    several["clients"][0]["time_windows"] = [[0, 5], [20, 30]]
    assert not any(is_plain(compiled(other)) for other in (two, paid, several))
