"""
Maximum flow from a source s to a sink t.

Sets: nodes i, arcs (i, j), parallel arcs apart.
Parameters: lower bound l_ij, capacity u_ij.
Decision variables: flow x_ij; value v.
Objective: maximise v.
Constraints: balance_i: what leaves i equals what enters, except v more at s and v less at t; l_ij <= x_ij <= u_ij.

Dual: a minimum cut (Ford and Fulkerson 1956). Engine: push-relabel (Goldberg and Tarjan 1988) of OR-Tools on whole numbers.
With lower bounds a feasible flow comes first and is then augmented in its residual network.
"""

import time
from dataclasses import replace
from typing import ClassVar

import numpy as np
from ortools.graph.python import max_flow

from models.network.maximum_flow import MaximumFlowProblem, MaximumFlowSolution, MinimumCut
from solvers.base import Budget, Outcome, Progress
from solvers.errors import EngineError
from solvers.network.arrays import Floats, Integers, Network, network_of
from solvers.network.evidence import (
    FlowEvidence,
    ended,
    names,
    optimal_objective,
    rounding_warnings,
    shortfall_of,
    shortfall_sentence,
)
from solvers.network.feasibility import feasible_flow, reachable
from solvers.network.grid import Grid, grid_of
from solvers.network.needless_capacity import crossing_of_flow, without_needless
from solvers.network.repair import Change, least_change

Result = Outcome[MaximumFlowSolution]


class PushRelabel:
    """Push-relabel; exact for numbers with few decimals."""

    name: ClassVar[str] = "push_relabel"
    libraries: ClassVar[tuple[str, ...]] = ("ortools", "scipy", "numpy")

    def supports(self, problem: MaximumFlowProblem) -> str | None:
        """Every maximum flow problem is supported."""
        return None

    def solve(self, problem: MaximumFlowProblem, budget: Budget, progress: Progress) -> Result:
        """Return a largest flow with a minimum cut, or why there is none."""
        started = time.perf_counter()
        network = network_of(problem)
        built = time.perf_counter()
        source, sink = network.index[problem.source], network.index[problem.sink]
        grid, lower, capacity = _steps(network, without_needless(network, crossing=crossing_of_flow(network, source, sink)))
        result = _solve(network, source, sink, grid, lower, capacity)
        return Outcome(
            status=result.status,
            termination=result.termination,
            objective=result.objective,
            solution=result.solution,
            evidence=result.evidence,
            build_time=built - started,
            solve_time=time.perf_counter() - built,
            warnings=rounding_warnings(f"/{network.arcs.form}", capacities=grid),
        )


def _steps(network: Network, limits: Floats) -> tuple[Grid, Integers, Integers]:
    """Return grid, lower bounds and capacities in whole steps; an unlimited arc gets more than all finite ones together."""
    unlimited = np.isinf(limits)
    finite = np.where(unlimited, network.lower, limits)
    total = float(network.lower.sum() + finite.sum()) + 1.0
    crowd = max(np.bincount(network.tail[unlimited]).max(initial=1), np.bincount(network.head[unlimited]).max(initial=1))
    grid = grid_of(np.concatenate((network.lower, finite)), magnitude=total * max(1.0, float(crowd) / 128))
    lower = grid.integers(network.lower, rounding="down")
    capacity = grid.integers(finite, rounding="up")
    enough = int(lower.sum() + capacity.sum()) + 1
    return grid, lower, np.where(unlimited, lower + enough, capacity)


def _solve(network: Network, source: int, sink: int, grid: Grid, lower: Integers, capacity: Integers) -> Result:
    """Return an outcome without times."""
    flow = lower
    if lower.any():
        closed = _circulation(network, source, sink, lower, capacity)
        found = feasible_flow(**closed, outside=source)
        if found.deficiency is not None:
            shortfall = shortfall_of(network, found.deficiency, grid)
            return Outcome(
                status="infeasible",
                termination=ended("infeasible", shortfall_sentence(shortfall)),
                objective=None,
                solution=None,
                evidence=FlowEvidence(
                    network=network, shortfall=shortfall, change=lambda: _least_change(closed, network, grid)
                ),
            )
        flow = lower + found.flow[: network.size]
    path = _unlimited_path(network, source, sink)
    if path is not None:
        return _endless(network, path, grid.numbers(flow))
    flow = _augmented(network, source, sink, flow, lower, capacity)
    return _optimal(network, source, sink, flow, lower, capacity, grid)


