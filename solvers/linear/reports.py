"""Constraint and variable reports of a linear answer: activity, slack, prices, reduced costs and a sentence for each row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import TypeAdapter

from models.explanation import BasisStatus, ConstraintReport, VariableReport
from solvers.linear.model import Booleans, Floats, Group, LinearModel
from solvers.linear.render_text import number
from solvers.linear.solve import LinearResult, without_noise

BINDING = 1e-6
"""A side binds when the activity is this near to it, relative to max(1, |side|)."""

VARIABLES = TypeAdapter(list[VariableReport])
"""Builds many reports at once, ten times as fast as one by one."""

MOST_IN_SUMMARY = 50
"""Most rows and most columns that a summary shows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowFacts:
    """Activity, distance to the nearer side and whether it binds, of all m rows; `sided` marks rows that have a side."""

    activity: Floats
    slack: Floats
    binding: Booleans
    sided: Booleans


def row_facts(model: LinearModel, values: Floats) -> RowFacts:
    """Return the facts of all rows at a point of shape (n,)."""
    activity = model.matrix() @ values
    slack = np.minimum(activity - model.row_lower, model.row_upper - activity)
    sided = np.isfinite(slack)
    slack = np.where(sided, np.maximum(slack, 0.0), 0.0)
    binding = sided & (slack <= BINDING * np.maximum(1.0, np.abs(activity)))
    return RowFacts(
        activity=without_noise(activity), slack=np.where(binding, 0.0, without_noise(slack)), binding=binding, sided=sided
    )


def constraint_reports(model: LinearModel, result: LinearResult, *, summary: bool) -> list[ConstraintReport]:
    """
    Return the reports of all rows in model order; a summary keeps the binding ones with the largest prices.

    Rows without any side demand nothing and are left out.
    """
    if result.values is None:
        return []
    facts = row_facts(model, result.values)
    chosen = np.flatnonzero(facts.sided)
    if summary:
        chosen = _largest(np.flatnonzero(facts.binding), _telling_prices(result))
    units = _units(model.constraint_groups, model.rows)
    prices = _listed(result.duals, model.rows)
    relaxation = _listed(result.relaxation.duals if result.relaxation else None, model.rows)
    fixed = _listed(result.fixed.duals if result.fixed else None, model.rows)
    return [_constraint(model, facts, row, (prices[row], relaxation[row], fixed[row]), units[row]) for row in chosen.tolist()]


def variable_reports(model: LinearModel, result: LinearResult, *, summary: bool) -> list[VariableReport]:
    """Return the reports of all columns in model order; a summary keeps those that are not 0 and weigh most."""
    if result.values is None:
        return []
    chosen = np.arange(model.columns)
    if summary:
        weight = np.abs(model.objective * result.values) + 1e-9 * np.abs(result.values)
        chosen = _largest(np.flatnonzero(np.abs(result.values) > BINDING), weight)
    units = _units(model.variable_groups, model.columns)
    status: Sequence[BasisStatus | None] = result.column_status or [None] * model.columns
    chosen_list = chosen.tolist()
    rows = zip(
        chosen_list,
        result.values[chosen].tolist(),
        _nullable(model.column_lower[chosen]),
        _nullable(model.column_upper[chosen]),
        model.objective[chosen].tolist(),
        _listed(None if result.reduced_costs is None else result.reduced_costs[chosen], len(chosen_list)),
        strict=True,
    )
    return VARIABLES.validate_python(
        [
            {
                "name": model.column_names[column],
                "pointer": model.column_pointer(column),
                "value": value,
                "lower": lower,
                "upper": upper,
                "objective": objective,
                "reduced_cost": reduced_cost,
                "cost_range": None,
                "status": status[column],
                "unit": units[column],
            }
            for column, value, lower, upper, objective, reduced_cost in rows
        ]
    )


def finite(value: float) -> float | None:
    """Return the number, or None for an infinite one."""
    return value if np.isfinite(value) else None


def _constraint(
    model: LinearModel,
    facts: RowFacts,
    row: int,
    prices: tuple[float | None, float | None, float | None],
    unit: str | None,
) -> ConstraintReport:
    lower, upper = float(model.row_lower[row]), float(model.row_upper[row])
    activity, binding = float(facts.activity[row]), bool(facts.binding[row])
    price, relaxation, fixed = prices
    return ConstraintReport.model_construct(
        name=model.row_names[row],
        pointer=model.row_pointer(row),
        activity=activity,
        lower=finite(lower),
        upper=finite(upper),
        slack=float(facts.slack[row]),
        binding=binding,
        shadow_price=price,
        shadow_price_up=None,
        shadow_price_down=None,
        shadow_price_relaxation=relaxation,
        shadow_price_fixed_integers=fixed,
        improvement_if_relaxed=None if price is None or lower == upper else abs(price),
        rhs_range=None,
        unit=unit,
        sentence=_sentence(model, row, activity, float(facts.slack[row]), binding, price, unit),
    )


def _sentence(
    model: LinearModel, row: int, activity: float, slack: float, binding: bool, price: float | None, unit: str | None
) -> str:
    """Return one sentence on a row."""
    name, lower, upper = model.row_names[row], float(model.row_lower[row]), float(model.row_upper[row])
    measure = f" {unit}" if unit else ""
    if not binding:
        sides = " and ".join(
            f"{word} {number(side)}" for word, side in (("at least", lower), ("at most", upper)) if np.isfinite(side)
        )
        worth = "" if price is None else ", so its price is 0"
        return f"{name} is at {number(activity)}{measure} ({sides} asked): {number(slack)}{measure} to spare{worth}."
    if lower == upper:
        kind = f"holds at {number(lower)}{measure}"
    else:
        side = "upper" if upper - activity <= activity - lower else "lower"
        kind = f"binds at its {side} side of {number(upper if side == 'upper' else lower)}{measure}"
    if price is None:
        return f"{name} {kind}."
    if price == 0:
        return f"{name} {kind}; a small change of it costs and saves nothing."
    money = model.objective_family.unit or "units of the objective"
    change = f"{'raises' if price > 0 else 'lowers'} the objective by {number(abs(price))} {money}"
    one = " unit" if unit in (None, "units") else measure
    return f"{name} {kind}; one more{one} on the right-hand side {change}."


def _telling_prices(result: LinearResult) -> Floats | None:
    """Return the prices that a summary is sorted by."""
    if result.duals is not None:
        return np.abs(result.duals)
    fixed = result.fixed.duals if result.fixed else None
    return None if fixed is None else np.abs(fixed)


def _largest(candidates: np.ndarray, weight: Floats | None) -> np.ndarray:
    """Return the candidates of largest weight, in their own order."""
    if weight is None or len(candidates) <= MOST_IN_SUMMARY:
        return candidates[:MOST_IN_SUMMARY]
    best = candidates[np.argsort(-weight[candidates], kind="stable")[:MOST_IN_SUMMARY]]
    return np.sort(best)


def _units(groups: Sequence[Group], size: int) -> list[str | None]:
    units: list[str | None] = [None] * size
    for group in groups:
        units[group.start : group.stop] = [group.family.unit] * (group.stop - group.start)
    return units


def _nullable(numbers: Floats) -> list[float | None]:
    """Return numbers as a list with None for the infinite ones."""
    found: list[float | None] = numbers.tolist()
    for index in np.flatnonzero(~np.isfinite(numbers)).tolist():
        found[index] = None
    return found


def _listed(numbers: Floats | None, size: int) -> Sequence[float | None]:
    return [None] * size if numbers is None else without_noise(numbers).tolist()
