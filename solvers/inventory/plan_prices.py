"""
A bound on the cost of a plan from prices on what items share: Lagrangian relaxation, solved by the volume algorithm.

Capacity, storage and budget are priced and each item is planned on its own (`plan_lot_sizes`). As a single item's lot sizes
have an integral facility-location formulation, the best prices give the bound of that tight formulation, without its T^2
columns an item. Smallest and largest orders, multiples and `order_limits` are left out, which keeps the bound valid. The
running average of the items' plans nears a solution of the relaxation, and tells which setups are beyond doubt.

Source: Barahona and Anbil (2000), The volume algorithm, Mathematical Programming 87, 385-399; Krarup and Bilde (1977) for the
facility-location formulation; Trigeiro, Thomas and McClain (1989), Management Science 35, 353-366 for priced capacity.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from solvers.base import Progress
from solvers.inventory.plan_arrays import Floats, PlanArrays
from solvers.inventory.plan_lot_sizes import LotSizes, Needs, cheapest_lot_sizes, needs_of

MOST_ROUNDS = 600
STALE_ROUNDS = 20
"""Rounds without a better bound after which steps shrink."""

SMALLEST_STEP = 0.005
INSIDE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PricedPlan:
    """
    What prices tell about a plan.

    `bound` is a proved lower bound on its cost. `likely_setups` (I, T), by period of the order, is the average of the items'
    plans near the best prices, from 0 to 1. `exact` holds receipts and starts that keep every shared limit at prices of 0: the
    cheapest plan, where no limit was left out.
    """

    bound: float
    likely_setups: Floats
    exact: LotSizes | None
    needs: Needs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shared:
    """Shared limits as rows of shape (S, T): resources, then storage of sites, then the budget; `scale` makes them alike."""

    limit: Floats
    extra: Floats
    extra_cost: Floats
    scale: Floats
    resources: int
    store_of: Floats
    has_budget: bool


def price_plan(problem: PlanProblem, arrays: PlanArrays, *, deadline: float, progress: Progress) -> PricedPlan | None:
    """
    Return the bound and the likely setups of a plan; None where its items cannot be planned one by one.

    Parameters
    ----------
    problem, arrays
        The request, and its numbers.
    deadline
        When to end, on the monotonic clock; the first round is always run.
    progress
        Asked between rounds whether to stop.
    """
    needs = needs_of(arrays)
    return None if needs is None else _Volume(problem, arrays, needs).run(deadline, progress)


class _Volume:
    """Prices of shape (S, T), in cost per scaled unit, and the averages that steer them."""

    def __init__(self, problem: PlanProblem, arrays: PlanArrays, needs: Needs) -> None:
        self.arrays, self.needs = arrays, needs
        self.shared = _shared(problem, arrays)
        self.at_receipt = np.where(arrays.at_receipt, 1.0, 0.0)
        self.fixed = self._arrived(arrays.fixed_cost)
        self.unit = self._arrived(arrays.unit_cost)

    def run(self, deadline: float, progress: Progress) -> PricedPlan | None:
        """Improve the prices until they stand still or time is up."""
        prices = np.zeros(self.shared.limit.shape)
        bound, lots, excess = self._priced(prices)
        if not np.isfinite(bound):
            return None
        if excess.max(initial=0.0) <= INSIDE:
            return PricedPlan(bound=bound, likely_setups=self._ordered(lots.starts), exact=lots, needs=self.needs)
        average, likely = excess, lots.starts
        target, step, stale = bound + 0.05 * max(abs(bound), 1.0), 0.5, 0
        for _ in range(MOST_ROUNDS):
            if time.monotonic() > deadline or progress.stop_requested() or step < SMALLEST_STEP:
                break
            length = step * (target - bound) / max(float((average**2).sum()), 1e-12)
            trial = np.maximum(prices + length * average, 0.0)
            value, lots, excess = self._priced(trial)
            share = _share(average, excess)
            average = share * excess + (1 - share) * average
            likely = share * lots.starts + (1 - share) * likely
            if value > bound:
                stale = 0 if value > bound + 1e-5 * abs(bound) else stale + 1
                bound, prices = value, trial
                if float((average * excess).sum()) > 0:
                    step = min(1.1 * step, 2.0)
            else:
                stale += 1
            if stale >= STALE_ROUNDS:
                step, stale = 0.6 * step, 0
            if bound > target - 0.05 * (abs(target) * 0.05):
                target = bound + 0.05 * max(abs(bound), 1.0)
        return PricedPlan(bound=bound, likely_setups=self._ordered(likely), exact=None, needs=self.needs)

    def _priced(self, scaled: Floats) -> tuple[float, LotSizes, Floats]:
        """Return the bound at prices, the items' plans, and by how much they exceed each shared limit, scaled."""
        shared, arrays = self.shared, self.arrays
        prices = scaled / shared.scale
        capacity = prices[: shared.resources]
        storage = prices[shared.resources : shared.resources + len(shared.store_of)]
        dearer = 1.0 + self._arrived(np.broadcast_to(prices[-1], arrays.demand.shape)) if shared.has_budget else 1.0
        unit = self.unit * dearer + self._used(arrays.per_unit, capacity)
        start = self.fixed * dearer + self._used(arrays.per_setup, capacity)
        holding = arrays.holding + shared.store_of.T @ storage
        lots = cheapest_lot_sizes(self.needs, unit=unit, start=start, holding=holding, waiting=arrays.stockout)
        extra = np.where(prices > shared.extra_cost, shared.extra, 0.0)
        constant = float((holding * self.needs.baseline).sum() - (prices * shared.limit).sum())
        constant -= float(((prices - shared.extra_cost) * extra).sum()) if extra.any() else 0.0
        return float(lots.cost.sum()) + constant, lots, (self._taken(lots) - shared.limit - extra) / shared.scale

    def _taken(self, lots: LotSizes) -> Floats:
        """Return (S, T): what the items' plans take of everything shared."""
        shared, arrays = self.shared, self.arrays
        orders, starts = self._ordered(lots.receipts), self._ordered(lots.starts)
        taken = np.zeros(shared.limit.shape)
        for weight, units, count in ((self.at_receipt, lots.receipts, lots.starts), (1 - self.at_receipt, orders, starts)):
            taken[: shared.resources] += (arrays.per_unit * weight) @ units + (arrays.per_setup * weight) @ count
        if len(shared.store_of):
            stock = self.needs.baseline + np.maximum(np.cumsum(lots.receipts - self.needs.net, axis=1), 0.0)
            taken[shared.resources : shared.resources + len(shared.store_of)] = shared.store_of @ stock
        if shared.has_budget:
            taken[-1] = (arrays.unit_cost * orders + arrays.fixed_cost * starts).sum(axis=0)
        return taken

    def _used(self, use: Floats, prices: Floats) -> Floats:
        """Return (I, T): what the priced use of one unit, or of one order, costs by period of arrival."""
        later = (use * (1 - self.at_receipt)).T @ prices
        return np.asarray((use * self.at_receipt).T @ prices + self._arrived(later))

    def _arrived(self, by_order: Floats) -> Floats:
        """Return (I, T) values by period of the order, moved to the period of arrival; what no order reaches is not used."""
        return np.take_along_axis(by_order, self.needs.ordered, axis=1)

    def _ordered(self, by_arrival: Floats) -> Floats:
        return order_periods(self.needs, by_arrival)


