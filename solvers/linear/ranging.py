"""
Ranging of an optimal basis: how far one right-hand side or one cost may move, the rest unchanged, until the basis changes.

Within its range a right-hand side changes the objective by its shadow price, and a cost leaves the values of the variables as
they are; at the end another constraint or variable takes its turn (Bradley, Hax and Magnanti 1977, sections 3.4 and 3.5). A
range belongs to a basis: another optimal basis of a degenerate model has other ranges, as true as these.
"""

import time
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from solvers.linear.basis import AT_LOWER, AT_UPPER, BASIC, BETWEEN, FIXED, NEAR, Basis, Places
from solvers.linear.model import Booleans, Floats, Integers, LinearModel
from solvers.linear.ranging_kernels import Limits, cost_limits, side_limits
from solvers.linear.solve import without_noise

BATCH = 512
"""Entries between two looks at the clock."""

PRICE_NOISE = 1e-9
"""Prices of this size count as 0."""

NOTHING = -1
"""Code of an end that nothing limits; j < n is a column and n + i a row."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranges:
    """
    Ranges of w entries, in the caller's sense; an end that does not exist is infinite.

    `known` (w) is False where time ran out. `at` (w) are the numbers themselves: right-hand sides or costs. `lower` and `upper`
    (w) are the ends, `objective_lower` and `objective_upper` (w) the optimal objective there (infinite where there is no end),
    `limit_lower` and `limit_upper` (w) what changes its place in the basis there: a column j, n + a row i, or -1.
    """

    known: Booleans
    at: Floats
    lower: Floats
    upper: Floats
    objective_lower: Floats
    objective_upper: Floats
    limit_lower: Integers
    limit_upper: Integers

    def taken(self, order: Integers) -> "Ranges":
        """Return the ranges of some entries, in the given order."""
        return Ranges(**{part.name: getattr(self, part.name)[order] for part in fields(self)})


def side_ranges(model: LinearModel, basis: Basis, rows: Integers, *, value: float, deadline: float) -> Ranges:
    """
    Return the range of the active side of each row: of an equality the right-hand side, of a range the side that is active.

    A row that does not bind has the range of its nearer side: that side may move until it meets the activity, and the
    objective stays.

    Parameters
    ----------
    model, basis
        A linear program and its optimal basis.
    rows
        Rows to range, shape (w,), most important first; each has a side.
    value
        Optimal objective, in the caller's sense.
    deadline
        Moment on the clock of `time.monotonic` after which the rest stays unknown.
    """
    side, is_upper = active_sides(model, basis, rows)
    rise, fall = np.full(len(rows), np.inf), np.full(len(rows), np.inf)
    limit_rise, limit_fall = np.full(len(rows), NOTHING), np.full(len(rows), NOTHING)
    places = basis.row_places[rows]
    loose = places == BASIC
    known = loose.copy()
    # A side that does not bind may move away without end, and towards the activity until it binds.
    slack = np.where(loose, np.abs(basis.activity[rows] - side), 0.0)
    slack = np.where(slack <= NEAR * np.maximum(1.0, np.abs(side)), 0.0, slack)
    rise = np.where(loose & ~is_upper, slack, rise)
    fall = np.where(loose & is_upper, slack, fall)
    equal = model.row_lower[rows] == model.row_upper[rows]
    rise, fall = np.where(loose & equal, 0.0, rise), np.where(loose & equal, 0.0, fall)
    tight = np.flatnonzero(~loose)
    found = _side_limits(basis, model, np.searchsorted(basis.rows, rows[tight]), deadline)
    done = tight[: len(found[0])]
    rise[done], fall[done], known[done] = found[0], found[1], True
    size = len(basis.columns)
    limit_rise[done], limit_fall[done] = (_named(codes, basis.columns, size, model.columns) for codes in found[2:])
    # The side of a range cannot pass its other side.
    other = np.where(is_upper, model.row_lower[rows], model.row_upper[rows])
    room = np.where(equal, np.inf, np.abs(side - other))
    own = model.columns + rows
    limit_rise = np.where((loose & np.isfinite(rise)) | (~loose & ~is_upper & (room < rise)), own, limit_rise)
    limit_fall = np.where((loose & np.isfinite(fall)) | (~loose & is_upper & (room < fall)), own, limit_fall)
    rise = np.where(is_upper, rise, np.minimum(rise, room))
    fall = np.where(is_upper, np.minimum(fall, room), fall)
    slope = model.sign * np.where(loose, 0.0, basis.duals[rows])
    return _ranges(known, at=side, rise=rise, fall=fall, limit_rise=limit_rise, limit_fall=limit_fall, slope=slope, value=value)


def cost_ranges(model: LinearModel, basis: Basis, columns: Integers, *, value: float, deadline: float) -> Ranges:
    """
    Return the range of the cost of each column of shape (w,), most important first; see `side_ranges`.

    A column that is not basic has a range without end on the side that makes it less attractive; at the other end it enters
    the basis itself.
    """
    places, count = basis.column_places[columns], len(columns)
    at_lower, at_upper = places == AT_LOWER, places == AT_UPPER
    reduced = _without_wrong(basis.reduced_costs, basis.column_places)[columns]
    rise = np.where(at_upper, -reduced, np.where(places == BETWEEN, 0.0, np.inf))
    fall = np.where(at_lower, reduced, np.where(places == BETWEEN, 0.0, np.inf))
    limit_rise = np.where(np.isfinite(rise), columns, NOTHING)
    limit_fall = np.where(np.isfinite(fall), columns, NOTHING)
    known = places != BASIC
    basic = np.flatnonzero(~known)
    found = _cost_limits(basis, model, np.searchsorted(basis.columns, columns[basic]), deadline)
    done = basic[: len(found[0])]
    rise[done], fall[done], limit_rise[done], limit_fall[done] = found
    known[done] = True
    if model.sense == "max":
        rise, fall, limit_rise, limit_fall = fall, rise, limit_fall, limit_rise
    assert len(rise) == count
    return _ranges(
        known,
        at=model.objective[columns],
        rise=rise,
        fall=fall,
        limit_rise=limit_rise,
        limit_fall=limit_fall,
        slope=basis.values[columns],
        value=value,
    )


def active_sides(model: LinearModel, basis: Basis, rows: Integers) -> tuple[Floats, Booleans]:
    """Return the active side of each row, or its nearer one, and whether that is the upper side."""
    lower, upper, places = model.row_lower[rows], model.row_upper[rows], basis.row_places[rows]
    nearer_upper = upper - basis.activity[rows] <= basis.activity[rows] - lower
    is_upper = np.where(places == AT_UPPER, True, np.where((places == AT_LOWER) | (places == FIXED), False, nearer_upper))
    return np.where(is_upper, upper, lower), is_upper


def rooms(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return how far values are below their upper and above their lower bounds, without noise and never negative."""
    up, down = upper - values, values - lower
    near = NEAR * np.maximum(1.0, np.abs(values))
    return np.where(up <= near, 0.0, up), np.where(down <= near, 0.0, down)


