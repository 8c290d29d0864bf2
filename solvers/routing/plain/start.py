"""First plans of plain problems: savings, or a route for every client."""

import numpy as np
from numpy.typing import NDArray

from solvers.routing.plain import state_kernels as layout
from solvers.routing.plain.arrays import PlainArrays
from solvers.routing.plain.savings_kernels import merge_by_savings


def starting_plan(arrays: PlainArrays) -> NDArray[np.int32]:
    """
    Return a plan as `write_plan` writes it.

    Without times and directions by savings (Clarke and Wright 1964) between near clients. With times every client has a route
    of its own, where the vehicles suffice: what is joined too early by distance is hard to part later. Otherwise nothing is
    planned, and the search inserts one client after another.

    References
    ----------
    Clarke, G., Wright, J. W. (1964). Scheduling of vehicles from a central depot to a number of delivery points. Operations
    Research 12(4), 568-581.
    """
    size, types = int(arrays.count[layout.CLIENTS]), int(arrays.count[layout.TYPES])
    plan = np.zeros(1 + 3 * size, dtype=np.int32)
    vehicles = int(arrays.kinds[layout.VEHICLES])
    if types > 1 or (arrays.alone[:size] >= layout.INFINITE).any() or not arrays.problem.required.all():
        return plan
    if not arrays.count[layout.DIRECTED]:
        routes = _by_savings(arrays)
    elif vehicles >= size:
        routes = [[client] for client in range(size)]
    else:
        return plan
    # Where vehicles are short, the routes with the fewest clients are given up: the search inserts their clients elsewhere.
    routes = sorted(routes, key=len, reverse=True)[:vehicles]
    listed = [len(routes)]
    for route in routes:
        listed += [0, len(route), *route]
    plan[: len(listed)] = listed
    return plan


def _by_savings(arrays: PlainArrays) -> list[list[int]]:
    size, neighbours = int(arrays.count[layout.CLIENTS]), int(arrays.count[layout.NEIGHBOURS])
    first = np.repeat(np.arange(size), neighbours)
    second = arrays.near[: size * neighbours].astype(np.int64)
    real = second > first
    mutual = (second >= 0) & ~real
    first, second = np.where(mutual, second, first)[real | mutual], np.where(mutual, first, second)[real | mutual]
    rows = np.arange(size) * (size + 2)
    home = (arrays.back[rows + size].astype(np.int64) + arrays.onwards[rows + size + 1]) // 2
    savings = home[first] + home[second] - arrays.onwards[rows[first] + second]
    order = np.argsort(-savings, kind="stable")
    order = order[savings[order] > 0]
    demand = np.ascontiguousarray(arrays.fact[layout.DEMAND :: layout.WIDTH], dtype=np.int64)
    links = np.full((size, 2), -1, dtype=np.int64)
    merge_by_savings(first[order], second[order], demand, int(arrays.kinds[layout.CAPACITY]), links)
    return _followed(links.tolist())


def _followed(links: list[list[int]]) -> list[list[int]]:
    """Return the chains of clients that are linked to at most two others each."""
    seen = [False] * len(links)
    routes = []
    for end, pair in enumerate(links):
        if seen[end] or min(pair) >= 0:
            continue
        route, last, client = [], -1, end
        while client >= 0:
            seen[client] = True
            route.append(client)
            one, other = links[client]
            last, client = client, one if one != last else other
        routes.append(route)
    return routes
