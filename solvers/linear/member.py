"""
Members of a conflict: sides of rows, bounds of columns, and the demand that a column takes whole numbers.

Lower bounds of 0 and the bounds of columns that are 0 or 1 are part of what a variable is: they always hold and are no members.
An equation is one member; a row with two different sides is two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from solvers.linear.model import Booleans, Floats, Integers, LinearModel

MemberKind = Literal["row", "row_lower", "row_upper", "lower", "upper", "whole"]


@dataclass(frozen=True, slots=True)
class Member:
    """
    One condition, by the index of its row or column.

    row: an equation. row_lower, row_upper: one side of a row. lower, upper: a bound of a column. whole: its integrality.
    """

    kind: MemberKind
    index: int

    @property
    def is_of_row(self) -> bool:
        """True when `index` is a row, False when it is a column."""
        return self.kind.startswith("row")


def domain(model: LinearModel) -> tuple[Floats, Floats]:
    """Return the bounds that always hold: at least 0, and 0 or 1; infinite where there is none; two arrays of shape (n,)."""
    lower = np.where(model.column_lower == 0, 0.0, -np.inf)
    binary = model.integer & (model.column_lower == 0) & (model.column_upper == 1)
    return lower, np.where(binary, 1.0, np.inf)


def members_of(model: LinearModel) -> list[Member]:
    """Return all members of a model: bounds and integrality of columns first, rows last."""
    lower, upper = domain(model)
    below = np.isfinite(model.column_lower) & np.isinf(lower)
    above = np.isfinite(model.column_upper) & np.isinf(upper)
    found = [Member("whole", column) for column in np.flatnonzero(model.integer).tolist()]
    found += [Member("lower", column) for column in np.flatnonzero(below).tolist()]
    found += [Member("upper", column) for column in np.flatnonzero(above).tolist()]
    equation = model.row_lower == model.row_upper
    sides: tuple[tuple[MemberKind, Booleans], ...] = (
        ("row_lower", np.isfinite(model.row_lower) & ~equation),
        ("row_upper", np.isfinite(model.row_upper) & ~equation),
        ("row", equation),
    )
    for kind, has in sides:
        found += [Member(kind, row) for row in np.flatnonzero(has).tolist()]
    return found


def indices(members: Iterable[Member], *kinds: MemberKind) -> Integers:
    """Return the indices of the members of some kinds."""
    return np.asarray([member.index for member in members if member.kind in kinds], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What some members alone demand: a model of the columns that they touch, without objective, and those columns."""

    model: LinearModel
    columns: Integers


def part_of(model: LinearModel, members: Sequence[Member]) -> Part:
    """Return the members, and what variables are, as a model of their own; all else is left out."""
    rows = np.unique(indices(members, "row", "row_lower", "row_upper"))
    matrix = model.matrix()[rows]
    lower, upper = domain(model)
    at_least, at_most, whole = indices(members, "lower"), indices(members, "upper"), indices(members, "whole")
    lower[at_least], upper[at_most] = model.column_lower[at_least], model.column_upper[at_most]
    used = np.union1d(matrix.indices, np.concatenate([at_least, at_most, whole])).astype(np.int64)
    matrix = matrix[:, used]
    integer = np.zeros(model.columns, dtype=np.bool_)
    integer[whole] = True
    below, above = np.full(model.rows, -np.inf), np.full(model.rows, np.inf)
    down, up = indices(members, "row", "row_lower"), indices(members, "row", "row_upper")
    below[down], above[up] = model.row_lower[down], model.row_upper[up]
    made = replace(
        model,
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        coefficients=np.asarray(matrix.data, dtype=np.float64),
        column_lower=lower[used],
        column_upper=upper[used],
        objective=np.zeros(len(used)),
        integer=integer[used],
        row_lower=below[rows],
        row_upper=above[rows],
        offset=0.0,
    )
    return Part(made, used)


def violation(model: LinearModel, members: Sequence[Member], values: Floats) -> Floats:
    """
    Return by how much each member is violated at a point of shape (n,), shape (members,).

    Rows relative to max(1, sum_j |a_ij x_j|), bounds to max(1, |x_j|).
    """
    matrix = model.matrix()
    activity, scale = matrix @ values, np.maximum(1.0, abs(matrix) @ np.abs(values))
    size = np.maximum(1.0, np.abs(values))
    amounts: dict[MemberKind, Floats] = {
        "row": np.maximum(model.row_lower - activity, activity - model.row_upper) / scale,
        "row_lower": (model.row_lower - activity) / scale,
        "row_upper": (activity - model.row_upper) / scale,
        "lower": (model.column_lower - values) / size,
        "upper": (values - model.column_upper) / size,
        "whole": np.abs(values - np.round(values)),
    }
    kinds = list(amounts)
    kind = np.asarray([kinds.index(member.kind) for member in members], dtype=np.int64)
    index = np.asarray([member.index for member in members], dtype=np.int64)
    found = np.zeros(len(members))
    for at, name in enumerate(kinds):
        here = kind == at
        found[here] = amounts[name][index[here]]
    return np.maximum(found, 0.0)


def domain_violation(model: LinearModel, values: Floats) -> float:
    """Return by how much a point leaves what variables are."""
    lower, upper = domain(model)
    outside = np.maximum(lower - values, values - upper) / np.maximum(1.0, np.abs(values))
    return float(np.maximum(outside, 0.0).max(initial=0.0))