def price_rooms(prices: Floats, places: Places) -> tuple[Floats, Floats]:
    """Return how far the prices of a minimum may rise and fall while their places stay optimal; basic ones have no limit."""
    right = _without_wrong(prices, places)
    up = np.where(places == AT_UPPER, -right, np.where(places == BETWEEN, 0.0, np.inf))
    down = np.where(places == AT_LOWER, right, np.where(places == BETWEEN, 0.0, np.inf))
    return up, down


def _without_wrong(prices: Floats, places: Places) -> Floats:
    """Return prices without noise and without the tiny ones of a sign that their place does not allow."""
    clean = np.where(np.abs(prices) <= PRICE_NOISE, 0.0, prices)
    return np.where(places == AT_LOWER, np.maximum(clean, 0.0), np.where(places == AT_UPPER, np.minimum(clean, 0.0), clean))


def _side_limits(basis: Basis, model: LinearModel, wanted: Integers, deadline: float) -> Limits:
    """Return the limits of as many of the wanted positions in R as there is time for."""
    if not len(wanted):
        return _room_for(0)
    columns, factors = basis.columns, basis.factors
    part = basis.by_column[:, columns]
    matrix = (part.indptr.astype(np.int64), part.indices.astype(np.int64), part.data)
    room = (
        *rooms(basis.values[columns], model.column_lower[columns], model.column_upper[columns]),
        *rooms(basis.activity, model.row_lower, model.row_upper),
    )
    column_at = np.argsort(factors.column_place)
    basic_row = basis.row_places == BASIC

    def batch(positions: Integers, limits: Limits) -> None:
        side_limits(positions, factors.row_place, column_at, factors.lower, factors.upper, matrix, basic_row, room, limits)

    return _batched(wanted, batch, deadline)


