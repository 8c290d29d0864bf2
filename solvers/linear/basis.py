"""
The optimal basis of a linear program, rebuilt outside the engine and compared with what the engine reports.

Every row i gets a logical variable r_i = (A x)_i with the row's sides as bounds; m of the n + m variables are basic. With C the
basic columns and R the rows whose logical is not basic, everything follows from the square kernel K = A[R, C] (Maros 2003,
Computational Techniques of the Simplex Method, section 4.4): x_C = K^-1 (r_R - A[R, N] x_N), y_R = K^-T c_C. SciPy's sparse LU
factors K. Costs, duals and reduced costs are here in the sense of a minimum, whatever the caller's sense.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from solvers.linear.model import Booleans, Floats, Integers, LinearModel
from solvers.linear.solve import LinearResult

BASIC, AT_LOWER, AT_UPPER, FIXED, BETWEEN = range(5)
"""Places of a variable: basic, or not basic at its lower bound, its upper bound, at equal bounds, or at none (free)."""

AGREEMENT = 1e-6
"""Largest relative difference between the engine's numbers and those of the rebuilt basis."""
NEAR = 1e-9
"""A value lies on a bound when it is this near to it, relative to max(1, |bound|)."""

Places = NDArray[np.int8]

Triangle = tuple[Integers, Integers, Floats, Floats]
"""A triangular factor by columns: where each column starts (k + 1), rows and values off the diagonal, the diagonal (k)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factors:
    """
    K = P' L U Q' with row i of K at place `row_place[i]` of L and column j at place `column_place[j]` of U.

    `upper_transposed` and `lower_transposed` are the same factors for systems with K'.
    """

    row_place: Integers
    column_place: Integers
    lower: Triangle
    upper: Triangle
    upper_transposed: Triangle
    lower_transposed: Triangle


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """
    An optimal basis of a model with m rows and n columns, confirmed against the engine's answer.

    `columns` (k) are the basic columns C and `rows` (k) the rows R, both ascending. `column_places` (n) and `row_places` (m)
    hold the places of all variables. `values` (n), `activity` (m), `duals` (m) and `reduced_costs` (n) are recomputed from the
    basis, the last two for a minimum. `by_column` is the matrix by columns, `factors` and `kernel` (SciPy's) are those of K.
    """

    columns: Integers
    rows: Integers
    column_places: Places
    row_places: Places
    values: Floats
    activity: Floats
    duals: Floats
    reduced_costs: Floats
    by_column: Any
    factors: Factors
    kernel: Any

    def solve(self, right: Floats) -> Floats:
        """Return K^-1 times a vector or matrix of k rows."""
        solution: Floats = self.kernel.solve(right)
        return solution

    def solve_transposed(self, right: Floats) -> Floats:
        """Return K^-T times a vector or matrix of k rows."""
        solution: Floats = self.kernel.solve(right, "T")
        return solution


def rebuilt_basis(model: LinearModel, result: LinearResult) -> Basis | str:
    """Return the basis of an LP optimum, or the reason why there is none that could be relied on, as the end of a sentence."""
    if result.values is None or result.column_status is None or result.row_status is None:
        return "the engine returned no basis"
    if result.duals is None or result.reduced_costs is None:
        return "the engine returned no prices"
    places = (_codes(result.column_status), _codes(result.row_status))
    basic_columns, rows = np.flatnonzero(places[0] == BASIC), np.flatnonzero(places[1] != BASIC)
    if len(basic_columns) != len(rows):
        return "the engine's basis has another number of variables than the model has constraints"
    by_column = model.matrix().tocsc()
    decomposition = _decomposition(by_column[:, basic_columns][rows, :])
    if decomposition is None:
        return "the matrix of the engine's basis is singular"
    basis = _recomputed(
        model, result.values, places=places, columns=basic_columns, rows=rows, by_column=by_column, kernel=decomposition
    )
    return _disagreement(model, result, basis) or basis


def _codes(statuses: Sequence[str]) -> Places:
    code = {"basic": BASIC, "at_lower": AT_LOWER, "at_upper": AT_UPPER, "fixed": FIXED, "free": BETWEEN}
    return np.fromiter((code[status] for status in statuses), dtype=np.int8, count=len(statuses))


def _decomposition(kernel: Any) -> Any | None:
    """Return SuperLU's factors of K, or None when it is singular."""
    if kernel.shape[0] == 0:
        return _Nothing()
    try:
        return splu(sparse.csc_matrix(kernel))
    except RuntimeError:  # SuperLU's word for an exactly singular matrix
        return None


class _Nothing:
    """The factorisation of a matrix without rows and columns, which SuperLU refuses."""

    L = U = sparse.csc_matrix((0, 0))
    perm_r = perm_c = np.zeros(0, dtype=np.int64)

    @staticmethod
    def solve(right: Floats, _transposed: str = "N") -> Floats:
        return right


def _factors(decomposition: Any) -> Factors:
    lower, upper = decomposition.L, decomposition.U
    return Factors(
        row_place=decomposition.perm_r.astype(np.int64),
        column_place=decomposition.perm_c.astype(np.int64),
        lower=_triangle(lower.tocsc()),
        upper=_triangle(upper.tocsc()),
        upper_transposed=_triangle(upper.T.tocsc()),
        lower_transposed=_triangle(lower.T.tocsc()),
    )


def _triangle(factor: Any) -> Triangle:
    """Return a factor with its diagonal set apart."""
    size = factor.shape[0]
    column = np.repeat(np.arange(size), np.diff(factor.indptr))
    off = factor.indices != column
    indptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(column[off], minlength=size), out=indptr[1:])
    entries = factor.data[off].astype(np.float64)
    return indptr, factor.indices[off].astype(np.int64), entries, np.array(factor.diagonal(), dtype=np.float64)


