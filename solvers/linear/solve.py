"""
Solve a linear model by the algorithms that suit its structure (`solvers.linear.lanes`), and prove the answer.

Signs: values, bounds, duals and reduced costs are in the caller's sense. A dual is the change of the caller's objective per +1
on the right-hand side, for min and max alike; a reduced cost the same per +1 on the bound that holds the variable.
"""

import time
from dataclasses import replace
from typing import TypeVar

import numpy as np

from models.run import Limit, Objective, ObjectiveTerm, Reason, Status, Termination
from solvers.base import Budget, Outcome, Progress, relative_gap
from solvers.errors import EngineError
from solvers.linear.certificate import dual_objective
from solvers.linear.elastic import FEASIBLE_TOTAL, solve_elastic
from solvers.linear.engine import run_engine
from solvers.linear.integer_conflict import integer_conflict
from solvers.linear.model import Floats, LinearModel
from solvers.linear.raw import Raw, without_answer
from solvers.linear.ray import improving_ray
from solvers.linear.result import Evidence, LinearResult, Method
from solvers.linear.unbounded import WITHOUT_END, resolve, unbounded_relaxation

__all__ = [
    "Evidence",
    "LinearResult",
    "outcome_of",
    "solve_linear",
    "with_fixed_integers",
    "with_mip_prices",
    "without_noise",
]

SolutionT = TypeVar("SolutionT")

LEAST_TIME = 0.01
NOISE = 1e-12
"""Relative size of differences that only floating point makes."""


def solve_linear(model: LinearModel, budget: Budget, progress: Progress, *, method: Method | None = None) -> LinearResult:
    """
    Solve a model within a budget.

    Parameters
    ----------
    model
        LP or MIP; crossing bounds make it infeasible, they are not an error.
    budget
        Time limit in seconds (build included), iteration limit, relative gap, seed and threads. With more than one thread
        algorithms race.
    progress
        Asked about every 50 ms whether to stop; hears of every better value and bound of a MIP. Engines then hand back what
        they have; HiGHS hears no such request and is left behind, and SCIP gets one second when nothing else has an answer.
    method
        The algorithm that the caller named; None: chosen by the structure of the model.

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
        raw = run_engine(model, replace(budget, time_limit=_left(deadline)), progress, method=method)
    point = None
    if raw.reason in WITHOUT_END:
        raw, point = resolve(model, raw, replace(budget, time_limit=_left(deadline)), progress)
    if model.is_mip and raw.values is not None:
        raw = _at_whole_numbers(model, raw, replace(budget, time_limit=_left(deadline), iteration_limit=None), progress)
    result = _result(model, raw, budget)
    if result.status in ("infeasible", "unbounded"):
        budget = replace(budget, time_limit=_left(deadline), iteration_limit=None)
        result = _with_proof(model, raw, result, point, budget, progress)
        unproved = result.status == "infeasible" and result.farkas is None and not model.is_mip
        result = _second_opinion(model, result, replace(budget, time_limit=_left(deadline)), progress) if unproved else result
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
    finite = np.isfinite(numbers)
    known = np.where(finite, numbers, 0.0)
    near = np.round(known, 9)
    clean = np.where(np.abs(known - near) <= NOISE * np.maximum(1.0, np.abs(known)), near, known) + 0.0
    return np.where(finite, clean, numbers)


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
        reasons=result.reasons,
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
    model: LinearModel, raw: Raw, result: LinearResult, point: Floats | None, budget: Budget, progress: Progress
) -> LinearResult:
    """Add what proves infeasibility (multipliers of rows, or why no whole numbers do) or unboundedness (a point and a ray)."""
    deadline = time.monotonic() + budget.time_limit
    if result.status == "unbounded":
        return replace(result, point=point, ray=improving_ray(model, budget, progress))
    elastic = solve_elastic(model.relaxed(), budget, progress)
    if elastic is None or elastic.total <= FEASIBLE_TOTAL:
        if elastic is None or not model.is_mip:
            return result
        left = replace(budget, time_limit=_left(deadline))
        return replace(result, integer_conflict=integer_conflict(model, raw, left, progress))
    return replace(result, farkas=elastic.multipliers, least_violation=elastic.total, compromise=elastic.point)


def _second_opinion(model: LinearModel, first: LinearResult, budget: Budget, progress: Progress) -> LinearResult:
    """
    Return what interior point finds where a simplex method called an LP infeasible and no multipliers prove it.

    That happens on models whose numbers span a dozen orders of magnitude. Without a proof either way the answer is none.
    """
    try:
        raw = run_engine(model, budget, progress, method="interior_point")
    except EngineError:
        raw = without_answer("none")
    if raw.reason in ("infeasible", "infeasible_or_unbounded"):
        return first
    told = "the simplex method called the model infeasible, but no multipliers of its constraints prove that"
    raw = replace(raw, reasons=(*first.reasons, told, *raw.reasons))
    if raw.values is None:
        detail = "The algorithms disagree whether there is a feasible point: the numbers span too many orders of magnitude"
        return replace(_result(model, replace(raw, reason="no_solution_found"), budget), termination=_ended(detail, raw.limit))
    return _result(model, raw, budget)


def _ended(detail: str, limit: Limit) -> Termination:
    return Termination(reason="no_solution_found", limit=limit, detail=detail)


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
    return replace(
        result,
        engine=_method(model, raw),
        reasons=raw.reasons,
        iterations=raw.iterations,
        build_time=raw.build_time,
        solve_time=raw.solve_time,
        bound_history=raw.history,
    )


def _with_solution(model: LinearModel, raw: Raw, budget: Budget) -> LinearResult:
    assert raw.values is not None
    values = _rounded(model, raw.values)
    value = model.value(values)
    bound = _bound(model, raw, value)
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
        engine=_method(model, raw),
        reasons=raw.reasons,
        iterations=raw.iterations,
        build_time=raw.build_time,
        solve_time=raw.solve_time,
        bound_history=raw.history,
    )


def _bound(model: LinearModel, raw: Raw, value: float) -> float | None:
    """Return the bound that is proved: for an LP that of its duals, which at a vertex is the value itself."""
    if model.is_mip:
        return _finite(raw.bound)
    if raw.reason != "optimal":
        return None
    if raw.column_status is None and raw.duals is not None and raw.reduced_costs is not None:
        return _finite(dual_objective(model, raw.duals, raw.reduced_costs))
    return value


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
        engine=_method(model, None),
    )


def _method(model: LinearModel, raw: Raw | None) -> Method:
    """Return the method that answered; where none did, the one that suits the kind of model."""
    if raw is not None and raw.algorithm is not None:
        return raw.algorithm.method
    return "branch_and_bound" if model.is_mip else "simplex"


def _finite(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else float(number)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), LEAST_TIME)
