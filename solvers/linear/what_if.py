"""
What the prices of a solved model foretell about a changed one, and what they prove.

Everything here is weak duality on the changed numbers (minimised: z is the objective, y the old prices, x the old answer):

- for any y, the dual value L(y) = y b' + sum_j min over [l', u'] of (c' - A'y)_j x_j is at most the new optimum;
- any x that satisfies the changed constraints costs at least the new optimum;
- when the old basis is primal and dual feasible for the new numbers, its vertex is the new optimum.

With changed sides and bounds alone, L(y) is what the shadow prices foretell: a bound, and exact as long as the basis holds.
With changed costs alone, the old answer at the new costs is a bound on the other side. (Bertsimas and Tsitsiklis (1997),
Introduction to Linear Optimization, sections 5.1 to 5.5.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.comparison import PredictionMethod
from solvers.linear.basis_vertex import vertex_of
from solvers.linear.model import Floats, Integers, LinearModel
from solvers.linear.solve import LinearResult

NOISE = 1e-9
"""Relative size below which a multiplier is nothing."""

STEP = 1e-4
"""Share of a change after which prices are read in its direction."""

LinearProgram = Callable[[LinearModel], LinearResult | None]
"""Solves a linear program to its optimum, or returns None."""

FEASIBLE = 1e-7
"""Relative violation up to which the old answer counts as feasible for the changed problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is foretold: `value`, `at_least`, `at_most` are objectives in the caller's sense; see `models.comparison`."""

    value: float | None
    method: PredictionMethod
    exact: bool
    at_least: float | None
    at_most: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """
    Two models on one layout of n columns and m rows: what only one of them has is switched off in the other.

    There, missing columns are fixed at 0 and missing rows have no side, with the costs and coefficients of the one that has
    them: so to forbid a decision is a change of bounds. `values`, `duals` and `status` are the old result's.
    """

    before: LinearModel
    after: LinearModel
    values: Floats
    duals: Floats
    reduced_costs: Floats
    column_status: Sequence[str] | None
    row_status: Sequence[str] | None

    @property
    def sides_differ(self) -> bool:
        """True when a side of a row or a bound of a column changed."""
        return _differ(self, ("row_lower", "row_upper", "column_lower", "column_upper"))

    @property
    def costs_differ(self) -> bool:
        """True when the objective or its direction changed."""
        before, after = self.before, self.after
        return (before.offset, before.sense) != (after.offset, after.sense) or _differ(self, ("objective",))

    @property
    def coefficients_differ(self) -> bool:
        """True when the matrix or what must be whole changed."""
        matrix = self.before.matrix() - self.after.matrix()
        return bool(np.abs(matrix.data).max(initial=0.0) > 0) or _differ(self, ("integer",))


def predict(original: LinearModel, result: LinearResult, changed: LinearModel, solve: LinearProgram) -> Prediction:
    """
    Return what the prices of a solved model foretell about a changed one.

    Parameters
    ----------
    original, changed
        The two models; rows and columns that have the same name are the same.
    result
        Optimal result of `original`, with duals; for a MIP the result of `original.with_fixed_integers`.
    solve
        Solves a linear program, or returns None when it has no optimum or time is short: for prices in the direction of the
        change where those of the basis do not tell, and for whole numbers that are kept.
    """
    pair = _pair(original, result, changed)
    if original.is_mip or changed.is_mip:
        return _with_whole_numbers(pair, solve)
    vertex = None
    if pair.column_status is not None and pair.row_status is not None:
        vertex = vertex_of(pair.after, pair.column_status, pair.row_status)
    if vertex is not None:
        value = pair.after.value(vertex.values)
        reason = "the optimal basis stays optimal with the new numbers, so its vertex is the answer"
        return Prediction(value=value, method="basis", exact=True, at_least=value, at_most=value, reason=reason)
    high, low = _plan_value(pair), _dual_value(pair, pair.duals)
    if not pair.sides_differ and not pair.coefficients_differ:
        return _claimed(pair, "plan", high, low, high, _costs_only(pair))
    if pair.costs_differ or pair.coefficients_differ:
        reason = "first-order estimate from the prices and the old answer together: a guide, not a bound"
        return _claimed(pair, "first_order", _first_order(pair), low, high, reason)
    towards = solve(_towards(pair))
    if towards is not None and towards.duals is not None:
        directed = _dual_value(pair, towards.duals)
        low = directed if low is None or directed is None else _better(pair, low, directed)
    if low is None:
        reason = "prices of the optimal basis; a side that carried a price is gone, so they prove nothing"
        return _claimed(pair, "duals", _first_order(pair), low, high, reason)
    side = "least" if pair.after.sense == "min" else "most"
    reason = f"only sides and bounds changed, so the prices stay valid: the new objective is at {side} this"
    return _claimed(pair, "duals", low, low, high, f"{reason}; the basis changes on the way, so it is not exact")


