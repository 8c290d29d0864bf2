"""
Suppliers: variables x[o,t,k], units of offer o (an item from one supplier) ordered in period t at the prices of range k.

An order lies in one range of the price list, b_k <= x <= b_{k+1}, chosen by z[o,t,k] in {0, 1}, and costs c_k x + a_k z: with
all-units discounts a_k = 0, with incremental ones a_k = sum_{j < k} (c_j - c_{j+1}) b_{j+1}. So both kinds are one formulation,
whose relaxation is the convex hull of each range. Offers with a fixed cost, a smallest order or a setup use have a setup
y[o,t] in {0, 1}; one with a single price needs no z, and y takes its place.

Rows: `price_range[o:k,t]` x <= U z, `range_start[o:k,t]` x >= max(b_k, m) z, `one_range[o,t]` sum_k z = y (or <= 1),
`supply_limit[o,t]` sum_k x <= u, `supplier_capacity[v,t]` sum over the offers of supplier v of x <= C.

Source: Balakrishnan and Graves (1989), A composite algorithm for a concave-cost network flow problem, Networks 19, 175-202.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from models.inventory_numbers import ResourceUse
from models.inventory_supply import Supply
from solvers.inventory import plan_supply_families as families
from solvers.inventory.matrix_entries import NONE, Entries, numbered
from solvers.inventory.plan_arrays import ROUNDING, Booleans, Floats, Integers, PlanArrays
from solvers.inventory.plan_names import names_of, pointer_of
from solvers.inventory.plan_part import Ledger, PlanPart, add_rows, arrives, at_delay
from solvers.linear.model import Family, ModelBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceRange:
    """Range k of the price list of an offer: `at` is the place of the offer; sizes (1), unit cost (T,), cost of the range."""

    at: int
    start: float
    stop: float
    unit_cost: Floats
    extra: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offers:
    """
    Offers in numbers, (O,) or (O, T): `item` and `supply` say whose they are, `unit` the units of one step.

    `resource_use` is what an order takes of resources: what its item says, or nothing.
    """

    labels: list[str]
    pointers: list[str]
    item: Integers
    supplies: list[Supply]
    resource_use: list[dict[str, ResourceUse]]
    lead: Integers
    fixed_cost: Floats
    unit: Floats
    has_setup: Booleans
    ranges: list[PriceRange]


def offers_of(problem: PlanProblem, arrays: PlanArrays) -> Offers:
    """Return the offers of a problem whose semantics have been checked, item by item."""
    found = [(index, number, supply) for index, item in enumerate(problem.items) for number, supply in enumerate(item.supplies)]
    labels = [f"{arrays.labels[index]}<-{supply.supplier}" for index, _, supply in found]
    use = [problem.items[index].resource_use if supply.takes_resources else {} for index, _, supply in found]
    fixed_cost = np.zeros((len(found), problem.periods))
    ranges = []
    for at, (_, _, supply) in enumerate(found):
        fixed_cost[at] = supply.fixed_cost
        ranges += price_ranges(supply, at=at, label=labels[at], periods=problem.periods)
    return Offers(
        labels=labels,
        pointers=[f"/items/{index}/supplies/{number}" for index, number, _ in found],
        item=np.array([index for index, _, _ in found], dtype=np.int64),
        supplies=[supply for _, _, supply in found],
        resource_use=use,
        lead=np.minimum([supply.lead_time for _, _, supply in found], problem.periods).astype(np.int64),
        fixed_cost=fixed_cost,
        unit=np.array([supply.order_multiple or 1.0 for _, _, supply in found]),
        has_setup=np.array([_has_setup(own, supply) for own, (_, _, supply) in zip(use, found, strict=True)], dtype=np.bool_),
        ranges=ranges,
    )


def price_ranges(supply: Supply, *, at: int, label: str, periods: int) -> list[PriceRange]:
    """Return the ranges of a price list; one without end where there is no discount."""
    starts = supply.breakpoints or [0.0]
    prices = [np.full(periods, price) for price in supply.unit_costs]
    prices = prices or [np.broadcast_to(np.asarray(supply.unit_cost, dtype=np.float64), (periods,))]
    found, extra = [], 0.0
    for place, start in enumerate(starts):
        if place and supply.discount == "incremental":
            extra += float(prices[place - 1][0] - prices[place][0]) * start
        stop = starts[place + 1] if place + 1 < len(starts) else np.inf
        name = f"{label}:{place + 1}" if len(starts) > 1 else label
        found.append(PriceRange(at=at, start=start, stop=stop, unit_cost=prices[place], extra=extra, label=name))
    return found


def _has_setup(resource_use: Mapping[str, ResourceUse], supply: Supply) -> bool:
    uses = any(use.per_setup > 0 for use in resource_use.values())
    return supply.minimum_order > 0 or bool(np.any(supply.fixed_cost)) or uses


class Supplies(PlanPart):
    """The part of the formulation that chooses suppliers; `need` (I, T) is what an arrival can still be needed for."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, builder: ModelBuilder, *, need: Floats) -> None:
        super().__init__(problem, arrays, builder)
        self.offers = offers = offers_of(problem, arrays)
        self.of_range = np.array([one.at for one in offers.ranges], dtype=np.int64)
        self.useful = self._useful(need)
        there = arrives(offers.lead, arrays.periods)
        there[:, : problem.frozen_periods] = False
        several = np.bincount(self.of_range, minlength=len(offers.labels)) > 1
        names = [one.label for one in offers.ranges]
        unit_cost = np.array([one.unit_cost for one in offers.ranges]) * offers.unit[self.of_range][:, None]
        multiple = np.array([supply.order_multiple is not None for supply in offers.supplies])[self.of_range][:, None]
        where = there[self.of_range]
        self.order = self._columns(families.SUPPLY, names, where & ~multiple, unit_cost, term="purchase")
        packs = self._columns(families.PACKS, names, where & multiple, unit_cost, term="purchase", integer=True)
        self.order = np.where(packs != NONE, packs, self.order)
        extra = np.broadcast_to(np.array([[one.extra] for one in offers.ranges]), where.shape)
        chosen = where & several[self.of_range][:, None]
        self.choice = self._columns(families.RANGE, names, chosen, extra, term="purchase", integer=True, upper=1.0)
        setups = there & offers.has_setup[:, None]
        self.setup = self._columns(
            families.SUPPLY_SETUP, offers.labels, setups, offers.fixed_cost, term="setup", integer=True, upper=1.0
        )

    def _useful(self, need: Floats) -> Floats:
        """Return (O, T): the largest order that can be useful, at least the one that reaches the last breakpoint."""
        offers = self.offers
        most = at_delay(need[offers.item], offers.lead)
        least = np.array([max(supply.minimum_order, *supply.breakpoints, 0.0) for supply in offers.supplies])
        most = np.maximum(most, least[:, None])
        unit = offers.unit[:, None]
        whole = np.ceil(most / unit * (1 - ROUNDING)) * unit
        multiple = np.array([supply.order_multiple is not None for supply in offers.supplies])[:, None]
        return np.asarray(np.where(multiple, whole, most))

    def _columns(
        self,
        family: Family,
        labels: list[str],
        where: Booleans,
        cost: Floats,
        *,
        term: str,
        integer: bool = False,
        upper: float = np.inf,
    ) -> Integers:
        columns = np.full(where.shape, NONE, dtype=np.int64)
        if where.any():
            offer = self.of_range if len(where) == len(self.of_range) else np.arange(len(where))
            columns[where] = self.builder.add_variables(
                family,
                names=names_of(family.text.split("[")[0], labels, where),
                upper=upper,
                objective=cost[where],
                integer=integer,
                pointers=[self.offers.pointers[offer[row]] for row, _ in np.argwhere(where)],
                term=term,
            )
        return columns

    def enter(self, ledger: Ledger) -> None:
        """Receive what is ordered, take of the item's resources, and pay from the budget."""
        offers, of_range = self.offers, self.of_range
        unit = offers.unit[of_range][:, None]
        rows = ledger.balance_row[offers.item[of_range]]
        ledger.balance.add(at_delay(rows, offers.lead[of_range]), self.order, unit)
        place = {resource.id: index for index, resource in enumerate(self.problem.resources)}
        for at, uses in enumerate(offers.resource_use):
            for name, use in uses.items():
                delay = offers.lead[[at]] if use.at == "receipt" else np.zeros(1, dtype=np.int64)
                taken = at_delay(ledger.capacity_row[[place[name]]], delay)[0]
                ledger.capacity.add(taken, self.order[of_range == at], use.per_unit * offers.unit[at])
                ledger.capacity.add(taken, self.setup[at], use.per_setup)
        period = np.arange(self.arrays.periods)
        for row, one in enumerate(offers.ranges):
            ledger.budget.add(period, self.order[row], one.unit_cost * offers.unit[one.at])
            ledger.budget.add(period, self.choice[row], one.extra)
        ledger.budget.add(np.broadcast_to(period, self.setup.shape), self.setup, offers.fixed_cost)

    def sources(self) -> list[tuple[int, int, Integers, float]]:
        """Return item, lead time, order columns (T,) and units of one step, for every range."""
        offers = self.offers
        return [
            (int(offers.item[one.at]), int(offers.lead[one.at]), self.order[row], float(offers.unit[one.at]))
            for row, one in enumerate(offers.ranges)
        ]

    def makers(self) -> list[tuple[int, Integers, float]]:
        """Return item, order columns (T,) and units of one step, for every range whose orders take components."""
        offers = self.offers
        return [
            (int(offers.item[one.at]), self.order[row], float(offers.unit[one.at]))
            for row, one in enumerate(offers.ranges)
            if offers.supplies[one.at].takes_components
        ]

    def add_rows(self) -> None:
        """Put each order into one range of its price list, and keep the limits of suppliers."""
        offers, of_range = self.offers, self.of_range
        switch = np.where(self.choice != NONE, self.choice, self.setup[of_range])
        stop = np.minimum(np.array([[one.stop] for one in offers.ranges]), self.useful[of_range])
        minimum = np.array([supply.minimum_order for supply in offers.supplies])[of_range]
        start = np.maximum(np.array([one.start for one in offers.ranges]), minimum)[:, None]
        switched = (switch != NONE) & (self.order != NONE)
        self._range_rows(families.PRICE_RANGE, switched, switch, -stop, upper=0.0)
        at_start = np.broadcast_to(-start, switched.shape)
        self._range_rows(families.RANGE_START, switched & (start > 0), switch, at_start, lower=0.0)
        self._one_range()
        self._limits()

    def _range_rows(
        self, family: Family, where: Booleans, switch: Integers, size: Floats, *, lower: float = -np.inf, upper: float = np.inf
    ) -> None:
        entries = Entries()
        unit = self.offers.unit[self.of_range][:, None]
        entries.add(numbered(where), np.where(where, self.order, NONE), unit)
        entries.add(numbered(where), np.where(where, switch, NONE), np.where(where, size, 0.0))
        labels = [one.label for one in self.offers.ranges]
        pointers = [self.offers.pointers[self.of_range[row]] for row, _ in np.argwhere(where)]
        names = names_of(family.symbol, labels, where)
        add_rows(self.builder, family, names, entries, lower=lower, upper=upper, pointers=pointers)

    def _one_range(self) -> None:
        """Let an order have one price list range, and a setup where it needs one."""
        has_choice = np.zeros(self.setup.shape, dtype=np.bool_)
        np.logical_or.at(has_choice, self.of_range, self.choice != NONE)
        for family, where in (
            (families.ONE_RANGE_SETUP, has_choice & (self.setup != NONE)),
            (families.ONE_RANGE, has_choice & (self.setup == NONE)),
        ):
            entries, row = Entries(), numbered(where)
            entries.add(row[self.of_range], np.where(where[self.of_range], self.choice, NONE), 1.0)
            entries.add(row, np.where(where, self.setup, NONE), -1.0)
            by_setup = family is families.ONE_RANGE_SETUP
            lower, upper = (0.0, 0.0) if by_setup else (-np.inf, 1.0)
            pointers = [self.offers.pointers[at] for at, _ in np.argwhere(where)]
            names = names_of(family.symbol, self.offers.labels, where)
            add_rows(self.builder, family, names, entries, lower=lower, upper=upper, pointers=pointers)

    def _limits(self) -> None:
        """Limit what an offer, and what a supplier of several items, delivers for the orders of a period."""
        offers, of_range, periods = self.offers, self.of_range, self.arrays.periods
        most = np.array([np.inf if supply.maximum_order is None else supply.maximum_order for supply in offers.supplies])
        there = np.zeros(self.setup.shape, dtype=np.bool_)
        np.logical_or.at(there, of_range, self.order != NONE)
        where = there & np.isfinite(most)[:, None]
        unit = offers.unit[of_range][:, None]
        entries = Entries()
        entries.add(numbered(where)[of_range], np.where(where[of_range], self.order, NONE), unit)
        names = names_of("supply_limit", offers.labels, where)
        pointers = [f"{offers.pointers[at]}/maximum_order" for at, _ in np.argwhere(where)]
        upper = np.broadcast_to(most[:, None], where.shape)[where]
        add_rows(self.builder, families.SUPPLY_LIMIT, names, entries, upper=upper, pointers=pointers)
        limited = [index for index, supplier in enumerate(self.problem.suppliers) if supplier.capacity is not None]
        place = {self.problem.suppliers[index].id: row for row, index in enumerate(limited)}
        rows = np.arange(len(limited) * periods).reshape(len(limited), periods)
        entries = Entries()
        for row, one in enumerate(offers.ranges):
            supplier = offers.supplies[one.at].supplier
            if supplier in place:
                entries.add(rows[place[supplier]], self.order[row], offers.unit[one.at])
        capacity = np.zeros(rows.shape)
        for row, index in enumerate(limited):
            capacity[row] = self.problem.suppliers[index].capacity
        names = names_of(
            "supplier_capacity", [self.problem.suppliers[index].id for index in limited], np.ones(rows.shape, bool)
        )
        found = [
            pointer_of(f"/suppliers/{index}/capacity", self.problem.suppliers[index].capacity, t)
            for index in limited
            for t in range(periods)
        ]
        add_rows(self.builder, families.SUPPLIER_CAPACITY, names, entries, upper=capacity, pointers=found)

    def free_columns(self) -> Integers:
        """Return all columns of the part."""
        return np.concatenate([columns[columns != NONE] for columns in (self.order, self.choice, self.setup)])
