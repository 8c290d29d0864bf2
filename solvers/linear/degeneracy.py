"""Degeneracy of an optimal basis: whether prices hold on one side only, and whether other answers are as good."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.linear.model import Booleans, Floats, LinearModel
from solvers.linear.solve import LinearResult

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Degeneracy:
    """
    `primal`: a basic variable or row lies on a bound, so prices may hold on one side only.

    `dual`: a nonbasic variable or row has a price of 0, so other optimal answers may exist.
    """

    primal: bool
    dual: bool


def degeneracy(model: LinearModel, result: LinearResult) -> Degeneracy:
    """Return the degeneracy of the basis of an LP optimum; False for both when there is no basis."""
    if result.values is None or result.column_status is None or result.row_status is None:
        return Degeneracy(primal=False, dual=False)
    activity = model.matrix() @ result.values
    basic_columns, basic_rows = _basic(result.column_status), _basic(result.row_status)
    primal = _on_side(result.values, model.column_lower, model.column_upper)[basic_columns].any()
    primal |= _on_side(activity, model.row_lower, model.row_upper)[basic_rows].any()
    dual = False
    if result.duals is not None and result.reduced_costs is not None:
        movable_columns = ~basic_columns & (model.column_lower != model.column_upper)
        movable_rows = ~basic_rows & (model.row_lower != model.row_upper)
        dual = bool((np.abs(result.reduced_costs[movable_columns]) <= TOLERANCE).any())
        dual |= bool((np.abs(result.duals[movable_rows]) <= TOLERANCE).any())
    return Degeneracy(primal=bool(primal), dual=dual)


def _basic(statuses: Sequence[str]) -> Booleans:
    return np.asarray([status == "basic" for status in statuses], dtype=np.bool_)


def _on_side(values: Floats, lower: Floats, upper: Floats) -> Booleans:
    near = TOLERANCE * np.maximum(1.0, np.abs(values))
    return (np.abs(values - lower) <= near) | (np.abs(values - upper) <= near)
