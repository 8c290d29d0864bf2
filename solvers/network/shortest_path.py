"""
Shortest paths from one source.

Sets: nodes i, arcs (i, j), targets t.
Parameters: cost c_ij of using an arc once.
Decision variables: x_ij, how many of the paths use the arc.
Objective: minimise sum c_ij x_ij, the sum of the distances of all targets that can be reached.
Constraints: balance_i: one unit leaves the source for each target and one arrives at each target; x_ij >= 0.

Dual: labels d_i with d_j <= d_i + c_ij on every arc; the label of a target is then a lower bound of every path to it.
Engines: Dijkstra (1959) for costs >= 0, Bellman-Ford with parent-graph check for costs of any sign.
"""

import time
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from models.network.shortest_path import Path, ShortestPathProblem, ShortestPathSolution
from solvers.base import Budget, Outcome, Progress
from solvers.network.arrays import Floats, Integers, Network, network_of
from solvers.network.evidence import FlowEvidence, ended, names, optimal_objective, rounding_warnings
from solvers.network.feasibility import reachable
from solvers.network.grid import Grid, grid_of
from solvers.network.labels import UNREACHED, shortest_labels

Result = Outcome[ShortestPathSolution]


class Dijkstra:
    """Dijkstra's algorithm with a heap; costs must not be negative."""

    name: ClassVar[str] = "dijkstra"
    libraries: ClassVar[tuple[str, ...]] = ("scipy", "numpy")

    def supports(self, problem: ShortestPathProblem) -> str | None:
        """Refuse negative costs."""
        arcs = next((form for form in (problem.arcs, problem.links, problem.edges) if form is not None), [])
        name = "cost" if problem.arcs is not None else "weight"
        costs = [getattr(arc, name) for arc in arcs] if isinstance(arcs, list) else arcs.cost or []
        return "an arc has a negative cost" if min(costs, default=0.0) < 0 else None

    def solve(self, problem: ShortestPathProblem, budget: Budget, progress: Progress) -> Result:
        """Return a cheapest path to every target that can be reached."""
        return _timed(problem, _dijkstra_labels)


class BellmanFord:
    """Label correcting in rounds; finds negative cycles."""

    name: ClassVar[str] = "bellman_ford"
    libraries: ClassVar[tuple[str, ...]] = ("scipy", "numpy")

    def supports(self, problem: ShortestPathProblem) -> str | None:
        """Every shortest path problem is supported."""
        return None

    def solve(self, problem: ShortestPathProblem, budget: Budget, progress: Progress) -> Result:
        """Return a cheapest path to every target that can be reached, or a negative cycle on the way to one."""
        return _timed(problem, _bellman_ford_labels)


LabelFinder = Callable[[Network, int, Integers], tuple[Floats, Integers, Integers | None, Grid | None]]
"""From network, source and targets to labels (n,), tight arcs (those of shortest paths), a negative cycle, and the grid."""


def _timed(problem: ShortestPathProblem, find: LabelFinder) -> Result:
    started = time.perf_counter()
    network = network_of(problem)
    built = time.perf_counter()
    source = network.index[problem.source]
    targets = np.array([network.index[name] for name in problem.targets], dtype=np.int64)
    labels, tight, cycle, grid = find(network, source, targets)
    result = _result(problem, network, targets, labels, tight) if cycle is None else _endless(network, cycle)
    return Outcome(
        status=result.status,
        termination=result.termination,
        objective=result.objective,
        solution=result.solution,
        evidence=result.evidence,
        build_time=built - started,
        solve_time=time.perf_counter() - built,
        warnings=rounding_warnings(f"/{network.arcs.form}", costs=grid) if grid is not None else (),
    )


def _dijkstra_labels(network: Network, source: int, targets: Integers) -> tuple[Floats, Integers, Integers | None, Grid | None]:
    """Return labels by Dijkstra; of parallel arcs only the cheapest enters, because a sparse matrix would add them up."""
    by_ends = np.lexsort((network.cost, network.head, network.tail))
    tail, head, cost = network.tail[by_ends], network.head[by_ends], network.cost[by_ends]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))[: len(tail)]
    matrix = csr_array((cost[first], (tail[first], head[first])), shape=(network.order, network.order))
    labels = np.asarray(dijkstra(matrix, indices=[source])[0], dtype=np.float64)
    tight = np.flatnonzero(np.isfinite(labels[network.head]) & (labels[network.tail] + network.cost == labels[network.head]))
    return labels, tight, None, None