def _costs_only(pair: Pair) -> str:
    if not pair.costs_differ:
        return "the change does not touch the linear model"
    side = "most" if pair.after.sense == "min" else "least"
    return f"only costs changed, so the old answer still holds: the new objective is at {side} what it costs now"


def _with_whole_numbers(pair: Pair, solve: LinearProgram) -> Prediction:
    """Return the prediction for a MIP: what the change costs with the parent's whole numbers kept, and what is proved."""
    high = _plan_value(pair)
    relaxed = solve(pair.before.relaxed())
    prices = [pair.duals, *([relaxed.duals] if relaxed is not None and relaxed.duals is not None else [])]
    proved = [bound for bound in (_dual_value(pair, duals) for duals in prices) if bound is not None]
    low = None if not proved else (max(proved) if pair.after.sense == "min" else min(proved))
    if not (pair.sides_differ or pair.coefficients_differ):
        return _claimed(pair, "plan", high, low, high, _costs_only(pair))
    kept = solve(pair.after.with_fixed_integers(pair.values)) if _whole_numbers_allowed(pair) else None
    if kept is None or kept.value is None:
        reason = "the parent's whole numbers do not allow the change, so prices with them fixed say nothing about it"
        return _claimed(pair, "fixed_integers" if low is not None or high is not None else "none", None, low, high, reason)
    side = "most" if pair.after.sense == "min" else "least"
    reason = (
        f"with all integers fixed at the parent's answer: the new objective is at {side} this, because whole numbers may move"
    )
    high = kept.value if high is None else (min(high, kept.value) if pair.after.sense == "min" else max(high, kept.value))
    return _claimed(pair, "fixed_integers", kept.value, low, high, reason)


def _whole_numbers_allowed(pair: Pair) -> bool:
    """Tell whether the old whole numbers lie within the new bounds."""
    after, whole = pair.after, np.round(pair.values)
    inside = (whole >= after.column_lower - FEASIBLE) & (whole <= after.column_upper + FEASIBLE)
    return bool(inside[after.integer].all())


def _claimed(
    pair: Pair, method: PredictionMethod, value: float | None, low: float | None, high: float | None, reason: str
) -> Prediction:
    """Return a prediction with its bounds in the caller's sense; bounds that meet make it exact."""
    at_least, at_most = (low, high) if pair.after.sense == "min" else (high, low)
    exact = low is not None and high is not None and abs(high - low) <= NOISE * max(1.0, abs(high))
    if exact:
        value, reason = high, "lower and upper bound coincide, so nothing else is possible"
    return Prediction(value=value, method=method, exact=exact, at_least=at_least, at_most=at_most, reason=reason)


def _better(pair: Pair, first: float, second: float) -> float:
    """Return the tighter of two values that the minimised (maximised) objective cannot fall below (rise above)."""
    return max(first, second) if pair.after.sense == "min" else min(first, second)


