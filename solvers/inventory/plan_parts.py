"""The parts of a formulation that a request asks for, and what follows for the sizes of orders."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory.plan_arrays import Booleans, Floats, PlanArrays
from solvers.inventory.plan_part import PlanPart
from solvers.inventory.plan_reach import reachable_need, supply_arcs
from solvers.inventory.plan_transfers import Transfers
from solvers.linear.model import ModelBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanParts:
    """
    Parts of a formulation; one that the request does not ask for is None.

    `useful_orders` (I, T) is the largest order of each period that can be useful, `supplies_others` (I,) is true where an item
    leaves its site otherwise than by its own demand.
    """

    useful_orders: Floats
    supplies_others: Booleans
    transfers: Transfers | None

    def present(self) -> Iterator[PlanPart]:
        """Yield the parts that are there."""
        if self.transfers is not None:
            yield self.transfers


def plan_parts(problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder) -> PlanParts:
    """Add the columns of the parts that a request asks for."""
    supplies_others = np.zeros(arrays.items, dtype=np.bool_)
    need = arrays.remaining_need()
    arcs = supply_arcs(problem)
    transfers = None
    if arcs:
        reachable = reachable_need(arrays, arcs)
        supplies_others[[tail for tail, _, _ in arcs]] = True
        need = np.where(supplies_others[:, None], reachable, need)
        if problem.transfers:
            transfers = Transfers(problem, arrays, builder, most=reachable)
    return PlanParts(useful_orders=arrays.useful_orders(need), supplies_others=supplies_others, transfers=transfers)
