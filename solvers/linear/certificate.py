"""
Proof of a linear answer, recomputed from the model's arrays outside the solver.

For sense s (+1 min, -1 max), duals y and reduced costs d in the caller's sign: c = A'y + d; s*y_i > 0 only where row i holds at
its lower side, s*y_i < 0 only at its upper side, the same for d and the bounds; then the dual objective equals the primal one.
Residuals of rows are relative to max(1, sum_j |a_ij x_j|), of columns to max(1, |c_j| + sum_i |a_ij y_i|), of objectives to
max(1, |objective|).
"""

import numpy as np
from scipy import sparse

from models.run import Check
from solvers.linear.integer_proof import IntegerConflict, divides, least_violation_in_box
from solvers.linear.model import Floats, LinearModel
from solvers.linear.result import LinearResult

TOLERANCE = 1e-6
LEAST_MARGIN = 1e-9
"""A proof of infeasibility or unboundedness must hold by at least this relative margin."""


def certificate_checks(model: LinearModel, result: LinearResult) -> list[Check]:
    """
    Return the checks that a result allows.

    With a solution: `primal_residual`, `bounds`, `integrality`, `objective`; for an LP optimum also `dual_residual`,
    `complementary_slackness` and `duality_gap`; for a MIP optimum `bound`. Infeasible: `farkas_residual` and `farkas_gap`, or
    `crossing_sides`, or where only whole numbers conflict `integer_divisor`, `integer_enumeration` or
    `integer_conflict_resolved_by_second_engine`. Unbounded: `ray_residual`, `ray_improvement` and the residuals of the feasible
    point. Else nothing.
    """
    if result.status == "infeasible":
        return _infeasible(model, result)
    if result.status == "unbounded":
        return _unbounded(model, result)
    if result.values is None or result.value is None:
        return []
    checks = [*_primal(model, result.values), _check("objective", _relative(model.value(result.values), result.value))]
    if result.duals is not None and result.reduced_costs is not None:
        checks += _dual(model, result.values, result.duals, result.reduced_costs)
    if model.is_mip and result.bound is not None:
        beyond = model.sign * (result.bound - result.value) / max(1.0, abs(result.value))
        checks.append(_check("bound", beyond))
    return checks


def is_optimum(model: LinearModel, values: Floats, duals: Floats, reduced_costs: Floats) -> bool:
    """Tell whether values (n,), duals (m,) and reduced costs (n,) prove one another optimal for an LP, to the tolerance."""
    numbers = (values, duals, reduced_costs)
    if not all(np.isfinite(part).all() for part in numbers):
        return False
    checks = [*_primal(model, values), *_dual(model, values, duals, reduced_costs)]
    return all(check.max_violation <= check.tolerance for check in checks)


def primal_violation(model: LinearModel, values: Floats) -> float:
    """Return the largest violation of rows, bounds and integrality by values (n,), relative as in the checks."""
    return max(check.max_violation for check in _primal(model, values))


def dual_objective(model: LinearModel, duals: Floats, reduced_costs: Floats) -> float:
    """Return the dual objective in the caller's sense; a multiplier that points to an infinite side adds nothing."""
    rows = _priced(model.sign * duals, model.row_lower, model.row_upper)
    columns = _priced(model.sign * reduced_costs, model.column_lower, model.column_upper)
    return model.sign * float(rows.sum() + columns.sum()) + model.offset


def _primal(model: LinearModel, values: Floats) -> list[Check]:
    matrix = model.matrix()
    activity, scale = matrix @ values, np.maximum(1.0, abs(matrix) @ np.abs(values))
    rows = np.maximum(model.row_lower - activity, activity - model.row_upper) / scale
    columns = np.maximum(model.column_lower - values, values - model.column_upper) / np.maximum(1.0, np.abs(values))
    checks = [_check("primal_residual", _largest(rows)), _check("bounds", _largest(columns))]
    if model.is_mip:
        whole = values[model.integer]
        checks.append(_check("integrality", _largest(np.abs(whole - np.round(whole)))))
    return checks


def _dual(model: LinearModel, values: Floats, duals: Floats, reduced_costs: Floats) -> list[Check]:
    matrix = model.matrix()
    transposed = sparse.csr_array(matrix.T)
    scale = np.maximum(1.0, np.abs(model.objective) + abs(transposed) @ np.abs(duals))
    stationarity = np.abs(model.objective - transposed @ duals - reduced_costs) / scale
    row_signs = _pointing_nowhere(model.sign * duals, model.row_lower, model.row_upper)
    column_signs = _pointing_nowhere(model.sign * reduced_costs, model.column_lower, model.column_upper) / scale
    # A multiplier is as large as the costs behind it: its stray part is judged on the scale of the largest one.
    row_signs = row_signs / max(1.0, _largest(np.abs(duals)))
    objective = max(1.0, abs(model.value(values)))
    slackness = max(
        _largest(_complementarity(model.sign * duals, matrix @ values, model.row_lower, model.row_upper)),
        _largest(_complementarity(model.sign * reduced_costs, values, model.column_lower, model.column_upper)),
    )
    gap = abs(model.value(values) - dual_objective(model, duals, reduced_costs))
    return [
        _check("dual_residual", max(_largest(stationarity), _largest(row_signs), _largest(column_signs))),
        _check("complementary_slackness", slackness / objective),
        _check("duality_gap", gap / objective),
    ]


