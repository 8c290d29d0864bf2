"""Minimum cost flow: cost by brute force and NetworkX, prices by their certificate, infeasibility by its cut."""

import random
from typing import Any

import networkx
import pytest

from tests.oracles.network import cheapest_flow
from tests.solvers.network.features import proved, solve
from tests.solvers.network.random_networks import body_of, random_arcs, random_demand

DOCK: dict[str, Any] = {
    "nodes": [{"id": "mill", "demand": -5}, {"id": "dock"}, {"id": "shop", "demand": 5}],
    "arcs": [
        {"id": "in", "tail": "mill", "head": "dock", "capacity": 10, "cost": 1},
        {"id": "cheap", "tail": "dock", "head": "shop", "capacity": 3, "cost": 2},
        {"id": "dear", "tail": "dock", "head": "shop", "capacity": 9, "cost": 4},
    ],
}


def with_demand(body: dict[str, Any], demand: list[int]) -> dict[str, Any]:
    """Return the body with a demand for every node."""
    return body | {"nodes": [node | {"demand": value} for node, value in zip(body["nodes"], demand, strict=True)]}


@pytest.mark.parametrize("seed", range(60))
def test_cost_equals_brute_force(seed: int) -> None:
    """The cheapest of all integer flows costs what the engine reports, and both agree when there is none."""
    stream = random.Random(seed)
    order = stream.randint(2, 5)
    arcs = random_arcs(stream, order=order)
    demand = random_demand(stream, order=order, arcs=arcs)
    answer = solve("minimum-cost-flow", **with_demand(body_of(arcs, order=order), demand))
    best = cheapest_flow(order, arcs, demand)
    assert proved(answer)
    assert (None if answer.objective is None else answer.objective.value) == best
    assert answer.status == ("infeasible" if best is None else "succeeded")


@pytest.mark.parametrize("seed", range(5))
def test_cost_equals_networkx(seed: int) -> None:
    """NetworkX's network simplex finds the same cost on a random graph."""
    graph = networkx.gnm_random_graph(30, 200, seed=seed, directed=True)
    stream = random.Random(seed)
    for _, _, data in graph.edges(data=True):
        data |= {"weight": stream.randint(0, 20), "capacity": stream.randint(15, 30)}
    for node, demand in ((0, -20), (1, -10), (2, 15), (3, 15)):
        graph.nodes[node]["demand"] = demand
    answer = solve("minimum-cost-flow", **networkx.node_link_data(graph, edges="links"))
    assert proved(answer)
    assert answer.objective is not None
    assert answer.objective.value == networkx.min_cost_flow_cost(graph)


def test_parallel_arcs_are_kept_apart() -> None:
    """The cheap one of two parallel arcs is filled first, and each has its own flow."""
    answer = solve("minimum-cost-flow", **DOCK)
    assert answer.solution.flows == {"in": 5.0, "cheap": 3.0, "dear": 2.0}


def test_potentials_give_reduced_costs() -> None:
    """Arcs between their bounds have reduced cost 0, the full arc a negative one: what one more unit of it saves."""
    answer = solve("minimum-cost-flow", level="full", **DOCK)
    assert answer.solution.potentials == {"mill": 0.0, "dock": 1.0, "shop": 5.0}
    assert answer.explanation.reduced_costs == {"in": 0.0, "cheap": -2.0, "dear": 0.0}


@pytest.mark.parametrize("change", [-1, 1])
def test_capacity_price_predicts_the_cost_of_a_changed_capacity(change: int) -> None:
    """One unit more or less of the full arc changes the cost by exactly its shadow price."""
    before = solve("minimum-cost-flow", level="full", **DOCK)
    price = next(row.shadow_price for row in before.explanation.constraints if row.name == "capacity[cheap]")
    arcs = [arc | ({"capacity": 3 + change} if arc["id"] == "cheap" else {}) for arc in DOCK["arcs"]]
    after = solve("minimum-cost-flow", **(DOCK | {"arcs": arcs}))
    assert after.objective is not None
    assert before.objective is not None
    assert after.objective.value == before.objective.value + change * price


def test_unbalanced_demands_are_infeasible_with_the_shortfall() -> None:
    """A shop that needs more than the mill sends is told by how much, with a repair that was solved again."""
    nodes = [{"id": "mill", "demand": -5}, {"id": "dock"}, {"id": "shop", "demand": 7}]
    answer = solve("minimum-cost-flow", level="full", **(DOCK | {"nodes": nodes}))
    assert answer.status == "infeasible"
    assert proved(answer)
    diagnosis = answer.explanation.infeasibility
    assert diagnosis.total_violation == 2.0
    assert [(repair.cost, repair.verified) for repair in diagnosis.repairs] == [(2.0, True)]


