"""
Minimum cost flow.

Sets: nodes i, arcs (i, j), parallel arcs apart.
Parameters: demand b_i (> 0 receives), lower bound l_ij, capacity u_ij, cost c_ij per unit.
Decision variables: flow x_ij.
Objective: minimise sum c_ij x_ij.
Constraints: balance_i: sum_j x_ji - sum_j x_ij = b_i; l_ij <= x_ij <= u_ij.

Engine: cost-scaling push-relabel (Goldberg 1997, J. Algorithms 22, 1-29) of OR-Tools on whole numbers. Node prices come from
label correcting on the residual network: they are exact, so that primal and dual objective agree to the last digit.
"""

import time
from typing import ClassVar

import numpy as np
from ortools.graph.python import min_cost_flow

from models.network.minimum_cost_flow import MinimumCostFlowProblem, MinimumCostFlowSolution
from solvers.base import Budget, Outcome, Progress
from solvers.errors import EngineError
from solvers.network.arrays import Floats, Integers, Network, network_of
from solvers.network.evidence import (
    FlowEvidence,
    ended,
    optimal_objective,
    rounding_warnings,
    shortfall_of,
    shortfall_sentence,
)
from solvers.network.feasibility import components, feasible_flow, net_demand
from solvers.network.grid import Grid, grid_of
from solvers.network.labels import shortest_labels
from solvers.network.needless_capacity import crossing_of_demands, without_needless
from solvers.network.repair import Change, least_change

Result = Outcome[MinimumCostFlowSolution]


class CostScaling:
    """Cost-scaling push-relabel; exact for numbers with few decimals."""

    name: ClassVar[str] = "cost_scaling"
    libraries: ClassVar[tuple[str, ...]] = ("ortools", "scipy", "numpy")

    def supports(self, problem: MinimumCostFlowProblem) -> str | None:
        """Every minimum cost flow problem is supported."""
        return None

    def solve(self, problem: MinimumCostFlowProblem, budget: Budget, progress: Progress) -> Result:
        """Solve to proved optimality, or prove that there is no flow, or that cost can fall without end."""
        started = time.perf_counter()
        network = network_of(problem)
        steps = Steps(network)
        built = time.perf_counter()
        result = _solve(network, steps)
        if result.objective is not None:
            progress.incumbent(objective=result.objective.value, bound=result.objective.bound)
        return Outcome(
            status=result.status,
            termination=result.termination,
            objective=result.objective,
            solution=result.solution,
            evidence=result.evidence,
            build_time=built - started,
            solve_time=time.perf_counter() - built,
            warnings=rounding_warnings(f"/{network.arcs.form}", quantities=steps.quantities, costs=steps.costs),
        )


class Steps:
    """
    The network in whole steps.

    `lower`, `capacity`, `cost` (m,) and `demand` (n,) are integers; `unlimited` (m,) marks arcs whose capacity was replaced by
    more than any flow without unlimited negative cycles needs: all supplies plus the finite capacities a cycle could use.
    """

    def __init__(self, network: Network) -> None:
        lower, demand = network.lower, network.demand
        capacity = without_needless(network, crossing=crossing_of_demands(network))
        self.unlimited = np.isinf(capacity)
        finite = np.where(self.unlimited, lower, capacity)
        total = float(np.abs(demand).sum() + lower.sum() + finite.sum()) + 1.0
        crowd = max(
            np.bincount(network.tail[self.unlimited]).max(initial=1), np.bincount(network.head[self.unlimited]).max(initial=1)
        )
        values = np.concatenate((demand, lower, finite))
        self.quantities = grid_of(values, magnitude=total * max(1.0, float(crowd) / 128))
        largest = float(np.abs(network.cost).max(initial=0.0))
        self.costs = grid_of(network.cost, magnitude=(network.order + 1) * largest)
        self.lower = self.quantities.integers(lower, rounding="down")
        self.demand = _balanced(self.quantities.integers(demand), self.quantities, network)
        self.cost = self.costs.integers(network.cost)
        capacity_steps = self.quantities.integers(finite, rounding="up")
        room = int((capacity_steps - self.lower)[~self.unlimited].sum())
        need = net_demand(tail=network.tail, head=network.head, lower=self.lower, demand=self.demand)
        enough = int(np.abs(need).sum()) + room + 1
        self.capacity = np.where(self.unlimited, self.lower + enough, capacity_steps)


def _balanced(demand: Integers, grid: Grid, network: Network) -> Integers:
    """Give the rounding of an inexact grid to the largest demand when the demands themselves sum to zero up to float noise."""
    surplus = int(demand.sum())
    if grid.error > 0 and surplus and abs(network.demand.sum()) <= 1e-12 * np.abs(network.demand).sum():
        demand = demand.copy()
        demand[np.argmax(np.abs(demand))] -= surplus
    return demand