def order_periods(needs: Needs, by_arrival: Floats) -> Floats:
    """Return (I, T) values by period of arrival, moved to the period of the order."""
    by_order = np.zeros(by_arrival.shape)
    rows = np.broadcast_to(np.arange(len(by_arrival))[:, None], by_arrival.shape)
    by_order[rows[needs.open], needs.ordered[needs.open]] = by_arrival[needs.open]
    return by_order


def _share(average: Floats, excess: Floats) -> float:
    """Return the weight of the newest plans in the average: that of the shortest excess, within limits."""
    difference = excess - average
    length = float((difference**2).sum())
    best = -float((average * difference).sum()) / length if length > 0 else 0.1
    return min(max(best, 0.01), 0.1)


def _shared(problem: PlanProblem, arrays: PlanArrays) -> _Shared:
    """Return the shared limits of a plan."""
    limited = [site for site in problem.sites if site.storage_capacity is not None]
    position = {site.id: place for place, site in enumerate(limited)}
    store_of = np.zeros((len(limited), arrays.items))
    for index, item in enumerate(problem.items):
        if item.site in position:
            store_of[position[item.site], index] = 1.0
    storage = np.empty((len(limited), arrays.periods))
    for place, site in enumerate(limited):
        storage[place] = site.storage_capacity
    rows = [arrays.capacity, storage]
    if problem.budget is not None:
        rows.append(np.broadcast_to(np.asarray(problem.budget, dtype=np.float64), (1, arrays.periods)))
    limit = np.concatenate(rows)
    extra, extra_cost = np.zeros(limit.shape), np.zeros(limit.shape)
    extra[: arrays.resources], extra_cost[: arrays.resources] = arrays.overtime_limit, arrays.overtime_cost
    return _Shared(
        limit=limit,
        extra=extra,
        extra_cost=extra_cost,
        scale=np.maximum(limit.mean(axis=1, keepdims=True), 1e-3) if len(limit) else np.ones((0, 1)),
        resources=arrays.resources,
        store_of=store_of,
        has_budget=problem.budget is not None,
    )
