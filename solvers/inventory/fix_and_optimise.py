"""
Fix and optimise: most setups of a plan stay as they are while a few items, or a few periods, are searched exactly.

The first plan keeps the setups that the priced plans agree on and searches the others. Later rounds free a group of items over
the whole horizon, or all items over a window of periods; quantities are free wherever there is a setup. The number of setups
freed at once follows how long the rounds take. Every round can only improve the plan.

Source: Helber and Sahling (2010), International Journal of Production Economics 123, 247-256; Pochet and Wolsey (2006),
Production Planning by Mixed Integer Programming, chapter 3.6 (relax and fix, exchange).
"""

import time
from dataclasses import replace

import numpy as np

from solvers.base import Budget, Progress, relative_gap
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Booleans, Floats, Integers
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_submodel import PartialModels
from solvers.linear.bound_history import BoundHistory
from solvers.linear.engine import run_engine

DOUBTS = (0.02, 0.0005)
"""Shares of the priced plans below which, and above one less which, a setup is beyond doubt; the next is tried on failure."""

FIRST_SHARE = 0.35
"""Share of the time for the first plan, for each width of doubt."""

FIRST_SETUPS = 150
"""Setups freed at once in the first round."""

LEAST_SETUPS, MOST_SETUPS = 40, 1_500
ROUND_SECONDS = 2.0
LONGEST_ROUND = 4.0
LOCAL_COLUMNS = 12_000
"""Setups of a plan above which a group of items is searched with the quantities of all other items kept."""

PART_GAP = 1e-4
FAILED_ROUNDS = 60
"""Rounds without a better plan after which the search ends."""


class Unheard:
    """Hears nothing of the parts, whose objectives are not those of the plan; passes a wish to stop on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Ignore the value of a part."""

    def log(self, message: str) -> None:
        """Ignore the line."""

    def stop_requested(self) -> bool:
        """Tell whether the search should end now."""
        return self._progress.stop_requested()