def _pair(original: LinearModel, result: LinearResult, changed: LinearModel) -> Pair:
    assert result.values is not None
    assert result.duals is not None
    assert result.reduced_costs is not None
    columns = _union(original.column_names, changed.column_names)
    rows = _union(original.row_names, changed.row_names)
    n, m = len(columns), len(rows)
    before, after = _laid_out(original, changed, columns, rows), _laid_out(changed, original, columns, rows)
    values = np.zeros(n)
    values[: original.columns] = result.values
    duals, reduced = np.zeros(m), np.zeros(n)
    duals[: original.rows] = result.duals
    duals[np.abs(duals) <= NOISE * max(1.0, float(np.abs(duals).max(initial=0.0)))] = 0.0
    reduced[: original.columns] = result.reduced_costs
    column_status = row_status = None
    if result.column_status is not None and result.row_status is not None:
        column_status = [*result.column_status, *["at_lower"] * (n - original.columns)]
        row_status = [*result.row_status, *["basic"] * (m - original.rows)]
    return Pair(
        before=before,
        after=after,
        values=values,
        duals=duals,
        reduced_costs=reduced,
        column_status=column_status,
        row_status=row_status,
    )


def _union(first: Sequence[str], second: Sequence[str]) -> dict[str, int]:
    """Return the place of every name: those of the first in their order, then what only the second has."""
    return {name: place for place, name in enumerate(dict.fromkeys([*first, *second]))}


def _laid_out(model: LinearModel, other: LinearModel, columns: dict[str, int], rows: dict[str, int]) -> LinearModel:
    """Return the model on a layout that may have columns (fixed at 0) and rows (without sides) of another one."""
    if list(columns) == list(model.column_names) and list(rows) == list(model.row_names):
        return model
    at_column, at_row = _places(model.column_names, columns), _places(model.row_names, rows)
    n, m = len(columns), len(rows)
    has_column, has_row = np.zeros(n, dtype=np.bool_), np.zeros(m, dtype=np.bool_)
    has_column[at_column], has_row[at_row] = True, True
    to_column, to_row = _places(other.column_names, columns), _places(other.row_names, rows)
    place_row, place_column = to_row[other.row_index()], to_column[other.indices]
    lent = ~(has_row[place_row] & has_column[place_column])
    entries = (
        np.concatenate((model.coefficients, other.coefficients[lent])),
        (
            np.concatenate((at_row[model.row_index()], place_row[lent])),
            np.concatenate((at_column[model.indices], place_column[lent])),
        ),
    )
    matrix = sparse.csr_array(sparse.coo_array(entries, shape=(m, n)))
    matrix.sort_indices()
    objective = _spread(model.objective, at_column, n, 0.0)
    objective[~has_column] = _spread(other.objective, to_column, n, 0.0)[~has_column]
    return replace(
        model,
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        coefficients=np.asarray(matrix.data, dtype=np.float64),
        column_lower=_spread(model.column_lower, at_column, n, 0.0),
        column_upper=_spread(model.column_upper, at_column, n, 0.0),
        objective=objective,
        integer=_spread(model.integer.astype(np.float64), at_column, n, 0.0) > 0,
        row_lower=_spread(model.row_lower, at_row, m, -np.inf),
        row_upper=_spread(model.row_upper, at_row, m, np.inf),
        column_names=list(columns),
        row_names=list(rows),
        variable_groups=(),
        constraint_groups=(),
        column_pointers=None,
        row_pointers=None,
    )


def _places(names: Sequence[str], place: dict[str, int]) -> Integers:
    return np.array([place[name] for name in names], dtype=np.int64)


def _spread(numbers: Floats, at: Integers, size: int, missing: float) -> Floats:
    whole = np.full(size, missing)
    whole[at] = numbers
    return whole


def _differ(pair: Pair, names: Sequence[str]) -> bool:
    return any(not np.array_equal(getattr(pair.before, name), getattr(pair.after, name)) for name in names)


def _dual_value(pair: Pair, duals: Floats) -> float | None:
    """Return L(y) of the changed model in the caller's sense, or None when it is infinite."""
    model = pair.after
    prices = model.sign * duals
    prices[np.abs(prices) <= NOISE * max(1.0, float(np.abs(prices).max(initial=0.0)))] = 0.0
    transposed = sparse.csr_array(model.matrix().T)
    reduced = model.sign * model.objective - transposed @ prices
    scale = np.maximum(1.0, np.abs(model.objective) + abs(transposed) @ np.abs(prices))
    reduced[np.abs(reduced) <= NOISE * scale] = 0.0
    total = 0.0
    for multiplier, lower, upper in (
        (prices, model.row_lower, model.row_upper),
        (reduced, model.column_lower, model.column_upper),
    ):
        used = multiplier != 0
        side = np.where(multiplier > 0, lower, upper)[used]
        if not np.isfinite(side).all():
            return None
        total += float(multiplier[used] @ side)
    return model.sign * total + model.offset


