"""
What an item can still be needed for, where it also supplies other items: the bound behind setups that is no loose big-M.

Items are nodes, and an arc leads from each item to those it supplies, with the units it gives per unit. All costs are >= 0, so
in some cheapest plan every unit ordered ends in a demand, or stands in a safety stock that would break without it, of an item
that can be reached. Items that can reach one another share what they need; between such groups needs add up.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.inventory import PlanProblem
from solvers.inventory.plan_arrays import Floats, PlanArrays

Arc = tuple[int, int, float]
"""Supplying item, supplied item, units given per unit."""


def supply_arcs(problem: PlanProblem) -> list[Arc]:
    """Return who supplies whom."""
    place = {(item.id, item.site): index for index, item in enumerate(problem.items)}
    arcs = [(place[way.item, way.origin], place[way.item, way.destination], 1.0) for way in problem.transfers]
    for index, item in enumerate(problem.items):
        arcs += [(place[component.item, item.site], index, component.quantity) for component in item.components]
        arcs += [(place[way.item, item.site], index, 1.0) for way in item.substitutes]
    return arcs


def order_excess(problem: PlanProblem, arrays: PlanArrays) -> Floats:
    """Return (I,): by how much the orders of a period may exceed what is needed: multiples, least orders, discounts."""
    excess = np.nan_to_num(arrays.multiple) + arrays.minimum
    for index, item in enumerate(problem.items):
        for supply in item.supplies:
            excess[index] += (supply.order_multiple or 0.0) + max([supply.minimum_order, *supply.breakpoints])
    return np.asarray(excess)


def reachable_need(arrays: PlanArrays, arcs: Sequence[Arc], excess: Floats) -> Floats:
    """
    Return (I, T): units of each item that what arrives in a period can still be needed for, downstream included.

    Orders of supplied items may exceed their need by the `excess` (I,), or where they are placed already.
    """
    later_safety = np.cumsum(arrays.safety[:, ::-1], axis=1)[:, ::-1]
    later = np.cumsum(arrays.demand[:, ::-1], axis=1)[:, ::-1]
    own = np.where(arrays.backorder[:, None], later[:, :1], later) + later_safety + arrays.terminal_units()[:, None]
    if not arcs:
        return own
    tails, heads, factors = (np.array(part) for part in zip(*arcs, strict=True))
    graph = sparse.coo_array((np.ones(len(arcs)), (tails, heads)), shape=(arrays.items, arrays.items)).tocsr()
    groups, group_of = connected_components(graph, directed=True, connection="strong")
    need = np.zeros((groups, arrays.periods))
    np.add.at(need, group_of, own)
    rounding = np.zeros(groups)
    np.add.at(rounding, group_of, arrays.periods * excess + arrays.least_order.sum(axis=1))
    between = np.flatnonzero(group_of[tails] != group_of[heads])
    for group in _supplied_first(groups, group_of[tails[between]], group_of[heads[between]]):
        for arc in between[group_of[tails[between]] == group]:
            need[group] += factors[arc] * (need[group_of[heads[arc]]] + rounding[group_of[heads[arc]]])
    return np.asarray(need[group_of])


def _supplied_first(groups: int, tails: np.ndarray, heads: np.ndarray) -> list[int]:
    """Return the suppliers among the groups, each after all that it supplies."""
    waiting = np.bincount(tails, minlength=groups)
    suppliers: list[list[int]] = [[] for _ in range(groups)]
    for tail, head in zip(tails.tolist(), heads.tolist(), strict=True):
        suppliers[head].append(tail)
    ready = [group for group in range(groups) if not waiting[group]]
    order: list[int] = []
    while ready:
        group = ready.pop()
        order.append(group)
        for supplier in suppliers[group]:
            waiting[supplier] -= 1
            if not waiting[supplier]:
                ready.append(supplier)
    has_arcs = set(tails.tolist())
    return [group for group in order if group in has_arcs]