def _circulation(network: Network, source: int, sink: int, lower: Integers, capacity: Integers) -> dict[str, Integers]:
    """Return the network in whole steps with two free arcs that join sink and source, so that every node balances."""
    ends = np.array([source, sink])
    return {
        "tail": np.concatenate((network.tail, ends[::-1])),
        "head": np.concatenate((network.head, ends)),
        "lower": np.concatenate((lower, [0, 0])),
        "capacity": np.concatenate((capacity, np.full(2, lower.sum() + 1))),
        "demand": np.zeros(network.order, dtype=np.int64),
    }


def _least_change(closed: dict[str, Integers], network: Network, grid: Grid) -> tuple[Change, Grid]:
    """Return the least repair of the arcs' bounds in whole steps, and the grid of the steps."""
    unlimited = np.append(np.isinf(network.capacity), [True, True])
    change = least_change(**closed, unlimited=unlimited, fixed_demand=True)
    return replace(change, wider=change.wider[:-2], looser=change.looser[:-2]), grid


def _unlimited_path(network: Network, source: int, sink: int) -> Integers | None:
    """Return arcs of a path from source to sink on which no capacity limits the flow, or None."""
    arcs = np.flatnonzero(np.isinf(network.capacity))
    if not reachable(network.order, network.tail[arcs], network.head[arcs], np.array([source]))[sink]:
        return None
    leaving: dict[int, list[int]] = {}
    for arc, tail in zip(arcs.tolist(), network.tail[arcs].tolist(), strict=True):
        leaving.setdefault(tail, []).append(arc)
    through: dict[int, int] = {source: -1}
    queue = [source]
    for node in queue:
        for arc in leaving.get(node, ()):
            if (head := int(network.head[arc])) not in through:
                through[head] = arc
                queue.append(head)
    path = []
    while sink != source:
        path.append(through[sink])
        sink = int(network.tail[through[sink]])
    return np.array(path[::-1], dtype=np.int64)


def _endless(network: Network, path: Integers, flow: Floats) -> Result:
    """Return the proof that the flow can grow without end."""
    way = names(network.named_nodes(np.append(network.tail[path], network.head[path[-1]])), most=12)
    return Outcome(
        status="unbounded",
        termination=ended("unbounded", f"No capacity limits the flow along {way}."),
        objective=None,
        solution=None,
        evidence=FlowEvidence(network=network, cycle=path, flow=flow),
    )


def _augmented(network: Network, source: int, sink: int, flow: Integers, lower: Integers, capacity: Integers) -> Integers:
    """Return the feasible flow plus a maximum flow of its residual network, in whole steps."""
    room, excess = np.flatnonzero(capacity > flow), np.flatnonzero(flow > lower)
    engine = max_flow.SimpleMaxFlow()
    tail = np.concatenate((network.tail[room], network.head[excess])).astype(np.int32)
    head = np.concatenate((network.head[room], network.tail[excess])).astype(np.int32)
    arcs = engine.add_arcs_with_capacity(
        tail, head, np.concatenate((capacity[room] - flow[room], flow[excess] - lower[excess]))
    )
    if not len(tail) or source not in tail or sink not in head:
        return flow
    status = engine.solve(source, sink)
    if status != engine.OPTIMAL:
        raise EngineError(f"maximum flow ended with {status.name}")
    change = np.asarray(engine.flows(arcs), dtype=np.int64)
    better = flow.copy()
    better[room] += change[: len(room)]
    better[excess] -= change[len(room) :]
    return better


def _optimal(
    network: Network,
    source: int,
    sink: int,
    flow: Integers,
    lower: Integers,
    capacity: Integers,
    grid: Grid,
) -> Result:
    """Return the flow with the cut of all nodes that the source still reaches in the residual network."""
    tail, head = network.tail, network.head
    more, less = flow < capacity, flow > lower
    starts, ends = np.concatenate((tail[more], head[less])), np.concatenate((head[more], tail[less]))
    side = reachable(network.order, starts, ends, np.array([source]))
    across, back = side[tail] & ~side[head], ~side[tail] & side[head]
    value = int(flow[tail == source].sum() - flow[head == source].sum()) / grid.scale
    bound = int(capacity[across].sum() - lower[back].sum()) / grid.scale
    flows = grid.numbers(flow)
    used = np.flatnonzero(flow)
    cut = MinimumCut.model_construct(
        capacity=bound,
        source_side=network.named_nodes(side),
        sink_side=network.named_nodes(~side),
        arcs=network.named_arcs(across),
    )
    solution = MaximumFlowSolution.model_construct(
        value=value, flows=dict(zip(network.named_arcs(used), flows[used].tolist(), strict=True)), minimum_cut=cut
    )
    return Outcome(
        status="succeeded",
        termination=ended("optimal", "The cut of equal capacity proves that no larger flow exists."),
        objective=optimal_objective(value, bound, unit="flow", term="flow"),
        solution=solution,
        evidence=FlowEvidence(network=network, flow=flows, source_side=side),
    )
