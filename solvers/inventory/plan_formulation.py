"""
The inventory plan as one named linear model; periods count from 1 in names and from 0 in pointers.

Sets: i in I items (each at one site), t in T periods, r in R resources, j in J sites.

Parameters: d[i,t] demand, I0[i] initial stock, L[i] lead time, h holding, c unit, K fixed, p stockout and e overtime cost,
z safety stock, a[r,i] use per unit, g[r,i] use per setup, C[r,t] capacity, W[j,t] storage capacity, B[t] budget,
m minimum order, q multiple, u maximum order, M[i,t] largest useful order (`PlanArrays.largest_useful_order`: no loose big-M).

Decision variables: order x[i,t] >= 0 (or multiples n[i,t] integer, x = q n), stock s[i,t] >= 0, setup y[i,t] in {0, 1},
backorder b[i,t] >= 0, lost 0 <= l[i,t] <= d[i,t], overtime 0 <= o[r,t] <= limit. An order that would arrive after the horizon
has no variable. An entry of `order_limits` bounds the x or n of its period.

Objective: min purchase c x + holding h s + setup K y + backorder p b + lost_sales p l + overtime e o.

Constraints, by the name of their rows:

    balance[i,t]       s[i,t-1] + x[i,t-L] + b[i,t] - b[i,t-1] + l[i,t] - s[i,t] = d[i,t], with s[i,0] = I0 and b[i,0] = 0
    safety_stock[i,t]  s[i,t] >= z[i,t]                       where z > 0 (`plan_safety` where it may be missed at a price)
    final_backorder[i,T]  b[i,T] <= v[i]                      where there is a limit
    setup_limit[i,t]   x[i,t] <= M[i,t] y[i,t]                where an order needs a setup
    minimum_order[i,t] x[i,t] >= m[i] y[i,t]                  where m > 0
    maximum_order[i,t] x[i,t] <= u[i], or u[i] y[i,t] in place of the setup limit where it is tighter
    capacity[r,t]      sum_i a x + g y - o[r,t] <= C[r,t]     at the order or at the receipt
    storage[j,t]       sum_{i at j} s[i,t] <= W[j,t]
    budget[t]          sum_i c x + K y <= B[t]

Source: Wagner and Whitin (1958), Management Science 5, 89-96; Pochet and Wolsey (2006), Production Planning by Mixed Integer
Programming, chapters 7 and 9 to 12 for the tight bounds.
"""

from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory import plan_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import ROUNDING, Booleans, Floats, Integers, PlanArrays, plan_arrays
from solvers.inventory.plan_names import item_pointers, names_of, resource_pointers
from solvers.inventory.plan_part import PlanColumns, add_rows, at_delay, empty_ledger
from solvers.inventory.plan_part_families import SAFETY_STOCK_OR_PAID
from solvers.inventory.plan_parts import PlanParts, plan_parts
from solvers.inventory.plan_shared_rows import add_budget_rows, add_capacity_rows, add_storage_rows
from solvers.linear.model import Family, LinearModel, ModelBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanModel:
    """A linear model and where its columns stand: (I, T) for items, (R, T) for resources, -1 where there is no variable."""

    arrays: PlanArrays
    model: LinearModel
    order: Integers
    stock: Integers
    setup: Integers
    backorder: Integers
    lost: Integers
    overtime: Integers
    parts: PlanParts

    def free_columns(self) -> Integers:
        """Return the columns of transfers and other parts, which stay free when the plan is improved part by part."""
        return np.concatenate([np.empty(0, dtype=np.int64), *(part.free_columns() for part in self.parts.present())])


def formulate(problem: PlanProblem, *, widest: PlanArrays | None = None) -> PlanModel:
    """
    Return the linear model of a problem whose semantics have been checked.

    `widest` holds the numbers of a problem with at least the same demand, whose useful orders are taken as limits: which rows
    there are depends on them, and the models of several demands shall have the same rows.
    """
    return _Formulation(problem, widest).build()