def _cost_limits(basis: Basis, model: LinearModel, wanted: Integers, deadline: float) -> Limits:
    """Return the limits of as many of the wanted positions in C as there is time for."""
    if not len(wanted):
        return _room_for(0)
    factors = basis.factors
    # Only columns that could enter the basis matter: those outside of it that are not fixed.
    movable = ((basis.column_places != BASIC) & (basis.column_places != FIXED))[model.indices]
    starts = np.append(0, np.cumsum(movable))[model.indptr]
    matrix = (starts.astype(np.int64), model.indices[movable].astype(np.int64), model.coefficients[movable])
    room = (
        *price_rooms(basis.reduced_costs, basis.column_places),
        *price_rooms(basis.duals, basis.row_places),
    )
    row_at = np.argsort(factors.row_place)

    def batch(positions: Integers, limits: Limits) -> None:
        cost_limits(
            positions,
            factors.column_place,
            row_at,
            basis.rows,
            factors.upper_transposed,
            factors.lower_transposed,
            matrix,
            room,
            limits,
        )

    return _batched(wanted, batch, deadline)


def _batched(wanted: Integers, batch: Any, deadline: float) -> Limits:
    rise, fall, limit_rise, limit_fall = _room_for(len(wanted))
    start = 0
    while start < len(wanted) and (start == 0 or time.monotonic() < deadline):
        stop = min(start + BATCH, len(wanted))
        batch(wanted[start:stop], (rise[start:stop], fall[start:stop], limit_rise[start:stop], limit_fall[start:stop]))
        start = stop
    return rise[:start], fall[:start], limit_rise[:start], limit_fall[:start]


def _room_for(count: int) -> Limits:
    return np.empty(count), np.empty(count), np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)


def _named(codes: Integers, basis_columns: Integers, size: int, columns: int) -> Integers:
    """Return codes of columns and rows for codes of positions in C and rows."""
    column = np.append(basis_columns, NOTHING)[np.where((codes >= 0) & (codes < size), codes, size)]
    return np.where(codes >= size, columns + codes - size, np.where(codes < 0, NOTHING, column))


def _ranges(
    known: Booleans,
    *,
    at: Floats,
    rise: Floats,
    fall: Floats,
    limit_rise: Integers,
    limit_fall: Integers,
    slope: Floats,
    value: float,
) -> Ranges:
    """Put the ends together, without the noise of floating point."""
    lower, upper = _end(at, -fall), _end(at, rise)
    return Ranges(
        known=known,
        at=at,
        lower=lower,
        upper=upper,
        objective_lower=_objective(value, slope, lower - at),
        objective_upper=_objective(value, slope, upper - at),
        limit_lower=limit_fall,
        limit_upper=limit_rise,
    )


def _end(at: Floats, step: Floats) -> Floats:
    return np.where(np.isfinite(step), without_noise(at + np.where(np.isfinite(step), step, 0.0)), step)


def _objective(value: float, slope: Floats, step: Floats) -> Floats:
    ended = np.isfinite(step)
    return np.where(ended, without_noise(value + slope * np.where(ended, step, 0.0)), np.inf)
