"""
The dual of a linear model, as a linear model of its own.

Primal (min; a max has every sign of the dual turned over)      Dual (max)
row  a_i x >= L_i                                               y_i >= 0, L_i in its objective
row  a_i x <= U_i                                               y_i <= 0, U_i in its objective
row  a_i x  = b_i                                               y_i free
row  L_i <= a_i x <= U_i                                        one price for each side
column x_j >= 0                                                 A_j'y <= c_j
column x_j <= 0                                                 A_j'y >= c_j
column free                                                     A_j'y  = c_j
any other bound of a column                                     a row of its own, with the price z_j added to A_j'y

So y_i is the change of the caller's objective per +1 on the right-hand side, as everywhere. A bound of 0 is part of what a
variable is and has no price of its own: the slack of the dual constraint is its reduced cost. Integrality is left out: the dual
of a MIP is the dual of its relaxation. Source: Chvatal, Linear Programming (1983), chapters 5 and 9.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from solvers.linear.model import Booleans, Floats, Integers, LinearModel

Side = Literal["equal", "lower", "upper"]
OTHER_SENSE: dict[str, Literal["min", "max"]] = {"min": "max", "max": "min"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """
    A dual variable: of a row (`y`) or of a bound of a column (`z`), and of which side of it.

    `alone` is False when the other side of the same row or column has a dual variable too.
    """

    letter: Literal["y", "z"]
    index: int
    side: Side
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DualProgram:
    """
    The dual as a model whose p columns are `prices` and whose rows are the n columns of the primal, in their order.

    Its columns and rows carry the names of what they price, so names of its columns need not be unique.
    """

    model: LinearModel
    prices: Sequence[Price]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Dual variables of one kind: the rows or columns they price, and all m or n sides of that kind."""

    letter: Literal["y", "z"]
    side: Side
    index: Integers
    sides: Floats

    def domain(self, sign: float) -> tuple[float, float]:
        """Return the bounds of these variables: for a min those of a lower side are >= 0, those of an upper side <= 0."""
        if self.side == "equal":
            return -np.inf, np.inf
        return (0.0, np.inf) if (self.side == "lower") == (sign > 0) else (-np.inf, 0.0)


def dual_program(model: LinearModel) -> DualProgram:
    """Return the dual of a model without its integrality; rows without sides have no price."""
    parts = [*_row_parts(model), *_column_parts(model)]
    prices = _prices(parts)
    domains = np.array([part.domain(model.sign) for part in parts for _ in part.index]).reshape(-1, 2)
    order = np.argsort([price.index + (model.rows if price.letter == "z" else 0) for price in prices], kind="stable")
    transposed = sparse.csc_array(model.matrix().T)
    identity = sparse.eye_array(model.columns, format="csc")
    blocks = [(transposed if part.letter == "y" else identity)[:, part.index] for part in parts]
    matrix = sparse.csr_array(sparse.csc_array(sparse.hstack(blocks))[:, order])
    matrix.sort_indices()
    names = {"y": model.row_names, "z": model.column_names}
    low, high = _relations(model)
    dual = LinearModel(
        name=f"dual of {model.name}",
        sense=OTHER_SENSE[model.sense],
        objective_family=model.objective_family,
        sets=(),
        parameters=(),
        variable_groups=(),
        constraint_groups=(),
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        coefficients=np.asarray(matrix.data, dtype=np.float64),
        column_lower=domains[order, 0],
        column_upper=domains[order, 1],
        objective=np.concatenate([part.sides[part.index] for part in parts])[order],
        integer=np.zeros(len(prices), dtype=np.bool_),
        row_lower=np.where(low, model.objective, -np.inf),
        row_upper=np.where(high, model.objective, np.inf),
        column_names=[names[prices[at].letter][prices[at].index] for at in order.tolist()],
        row_names=model.column_names,
        column_pointers=None,
        row_pointers=None,
        offset=model.offset,
    )
    return DualProgram(model=dual, prices=[prices[at] for at in order.tolist()])


def dual_point(dual: DualProgram, *, duals: Floats, reduced_costs: Floats) -> Floats:
    """
    Return the values of the dual variables that an answer of the primal reports.

    `duals` has shape (m,), `reduced_costs` shape (n,). A price goes to the side it points to; the reduced cost of a bound of 0
    is the slack of its dual constraint and no variable.
    """
    reported = {"y": duals, "z": reduced_costs}
    values = np.array([reported[price.letter][price.index] for price in dual.prices], dtype=np.float64)
    return np.clip(values, dual.model.column_lower, dual.model.column_upper) + 0.0


def fixed_columns(model: LinearModel) -> Booleans:
    """Return which columns have one possible value, shape (n,)."""
    return np.equal(model.column_lower, model.column_upper)


def _row_parts(model: LinearModel) -> list[_Part]:
    lower, upper = model.row_lower, model.row_upper
    equal = lower == upper
    return [
        _Part("y", "equal", np.flatnonzero(equal), lower),
        _Part("y", "lower", np.flatnonzero(np.isfinite(lower) & ~equal), lower),
        _Part("y", "upper", np.flatnonzero(np.isfinite(upper) & ~equal), upper),
    ]


def _column_parts(model: LinearModel) -> list[_Part]:
    """Return the prices of bounds; those of 0 are the domain of a column and have none."""
    lower, upper = model.column_lower, model.column_upper
    fixed = fixed_columns(model)
    above_zero, below_zero = domains(model)
    return [
        _Part("z", "equal", np.flatnonzero(fixed), lower),
        _Part("z", "lower", np.flatnonzero(np.isfinite(lower) & ~above_zero & ~fixed), lower),
        _Part("z", "upper", np.flatnonzero(np.isfinite(upper) & ~below_zero & ~fixed), upper),
    ]


def _prices(parts: list[_Part]) -> list[Price]:
    """Return the dual variables of all parts, part by part."""
    count = Counter((part.letter, at) for part in parts for at in part.index.tolist())
    return [
        Price(letter=part.letter, index=at, side=part.side, alone=count[part.letter, at] == 1)
        for part in parts
        for at in part.index.tolist()
    ]


def domains(model: LinearModel) -> tuple[Booleans, Booleans]:
    """Return which columns are what a textbook calls x >= 0, and which x <= 0."""
    fixed = fixed_columns(model)
    above_zero = (model.column_lower == 0) & ~fixed
    return above_zero, (model.column_upper == 0) & ~above_zero & ~fixed


def _relations(model: LinearModel) -> tuple[Booleans, Booleans]:
    """Return which dual constraints have c_j as a lower side and which as an upper side; equations have both."""
    above_zero, below_zero = domains(model)
    if model.sign > 0:
        return ~above_zero, ~below_zero
    return ~below_zero, ~above_zero
