"""A huge number where "unlimited" is meant does not spoil the precision of the rest."""

import numpy as np
import pytest

from models.network.maximum_flow import MaximumFlowProblem
from models.network.minimum_cost_flow import MinimumCostFlowProblem
from solvers.network.arrays import network_of
from solvers.network.needless_capacity import crossing_of_demands, crossing_of_flow, without_needless
from tests.solvers.network.features import proved, solve

HUGE = 1e12


def arcs(third: float, *, cost: float | None = None) -> list[dict[str, object]]:
    """Return a dock with two lanes of a third and two thirds between arcs of huge capacity."""
    ends = [("s", "a", HUGE), ("s", "b", HUGE), ("a", "c", third), ("b", "c", 2 * third), ("c", "t", HUGE)]
    extra = {} if cost is None else {"cost": cost}
    return [{"tail": tail, "head": head, "capacity": capacity, **extra} for tail, head, capacity in ends]


def test_maximum_flow_next_to_huge_capacities_is_exact() -> None:
    """The cut of the two narrow lanes is found and proved."""
    found = solve("maximum-flow", source="s", sink="t", arcs=arcs(1 / 3))
    assert proved(found)
    assert found.objective is not None
    assert found.objective.value == pytest.approx(1.0, abs=1e-9)


def test_minimum_cost_flow_next_to_huge_capacities_is_exact() -> None:
    """The full lanes carry a third and two thirds at 3 each."""
    nodes = [{"id": "s", "demand": -1.0}, {"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "t", "demand": 1.0}]
    found = solve("minimum-cost-flow", nodes=nodes, arcs=arcs(1 / 3, cost=1))
    assert proved(found)
    assert found.objective is not None
    assert found.objective.value == pytest.approx(3.0, abs=1e-6)


def test_negative_costs_keep_every_capacity() -> None:
    """A cycle that earns money fills its arcs, whatever the demands."""
    loop = [
        {"tail": "a", "head": "b", "capacity": HUGE, "cost": -2},
        {"tail": "b", "head": "a", "capacity": HUGE, "cost": 1},
    ]
    network = network_of(MinimumCostFlowProblem.model_validate({"nodes": [{"id": "a"}, {"id": "b"}], "arcs": loop}))
    assert without_needless(network, crossing=crossing_of_demands(network)).tolist() == [HUGE, HUGE]


def test_the_bound_of_the_flow_is_a_cut() -> None:
    """Arcs of ten and more do not join source and sink, so the narrow lanes bound what may cross."""
    network = network_of(MaximumFlowProblem.model_validate({"source": "s", "sink": "t", "arcs": arcs(1 / 3)}))
    bound = crossing_of_flow(network, network.index["s"], network.index["t"])
    assert bound == pytest.approx(1.0)
    assert np.all(without_needless(network, crossing=bound) <= 2.0 + 1e-9)
