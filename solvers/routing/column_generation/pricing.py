"""Pricing: the cheapest ng-routes of one kind of vehicle at given prices, quickly or exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.routing.column_generation import joining_kernels as joining
from solvers.routing.column_generation import label_kernels as label
from solvers.routing.column_generation import labelling_kernels as labelling
from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import Integers, PricingNetwork

BUCKETS = 48
ROOM = 1 << 18
MOST_ROOM = 3 << 20
"""Room for labels in one direction, at first and at most: about 80 bytes each."""

FAR = 1 << 60

FEW_SUCCESSORS = 12
"""Successors of each node that quick pricing tries."""

COARSE_STEPS = 500
"""Steps to a horizon where the main resource is counted coarsely."""

BALANCE, STEP = 1.6, 0.06
"""When one direction has this many times more labels, the moment where they meet moves by this share of the horizon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Subset rows as the labels see them: bits of the rows that count and that remember each node, cost of an even visit."""

    bits: Integers
    penalties: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """
    What pricing found: columns of negative reduced cost, and the least reduced cost, 0 when none is negative.

    Only where `proved` is there no route of less.
    """

    columns: list[Column]
    least: int
    proved: bool


class LabelRoom:
    """Arrays for the labels of both directions; they grow when they must, and every network uses them in turn."""

    def __init__(self) -> None:
        self.size = 0
        self.grow(ROOM)

    def grow(self, size: int) -> None:
        """Make room for `size` labels in each direction."""
        self.size = size
        self.labels = [np.empty((size, label.WIDTH), dtype=np.int64) for _ in range(2)]
        self.others = [np.empty((size, 4), dtype=np.int32) for _ in range(2)]


class Pricing:
    """
    The pricing problem of one network.

    Parameters
    ----------
    network
        The network.
    position
        Its position among the networks.
    memory
        Clients that a visit of each client remembers, as booleans of shape (n, n); row i holds i itself.
    room
        Where labels go.
    """

    def __init__(self, network: PricingNetwork, position: int, memory: NDArray[np.bool_], room: LabelRoom) -> None:
        self.network = network
        self.position = position
        self.room = room
        self.size = len(network.weight)
        self.meeting = 0.5
        self.grain = 1
        self.weight = network.weight
        self.arcs = network.arcs.copy()
        self.bits = _bits_of(np.eye(self.size, self.size - 2, dtype=np.bool_))
        self.remember(memory)
        self._duration_back = np.ascontiguousarray(network.duration.T)
        self._windows_back = _mirrored(network)

    def remember(self, memory: NDArray[np.bool_]) -> None:
        """Change the clients that visits remember."""
        nothing = np.zeros((2, memory.shape[1]), dtype=np.bool_)
        self.masks = _bits_of(np.vstack([memory, nothing]))

    def forget_weights(self) -> bool:
        """Leave the second resource to the capacity cuts, which makes more labels comparable; tell whether it counted."""
        counted = bool(self.weight.any())
        self.weight = np.zeros_like(self.weight)
        return counted

    def coarsen(self) -> bool:
        """
        Count the main resource in coarser steps, in which every visit still uses some; tell whether they were finer.

        What labels have used is rounded down, so that no route is lost. A visit that used nothing could be repeated for ever.
        """
        inner = self.network.duration[:-2, :-2][self.network.arcs[:-2, :-2]]
        finest = self.grain
        self.grain = max(finest, int(inner.min(initial=self.network.horizon // COARSE_STEPS)))
        return self.grain > finest

    def price(self, reduced: Integers, rows: Rows, *, exact: bool, stop: NDArray[np.uint8], most: int) -> Priced:
        """
        Return up to `most` routes of negative reduced cost, at most one for every arc where its two labels meet.

        Parameters
        ----------
        reduced
            Reduced cost of each arc, shape (N, N).
        rows
            Subset rows.
        exact
            False: few successors and a rule of dominance that ignores visited clients.
        stop
            Set to 1 from another thread when the time is up.
        most
            Most columns.
        """
        arcs = self.arcs if exact else _few(self.arcs, reduced)
        forward, backward = _adjacent(arcs), _adjacent(arcs.T)
        reduced_back = np.ascontiguousarray(reduced.T)
        horizon = self.network.horizon
        middle = int(self.meeting * horizon)
        size = self.size
        ends = (size - 2, size - 1)
        sides = (
            (reduced, self.network.duration, self.network.windows, forward, ends, middle),
            (reduced_back, self._duration_back, self._windows_back, backward, ends[::-1], horizon - middle - 1),
        )
        counts, heads = [], []
        for side, (cost, duration, windows, adjacent, (source, sink), latest) in enumerate(sides):
            opening = int(windows[source, 0])
            width = max(1, -(-(latest - opening + 1) // BUCKETS))
            own = np.array([source, sink, latest, self.network.capacity, opening, width, exact, self.grain], dtype=np.int64)
            queue, first = np.empty(2 * BUCKETS, dtype=np.int64), np.empty((size, BUCKETS), dtype=np.int32)
            while True:
                count = labelling.extend(
                    cost, duration, windows, self.weight, self.masks, self.bits, rows.bits, rows.penalties,
                    *adjacent, own, self.room.labels[side], self.room.others[side], first, queue, stop,
                )  # fmt: skip
                if count != labelling.OVERFLOW or self.room.size >= MOST_ROOM:
                    break
                self.room.grow(min(MOST_ROOM, 4 * self.room.size))
                if side == 1:
                    return self.price(reduced, rows, exact=exact, stop=stop, most=most)
            if count < 0:
                return Priced(columns=[], least=0, proved=False)
            counts.append(int(count))
            heads.append(first)
        if exact:
            self._rebalance(*counts)
        pair_cost, pairs = np.zeros((size, size), dtype=np.int64), np.zeros((size, size, 2), dtype=np.int32)
        least = joining.join(
            reduced, self.network.duration, horizon, self.network.capacity, *forward, rows.penalties,
            self.room.labels[0], heads[0], counts[0], self.room.labels[1], heads[1], counts[1], pair_cost, pairs, stop,
        )  # fmt: skip
        if least > 0:
            return Priced(columns=[], least=0, proved=False)
        return Priced(columns=self._columns(pair_cost, pairs, most), least=int(least), proved=exact)

    def _rebalance(self, fore: int, back: int) -> None:
        """Move the moment where labels meet towards the direction that has more of them."""
        if fore > BALANCE * back:
            self.meeting = max(0.1, self.meeting - STEP)
        elif back > BALANCE * fore:
            self.meeting = min(0.9, self.meeting + STEP)

    def _columns(self, pair_cost: Integers, pairs: NDArray[np.int32], most: int) -> list[Column]:
        """Return the cheapest routes, without repetitions."""
        flat = np.argsort(pair_cost, axis=None)[: 4 * most]
        columns: dict[tuple[int, ...], Column] = {}
        for at in flat.tolist():
            tail, head = divmod(at, self.size)
            if pair_cost[tail, head] >= 0 or len(columns) == most:
                break
            fore = self._path(0, int(pairs[tail, head, 0]))
            clients = (*reversed(fore), *self._path(1, int(pairs[tail, head, 1])))
            columns.setdefault(clients, Column(self.position, clients, self.cost_of(clients)))
        return list(columns.values())

    def _path(self, side: int, last: int) -> list[int]:
        """Return the clients of a label, the last one first."""
        path = []
        while last >= 0:
            node, last = self.room.others[side][last, : label.QUEUED].tolist()
            if node < self.size - 2:
                path.append(node)
        return path

    def cost_of(self, clients: tuple[int, ...]) -> int:
        """Return the scaled cost of a route."""
        nodes = np.array([self.size - 2, *clients, self.size - 1])
        return int(self.network.cost[nodes[:-1], nodes[1:]].sum())


def _bits_of(members: NDArray[np.bool_]) -> Integers:
    """Return rows of booleans as rows of three words of 64 bits."""
    wide = np.zeros((members.shape[0], 192), dtype=np.uint8)
    wide[:, : members.shape[1]] = members
    return np.ascontiguousarray(np.packbits(wide, axis=1, bitorder="little").view(np.int64))


def _mirrored(network: PricingNetwork) -> Integers:
    """Return the windows counted backwards from the horizon."""
    horizon = network.horizon
    mirrored = np.full_like(network.windows, -1)
    for i, row in enumerate(network.windows):
        own = [(horizon - int(end), horizon - int(start)) for start, end in row.reshape(-1, 2) if end >= 0]
        mirrored[i, : 2 * len(own)] = np.array(own[::-1], dtype=np.int64).ravel()
    return mirrored


def _adjacent(arcs: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Return where the successors of each node begin, and all successors."""
    starts = np.concatenate([[0], np.cumsum(arcs.sum(axis=1))]).astype(np.int64)
    return starts, np.ascontiguousarray(np.nonzero(arcs)[1].astype(np.int64))


def _few(arcs: NDArray[np.bool_], reduced: Integers) -> NDArray[np.bool_]:
    """Return the arcs of least reduced cost out of each node and into each, with those of source and sink."""
    cost = np.where(arcs, reduced, FAR)
    rank_out, rank_in = cost.argsort(axis=1).argsort(axis=1), cost.argsort(axis=0).argsort(axis=0)
    few = arcs & ((rank_out < FEW_SUCCESSORS) | (rank_in < 2))
    few[-2], few[:, -1] = arcs[-2], arcs[:, -1]
    return few
