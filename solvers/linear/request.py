"""From a request to plain arrays, whichever form the request has; reading a text twice costs once."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from models.linear import LinearProblem, SparseColumns
from solvers.linear.arrays import Floats, LinearArrays
from solvers.linear.read_lp import read_lp
from solvers.linear.read_mps import read_mps

FORMS = ("variables", "columns", "mps", "lp")


def forms_of(problem: LinearProblem) -> list[str]:
    """Return which of the forms the request uses; a valid one uses exactly one."""
    return [form for form in FORMS if getattr(problem, form) is not None]


def sense_of(problem: LinearProblem, arrays: LinearArrays) -> str:
    """Return the direction of the objective: the request's, else the text's, else min."""
    return problem.sense or arrays.sense or "min"


def arrays_of(problem: LinearProblem) -> LinearArrays:
    """
    Return the problem as arrays, without `problem.constant`.

    Raises
    ------
    ModelTextError
        When the MPS or LP text cannot be read.
    KeyError, IndexError
        When a term names an unknown variable: the semantics must have been checked.
    """
    return _bounded(model_arrays(problem), problem) if problem.bounds else model_arrays(problem)


def model_arrays(problem: LinearProblem) -> LinearArrays:
    """Return the model without the bounds that the request sets beside it."""
    if problem.mps is not None:
        return _read_mps(problem.mps)
    if problem.lp is not None:
        return _read_lp(problem.lp)
    if problem.columns is not None:
        return _from_columns(problem.columns)
    return _from_names(problem)


def _bounded(arrays: LinearArrays, problem: LinearProblem) -> LinearArrays:
    """Return the model with the tighter of its own bounds and those of `problem.bounds`; unknown names are left out."""
    lower, upper = arrays.column_lower.copy(), arrays.column_upper.copy()
    index = {name: column for column, name in enumerate(arrays.column_names)}
    for name, bounds in problem.bounds.items():
        column = index.get(name)
        if column is not None:
            lower[column] = max(lower[column], -math.inf if bounds.lower is None else bounds.lower)
            upper[column] = min(upper[column], math.inf if bounds.upper is None else bounds.upper)
    return replace(arrays, column_lower=lower, column_upper=upper)


@lru_cache(maxsize=1)
def _read_mps(text: str) -> LinearArrays:
    return read_mps(text)


@lru_cache(maxsize=1)
def _read_lp(text: str) -> LinearArrays:
    return read_lp(text)


def sides(numbers: Sequence[float | None], missing: float) -> Floats:
    """Return numbers as an array with `missing` for null."""
    return np.asarray([missing if number is None else number for number in numbers], dtype=np.float64)


def _from_names(problem: LinearProblem) -> LinearArrays:
    variables, constraints = problem.variables or [], problem.constraints
    index = {variable.name: column for column, variable in enumerate(variables)}
    rows = [row for row, constraint in enumerate(constraints) for _ in constraint.terms]
    columns = [index[name] for constraint in constraints for name in constraint.terms]
    values = [value for constraint in constraints for value in constraint.terms.values()]
    return LinearArrays(
        name=problem.name or "",
        sense=None,
        objective_name="objective",
        constant=0.0,
        column_names=list(index),
        column_lower=sides([variable.lower for variable in variables], -math.inf),
        column_upper=sides([variable.upper for variable in variables], math.inf),
        objective=np.asarray([variable.objective for variable in variables], dtype=np.float64),
        integer=np.asarray([variable.integer for variable in variables], dtype=np.bool_),
        row_names=[constraint.name for constraint in constraints],
        row_lower=sides([constraint.lower for constraint in constraints], -math.inf),
        row_upper=sides([constraint.upper for constraint in constraints], math.inf),
        entry_rows=np.asarray(rows, dtype=np.int64),
        entry_columns=np.asarray(columns, dtype=np.int64),
        entry_values=np.asarray(values, dtype=np.float64),
    )


def _from_columns(given: SparseColumns) -> LinearArrays:
    variables, constraints, entries = given.variables, given.constraints, given.entries
    n, m = len(variables.objective), len(constraints.lower)
    return LinearArrays(
        name="",
        sense=None,
        objective_name="objective",
        constant=0.0,
        column_names=variables.name or [f"x{column}" for column in range(n)],
        column_lower=sides(variables.lower, -math.inf) if variables.lower else np.zeros(n),
        column_upper=sides(variables.upper, math.inf) if variables.upper else np.full(n, math.inf),
        objective=np.asarray(variables.objective, dtype=np.float64),
        integer=np.asarray(variables.integer or [False] * n, dtype=np.bool_),
        row_names=constraints.name or [f"c{row}" for row in range(m)],
        row_lower=sides(constraints.lower, -math.inf),
        row_upper=sides(constraints.upper, math.inf),
        entry_rows=np.asarray(entries.row, dtype=np.int64),
        entry_columns=np.asarray(entries.column, dtype=np.int64),
        entry_values=np.asarray(entries.value, dtype=np.float64),
    )
