"""
Relax and fix: the whole-number decisions of a window of periods are searched, those before it stay, those after it are relaxed.

Windows overlap: of each only the first periods are kept, the rest is searched again with the next. All quantities of all
periods stay free, so a window sees what the whole horizon needs. The first window keeps nothing: it is a relaxation of the
plan, and its bound is one on the plan. Where the setups that were kept leave no plan, the windows begin anew, twice as long.

Source: Pochet and Wolsey (2006), Production Planning by Mixed Integer Programming, chapter 3.6; Stadtler (2003), Operations
Research 51, 487-502 for windows that overlap.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from solvers.base import Budget, Progress, relative_gap
from solvers.inventory.fix_and_optimise import Unheard
from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Floats, Integers
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_submodel import PartialModels
from solvers.linear.solve import solve_linear

WHOLE_NUMBERS_OF_WINDOW = 120
"""Whole-number decisions that a window is meant to hold, where its length is not given."""

SHORTEST_WINDOW = 3
LEAST_TIME = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowedPlan:
    """What the windows found: `values` (n,), None where there is no plan; a lower `bound`; windows and their length."""

    values: Floats | None
    bound: float | None
    windows: int
    length: int
    overlap: int
    is_infeasible: bool


def periods_of(plan: PlanModel) -> Integers:
    """Return the period of every column that is a whole number, counted from 0, shape (n,); -1 for all others."""
    period = np.full(plan.model.columns, NONE, dtype=np.int64)
    supplies, transfers = plan.parts.supplies, plan.parts.transfers
    by_period = [plan.order, plan.setup]
    by_period += [] if supplies is None else [supplies.order, supplies.choice, supplies.setup]
    by_period += [] if transfers is None else [transfers.setup]
    for columns in by_period:
        there = columns != NONE
        period[columns[there]] = np.broadcast_to(np.arange(columns.shape[1]), columns.shape)[there]
    return np.where(plan.model.integer, period, NONE)


def window_length(plan: PlanModel, asked: int | None) -> int:
    """Return how many periods a window has: as asked, or such that it holds some 120 whole-number decisions."""
    periods = plan.arrays.periods
    each = max(int(np.count_nonzero(plan.model.integer)) / periods, 1.0)
    return min(periods, asked or max(SHORTEST_WINDOW, round(WHOLE_NUMBERS_OF_WINDOW / each)))


def relax_and_fix(
    plan: PlanModel, budget: Budget, progress: Progress, *, length: int | None, overlap: int | None
) -> WindowedPlan:
    """
    Return a plan from windows of periods.

    Parameters
    ----------
    plan
        The formulation.
    budget
        Time limit in seconds for all windows, and the relative gap.
    length, overlap
        Periods of a window, and how many of them are searched again with the next; None: chosen by the size of the plan.
    """
    deadline = time.monotonic() + budget.time_limit
    bound: float | None = None
    size = window_length(plan, length)
    searched = 0
    while True:
        shared = min(size // 3 if overlap is None else overlap, size - 1)
        windows = list(_windows(plan.arrays.periods, size, shared))
        values, first_bound, infeasible, done = _through(plan, windows, budget, progress, deadline)
        searched += done
        bounds = [one for one in (bound, first_bound) if one is not None]
        bound = max(bounds) if bounds else None
        is_whole = size >= plan.arrays.periods
        timed_out = deadline - time.monotonic() < LEAST_TIME or progress.stop_requested()
        if values is not None or timed_out or is_whole or not infeasible:
            impossible = infeasible and (is_whole or done == 1)
            return WindowedPlan(
                values=values, bound=bound, windows=searched, length=size, overlap=shared, is_infeasible=impossible
            )
        if done == 1:
            return WindowedPlan(values=None, bound=None, windows=1, length=size, overlap=shared, is_infeasible=True)
        size = min(2 * size, plan.arrays.periods)


def _windows(periods: int, length: int, overlap: int) -> Iterator[tuple[int, int]]:
    start = 0
    while True:
        yield start, min(start + length, periods)
        if start + length >= periods:
            return
        start += length - overlap


def _through(
    plan: PlanModel, windows: list[tuple[int, int]], budget: Budget, progress: Progress, deadline: float
) -> tuple[Floats | None, float | None, bool, int]:
    """Return values, the bound of the first window, whether a window was impossible, and how many were searched."""
    period = periods_of(plan)
    parts = PartialModels(plan.model)
    values, bound = np.zeros(plan.model.columns), None
    for number, (start, end) in enumerate(windows):
        left = deadline - time.monotonic()
        if left < LEAST_TIME or progress.stop_requested():
            return None, bound, False, number
        part = parts.part((period == NONE) | (period >= start), values)
        inside = (period[part.columns] >= start) & (period[part.columns] < end)
        share = replace(budget, time_limit=left / (len(windows) - number), iteration_limit=None)
        model = replace(part.model, integer=np.asarray(part.model.integer & inside))
        result = solve_linear(model, share, Unheard(progress))
        if number == 0:
            bound = result.bound
        if result.values is None:
            return None, bound, result.status == "infeasible", number + 1
        values = part.completed(values, np.where(model.integer, np.round(result.values), result.values))
        gap = relative_gap(plan.model.value(values), bound)
        if end == plan.arrays.periods and gap is not None:
            progress.incumbent(objective=plan.model.value(values), bound=bound)
    return values, bound, False, len(windows)
