"""
Why an answer is not another one: the least change of costs at which a forced answer is optimal.

Inverse linear programming (Ahuja and Orlin (2001), Operations Research 49, 771-783): x is optimal for costs c' exactly when
c' = A'y + d for prices y and reduced costs d that are complementary to x. Minimising sum |c' - c| over the costs of the forced
columns is a linear program; it always has a solution when x is optimal with the forced columns held in place.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solvers.base import Budget, Progress
from solvers.linear.model import Family, Floats, Integers, LinearModel, ModelBuilder
from solvers.linear.solve import solve_linear

ACTIVE = 1e-7
"""Relative distance up to which a row or column stands at its side."""

TOLERANCE = 1e-6
"""Relative difference up to which the new optimum counts as the cost of the alternative."""

NOTHING = 1e-9
"""A change of a cost up to this, relative to the largest cost, is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InverseCosts:
    """New objective coefficients (n,) in the caller's sense at which a point is optimal; `verified` by a new solve."""

    objective: Floats
    total: float
    verified: bool


def least_cost_change(
    model: LinearModel, point: Floats, forced: Sequence[int], *, deadline: float, seed: int, progress: Progress
) -> InverseCosts | None:
    """
    Return the least change of the costs of forced columns that makes a point optimal, verified by a new solve.

    Parameters
    ----------
    model
        A linear program with n columns, without the force.
    point
        Optimal values (n,) with the force.
    forced
        Columns whose cost may change.
    deadline
        Moment on the clock of `time.monotonic`.
    seed, progress
        As for every solve.

    Returns
    -------
    InverseCosts or None
        None when the program was not solved in time, or when other costs would have to change too.
    """
    columns = np.array(sorted(set(forced)), dtype=np.int64)
    inverse, rises = _inverse_model(model, point, columns)
    result = solve_linear(inverse, _budget(deadline, seed), progress)
    if result.values is None or result.termination.reason != "optimal":
        return None
    change = result.values[rises[0]] - result.values[rises[1]]
    change[np.abs(change) <= NOTHING * max(1.0, float(np.abs(model.objective).max(initial=0.0)))] = 0.0
    objective = model.objective.copy()
    objective[columns] += model.sign * change
    found = InverseCosts(objective=objective, total=float(np.abs(change).sum()), verified=False)
    again = solve_linear(replace(model, objective=objective), _budget(deadline, seed), progress)
    if again.value is None or again.termination.reason != "optimal":
        return found
    at_point = float(objective @ point) + model.offset
    return replace(found, verified=abs(again.value - at_point) <= TOLERANCE * max(1.0, abs(at_point)))


def _budget(deadline: float, seed: int) -> Budget:
    left = max(deadline - time.monotonic(), 0.01)
    return Budget(time_limit=left, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)


def _inverse_model(model: LinearModel, point: Floats, columns: Integers) -> tuple[LinearModel, tuple[Integers, Integers]]:
    """
    Return min sum (e+ + e-) with A'y + d - e+ + e- = c, and the columns of e+ and e-.

    y is free where a row stands at both sides, >= 0 at its lower side, <= 0 at its upper side and 0 between; so is d.
    """
    matrix = model.matrix()
    builder = ModelBuilder(name="inverse linear program", sense="min", objective=_family("change of costs"))
    row_lower, row_upper = _signs(matrix @ point, abs(matrix) @ np.abs(point), model.row_lower, model.row_upper)
    column_lower, column_upper = _signs(point, np.abs(point), model.column_lower, model.column_upper)
    prices = builder.add_variables(
        _family("prices"), names=[f"y{row}" for row in range(model.rows)], lower=row_lower, upper=row_upper
    )
    reduced = builder.add_variables(
        _family("reduced costs"),
        names=[f"d{column}" for column in range(model.columns)],
        lower=column_lower,
        upper=column_upper,
    )
    rise, fall = (
        builder.add_variables(_family(word), names=[f"{word}{column}" for column in columns.tolist()], objective=1.0)
        for word in ("rise", "fall")
    )
    ones = np.ones(model.columns)
    builder.add_constraints(
        _family("costs"),
        names=[f"c{column}" for column in range(model.columns)],
        rows=np.concatenate((model.indices, np.arange(model.columns), columns, columns)),
        columns=np.concatenate((prices[model.row_index()], reduced, rise, fall)),
        coefficients=np.concatenate((model.coefficients, ones, -ones[: len(columns)], ones[: len(columns)])),
        lower=model.sign * model.objective,
        upper=model.sign * model.objective,
    )
    return builder.build(), (rise, fall)


def _signs(at: Floats, size: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of multipliers that are complementary to where rows or columns stand."""
    near = ACTIVE * np.maximum(1.0, size)
    return np.where(upper - at <= near, -np.inf, 0.0), np.where(at - lower <= near, np.inf, 0.0)


def _family(meaning: str) -> Family:
    return Family(symbol=meaning, latex=meaning, text=meaning, meaning=meaning, unit=None, pointer=None)
