"""Three to six sentences with numbers about a linear answer, from templates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.explanation import ConstraintReport, Duals, Infeasibility, Range, Regret, Unboundedness, VariableReport
from solvers.linear.model import LinearModel
from solvers.linear.regret import closest_call
from solvers.linear.render_text import objective_unit, rounded
from solvers.linear.reports import row_facts
from solvers.linear.solve import LinearResult

MOST_NAMES = 5
MOST_VALUES = 5
MOST_SENTENCES = 6
ZERO = 1e-9
EXACT = 1e-6
"""Largest relative gap of an answer that is called the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What else is known of an answer when its story is told; empty for what is not known."""

    infeasibility: Infeasibility | None = None
    unbounded: Unboundedness | None = None
    duals: Duals | None = None
    constraints: Sequence[ConstraintReport] = ()
    variables: Sequence[VariableReport] = ()
    regrets: Sequence[Regret] = ()


def narrate(model: LinearModel, result: LinearResult, facts: Facts) -> list[str]:
    """Return what happened, in the caller's names: at most six sentences, the most useful first."""
    size = f"{_count(model.columns, 'variable')} and {_count(model.rows, 'constraint')}"
    if result.status == "infeasible":
        return [f"The problem has {size}, and no answer satisfies all of them.", *_infeasible(result, facts.infeasibility)]
    if result.status == "unbounded":
        return [f"The problem has {size}, and its objective improves without end.", *_unbounded(model, facts.unbounded)]
    if result.values is None or result.value is None:
        return [f"The problem has {size}.", f"{result.termination.detail[:1].upper()}{result.termination.detail[1:]}."]
    sentences = [
        _verdict(model, result),
        *_plan(model, result),
        _binding(model, result),
        *_dearest(model, facts),
        *_whole_numbers(model, result),
        *closest_call(facts.regrets),
        *_next_in(model, facts),
        *_doubts(facts.duals),
    ]
    return sentences[:MOST_SENTENCES]


def _verdict(model: LinearModel, result: LinearResult) -> str:
    assert result.value is not None
    word = "smallest" if model.sense == "min" else "largest"
    money = f"{rounded(result.value)}{objective_unit(model)}"
    gap = None if result.bound is None else abs(result.value - result.bound) / max(abs(result.value), 1e-10)
    if result.termination.reason == "optimal" and (gap is None or gap <= EXACT):
        return f"The {word} possible objective is {money}; it is proved that no answer is better."
    if result.bound is None:
        return f"The best answer found has the objective {money}; nothing is proved about better ones."
    bound = f"no answer can be better than {rounded(result.bound)} ({gap:.2%} away)"
    return f"The best answer found has the objective {money}; {bound}."


def _plan(model: LinearModel, result: LinearResult) -> list[str]:
    """Name the values that make up most of the objective, and the largest ones."""
    assert result.values is not None
    share, size = np.abs(model.objective * result.values), np.abs(result.values)
    weight = share / max(float(share.max(initial=0.0)), ZERO) + size / max(float(size.max(initial=0.0)), ZERO)
    used = np.flatnonzero(np.abs(result.values) > ZERO)
    if not used.size:
        return ["All variables are 0."]
    order = used[np.argsort(-weight[used], kind="stable")]
    named = order[: len(order) if len(order) <= MOST_VALUES else MOST_VALUES - 1].tolist()
    values = ", ".join(f"{model.column_names[column]} = {_value(model, result.values[column], column)}" for column in named)
    left = len(order) - len(named)
    more = f", and {left} more that are not 0" if left else ""
    zero = model.columns - len(order)
    rest = f"; {_count(zero, 'variable')} {'is' if zero == 1 else 'are'} 0" if zero else ""
    return [f"It has {values}{more}{rest}."]


def _value(model: LinearModel, value: float, column: int) -> str:
    """Return a value with its unit and, where it has one, its part of the objective."""
    unit = next((group.family.unit for group in model.variable_groups if group.start <= column < group.stop), None)
    part = float(model.objective[column] * value)
    worth = f" ({rounded(part)}{objective_unit(model) or ' of the objective'})" if part and part != value else ""
    return f"{rounded(float(value))}{f' {unit}' if unit else ''}{worth}"


