"""
The referee of ranges: solves a model again at the ends of the ranges that an explanation gives, and slightly beyond them.

It reads the reports alone and solves with a raw engine (GLOP through MathOpt, HiGHS where GLOP breaks off), so that neither the
basis nor the ratio tests behind the ranges are trusted.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.explanation import ConstraintReport, Range, VariableReport
from solvers.linear.model import LinearModel

TOLERANCE = 1e-6
"""Largest relative difference between the predicted and the true objective."""

BEYOND = 1e-3
"""How far beyond an end the change is looked for, relative to max(1, length of the range to that end)."""


@dataclass(slots=True)
class RangeVerdict:
    """How many sampled ends were confirmed, how many show a change slightly beyond, and the failures in words."""

    sampled: int = 0
    confirmed: int = 0
    changed_beyond: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _End:
    is_row: bool
    index: int
    name: str
    at: float
    end: float
    objective: float


def confirm(
    model: LinearModel, constraints: Sequence[ConstraintReport], variables: Sequence[VariableReport], *, count: int, seed: int
) -> RangeVerdict:
    """Solve the model again at `count` ends of ranges, drawn at random, and slightly beyond."""
    value_at = _ends(model, constraints, variables)
    drawn = random.Random(seed).sample(value_at, min(count, len(value_at)))
    verdict, (_, base) = RangeVerdict(sampled=len(drawn)), solve_raw(model)
    for end in drawn:
        reason, value = solve_raw(_moved(model, end, end.end))
        if value is None or abs(value - end.objective) > TOLERANCE * max(1.0, abs(end.objective)):
            verdict.failures.append(f"{end.name} at {end.end:.10g}: {value} ({reason}), predicted {end.objective:.10g}")
            continue
        verdict.confirmed += 1
        _look_beyond(model, end, base, verdict)
    return verdict


def solve_raw(model: LinearModel) -> tuple[str, float | None]:
    """Return the reason of the end and the optimal objective, None without an optimum."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2
    from ortools.math_opt.core.python import solver

    from solvers.linear.proto import model_proto

    if (model.row_lower > model.row_upper).any():
        return "crossing sides", None
    reason = ""
    for engine in (parameters_pb2.SOLVER_TYPE_GLOP, parameters_pb2.SOLVER_TYPE_HIGHS):
        given: Any = solver.solve(
            model_proto(model),
            engine,
            parameters_pb2.SolverInitializerProto(),
            parameters_pb2.SolveParametersProto(),
            model_parameters_pb2.ModelSolveParametersProto(),
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
        reason = result_pb2.TerminationReasonProto.Name(given.termination.reason)
        if given.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL:
            return "optimal", float(given.termination.objective_bounds.primal_bound)
        if given.termination.reason in (
            result_pb2.TERMINATION_REASON_INFEASIBLE,
            result_pb2.TERMINATION_REASON_UNBOUNDED,
            result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,
        ):
            break
    return reason, None


def _look_beyond(model: LinearModel, end: _End, base: float | None, verdict: RangeVerdict) -> None:
    """Count a change beyond an end; an objective on the wrong side of the straight line is a failure."""
    length = end.end - end.at
    direction = 1.0 if length > 0 else -1.0
    if base is None or length == 0:
        return
    further = end.end + direction * BEYOND * max(1.0, abs(length))
    line = base + (end.objective - base) / length * (further - end.at)
    _, value = solve_raw(_moved(model, end, further))
    margin = TOLERANCE * max(1.0, abs(line))
    if value is None or abs(value - line) > margin:
        verdict.changed_beyond += 1
    # A minimum is convex in the right-hand sides and concave in the costs, a maximum the other way round.
    sign = model.sign if end.is_row else -model.sign
    if value is not None and sign * (value - line) < -margin:
        verdict.failures.append(f"{end.name} beyond {end.end:.10g}: {value:.10g} is on the wrong side of {line:.10g}")


def _ends(model: LinearModel, constraints: Sequence[ConstraintReport], variables: Sequence[VariableReport]) -> list[_End]:
    """Return all ends of all ranges."""
    rows = {name: row for row, name in enumerate(model.row_names)}
    columns = {name: column for column, name in enumerate(model.column_names)}
    found: list[_End] = []
    for report in constraints:
        found += _two(True, rows[report.name], report.name, _side(report), report.rhs_range)
    for variable in variables:
        found += _two(False, columns[variable.name], variable.name, variable.objective, variable.cost_range)
    return found


def _two(is_row: bool, index: int, name: str, at: float, holds: Range | None) -> list[_End]:
    if holds is None:
        return []
    pairs = ((holds.lower, holds.objective_at_lower), (holds.upper, holds.objective_at_upper))
    return [_End(is_row, index, name, at, end, value) for end, value in pairs if end is not None and value is not None]


def _is_upper(report: ConstraintReport) -> bool:
    """Tell whether the upper side is the one that a range is about: the active side, or else the nearer one."""
    above = np.inf if report.upper is None else report.upper - report.activity
    below = np.inf if report.lower is None else report.activity - report.lower
    return bool(above <= below)


def _side(report: ConstraintReport) -> float:
    side = report.upper if _is_upper(report) else report.lower
    assert side is not None
    return side


def _moved(model: LinearModel, end: _End, to: float) -> LinearModel:
    """Return the model with one side or one cost at another number."""
    if not end.is_row:
        objective = model.objective.copy()
        objective[end.index] = to
        return replace(model, objective=objective)
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    equation = lower[end.index] == upper[end.index]
    if equation or lower[end.index] == end.at:
        lower[end.index] = to
    if equation or upper[end.index] == end.at:
        upper[end.index] = to
    return replace(model, row_lower=lower, row_upper=upper)
