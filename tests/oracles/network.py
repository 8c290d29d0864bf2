"""Brute force answers to tiny network problems: every integer flow, every path, every pairing, every set of facilities."""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations, product

Arc = tuple[int, int, int, int, int]
"""Tail, head, lower bound, capacity, cost."""


def integer_flows(arcs: Sequence[Arc]) -> Iterator[tuple[int, ...]]:
    """Yield every integer flow within the bounds."""
    yield from product(*(range(lower, capacity + 1) for _, _, lower, capacity, _ in arcs))


def inflow(order: int, arcs: Sequence[Arc], flow: Sequence[int]) -> list[int]:
    """Return what enters less what leaves per node."""
    net = [0] * order
    for (tail, head, *_), amount in zip(arcs, flow, strict=True):
        net[tail] -= amount
        net[head] += amount
    return net


def cheapest_flow(order: int, arcs: Sequence[Arc], demand: Sequence[int]) -> int | None:
    """Return the least cost of a flow that meets all demands, or None."""
    costs = [
        sum(arc[4] * amount for arc, amount in zip(arcs, flow, strict=True))
        for flow in integer_flows(arcs)
        if inflow(order, arcs, flow) == list(demand)
    ]
    return min(costs, default=None)


def largest_flow(order: int, arcs: Sequence[Arc], source: int, sink: int) -> int | None:
    """Return the largest net flow from source to sink, or None when the lower bounds cannot be met."""
    values = []
    for flow in integer_flows(arcs):
        net = inflow(order, arcs, flow)
        if all(net[node] == 0 for node in range(order) if node not in (source, sink)):
            values.append(net[sink])
    return max(values, default=None)


def shortest_distance(arcs: Sequence[tuple[int, int, float]], source: int, target: int, order: int) -> float | None:
    """Return the least cost of a simple path, or None; right whenever there is no negative cycle."""
    if source == target:
        return 0.0
    best: dict[tuple[int, int], float] = {}
    for tail, head, cost in arcs:
        best[tail, head] = min(cost, best.get((tail, head), cost))
    costs = []
    between = [node for node in range(order) if node not in (source, target)]
    for length in range(len(between) + 1):
        for middle in permutations(between, length):
            steps = list(zip((source, *middle), (*middle, target), strict=True))
            if all(step in best for step in steps):
                costs.append(sum(best[step] for step in steps))
    return min(costs, default=None)


def cheapest_assignment(costs: Sequence[Sequence[float | None]]) -> float | None:
    """Return the least cost of pairing the smaller side completely, or None."""
    if len(costs) > len(costs[0]):
        costs = [list(column) for column in zip(*costs, strict=True)]
    values = []
    for columns in permutations(range(len(costs[0])), len(costs)):
        chosen = [costs[row][column] for row, column in enumerate(columns)]
        if None not in chosen:
            values.append(sum(cost for cost in chosen if cost is not None))
    return min(values, default=None)


def cheapest_facilities(
    fixed: Sequence[float], capacity: Sequence[float | None], demand: Sequence[float], costs: Sequence[Sequence[float | None]]
) -> float | None:
    """Return the least cost of opening facilities and serving each client from one of them, or None."""
    values = []
    for size in range(1, len(fixed) + 1):
        for opened in combinations(range(len(fixed)), size):
            for chosen in product(opened, repeat=len(demand)):
                serving = [costs[client][site] for client, site in enumerate(chosen)]
                load = {site: sum(demand[client] for client, at in enumerate(chosen) if at == site) for site in opened}
                fits = all((most := capacity[site]) is None or load[site] <= most + 1e-9 for site in opened)
                if fits and None not in serving:
                    values.append(sum(fixed[site] for site in opened) + sum(cost for cost in serving if cost is not None))
    return min(values, default=None)
