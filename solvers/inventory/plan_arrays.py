"""The numbers of an inventory plan as arrays of shape (items, periods), and what follows from them alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory import Item, PlanProblem, Resource

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

ROUNDING = 1e-9
"""Relative slack when a bound is rounded to whole multiples, so that 0.3 counts as three times 0.1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanArrays:
    """
    A plan request in numbers: I items, T periods, R resources.

    (I, T): `demand`, `holding`, `unit_cost`, `fixed_cost`, `stockout`, `safety`, `scheduled` (receipts on their way already).
    `may_miss_safety` (I,) is true where safety stock may be missed at a price.
    (I,): `terminal_value` of a unit left at the end, and `terminal_limit`, the most units that have it.
    (I,): `labels` (names used in rows and columns), `initial`, `lead`, `minimum`, `multiple` (NaN where any quantity goes),
    `maximum` and `final_backorder` (infinite where unlimited), and the flags `has_setup`, `backorder`, `lost`.
    `least_order` and `most_order` (I, T) bound the orders of single periods, 0 and infinite where nothing does.
    (R, T): `capacity`, `overtime_limit`, `overtime_cost`. (R, I): `per_unit`, `per_setup` and `at_receipt` say who takes what
    of which resource and when. `is_linked` is true where an item cannot be planned by itself even at given prices.
    """

    labels: Sequence[str]
    demand: Floats
    holding: Floats
    unit_cost: Floats
    fixed_cost: Floats
    stockout: Floats
    safety: Floats
    may_miss_safety: Booleans
    initial: Floats
    lead: Integers
    minimum: Floats
    multiple: Floats
    maximum: Floats
    least_order: Floats
    most_order: Floats
    final_backorder: Floats
    has_setup: Booleans
    backorder: Booleans
    lost: Booleans
    capacity: Floats
    overtime_limit: Floats
    overtime_cost: Floats
    per_unit: Floats
    per_setup: Floats
    at_receipt: Booleans
    scheduled: Floats
    terminal_value: Floats
    terminal_limit: Floats
    is_linked: bool

    @property
    def items(self) -> int:
        """Number of items I."""
        return int(self.demand.shape[0])

    @property
    def periods(self) -> int:
        """Number of periods T."""
        return int(self.demand.shape[1])

    @property
    def resources(self) -> int:
        """Number of resources R."""
        return int(self.capacity.shape[0])

    def orderable(self) -> Booleans:
        """Return (I, T): true where an order would arrive within the horizon."""
        return np.arange(self.periods)[None, :] + self.lead[:, None] < self.periods

    def unit(self) -> Floats:
        """Return (I,): units per step of the order variable, the multiple where there is one, else 1."""
        return np.where(np.isnan(self.multiple), 1.0, self.multiple)

    def required_receipts(self) -> Floats:
        """Return (I, T): least cumulative receipts by the end of each period when no demand and no safety stock is unmet."""
        return self._cumulative_receipts(self.safety)

    def _cumulative_receipts(self, safety: Floats) -> Floats:
        need = np.cumsum(self.demand - self.scheduled, axis=1) + safety - self.initial[:, None]
        return np.maximum.accumulate(np.maximum(need, 0.0), axis=1)

    def largest_useful_order(self) -> Floats:
        """
        Return (I, T): a bound on each order that no cheapest plan needs to exceed, for items that serve their own demand only.

        An order is never larger than what all demand from its arrival on can still use, given what must be on hand or
        delivered before (net of initial stock, safety stock included), rounded up to the smallest order and to whole
        multiples. All costs are >= 0, so cutting an order down to this never costs more. Capacity and the largest order are
        left out: they are constraints of their own, which can be relaxed without this bound standing in the way. An order that
        the request asks for is useful whatever its size.
        """
        return self.useful_orders(self.remaining_need())

    def useful_orders(self, need: Floats) -> Floats:
        """Return (I, T) orders that bring what is needed from their arrival on (I, T), rounded up to what can be ordered."""
        most = self._at_order(need)
        most = np.where(most > 0, np.maximum(most, self.minimum[:, None]), 0.0)
        most = np.maximum(most, np.where(self.orderable(), self.least_order, 0.0))
        unit = self.unit()[:, None]
        whole = np.ceil(most / unit * (1 - ROUNDING)) * unit
        return np.where(np.isnan(self.multiple)[:, None], most, whole)

    def remaining_need(self) -> Floats:
        """Return (I, T): most that an arrival in each period can still be needed for."""
        firm_safety = np.where(self.may_miss_safety[:, None], 0.0, self.safety)
        required = self.required_receipts()
        zero = np.zeros((self.items, 1))
        before = np.hstack([zero, self._cumulative_receipts(firm_safety)[:, :-1]])
        forbidden = required[:, -1:] - before
        cumulative = np.cumsum(self.demand, axis=1)
        later = np.hstack([cumulative[:, -1:], cumulative[:, -1:] - cumulative[:, :-1]])
        safety_later = np.maximum.accumulate(self.safety[:, ::-1], axis=1)[:, ::-1]
        left = np.maximum(firm_safety, self.initial[:, None] - cumulative)
        lost = np.maximum(later + safety_later - np.hstack([self.initial[:, None], left[:, :-1]]), 0.0)
        need = np.where(self.lost[:, None], lost, forbidden)
        return np.where(self.backorder[:, None], required[:, -1:], need) + self.terminal_units()[:, None]

    def terminal_units(self) -> Floats:
        """Return (I,): the most units that are worth anything at the end."""
        return np.where(self.terminal_value > 0, self.terminal_limit, 0.0)

    def _at_order(self, by_arrival: Floats) -> Floats:
        """Move (I, T) values from the period of arrival to the period of the order; 0 beyond the horizon."""
        arrival = np.minimum(np.arange(self.periods)[None, :] + self.lead[:, None], self.periods - 1)
        return np.where(self.orderable(), np.take_along_axis(by_arrival, arrival, axis=1), 0.0)


