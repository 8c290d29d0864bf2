"""How a part of the formulation (transfers, shelf life, suppliers...) joins rows that others fill as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.inventory import PlanProblem
from solvers.inventory.matrix_entries import Entries
from solvers.inventory.plan_arrays import Booleans, Floats, Integers, PlanArrays
from solvers.linear.model import Family, ModelBuilder

Cell = TypeVar("Cell", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """
    Rows that several parts of the formulation enter.

    `balance_row` (I, T) and `capacity_row` (R, T) say which row of the family belongs to an item or resource and a period; row
    t of the budget belongs to period t.
    """

    balance: Entries
    balance_row: Integers
    capacity: Entries
    capacity_row: Integers
    budget: Entries


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanColumns:
    """
    Columns that parts have rows on, (I, T) each, -1 where there is none.

    `sources` begins with the items' own orders, one an item. It holds item, lead time, columns (T,) by period of the order and
    units of one step of all that brings an item.
    """

    stock: Integers
    backorder: Integers
    lost: Integers
    sources: list[tuple[int, int, Integers, float]]


class PlanPart:
    """Columns of its own, which enter shared rows and rows of its own; what a part does not touch it leaves out."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder) -> None:
        self.problem, self.arrays, self.builder = problem, arrays, builder

    def enter(self, ledger: Ledger) -> None:
        """Enter the shared rows."""

    def add_rows(self) -> None:
        """Add the part's own rows."""

    def free_columns(self) -> Integers:
        """Return the columns that stay free when the plan is improved part by part."""
        return np.empty(0, dtype=np.int64)


def empty_ledger(arrays: PlanArrays) -> Ledger:
    """Return a ledger without entries."""
    return Ledger(
        balance=Entries(),
        balance_row=np.arange(arrays.items * arrays.periods).reshape(arrays.items, arrays.periods),
        capacity=Entries(),
        capacity_row=np.arange(arrays.resources * arrays.periods).reshape(arrays.resources, arrays.periods),
        budget=Entries(),
    )


def at_delay(cells: NDArray[Cell], delay: Integers) -> NDArray[Cell]:
    """Return the cell of each period's arrival, shape (n, T), for cells (n, T) and delays (n,); past the horizon the last."""
    periods = cells.shape[1]
    arrival = np.minimum(np.arange(periods)[None, :] + delay[:, None], periods - 1)
    return np.take_along_axis(cells, arrival, axis=1)


def arrives(delay: Integers, periods: int) -> Booleans:
    """Return (n, T): true where what starts in a period arrives within the horizon."""
    return np.arange(periods)[None, :] + delay[:, None] < periods


def add_rows(
    builder: ModelBuilder,
    family: Family,
    names: Sequence[str],
    entries: Entries,
    *,
    lower: Floats | float = -np.inf,
    upper: Floats | float = np.inf,
    pointers: Sequence[str | None],
) -> None:
    """Add a family of constraints from collected entries; one without members is left out."""
    if not names:
        return
    rows, columns, coefficients = entries.joined()
    builder.add_constraints(
        family,
        names=names,
        rows=rows,
        columns=columns,
        coefficients=coefficients,
        lower=lower,
        upper=upper,
        pointers=pointers,
    )