def _plan_value(pair: Pair) -> float | None:
    """Return what the cheaper of the old answer and the old answer moved with its bounds costs now; None when neither holds."""
    found = [pair.after.value(point) for point in (pair.values, _moved(pair)) if _feasible(pair.after, point)]
    return None if not found else (min(found) if pair.after.sense == "min" else max(found))


def _feasible(model: LinearModel, point: Floats) -> bool:
    matrix = model.matrix()
    activity, scale = matrix @ point, np.maximum(1.0, abs(matrix) @ np.abs(point))
    rows = np.maximum(model.row_lower - activity, activity - model.row_upper) / scale
    columns = np.maximum(model.column_lower - point, point - model.column_upper) / np.maximum(1.0, np.abs(point))
    whole = point[model.integer]
    odd = np.abs(whole - np.round(whole)).max(initial=0.0)
    return bool(max(rows.max(initial=0.0), columns.max(initial=0.0), odd) <= FEASIBLE)


def _moved(pair: Pair) -> Floats:
    """Return the old answer with what stood on a bound moved to the new bound, and everything else kept within bounds."""
    before, after, values = pair.before, pair.after, pair.values
    near = NOISE * np.maximum(1.0, np.abs(values))
    at_lower = (np.abs(values - before.column_lower) <= near) & np.isfinite(after.column_lower)
    at_upper = (np.abs(values - before.column_upper) <= near) & np.isfinite(after.column_upper)
    sign = before.sign * pair.reduced_costs
    by_upper = at_upper & (~at_lower | (sign < 0))
    point = np.where(by_upper, after.column_upper, np.where(at_lower, after.column_lower, values))
    return np.asarray(np.maximum(np.minimum(point, after.column_upper), after.column_lower), dtype=np.float64)


def _first_order(pair: Pair) -> float:
    """Return c'x + y(b' - A'x) at the old prices, x moved with its bounds: the first-order change of the optimum."""
    model, point = pair.after, _moved(pair)
    activity = model.matrix() @ point
    side = np.where(model.sign * pair.duals > 0, model.row_lower, model.row_upper)
    priced = (pair.duals != 0) & np.isfinite(side)
    return model.value(point) + float(pair.duals[priced] @ (side - activity)[priced])


def _towards(pair: Pair) -> LinearModel:
    """
    Return the old model a small step towards the changed one.

    Its prices are those in the direction of the change: for a degenerate basis those of one side, for a decision that is
    forced away from its value the cost of the first unit.
    """
    before, after = pair.before, pair.after
    activity = before.matrix() @ pair.values
    row_lower, row_upper = _step(activity, before.row_lower, after.row_lower, before.row_upper, after.row_upper)
    lower, upper = _step(pair.values, before.column_lower, after.column_lower, before.column_upper, after.column_upper)
    return replace(after, row_lower=row_lower, row_upper=row_upper, column_lower=lower, column_upper=upper)


def _step(at: Floats, low: Floats, new_low: Floats, high: Floats, new_high: Floats) -> tuple[Floats, Floats]:
    """Return sides a small step from the old towards the new ones; those that would be broken start from where x stands."""
    start_low = np.where(new_low > at, at, np.where(np.isfinite(low), low, new_low))
    start_high = np.where(new_high < at, at, np.where(np.isfinite(high), high, new_high))
    return _part(start_low, new_low), _part(start_high, new_high)


def _part(start: Floats, end: Floats) -> Floats:
    moving = np.isfinite(start) & np.isfinite(end)
    part = end.copy()
    part[moving] = start[moving] + STEP * (end[moving] - start[moving])
    return part
