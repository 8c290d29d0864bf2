"""
How long demand may wait: `backorder_time[i,t]`, b[i,t] <= demand of the last k periods.

Where demand is served in the order in which it came, what is open at the end of a period is the latest demand; so none of it is
older than k periods exactly when it is no more than the demand of the last k periods.
"""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import PlanArrays
from solvers.inventory.plan_names import item_pointers, names_of
from solvers.inventory.plan_part import PlanColumns, PlanPart, add_rows
from solvers.linear.model import ModelBuilder


class WaitingTime(PlanPart):
    """The part of the formulation that limits how long demand waits."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns) -> None:
        super().__init__(problem, arrays, builder)
        self.columns = columns

    def add_rows(self) -> None:
        """Limit what is open at the end of each period to the demand of the last periods."""
        arrays = self.arrays
        limit = np.array([item.maximum_backorder_periods or 0 for item in self.problem.items], dtype=np.int64)
        where = (self.columns.backorder != NONE) & (limit[:, None] > 0)
        sums = np.concatenate([np.zeros((arrays.items, 1)), np.cumsum(arrays.demand, axis=1)], axis=1)
        since = np.maximum(np.arange(1, arrays.periods + 1)[None, :] - limit[:, None], 0)
        latest = sums[:, 1:] - np.take_along_axis(sums, since, axis=1)
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.columns.backorder, NONE), 1.0)
        add_rows(
            self.builder,
            families.BACKORDER_TIME,
            names_of("backorder_time", arrays.labels, where),
            entries,
            upper=latest[where],
            pointers=item_pointers(self.problem, "maximum_backorder_periods", where),
        )
