"""Ways on a road network: against NetworkX, with one-way and parallel arcs, ties, and locations off the road."""

import itertools
import random

import networkx as nx
import numpy as np
import pytest

from models.routing import Location, Profile, Road, Travel
from solvers.travel import road_network
from solvers.travel.lengths import TravelLengths
from solvers.travel.road_network import RoadNetwork, network_of
from solvers.travel.snapping import snapped


def road(*arcs: tuple[str, str, float, float | None], **flags: object) -> Road:
    """Return a network whose nodes stand in a line, one unit apart, in alphabetical order."""
    names = sorted({end for arc in arcs for end in arc[:2]})
    columns = [list(column) for column in zip(*arcs, strict=True)]
    return Road.model_validate(
        {
            "nodes": [{"id": name, "x": i, "y": 0} for i, name in enumerate(names)],
            "arcs": dict(zip(("tail", "head", "length", "duration"), columns, strict=True)),
            **flags,
        }
    )


def between(network: Road, profile: Profile, *, places: str = "abc") -> tuple[list[list[float]], list[list[float]]]:
    """Return lengths and durations between locations that lie at the nodes of the same name."""
    table = network_of(network)
    nodes = np.array([table.names.index(place) for place in places])
    ways = table.ways(nodes, profile)
    return ways.lengths.tolist(), ways.durations.tolist()


def random_road(seed: int, *, nodes: int = 40) -> Road:
    """Return a random network with one-way and parallel arcs and parts that are cut off."""
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(nodes)]
    arcs = [
        {
            "source": rng.choice(names),
            "target": rng.choice(names),
            "length": rng.randint(1, 9),
            "duration": rng.randint(0, 9) / 8,
        }
        for _ in range(3 * nodes)
    ]
    points = [{"id": name, "x": rng.random(), "y": rng.random()} for name in names]
    return Road.model_validate({"nodes": points, "links": arcs})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("measure", ["duration", "distance"])
def test_ways_are_those_of_networkx(seed: int, measure: str) -> None:
    """Both measures of every way equal those of the lexicographically least path in a graph with both as one weight."""
    network = random_road(seed)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(f"n{i}" for i in range(40))
    assert network.links is not None
    for link in network.links:
        assert link.duration is not None
        first, second = (link.duration, link.length) if measure == "duration" else (link.length, link.duration)
        # Both measures are multiples of 1/8 below 1,024, so that one number holds them in lexicographic order.
        graph.add_edge(link.source, link.target, weight=round(first * 8) * 2**20 + round(second * 8))
    table = network_of(network)
    ways = table.ways(np.arange(40), Profile.model_validate({"route_by": measure}))
    least = dict(nx.all_pairs_dijkstra_path_length(graph))
    first, second = (ways.durations, ways.lengths) if measure == "duration" else (ways.lengths, ways.durations)
    for i, tail in enumerate(table.names):
        for j, head in enumerate(table.names):
            code = least[tail].get(head)
            expected = (np.inf, np.inf) if code is None else (code // 2**20 / 8, code % 2**20 / 8)
            assert (first[i, j], second[i, j]) == expected


@pytest.mark.parametrize("seed", range(5))
def test_a_smaller_network_has_the_same_ways(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between ten of two hundred nodes, both measures are those of the whole network."""
    nodes = np.array(random.Random(seed).sample(range(200), 10))
    whole = RoadNetwork(random_road(seed, nodes=200)).ways(nodes, Profile())
    monkeypatch.setattr(road_network, "MANY", 1)
    core = RoadNetwork(random_road(seed, nodes=200)).ways(nodes, Profile())
    assert core.lengths.tolist() == whole.lengths.tolist()
    assert core.durations.tolist() == whole.durations.tolist()
    assert np.isfinite(whole.lengths).mean() > 0.2


def test_the_fastest_way_may_be_longer() -> None:
    """Of two parallel arcs the profile takes the fast or the short one."""
    network = road(("a", "b", 10, 1), ("a", "b", 5, 3), ("b", "a", 7, 7))
    assert between(network, Profile(), places="ab") == ([[0, 10], [7, 0]], [[0, 1], [7, 0]])
    assert between(network, Profile(route_by="distance"), places="ab") == ([[0, 5], [7, 0]], [[0, 3], [7, 0]])


def test_equally_fast_ways_are_told_apart_by_length() -> None:
    """Tenths add up exactly: the tie is found and the shorter way counts."""
    network = road(("a", "b", 1, 0.1), ("b", "c", 1, 0.2), ("a", "c", 9, 0.3))
    assert between(network, Profile())[0][0][2] == 2


def test_decimal_lengths_give_decimal_distances() -> None:
    """Ten arcs of 0.1 are 1, not a little less."""
    names = "abcdefghijk"
    network = road(*((tail, head, 0.1, None) for tail, head in itertools.pairwise(names)))
    assert between(network, Profile(), places="ak")[0][0][1] == 1.0


def test_arcs_without_duration_take_the_speed() -> None:
    """Length divided by speed where no duration is given; a duration of its own counts as it is."""
    network = road(("a", "b", 10, None), ("b", "c", 10, 3))
    assert between(network, Profile(speed=2))[1][0] == [0, 5, 8]


def test_a_network_without_directions_is_driven_both_ways() -> None:
    """The flag of NetworkX makes every arc a pair."""
    assert between(road(("a", "b", 4, 1), directed=False), Profile(), places="ab")[0] == [[0, 4], [4, 0]]


def test_a_one_way_arc_leaves_no_way_back() -> None:
    """The missing way has a finite length that no route within the limit can have, and is told as missing."""
    network = road(("a", "b", 4, 1), ("b", "c", 4, 1), ("b", "a", 4, 1))
    travel = Travel(metric="road", road=network)
    lengths = TravelLengths([Location(id=name, x=i, y=0) for i, name in enumerate("abc")], travel, ["default"])
    ends = np.array([2]), np.array([0])
    limit = lengths.longest_route("default")
    assert np.argwhere(lengths.closed("default")).tolist() == [[2, 0], [2, 1]]
    assert limit is not None
    assert lengths.distances("default", *ends)[0] > limit > 8
    assert np.argwhere(lengths.part([0, 2]).closed("default")).tolist() == [[1, 0]]


def test_a_location_lies_at_its_nearest_node() -> None:
    """On the globe too, and the distance is in metres."""
    network = Road.model_validate(
        {
            "nodes": {"id": [7, 8], "lat": [53.9, 53.9], "lon": [-1.1, -1.0]},
            "arcs": [{"tail": 7, "head": 8, "length": 6600}],
        }
    )
    snapping = snapped([Location(id="shop", lat=53.9, lon=-1.01), Location(id="sea", lat=0.0, lon=0.0)], network)
    assert snapping.nodes.tolist() == [1, 1]
    assert snapping.away[0] == pytest.approx(655.1, abs=0.5)
    assert snapping.off_road.tolist() == [1]
