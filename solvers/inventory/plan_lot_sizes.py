"""
Lot sizes of many single items at once, by dynamic programming, for any linear prices of ordering, holding and waiting.

Without limits on its orders an item has a cheapest plan in which every order serves a run of consecutive periods: with nothing
on stock and nothing owed at its borders. The shortest path over those runs is exact. All items go through each step together.

Source: Wagner and Whitin (1958), Management Science 5, 89-96; Zangwill (1966), Management Science 13, 105-119 for backorders.
"""

from dataclasses import dataclass

import numpy as np

from solvers.inventory.plan_arrays import Booleans, Floats, Integers, PlanArrays


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Needs:
    """
    What items need in the period it arrives: I items, T periods.

    `net` (I, T) is the need left once initial stock is used up, `baseline` (I, T) the stock at hand when receipts equal the net
    need, `open` (I, T) is true where an order can arrive, `ordered` (I, T) the period in which it is placed (0 where none can),
    `may_wait` and `may_stay_open` (I,) say whether need may be served late, and never.
    """

    net: Floats
    baseline: Floats
    open: Booleans
    ordered: Integers
    may_wait: Booleans
    may_stay_open: Booleans


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LotSizes:
    """Cheapest lot sizes: `cost` (I,), infinite where need cannot be served, and receipts (I, T) in the period of arrival."""

    cost: Floats
    receipts: Floats
    starts: Floats


def needs_of(arrays: PlanArrays) -> Needs | None:
    """
    Return the needs of a plan; None where items supply one another, spoil, or have another condition of their own.

    None too where lost sales, or backorders beside safety stock, leave no net need to speak of.
    """
    if arrays.is_linked or arrays.lost.any() or bool((arrays.backorder[:, None] & (arrays.safety > 0)).any()):
        return None
    cumulative = np.cumsum(arrays.demand - arrays.scheduled, axis=1)
    required = arrays.required_receipts()
    baseline = required - cumulative + arrays.initial[:, None]
    baseline[arrays.backorder] = np.maximum(arrays.initial[:, None] - cumulative, 0.0)[arrays.backorder]
    ordered = np.arange(arrays.periods)[None, :] - arrays.lead[:, None]
    return Needs(
        net=np.diff(required, axis=1, prepend=0.0),
        baseline=baseline,
        open=ordered >= 0,
        ordered=np.maximum(ordered, 0),
        may_wait=arrays.backorder,
        may_stay_open=arrays.backorder & (arrays.final_backorder > 0),
    )


def cheapest_lot_sizes(needs: Needs, *, unit: Floats, start: Floats, holding: Floats, waiting: Floats) -> LotSizes:
    """
    Return cheapest lot sizes of every item on its own.

    Parameters
    ----------
    needs
        What the items need.
    unit, start
        Cost of one unit and of one order, by period of arrival, shape (I, T).
    holding, waiting
        Cost of one unit on hand, and of one unit owed, at the end of a period, shape (I, T).
    """
    runs = _Runs(needs, unit=unit, start=start, holding=holding, waiting=waiting)
    return runs.traced(*runs.shortest())


