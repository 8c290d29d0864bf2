"""Maximum flow: value by brute force and NetworkX, optimality by a cut of equal capacity."""

import random

import networkx
import pytest

from tests.oracles.network import largest_flow
from tests.solvers.network.features import proved, solve
from tests.solvers.network.random_networks import body_of, random_arcs


@pytest.mark.parametrize("seed", range(60))
def test_value_equals_brute_force(seed: int) -> None:
    """The largest of all integer flows is found, also with lower bounds; both agree when there is none."""
    stream = random.Random(seed)
    order = stream.randint(2, 5)
    arcs = random_arcs(stream, order=order)
    body = body_of(arcs, order=order, fields=("lower", "capacity"))
    answer = solve("maximum-flow", source="0", sink="1", **body)
    best = largest_flow(order, arcs, 0, 1)
    assert proved(answer)
    assert (None if answer.solution is None else answer.solution.value) == best
    assert answer.status == ("infeasible" if best is None else "succeeded")


@pytest.mark.parametrize("seed", range(5))
def test_value_equals_networkx(seed: int) -> None:
    """NetworkX finds the same value on a random graph."""
    graph = networkx.gnm_random_graph(40, 250, seed=seed, directed=True)
    stream = random.Random(seed)
    for _, _, data in graph.edges(data=True):
        data["capacity"] = stream.randint(1, 20)
    answer = solve("maximum-flow", source=0, sink=1, **networkx.node_link_data(graph, edges="edges"))
    assert proved(answer)
    assert answer.solution.value == networkx.maximum_flow_value(graph, 0, 1)


def test_the_cut_separates_source_from_sink() -> None:
    """The minimum cut holds the source on one side, the sink on the other, and only full arcs between them."""
    arcs = [
        {"id": "wide", "tail": "s", "head": "m", "capacity": 9},
        {"id": "door", "tail": "m", "head": "t", "capacity": 4},
    ]
    answer = solve("maximum-flow", level="full", source="s", sink="t", arcs=arcs)
    cut = answer.solution.minimum_cut
    assert (cut.capacity, cut.source_side, cut.sink_side, cut.arcs) == (4.0, ["s", "m"], ["t"], ["door"])
    assert {row.name: row.shadow_price for row in answer.explanation.constraints} == {
        "capacity[wide]": 0.0,
        "capacity[door]": 1.0,
    }


def test_a_path_without_capacity_is_unbounded() -> None:
    """A path of unlimited arcs is named as the reason why the flow has no limit."""
    answer = solve("maximum-flow", source="s", sink="t", arcs=[{"tail": "s", "head": "m"}, {"tail": "m", "head": "t"}])
    assert answer.status == "unbounded"
    assert proved(answer)
    assert answer.termination is not None
    assert "s, m, t" in answer.termination.detail


def test_unlimited_arcs_beside_limited_ones() -> None:
    """An unlimited arc carries whatever the limited ones let through."""
    arcs = [{"tail": "s", "head": "m"}, {"tail": "m", "head": "t", "capacity": 2.5}, {"tail": "m", "head": "t", "capacity": 1}]
    answer = solve("maximum-flow", source="s", sink="t", arcs=arcs)
    assert answer.solution.flows == {"s->m": 3.5, "m->t": 2.5, "m->t#2": 1.0}


def test_impossible_lower_bound_is_infeasible_with_a_cut() -> None:
    """A lower bound beyond the capacity behind it is proved by a cut."""
    arcs = [{"tail": "s", "head": "m", "lower": 3, "capacity": 5}, {"tail": "m", "head": "t", "capacity": 2}]
    answer = solve("maximum-flow", level="full", source="s", sink="t", arcs=arcs)
    assert answer.status == "infeasible"
    assert proved(answer)
    assert {member.pointer for member in answer.explanation.infeasibility.subset} >= {"/arcs/0/lower", "/arcs/1/capacity"}


def test_unconnected_sink_receives_nothing() -> None:
    """Without a path the value is 0 and the cut is empty."""
    nodes = [{"id": "s"}, {"id": "t"}]
    answer = solve("maximum-flow", level="full", source="s", sink="t", nodes=nodes, arcs=[])
    assert (answer.solution.value, answer.solution.minimum_cut.arcs) == (0.0, [])
    assert proved(answer)


def test_undirected_links_carry_either_way() -> None:
    """An undirected link written from sink to source still carries flow from source to sink."""
    answer = solve("maximum-flow", source="s", sink="t", directed=False, links=[{"source": "t", "target": "s", "capacity": 3}])
    assert answer.solution.flows == {"t->s:reverse": 3.0}


def test_the_least_repair_of_a_lower_bound_is_verified() -> None:
    """One unit less of the lower bound, or one more of capacity, admits a flow; the repair was solved again."""
    arcs = [{"tail": "s", "head": "m", "lower": 3, "capacity": 5}, {"tail": "m", "head": "t", "capacity": 2}]
    diagnosis = solve("maximum-flow", level="full", source="s", sink="t", arcs=arcs).explanation.infeasibility
    assert diagnosis.total_violation == 1.0
    assert [(repair.cost, repair.verified) for repair in diagnosis.repairs] == [(1.0, True)]
