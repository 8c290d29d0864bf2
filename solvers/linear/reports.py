"""Constraint and variable reports of a linear answer: activity, slack, prices, ranges and a sentence for each row."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from models.explanation import BasisStatus, ConstraintReport, Range, VariableReport
from solvers.linear.model import Booleans, Floats, Group, Integers, LinearModel
from solvers.linear.ranging import Ranges
from solvers.linear.render_text import objective_unit
from solvers.linear.row_sentences import RowWords, SentenceOf, row_sentence
from solvers.linear.sensitivity import Sensitivity
from solvers.linear.solve import LinearResult, without_noise
from solvers.linear.trusted_outputs import trusted

BINDING = 1e-6
"""A side binds when the activity is this near to it, relative to max(1, |side|)."""

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


def reported_rows(model: LinearModel, result: LinearResult, *, summary: bool) -> Integers:
    """
    Return the rows to report in model order; a summary keeps the binding ones with the largest prices.

    Rows without any side demand nothing and are left out.
    """
    if result.values is None:
        return np.zeros(0, dtype=np.int64)
    facts = row_facts(model, result.values)
    if not summary:
        return np.flatnonzero(facts.sided)
    return _largest(np.flatnonzero(facts.binding), _telling_prices(result))


def reported_columns(model: LinearModel, result: LinearResult, *, summary: bool) -> Integers:
    """Return the columns to report in model order; a summary keeps those that are not 0 and weigh most."""
    if result.values is None:
        return np.zeros(0, dtype=np.int64)
    if not summary:
        return np.arange(model.columns)
    weight = np.abs(model.objective * result.values) + 1e-9 * np.abs(result.values)
    return _largest(np.flatnonzero(np.abs(result.values) > BINDING), weight)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the cyclic garbage collector, which would walk over all reports again and again while they are made."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made is old at once: otherwise it would all be walked over as young as soon as the collector is back.
        gc.freeze()
        gc.unfreeze()
        if enabled:
            gc.enable()


def constraint_reports(
    model: LinearModel, result: LinearResult, sensitivity: Sensitivity, *, sentence: SentenceOf | None = None
) -> list[ConstraintReport]:
    """Return the reports of the rows that `sensitivity` is about, in its order, in a feature's own sentences if any."""
    if result.values is None:
        return []
    facts, rows = row_facts(model, result.values), sensitivity.rows
    lower, upper, binding = model.row_lower[rows], model.row_upper[rows], facts.binding[rows]
    prices, up, down = (_at(part, rows) for part in (result.duals, sensitivity.price_up, sensitivity.price_down))
    if up is None and down is None and prices is not None:
        # Without ranges a loose row still has the price 0 in both directions.
        up = down = np.where(binding, np.nan, 0.0)
    fixed = _listed(_at(result.fixed.duals if result.fixed else None, rows), len(rows))
    words = _row_words(model, facts, sensitivity, prices=(_listed(prices, len(rows)), fixed), up=up, down=down)
    columns = zip(
        words,
        [model.row_pointer(row) for row in rows.tolist()],
        _nullable(lower),
        _nullable(upper),
        _nullable(up, len(rows)),
        _nullable(down, len(rows)),
        _listed(_at(result.relaxation.duals if result.relaxation else None, rows), len(rows)),
        _nullable(_improvements(model, facts, rows, prices, up, down), len(rows)),
        _range_list(model, sensitivity.sides, len(rows)),
        strict=True,
    )
    return trusted(ConstraintReport, [
        {
            "name": row.name,
            "pointer": pointer,
            "activity": row.activity,
            "lower": low,
            "upper": high,
            "slack": row.slack,
            "binding": row.binding,
            "shadow_price": row.price,
            "shadow_price_up": rising,
            "shadow_price_down": falling,
            "shadow_price_relaxation": relaxation,
            "shadow_price_fixed_integers": row.price_at_fixed_integers,
            "improvement_if_relaxed": improvement,
            "rhs_range": allowed,
            "unit": row.unit,
            "sentence": (sentence and sentence(row)) or row_sentence(row),
        }
        for row, pointer, low, high, rising, falling, relaxation, improvement, allowed in columns
    ])  # fmt: skip


def variable_reports(model: LinearModel, result: LinearResult, sensitivity: Sensitivity) -> list[VariableReport]:
    """Return the reports of the columns that `sensitivity` is about, in its order."""
    if result.values is None:
        return []
    chosen = sensitivity.columns
    units = _units(model.variable_groups, model.columns)
    status: Sequence[BasisStatus | None] = result.column_status or [None] * model.columns
    columns = zip(
        chosen.tolist(),
        result.values[chosen].tolist(),
        _nullable(model.column_lower[chosen]),
        _nullable(model.column_upper[chosen]),
        model.objective[chosen].tolist(),
        _listed(_at(result.reduced_costs, chosen), len(chosen)),
        _range_list(model, sensitivity.costs, len(chosen)),
        strict=True,
    )
    return trusted(VariableReport, [
        {
            "name": model.column_names[column],
            "pointer": model.column_pointer(column),
            "value": value,
            "lower": lower,
            "upper": upper,
            "objective": objective,
            "reduced_cost": reduced_cost,
            "cost_range": allowed,
            "status": status[column],
            "unit": units[column],
        }
        for column, value, lower, upper, objective, reduced_cost, allowed in columns
    ])  # fmt: skip


