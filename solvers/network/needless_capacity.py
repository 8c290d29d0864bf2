"""
Capacities that no flow needs, such as a 1,000,000,000,000 that stands for "unlimited".

Next to them an integer grid is too coarse for the numbers that matter. A capacity far above whatever may cross the arc can be
lowered: the lowered arc lies in no minimum or violated cut and its price is 0, so flow, cut and prices hold for the request.
"""

import numpy as np

from solvers.network.arrays import Floats, Mask, Network
from solvers.network.feasibility import reachable


def without_needless(network: Network, *, crossing: float) -> Floats:
    """
    Return the capacities, none further above its lower bound than what may cross an arc; unlimited ones stay so.

    Parameters
    ----------
    crossing
        Units that an optimal flow without idle cycles may send through one arc above the lower bounds.
    """
    enough = network.lower + crossing + 1.0
    return np.where(np.isfinite(network.capacity) & (network.capacity > enough), enough, network.capacity)


def crossing_of_demands(network: Network) -> float:
    """Return the units that meet all demands and lower bounds; infinite with negative costs, where cycles are not idle."""
    if (network.cost < 0).any():
        return float("inf")
    return float(np.abs(network.demand).sum() + 2 * network.lower.sum())


def crossing_of_flow(network: Network, source: int, sink: int) -> float:
    """
    Return a bound of the units from source to sink and for the lower bounds: the capacity of a cut.

    The cut is the one of a widest path, to a power of ten: all its arcs are smaller than the first power whose arcs no longer
    join source and sink. Infinite when unlimited arcs join them.
    """
    capacity = network.capacity
    sizes = capacity[np.isfinite(capacity) & (capacity > 0)]
    for decade in np.unique(np.floor(np.log10(sizes))).tolist():
        wide = capacity >= 10.0 ** (decade + 1)
        side = _side(network, wide, source)
        if not side[sink]:
            cut = capacity[side[network.tail] & ~side[network.head]].sum()
            return float(cut + 2 * network.lower.sum())
    return float("inf")


def _side(network: Network, arcs: Mask, source: int) -> Mask:
    return reachable(network.order, network.tail[arcs], network.head[arcs], np.array([source]))
