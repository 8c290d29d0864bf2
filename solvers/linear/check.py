"""
Independent check of a linear answer: activities, bounds and objective recomputed from the request.

The solution is judged from the request's own numbers, without the model that was solved; the proof of optimality,
infeasibility or unboundedness comes from `solvers.linear.certificate`.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from models.linear import LinearProblem, LinearSolution
from models.run import Check
from solvers.base import Outcome
from solvers.linear.certificate import certificate_checks
from solvers.linear.request import arrays_of

TOLERANCE = 1e-6


def check_linear(problem: LinearProblem, outcome: Outcome[LinearSolution]) -> list[Check]:
    """Return the checks of an outcome; without a solution those that prove that there is none."""
    evidence = outcome.evidence
    proof = certificate_checks(evidence.model, evidence.result)
    if outcome.solution is None or outcome.objective is None or outcome.objective.value is None:
        return proof
    values = outcome.solution.variables
    own = _named(problem, values) if problem.variables is not None else _arrays(problem, values)
    names = ("primal_residual", "bounds", "integrality")
    worst = dict.fromkeys(names, 0.0)
    objective = problem.constant
    for name, amount in own:
        if name == "objective":
            objective += amount
        else:
            worst[name] = max(worst[name], amount)
    claimed = outcome.objective.value
    checks = [Check(name=name, max_violation=worst[name], tolerance=TOLERANCE) for name in names]
    checks.append(Check(name="objective", max_violation=_relative(objective, claimed), tolerance=TOLERANCE))
    total = sum(term.value for term in outcome.objective.terms)
    checks.append(Check(name="objective_terms", max_violation=_relative(total, claimed), tolerance=TOLERANCE))
    recomputed = {check.name for check in checks}
    return checks + [check for check in proof if check.name not in recomputed]


def _named(problem: LinearProblem, values: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield violations and parts of the objective of a problem in named JSON."""
    for variable in problem.variables or []:
        value = values[variable.name]
        yield "objective", variable.objective * value
        yield "bounds", _outside(value, variable.lower, variable.upper) / max(1.0, abs(value))
        if variable.integer:
            yield "integrality", abs(value - round(value))
    for name, bounds in problem.bounds.items():
        yield "bounds", _outside(values[name], bounds.lower, bounds.upper) / max(1.0, abs(values[name]))
    for constraint in problem.constraints:
        parts = [coefficient * values[name] for name, coefficient in constraint.terms.items()]
        activity, scale = math.fsum(parts), max(1.0, math.fsum(map(abs, parts)))
        yield "primal_residual", _outside(activity, constraint.lower, constraint.upper) / scale


def _arrays(problem: LinearProblem, values: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield violations and parts of the objective of a problem in sparse arrays or text."""
    given = arrays_of(problem)
    point = np.asarray([values[name] for name in given.column_names], dtype=np.float64)
    parts = given.entry_values * point[given.entry_columns]
    activity = np.bincount(given.entry_rows, weights=parts, minlength=len(given.row_names))
    scale = np.maximum(1.0, np.bincount(given.entry_rows, weights=np.abs(parts), minlength=len(given.row_names)))
    yield "objective", float(given.objective @ point) + given.constant
    for name, lower, upper, at, size in (
        ("primal_residual", given.row_lower, given.row_upper, activity, scale),
        ("bounds", given.column_lower, given.column_upper, point, np.maximum(1.0, np.abs(point))),
    ):
        yield name, float((np.maximum(lower - at, at - upper) / size).max(initial=0.0))
    whole = point[given.integer]
    yield "integrality", float(np.abs(whole - np.round(whole)).max(initial=0.0))


def _outside(value: float, lower: float | None, upper: float | None) -> float:
    """Return by how much a value lies outside of its sides."""
    below = lower - value if lower is not None else 0.0
    above = value - upper if upper is not None else 0.0
    return max(0.0, below, above)


def _relative(got: float, claimed: float) -> float:
    return abs(got - claimed) / max(1.0, abs(claimed))
