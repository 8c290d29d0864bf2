"""
Prices of demand at which every period's capacity is used at its best by itself: a bound on the cost of a plan.

What is asked of a plan is that every need is served. With that priced instead of kept, the plan falls apart into its periods,
each a knapsack with setups (`period_plan_kernels`). The best prices maximise a concave function; they are sought by a cutting
plane method whose step is held in a box around the best prices so far.

Source: Jans and Degraeve (2004), Operations Research Letters 32, 185-195 for the decomposition by periods; Marsten, Hogan and
Blankenship (1975), The boxstep method for large-scale optimization, Operations Research 23, 389-405.
"""

import time
from contextlib import suppress
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.python.solve import StatusNotOk

from solvers.base import Progress
from solvers.inventory.period_plans.lot_model import PeriodCut
from solvers.inventory.period_plans.lots import SharedLots
from solvers.inventory.period_plans.period_plan_kernels import best_period_plan
from solvers.inventory.plan_arrays import Booleans, Floats, Integers

MOST_ROUNDS = 150
CLOSE = 1e-6
"""Relative distance of bound and model at which the prices are the best."""

FIRST_BOX, LEAST_BOX = 0.1, 1e-4
"""Half the width of the box, as a share of the mean price."""

SERIOUS = 0.05
"""Share of the promised rise from which on a step is a good one."""

LEAST_SECONDS = 0.05


def period_bound(lots: SharedLots, prices: Floats) -> tuple[float, PeriodCut, Floats, Floats]:
    """
    Return the bound at prices of the needs, and what each period does at them.

    Returns
    -------
    bound
        A lower bound on the cost of every plan.
    cut
        The worth of each period, for use as rows of a model.
    served
        Units that each period makes for each need, shape (T, I, T).
    cost
        What each period's use costs, prices left out, shape (T,).
    """
    periods = lots.need.shape[1]
    worth, cost = np.zeros(periods), np.zeros(periods)
    served = np.zeros((periods, *lots.need.shape))
    for u in range(periods):
        worth[u], cost[u] = _period(lots, prices, u, served[u])
    bound = float((lots.need * prices).sum()) - float(worth.sum()) + lots.constant
    return bound, PeriodCut(prices=prices, worth=worth), served, cost


def _period(lots: SharedLots, prices: Floats, u: int, served: Floats) -> tuple[float, float]:
    """Write the units that a period makes, shape (I, T), and return the worth of its capacity and what they cost."""
    possible = lots.possible[:, u]
    gain = np.where(possible, prices - np.where(possible, lots.cost[:, u], 0.0), 0.0)
    free = lots.per_unit <= 0
    base = np.where(free, (np.maximum(gain, 0.0) * lots.need).sum(axis=1), 0.0) - lots.fixed[:, u]
    item, k = np.nonzero((gain > 0) & ~free[:, None])
    density = gain[item, k] / lots.per_unit[item]
    order = np.argsort(-density, kind="stable")
    item, k, density = item[order], k[order], np.ascontiguousarray(density[order])
    size = lots.need[item, k] * lots.per_unit[item]
    chosen, taken = np.zeros(len(lots.need), dtype=np.bool_), np.zeros(len(item))
    worth = best_period_plan(base, lots.per_setup, item, density, size, float(lots.capacity[u]), chosen, taken)
    served[item, k] = taken / lots.per_unit[item]
    is_free = free & chosen
    served[is_free] = np.where(gain[is_free] > 0, lots.need[is_free], 0.0)
    paid = float((np.where(possible, lots.cost[:, u], 0.0) * served).sum()) + float(lots.fixed[chosen, u].sum())
    return float(worth), paid


class _Steps:
    """The linear program of the next prices: what all known uses of the periods promise, within the box."""

    def __init__(self, lots: SharedLots) -> None:
        self.asked: Booleans = lots.need > 0
        self.number: Integers = np.cumsum(self.asked.ravel()).reshape(self.asked.shape) - 1
        self.constant = lots.constant
        self.model = mathopt.Model(name="period_prices")
        self.price = [self.model.add_variable() for _ in range(int(self.asked.sum()))]
        self.worth = [self.model.add_variable(lb=0.0) for _ in range(lots.need.shape[1])]
        for variable, need in zip(self.price, lots.need[self.asked].tolist(), strict=True):
            self.model.objective.set_linear_coefficient(variable, need)
        for variable in self.worth:
            self.model.objective.set_linear_coefficient(variable, -1.0)
        self.model.objective.is_maximize = True
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def learn(self, served: Floats, cost: Floats) -> None:
        """Add a use of every period."""
        for u, variable in enumerate(self.worth):
            row = self.model.add_linear_constraint(ub=float(cost[u]))
            row.set_coefficient(variable, -1.0)
            item, k = np.nonzero((served[u] > 0) & self.asked)
            for number, units in zip(self.number[item, k].tolist(), served[u, item, k].tolist(), strict=True):
                row.set_coefficient(self.price[number], units)

    def best(self, center: Floats, box: float, seconds: float) -> tuple[Floats, float] | None:
        """Return the prices that promise most within the box, and the bound that they promise; None: no answer in time."""
        for variable, value in zip(self.price, center[self.asked].tolist(), strict=True):
            variable.lower_bound, variable.upper_bound = value - box, value + box
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=max(seconds, LEAST_SECONDS)))
        for _ in range(2):
            # MathOpt turns the status of a failed engine into an exception of one kind or another.
            with suppress(StatusNotOk, AttributeError, RuntimeError, ValueError):
                result = self.solver.solve(params=parameters)
                if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
                    return None
                prices = np.zeros(center.shape)
                prices[self.asked] = result.variable_values(self.price)
                return prices, result.objective_value() + self.constant
            self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        return None


def best_period_prices(
    lots: SharedLots, start: Floats, *, deadline: float, progress: Progress
) -> tuple[float, tuple[PeriodCut, ...]]:
    """
    Return the best bound found, and the cut at its prices.

    Parameters
    ----------
    lots
        The plan.
    start
        First prices of the needs, shape (I, T): well chosen, the duals of the demand rows of `lot_model`.
    deadline
        When to end, on the monotonic clock.
    progress
        Asked between rounds whether to stop.
    """
    best, cut, served, cost = period_bound(lots, start)
    steps = _Steps(lots)
    steps.learn(served, cost)
    mean = float(np.abs(start[lots.need > 0]).mean()) if (lots.need > 0).any() else 0.0
    box = FIRST_BOX * max(mean, 1e-6)
    least = box / FIRST_BOX * LEAST_BOX
    for _ in range(MOST_ROUNDS):
        left = deadline - time.monotonic()
        if left <= 0 or progress.stop_requested():
            break
        step = steps.best(cut.prices, box, left)
        if step is None or step[1] - best <= CLOSE * max(abs(best), 1.0):
            break
        prices, promised = step
        bound, trial, served, cost = period_bound(lots, prices)
        steps.learn(served, cost)
        if bound < best + SERIOUS * (promised - best):
            box = max(0.9 * box, least)
        if bound > best:
            best, cut = bound, trial
    return best, (cut,)
