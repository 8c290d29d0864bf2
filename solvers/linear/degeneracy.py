"""Degeneracy of an optimal basis: whether prices hold on one side only, and whether other answers are as good."""

import time
from dataclasses import replace

import numpy as np

from solvers.base import Budget, Silent
from solvers.linear.basis import AT_LOWER, AT_UPPER, BASIC, BETWEEN, Basis
from solvers.linear.model import Booleans, Floats, LinearModel
from solvers.linear.ranging import PRICE_NOISE, rooms
from solvers.linear.solve import solve_linear

MOST_TRIED = 20
"""Candidates for a move to another optimum that are tried one by one before a linear program decides."""

MOST_NONZEROS = 50_000
"""Larger models are not solved a second time for this question."""

MOVED = 1e-6
"""A variable moves when it leaves its bound by more than this, relative to max(1, |bound|)."""

LEAST_TIME = 0.01


def is_degenerate(model: LinearModel, basis: Basis) -> bool:
    """Tell whether a basic variable or row lies on a bound, so that prices may hold for a change in one direction only."""
    return bool(bound_columns(model, basis).any() or bound_rows(model, basis).any())


def bound_columns(model: LinearModel, basis: Basis) -> Booleans:
    """Return which of the basic columns C lie on a bound, shape (k,)."""
    at = basis.columns
    up, down = rooms(basis.values[at], model.column_lower[at], model.column_upper[at])
    tight: Booleans = (up == 0) | (down == 0)
    return tight


def bound_rows(model: LinearModel, basis: Basis) -> Booleans:
    """Return which rows are basic and yet lie on a side, shape (m,)."""
    up, down = rooms(basis.activity, model.row_lower, model.row_upper)
    tight: Booleans = (basis.row_places == BASIC) & ((up == 0) | (down == 0))
    return tight


def has_alternatives(model: LinearModel, basis: Basis, *, deadline: float) -> bool | None:
    """
    Tell whether other answers have the same objective: proved either way, or None when that would take too long.

    Without a variable outside of the basis that costs nothing to move there is none. One that moves by a positive step proves
    another answer. Where all of them are blocked by degeneracy, a linear program over the answers of equal value decides.
    """
    columns = _free_of_charge(basis.reduced_costs, basis.column_places)
    rows = _free_of_charge(basis.duals, basis.row_places)
    if not columns.any() and not rows.any():
        return False
    candidates = [*np.flatnonzero(columns).tolist(), *(model.columns + np.flatnonzero(rows)).tolist()]
    if any(_can_move(model, basis, candidate) for candidate in candidates[:MOST_TRIED]):
        return True
    left = deadline - time.monotonic()
    if model.nonzeros > MOST_NONZEROS or left < LEAST_TIME:
        return None
    return _moves_on_the_face(model, basis, columns=columns, rows=rows, seconds=left)


def _free_of_charge(prices: Floats, places: np.ndarray) -> Booleans:
    movable = (places == AT_LOWER) | (places == AT_UPPER) | (places == BETWEEN)
    free: Booleans = movable & (np.abs(prices) <= PRICE_NOISE)
    return free


def _can_move(model: LinearModel, basis: Basis, candidate: int) -> bool:
    """Tell whether one variable can leave its bound by a positive step while all others outside of the basis stay."""
    is_column = candidate < model.columns
    place = basis.column_places[candidate] if is_column else basis.row_places[candidate - model.columns]
    if is_column:
        first, last = basis.by_column.indptr[candidate : candidate + 2]
        right = np.zeros(model.rows)
        right[basis.by_column.indices[first:last]] = -basis.by_column.data[first:last]
    else:
        right = np.zeros(model.rows)
        right[candidate - model.columns] = 1.0
    change = np.zeros(model.columns)
    change[basis.columns] = basis.solve(right[basis.rows])
    if is_column:
        change[candidate] = 1.0
    moved = basis.by_column @ change
    directions = (1.0, -1.0) if place == BETWEEN else (-1.0,) if place == AT_UPPER else (1.0,)
    return any(
        _is_free(direction * change, basis.values, model.column_lower, model.column_upper)
        and _is_free(direction * moved, basis.activity, model.row_lower, model.row_upper)
        for direction in directions
    )


def _is_free(change: Floats, values: Floats, lower: Floats, upper: Floats) -> bool:
    """Tell whether no value that changes lies on the bound that it changes towards."""
    up, down = rooms(values, lower, upper)
    noise = 1e-9 * max(1.0, float(np.abs(change).max(initial=0.0)))
    return not (((change > noise) & (up == 0)) | ((change < -noise) & (down == 0))).any()


def _moves_on_the_face(model: LinearModel, basis: Basis, *, columns: Booleans, rows: Booleans, seconds: float) -> bool | None:
    """Maximise the moves of all free variables over the answers of equal value."""
    column_fixed, row_fixed = (basis.column_places != BASIC) & ~columns, (basis.row_places != BASIC) & ~rows
    if (basis.column_places[columns] == BETWEEN).any() or (basis.row_places[rows] == BETWEEN).any():
        return None
    direction = np.where(columns, np.where(basis.column_places == AT_LOWER, 1.0, -1.0), 0.0)
    weights = np.where(rows, np.where(basis.row_places == AT_LOWER, 1.0, -1.0), 0.0)
    face = replace(
        model,
        sense="max",
        objective=direction + basis.by_column.T @ weights,
        offset=0.0,
        column_lower=np.where(column_fixed, basis.values, model.column_lower),
        column_upper=np.where(column_fixed, basis.values, model.column_upper),
        row_lower=np.where(row_fixed, basis.activity, model.row_lower),
        row_upper=np.where(row_fixed, basis.activity, model.row_upper),
    )
    budget = Budget(time_limit=seconds, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
    found = solve_linear(face, budget, Silent())
    if found.status == "unbounded":
        return True
    if found.termination.reason != "optimal" or found.values is None:
        return None
    moves = np.abs(found.values - basis.values)[columns].max(initial=0.0)
    row_moves = np.abs(basis.by_column @ found.values - basis.activity)[rows].max(initial=0.0)
    scale = max(1.0, float(np.abs(basis.values).max(initial=0.0)))
    return bool(max(moves, row_moves) > MOVED * scale)
