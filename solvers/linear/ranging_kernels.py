"""
How far a right-hand side or a cost may move before an optimal basis changes: one sparse solve and one ratio test for each.

The solves visit only the nonzeros of their answer (Gilbert and Peierls 1988, SIAM Journal on Scientific and Statistical
Computing 9:862-874), so that a plan of 50,000 rows, where one row moves a few dozen variables, takes milliseconds.
"""

import numpy as np

from solvers.compiled import kernel, warm_up
from solvers.linear.model import Booleans, Floats, Integers

PIVOT = 1e-10
"""Changes smaller than this share of the largest, or of the terms they are the sum of, are noise."""

Triangle = tuple[Integers, Integers, Floats, Floats]
Matrix = tuple[Integers, Integers, Floats]
Rooms = tuple[Floats, Floats, Floats, Floats]
Limits = tuple[Floats, Floats, Integers, Integers]
Work = tuple[Integers, Integers, Integers, Booleans]

_TRIANGLE = "Tuple((i8[::1], i8[::1], f8[::1], f8[::1]))"
_MATRIX = "Tuple((i8[::1], i8[::1], f8[::1]))"
_ROOMS = "UniTuple(f8[::1], 4)"
_LIMITS = "Tuple((f8[::1], f8[::1], i8[::1], i8[::1]))"


@kernel()
def _reach(triangle: Triangle, seeds: Integers, count: int, work: Work) -> int:
    """Fill the end of `order` with all places that the seeds lead to, each before those it leads to; return its start."""
    indptr, indices, _, _ = triangle
    order, stack, cursor, marked = work
    top = order.size
    for index in range(count):
        if marked[seeds[index]]:
            continue
        depth = 0
        stack[0] = seeds[index]
        marked[seeds[index]] = True
        cursor[0] = indptr[seeds[index]]
        while depth >= 0:
            place = stack[depth]
            if cursor[depth] < indptr[place + 1]:
                following = indices[cursor[depth]]
                cursor[depth] += 1
                if not marked[following]:
                    depth += 1
                    stack[depth] = following
                    marked[following] = True
                    cursor[depth] = indptr[following]
            else:
                top -= 1
                order[top] = place
                depth -= 1
    return top


@kernel()
def _solve(triangle: Triangle, seeds: Integers, count: int, x: Floats, work: Work) -> int:
    """Solve a triangular system in place for an `x` that is zero outside of its seeds; return how many seeds it now has."""
    top = _reach(triangle, seeds, count, work)
    indptr, indices, entries, diagonal = triangle
    order, _, _, marked = work
    for index in range(top, order.size):
        place = order[index]
        marked[place] = False
        seeds[index - top] = place
        x[place] /= diagonal[place]
        value = x[place]
        if value != 0.0:
            for entry in range(indptr[place], indptr[place + 1]):
                x[indices[entry]] -= entries[entry] * value
    return order.size - top


@kernel()
def _shorten(change: float, room_up: float, room_down: float, code: int, at: int, limits: Limits, best: Floats) -> None:
    """Shorten the steps up and down to what one variable with its room allows; of equal limits the larger change wins."""
    rise, fall, limit_rise, limit_fall = limits
    up, down = (room_up, room_down) if change > 0.0 else (room_down, room_up)
    size = abs(change)
    if up / size < rise[at] or (up / size == rise[at] and size > best[0] and up < np.inf):
        rise[at], best[0], limit_rise[at] = up / size, size, code
    if down / size < fall[at] or (down / size == fall[at] and size > best[1] and down < np.inf):
        fall[at], best[1], limit_fall[at] = down / size, size, code


@kernel()
def _begin(at: int, limits: Limits, best: Floats) -> None:
    """Set the limits of one entry to none."""
    rise, fall, limit_rise, limit_fall = limits
    rise[at] = fall[at] = np.inf
    limit_rise[at] = limit_fall[at] = -1
    best[:] = 0.0


