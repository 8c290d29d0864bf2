"""What stock is worth after the last period: variables v[i], units on hand from 0 to a limit that have their value."""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import Integers, PlanArrays
from solvers.inventory.plan_names import item_pointers, names_of
from solvers.inventory.plan_part import PlanColumns, PlanPart, add_rows
from solvers.linear.model import ModelBuilder


class TerminalStock(PlanPart):
    """The part of the formulation that values what is left."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns) -> None:
        super().__init__(problem, arrays, builder)
        self.columns = columns
        self.where = np.zeros(arrays.demand.shape, dtype=np.bool_)
        self.where[:, -1] = arrays.terminal_value > 0
        items = np.flatnonzero(arrays.terminal_value > 0)
        self.valued = np.full(self.where.shape, NONE, dtype=np.int64)
        self.valued[items, -1] = builder.add_variables(
            families.VALUED_STOCK,
            names=names_of("valued_stock", arrays.labels, self.where),
            upper=arrays.terminal_limit[items],
            objective=-arrays.terminal_value[items],
            pointers=item_pointers(problem, "terminal_value", self.where),
            term="terminal_value",
        )

    def add_rows(self) -> None:
        """Value no more than is there."""
        entries = Entries()
        entries.add(numbered(self.where), np.where(self.where, self.valued, NONE), 1.0)
        entries.add(numbered(self.where), np.where(self.where, self.columns.stock, NONE), -1.0)
        add_rows(
            self.builder,
            families.TERMINAL_STOCK,
            names_of("terminal_stock", self.arrays.labels, self.where),
            entries,
            upper=0.0,
            pointers=item_pointers(self.problem, "terminal_value", self.where),
        )

    def free_columns(self) -> Integers:
        """Return the valued stocks."""
        return np.asarray(self.valued[self.valued != NONE])