def _recomputed(
    model: LinearModel,
    values: Floats,
    *,
    places: tuple[Places, Places],
    columns: Integers,
    rows: Integers,
    by_column: Any,
    kernel: Any,
) -> Basis:
    """Return the basis with everything recomputed from the bounds at which the other variables lie."""
    at, column_places = _settled(values, model.column_lower, model.column_upper, places[0])
    sides, row_places = _settled(model.matrix() @ values, model.row_lower, model.row_upper, places[1])
    at[columns] = 0.0
    at[columns] = kernel.solve((sides - by_column @ at)[rows])
    cost = model.sign * model.objective
    duals = np.zeros(model.rows)
    duals[rows] = kernel.solve(cost[columns], "T")
    reduced = cost - by_column.T @ duals
    reduced[columns] = 0.0
    return Basis(
        columns=columns,
        rows=rows,
        column_places=column_places,
        row_places=row_places,
        values=at,
        activity=by_column @ at,
        duals=duals,
        reduced_costs=reduced,
        by_column=by_column,
        factors=_factors(kernel),
        kernel=kernel,
    )


def _settled(values: Floats, lower: Floats, upper: Floats, places: Places) -> tuple[Floats, Places]:
    """Return values with those that are not basic put on their bounds, and the places that these are."""
    outside = places != BASIC
    wanted_upper = (places == AT_UPPER) | ((places == BETWEEN) & _near(values, upper) & ~_near(values, lower))
    on_upper = outside & wanted_upper & np.isfinite(upper)
    on_lower = outside & ~on_upper & np.isfinite(lower) & ((places != BETWEEN) | _near(values, lower))
    found = np.where(outside, BETWEEN, BASIC).astype(np.int8)
    found[on_lower], found[on_upper] = AT_LOWER, AT_UPPER
    found[outside & (lower == upper)] = FIXED
    return np.where(on_lower, lower, np.where(on_upper, upper, values)), found


def _disagreement(model: LinearModel, result: LinearResult, basis: Basis) -> str | None:
    """Return in what the rebuilt basis differs from the engine's answer, or is not optimal; None when it does not."""
    assert result.values is not None
    assert result.duals is not None
    assert result.reduced_costs is not None
    duals, reduced = model.sign * result.duals, model.sign * result.reduced_costs
    price = max(1.0, _largest(np.abs(duals)), _largest(np.abs(reduced)))
    findings = {
        "values": _largest(np.abs(basis.values - result.values) / np.maximum(1.0, np.abs(result.values))),
        "prices": _largest(np.abs(basis.duals - duals)) / price,
        "reduced costs": _largest(np.abs(basis.reduced_costs - reduced)) / price,
        "feasibility": max(
            _outside(basis.values, model.column_lower, model.column_upper),
            _outside(basis.activity, model.row_lower, model.row_upper),
        ),
        "optimality": max(_wrong(basis.reduced_costs, basis.column_places), _wrong(basis.duals, basis.row_places)) / price,
    }
    for what, size in findings.items():
        if not size <= AGREEMENT:
            return f"the {what} of the rebuilt basis differ from the engine's by {size:.2g}, relative"
    return None


def _outside(values: Floats, lower: Floats, upper: Floats) -> float:
    return _largest(np.maximum(lower - values, values - upper) / np.maximum(1.0, np.abs(values)))


def _wrong(prices: Floats, places: Places) -> float:
    """Return the largest price of a sign that its place does not allow in a minimum."""
    wrong = np.where(places == AT_LOWER, -prices, np.where(places == AT_UPPER, prices, 0.0))
    return _largest(np.where(places == BETWEEN, np.abs(prices), wrong))


def _near(values: Floats, bound: Floats) -> Booleans:
    finite = np.isfinite(bound)
    at = np.where(finite, bound, 0.0)
    return finite & (np.abs(values - at) <= NEAR * np.maximum(1.0, np.abs(at)))


def _largest(numbers: Floats) -> float:
    return max(0.0, float(numbers.max())) if numbers.size else 0.0
