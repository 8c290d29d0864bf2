"""Label correcting: feasible labels, negative cycles, and the change to Dijkstra's algorithm on long paths."""

import numpy as np
import pytest

from solvers.network import labels
from solvers.network.labels import UNREACHED, shortest_labels


def arrays(arcs: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return tails, heads and costs of arcs."""
    table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def test_labels_are_distances_from_the_source() -> None:
    """Labels follow the cheapest way, and nodes that cannot be reached keep the largest label."""
    tail, head, cost = arrays([(0, 1, 4), (0, 2, 1), (2, 1, -3)])
    assert shortest_labels(4, tail, head, cost, source=0).distance.tolist() == [0, -2, 1, UNREACHED]


def test_a_negative_cycle_is_returned_in_order_of_travel() -> None:
    """The cycle consists of consecutive arcs whose costs sum to less than 0."""
    tail, head, cost = arrays([(0, 1, 2), (1, 2, -1), (2, 0, -2), (2, 3, 5)])
    cycle = shortest_labels(4, tail, head, cost, source=None).cycle
    assert cycle is not None
    assert cost[cycle].sum() == -1
    assert head[cycle].tolist() == np.roll(tail[cycle], -1).tolist()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("source", [None, 0])
def test_rounds_and_turns_reach_the_same_labels(seed: int, source: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """On long paths Dijkstra's algorithm takes over; the labels are those of plain rounds."""
    stream = np.random.default_rng(seed)
    order = 120
    tail = np.concatenate((np.arange(order - 1), stream.integers(0, order, 80)))
    head = np.concatenate((np.arange(1, order), stream.integers(0, order, 80)))
    height = stream.integers(0, 50, order)
    cost = stream.integers(0, 9, len(tail)) + height[head] - height[tail]
    monkeypatch.setattr(labels, "PATIENCE", 10**9)
    plain = shortest_labels(order, tail, head, cost, source=source)
    monkeypatch.setattr(labels, "PATIENCE", 0)
    turned = shortest_labels(order, tail, head, cost, source=source)
    assert turned.rounds < plain.rounds
    assert np.array_equal(turned.distance, plain.distance)


def test_turns_do_not_hide_a_negative_cycle(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the turns find no end the rounds go on and find the cycle."""
    monkeypatch.setattr(labels, "PATIENCE", 0)
    monkeypatch.setattr(labels, "MAX_TURNS", 3)
    monkeypatch.setattr(labels, "MAX_SWEEPS", 5)
    tail, head, cost = arrays([(node, (node + 1) % 30, 1 if node else -40) for node in range(30)])
    assert shortest_labels(30, tail, head, cost, source=None).cycle is not None
