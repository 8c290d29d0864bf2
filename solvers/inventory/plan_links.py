"""
Bills of material and substitution: items of one site that supply one another.

A unit of product p ordered in t takes g units of every component in t: the order enters the component's balance with -g, unless
its supplier delivers it ready. What another item serves of the demand of i is r[i<-k,t] >= 0: it enters the balance of i with
+1 and that of k with -1, and `substitution[i,t]` keeps it within the demand that is served in the period, so that it fills no
stock.
"""

from collections.abc import Sequence

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import Integers, PlanArrays
from solvers.inventory.plan_names import names_of
from solvers.inventory.plan_part import Ledger, PlanColumns, PlanPart, add_rows
from solvers.linear.model import ModelBuilder


class Bills(PlanPart):
    """The part of the formulation in which products take components; `makers` are the orders that do, as in `Supplies`."""

    def __init__(
        self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, makers: Sequence[tuple[int, Integers, float]]
    ) -> None:
        super().__init__(problem, arrays, builder)
        self.makers = makers

    def enter(self, ledger: Ledger) -> None:
        """Take components out of their balances in the period of the order."""
        place = {(item.id, item.site): index for index, item in enumerate(self.problem.items)}
        for index, ordered, unit in self.makers:
            item = self.problem.items[index]
            for component in item.components:
                row = ledger.balance_row[place[component.item, item.site]]
                ledger.balance.add(row, ordered, -component.quantity * unit)


class Substitutions(PlanPart):
    """The part of the formulation in which items serve the demand of others."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, columns: PlanColumns) -> None:
        super().__init__(problem, arrays, builder)
        self.columns = columns
        place = {(item.id, item.site): index for index, item in enumerate(problem.items)}
        pairs = [(index, number) for index, item in enumerate(problem.items) for number in range(len(item.substitutes))]
        ways = [problem.items[index].substitutes[number] for index, number in pairs]
        self.item = np.array([index for index, _ in pairs], dtype=np.int64)
        self.other = np.array(
            [place[way.item, problem.items[index].site] for way, (index, _) in zip(ways, pairs, strict=True)], dtype=np.int64
        )
        everywhere = np.ones((len(pairs), arrays.periods), dtype=np.bool_)
        cost = np.zeros(everywhere.shape)
        for row, way in enumerate(ways):
            cost[row] = way.unit_cost
        names = [f"{arrays.labels[item]}<-{arrays.labels[other]}" for item, other in zip(self.item, self.other, strict=True)]
        self.quantity = builder.add_variables(
            families.SUBSTITUTE,
            names=names_of("substitute", names, everywhere),
            objective=cost.ravel(),
            pointers=[f"/items/{index}/substitutes/{number}" for index, number in pairs for _ in range(arrays.periods)],
            term="substitution",
        ).reshape(everywhere.shape)

    def enter(self, ledger: Ledger) -> None:
        """Serve the one item's demand with the other's units."""
        ledger.balance.add(ledger.balance_row[self.item], self.quantity, 1.0)
        ledger.balance.add(ledger.balance_row[self.other], self.quantity, -1.0)

    def add_rows(self) -> None:
        """Keep substitutes within what is served: demand, and what was owed, less what is owed or lost now."""
        arrays, columns = self.arrays, self.columns
        where = np.zeros(arrays.demand.shape, dtype=np.bool_)
        where[self.item] = True
        row, entries = numbered(where), Entries()
        entries.add(row[self.item], self.quantity, 1.0)
        before = np.hstack([np.full((arrays.items, 1), NONE), columns.backorder[:, :-1]])
        for cells, sign in ((columns.backorder, 1.0), (before, -1.0), (columns.lost, 1.0)):
            entries.add(row, np.where(where, cells, NONE), sign)
        add_rows(
            self.builder,
            families.SUBSTITUTION,
            names_of("substitution", arrays.labels, where),
            entries,
            upper=arrays.demand[where],
            pointers=[f"/items/{index}/substitutes" for index, _ in np.argwhere(where)],
        )

    def free_columns(self) -> np.ndarray:
        """Return the substitutions."""
        return self.quantity.ravel()


def _pointers(where: np.ndarray) -> list[str]:
    return [f"/items/{index}/substitutes" for index, _ in np.argwhere(where)]
