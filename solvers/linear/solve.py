"""
Solve a linear model: GLOP (revised simplex, a vertex with its basis) for LPs, HiGHS (branch and bound) for MIPs.

Signs: values, bounds, duals and reduced costs are in the caller's sense. A dual is the change of the caller's objective per +1
on the right-hand side, for min and max alike; a reduced cost the same per +1 on the bound that holds the variable.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from models.explanation import BasisStatus, BoundPoint
from models.run import Limit, Objective, ObjectiveTerm, Reason, Status, Termination
from solvers.base import Budget, Outcome, Progress, relative_gap
from solvers.linear.elastic import FEASIBLE_TOTAL, solve_elastic
from solvers.linear.engine import Raw, run_engine
from solvers.linear.model import Floats, LinearModel
from solvers.linear.ray import improving_ray
from solvers.linear.unbounded import WITHOUT_END, resolve, unbounded_relaxation

EngineName = Literal["simplex", "branch_and_bound"]
SolutionT = TypeVar("SolutionT")

LIBRARIES = ("ortools",)
LEAST_TIME = 0.01
NOISE = 1e-12
"""Relative size of differences that only floating point makes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearResult:
    """
    What is known of a linear model after a solve with n variables and m constraints.

    `values` (n), `duals` (m) and `reduced_costs` (n) are None when the engine has none; so are `column_status` (n) and
    `row_status` (m), which hold basic, at_lower, at_upper, fixed or free. For a MIP `duals` and `reduced_costs` are None and
    `explain_mip` fills `relaxation` (the LP without integrality) and `fixed` (the LP with all integers fixed at their values).
    Infeasible: `farkas` (m) holds row multipliers that contradict the bounds and `least_violation` the least total violation of
    the rows, both of the model without integrality; None when only integrality makes it infeasible or time ran out.
    Unbounded: `point` (n) is feasible and `ray` (n) a direction along which the objective improves for ever. Times are seconds.
    `bound_history` tells, for a MIP, when value and bound improved during the search.
    """

    status: Status
    termination: Termination
    value: float | None
    bound: float | None
    values: Floats | None
    duals: Floats | None
    reduced_costs: Floats | None
    column_status: Sequence[BasisStatus] | None
    row_status: Sequence[BasisStatus] | None
    engine: EngineName
    libraries: tuple[str, ...] = LIBRARIES
    iterations: int | None = None
    build_time: float = 0.0
    solve_time: float = 0.0
    farkas: Floats | None = None
    least_violation: float | None = None
    point: Floats | None = None
    ray: Floats | None = None
    bound_history: tuple[BoundPoint, ...] = ()
    relaxation: "LinearResult | None" = None
    fixed: "LinearResult | None" = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """The model that was solved and what came out: what checks and explanations of a linear outcome need."""

    model: LinearModel
    result: LinearResult


def solve_linear(model: LinearModel, budget: Budget, progress: Progress) -> LinearResult:
    """
    Solve a model within a budget.

    Parameters
    ----------
    model
        LP or MIP; crossing bounds make it infeasible, they are not an error.
    budget
        Time limit in seconds (build included), iteration limit (LP only), relative gap, seed and threads. HiGHS takes no number
        of threads through MathOpt and uses its own.
    progress
        Asked about every 50 ms whether to stop. The simplex method then hands back what it has; HiGHS hears no such request and
        is left behind, and SCIP gets one second to find an answer.

    Returns
    -------
    LinearResult
        With status succeeded (reason optimal or feasible), infeasible, unbounded or failed (reason no_solution_found).

    Raises
    ------
    EngineError
        When the library behind the solver reports an error of its own.
    """
    deadline = time.monotonic() + budget.time_limit
    crossing = _crossing(model)
    if crossing is not None:
        return _without_solution(model, "infeasible", "infeasible", "none", crossing)
    raw = unbounded_relaxation(model, budget, progress)
    if raw is None:
        raw = run_engine(model, replace(budget, time_limit=_left(deadline)), progress)
    point = None
    if raw.reason in WITHOUT_END:
        raw, point = resolve(model, raw, replace(budget, time_limit=_left(deadline)), progress)
    if model.is_mip and raw.values is not None:
        raw = _at_whole_numbers(model, raw, replace(budget, time_limit=_left(deadline), iteration_limit=None), progress)
    result = _result(model, raw, budget)
    if result.status in ("infeasible", "unbounded"):
        return _with_proof(model, result, point, replace(budget, time_limit=_left(deadline), iteration_limit=None), progress)
    if result.value is not None:
        progress.incumbent(objective=result.value, bound=result.bound)
    return result


def with_fixed_integers(model: LinearModel, values: Floats) -> LinearModel:
    """Return the LP in which every integer variable is fixed at its rounded value."""
    return model.with_fixed_integers(values)


def with_mip_prices(model: LinearModel, result: LinearResult, budget: Budget, progress: Progress) -> LinearResult:
    """
    Return the result of a MIP with the prices of its relaxation and of its integers fixed; an LP result is returned as it is.

    Each LP may use half of `budget.time_limit`; one that does not reach its optimum is left out.
    """
    if not model.is_mip or result.values is None:
        return result
    half = replace(budget, time_limit=max(budget.time_limit / 2, LEAST_TIME), iteration_limit=None)
    relaxation = solve_linear(model.relaxed(), half, progress)
    fixed = solve_linear(with_fixed_integers(model, result.values), half, progress)
    return replace(
        result,
        relaxation=relaxation if relaxation.termination.reason == "optimal" else None,
        fixed=fixed if fixed.termination.reason == "optimal" else None,
    )


