"""
Transfers: variables f[m,t] >= 0, units sent on way m in period t, which leave one site and reach another `lead_time` later.

Rows: they enter the balance of both items, the capacity of resources, and `transfer_capacity[m,t]`: f <= k[m,t]. With a
fixed cost or a setup use there is a dispatch w[m,t] in {0, 1}: f <= k w, or `dispatch_limit[m,t]`: f <= N w with N all that can
still be needed from the arrival on, whichever is tighter. A dispatch that would arrive after the horizon has no variable.
"""

from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_part_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import Booleans, Floats, Integers, PlanArrays
from solvers.inventory.plan_names import names_of, pointer_of
from solvers.inventory.plan_part import Ledger, PlanPart, add_rows, arrives, at_delay
from solvers.linear.model import Family, ModelBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransferArrays:
    """
    Transfers in numbers: M ways, T periods.

    (M,): `origin`, `destination` (places of the items), `lead`, `has_setup`. (M, T): `unit_cost`, `fixed_cost`, `capacity`
    (infinite where there is none).
    """

    labels: list[str]
    origin: Integers
    destination: Integers
    lead: Integers
    unit_cost: Floats
    fixed_cost: Floats
    capacity: Floats
    has_setup: Booleans


def transfer_arrays(problem: PlanProblem) -> TransferArrays:
    """Return the numbers of the transfers of a problem whose semantics have been checked."""
    ways, periods = problem.transfers, problem.periods
    place = {(item.id, item.site): index for index, item in enumerate(problem.items)}
    unit_cost, fixed_cost, capacity = (np.zeros((len(ways), periods)) for _ in range(3))
    for row, way in enumerate(ways):
        unit_cost[row], fixed_cost[row] = way.unit_cost, way.fixed_cost
        capacity[row] = np.inf if way.capacity is None else way.capacity
    uses_setup = [any(use.per_setup > 0 for use in way.resource_use.values()) for way in ways]
    return TransferArrays(
        labels=[f"{way.item}@{way.origin}->{way.destination}" for way in ways],
        origin=np.array([place[way.item, way.origin] for way in ways], dtype=np.int64),
        destination=np.array([place[way.item, way.destination] for way in ways], dtype=np.int64),
        lead=np.minimum([way.lead_time for way in ways], periods).astype(np.int64),
        unit_cost=unit_cost,
        fixed_cost=fixed_cost,
        capacity=capacity,
        has_setup=fixed_cost.any(axis=1) | np.array(uses_setup, dtype=np.bool_),
    )


class Transfers(PlanPart):
    """The part of the formulation that moves items between sites; `most` (I, T) is what each item can still be needed for."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, *, most: Floats) -> None:
        super().__init__(problem, arrays, builder)
        self.ways = transfer_arrays(problem)
        ways = self.ways
        builder.add_set(families.TRANSFERS, count=len(ways.labels))
        where = arrives(ways.lead, arrays.periods)
        where[:, : problem.frozen_periods] = False
        self.limit = at_delay(most[ways.destination], ways.lead)
        self.quantity = self._columns(where)
        self.setup = self._columns(where & ways.has_setup[:, None], is_setup=True)

    def _columns(self, where: Booleans, *, is_setup: bool = False) -> Integers:
        columns = np.full(where.shape, NONE, dtype=np.int64)
        if where.any():
            cost = self.ways.fixed_cost if is_setup else self.ways.unit_cost
            columns[where] = self.builder.add_variables(
                families.DISPATCH if is_setup else families.TRANSFER,
                names=names_of("dispatch" if is_setup else "transfer", self.ways.labels, where),
                upper=1.0 if is_setup else np.inf,
                objective=cost[where],
                integer=is_setup,
                pointers=[f"/transfers/{way}" for way, _ in np.argwhere(where)],
                term="transfer",
            )
        return columns

    def enter(self, ledger: Ledger) -> None:
        """Take what is sent out of the origin's balance and put it into the destination's; take of resources."""
        ways, row = self.ways, ledger.balance_row
        ledger.balance.add(row[ways.origin], self.quantity, -1.0)
        ledger.balance.add(at_delay(row[ways.destination], ways.lead), self.quantity, 1.0)
        place = {resource.id: index for index, resource in enumerate(self.problem.resources)}
        for index, way in enumerate(self.problem.transfers):
            for name, use in way.resource_use.items():
                delay = ways.lead[[index]] if use.at == "receipt" else np.zeros(1, dtype=np.int64)
                rows = at_delay(ledger.capacity_row[[place[name]]], delay)[0]
                ledger.capacity.add(rows, self.quantity[index], use.per_unit)
                ledger.capacity.add(rows, self.setup[index], use.per_setup)

    def add_rows(self) -> None:
        """Limit what is sent, and tie it to its dispatch where that is paid for."""
        bounded = np.isfinite(self.ways.capacity) & (self.quantity != NONE)
        has_setup = self.setup != NONE
        by_capacity = has_setup & bounded & (self.ways.capacity < self.limit)
        self._limit_rows(families.TRANSFER_CAPACITY, bounded & ~by_capacity, self.ways.capacity, with_setup=False)
        self._limit_rows(families.TRANSFER_CAPACITY_DISPATCH, by_capacity, self.ways.capacity, with_setup=True)
        self._limit_rows(families.DISPATCH_LIMIT, has_setup & ~by_capacity, self.limit, with_setup=True)

    def _limit_rows(self, family: Family, where: Booleans, limit: Floats, *, with_setup: bool) -> None:
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.quantity, NONE), 1.0)
        if with_setup:
            entries.add(numbered(where), np.where(where, self.setup, NONE), np.where(where, -limit, 0.0))
        add_rows(
            self.builder,
            family,
            names_of(family.symbol, self.ways.labels, where),
            entries,
            upper=np.zeros(int(where.sum())) if with_setup else limit[where],
            pointers=[self._capacity_pointer(int(way), int(period)) for way, period in np.argwhere(where)],
        )

    def _capacity_pointer(self, way: int, period: int) -> str:
        capacity = self.problem.transfers[way].capacity
        return f"/transfers/{way}" if capacity is None else pointer_of(f"/transfers/{way}/capacity", capacity, period)

    def free_columns(self) -> Integers:
        """Return quantities and dispatches."""
        return np.concatenate([columns[columns != NONE] for columns in (self.quantity, self.setup)])