def _binding(model: LinearModel, result: LinearResult) -> str:
    assert result.values is not None
    if not model.rows:
        return "There are no constraints beside the bounds of the variables."
    facts = row_facts(model, result.values)
    rows = np.flatnonzero(facts.binding).tolist()
    left = len(rows) - MOST_NAMES
    count = (
        f"All {model.rows} constraints" if len(rows) == model.rows > 1 else f"{len(rows)} of {_count(model.rows, 'constraint')}"
    )
    named = ", ".join(model.row_names[row] for row in rows[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")
    verb = "binds" if len(rows) == 1 else "bind"
    return f"{count} {verb}{f': {named}' if rows else ''}."


def _dearest(model: LinearModel, facts: Facts) -> list[str]:
    """Name the constraint whose right-hand side is worth most at its price, and how far the price holds."""
    priced = [(report, price) for report in facts.constraints if (price := _price(report)) is not None and abs(price) > ZERO]
    if not priced:
        return []
    report, price = max(priced, key=lambda found: (abs(found[1] * _side(found[0], found[1], model)), abs(found[1])))
    change = f"{'raises' if price > 0 else 'lowers'} the objective by {rounded(abs(price))}{objective_unit(model)}"
    note = " with all whole numbers kept" if report.shadow_price is None else ""
    reach = "" if report.rhs_range is None else _reach(report.rhs_range, report.unit)
    name = f"{report.name}{_measured_in(report.unit)}"
    return [f"The constraint that weighs most is {name}: one more unit on its right-hand side {change}{note}{reach}."]


def _price(report: ConstraintReport) -> float | None:
    return report.shadow_price if report.shadow_price is not None else report.shadow_price_fixed_integers


def _side(report: ConstraintReport, price: float, model: LinearModel) -> float:
    """Return the right-hand side that a price belongs to."""
    side = report.lower if price * model.sign > 0 else report.upper
    return report.activity if side is None else side


def _reach(holds: Range, unit: str | None) -> str:
    measure = f" {unit}" if unit else ""
    if holds.lower is None and holds.upper is None:
        return ", however far it moves"
    if holds.lower is None or holds.upper is None:
        word, end = ("above", holds.upper) if holds.lower is None else ("below", holds.lower)
        return f", as long as that side is not {word} {rounded(end or 0.0)}{measure}"
    if holds.lower == holds.upper:
        return ", for the smallest of changes only"
    return f", as long as that side stays between {rounded(holds.lower)} and {rounded(holds.upper)}{measure}"


def _next_in(model: LinearModel, facts: Facts) -> list[str]:
    """Name the unused variable that is nearest to being used, by its reduced cost beside its cost."""
    unused = [
        (report, report.reduced_cost)
        for report in facts.variables
        if report.reduced_cost is not None and abs(report.value) <= ZERO and abs(report.reduced_cost) > ZERO
    ]
    if not unused:
        return []
    report, price = min(unused, key=lambda found: abs(found[1]) / max(abs(found[0].objective), ZERO))
    change = f"{'raises' if price > 0 else 'lowers'} the objective by {rounded(abs(price))}{objective_unit(model)}"
    name = f"{report.name}{_measured_in(report.unit)}"
    return [f"Of the variables at 0, {name} is nearest to being used: each unit of it {change}."]


def _whole_numbers(model: LinearModel, result: LinearResult) -> list[str]:
    if result.relaxation is None or result.relaxation.value is None or result.value is None:
        return []
    cost = abs(result.value - result.relaxation.value)
    relaxed = f"{rounded(result.relaxation.value)}{objective_unit(model)}"
    if cost <= EXACT * max(1.0, abs(result.value)):
        return [f"Whole numbers cost nothing: without the demand for them the objective would be {relaxed} too."]
    share = f" ({cost / abs(result.value):.1%})" if result.value else ""
    price = f"{rounded(cost)}{objective_unit(model)}{share}"
    return [f"Without the demand for whole numbers the objective would be {relaxed}: they cost {price}."]


def _doubts(duals: Duals | None) -> list[str]:
    sentences = []
    if duals is not None and duals.degenerate:
        sentences.append("The answer is degenerate: some prices hold for a change in one direction only.")
    if duals is not None and duals.alternative_optima:
        sentences.append("Other answers may be exactly as good.")
    return sentences


def _infeasible(result: LinearResult, infeasibility: Infeasibility | None) -> list[str]:
    sentences = []
    named_repairs = infeasibility is not None and infeasibility.repairs
    if result.least_violation is not None and not named_repairs:
        sentences.append(f"Even the best compromise violates the constraints by {rounded(result.least_violation)} in total.")
    if infeasibility is None:
        return sentences
    if infeasibility.subset:
        named = ", ".join(member.name for member in infeasibility.subset[:MOST_NAMES])
        more = f" and {len(infeasibility.subset) - MOST_NAMES} more" if len(infeasibility.subset) > MOST_NAMES else ""
        needed = ", but could if any one of them were left out" if infeasibility.irreducible else ""
        sentences.append(f"These cannot hold together{needed}: {named}{more}.")
    if infeasibility.subset and not infeasibility.repairs:
        sentences.append("No change of what may give way was found that repairs it.")
    if infeasibility.repairs:
        best = infeasibility.repairs[0]
        count = "1 change" if len(best.changes) == 1 else f"{len(best.changes)} changes together"
        sentences.append(f"The cheapest repair takes {count}, and was solved again: {best.sentence}")
    if len(infeasibility.repairs) > 1:
        sentences.append(
            f"{_count(len(infeasibility.repairs) - 1, 'other repair')} would do as well, at a higher or equal cost."
        )
    return sentences


def _unbounded(model: LinearModel, unbounded: Unboundedness | None) -> list[str]:
    if unbounded is None:
        return ["A direction of endless improvement was not found within the time limit."]
    steps = unbounded.direction[:MOST_NAMES]
    moves = ", ".join(f"{move.name} {'rises' if move.step > 0 else 'falls'} by {rounded(abs(move.step))}" for move in steps)
    left_out = len(unbounded.direction) - MOST_NAMES
    more = f" and {_count(left_out, 'more variable')}" if left_out > 0 else ""
    verb = "falls" if model.sense == "min" else "rises"
    change = rounded(abs(unbounded.objective_change))
    return [
        f"Nothing stops this direction: {moves}{more}, and the objective {verb} by {change} each time.",
        *(missing.sentence for missing in unbounded.missing[:2]),
    ]


def _measured_in(unit: str | None) -> str:
    """Return the unit behind a name; a unit behind the number 1 would need its singular."""
    return f" (in {unit})" if unit else ""


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"
