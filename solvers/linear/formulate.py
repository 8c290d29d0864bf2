"""
From a request to the named model that is solved and shown.

Sets        I constraints, J variables
Parameters  c_j objective, a_ij coefficients, sides of rows, bounds of columns
Variables   x_j
Objective   min or max sum_j c_j x_j + constant
Constraints lower_i <= sum_j a_ij x_j <= upper_i

Up to 50 variables and 50 constraints, each is a family of its own, written out with its numbers, its meaning and its unit.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from models.linear import LinearConstraint, LinearProblem, LinearVariable
from solvers.linear.arrays import LinearArrays
from solvers.linear.model import Family, Group, LinearModel, ModelBuilder
from solvers.linear.render_latex import domain_latex, objective_latex, row_latex, text
from solvers.linear.render_text import domain_text, expression, objective_terms, row_text
from solvers.linear.request import arrays_of, sense_of

FEW = 50
"""Up to this many variables and constraints each is a family of its own."""


def formulate(problem: LinearProblem) -> LinearModel:
    """Return the model of a problem whose semantics have been checked."""
    arrays = arrays_of(problem)
    sense: Literal["min", "max"] = "max" if sense_of(problem, arrays) == "max" else "min"
    objective = Family(
        symbol="z",
        latex=r"\sum_{j \in J} c_j\, x_j",
        text="sum over j of c[j] x[j]",
        meaning=f"objective, in {problem.unit}",
        unit=problem.unit,
        pointer=None,
    )
    builder = ModelBuilder(name=problem.name or arrays.name or "linear model", sense=sense, objective=objective)
    builder.objective_offset = arrays.constant + problem.constant
    _declare(builder, arrays)
    columns = builder.add_variables(
        _VARIABLES,
        names=arrays.column_names,
        lower=arrays.column_lower,
        upper=arrays.column_upper,
        objective=arrays.objective,
        integer=arrays.integer,
        pointers=_column_pointers(problem, len(arrays.column_names)),
    )
    builder.add_constraints(
        _CONSTRAINTS,
        names=arrays.row_names,
        rows=arrays.entry_rows,
        columns=columns[arrays.entry_columns],
        coefficients=arrays.entry_values,
        lower=arrays.row_lower,
        upper=arrays.row_upper,
        pointers=_row_pointers(problem, arrays),
    )
    model = builder.build()
    return _written_out(problem, model) if model.rows <= FEW and model.columns <= FEW else model


_VARIABLES = Family(
    symbol="x_j",
    latex=r"\ell_j \le x_j \le u_j,\quad j \in J",
    text="l[j] <= x[j] <= u[j] for every variable j",
    meaning="decisions; those marked integer take whole numbers only",
    unit=None,
    pointer=None,
)

_CONSTRAINTS = Family(
    symbol="r_i",
    latex=r"L_i \le \sum_{j \in J} a_{ij}\, x_j \le U_i,\quad i \in I",
    text="L[i] <= sum over j of a[i,j] x[j] <= U[i] for every constraint i",
    meaning="conditions on the decisions; a missing side is infinite, equal sides make an equation",
    unit=None,
    pointer=None,
)


def _declare(builder: ModelBuilder, arrays: LinearArrays) -> None:
    n, m, z = len(arrays.column_names), len(arrays.row_names), len(arrays.entry_values)

    def plain(symbol: str, latex: str, meaning: str) -> Family:
        return Family(symbol=symbol, latex=latex, text=symbol, meaning=meaning, unit=None, pointer=None)

    builder.add_set(plain("J", "J", "variables"), count=n)
    builder.add_set(plain("I", "I", "constraints"), count=m)
    builder.add_parameter(plain("c[j]", "c_j", "objective coefficients"), count=int(np.count_nonzero(arrays.objective)))
    builder.add_parameter(plain("a[i,j]", "a_{ij}", "coefficients of the constraints"), count=z)
    builder.add_parameter(plain("L[i], U[i]", "L_i, U_i", "sides of the constraints"), count=2 * m)
    builder.add_parameter(plain("l[j], u[j]", r"\ell_j, u_j", "bounds of the variables"), count=2 * n)


def _column_pointers(problem: LinearProblem, n: int) -> list[str | None]:
    if problem.variables is not None:
        return [f"/variables/{column}" for column in range(n)]
    if problem.columns is not None:
        return [f"/columns/variables/objective/{column}" for column in range(n)]
    return ["/mps" if problem.mps is not None else "/lp"] * n


def _row_pointers(problem: LinearProblem, arrays: LinearArrays) -> list[str | None]:
    m = len(arrays.row_names)
    if problem.variables is not None:
        return [f"/constraints/{row}" for row in range(m)]
    if problem.columns is not None:
        named = np.where(np.isfinite(arrays.row_lower), "lower", "upper").tolist()
        return [f"/columns/constraints/{side}/{row}" for row, side in enumerate(named)]
    return ["/mps" if problem.mps is not None else "/lp"] * m


def _written_out(problem: LinearProblem, model: LinearModel) -> LinearModel:
    """Replace the general families by one for every variable and constraint, with the caller's meaning and unit."""
    variables: Sequence[LinearVariable | None] = problem.variables or [None] * model.columns
    constraints: Sequence[LinearConstraint | None] = problem.constraints or [None] * model.rows
    groups = []
    for column, (name, variable) in enumerate(zip(model.column_names, variables, strict=True)):
        domain = (float(model.column_lower[column]), float(model.column_upper[column]), bool(model.integer[column]))
        family = Family(
            symbol=name,
            latex=domain_latex(text(name), *domain),
            text=domain_text(name, *domain),
            meaning=(variable.meaning if variable else None) or f"variable {name}",
            unit=variable.unit if variable else None,
            pointer=model.column_pointer(column),
        )
        groups.append(Group(family=family, start=column, stop=column + 1, term=name))
    rows = []
    for row, (name, constraint) in enumerate(zip(model.row_names, constraints, strict=True)):
        family = Family(
            symbol=name,
            latex=row_latex(model, row),
            text=f"{name}: {row_text(model, row)}",
            meaning=(constraint.meaning if constraint else None) or f"constraint {name}",
            unit=constraint.unit if constraint else None,
            pointer=model.row_pointer(row),
        )
        rows.append(Group(family=family, start=row, stop=row + 1))
    written = expression(objective_terms(model, model.column_names))
    objective = replace(model.objective_family, latex=objective_latex(model), text=written)
    return replace(model, objective_family=objective, variable_groups=tuple(groups), constraint_groups=tuple(rows))
