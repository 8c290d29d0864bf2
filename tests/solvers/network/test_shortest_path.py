"""Shortest paths: distances by brute force and NetworkX, optimality by labels."""

import random

import networkx
import pytest

from tests.oracles.network import shortest_distance
from tests.solvers.network.features import proved, solve


@pytest.mark.parametrize("solver", ["auto", "bellman_ford"])
@pytest.mark.parametrize("seed", range(40))
def test_distances_equal_brute_force(seed: int, solver: str) -> None:
    """Every distance is that of the best simple path; nodes without one are unreachable."""
    stream = random.Random(seed)
    order = stream.randint(2, 5)
    least = stream.choice([-2, 0])
    arcs = [
        (stream.randrange(order), stream.randrange(order), stream.randint(least, 6) / 10) for _ in range(stream.randint(0, 10))
    ]
    answer = solve(
        "shortest-path",
        nodes=[{"id": str(node)} for node in range(order)],
        arcs=[{"tail": str(tail), "head": str(head), "cost": cost} for tail, head, cost in arcs],
        source="0",
        targets=[str(node) for node in range(1, order)],
        options={"solver": solver},
    )
    assert proved(answer)
    if answer.status == "unbounded":
        return
    found = {} if answer.solution is None else answer.solution.distances
    for node in range(1, order):
        assert found.get(str(node)) == pytest.approx(shortest_distance(arcs, 0, node, order))


@pytest.mark.parametrize("seed", range(3))
def test_distances_equal_networkx(seed: int) -> None:
    """NetworkX's Dijkstra finds the same distances on a random graph."""
    graph = networkx.gnm_random_graph(60, 300, seed=seed, directed=True)
    stream = random.Random(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = stream.randint(0, 9)
    expected = networkx.single_source_dijkstra_path_length(graph, 0)
    answer = solve("shortest-path", source=0, targets=list(range(60)), **networkx.node_link_data(graph, edges="links"))
    assert {name: value for name, value in answer.solution.distances.items() if value is not None} == {
        str(node): float(value) for node, value in expected.items()
    }


def test_the_cheaper_of_parallel_arcs_is_taken() -> None:
    """Parallel arcs stay apart: the path names the cheap one."""
    arcs = [{"id": "dear", "tail": "a", "head": "b", "cost": 5}, {"id": "cheap", "tail": "a", "head": "b", "cost": 2}]
    answer = solve("shortest-path", source="a", targets=["b"], arcs=arcs)
    assert answer.solution.paths[0].arcs == ["cheap"]


def test_arcs_that_cost_nothing_are_used() -> None:
    """A cost of 0 is a cost, not a missing arc."""
    answer = solve(
        "shortest-path",
        source="a",
        targets=["c"],
        arcs=[
            {"tail": "a", "head": "b", "cost": 0},
            {"tail": "b", "head": "c", "cost": 1},
            {"tail": "a", "head": "c", "cost": 2},
        ],
    )
    assert answer.solution.paths[0].nodes == ["a", "b", "c"]


def test_a_cycle_that_costs_nothing_does_not_trap_the_path() -> None:
    """A free cycle beside the path is passed by."""
    arcs = [
        {"tail": "a", "head": "b", "cost": -1},
        {"tail": "b", "head": "a", "cost": 1},
        {"tail": "b", "head": "c", "cost": 3},
    ]
    answer = solve("shortest-path", source="a", targets=["c"], arcs=arcs)
    assert (answer.solution.distances, answer.solution.paths[0].nodes) == ({"c": 2.0}, ["a", "b", "c"])


def test_negative_cycle_on_the_way_is_unbounded() -> None:
    """A cycle of negative cost between source and target is named."""
    arcs = [
        {"tail": "s", "head": "a", "cost": 1},
        {"tail": "a", "head": "b", "cost": 1},
        {"tail": "b", "head": "a", "cost": -2},
        {"tail": "b", "head": "t", "cost": 1},
    ]
    answer = solve("shortest-path", level="full", source="s", targets=["t"], arcs=arcs)
    assert answer.status == "unbounded"
    assert proved(answer)


def test_negative_cycle_off_the_way_does_no_harm() -> None:
    """A cycle of negative cost from which no target can be reached leaves the distances as they are."""
    arcs = [
        {"tail": "s", "head": "t", "cost": 3},
        {"tail": "s", "head": "a", "cost": 1},
        {"tail": "a", "head": "a", "cost": -1},
    ]
    answer = solve("shortest-path", source="s", targets=["t"], arcs=arcs)
    assert answer.solution.distances == {"t": 3.0}
    assert proved(answer)


def test_unreachable_targets_are_listed_beside_the_others() -> None:
    """One target without a path does not spoil the rest."""
    nodes = [{"id": name} for name in "abc"]
    answer = solve("shortest-path", source="a", targets=["b", "c"], nodes=nodes, arcs=[{"tail": "a", "head": "b", "cost": 1}])
    assert (answer.status, answer.solution.distances, answer.solution.unreachable) == (
        "succeeded",
        {"b": 1.0, "c": None},
        ["c"],
    )


def test_no_reachable_target_is_infeasible_with_a_cut() -> None:
    """When nothing can be reached the explanation names the reached part, which no arc leaves."""
    nodes = [{"id": name} for name in "abc"]
    answer = solve("shortest-path", level="full", source="a", targets=["c"], nodes=nodes, arcs=[{"tail": "a", "head": "b"}])
    assert answer.status == "infeasible"
    assert answer.explanation.cuts[0].nodes == ["a", "b"]


def test_dijkstra_refuses_negative_costs() -> None:
    """The automatic choice moves on to Bellman-Ford and says why."""
    answer = solve("shortest-path", source="a", targets=["b"], arcs=[{"tail": "a", "head": "b", "cost": -1}])
    assert answer.stats is not None
    assert answer.stats.solver == "bellman_ford"
    assert answer.stats.reasons[0] == "dijkstra: an arc has a negative cost"


def test_the_way_to_the_source_itself_is_empty() -> None:
    """A target that is the source has distance 0 and a path without arcs."""
    answer = solve("shortest-path", source="a", targets=["a"], arcs=[{"tail": "a", "head": "b", "cost": 1}])
    assert (answer.solution.distances, answer.solution.paths[0].arcs) == ({"a": 0.0}, [])