def plan_arrays(problem: PlanProblem) -> PlanArrays:
    """Return the arrays of a problem whose semantics have been checked."""
    items, periods = problem.items, problem.periods
    per_unit, per_setup, at_receipt = _resource_use(problem)
    least_order, most_order = _order_limits(problem)
    return PlanArrays(
        labels=labels(items),
        demand=_rows([item.demand for item in items], periods),
        holding=_rows([item.holding_cost for item in items], periods),
        unit_cost=_rows([item.unit_cost for item in items], periods),
        fixed_cost=_rows([item.fixed_cost for item in items], periods),
        stockout=_rows([item.stockout_cost for item in items], periods),
        safety=_rows([item.safety_stock for item in items], periods),
        may_miss_safety=np.array([item.safety_stock_cost is not None for item in items]),
        initial=np.array([item.initial_stock for item in items], dtype=np.float64),
        # What is ordered from suppliers has columns of its own: the item itself has no order that arrives.
        lead=np.minimum([periods if item.supplies else item.lead_time for item in items], periods).astype(np.int64),
        minimum=np.array([item.minimum_order for item in items], dtype=np.float64),
        multiple=np.array([item.order_multiple or np.nan for item in items], dtype=np.float64),
        maximum=_limits([item.maximum_order for item in items]),
        least_order=least_order,
        most_order=most_order,
        final_backorder=_limits([item.maximum_final_backorder for item in items]),
        has_setup=np.array([_has_setup(item) for item in items]),
        backorder=np.array([item.unmet_demand == "backorder" for item in items]),
        lost=np.array([item.unmet_demand == "lost" for item in items]),
        capacity=_resource_rows(problem.resources, "capacity", periods),
        overtime_limit=_resource_rows(problem.resources, "overtime_limit", periods),
        overtime_cost=_resource_rows(problem.resources, "overtime_cost", periods),
        per_unit=per_unit,
        per_setup=per_setup,
        at_receipt=at_receipt,
        scheduled=_rows([item.scheduled_receipts or 0.0 for item in items], periods),
        terminal_value=np.array([item.terminal_value for item in items], dtype=np.float64),
        terminal_limit=np.array([terminal_limit(item) for item in items], dtype=np.float64),
        is_linked=bool(problem.transfers) or any(map(_has_more_conditions, items)),
    )


def _has_more_conditions(item: Item) -> bool:
    """Tell whether an item has conditions that the dynamic program of a single item does not know."""
    late = item.unmet_demand == "backorder" and (bool(item.scheduled_receipts) or item.maximum_backorder_periods is not None)
    others = item.supplies or item.components or item.substitutes
    priced = item.terminal_value > 0 or item.safety_stock_cost is not None
    return late or item.shelf_life is not None or priced or item.fill_rate is not None or bool(others)


def terminal_limit(item: Item) -> float:
    """Return the most units of an item that have a value at the end."""
    return sum(item.demand) if item.terminal_stock_limit is None else item.terminal_stock_limit


def labels(items: Sequence[Item]) -> list[str]:
    """Return the name of each item in rows and columns: its id, with `@site` where several sites have it."""
    count = Counter(item.id for item in items)
    return [item.id if count[item.id] == 1 else f"{item.id}@{item.site}" for item in items]


def _has_setup(item: Item) -> bool:
    """Tell whether placing an order of the item is a decision of its own."""
    costs = item.fixed_cost if isinstance(item.fixed_cost, list) else [item.fixed_cost]
    return item.minimum_order > 0 or any(costs) or any(use.per_setup > 0 for use in item.resource_use.values())


def _limits(values: Sequence[float | None]) -> Floats:
    """Return upper limits with infinity for none."""
    return np.array([np.inf if value is None else value for value in values], dtype=np.float64)


def _order_limits(problem: PlanProblem) -> tuple[Floats, Floats]:
    """
    Return least and most units of every order, (I, T); of several limits of a period the tightest count.

    In frozen periods nothing is ordered but what is placed already.
    """
    least = np.zeros((len(problem.items), problem.periods))
    most = np.full(least.shape, np.inf)
    for index, item in enumerate(problem.items):
        for limit in item.order_limits:
            cell = index, limit.period - 1
            least[cell] = max(least[cell], limit.lower)
            most[cell] = min(most[cell], np.inf if limit.upper is None else limit.upper)
    frozen = slice(0, problem.frozen_periods)
    most[:, frozen] = np.minimum(most[:, frozen], least[:, frozen])
    return least, most


def _rows(values: Sequence[float | list[float]], periods: int) -> Floats:
    rows = np.empty((len(values), periods))
    for index, value in enumerate(values):
        rows[index] = value
    return rows


def _resource_rows(resources: Sequence[Resource], name: str, periods: int) -> Floats:
    return _rows([getattr(resource, name) for resource in resources], periods)


def _resource_use(problem: PlanProblem) -> tuple[Floats, Floats, Booleans]:
    shape = (len(problem.resources), len(problem.items))
    index = {resource.id: row for row, resource in enumerate(problem.resources)}
    per_unit, per_setup, at_receipt = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for column, item in enumerate(problem.items):
        for name, use in item.resource_use.items():
            row = index[name]
            per_unit[row, column], per_setup[row, column] = use.per_unit, use.per_setup
            at_receipt[row, column] = use.at == "receipt"
    return per_unit, per_setup, at_receipt
