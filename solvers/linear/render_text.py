"""Write a linear model as plain text."""

from collections.abc import Sequence

import numpy as np

from solvers.linear.model import LinearModel
from solvers.linear.notation import Notation

DEFAULT_UNIT = "cost"
"""Unit of the objective where a request gives none."""

FEW = 12
"""Up to this many rows and columns an instance is written out."""


def number(value: float) -> str:
    """Return a number with at most ten digits."""
    return f"{value + 0.0:.10g}"


def rounded(value: float) -> str:
    """Return a number for a sentence, thousands apart: two decimals from 100 on, four from 1 on, below that four digits."""
    size = abs(value)
    decimals = 2 if size >= 100 else 4 if size >= 1 else 0 if size == 0 else 3 - int(np.floor(np.log10(size)))
    written = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def objective_unit(model: LinearModel) -> str:
    """Return the unit of the objective behind a number; nothing for a request's default, which would read `5 cost`."""
    unit = model.objective_family.unit
    return "" if unit in (None, DEFAULT_UNIT) else f" {unit}"


TEXT = Notation(number=number, times=" ", at_most="<=", at_least=">=", free="free")
expression = TEXT.expression
between = TEXT.between


def row_terms(model: LinearModel, row: int, names: Sequence[str]) -> list[tuple[str, float]]:
    """Return name and coefficient of every entry of a row."""
    start, stop = model.indptr[row], model.indptr[row + 1]
    columns = model.indices[start:stop].tolist()
    return [(names[column], value) for column, value in zip(columns, model.coefficients[start:stop].tolist(), strict=True)]


def objective_terms(model: LinearModel, names: Sequence[str]) -> list[tuple[str, float]]:
    """Return name and coefficient of every column with a cost."""
    return [(names[column], float(model.objective[column])) for column in np.flatnonzero(model.objective).tolist()]


def row_expression(model: LinearModel, row: int) -> str:
    """Return the left-hand side of one constraint."""
    return expression(row_terms(model, row, model.column_names))


def row_text(model: LinearModel, row: int) -> str:
    """Return one constraint written out."""
    return between(row_expression(model, row), float(model.row_lower[row]), float(model.row_upper[row]))


def domain_text(name: str, lower: float, upper: float, integer: bool) -> str:
    """Return the domain of one variable."""
    if integer and (lower, upper) == (0.0, 1.0):
        return f"{name} in {{0, 1}}"
    return between(name, lower, upper) + (" integer" if integer else "")


def is_small(model: LinearModel) -> bool:
    """Tell whether the instance is small enough to be written out."""
    return model.rows <= FEW and model.columns <= FEW


def instance_text(model: LinearModel) -> str:
    """Return the whole instance with its numbers, one line each."""
    constant = f" {'-' if model.offset < 0 else '+'} {number(abs(model.offset))}" if model.offset else ""
    lines = [f"{model.sense} {expression(objective_terms(model, model.column_names))}{constant}", "subject to"]
    lines += [f"  {model.row_names[row]}: {row_text(model, row)}" for row in range(model.rows)]
    for column, name in enumerate(model.column_names):
        lower, upper = float(model.column_lower[column]), float(model.column_upper[column])
        lines.append("  " + domain_text(name, lower, upper, bool(model.integer[column])))
    return "\n".join(lines)


def formulation_text(model: LinearModel) -> str:
    """Return the families, and the instance when it is small and says more than they do."""
    objective = model.objective_family.text
    head = objective if objective.startswith(("min", "max")) else f"{model.sense} {objective}"
    lines = [head, "subject to"]
    lines += [f"  {group.family.text}" for group in model.constraint_groups]
    lines += [f"  {group.family.text}" for group in model.variable_groups]
    if is_small(model) and not is_written_out(model):
        lines += ["", "With the numbers of this instance:", instance_text(model)]
    return "\n".join(lines)


def is_written_out(model: LinearModel) -> bool:
    """Tell whether every family is a single row or column, so that the families are the instance."""
    return all(group.stop - group.start == 1 for group in (*model.constraint_groups, *model.variable_groups))