def test_a_cut_proves_a_missing_capacity() -> None:
    """When an arc is too narrow the cut names the nodes behind it, the arc, need and available units."""
    arcs = [arc | ({"capacity": 4} if arc["id"] == "in" else {}) for arc in DOCK["arcs"]]
    answer = solve("minimum-cost-flow", level="full", **(DOCK | {"arcs": arcs}))
    cut = answer.explanation.cuts[0]
    assert (cut.name, set(cut.nodes), cut.arcs, cut.need, cut.available) == ("shortage", {"dock", "shop"}, ["in"], 5.0, 4.0)
    assert "/arcs/0/capacity" in [member.pointer for member in answer.explanation.infeasibility.subset]


def test_negative_cycle_without_capacity_is_unbounded() -> None:
    """A cycle of unlimited arcs with negative cost is named as the reason why cost falls without end."""
    arcs = [{"tail": "a", "head": "b", "cost": 1}, {"tail": "b", "head": "a", "cost": -2}]
    answer = solve("minimum-cost-flow", arcs=arcs)
    assert answer.status == "unbounded"
    assert proved(answer)
    assert answer.termination is not None
    assert "a -> b -> a" in answer.termination.detail or "b -> a -> b" in answer.termination.detail


def test_infeasible_wins_over_a_negative_cycle() -> None:
    """A problem without any flow is infeasible, whatever a cycle would save."""
    arcs = [{"tail": "a", "head": "b", "cost": 1}, {"tail": "b", "head": "a", "cost": -2}]
    nodes = [{"id": "a", "demand": 1}, {"id": "b"}]
    assert solve("minimum-cost-flow", nodes=nodes, arcs=arcs).status == "infeasible"


def test_circulation_uses_a_negative_cycle_up_to_its_capacity() -> None:
    """Without demands flow still runs round a cycle that pays, as far as a capacity allows."""
    arcs = [{"tail": "a", "head": "b", "cost": 1}, {"tail": "b", "head": "a", "cost": -3, "capacity": 4}]
    answer = solve("minimum-cost-flow", arcs=arcs)
    assert answer.objective is not None
    assert answer.objective.value == -8.0


def test_decimal_numbers_are_exact() -> None:
    """Tenths and cents, which binary floats cannot hold, still balance and add up without a warning."""
    nodes = [{"id": "a", "demand": -0.3}, {"id": "b", "demand": 0.1}, {"id": "c", "demand": 0.2}]
    arcs = [{"tail": "a", "head": "b", "cost": 0.07}, {"tail": "b", "head": "c", "cost": 0.01}]
    answer = solve("minimum-cost-flow", nodes=nodes, arcs=arcs)
    assert answer.solution.flows == {"a->b": 0.3, "b->c": 0.2}
    assert answer.solution.potentials == {"a": 0.0, "b": 0.07, "c": 0.08}
    assert answer.warnings == []


def test_numbers_without_end_are_rounded_with_a_warning() -> None:
    """Thirds cannot be whole steps: the largest rounding is declared and the answer still passes its check."""
    third = 1 / 3
    nodes = [{"id": "a", "demand": -1}, {"id": "b", "demand": third}, {"id": "c", "demand": 2 * third}]
    arcs = [{"tail": "a", "head": "b", "cost": third}, {"tail": "b", "head": "c", "capacity": 2 * third}]
    answer = solve("minimum-cost-flow", nodes=nodes, arcs=arcs)
    assert proved(answer)
    assert {warning.code for warning in answer.warnings} == {"NUMBERS_ROUNDED"}


def test_large_numbers_do_not_overflow() -> None:
    """Demands, capacities and costs at the limit of the contract give the exact cost."""
    nodes = [{"id": "a", "demand": -1e12}, {"id": "b", "demand": 1e12}]
    arcs = [{"tail": "a", "head": "b", "cost": 1e12, "capacity": 1e12}, {"tail": "a", "head": "b", "cost": 1e11}]
    answer = solve("minimum-cost-flow", nodes=nodes, arcs=arcs)
    assert proved(answer)
    assert answer.objective is not None
    assert answer.objective.value == pytest.approx(1e23)


def test_no_nodes_and_no_arcs_cost_nothing() -> None:
    """The empty network has the empty flow."""
    answer = solve("minimum-cost-flow", level="full", arcs=[])
    assert answer.objective is not None
    assert answer.objective.value == 0.0


def test_columns_and_rows_give_the_same_answer() -> None:
    """The same network as columns has the same flows."""
    names = ("id", "tail", "head", "capacity", "cost")
    columns = {name: [arc[name] for arc in DOCK["arcs"]] for name in names}
    nodes = {"id": ["mill", "dock", "shop"], "demand": [-5, 0, 5]}
    answer = solve("minimum-cost-flow", nodes=nodes, arcs=columns)
    assert answer.solution == solve("minimum-cost-flow", **DOCK).solution
