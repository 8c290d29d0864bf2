"""Rows of what items share: capacity of resources, storage of sites, and the budget."""

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_families as families
from solvers.inventory.matrix_entries import Entries
from solvers.inventory.plan_arrays import Integers, PlanArrays
from solvers.inventory.plan_names import names_of, pointer_of, resource_pointers
from solvers.inventory.plan_part import Ledger, add_rows
from solvers.linear.model import ModelBuilder


def add_capacity_rows(
    problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, ledger: Ledger, columns: tuple[Integers, ...]
) -> None:
    """Add what orders take of resources to the ledger, and the rows; `columns` are order, setup (I, T) and overtime (R, T)."""
    if not arrays.resources:
        return
    order, setup, overtime = columns
    row, entries = ledger.capacity_row, ledger.capacity
    period = np.arange(arrays.periods)
    taken = (arrays.per_unit > 0) | (arrays.per_setup > 0)
    for resource, item in np.argwhere(taken):
        delay = arrays.lead[item] if arrays.at_receipt[resource, item] else 0
        rows = row[resource, np.minimum(period + delay, arrays.periods - 1)]
        entries.add(rows, order[item], arrays.per_unit[resource, item] * arrays.unit()[item])
        entries.add(rows, setup[item], arrays.per_setup[resource, item])
    entries.add(row, overtime, -1.0)
    everywhere = np.ones(arrays.capacity.shape, dtype=np.bool_)
    # Without a lead time an order is its receipt, so that both ways of writing it hold.
    takes = taken & (arrays.lead > 0) & (arrays.lead < arrays.periods)
    family = families.capacity_family(
        at_order=bool((takes & ~arrays.at_receipt).any()),
        at_receipt=bool((takes & arrays.at_receipt).any()),
        by_transfers=any(way.resource_use for way in problem.transfers),
    )
    names = names_of("capacity", [resource.id for resource in problem.resources], everywhere)
    pointers = resource_pointers(problem, "capacity", everywhere)
    add_rows(builder, family, names, entries, upper=arrays.capacity, pointers=pointers)


def add_storage_rows(problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, stock: Integers) -> None:
    """Add one row for every site with a limit and every period."""
    limited = [index for index, site in enumerate(problem.sites) if site.storage_capacity is not None]
    if not limited:
        return
    position = {problem.sites[index].id: place for place, index in enumerate(limited)}
    row = np.arange(len(limited) * arrays.periods).reshape(len(limited), arrays.periods)
    entries = Entries()
    for index, item in enumerate(problem.items):
        if item.site in position:
            entries.add(row[position[item.site]], stock[index], 1.0)
    upper = np.empty(row.shape)
    for place, index in enumerate(limited):
        upper[place] = problem.sites[index].storage_capacity
    names = names_of("storage", [problem.sites[index].id for index in limited], np.ones(row.shape, dtype=np.bool_))
    pointers = [
        pointer_of(f"/sites/{index}/storage_capacity", problem.sites[index].storage_capacity, t)
        for index in limited
        for t in range(arrays.periods)
    ]
    add_rows(builder, families.STORAGE, names, entries, upper=upper, pointers=pointers)


def add_budget_rows(
    problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, ledger: Ledger, columns: tuple[Integers, ...]
) -> None:
    """Add what orders cost to the ledger, and one row for every period; `columns` are order and setup (I, T)."""
    budget = problem.budget
    if budget is None:
        return
    order, setup = columns
    row = np.broadcast_to(np.arange(arrays.periods), arrays.demand.shape)
    ledger.budget.add(row, order, arrays.unit_cost * arrays.unit()[:, None])
    ledger.budget.add(row, setup, arrays.fixed_cost)
    names = [f"budget[{t + 1}]" for t in range(arrays.periods)]
    pointers = [pointer_of("/budget", budget, t) for t in range(arrays.periods)]
    upper = np.broadcast_to(np.asarray(budget, dtype=np.float64), (arrays.periods,))
    add_rows(builder, families.BUDGET, names, ledger.budget, upper=upper, pointers=pointers)
