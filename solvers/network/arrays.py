"""A network as arrays: nodes are re-indexed densely in request order, arcs keep theirs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.network.table import ArcTable, NodeTable, arc_table, node_table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """
    Arrays of a network with n nodes and m arcs.

    `tail`, `head` (m,) are node indices; `lower`, `capacity`, `cost` (m,) are in the caller's units, capacity is inf where
    unlimited; `demand` (n,) is positive where the node receives. `index` maps a node's id to its index.
    """

    arcs: ArcTable
    nodes: NodeTable
    index: dict[str, int]
    tail: Integers
    head: Integers
    lower: Floats
    capacity: Floats
    cost: Floats
    demand: Floats

    @property
    def order(self) -> int:
        """Number of nodes."""
        return len(self.nodes.ids)

    @property
    def size(self) -> int:
        """Number of arcs."""
        return len(self.arcs.ids)

    def named_nodes(self, chosen: NDArray[Any]) -> list[str]:
        """Return the ids of chosen nodes: a mask or indices."""
        positions = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return [self.nodes.ids[position] for position in positions.tolist()]

    def named_arcs(self, chosen: NDArray[Any]) -> list[str]:
        """Return the ids of chosen arcs: a mask or indices."""
        positions = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return [self.arcs.ids[position] for position in positions.tolist()]


def network_of(problem: Any) -> Network:
    """Return a problem's network as arrays; every end of an arc must be a node (semantics has checked it)."""
    arcs = arc_table(problem)
    nodes = node_table(problem, arcs)
    index = {name: position for position, name in enumerate(nodes.ids)}
    return Network(
        arcs=arcs,
        nodes=nodes,
        index=index,
        tail=np.fromiter((index[name] for name in arcs.tail), dtype=np.int64, count=len(arcs.tail)),
        head=np.fromiter((index[name] for name in arcs.head), dtype=np.int64, count=len(arcs.head)),
        lower=np.array(arcs.lower, dtype=np.float64),
        capacity=np.array([np.inf if most is None else most for most in arcs.capacity], dtype=np.float64),
        cost=np.array(arcs.cost, dtype=np.float64),
        demand=np.array(nodes.demand, dtype=np.float64),
    )
