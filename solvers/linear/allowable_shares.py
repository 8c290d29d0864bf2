"""How much of their allowable ranges the changes between two linear programs use, by the 100 % rule."""

import time

import numpy as np

from models.explanation import Range
from solvers.linear.basis import Basis, rebuilt_basis
from solvers.linear.hundred_percent_rule import Change, HundredPercentRule, hundred_percent_rule
from solvers.linear.model import Floats, LinearModel
from solvers.linear.ranging import Ranges, active_sides, cost_ranges, side_ranges
from solvers.linear.result import LinearResult

MOST_CHANGES = 50
"""More numbers than these are not ranged one by one."""

LONGEST = 0.5
"""Seconds that the ranging may take."""

SAME_PARTS = ("column_lower", "column_upper", "integer", "indptr", "indices", "coefficients")


def allowable_shares(original: LinearModel, result: LinearResult, changed: LinearModel) -> HundredPercentRule | None:
    """
    Return what the 100 % rule says of the step from one linear program to another, or None where it does not apply.

    It applies to changes of active sides and of costs alone, up to `MOST_CHANGES` of them, from an optimal basis.
    """
    names = (list(original.row_names), list(original.column_names), original.sense)
    if names != (list(changed.row_names), list(changed.column_names), changed.sense) or original.is_mip:
        return None
    if not all(np.array_equal(getattr(original, part), getattr(changed, part)) for part in SAME_PARTS):
        return None
    moved = (original.row_lower != changed.row_lower) | (original.row_upper != changed.row_upper)
    rows, columns = np.flatnonzero(moved), np.flatnonzero(original.objective != changed.objective)
    if not 0 < len(rows) + len(columns) <= MOST_CHANGES:
        return None
    basis = rebuilt_basis(original, result)
    if isinstance(basis, str) or result.value is None or (len(rows) and not _only_active_sides(original, changed, basis, rows)):
        return None
    deadline = time.monotonic() + LONGEST
    sides = side_ranges(original, basis, rows, value=result.value, deadline=deadline)
    costs = cost_ranges(original, basis, columns, value=result.value, deadline=deadline)
    at, is_upper = active_sides(original, basis, rows)
    after = np.where(is_upper, changed.row_upper[rows], changed.row_lower[rows])
    changes = [
        Change(name=original.row_names[row], kind="rhs", before=old, after=new, allowed=_range(sides, place))
        for place, (row, old, new) in enumerate(zip(rows.tolist(), at.tolist(), after.tolist(), strict=True))
    ]
    new_costs = changed.objective[columns].tolist()
    changes += [
        Change(name=original.column_names[column], kind="cost", before=old, after=new, allowed=_range(costs, place))
        for place, (column, old, new) in enumerate(
            zip(columns.tolist(), original.objective[columns].tolist(), new_costs, strict=True)
        )
    ]
    return hundred_percent_rule(changes)


def _only_active_sides(original: LinearModel, changed: LinearModel, basis: Basis, rows: np.ndarray) -> bool:
    """Tell whether every row kept its other side, which an equality moves along."""
    _, is_upper = active_sides(original, basis, rows)
    other_before = np.where(is_upper, original.row_lower[rows], original.row_upper[rows])
    other_after = np.where(is_upper, changed.row_lower[rows], changed.row_upper[rows])
    equal = (original.row_lower[rows] == original.row_upper[rows]) & (changed.row_lower[rows] == changed.row_upper[rows])
    new_side = np.where(is_upper, changed.row_upper[rows], changed.row_lower[rows])
    return bool((((other_before == other_after) | equal) & np.isfinite(new_side)).all())


def _range(ranges: Ranges, place: int) -> Range | None:
    if not ranges.known[place]:
        return None
    return Range.model_construct(
        lower=_end(ranges.lower, place),
        upper=_end(ranges.upper, place),
        objective_at_lower=None,
        objective_at_upper=None,
        limiting_at_lower=None,
        limiting_at_upper=None,
    )


def _end(ends: Floats, place: int) -> float | None:
    end = float(ends[place])
    return end if np.isfinite(end) else None
