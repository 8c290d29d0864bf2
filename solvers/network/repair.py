"""
The least change of bounds and demands that makes an infeasible flow problem feasible.

Every condition may be broken at a price of 1 per unit: a capacity by a second arc beside it, a lower bound by an arc back, a
demand by an arc to or from outside. A minimum cost flow of this elastic network breaks them by the least total amount.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from solvers.errors import EngineError
from solvers.network.arrays import Integers, Mask
from solvers.network.feasibility import feasible_flow, net_demand


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    Changes in whole steps.

    `wider` and `looser` (m,) are added to capacities and taken off lower bounds, `demand` (n,) is added to demands.
    `verified` tells whether the changed problem was solved again and has a flow.
    """

    wider: Integers
    looser: Integers
    demand: Integers
    verified: bool

    @property
    def total(self) -> int:
        """Least total violation of all conditions, in whole steps."""
        return int(self.wider.sum() + self.looser.sum() + np.abs(self.demand).sum())


def least_change(
    *,
    tail: Integers,
    head: Integers,
    lower: Integers,
    capacity: Integers,
    demand: Integers,
    unlimited: Mask,
    fixed_demand: bool,
) -> Change:
    """
    Return the change of least total amount after which a flow exists.

    Parameters
    ----------
    tail, head, lower, capacity, demand
        The network in whole steps, as in `solvers.network.feasibility.feasible_flow`.
    unlimited
        Arcs without a capacity of their own, shape (m,).
    fixed_demand
        True when only bounds may change.
    """
    order = len(demand)
    need = net_demand(tail=tail, head=head, lower=lower, demand=demand)
    enough = int(np.abs(need).sum()) + 1
    narrow, forced = np.flatnonzero(~unlimited), np.flatnonzero(lower > 0)
    nodes = np.arange(0 if fixed_demand else order)
    outside = np.full(len(nodes), order)
    engine = min_cost_flow.SimpleMinCostFlow()
    parts = (
        (tail, head, np.minimum(capacity - lower, enough), 0),
        (tail[narrow], head[narrow], np.full(len(narrow), enough), 1),
        (head[forced], tail[forced], lower[forced], 1),
        (outside, nodes, np.full(len(nodes), enough), 1),
        (nodes, outside, np.full(len(nodes), enough), 1),
    )
    flows = []
    for starts, ends, room, price in parts:
        prices = np.full(len(starts), price, dtype=np.int64)
        flows.append(
            engine.add_arcs_with_capacity_and_unit_cost(
                starts.astype(np.int32), ends.astype(np.int32), room.astype(np.int64), prices
            )
        )
    engine.set_nodes_supplies(np.arange(order + 1, dtype=np.int32), np.append(-need, need.sum()))
    status = engine.solve()
    if status != engine.OPTIMAL:
        raise EngineError(f"the elastic flow ended with {status.name}")
    wide, loose, into, out = (np.asarray(engine.flows(arcs), dtype=np.int64) for arcs in flows[1:])
    wider, looser, moved = np.zeros_like(lower), np.zeros_like(lower), np.zeros_like(demand)
    wider[narrow], looser[forced] = wide, loose
    moved[: len(nodes)] = out - into
    again = feasible_flow(tail=tail, head=head, lower=lower - looser, capacity=capacity + wider, demand=demand + moved)
    return Change(wider=wider, looser=looser, demand=moved, verified=again.deficiency is None)