def _infeasible(model: LinearModel, result: LinearResult) -> list[Check]:
    crossing = max(_largest(model.row_lower - model.row_upper), _largest(model.column_lower - model.column_upper))
    if crossing > 0:
        return [Check(name="crossing_sides", max_violation=max(0.0, LEAST_MARGIN - crossing), tolerance=0.0)]
    if result.farkas is None:
        return [] if result.integer_conflict is None else [_integer_conflict(model, result.integer_conflict)]
    largest = _largest(np.abs(result.farkas))
    if largest == 0:
        return [Check(name="farkas_gap", max_violation=LEAST_MARGIN, tolerance=0.0)]
    multipliers = result.farkas / largest
    transposed = sparse.csr_array(model.matrix().T)
    combined = transposed @ multipliers
    scale = np.maximum(1.0, abs(transposed) @ np.abs(multipliers))
    stray = max(
        _largest(_pointing_nowhere(multipliers, model.row_lower, model.row_upper)),
        _largest(_pointing_nowhere(-combined, model.column_lower, model.column_upper) / scale),
    )
    demanded = _priced(multipliers, model.row_lower, model.row_upper)
    reachable = _priced(-combined, model.column_lower, model.column_upper)
    size = max(1.0, float(np.abs(demanded).sum() + np.abs(reachable).sum()))
    margin = float(demanded.sum() + reachable.sum()) / size
    return [
        _check("farkas_residual", stray),
        Check(name="farkas_gap", max_violation=max(0.0, LEAST_MARGIN - margin), tolerance=0.0),
    ]


def _integer_conflict(model: LinearModel, conflict: IntegerConflict) -> Check:
    """Return the check of a proof that whole numbers leave no answer."""
    if conflict.kind == "divisor":
        violation = 0.0 if divides(model, conflict.rows, conflict.divisor) else 1.0
        return Check(name="integer_divisor", max_violation=violation, tolerance=0.0)
    if conflict.kind == "enumeration":
        margin = least_violation_in_box(model)
        return Check(name="integer_enumeration", max_violation=max(0.0, TOLERANCE - margin), tolerance=0.0)
    name = "integer_conflict_resolved_by_second_engine"
    return Check(name=name, max_violation=0.0 if conflict.agrees else 1.0, tolerance=0.0)


def _unbounded(model: LinearModel, result: LinearResult) -> list[Check]:
    if result.ray is None or result.point is None:
        return []
    ray, matrix = result.ray, model.matrix()
    scale = np.maximum(1.0, abs(matrix) @ np.abs(ray))
    rows = _leaving(matrix @ ray, model.row_lower, model.row_upper) / scale
    columns = _leaving(ray, model.column_lower, model.column_upper)
    size = float(np.abs(model.objective) @ np.abs(ray))
    improvement = -model.sign * float(model.objective @ ray) / size if size else 0.0
    return [
        *_primal(model, result.point),
        _check("ray_residual", max(_largest(rows), _largest(columns))),
        Check(name="ray_improvement", max_violation=max(0.0, LEAST_MARGIN - improvement), tolerance=0.0),
    ]


def _priced(multipliers: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return multiplier times the side it points to: the lower for a positive one, the upper for a negative one."""
    side = np.where(multipliers > 0, lower, upper)
    return np.where(np.isfinite(side), multipliers * np.where(np.isfinite(side), side, 0.0), 0.0)


def _pointing_nowhere(multipliers: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the size of multipliers that point to an infinite side, which a feasible dual may not have."""
    nowhere = np.where(multipliers > 0, ~np.isfinite(lower), ~np.isfinite(upper))
    return np.where(nowhere, np.abs(multipliers), 0.0)


def _complementarity(multipliers: Floats, activity: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return |multiplier| times the distance to the side it points to."""
    side = np.where(multipliers > 0, lower, upper)
    distance = np.where(np.isfinite(side), np.abs(activity - np.where(np.isfinite(side), side, 0.0)), 0.0)
    return np.abs(multipliers) * distance


def _leaving(direction: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return how fast a direction leaves the finite sides."""
    falling = np.where(np.isfinite(lower), -direction, 0.0)
    rising = np.where(np.isfinite(upper), direction, 0.0)
    return np.maximum(np.maximum(falling, rising), 0.0)


def _largest(numbers: Floats) -> float:
    return max(0.0, float(numbers.max())) if numbers.size else 0.0


def _relative(got: float, claimed: float) -> float:
    return abs(got - claimed) / max(1.0, abs(claimed))


def _check(name: str, violation: float) -> Check:
    return Check(name=name, max_violation=max(0.0, violation), tolerance=TOLERANCE)
