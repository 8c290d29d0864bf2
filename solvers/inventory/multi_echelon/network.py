"""A guaranteed-service network as arrays: whole times, bounds on demand, values and costs of every stage."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory_multi_echelon import GuaranteedStage, MultiEchelonProblem, MultiEchelonSolution, StagePlan

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SCALES = (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""Grids of time that are tried: whole units, halves, quarters, ..., thousandths."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """
    A network of n stages in the order of the request.

    Times (n) are whole numbers of 1 / `scale` units. `longest` (n) is the longest time in which a stage can replenish itself,
    when nobody holds stock before it. `price` (n) is the cost of a unit of safety stock per unit of time, `bound` (n) the
    safety stock for a net replenishment time of 1 unit. `idle` (n) marks stages that may hold nothing.
    """

    ids: Sequence[str]
    scale: int
    processing: Integers
    inbound: Integers
    limit: Integers
    longest: Integers
    price: Floats
    value: Floats
    bound: Floats
    mean: Floats
    suppliers: Sequence[Sequence[int]]
    customers: Sequence[Sequence[int]]
    order: Sequence[int]
    idle: Sequence[bool]

    def cost(self, stage: int, time: int) -> float:
        """Return the cost of a stage for a net replenishment time on the grid."""
        return float(self.price[stage] * self.bound[stage] * math.sqrt(time / self.scale))

    def costs(self, stage: int) -> Floats:
        """Return the cost of a stage for every net replenishment time from 0 to its longest."""
        steps = np.arange(int(self.longest[stage]) + 1)
        return np.asarray(self.price[stage] * self.bound[stage] * np.sqrt(steps / self.scale))


def network_of(problem: MultiEchelonProblem, *, idle: Sequence[int] = ()) -> Network:
    """Return the network of a request; `idle` stages may hold nothing."""
    stages = [stage for stage in problem.stages if isinstance(stage, GuaranteedStage)]
    place = {stage.id: k for k, stage in enumerate(stages)}
    suppliers = [[place[name] for name in stage.upstream] for stage in stages]
    customers: list[list[int]] = [[] for _ in stages]
    for k, before in enumerate(suppliers):
        for one in before:
            customers[one].append(k)
    order = _topological(suppliers, customers)
    scale = scale_of([time for stage in stages for time in _times(stage)])
    processing = _grid([stage.processing_time for stage in stages], scale)
    inbound = _grid([stage.inbound_service_time for stage in stages], scale)
    longest = np.zeros(len(stages), dtype=np.int64)
    value = np.zeros(len(stages))
    for k in order:
        longest[k] = processing[k] + max([int(inbound[k]), *(int(longest[one]) for one in suppliers[k])])
        units = stages[k].upstream_quantities
        value[k] = stages[k].added_cost + sum(units.get(stages[one].id, 1.0) * value[one] for one in suppliers[k])
    bound, mean = _demand(stages, customers, order)
    limits = [_limit(stage, int(longest[k]), scale) for k, stage in enumerate(stages)]
    return Network(
        ids=[stage.id for stage in stages],
        scale=scale,
        processing=processing,
        inbound=inbound,
        limit=np.array(limits, dtype=np.int64),
        longest=longest,
        price=value * np.array([stage.holding_rate for stage in stages]),
        value=value,
        bound=bound,
        mean=mean,
        suppliers=suppliers,
        customers=customers,
        order=order,
        idle=[k in idle for k in range(len(stages))],
    )


def scale_of(times: Sequence[float]) -> int:
    """Return the coarsest grid on which all times are whole; thousandths where there is none (semantics refuses those)."""
    for scale in SCALES:
        if all(abs(time * scale - round(time * scale)) < 1e-6 for time in times):
            return scale
    return SCALES[-1]


def _times(stage: GuaranteedStage) -> list[float]:
    return [stage.processing_time, stage.inbound_service_time, stage.max_service_time or 0.0]


def _grid(times: Sequence[float], scale: int) -> Integers:
    return np.array([round(time * scale) for time in times], dtype=np.int64)


def _limit(stage: GuaranteedStage, longest: int, scale: int) -> int:
    """Return the longest promise on the grid."""
    if stage.max_service_time is None:
        return longest if stage.demand is None else 0
    return min(longest, round(stage.max_service_time * scale))


def _topological(suppliers: Sequence[Sequence[int]], customers: Sequence[Sequence[int]]) -> list[int]:
    waiting = [len(before) for before in suppliers]
    ready = [k for k, count in enumerate(waiting) if not count]
    for k in ready:
        for after in customers[k]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    return ready


def _demand(
    stages: Sequence[GuaranteedStage], customers: Sequence[Sequence[int]], order: Sequence[int]
) -> tuple[Floats, Floats]:
    """Return the bound on demand above its mean over one unit of time, and the mean, of every stage."""
    bound, mean = np.zeros(len(stages)), np.zeros(len(stages))
    for k in reversed(order):
        parts, own = [], stages[k].demand
        if own is not None:
            parts.append(own.z * own.sd)
            mean[k] += own.mean
        for after in customers[k]:
            units = stages[after].upstream_quantities.get(stages[k].id, 1.0)
            parts.append(units * float(bound[after]))
            mean[k] += units * mean[after]
        exponent, largest = stages[k].pooling_exponent, max(parts, default=0.0)
        if largest > 0:
            bound[k] = largest * sum((part / largest) ** exponent for part in parts) ** (1 / exponent)
    return bound, mean


def solution_of(network: Network, promises: Sequence[int]) -> tuple[MultiEchelonSolution, Floats]:
    """
    Return the solution for service times on the grid, and the cost of every stage (n).

    Inputs are taken as early as they are promised, and no stage promises more than it needs.
    """
    service = list(promises)
    inbound = [0] * len(service)
    for k in network.order:
        inbound[k] = max([int(network.inbound[k]), *(service[one] for one in network.suppliers[k])])
        service[k] = min(service[k], inbound[k] + int(network.processing[k]))
    net = [inbound[k] + int(network.processing[k]) - service[k] for k in range(len(service))]
    costs = np.array([network.cost(k, time) for k, time in enumerate(net)])
    stages = []
    for k, time in enumerate(net):
        stock = float(network.bound[k] * math.sqrt(time / network.scale))
        stages.append(
            StagePlan(
                id=network.ids[k],
                holds_stock=stock > 0,
                service_time=service[k] / network.scale,
                inbound_service_time=inbound[k] / network.scale,
                net_replenishment_time=time / network.scale,
                safety_stock=stock,
                base_stock_level=stock + float(network.mean[k]) * time / network.scale,
                echelon_base_stock_level=None,
                lower_bound=None,
                upper_bound=None,
                pipeline_stock=float(network.mean[k]) * int(network.processing[k]) / network.scale,
                mean_demand=float(network.mean[k]),
                unit_value=float(network.value[k]),
                cost=float(costs[k]),
            )
        )
    worth = sum(float(network.value[k]) * stage.safety_stock for k, stage in enumerate(stages))
    return MultiEchelonSolution(stages=stages, stock_value=worth, simulation=None), costs
