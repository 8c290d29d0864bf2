"""
Fill rate: `fill_rate[i,T]`, units open or lost at the ends of all periods together <= (1 - beta) of the whole demand.

For lost sales this is the fill rate. Of backorders every unit counts in each period in which it is open, so that at least the
share beta of the demand is served on time.
"""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries
from solvers.inventory.plan_arrays import PlanArrays
from solvers.inventory.plan_names import names_of
from solvers.inventory.plan_part import PlanColumns, PlanPart, add_rows
from solvers.linear.model import ModelBuilder


class FillRate(PlanPart):
    """The part of the formulation that asks for a share of the demand to be served on time."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns) -> None:
        super().__init__(problem, arrays, builder)
        self.short = np.where(columns.backorder != NONE, columns.backorder, columns.lost)

    def add_rows(self) -> None:
        """Add one row an item."""
        items = self.problem.items
        asked = [k for k, item in enumerate(items) if item.fill_rate is not None and item.unmet_demand != "forbidden"]
        where = np.zeros(self.short.shape, dtype=np.bool_)
        where[asked, -1] = True
        entries = Entries()
        for row, index in enumerate(asked):
            entries.add(np.full(self.arrays.periods, row), self.short[index], 1.0)
        upper = [(1 - (items[k].fill_rate or 0.0)) * float(self.arrays.demand[k].sum()) for k in asked]
        add_rows(
            self.builder,
            families.FILL_RATE,
            names_of("fill_rate", self.arrays.labels, where),
            entries,
            upper=np.array(upper),
            pointers=[f"/items/{k}/fill_rate" for k in asked],
        )
