"""
Shelf life: variables g[i,t] >= 0, units disposed of, which enter the balance, and one row for every period in which age counts.

`shelf_life[i,t]`: s[i,t] <= what arrived in the last e - 1 periods, e the shelf life, plus what keeps of the initial stock.
When the oldest units leave first, the stock at the end of a period is the youngest units; so it is within its life exactly when
it is no larger than what has arrived lately. No variables by age are needed, except where items move: there `plan_use_by` has
them, and no such rows are added.

Source: Nahmias (1982), Perishable inventory theory: a review, Operations Research 30, 680-708 (first in, first out is optimal
where all units serve the same demand).
"""

from collections.abc import Sequence

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import Floats, Integers, PlanArrays
from solvers.inventory.plan_names import item_pointers, names_of
from solvers.inventory.plan_part import Ledger, PlanColumns, PlanPart, add_rows
from solvers.linear.model import ModelBuilder


def need_within_life(problem: PlanProblem, arrays: PlanArrays) -> Floats:
    """Return (I, T): what units that arrive in a period can serve before they spoil; for items that keep, all later demand."""
    periods = np.arange(arrays.periods)
    life = np.array([item.shelf_life or arrays.periods for item in problem.items])
    until = np.minimum(periods[None, :] + life[:, None], arrays.periods)
    sums = np.concatenate([np.zeros((arrays.items, 1)), np.cumsum(arrays.demand, axis=1)], axis=1)
    since = np.where(arrays.backorder[:, None], 0.0, sums[:, :-1])
    within = np.take_along_axis(sums, until, axis=1) - since
    return np.asarray(within + arrays.safety.max(axis=1, keepdims=True) + arrays.terminal_units()[:, None])


class ShelfLife(PlanPart):
    """The part of the formulation in which units age and are disposed of; the ages of `moving` items are told elsewhere."""

    def __init__(
        self,
        problem: PlanProblem,
        arrays: PlanArrays,
        builder: ModelBuilder,
        columns: PlanColumns,
        moving: Sequence[int],
    ) -> None:
        super().__init__(problem, arrays, builder)
        self.columns, self.moving = columns, moving
        self.life = np.array([item.shelf_life or 0 for item in problem.items], dtype=np.int64)
        where = np.broadcast_to(self.life[:, None] > 0, arrays.demand.shape)
        cost = np.zeros(arrays.demand.shape)
        for index, item in enumerate(problem.items):
            cost[index] = item.disposal_cost
        self.disposal = np.full(where.shape, NONE, dtype=np.int64)
        self.disposal[where] = builder.add_variables(
            families.DISPOSAL,
            names=names_of("disposal", arrays.labels, where),
            objective=cost[where],
            pointers=item_pointers(problem, "shelf_life", where),
            term="disposal",
        )

    def enter(self, ledger: Ledger) -> None:
        """Take what is disposed of out of the balance."""
        ledger.balance.add(ledger.balance_row, self.disposal, -1.0)

    def add_rows(self) -> None:
        """Keep the stock at the end of each period within what has arrived lately and has not spoiled."""
        arrays, columns = self.arrays, self.columns
        keeps = np.zeros(arrays.demand.shape)
        where = np.zeros(arrays.demand.shape, dtype=np.bool_)
        for index in sorted({*np.flatnonzero(self.life).tolist()} - {*self.moving}):
            keeps[index] = self._initial_that_keeps(index)
            spoils = keeps[index] < arrays.initial[index]
            where[index] = spoils | (np.arange(arrays.periods) > self.life[index] - 2)
            scheduled = arrays.scheduled[index]
            for age in range(int(self.life[index]) - 1):
                keeps[index, age:] += scheduled[: arrays.periods - age] if age < arrays.periods else 0.0
        row = numbered(where)
        entries = Entries()
        entries.add(row, np.where(where, columns.stock, NONE), 1.0)
        for index, lead, ordered, unit in columns.sources:
            if not where[index].any():
                continue
            for age in range(min(int(self.life[index]) - 1, arrays.periods - lead)):
                delay = lead + age
                rows, orders = row[index, delay:], ordered[: arrays.periods - delay]
                entries.add(rows, np.where(where[index, delay:], orders, NONE), -unit)
        add_rows(
            self.builder,
            families.SHELF_LIFE,
            names_of("shelf_life", arrays.labels, where),
            entries,
            upper=keeps[where],
            pointers=item_pointers(self.problem, "shelf_life", where),
        )

    def _initial_that_keeps(self, index: int) -> Floats:
        """Return (T,): units of the initial stock that are within their life after the end of each period."""
        item = self.problem.items[index]
        lots = [(lot.quantity, lot.remaining_life) for lot in item.initial_lots]
        lots.append((item.initial_stock - sum(quantity for quantity, _ in lots), int(self.life[index])))
        period = np.arange(1, self.arrays.periods + 1)
        keeps = np.zeros(self.arrays.periods)
        for quantity, life in lots:
            keeps += np.where(period < life, max(quantity, 0.0), 0.0)
        return keeps

    def free_columns(self) -> Integers:
        """Return the disposals."""
        return np.asarray(self.disposal[self.disposal != NONE])