class _Runs:
    """The shortest-path problem over runs of periods; sums of periods before k stand at index k, shape (I, T + 1)."""

    def __init__(self, needs: Needs, *, unit: Floats, start: Floats, holding: Floats, waiting: Floats) -> None:
        self.needs = needs
        self.items, self.periods = needs.net.shape
        self.unit, self.start = unit, np.where(needs.open, start, np.inf)
        self.net = _before(needs.net)
        self.held, self.waited = _before(holding), _before(waiting)
        self.held_net = _before(needs.net * self.held[:, :-1])
        self.waited_net = _before(needs.net * self.waited[:, :-1])
        self.waits = np.flatnonzero(needs.may_wait)

    def shortest(self) -> tuple[Floats, Integers, Integers, Integers]:
        """Return cost, where the served periods end, and for each end the order (-1: none needed) and its first period."""
        items, periods = self.items, self.periods
        best = np.full((items, periods + 1), np.inf)
        best[:, 0] = 0.0
        begun = np.full((items, periods), np.inf)
        order = np.full((items, periods), -1, dtype=np.int64)
        first = np.tile(np.arange(periods), (items, 1))
        every = np.arange(items)
        ahead = self.unit - self.held[:, :-1]
        for end in range(periods):
            begun[:, end] = best[:, end]
            if self.waits.size:
                self._begin_late(best, begun, first, end)
            begun[:, end] += self.start[:, end]
            upto = slice(0, end + 1)
            served = ahead[:, upto] * (self.net[:, [end + 1]] - self.net[:, upto])
            served += self.held_net[:, [end + 1]] - self.held_net[:, upto]
            served += begun[:, upto]
            choice = served.argmin(axis=1)
            cost = served[every, choice]
            idle = (self.needs.net[:, end] <= 0) & (best[:, end] <= cost)
            best[:, end + 1] = np.where(idle, best[:, end], cost)
            order[:, end] = np.where(idle, -1, choice)
        cost, stop = best[:, -1].copy(), np.full(items, periods)
        stays = np.flatnonzero(self.needs.may_stay_open)
        if stays.size:
            waited = self.waited[stays, -1:]
            tail = waited * (self.net[stays, -1:] - self.net[stays]) - (self.waited_net[stays, -1:] - self.waited_net[stays])
            total = best[stays] + tail
            stop[stays] = total.argmin(axis=1)
            cost[stays] = total.min(axis=1)
        return cost, stop, order, first

    def _begin_late(self, best: Floats, begun: Floats, first: Integers, end: int) -> None:
        """Let an order that arrives in `end` also serve what has waited for it."""
        rows, upto = self.waits, slice(0, end + 1)
        price = self.unit[rows, end] + self.waited[rows, end]
        late = price[:, None] * (self.net[rows, end][:, None] - self.net[rows, upto])
        late -= self.waited_net[rows, end][:, None] - self.waited_net[rows, upto]
        late += best[rows, upto]
        first[rows, end] = late.argmin(axis=1)
        begun[rows, end] = late.min(axis=1)

    def traced(self, cost: Floats, stop: Integers, order: Integers, first: Integers) -> LotSizes:
        """Follow the choices back from where each item's served periods end."""
        receipts, starts = np.zeros((self.items, self.periods)), np.zeros((self.items, self.periods))
        at = stop.copy()
        known = np.isfinite(cost)
        while (active := np.flatnonzero((at > 0) & known)).size:
            end = at[active]
            arrival = order[active, end - 1]
            idle = arrival < 0
            begin = np.where(idle, end - 1, first[active, np.maximum(arrival, 0)])
            served, when = active[~idle], arrival[~idle]
            receipts[served, when] = self.net[served, end[~idle]] - self.net[served, begin[~idle]]
            starts[served, when] = 1.0
            at[active] = begin
        return LotSizes(cost=cost, receipts=receipts, starts=starts)


def has_limits(arrays: PlanArrays) -> bool:
    """Tell whether the plan has limits on single orders or on final backorders, which dynamic programming leaves out."""
    limited_backlog = arrays.backorder & (arrays.final_backorder > 0) & np.isfinite(arrays.final_backorder)
    return bool(
        arrays.minimum.any()
        or (~np.isnan(arrays.multiple)).any()
        or np.isfinite(arrays.maximum).any()
        or arrays.least_order.any()
        or np.isfinite(arrays.most_order).any()
        or limited_backlog.any()
    )


def _before(numbers: Floats) -> Floats:
    """Return sums over the periods before each of 0..T, shape (I, T + 1)."""
    return np.concatenate([np.zeros((len(numbers), 1)), np.cumsum(numbers, axis=1)], axis=1)
