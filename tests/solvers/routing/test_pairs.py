"""The compiled search of shipments: optimal on tiny problems, consistent with itself, repeatable."""

from typing import Any

import numpy as np
import pytest

from models.routing import RoutingProblem
from solvers.routing.annealing import parameters_of
from solvers.routing.compiled_problem import CompiledProblem, CompiledProblemBuilder
from solvers.routing.nearness import near_stops
from solvers.routing.pairs import state_kernels as pairs
from solvers.routing.pairs.search import PairsAnnealing, takes
from solvers.routing.problem_index import indexed
from tests.oracles.routing import best_value
from tests.solvers.routing.instances import Request, small, solved


def compiled(request: Request) -> CompiledProblem:
    """Return a request as arrays."""
    return CompiledProblemBuilder(indexed(RoutingProblem.model_validate(request)), left_out=set()).build()


def shipments(seed: int, *, number: int, timed: bool = True) -> Request:
    """Return shipments only, whose routes cost by distance."""
    request = small(seed, clients=0, shipments=number, timed=timed)
    request["vehicle_types"][0]["cost_per_duration"] = 0
    return request


def search(request: Request, *, iterations: int = 2_000, seed: int = 1) -> PairsAnnealing:
    """Return a search that has run some iterations."""
    problem = compiled(request)
    assert takes(problem)
    parameters = parameters_of(problem)
    near = near_stops(problem, neighbours=parameters.neighbours, around=parameters.around)
    found = PairsAnnealing(problem, near, parameters, seed=seed)
    found.construct()
    found.descend()
    while found.iterations < iterations:
        found.limited_piece(iterations)
    return found


def value(request: Request) -> tuple[float, float]:
    """Return the weight of required shipments left out and the cost of the verified answer."""
    result: Any = solved(request, iterations=1_000, solver="ruin_and_recreate")
    assert result.certificate.verified
    weights = {order["id"]: 1 + order.get("priority", 0) for order in request["shipments"] if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_shipments_are_solved_to_the_optimum(seed: int, timed: bool) -> None:
    """Three shipments, two vans."""
    request = shipments(seed, number=3, timed=timed)
    assert takes(compiled(request))
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(8))
def test_prizes_and_two_types_of_vans_are_solved_to_the_optimum(seed: int) -> None:
    """A dear large van, a small one, and shipments that may stay out."""
    request = shipments(seed, number=3)
    van = request["vehicle_types"][0]
    request["vehicle_types"] = [
        {**van, "id": "large", "count": 1, "fixed_cost": 60, "cost_per_distance": 2},
        {**van, "id": "small", "count": 1, "capacity": {"load": 15}},
    ]
    request["shipments"][0] |= {"required": False, "prize": 70}
    assert value(request) == pytest.approx(best_value(request))


@pytest.mark.parametrize("seed", range(4))
def test_what_the_search_knows_of_its_routes_is_true(seed: int) -> None:
    """After many iterations costs, owners and positions are those of the sequences in the table."""
    found = search(shipments(seed, number=20))
    matrix = found.problem.matrix[0]
    cells = found.table.reshape(found.slots, pairs.FIELDS, found.width)
    absent = found.absent[: found.count[pairs.ABSENT]]
    cost = int(found.weight[absent].sum())
    for route in np.flatnonzero(found.entry[:, pairs.LENGTH]):
        length, kind = found.entry[route, [pairs.LENGTH, pairs.TYPE]]
        places, stops = cells[route, pairs.PLACE, :length], cells[route, pairs.STOP, 1 : length - 1]
        travelled = int(matrix[places[:-1], places[1:]].sum())
        assert travelled == found.total[route]
        assert (found.position[stops] == np.arange(1, length - 1)).all()
        assert (found.owner[stops // 2] == route).all()
        cost += int(found.kinds[kind, pairs.FIXED] + found.kinds[kind, pairs.RATE] * travelled)
    assert cost == found.count_cost
    assert (found.owner[absent] == -1).all()


def test_same_seed_and_iterations_give_the_same_plan() -> None:
    """Two runs of the same search end with the same routes."""
    request = shipments(3, number=20)
    assert search(request, seed=5).best_routes() == search(request, seed=5).best_routes()


def test_a_search_follows_another() -> None:
    """A search that goes on from another's plan has its cost, and the best plan that it finds then is one of its own routes."""
    request = shipments(2, number=20)
    one, other = search(request, iterations=500, seed=1), search(request, iterations=10, seed=2)
    other.follow(one)
    assert other.count_cost == one.count_cost
    other.limited_piece(500)
    served = [stop.position for route in other.best_routes() for stop in route.stops if stop.kind == "pickup"]
    assert len(served) == len(set(served))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("vehicle_types", {"max_duration": 500}),
        ("vehicle_types", {"max_stops": 3}),
        ("shipments", {"amount": {"a": 1, "b": 2}}),
    ],
)
def test_richer_problems_are_left_to_the_general_search(part: str, change: Request) -> None:
    """Longest durations, most stops and a second dimension of the load are not taken."""
    request = shipments(0, number=3)
    request[part][0] = {**request[part][0], **change}
    assert not takes(compiled(request))
