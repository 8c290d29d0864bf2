"""The parts of a formulation that a request asks for, and what follows for the sizes of orders."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory.moving_items import moving_perishables
from solvers.inventory.plan_arrays import Booleans, Floats, PlanArrays
from solvers.inventory.plan_fill_rate import FillRate
from solvers.inventory.plan_links import Bills, Substitutions
from solvers.inventory.plan_part import PlanColumns, PlanPart
from solvers.inventory.plan_reach import order_excess, reachable_need, supply_arcs
from solvers.inventory.plan_safety import SafetyShortfall
from solvers.inventory.plan_shelf_life import ShelfLife, need_within_life
from solvers.inventory.plan_supplies import Supplies
from solvers.inventory.plan_terminal import TerminalStock
from solvers.inventory.plan_transfers import Transfers
from solvers.inventory.plan_use_by import UseBy
from solvers.inventory.plan_waiting import WaitingTime
from solvers.linear.model import ModelBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanParts:
    """
    Parts of a formulation; one that the request does not ask for is None.

    `useful_orders` (I, T) is the largest order of each period that can be useful, `stock_pays` (I,) is true where stock is
    worth something beside the item's own demand: it leaves its site otherwise, is a safety stock, or has a value at the end.
    """

    useful_orders: Floats
    stock_pays: Booleans
    supplies: Supplies | None
    transfers: Transfers | None
    safety: SafetyShortfall | None
    shelf_life: ShelfLife | None
    use_by: UseBy | None
    waiting: WaitingTime | None
    terminal: TerminalStock | None
    fill_rate: FillRate | None
    bills: Bills | None
    substitutions: Substitutions | None

    def present(self) -> Iterator[PlanPart]:
        """Yield the parts that are there."""
        linking = (self.supplies, self.transfers, self.bills, self.substitutions)
        for part in (*linking, self.safety, self.shelf_life, self.use_by, self.waiting, self.terminal, self.fill_rate):
            if part is not None:
                yield part


def plan_parts(
    problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns, *, widest: PlanArrays
) -> PlanParts:
    """Add the columns of the parts that a request asks for; what can be useful is what `widest` can use."""
    items = problem.items
    perishable = np.array([item.shelf_life is not None for item in items])
    supplies_others = np.zeros(arrays.items, dtype=np.bool_)
    need = widest.remaining_need()
    if perishable.any():
        need = np.where(perishable[:, None], need_within_life(problem, widest), need)
    arcs = supply_arcs(problem)
    reachable = reachable_need(widest, arcs, order_excess(problem, widest)) if arcs else need
    supplies_others[[tail for tail, _, _ in arcs]] = True
    need = np.where(supplies_others[:, None], reachable, need)
    supplies = Supplies(problem, arrays, builder, need=need) if any(item.supplies for item in items) else None
    if supplies is not None:
        columns = replace(columns, sources=[*columns.sources, *supplies.sources()])
    makers = [(index, ordered, unit) for index, _, ordered, unit in columns.sources[: arrays.items]]
    makers += supplies.makers() if supplies is not None else []
    transfers = Transfers(problem, arrays, builder, most=reachable) if problem.transfers else None
    moving = moving_perishables(problem)
    waits = any(item.maximum_backorder_periods is not None and item.unmet_demand == "backorder" for item in items)
    return PlanParts(
        useful_orders=arrays.useful_orders(need),
        stock_pays=supplies_others | perishable | (arrays.safety > 0).any(axis=1) | (arrays.terminal_value > 0),
        supplies=supplies,
        transfers=transfers,
        safety=SafetyShortfall(problem, arrays, builder) if arrays.may_miss_safety.any() else None,
        shelf_life=ShelfLife(problem, arrays, builder, columns, moving) if perishable.any() else None,
        use_by=UseBy(problem, arrays, builder, columns, transfers) if transfers is not None and moving else None,
        waiting=WaitingTime(problem, arrays, builder, columns) if waits else None,
        fill_rate=FillRate(problem, arrays, builder, columns) if any(item.fill_rate for item in items) else None,
        bills=Bills(problem, arrays, builder, makers) if any(item.components for item in items) else None,
        substitutions=Substitutions(problem, arrays, builder, columns) if any(item.substitutes for item in items) else None,
        terminal=TerminalStock(problem, arrays, builder, columns) if arrays.terminal_value.any() else None,
    )