class FixAndOptimise:
    """
    The search from the likely setups of priced plans.

    Parameters
    ----------
    plan
        The formulation.
    likely
        Share of the priced plans that order an item in a period, shape (I, T).
    bound
        A proved lower bound, which ends the search when it is reached.
    budget
        Relative gap, seed and threads; the time is in `deadline`.
    deadline
        When to end, on the monotonic clock.
    """

    def __init__(
        self, plan: PlanModel, likely: Floats, *, bound: float, budget: Budget, deadline: float, progress: Progress
    ) -> None:
        self.plan, self.likely, self.bound = plan, likely, bound
        self.budget, self.deadline = budget, deadline
        self.parts = PartialModels(plan.model)
        self.quiet = Unheard(progress)
        self.history = BoundHistory(sign=1.0, progress=progress)
        self.random = np.random.default_rng(budget.seed)
        self.has_setup = plan.setup != NONE
        self.rounds = 0

    def search(self, known: Floats | None = None) -> Floats | None:
        """Return the values of the best plan found, shape (n,), from a known one on; None where there was none in time."""
        self.history.note(value=None, bound=self.bound)
        values = self._first() if known is None else known
        return None if values is None else self._improved(values)

    def _first(self) -> Floats | None:
        """Return a plan whose setups agree with the likely ones wherever those are beyond doubt."""
        for doubt in DOUBTS:
            start = np.zeros(self.plan.model.columns)
            sure = self.likely > 1 - doubt if doubt == DOUBTS[0] else np.zeros(self.likely.shape, dtype=np.bool_)
            open_setup = self.has_setup & ((self.likely >= doubt) | (self.plan.arrays.least_order > 0))
            if doubt == DOUBTS[0]:
                start[self.plan.setup[self.has_setup & sure]] = 1.0
            free = self._free(open_setup & ~sure, self.plan.order[(open_setup | sure | ~self.has_setup)])
            values = self._solved(free, start, seconds=FIRST_SHARE * self._left(), gap=1e-3)
            if values is not None:
                return values
        return None

    def _improved(self, values: Floats) -> Floats:
        best = self.plan.model.value(values)
        self.history.note(value=best, bound=None)
        size, failed = float(FIRST_SETUPS), 0
        while self._left() > 0.3 and failed < FAILED_ROUNDS and not self.quiet.stop_requested():
            gap = relative_gap(best, self.bound)
            if gap is not None and gap <= self.budget.relative_gap:
                break
            free = self._items(values, size) if self.random.random() < 0.5 else self._window(values, size)
            began = time.monotonic()
            trial = self._solved(free, values, seconds=LONGEST_ROUND, gap=PART_GAP)
            took = time.monotonic() - began
            self.rounds += 1
            size = min(size * 1.25, MOST_SETUPS) if took < ROUND_SECONDS / 2 else size
            size = max(size * 0.7, LEAST_SETUPS) if took > ROUND_SECONDS else size
            failed += 1
            if trial is not None and self.plan.model.value(trial) < best - 1e-7 * max(1.0, abs(best)):
                failed = 0
                values, best = trial, self.plan.model.value(trial)
                self.history.note(value=best, bound=None)
        return values

    def _items(self, values: Floats, size: float) -> Booleans:
        """Free all setups of a few items; in a plan that is not too large, also the quantities of all others."""
        items, periods = self.likely.shape
        count = min(items, max(2, round(size / periods)))
        chosen = np.zeros((items, 1), dtype=np.bool_)
        chosen[self.random.choice(items, size=count, replace=False)] = True
        setups = self.has_setup & chosen
        if self.has_setup.sum() > LOCAL_COLUMNS:
            return self._free(setups, self.plan.order[chosen[:, 0]], items=chosen[:, 0])
        return self._free(setups, self._orders(values, setups))

    def _window(self, values: Floats, size: float) -> Booleans:
        """Free the setups of all items, or of some where there are many, in a few consecutive periods."""
        items, periods = self.likely.shape
        width = int(min(periods, max(3, round(size / items))))
        count = min(items, max(2, round(size / width)))
        first = int(self.random.integers(0, periods - width + 1))
        setups = np.zeros(self.likely.shape, dtype=np.bool_)
        setups[self.random.choice(items, size=count, replace=False), first : first + width] = True
        setups &= self.has_setup
        if self.has_setup.sum() > LOCAL_COLUMNS:
            rows: Booleans = np.asarray(setups.any(axis=1))
            return self._free(setups, self._orders(values, setups)[rows[self._order_rows(values, setups)]], items=rows)
        return self._free(setups, self._orders(values, setups))

    def _may_order(self, values: Floats, setups: Booleans) -> Booleans:
        """Return (I, T): where an order is possible once these setups are free."""
        placed = np.where(self.has_setup, values[np.maximum(self.plan.setup, 0)] > 0.5, self.plan.order != NONE)
        return np.asarray(placed | setups)

    def _orders(self, values: Floats, setups: Booleans) -> Integers:
        return self.plan.order[self._may_order(values, setups)]

    def _order_rows(self, values: Floats, setups: Booleans) -> Integers:
        return np.nonzero(self._may_order(values, setups))[0]

    def _free(self, setups: Booleans, orders: Integers, items: Booleans | None = None) -> Booleans:
        """Return (n,): these setups and orders, with stock, shortage and overtime of the items (all where None)."""
        plan = self.plan
        free = np.zeros(plan.model.columns, dtype=np.bool_)
        free[plan.setup[setups]] = True
        free[orders[orders != NONE]] = True
        for columns in (plan.stock, plan.backorder, plan.lost):
            own = columns if items is None else columns[items]
            free[own[own != NONE]] = True
        free[plan.overtime[plan.overtime != NONE]] = True
        free[plan.free_columns()] = True
        return free

    def _solved(self, free: Booleans, values: Floats, *, seconds: float, gap: float) -> Floats | None:
        """Return the plan with the free columns at their best; None where the part has no plan in time."""
        part = self.parts.part(free, values)
        if not part.model.columns:
            return None
        budget = replace(self.budget, time_limit=max(min(seconds, self._left()), 0.05), relative_gap=gap)
        raw = run_engine(part.model, budget, self.quiet)
        if raw.values is None:
            return None
        whole = np.where(part.model.integer, np.round(raw.values), raw.values)
        inside = np.clip(whole, part.model.column_lower, part.model.column_upper)
        return part.completed(values, inside)

    def _left(self) -> float:
        return self.deadline - time.monotonic()