def finite(value: float) -> float | None:
    """Return the number, or None for an infinite one."""
    return value if np.isfinite(value) else None


def _row_words(
    model: LinearModel,
    facts: RowFacts,
    sensitivity: Sensitivity,
    *,
    prices: tuple[Sequence[float | None], Sequence[float | None]],
    up: Floats | None,
    down: Floats | None,
) -> list[RowWords]:
    """Return what the sentences on rows are made from."""
    rows, units = sensitivity.rows, _units(model.constraint_groups, model.rows)
    money = objective_unit(model)
    columns = zip(
        rows.tolist(),
        model.row_lower[rows].tolist(),
        model.row_upper[rows].tolist(),
        facts.activity[rows].tolist(),
        facts.slack[rows].tolist(),
        facts.binding[rows].tolist(),
        *prices,
        [None] * len(rows) if up is None else up.tolist(),
        [None] * len(rows) if down is None else down.tolist(),
        _reaches(model, sensitivity.sides, len(rows)),
        strict=True,
    )
    names = model.row_names
    return [
        RowWords(
            row,
            names[row],
            low,
            high,
            activity,
            slack,
            binding,
            price,
            fixed,
            rise,
            fall,
            more,
            limit,
            moves,
            units[row],
            money,
        )
        for row, low, high, activity, slack, binding, price, fixed, rise, fall, (more, limit, moves) in columns
    ]


def _reaches(model: LinearModel, sides: Ranges | None, count: int) -> Iterator[tuple[float | None, str | None, bool]]:
    """Return how far each right-hand side may rise (None when unknown), and what acts then: its name, is it a variable."""
    if sides is None:
        return repeat((None, None, False), count)
    names = [*model.column_names, *model.row_names, None]
    ended = np.isfinite(sides.upper)
    steps = np.where(ended, without_noise(np.where(ended, sides.upper, sides.at) - sides.at), np.inf).tolist()
    more = [step if known else None for known, step in zip(sides.known.tolist(), steps, strict=True)]
    codes = sides.limit_upper.tolist()
    return zip(more, [names[code] for code in codes], (sides.limit_upper < model.columns).tolist(), strict=True)


def _improvements(
    model: LinearModel, facts: RowFacts, rows: Integers, prices: Floats | None, up: Floats | None, down: Floats | None
) -> Floats | None:
    """Return how much the objective improves per unit by which a side is relaxed; NaN for equations."""
    if prices is None or up is None or down is None:
        return None
    lower, upper, activity = model.row_lower[rows], model.row_upper[rows], facts.activity[rows]
    is_upper = upper - activity <= activity - lower
    relaxed = np.where(is_upper, -model.sign * up, model.sign * down)
    gain = np.where(np.isfinite(relaxed), np.maximum(relaxed, 0.0), np.abs(prices))
    return np.where(lower == upper, np.nan, np.where(facts.binding[rows], gain, 0.0))


def _range_list(model: LinearModel, ranges: Ranges | None, count: int) -> list[Range | None]:
    """Return ranges as parts of reports; None for those that are not known."""
    listed: list[Range | None] = [None] * count
    if ranges is None:
        return listed
    names = [*model.column_names, *model.row_names, None]
    known = np.flatnonzero(ranges.known)
    columns = zip(
        _nullable(ranges.lower[known]),
        _nullable(ranges.upper[known]),
        _nullable(ranges.objective_lower[known]),
        _nullable(ranges.objective_upper[known]),
        ranges.limit_lower[known].tolist(),
        ranges.limit_upper[known].tolist(),
        strict=True,
    )
    built = trusted(Range, [
        {
            "lower": lower,
            "upper": upper,
            "objective_at_lower": below,
            "objective_at_upper": above,
            "limiting_at_lower": names[first],
            "limiting_at_upper": names[last],
        }
        for lower, upper, below, above, first, last in columns
    ])  # fmt: skip
    for place, one in zip(known.tolist(), built, strict=True):
        listed[place] = one
    return listed


def _telling_prices(result: LinearResult) -> Floats | None:
    """Return the prices that a summary is sorted by."""
    if result.duals is not None:
        return np.abs(result.duals)
    fixed = result.fixed.duals if result.fixed else None
    return None if fixed is None else np.abs(fixed)


def _largest(candidates: Integers, weight: Floats | None) -> Integers:
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


def _at(numbers: Floats | None, at: Integers) -> Floats | None:
    """Return the entries at some places without noise; infinities and NaN stay."""
    if numbers is None:
        return None
    found = numbers[at]
    known = np.isfinite(found)
    return np.where(known, without_noise(np.where(known, found, 0.0)), found)


def _nullable(numbers: Floats | None, count: int = 0) -> list[float | None]:
    """Return numbers as a list with None for those that are not finite; `count` times None without numbers."""
    if numbers is None:
        return [None] * count
    found: list[float | None] = numbers.tolist()
    for index in np.flatnonzero(~np.isfinite(numbers)).tolist():
        found[index] = None
    return found


def _listed(numbers: Floats | None, count: int) -> list[float | None]:
    return [None] * count if numbers is None else list(numbers.tolist())