def _bellman_ford_labels(
    network: Network, source: int, targets: Integers
) -> tuple[Floats, Integers, Integers | None, Grid | None]:
    """
    Return labels by Bellman-Ford on whole steps.

    Only nodes between source and targets are searched, so that a negative cycle elsewhere does no harm. Reached nodes from
    which no target can be reached get the label -inf, which no arc into the searched part contradicts.
    """
    order, tail, head = network.order, network.tail, network.head
    ahead = reachable(order, tail, head, np.array([source]))
    between = ahead & reachable(order, head, tail, targets)
    inside = np.flatnonzero(between[tail] & between[head])
    grid = grid_of(network.cost, magnitude=(order + 1) * float(np.abs(network.cost).max(initial=0.0)))
    steps = grid.integers(network.cost)
    found = shortest_labels(order, tail[inside], head[inside], steps[inside], source=source)
    if found.cycle is not None:
        return np.zeros(order), inside, inside[found.cycle], grid
    labels = np.where(ahead, -np.inf, np.inf)
    reached = between & (found.distance < UNREACHED)
    labels[reached] = grid.numbers(found.distance[reached])
    arrived = found.distance[tail[inside]] + steps[inside] == found.distance[head[inside]]
    return labels, inside[arrived], None, grid


def _endless(network: Network, cycle: Integers) -> Result:
    """Return the proof that distances fall without end."""
    gain = float(-network.cost[cycle].sum())
    way = " -> ".join(network.named_nodes(np.append(network.tail[cycle], network.tail[cycle[0]]))[:12])
    detail = f"Every round of {way} saves {gain:.10g}, and the round lies on a way from the source to a target."
    return Outcome(
        status="unbounded",
        termination=ended("unbounded", detail),
        objective=None,
        solution=None,
        evidence=FlowEvidence(network=network, cycle=cycle),
    )


def _result(problem: ShortestPathProblem, network: Network, targets: Integers, labels: Floats, tight: Integers) -> Result:
    """Return paths along tight arcs, or infeasible when no target can be reached."""
    evidence = FlowEvidence(network=network, potential=labels)
    reached = np.isfinite(labels[targets])
    if not reached.any():
        detail = f"No arc leads from the nodes that {problem.source} reaches to {names(problem.targets)}."
        return Outcome(
            status="infeasible",
            termination=ended("infeasible", detail),
            objective=None,
            solution=None,
            evidence=evidence,
        )
    paths = _paths(problem, network, targets[reached], tight)
    distances: dict[str, float | None] = dict.fromkeys(problem.targets)
    distances.update({path.target: path.distance for path in paths})
    unreachable = [name for name, found in zip(problem.targets, reached.tolist(), strict=True) if not found]
    value = float(sum(path.distance for path in paths))
    bound = float(labels[targets[reached]].sum())
    missed = f" {names(unreachable)} cannot be reached." if unreachable else ""
    return Outcome(
        status="succeeded",
        termination=ended("optimal", f"The labels prove that no shorter path exists.{missed}"),
        objective=optimal_objective(value, bound, unit="cost", term="distance"),
        solution=ShortestPathSolution(source=problem.source, distances=distances, paths=paths, unreachable=unreachable),
        evidence=evidence,
    )


def _paths(problem: ShortestPathProblem, network: Network, targets: Integers, tight: Integers) -> list[Path]:
    """Return one path per target in a breadth-first tree of the tight arcs, so that free cycles cannot catch the walk."""
    tail, head = network.tail[tight], network.head[tight]
    matrix = csr_array((np.ones(len(tight)), (tail, head)), shape=(network.order, network.order))
    before = breadth_first_order(matrix, network.index[problem.source], directed=True)[1]
    code, position = np.unique(tail * network.order + head, return_index=True)
    paths = []
    for target in targets.tolist():
        nodes = [target]
        while before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        pairs = np.array(nodes[:-1], dtype=np.int64) * network.order + np.array(nodes[1:], dtype=np.int64)
        arcs = tight[position[np.searchsorted(code, pairs)]]
        paths.append(
            Path(
                target=network.nodes.ids[target],
                distance=float(network.cost[arcs].sum()),
                nodes=[network.nodes.ids[node] for node in nodes],
                arcs=network.named_arcs(arcs),
            )
        )
    return paths