def without_noise(numbers: Floats) -> Floats:
    """Return numbers with the noise of floating point removed: 3.0000000000000004 becomes 3, a change of 1e-12 at most."""
    near = np.round(numbers, 9)
    return np.where(np.abs(numbers - near) <= NOISE * np.maximum(1.0, np.abs(numbers)), near, numbers) + 0.0


def outcome_of(
    model: LinearModel, result: LinearResult, solution: SolutionT | None, *, unit: str = "cost"
) -> Outcome[SolutionT]:
    """Return the outcome of a solve: objective split into the model's cost terms, and the model with its result as evidence."""
    objective = None
    if result.values is not None and result.value is not None:
        objective = Objective(
            value=result.value,
            bound=result.bound,
            relative_gap=relative_gap(result.value, result.bound),
            unit=unit,
            terms=[ObjectiveTerm(name=name, value=value) for name, value, _ in model.terms(result.values)],
        )
    return Outcome(
        status=result.status,
        termination=result.termination,
        objective=objective,
        solution=solution,
        evidence=Evidence(model=model, result=result),
        iterations=result.iterations,
        build_time=result.build_time,
        solve_time=result.solve_time,
    )


def _crossing(model: LinearModel) -> str | None:
    """Return a sentence naming a variable or constraint whose lower side lies above its upper side, or None."""
    for kind, lower, upper, names in (
        ("variable", model.column_lower, model.column_upper, model.column_names),
        ("constraint", model.row_lower, model.row_upper, model.row_names),
    ):
        crossed = np.flatnonzero(lower > upper)
        if crossed.size:
            at = int(crossed[0])
            return f"{kind} {names[at]}: the lower side {lower[at]:g} lies above the upper side {upper[at]:g}"
    return None


def _at_whole_numbers(model: LinearModel, raw: Raw, budget: Budget, progress: Progress) -> Raw:
    """
    Return the values of a MIP with its integers made exact and the other variables solved again for them.

    Engines accept 0.0000001 for 0; rounding that alone can break a row with a large coefficient.
    """
    assert raw.values is not None
    whole = raw.values[model.integer]
    if np.abs(whole - np.round(whole)).max(initial=0.0) <= NOISE:
        return raw
    fixed = run_engine(model.with_fixed_integers(raw.values), budget, progress)
    if fixed.reason != "optimal" or fixed.values is None:
        return raw
    return replace(raw, values=fixed.values, solve_time=raw.solve_time + fixed.solve_time)


def _with_proof(
    model: LinearModel, result: LinearResult, point: Floats | None, budget: Budget, progress: Progress
) -> LinearResult:
    """Add what proves infeasibility (multipliers of the rows) or unboundedness (a point and a ray)."""
    if result.status == "unbounded":
        return replace(result, point=point, ray=improving_ray(model, budget, progress))
    elastic = solve_elastic(model.relaxed(), budget, progress)
    if elastic is None or elastic.total <= FEASIBLE_TOTAL:
        return result
    return replace(result, farkas=elastic.multipliers, least_violation=elastic.total)


def _result(model: LinearModel, raw: Raw, budget: Budget) -> LinearResult:
    if raw.reason == "infeasible":
        result = _without_solution(model, "infeasible", "infeasible", "none", raw.detail)
    elif raw.reason == "unbounded":
        result = _without_solution(model, "unbounded", "unbounded", "none", raw.detail)
    elif raw.values is None:
        detail = f"{raw.detail}: the search ended before a feasible point was found"
        result = _without_solution(model, "failed", "no_solution_found", raw.limit, detail)
    else:
        return _with_solution(model, raw, budget)
    return replace(result, iterations=raw.iterations, build_time=raw.build_time, solve_time=raw.solve_time)


def _with_solution(model: LinearModel, raw: Raw, budget: Budget) -> LinearResult:
    assert raw.values is not None
    values = _rounded(model, raw.values)
    value = model.value(values)
    bound = value if raw.reason == "optimal" and not model.is_mip else _finite(raw.bound)
    gap = relative_gap(value, bound)
    close = bound is not None and (abs(value - bound) <= 1e-9 or (gap is not None and gap <= budget.relative_gap))
    optimal = close if model.is_mip else raw.reason == "optimal"
    reason: Reason = "optimal" if optimal else "imprecise" if raw.reason == "imprecise" else "feasible"
    basic = raw.reason == "optimal" and not model.is_mip
    return LinearResult(
        status="succeeded",
        termination=Termination(reason=reason, limit="none" if optimal else raw.limit, detail=raw.detail),
        value=value,
        bound=bound,
        values=values,
        duals=raw.duals if basic else None,
        reduced_costs=raw.reduced_costs if basic else None,
        column_status=raw.column_status if basic else None,
        row_status=raw.row_status if basic else None,
        engine=_engine(model),
        iterations=raw.iterations,
        build_time=raw.build_time,
        solve_time=raw.solve_time,
    )


def _rounded(model: LinearModel, values: Floats) -> Floats:
    """Return the values with integers made exact (engines return 0.9999999) and tiny bound violations clipped."""
    rounded = np.where(model.integer & (np.abs(values - np.round(values)) <= 1e-5), np.round(values), values)
    return np.clip(without_noise(rounded), model.column_lower, model.column_upper) + 0.0


def _without_solution(model: LinearModel, status: Status, reason: Reason, limit: Limit, detail: str) -> LinearResult:
    return LinearResult(
        status=status,
        termination=Termination(reason=reason, limit=limit, detail=detail),
        value=None,
        bound=None,
        values=None,
        duals=None,
        reduced_costs=None,
        column_status=None,
        row_status=None,
        engine=_engine(model),
    )


def _engine(model: LinearModel) -> EngineName:
    return "branch_and_bound" if model.is_mip else "simplex"


def _finite(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else float(number)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), LEAST_TIME)
