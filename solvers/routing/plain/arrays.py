"""A plain problem as the flat arrays that its compiled search reads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as general
from solvers.routing.compiled_problem import UNLIMITED, CompiledProblem, has_exchangeable_types
from solvers.routing.nearness import near_stops
from solvers.routing.plain import state_kernels as layout

LARGEST = 2**31 - 1
"""Costs of arcs are 32-bit integers."""

NEVER = 2**30
"""Later than any moment of a plan; sums of two stay within 32 bits."""

BITS = 16
"""Bits of each coordinate that clients are put in order by."""

Small = NDArray[np.int32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainArrays:
    """What does not change during a search, in the order of the fields of `Plain`; shared by all threads."""

    problem: CompiledProblem
    order: Integers
    """Position of each client in the problem: here near clients have near numbers, so that their data lie together."""
    count: Integers
    onwards: Small
    back: Small
    onwards_span: Small
    back_span: Small
    near: Small
    near_cost: Small
    near_span: Small
    around: Small
    fact: Small
    keys: Small
    weight: Integers
    alone: Integers
    allowed: NDArray[np.uint8]
    kinds: Integers


def is_plain(problem: CompiledProblem) -> bool:
    """Tell whether a problem has only clients of one load and one window, costs by distance, and no choice of vehicle types."""
    count, fleet = problem.count, problem.fleet
    switches = (general.PAIRS, general.TRIP_LOADS, general.DURATIONS, general.ALTERNATIVES)
    if count[list(switches)].any() or count[general.DIMENSIONS] > 1:
        return False
    if has_exchangeable_types(problem):
        return False
    ways = fleet[:, general.DISTANCE : general.DURATION_BACK + 1]
    if (ways != ways[0]).any() or (fleet[:, general.COST_PER_DISTANCE] != fleet[0, general.COST_PER_DISTANCE]).any():
        return False
    if (fleet[:, general.MAX_DISTANCE] < UNLIMITED).any() or (fleet[:, general.MAX_STOPS] < problem.size).any():
        return False
    if problem.count[general.DIMENSIONS] and int(problem.stops[general.GOODS].sum(dtype=np.int64)) > LARGEST:
        return False
    dearest = int(problem.matrix[ways[0, 0]].max(initial=0)) * int(fleet[0, general.COST_PER_DISTANCE])
    return dearest < LARGEST // 2 and _latest(problem) < NEVER


def _latest(problem: CompiledProblem) -> int:
    """Return a moment that no plan goes beyond."""
    if not problem.timed:
        return 0
    limits = np.concatenate([problem.fleet[:, general.END_LATE], problem.late])
    given = int(limits[limits < UNLIMITED].max(initial=0))
    if (problem.fleet[:, general.END_LATE] < UNLIMITED).all():
        return given
    longest = int(problem.matrix[problem.fleet[0, general.DURATION]].max(initial=0))
    begin = int(max(problem.early.max(initial=0), problem.fleet[:, general.START_EARLY].max()))
    return max(given, begin) + int(problem.service.sum()) + longest * (problem.size + 1)


def plain_arrays(problem: CompiledProblem, *, neighbours: int, around: int) -> PlainArrays:
    """
    Return the arrays of a problem that is plain.

    Parameters
    ----------
    problem
        The problem.
    neighbours
        Clients before and behind which a client may be put.
    around
        Clients around a client from whose routes strings are removed.
    """
    size, types, fleet = problem.size, len(problem.vehicle_types), problem.fleet
    order = _by_place(problem)
    places = np.concatenate([problem.place[order], fleet[:, [general.START, general.END]].ravel()])
    way, rate = fleet[0, general.DISTANCE : general.DURATION_BACK + 1], int(fleet[0, general.COST_PER_DISTANCE])
    known: dict[tuple[int, int], Small] = {}

    def between(matrix: int, factor: int) -> Small:
        if (matrix, factor) not in known:
            lengths = problem.matrix[matrix][np.ix_(places, places)]
            known[matrix, factor] = np.multiply(lengths, factor, out=lengths, casting="unsafe").ravel()
        return known[matrix, factor]

    onwards, back = between(int(way[0]), rate), between(int(way[1]), rate)
    onwards_span, back_span = (between(int(way[2]), 1), between(int(way[3]), 1)) if problem.timed else (onwards, back)
    near = near_stops(problem, neighbours=neighbours, around=around)
    around, neighbours = min(around, size), min(neighbours, near.shape[2])
    number = np.full(size + 1, -1, dtype=np.int32)
    number[order] = np.arange(size)
    near = number[near[:, order]]
    lists = np.ascontiguousarray(near[[general.BEFORE, general.BEHIND], :, :neighbours])
    picked = np.arange(size)[:, None] * (size + 2 * types) + np.maximum(lists, 0)
    count = np.zeros(layout.MOST + 1, dtype=np.int64)
    count[layout.MOST] = problem.routes
    count[[layout.CLIENTS, layout.TYPES, layout.NEIGHBOURS, layout.AROUND]] = size, types, neighbours, around
    count[layout.TIMED] = problem.timed
    count[layout.DIRECTED] = problem.timed or way[0] != way[1]
    return PlainArrays(
        problem=problem,
        order=order,
        count=count,
        onwards=onwards,
        back=back,
        onwards_span=onwards_span,
        back_span=back_span,
        near=lists.ravel(),
        near_cost=np.stack([back[picked[0]], onwards[picked[1]]]).ravel(),
        near_span=np.stack([back_span[picked[0]], onwards_span[picked[1]]]).ravel(),
        around=np.ascontiguousarray(near[general.AROUND, :, :around]).ravel(),
        fact=_facts(problem, order),
        keys=problem.stops[general.KEYS : general.REQUIRED, order].astype(np.int32).ravel(),
        weight=problem.weight[order],
        alone=_alone(problem, order, back, onwards),
        allowed=problem.allowed[:, order].ravel(),
        kinds=_kinds(problem, onwards),
    )


def _by_place(problem: CompiledProblem) -> Integers:
    """Return the clients in Z-order (Morton 1966): mostly, near clients follow one another."""
    points = problem.index.travel.points()
    extent = np.maximum(points.max(axis=0) - points.min(axis=0), 1e-9)
    cells = ((points - points.min(axis=0)) / extent.max() * (2**BITS - 1)).astype(np.int64)[problem.place]
    key = np.zeros(problem.size, dtype=np.int64)
    for bit in range(BITS):
        for k in range(cells.shape[1]):
            key |= ((cells[:, k] >> bit) & 1) << (bit * cells.shape[1] + k)
    return np.argsort(key, kind="stable")


def _facts(problem: CompiledProblem, order: Integers) -> Small:
    rows = np.zeros((problem.size, layout.WIDTH), dtype=np.int32)
    if problem.timed:
        rows[:, layout.EARLY] = problem.early
        rows[:, layout.LATE] = np.minimum(problem.late, NEVER)
        rows[:, layout.SERVICE] = problem.service
    if problem.count[general.DIMENSIONS]:
        rows[:, layout.DEMAND] = problem.stops[general.GOODS]
    return rows[order].ravel()


def _kinds(problem: CompiledProblem, onwards: Small) -> Integers:
    fleet, size = problem.fleet, problem.size
    types = len(fleet)
    rows = np.zeros((types, layout.WIDTH), dtype=np.int64)
    goods = int(problem.stops[general.GOODS].sum()) if problem.count[general.DIMENSIONS] else 0
    rows[:, layout.CAPACITY] = np.minimum(fleet[:, general.CAPACITY], goods) if problem.count[general.DIMENSIONS] else 0
    rows[:, layout.VEHICLES] = fleet[:, general.VEHICLES]
    rows[:, layout.FIXED] = fleet[:, general.FIXED]
    starts = size + 2 * np.arange(types)
    rows[:, layout.EMPTY] = onwards[starts * (size + 2 * types) + starts + 1]
    return rows.ravel()


def _alone(problem: CompiledProblem, order: Integers, back: Small, onwards: Small) -> Integers:
    """Return the cost of a route with one client only, shape (types, clients), `INFINITE` where it cannot be."""
    size, fleet = problem.size, problem.fleet
    types = len(fleet)
    rows = np.arange(size) * (size + 2 * types)
    costs = np.empty((types, size), dtype=np.int64)
    for kind, row in enumerate(fleet):
        start = size + 2 * kind
        possible = problem.allowed[kind] != 0
        if problem.count[general.DIMENSIONS]:
            possible &= problem.stops[general.GOODS] <= row[general.CAPACITY]
        if problem.timed:
            there = problem.matrix[row[general.DURATION_BACK]][problem.place, row[general.START]]
            home = problem.matrix[row[general.DURATION]][problem.place, row[general.END]]
            begin = np.maximum(problem.early, row[general.START_EARLY] + there)
            possible &= (begin <= problem.late) & (begin + problem.service + home <= row[general.END_LATE])
        way = back[rows + start].astype(np.int64) + onwards[rows + start + 1]
        costs[kind] = np.where(possible[order], row[general.FIXED] + way, layout.INFINITE)
    return costs.ravel()
