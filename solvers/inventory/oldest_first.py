"""
Which ages to send when demand takes the oldest units of each site, from a plan that leaves open which units demand takes.

In order of periods, what is at a site in the plan and what is there when the oldest units serve demand are laid side by side,
each by age. The second are at least as fresh, unit for unit; so the unit beside one that the plan sends is sent in its place,
and arrives at least as fresh. Nothing spoils that would not in the plan, and every quantity stays.

Source: Nahmias (1982), Perishable inventory theory: a review, Operations Research 30, 680-708 (oldest first by exchange).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from models.inventory import PlanProblem
from models.inventory_transfer import SentLot
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Floats
from solvers.inventory.plan_use_by import UseBy

Lots = dict[int, float]
"""Units by last period of use."""

NEGLIGIBLE = 1e-7
"""Units up to this are rounding of the engine."""


def oldest_first_lots(
    problem: PlanProblem, part: UseBy, values: Floats, *, receipts: Floats, stock: Floats
) -> dict[int, list[SentLot]]:
    """Return the lots of every way from where an item spoils; `receipts` and `stock` are (I, T)."""
    return _OldestFirst(problem, part, values).lots(receipts, stock)


class _OldestFirst:
    """Two accounts of every site, that of the plan and that of oldest first, from the first period to the last."""

    def __init__(self, problem: PlanProblem, part: UseBy, values: Floats) -> None:
        self.periods, self.part, self.ways = problem.periods, part, part.transfers.ways
        quantity = part.transfers.quantity
        self.sent = np.where(quantity == NONE, 0.0, values[np.maximum(quantity, 0)])
        self.kept: dict[tuple[int, int], Lots] = defaultdict(dict)
        for (index, period, use_by), column in part.kept.items():
            self.kept[index, period][use_by] = float(values[column])
        self.planned_sent: dict[tuple[int, int], Lots] = defaultdict(dict)
        for (way, period, use_by), column in part.sent.items():
            if values[column] > NEGLIGIBLE:
                self.planned_sent[way, period][use_by] = float(values[column])
        self.planned: dict[tuple[int, int], Lots] = defaultdict(lambda: defaultdict(float))
        self.actual: dict[tuple[int, int], Lots] = defaultdict(lambda: defaultdict(float))
        for index in part.life:
            for period, use_by, units in part.known_units(index):
                self._arrive(index, period, use_by, units, units)
        self.ways_from: dict[int, list[int]] = {index: [] for index in part.life}
        self.found: dict[int, list[SentLot]] = {}
        for way, origin in enumerate(self.ways.origin.tolist()):
            if origin in part.life:
                self.ways_from[origin].append(way)
                self.found[way] = []

    def lots(self, receipts: Floats, stock: Floats) -> dict[int, list[SentLot]]:
        """Return the lots of every way."""
        for period in range(self.periods):
            for index in self.part.life:
                ordered = float(receipts[index, period] - self.part.arrays.scheduled[index, period])
                self._arrive(index, period, self.part.fresh(index, period), ordered, ordered)
            self._send_what_keeps(period)
            self._send(period)
            for index in self.part.life:
                there = self.actual[index, period]
                left = _without_oldest(there, sum(there.values()) - float(stock[index, period]))
                self._carry(index, period, left)
        return self.found

    def _arrive(self, index: int, period: int, use_by: int, planned: float, actual: float) -> None:
        self.planned[index, period][use_by] += planned
        self.actual[index, period][use_by] += actual

    def _carry(self, index: int, period: int, left: Lots) -> None:
        for use_by, units in left.items():
            if use_by > period + 1:
                self._arrive(index, period + 1, use_by, 0.0, units)
        for use_by, units in self.kept[index, period].items():
            self._arrive(index, period + 1, use_by, units, 0.0)

    def _send_what_keeps(self, period: int) -> None:
        """Let what comes from a site where the item keeps arrive fresh."""
        for way, origin in enumerate(self.ways.origin.tolist()):
            destination, arrival = int(self.ways.destination[way]), period + int(self.ways.lead[way])
            if origin not in self.part.life and destination in self.part.life and arrival < self.periods:
                units = float(self.sent[way, period])
                self._arrive(destination, arrival, self.part.fresh(destination, arrival), units, units)

    def _send(self, period: int) -> None:
        """Send what the plan sends in a period; what first has to arrive in the same period has its turn after that."""
        sent: dict[int, Lots] = {way: defaultdict(float) for way in self.found}
        pending = {way: dict(self.planned_sent[way, period]) for way in self.found if (way, period) in self.planned_sent}
        moved = bool(pending)
        while moved:
            moved = False
            for index in sorted({int(self.ways.origin[way]) for way in pending}):
                beside = list(_side_by_side(self.planned[index, period], self.actual[index, period]))
                for way in self.ways_from[index]:
                    for use_by, units in pending.get(way, {}).items():
                        taken = _taken(beside, use_by, units)
                        pending[way][use_by] -= sum(taken.values())
                        moved = moved or sum(taken.values()) > NEGLIGIBLE
                        self._move(way, period, use_by, taken)
                        for actual, amount in taken.items():
                            sent[way][actual] += amount
        for way, lots in sent.items():
            for use_by, units in sorted(lots.items()):
                if units > NEGLIGIBLE:
                    last = use_by if use_by <= self.periods else None
                    self.found[way].append(SentLot.model_construct(period=period + 1, quantity=units, use_by=last))

    def _move(self, way: int, period: int, use_by: int, taken: Lots) -> None:
        """Move units from site to site: of one last period of use in the plan, of others where the oldest serve demand."""
        origin, destination = int(self.ways.origin[way]), int(self.ways.destination[way])
        arrival = period + int(self.ways.lead[way])
        for actual, units in taken.items():
            self._arrive(origin, period, use_by, -units, 0.0)
            self._arrive(origin, period, actual, 0.0, -units)
            if destination in self.part.life:
                latest = self.part.fresh(destination, arrival)
                self._arrive(destination, arrival, min(use_by, latest), units, 0.0)
                self._arrive(destination, arrival, min(actual, latest), 0.0, units)


def _side_by_side(planned: Mapping[int, float], actual: Mapping[int, float]) -> Iterator[list[float]]:
    """Yield last period of use in the plan, the one beside it, and units, the oldest first."""
    others = iter(sorted((use_by, units) for use_by, units in actual.items() if units > 0))
    beside, left = next(others, (0, 0.0))
    for use_by, units in sorted(planned.items()):
        missing = units
        while missing > 0:
            amount = min(missing, left)
            if amount > 0:
                yield [use_by, beside, amount]
            missing, left = missing - amount, left - amount
            if missing > 0:
                following = next(others, None)
                if following is None:
                    break
                beside, left = following


def _taken(beside: list[list[float]], use_by: int, units: float) -> Lots:
    """Take units beside those of a last period of use in the plan, the oldest first."""
    taken: Lots = defaultdict(float)
    for pair in beside:
        if pair[0] == use_by and units > 0:
            amount = min(units, pair[2])
            pair[2] -= amount
            units -= amount
            taken[int(pair[1])] += amount
    return taken


def _without_oldest(lots: Lots, units: float) -> Lots:
    """Return the lots after units have been taken, the oldest first."""
    left: Lots = {}
    for use_by, there in sorted(lots.items()):
        gone = min(max(units, 0.0), max(there, 0.0))
        units -= gone
        left[use_by] = there - gone
    return left
