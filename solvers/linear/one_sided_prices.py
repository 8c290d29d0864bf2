"""
One-sided shadow prices of a degenerate optimum: what one more costs, and what one less saves, where the two differ.

The optimal value is convex in the right-hand side (for a minimum), and its slope to the right is the largest, to the left the
smallest price of all dual optima (Akgul 1984, Journal of the Operational Research Society 35:425-431). Where the range of the
basis has room to one side, its price is the slope to that side. Elsewhere the slope is the cost of the cheapest direction in
which the variables can follow the change: a linear program over the variables outside of the basis, with one condition for
every basic variable that lies on a bound, solved exactly by the dual simplex method from the basis at hand. Where no direction
can follow, any change to that side leaves no feasible point.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from solvers.linear.basis import AT_LOWER, AT_UPPER, BASIC, BETWEEN, NEAR, Basis
from solvers.linear.degeneracy import bound_columns, bound_rows
from solvers.linear.dual_simplex_kernels import TOLERANCE, least_cost, least_costs
from solvers.linear.model import Booleans, Floats, Integers, LinearModel
from solvers.linear.ranging import Ranges, rooms

MOST_ENTRIES = 4_000_000
"""Up to this many coefficients all conditions are computed at once; beyond, only those that a direction breaks."""

BATCH_ENTRIES, BATCH = 200_000, 64
"""Rows between two looks at the clock: at most 64, and so many that their conditions have 200,000 coefficients."""

MOST_KEPT = 20_000_000
"""Coefficients of conditions that are kept at the same time."""

JOINING = 50
"""Conditions that join in one round."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneSidedPrices:
    """
    Prices of all m rows for a side that rises (`up`) and falls (`down`), in the caller's sense.

    Infinite where no point is feasible beyond the side, NaN where the price was not found; `unknown` counts rows of the latter
    kind among those that were asked for.
    """

    up: Floats
    down: Floats
    unknown: int


def one_sided_prices(model: LinearModel, basis: Basis, rows: Integers, sides: Ranges, *, deadline: float) -> OneSidedPrices:
    """
    Return the prices of rows for a rising and a falling side; see `OneSidedPrices`.

    Parameters
    ----------
    model, basis
        A linear program and its optimal basis.
    rows, sides
        Rows (w,), most important first, and their ranges.
    deadline
        Moment on the clock of `time.monotonic` after which the rest stays unknown.
    """
    price = basis.duals[rows]
    near = NEAR * np.maximum(1.0, np.abs(sides.at))
    rise, fall = sides.known & (sides.upper - sides.at > near), sides.known & (sides.at - sides.lower > near)
    up, down = np.where(rise, price, np.nan), np.where(fall, price, np.nan)
    wanted = np.flatnonzero(sides.known & ~(rise & fall))
    if len(wanted):
        directions = _Directions(model, basis)
        size = directions.batch_size()
        for start in range(0, len(wanted), size):
            if start and time.monotonic() > deadline:
                break
            batch = wanted[start : start + size]
            rising, falling = directions.slopes(rows[batch], ~rise[batch], ~fall[batch], deadline=deadline)
            up[batch] = np.where(rise[batch], up[batch], rising)
            down[batch] = np.where(fall[batch], down[batch], falling)
    found_up, found_down = np.full(model.rows, np.nan), np.full(model.rows, np.nan)
    found_up[rows], found_down[rows] = model.sign * up, model.sign * down
    return OneSidedPrices(up=found_up, down=found_down, unknown=int((np.isnan(up) | np.isnan(down)).sum()))


