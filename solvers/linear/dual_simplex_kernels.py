"""A small dense dual simplex method, for the directions in which a degenerate basis can give way."""

import numpy as np

from solvers.compiled import kernel, warm_up
from solvers.linear.model import Booleans, Floats

TOLERANCE = 1e-9
"""Values above minus this count as feasible, coefficients below this are no pivots."""


@kernel("i8(f8[::1], f8[:, ::1], b1[::1], b1)")
def _leaving(values: Floats, tableau: Floats, equal: Booleans, first: bool) -> int:
    """Return the row that leaves: the most infeasible one, or the first to rule out cycles; -1 when all are feasible."""
    chosen, worst = -1, -TOLERANCE
    for row in range(values.size):
        if equal[row] and values[row] > TOLERANCE:
            values[row] = -values[row]
            tableau[row] = -tableau[row]
        if values[row] < worst:
            chosen, worst = row, values[row]
            if first:
                return chosen
    return chosen


@kernel("i8(f8[::1], f8[::1], b1[::1])")
def _entering(row: Floats, costs: Floats, blocked: Booleans) -> int:
    """Return the column of the smallest ratio, of equal ones that with the largest pivot; -1 when there is none."""
    chosen, best = -1, np.inf
    for column in range(row.size):
        if blocked[column] or row[column] <= TOLERANCE:
            continue
        ratio = costs[column] / row[column]
        if ratio < best - 1e-12 or (ratio <= best + 1e-12 and row[column] > row[chosen]):
            chosen, best = column, min(best, ratio)
    return chosen


@kernel("f8(f8[:, ::1], f8[::1], f8[::1], b1[::1], f8[::1])")
def least_cost(tableau: Floats, values: Floats, costs: Floats, equal: Booleans, solution: Floats) -> float:
    """
    Minimise costs @ w with values + tableau @ w >= 0 (= 0 where `equal`) and w >= 0; all costs are at least 0.

    The arguments of shapes (s, q), (s,), (q,), (s,) are used up; `solution` (q,) is filled with w. Returns the minimum,
    infinity when no w is feasible, NaN when the steps did not suffice.
    """
    rows, columns = tableau.shape
    blocked = np.zeros(columns, np.bool_)
    basic, outside = np.full(rows, -1), np.arange(columns)
    total, steps, most = 0.0, 0, 50 * (rows + 1)
    while True:
        row = _leaving(values, tableau, equal, steps > 10 * rows)
        if row < 0:
            break
        column = _entering(tableau[row], costs, blocked)
        if column < 0:
            return np.inf
        if steps == most:
            return np.nan
        steps += 1
        pivot = tableau[row, column]
        step = -values[row] / pivot
        tableau[row] /= -pivot
        tableau[row, column] = 1.0 / pivot
        values[row] = step
        entries = np.flatnonzero(tableau[row])
        for other in range(rows):
            factor = tableau[other, column]
            if other != row and factor != 0.0:
                values[other] += factor * step
                tableau[other, column] = 0.0
                for index in entries:
                    tableau[other, index] += factor * tableau[row, index]
        factor = costs[column]
        total += factor * step
        costs[column] = 0.0
        for index in entries:
            costs[index] = max(0.0, costs[index] + factor * tableau[row, index])
        entered = outside[column]
        outside[column], basic[row] = basic[row], entered
        blocked[column], equal[row] = equal[row], False
    solution[:] = 0.0
    for row in range(rows):
        if basic[row] >= 0:
            solution[basic[row]] = values[row]
    return total


@kernel("void(f8[:, ::1], f8[:, ::1], f8[::1], b1[::1], f8[::1])")
def least_costs(tableau: Floats, starts: Floats, costs: Floats, equal: Booleans, found: Floats) -> None:
    """
    Fill `found` (c,) with the minima of `least_cost` for the values of each row of `starts` (c, s), all else the same.

    Conditions join only when a solution breaks them: most changes meet few of them.
    """
    rows, columns = tableau.shape
    solution, used = np.zeros(columns), np.empty(columns, np.int64)
    for case in range(starts.shape[0]):
        chosen, count, moving = np.zeros(rows, np.bool_), 0, 0
        found[case] = 0.0
        while np.isfinite(found[case]):
            before = count
            for row in range(rows):
                if chosen[row]:
                    continue
                value = starts[case, row]
                for index in range(moving):
                    value += tableau[row, used[index]] * solution[used[index]]
                if value < -TOLERANCE or (equal[row] and value > TOLERANCE):
                    chosen[row] = True
                    count += 1
            if count == before:
                break
            members = np.flatnonzero(chosen)
            found[case] = least_cost(tableau[members], starts[case][members], costs.copy(), equal[members], solution)
            moving = 0
            for column in range(columns):
                if solution[column] != 0.0:
                    used[moving] = column
                    moving += 1


@warm_up
def warm_dual_simplex() -> None:
    """Call the kernel on an empty problem."""
    least_costs(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0), np.zeros(0, np.bool_), np.zeros(0))
