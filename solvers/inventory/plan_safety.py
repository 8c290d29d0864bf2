"""
Safety stock that may be missed at a price: `safety_short[i,t]`, e[i,t] >= 0, which enters the safety stock's row.

    safety_stock[i,t]  s[i,t] + e[i,t] >= z[i,t]
"""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Integers, PlanArrays
from solvers.inventory.plan_names import item_pointers, names_of
from solvers.inventory.plan_part import PlanPart
from solvers.linear.model import ModelBuilder


class SafetyShortfall(PlanPart):
    """The part of the formulation that pays for what a safety stock lacks; `short` (I, T) are its columns."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder) -> None:
        super().__init__(problem, arrays, builder)
        where = arrays.may_miss_safety[:, None] & (arrays.safety > 0)
        cost = np.zeros(arrays.safety.shape)
        for index, item in enumerate(problem.items):
            cost[index] = 0.0 if item.safety_stock_cost is None else item.safety_stock_cost
        self.short = np.full(where.shape, NONE, dtype=np.int64)
        self.short[where] = builder.add_variables(
            families.SAFETY_SHORT,
            names=names_of("safety_short", arrays.labels, where),
            objective=cost[where],
            pointers=item_pointers(problem, "safety_stock_cost", where),
            term="safety_stock",
        )

    def free_columns(self) -> Integers:
        """Return the shortfalls."""
        return np.asarray(self.short[self.short != NONE])