class _Formulation:
    """Adds one family after the other to a model builder; every method is one family of the module's docstring."""

    def __init__(self, problem: PlanProblem, widest: PlanArrays | None) -> None:
        self.problem = problem
        self.arrays = plan_arrays(problem)
        self.widest = self.arrays if widest is None else widest
        self.builder = ModelBuilder(name="inventory plan", sense="min", objective=families.objective(problem))
        self.ledger = empty_ledger(self.arrays)

    def build(self) -> PlanModel:
        self._declare()
        arrays = self.arrays
        everywhere = np.ones(arrays.demand.shape, dtype=np.bool_)
        orderable = arrays.orderable()
        multiple = ~np.isnan(arrays.multiple)[:, None]
        self.order = self._items_columns(
            families.ORDER,
            orderable & ~multiple,
            cost=arrays.unit_cost,
            term="purchase",
            lower=arrays.least_order,
            upper=arrays.most_order,
        )
        packs = self._packs(orderable & multiple)
        self.order = np.where(packs != NONE, packs, self.order)
        self.stock = self._items_columns(families.STOCK, everywhere, cost=arrays.holding, term="holding")
        self.setup = self._items_columns(
            families.SETUP, orderable & arrays.has_setup[:, None], cost=arrays.fixed_cost, term="setup", upper=1.0, integer=True
        )
        backorder, lost = everywhere & arrays.backorder[:, None], everywhere & arrays.lost[:, None]
        self.backorder = self._items_columns(families.BACKORDER, backorder, cost=arrays.stockout, term="backorder")
        self.lost = self._items_columns(families.LOST, lost, cost=arrays.stockout, term="lost_sales", upper=arrays.demand)
        self.overtime = self._overtime_columns()
        own = zip(range(arrays.items), arrays.lead.tolist(), self.order, arrays.unit().tolist(), strict=True)
        columns = PlanColumns(stock=self.stock, backorder=self.backorder, lost=self.lost, sources=list(own))
        parts = plan_parts(self.problem, arrays, self.builder, columns, widest=self.widest)
        self.limit = parts.useful_orders
        for part in parts.present():
            part.enter(self.ledger)
        self._balance()
        self._safety_stock(parts)
        self._final_backorder()
        self._backorder_growth(parts.stock_pays)
        self._order_sizes()
        add_capacity_rows(self.problem, arrays, self.builder, self.ledger, (self.order, self.setup, self.overtime))
        add_storage_rows(self.problem, arrays, self.builder, self.stock)
        add_budget_rows(self.problem, arrays, self.builder, self.ledger, (self.order, self.setup))
        for part in parts.present():
            part.add_rows()
        return PlanModel(
            arrays=arrays,
            model=self.builder.build(),
            order=self.order,
            stock=self.stock,
            setup=self.setup,
            backorder=self.backorder,
            lost=self.lost,
            overtime=self.overtime,
            parts=parts,
        )

    def _declare(self) -> None:
        problem, arrays = self.problem, self.arrays
        self.builder.add_set(families.ITEMS, count=arrays.items)
        self.builder.add_set(families.PERIODS, count=arrays.periods)
        if problem.sites:
            self.builder.add_set(families.SITES, count=len(problem.sites))
        if problem.resources:
            self.builder.add_set(families.RESOURCES, count=arrays.resources)
        present = {
            families.DEMAND: True,
            families.INITIAL: bool(arrays.initial.any()),
            families.LEAD_TIME: bool(arrays.lead.any()),
            families.UNIT_COST: bool(arrays.unit_cost.any()),
            families.HOLDING_COST: bool(arrays.holding.any()),
            families.FIXED_COST: bool(arrays.fixed_cost.any()),
            families.STOCKOUT_COST: bool((arrays.backorder | arrays.lost).any()),
            families.LARGEST_USEFUL_ORDER: bool(arrays.has_setup.any()),
        }
        for family, is_present in present.items():
            if is_present:
                per_item = family in (families.INITIAL, families.LEAD_TIME)
                self.builder.add_parameter(family, count=arrays.items * (1 if per_item else arrays.periods))
        if problem.resources:
            self.builder.add_parameter(families.CAPACITY_AVAILABLE, count=arrays.resources * arrays.periods)
            self.builder.add_parameter(families.USE_PER_UNIT, count=int(np.count_nonzero(arrays.per_unit)))
            self.builder.add_parameter(families.USE_PER_SETUP, count=int(np.count_nonzero(arrays.per_setup)))

    def _items_columns(
        self,
        family: Family,
        where: Booleans,
        *,
        cost: Floats,
        term: str,
        lower: Floats | float = 0.0,
        upper: Floats | float = np.inf,
        integer: bool = False,
    ) -> Integers:
        """Add a column for every cell of `where` and return the column of each cell, shape (I, T)."""
        columns = np.full(where.shape, NONE, dtype=np.int64)
        if where.any():
            columns[where] = self.builder.add_variables(
                family,
                names=self._names(family.text.split("[")[0], where),
                lower=np.broadcast_to(lower, where.shape)[where],
                upper=np.broadcast_to(upper, where.shape)[where],
                objective=cost[where],
                integer=integer,
                pointers=item_pointers(self.problem, "", where),
                term=term,
            )
        return columns

    def _packs(self, where: Booleans) -> Integers:
        """Add the whole-number columns of items that are ordered in multiples."""
        unit = self.arrays.unit()[:, None]
        return self._items_columns(
            families.MULTIPLES,
            where,
            cost=self.arrays.unit_cost * unit,
            term="purchase",
            lower=np.ceil(self.arrays.least_order / unit * (1 - ROUNDING)),
            upper=np.floor(self.arrays.most_order / unit * (1 + ROUNDING)),
            integer=True,
        )

    def _overtime_columns(self) -> Integers:
        arrays = self.arrays
        where = np.zeros(arrays.capacity.shape, dtype=np.bool_)
        where[np.flatnonzero(arrays.overtime_limit.sum(axis=1))] = True
        columns = np.full(where.shape, NONE, dtype=np.int64)
        if where.any():
            columns[where] = self.builder.add_variables(
                families.OVERTIME,
                names=names_of("overtime", [resource.id for resource in self.problem.resources], where),
                upper=arrays.overtime_limit[where],
                objective=arrays.overtime_cost[where],
                pointers=resource_pointers(self.problem, "overtime_limit", where),
                term="overtime",
            )
        return columns

    def _balance(self) -> None:
        """Write demand on the right-hand side, so that its price is the cost of one more unit of demand."""
        arrays = self.arrays
        shape = arrays.demand.shape
        row, entries = self.ledger.balance_row, self.ledger.balance
        entries.add(row, self.stock, -1.0)
        entries.add(row[:, 1:], self.stock[:, :-1], 1.0)
        entries.add(at_delay(row, arrays.lead), self.order, arrays.unit()[:, None])
        entries.add(row, self.backorder, 1.0)
        entries.add(row[:, 1:], self.backorder[:, :-1], -1.0)
        entries.add(row, self.lost, 1.0)
        demand = arrays.demand - arrays.scheduled
        demand[:, 0] -= arrays.initial
        everywhere = np.ones(shape, dtype=np.bool_)
        add_rows(
            self.builder,
            families.BALANCE,
            self._names("balance", everywhere),
            entries,
            lower=demand,
            upper=demand,
            pointers=item_pointers(self.problem, "demand", everywhere),
        )

    def _safety_stock(self, parts: PlanParts) -> None:
        where = self.arrays.safety > 0
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.stock, NONE), 1.0)
        if parts.safety is not None:
            entries.add(numbered(where), np.where(where, parts.safety.short, NONE), 1.0)
        add_rows(
            self.builder,
            families.SAFETY_STOCK if parts.safety is None else SAFETY_STOCK_OR_PAID,
            self._names("safety_stock", where),
            entries,
            lower=self.arrays.safety[where],
            pointers=item_pointers(self.problem, "safety_stock", where),
        )

    def _final_backorder(self) -> None:
        where = np.zeros(self.arrays.demand.shape, dtype=np.bool_)
        where[:, -1] = self.arrays.backorder & np.isfinite(self.arrays.final_backorder)
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.backorder, NONE), 1.0)
        add_rows(
            self.builder,
            families.FINAL_BACKORDER,
            self._names("final_backorder", where),
            entries,
            upper=self.arrays.final_backorder[where[:, -1]],
            pointers=item_pointers(self.problem, "maximum_final_backorder", where),
        )

    def _backorder_growth(self, stock_pays: Booleans) -> None:
        """Let nothing be owed but demand, where stock pays otherwise: else stock that is not there could be owed."""
        where = (self.backorder != NONE) & stock_pays[:, None]
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.backorder, NONE), 1.0)
        before = np.hstack([np.full((len(where), 1), NONE), self.backorder[:, :-1]])
        entries.add(numbered(where), np.where(where, before, NONE), -1.0)
        add_rows(
            self.builder,
            families.BACKORDER_GROWTH,
            self._names("backorder_growth", where),
            entries,
            upper=self.arrays.demand[where],
            pointers=item_pointers(self.problem, "demand", where),
        )

    def _order_sizes(self) -> None:
        """Tie each order to its setup, by the largest order of the item or the largest useful one, and to its limits."""
        arrays = self.arrays
        maximum = np.broadcast_to(arrays.maximum[:, None], self.limit.shape)
        has_setup, is_limited = self.setup != NONE, np.isfinite(maximum) & (self.order != NONE)
        by_maximum = np.where(has_setup, is_limited & (maximum < self.limit), is_limited)
        self._order_rows(families.SETUP_LIMIT, has_setup & ~by_maximum, at_setup=-self.limit, upper=0.0, field="")
        is_setup_row = by_maximum & has_setup
        self._order_rows(families.MAXIMUM_ORDER_SETUP, is_setup_row, at_setup=-maximum, upper=0.0, field="maximum_order")
        unconditional = by_maximum & ~has_setup
        self._order_rows(families.MAXIMUM_ORDER, unconditional, upper=maximum[unconditional], field="maximum_order")
        minimum = np.broadcast_to(arrays.minimum[:, None], self.limit.shape)
        self._order_rows(families.MINIMUM_ORDER, has_setup & (minimum > 0), at_setup=-minimum, lower=0.0, field="minimum_order")

    def _order_rows(
        self,
        family: Family,
        where: Booleans,
        *,
        at_setup: Floats | None = None,
        lower: Floats | float = -np.inf,
        upper: Floats | float = np.inf,
        field: str,
    ) -> None:
        """Add one row for every cell of `where`: the order in units, plus `at_setup` times its setup."""
        entries = Entries()
        entries.add(numbered(where), np.where(where, self.order, NONE), self.arrays.unit()[:, None])
        if at_setup is not None:
            entries.add(numbered(where), np.where(where, self.setup, NONE), at_setup)
        names = self._names(family.symbol, where)
        pointers = item_pointers(self.problem, field, where)
        add_rows(self.builder, family, names, entries, lower=lower, upper=upper, pointers=pointers)

    def _names(self, stem: str, where: Booleans) -> list[str]:
        return names_of(stem, self.arrays.labels, where)