def _solve(network: Network, steps: Steps) -> Result:
    """Return an outcome without times."""
    cycle = _free_cycle(network, steps)
    if cycle is not None or steps.demand.sum() != 0:
        return _without_optimum(network, steps, cycle)
    engine = min_cost_flow.SimpleMinCostFlow()
    room = steps.capacity - steps.lower
    tail, head = network.tail.astype(np.int32), network.head.astype(np.int32)
    arcs = engine.add_arcs_with_capacity_and_unit_cost(tail, head, room, steps.cost)
    need = net_demand(tail=network.tail, head=network.head, lower=steps.lower, demand=steps.demand)
    engine.set_nodes_supplies(np.arange(network.order, dtype=np.int32), -need)
    status = engine.solve()
    if status in (engine.INFEASIBLE, engine.UNBALANCED):
        return _without_optimum(network, steps, None)
    if status != engine.OPTIMAL:
        raise EngineError(f"minimum cost flow ended with {status.name}")
    flow = np.asarray(engine.flows(arcs), dtype=np.int64) if network.size else np.zeros(0, dtype=np.int64)
    return _optimal(network, steps, flow)


def _free_cycle(network: Network, steps: Steps) -> Integers | None:
    """Return a cycle of unlimited arcs with negative cost, along which cost falls without end, or None."""
    arcs = np.flatnonzero(steps.unlimited)
    if not (steps.cost[arcs] < 0).any():
        return None
    labels = shortest_labels(network.order, network.tail[arcs], network.head[arcs], steps.cost[arcs], source=None)
    return None if labels.cycle is None else arcs[labels.cycle]


def _without_optimum(network: Network, steps: Steps, cycle: Integers | None) -> Result:
    """Return the proof that nothing is feasible, or else that cost falls without end along the cycle."""
    found = feasible_flow(tail=network.tail, head=network.head, lower=steps.lower, capacity=steps.capacity, demand=steps.demand)
    if found.deficiency is not None:
        shortfall = shortfall_of(network, found.deficiency, steps.quantities)
        return Outcome(
            status="infeasible",
            termination=ended("infeasible", shortfall_sentence(shortfall)),
            objective=None,
            solution=None,
            evidence=FlowEvidence(network=network, shortfall=shortfall, change=lambda: _least_change(network, steps)),
        )
    if cycle is None:
        raise EngineError("the engine found no flow although one exists")
    gain = float(-network.cost[cycle].sum())
    path = " -> ".join(network.named_nodes(np.append(network.tail[cycle], network.tail[cycle[0]]))[:12])
    return Outcome(
        status="unbounded",
        termination=ended("unbounded", f"Every unit sent round {path} saves {gain:.10g} and no capacity limits it."),
        objective=None,
        solution=None,
        evidence=FlowEvidence(network=network, cycle=cycle, flow=steps.quantities.numbers(steps.lower + found.flow)),
    )


def _least_change(network: Network, steps: Steps) -> tuple[Change, Grid]:
    """Return the least repair in whole steps, and the grid of the steps."""
    change = least_change(
        tail=network.tail,
        head=network.head,
        lower=steps.lower,
        capacity=steps.capacity,
        demand=steps.demand,
        unlimited=steps.unlimited,
        fixed_demand=False,
    )
    return change, steps.quantities


def _optimal(network: Network, steps: Steps, above_lower: Integers) -> Result:
    """Return the optimal flow with node prices from the residual network."""
    flow = steps.quantities.numbers(steps.lower + above_lower)
    potential = node_prices(network, steps, above_lower)
    value = float(flow @ network.cost)
    bound = dual_objective(network, potential, tolerance=steps.costs.error + 1e-9)
    used = np.flatnonzero(flow)
    solution = MinimumCostFlowSolution.model_construct(
        flows=dict(zip(network.named_arcs(used), flow[used].tolist(), strict=True)),
        potentials=dict(zip(network.nodes.ids, potential.tolist(), strict=True)),
    )
    return Outcome(
        status="succeeded",
        termination=ended("optimal", "The node prices prove that no cheaper flow exists."),
        objective=optimal_objective(value, bound, unit="cost", term="flow"),
        solution=solution,
        evidence=FlowEvidence(network=network, flow=flow, potential=potential),
    )


def node_prices(network: Network, steps: Steps, above_lower: Integers) -> Floats:
    """
    Return node prices (n,), in cost per unit, that are complementary to an optimal flow.

    The reduced cost c + p[tail] - p[head] is >= 0 on arcs that can take more and <= 0 on arcs that can carry less; the
    cheapest node of every connected part has price 0.
    """
    more = steps.unlimited | (above_lower < steps.capacity - steps.lower)
    less = above_lower > 0
    tail = np.concatenate((network.tail[more], network.head[less]))
    head = np.concatenate((network.head[more], network.tail[less]))
    labels = shortest_labels(network.order, tail, head, np.concatenate((steps.cost[more], -steps.cost[less])), source=None)
    if labels.cycle is not None:
        raise EngineError("the engine's flow is not optimal: its residual network has a negative cycle")
    part = components(network.order, network.tail, network.head)
    cheapest = np.full(network.order, np.iinfo(np.int64).max)
    np.minimum.at(cheapest, part, labels.distance)
    return steps.costs.numbers(labels.distance - cheapest[part])


def dual_objective(network: Network, potential: Floats, *, tolerance: float) -> float:
    """Return sum b p + sum l max(r, 0) + sum u min(r, 0) with reduced costs r: no flow costs less."""
    reduced = network.cost + potential[network.tail] - potential[network.head]
    falling = reduced < -tolerance
    capacity = network.capacity[falling]
    if np.isinf(capacity).any():
        return float("-inf")
    gained = capacity @ reduced[falling] + network.lower[~falling] @ np.maximum(reduced[~falling], 0.0)
    return float(network.demand @ potential + gained)