@kernel(f"void(i8[::1], i8[::1], i8[::1], {_TRIANGLE}, {_TRIANGLE}, {_MATRIX}, b1[::1], {_ROOMS}, {_LIMITS})")
def side_limits(
    wanted: Integers,
    row_place: Integers,
    column_at: Integers,
    lower: Triangle,
    upper: Triangle,
    basic_columns: Matrix,
    basic_row: Booleans,
    rooms: Rooms,
    limits: Limits,
) -> None:
    """
    Find how far the sides of rows outside of the basis may rise and fall before a basic variable meets a bound.

    `wanted` (w) are positions in R; `column_at` (k) is the position in C of each place of U. `basic_columns` are the columns C
    of the matrix; `basic_row` (m) marks rows whose logical is basic. `rooms` are the distances up and down to the bounds of
    basic columns (k, k) and of rows (m, m). `limits` is filled: steps up and down (w, w) and what limits them (w, w): a
    position in C, k + a row, or -1 for nothing.
    """
    size, rows = row_place.size, basic_row.size
    indptr, indices, entries = basic_columns
    column_up, column_down, row_up, row_down = rooms
    x, seeds, best = np.zeros(size), np.empty(size + 1, np.int64), np.empty(2)
    work = (np.empty(size, np.int64), np.empty(size + 1, np.int64), np.empty(size + 1, np.int64), np.zeros(size, np.bool_))
    moved, weight, touched = np.zeros(rows), np.zeros(rows), np.empty(rows, np.int64)
    for at in range(wanted.size):
        seeds[0] = row_place[wanted[at]]
        x[seeds[0]] = 1.0
        count = _solve(upper, seeds, _solve(lower, seeds, 1, x, work), x, work)
        largest = 0.0
        for index in range(count):
            largest = max(largest, abs(x[seeds[index]]))
        _begin(at, limits, best)
        met = 0
        for index in range(count):
            change, column = x[seeds[index]], column_at[seeds[index]]
            x[seeds[index]] = 0.0
            if abs(change) <= PIVOT * largest:
                continue
            _shorten(change, column_up[column], column_down[column], column, at, limits, best)
            for entry in range(indptr[column], indptr[column + 1]):
                row = indices[entry]
                if basic_row[row]:
                    if weight[row] == 0.0:
                        touched[met] = row
                        met += 1
                    moved[row] += change * entries[entry]
                    weight[row] += abs(change * entries[entry])
        for index in range(met):
            row = touched[index]
            if abs(moved[row]) > PIVOT * weight[row]:
                _shorten(moved[row], row_up[row], row_down[row], size + row, at, limits, best)
            moved[row] = weight[row] = 0.0


@kernel(f"void(i8[::1], i8[::1], i8[::1], i8[::1], {_TRIANGLE}, {_TRIANGLE}, {_MATRIX}, {_ROOMS}, {_LIMITS})")
def cost_limits(
    wanted: Integers,
    column_place: Integers,
    row_at: Integers,
    basis_rows: Integers,
    lower: Triangle,
    upper: Triangle,
    by_row: Matrix,
    rooms: Rooms,
    limits: Limits,
) -> None:
    """
    Find how far the costs of basic columns may rise and fall before a variable outside of the basis would enter it.

    `wanted` (w) are positions in C; `row_at` (k) is the position in R of each place of L, `basis_rows` (k) are the rows R.
    `lower` and `upper` are the factors of K'. `rooms` are how far reduced costs (n, n) and duals (m, m) may rise and fall.
    `limits` is filled: steps up and down (w, w) and what limits them (w, w): a column, n + a row, or -1 for nothing.
    """
    size = column_place.size
    indptr, indices, entries = by_row
    column_up, column_down, row_up, row_down = rooms
    columns = column_up.size
    x, seeds, best = np.zeros(size), np.empty(size + 1, np.int64), np.empty(2)
    work = (np.empty(size, np.int64), np.empty(size + 1, np.int64), np.empty(size + 1, np.int64), np.zeros(size, np.bool_))
    moved, weight, touched = np.zeros(columns), np.zeros(columns), np.empty(columns, np.int64)
    for at in range(wanted.size):
        seeds[0] = column_place[wanted[at]]
        x[seeds[0]] = 1.0
        count = _solve(upper, seeds, _solve(lower, seeds, 1, x, work), x, work)
        largest = 0.0
        for index in range(count):
            largest = max(largest, abs(x[seeds[index]]))
        _begin(at, limits, best)
        met = 0
        for index in range(count):
            change, row = x[seeds[index]], basis_rows[row_at[seeds[index]]]
            x[seeds[index]] = 0.0
            if abs(change) <= PIVOT * largest:
                continue
            _shorten(change, row_up[row], row_down[row], columns + row, at, limits, best)
            for entry in range(indptr[row], indptr[row + 1]):
                column = indices[entry]
                if weight[column] == 0.0:
                    touched[met] = column
                    met += 1
                moved[column] -= change * entries[entry]
                weight[column] += abs(change * entries[entry])
        for index in range(met):
            column = touched[index]
            if abs(moved[column]) > PIVOT * weight[column]:
                _shorten(moved[column], column_up[column], column_down[column], column, at, limits, best)
            moved[column] = weight[column] = 0.0


@warm_up
def warm_ranging() -> None:
    """Call both kernels without anything to do."""
    whole, real, none = np.zeros(0, np.int64), np.zeros(0), np.zeros(1, np.int64)
    triangle, matrix, rooms, limits = (none, whole, real, real), (none, whole, real), (real,) * 4, (real, real, whole, whole)
    side_limits(whole, whole, whole, triangle, triangle, matrix, np.zeros(0, np.bool_), rooms, limits)
    cost_limits(whole, whole, whole, whole, triangle, triangle, matrix, rooms, limits)