class _Directions:
    """The cone of directions that a degenerate optimum allows, as conditions on the variables outside of the basis."""

    def __init__(self, model: LinearModel, basis: Basis) -> None:
        self.model, self.basis = model, basis
        self.on_columns, self.on_rows = np.flatnonzero(bound_columns(model, basis)), np.flatnonzero(bound_rows(model, basis))
        columns, rows = _movable(basis.column_places), _movable(basis.row_places)
        between_columns = columns[basis.column_places[columns] == BETWEEN]
        between_rows = rows[basis.row_places[rows] == BETWEEN]
        # A variable between its bounds moves both ways: it counts twice, with both signs.
        self.columns, self.rows = np.append(columns, between_columns), np.append(rows, between_rows)
        self.column_signs = _signs(basis.column_places[columns], len(between_columns))
        self.row_signs = _signs(basis.row_places[rows], len(between_rows))
        prices = np.concatenate([basis.reduced_costs[self.columns], basis.duals[self.rows]])
        self.costs = np.maximum(0.0, prices * np.concatenate([self.column_signs, self.row_signs]))
        self.outside = basis.by_column[:, self.columns]
        self.kernel_part = sparse.csr_array(self.outside[basis.rows, :].T)
        self.row_positions = np.searchsorted(basis.rows, self.rows)
        at_lower = self._at_lower()
        self.signs, self.equal = np.where(at_lower, 1.0, -1.0), self._equal()
        self.rows_part = sparse.csr_array(basis.by_column[:, basis.columns][self.on_rows, :])
        self.is_small = len(self.signs) * len(self.costs) <= MOST_ENTRIES
        self.all_conditions: Floats | None = None
        self.kept: dict[int, Floats] = {}

    def batch_size(self) -> int:
        """Return how many rows to price between two looks at the clock."""
        return min(BATCH, max(1, BATCH_ENTRIES // max(1, len(self.signs) * len(self.costs))))

    def slopes(self, rows: Integers, up: Booleans, down: Booleans, *, deadline: float) -> tuple[Floats, Floats]:
        """Return the slopes of the minimum to the right where `up` and to the left where `down`; infinite or NaN too."""
        effects, bases = self._effects(rows)
        rising = bases[up] + self._least_costs(effects[up], deadline)
        falling = bases[down] - self._least_costs(-effects[down], deadline)
        found = np.full((2, len(rows)), np.nan)
        found[0, up], found[1, down] = rising, falling
        return found[0], found[1]

    def _effects(self, rows: Integers) -> tuple[Floats, Floats]:
        """Return what a side that rises by 1 does to the conditions, one row each, and the prices of the sides."""
        basis, columns = self.basis, len(self.on_columns)
        effects = np.zeros((len(rows), len(self.signs)))
        loose = basis.row_places[rows] == BASIC
        # A basic row stays where it is while its side moves: its distance to the side changes.
        effects[loose, columns + np.searchsorted(self.on_rows, rows[loose])] = -1.0
        tight = np.flatnonzero(~loose)
        right = np.zeros((len(basis.columns), len(tight)))
        right[np.searchsorted(basis.rows, rows[tight]), np.arange(len(tight))] = 1.0
        change = basis.solve(right)
        effects[tight, :columns] = change[self.on_columns].T
        effects[tight, columns:] = (self.rows_part @ change).T
        noise = TOLERANCE * np.maximum(1.0, np.abs(change).max(axis=0, initial=0.0))
        effects[tight] = np.where(np.abs(effects[tight]) <= noise[:, None], 0.0, effects[tight])
        return effects * self.signs, np.where(loose, 0.0, basis.duals[rows])

    def _least_costs(self, starts: Floats, deadline: float) -> Floats:
        """Return the cost of the cheapest direction for each row of conditions."""
        found = np.full(len(starts), np.nan)
        if self.is_small:
            if self.all_conditions is None:
                self.all_conditions = self._tableau(np.arange(len(self.signs)))
            least_costs(self.all_conditions, np.ascontiguousarray(starts), self.costs, self.equal, found)
            return found
        for index, values in enumerate(starts):
            if time.monotonic() > deadline:
                break
            found[index] = self._least_in_rounds(values)
        return found

    def _least_in_rounds(self, values: Floats) -> float:
        """Return the cost of the cheapest direction, computing only the conditions that a direction breaks."""
        chosen = self._broken(values)[:JOINING]
        while True:
            found, solution = self._least_cost(chosen, values)
            if not np.isfinite(found):
                return found
            broken = np.setdiff1d(self._broken(values + self.signs * self._followed(solution)), chosen)
            if not len(broken):
                return found
            chosen = np.union1d(chosen, broken[:JOINING])

    def _broken(self, values: Floats) -> Integers:
        wrong = np.where(self.equal, -np.abs(values), values)
        broken = np.flatnonzero(wrong < -TOLERANCE)
        return broken[np.argsort(wrong[broken], kind="stable")]

    def _least_cost(self, chosen: Integers, values: Floats) -> tuple[float, Floats]:
        solution = np.zeros(len(self.costs))
        if not len(chosen):
            return 0.0, solution
        tableau = self._conditions(chosen)
        used = np.flatnonzero(np.abs(tableau).max(axis=0, initial=0.0) > TOLERANCE)
        part = np.zeros(len(used))
        found = least_cost(
            np.ascontiguousarray(tableau[:, used]), values[chosen], self.costs[used], self.equal[chosen].copy(), part
        )
        solution[used] = part
        return found, solution

    def _conditions(self, chosen: Integers) -> Floats:
        """Return the coefficients of conditions, one row each."""
        missing = [index for index in chosen.tolist() if index not in self.kept]
        if (len(self.kept) + len(missing)) * len(self.costs) > MOST_KEPT:
            self.kept.clear()
            missing = chosen.tolist()
        if missing:
            for index, row in zip(missing, self._tableau(np.array(missing)), strict=True):
                self.kept[index] = row
        return np.stack([self.kept[index] for index in chosen.tolist()])

    def _tableau(self, wanted: Integers) -> Floats:
        """Return how basic variables on a bound change with each variable outside of the basis, all with their signs."""
        basis, size, columns = self.basis, len(self.basis.columns), len(self.on_columns)
        right = np.zeros((size, len(wanted)))
        own = np.zeros((len(wanted), len(self.columns)))
        is_row = wanted >= columns
        right[self.on_columns[wanted[~is_row]], np.flatnonzero(~is_row)] = 1.0
        rows = self.on_rows[wanted[is_row] - columns]
        if len(rows):
            by_row = self.model.matrix()[rows, :].tocsc()
            right[:, is_row] = by_row[:, basis.columns].toarray().T
            own[is_row] = by_row[:, self.columns].toarray()
        solved = basis.solve_transposed(right)
        found = np.empty((len(wanted), len(self.costs)))
        found[:, : len(self.columns)] = (own - (self.kernel_part @ solved).T) * self.column_signs
        found[:, len(self.columns) :] = solved[self.row_positions].T * self.row_signs
        return np.ascontiguousarray(found * self.signs[wanted][:, None])

    def _effect(self, column_moves: Floats, row_moves: Floats) -> Floats:
        """Return how basic variables on a bound change when variables outside of the basis move."""
        basis = self.basis
        right = row_moves - basis.by_column @ column_moves
        change = column_moves.copy()
        change[basis.columns] = basis.solve(right[basis.rows])
        moved = basis.by_column @ change
        effect = np.concatenate([change[basis.columns[self.on_columns]], moved[self.on_rows]])
        return np.where(np.abs(effect) <= TOLERANCE * max(1.0, float(np.abs(change).max(initial=0.0))), 0.0, effect)

    def _followed(self, solution: Floats) -> Floats:
        """Return the effect of the moves that a solution makes."""
        column_moves, row_moves = np.zeros(self.model.columns), np.zeros(self.model.rows)
        np.add.at(column_moves, self.columns, self.column_signs * solution[: len(self.columns)])
        np.add.at(row_moves, self.rows, self.row_signs * solution[len(self.columns) :])
        return self._effect(column_moves, row_moves)

    def _at_lower(self) -> Booleans:
        return np.concatenate([down == 0 for _, down in self._rooms()])

    def _equal(self) -> Booleans:
        return np.concatenate([(up == 0) & (down == 0) for up, down in self._rooms()])

    def _rooms(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        model, basis, rows = self.model, self.basis, self.on_rows
        columns = basis.columns[self.on_columns]
        return (
            rooms(basis.values[columns], model.column_lower[columns], model.column_upper[columns]),
            rooms(basis.activity[rows], model.row_lower[rows], model.row_upper[rows]),
        )


def _movable(places: np.ndarray) -> Integers:
    return np.flatnonzero((places == AT_LOWER) | (places == AT_UPPER) | (places == BETWEEN))


def _signs(places: np.ndarray, between: int) -> Floats:
    return np.append(np.where(places == AT_UPPER, -1.0, 1.0), np.full(between, -1.0))
