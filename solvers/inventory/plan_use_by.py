"""
Items that spoil and move between sites: variables by the last period in which units can be used, u.

Variables: s[i,t,u] >= 0, units on hand at the end of period t that can be used until period u > t, and f[m,t,u] >= 0, units
sent on way m in period t; they arrive before they spoil, with u the same, or what the shelf life of the destination leaves of
it. All that keeps beyond the horizon counts as u = T + 1. What is ordered, or comes from a site where the item keeps, is fresh.

Rows: `stock_by_use[i,t]`: sum_u s[i,t,u] = s[i,t]; `transfer_by_use[m,t]`: sum_u f[m,t,u] = f[m,t]; and

    use_by[i,t,u]   s[i,t,u] + sum of f[m,t,u] sent <= s[i,t-1,u] + what arrives in t and can be used until u

whose slack serves demand or is thrown away. With whole quantities these are flows in a network over sites, periods and ages.

Source: Nahmias (1982), Perishable inventory theory: a review, Operations Research 30, 680-708 (units by age).
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_use_by_families as families
from solvers.inventory.matrix_entries import NONE, Entries
from solvers.inventory.moving_items import moving_perishables
from solvers.inventory.plan_arrays import Integers, PlanArrays
from solvers.inventory.plan_part import PlanColumns, PlanPart, add_rows
from solvers.inventory.plan_transfers import Transfers
from solvers.linear.model import Family, ModelBuilder


class UseBy(PlanPart):
    """
    The part of the formulation in which units of an item that moves are told apart by when they spoil.

    `kept` and `sent` hold the column of an item or way, a period from 0 and a last period of use, which counts from 1; `life`
    the shelf life of each such item.
    """

    def __init__(
        self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns, transfers: Transfers
    ) -> None:
        super().__init__(problem, arrays, builder)
        self.columns, self.transfers = columns, transfers
        self.life = {index: problem.items[index].shelf_life or 0 for index in moving_perishables(problem)}
        builder.add_set(families.LAST_PERIODS, count=arrays.periods + 1)
        self.kept = self._kept_columns()
        self.sent = self._sent_columns()

    def add_rows(self) -> None:
        """Add up the ages, and let no more be kept and sent of an age than is there."""
        self._sums()
        rows = {cell: row for row, cell in enumerate(self._cells())}
        cells, known = _Cells(), np.zeros(len(rows))
        for (index, period, use_by), column in self.kept.items():
            cells.add(rows[index, period, use_by], column, 1.0)
            after = rows.get((index, period + 1, use_by))
            if after is not None:
                cells.add(after, column, -1.0)
        ways = self.transfers.ways
        for (way, period, use_by), column in self.sent.items():
            cells.add(rows[int(ways.origin[way]), period, use_by], column, 1.0)
            destination, arrival = int(ways.destination[way]), period + int(ways.lead[way])
            if destination in self.life:
                cells.add(rows[destination, arrival, min(use_by, self.fresh(destination, arrival))], column, -1.0)
        for index, arrival, column, unit in self._fresh_units():
            cells.add(rows[index, arrival, self.fresh(index, arrival)], column, -unit)
        for index in self.life:
            for period, use_by, quantity in self.known_units(index):
                known[rows[index, period, use_by]] += quantity
        add_rows(
            self.builder,
            families.USE_BY,
            [self._name("use_by", self.arrays.labels[index], period, use_by) for index, period, use_by in rows],
            cells.entries(),
            upper=known,
            pointers=[f"/items/{index}/shelf_life" for index, _, _ in rows],
        )

    def free_columns(self) -> Integers:
        """Return what is kept and sent, by age."""
        return np.array([*self.kept.values(), *self.sent.values()], dtype=np.int64)

    def _cells(self) -> Iterator[tuple[int, int, int]]:
        """Yield item, period from 0 and last period of use of all units that can be on hand, before demand is served."""
        for index in self.life:
            for period in range(self.arrays.periods):
                for use_by in range(period + 1, self.fresh(index, period) + 1):
                    yield index, period, use_by

    def fresh(self, index: int, period: int) -> int:
        """Return the last period of use of what an item receives in a period (from 0), T + 1 for any later one."""
        return min(period + self.life[index], self.arrays.periods + 1)

    def _kept_columns(self) -> dict[tuple[int, int, int], int]:
        cells = [(index, period, use_by) for index, period, use_by in self._cells() if use_by > period + 1]
        return self._by_use(families.KEPT, cells, self.arrays.labels, "/items/{}/shelf_life")

    def _sent_columns(self) -> dict[tuple[int, int, int], int]:
        ways, cells = self.transfers.ways, []
        for way, period in np.argwhere(self.transfers.quantity != NONE).tolist():
            origin = int(ways.origin[way])
            if origin in self.life:
                first = period + int(ways.lead[way]) + 1
                cells += [(way, period, use_by) for use_by in range(first, self.fresh(origin, period) + 1)]
        return self._by_use(families.SENT, cells, ways.labels, "/transfers/{}")

    def _by_use(
        self, family: Family, cells: list[tuple[int, int, int]], labels: Sequence[str], pointer: str
    ) -> dict[tuple[int, int, int], int]:
        """Add a variable for every cell: place of its item or way, period, last period of use."""
        if not cells:
            return {}
        stem = family.text.split("[")[0]
        columns = self.builder.add_variables(
            family,
            names=[self._name(stem, labels[place], period, use_by) for place, period, use_by in cells],
            pointers=[pointer.format(place) for place, _, _ in cells],
        )
        return dict(zip(cells, columns.tolist(), strict=True))

    def _name(self, stem: str, label: str, period: int, use_by: int) -> str:
        later = "+" if use_by > self.arrays.periods else ""
        return f"{stem}[{label}:until-{use_by}{later},{period + 1}]"

    def _sums(self) -> None:
        """Let the units of all ages be the stock, and what is sent."""
        self._sum(families.STOCK_BY_USE, self.columns.stock, self.kept, list(self.life), self.arrays.labels, "/items/{}")
        ways = self.transfers.ways
        split = [way for way, origin in enumerate(ways.origin.tolist()) if origin in self.life]
        self._sum(families.TRANSFER_BY_USE, self.transfers.quantity, self.sent, split, ways.labels, "/transfers/{}")

    def _sum(
        self,
        family: Family,
        totals: Integers,
        parts: dict[tuple[int, int, int], int],
        places: list[int],
        labels: Sequence[str],
        pointer: str,
    ) -> None:
        periods = range(self.arrays.periods)
        rows = {cell: row for row, cell in enumerate(cell for cell in product(places, periods) if totals[cell] != NONE)}
        cells = _Cells()
        for (place, period), row in rows.items():
            cells.add(row, int(totals[place, period]), 1.0)
        for (place, period, _), column in parts.items():
            cells.add(rows[place, period], column, -1.0)
        names = [f"{family.symbol}[{labels[place]},{period + 1}]" for place, period in rows]
        pointers = [pointer.format(place) for place, _ in rows]
        add_rows(self.builder, family, names, cells.entries(), lower=0.0, upper=np.zeros(len(rows)), pointers=pointers)

    def _fresh_units(self) -> Iterator[tuple[int, int, int, float]]:
        """Yield item, period of arrival, column and units of one step of all that arrives fresh."""
        for index, lead, ordered, unit in self.columns.sources:
            if index in self.life:
                for period in range(self.arrays.periods - lead):
                    if ordered[period] != NONE:
                        yield index, period + lead, int(ordered[period]), unit
        ways = self.transfers.ways
        for way, period in np.argwhere(self.transfers.quantity != NONE).tolist():
            destination = int(ways.destination[way])
            if destination in self.life and int(ways.origin[way]) not in self.life:
                yield destination, period + int(ways.lead[way]), int(self.transfers.quantity[way, period]), 1.0

    def known_units(self, index: int) -> Iterator[tuple[int, int, float]]:
        """Yield period, last period of use and units of the initial stock and of what is under way already."""
        item, last = self.problem.items[index], self.arrays.periods + 1
        in_lots = 0.0
        for lot in item.initial_lots:
            in_lots += lot.quantity
            yield 0, min(lot.remaining_life, last), lot.quantity
        yield 0, self.fresh(index, 0), max(item.initial_stock - in_lots, 0.0)
        for period, quantity in enumerate(self.arrays.scheduled[index].tolist()):
            yield period, self.fresh(index, period), quantity


class _Cells:
    """Matrix entries collected one by one."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, float]] = []

    def add(self, row: int, column: int, coefficient: float) -> None:
        """Add an entry."""
        self._found.append((row, column, coefficient))

    def entries(self) -> Entries:
        """Return all entries as arrays."""
        rows, columns, coefficients = np.array(self._found).reshape(-1, 3).T
        entries = Entries()
        entries.add(rows.astype(np.int64), columns.astype(np.int64), coefficients)
        return entries
