"""
Why a linear model has no answer: an irreducible conflict, and the least change that resolves it.

The conflict comes from a deletion filter over rows and bounds (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991):
a member is dropped for good when the rest still conflicts. It starts from the support of the Farkas multipliers. The repair is
the least total violation of the elastic model, and is shown with what a re-solve of the repaired model said.

Lower bounds of 0 and the bounds of binary variables are part of what a variable is: they always hold and are no members.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.explanation import Conflict, Infeasibility, Repair
from solvers.base import Budget, Silent
from solvers.linear.elastic import FEASIBLE_TOTAL, Elastic, solve_elastic
from solvers.linear.engine import run_engine
from solvers.linear.model import Floats, LinearModel
from solvers.linear.render_text import between, number, row_text
from solvers.linear.solve import LinearResult

MOST_MEMBERS = 3_000
"""Above this many candidates the deletion filter is not tried."""

MOST_TERMS = 8
"""Rows with more terms are named but not written out."""

CLEAR = 1e-9
LEAST_TIME = 0.02


@dataclass(frozen=True, slots=True)
class Member:
    """A row, or a lower or upper bound of a column, by index."""

    kind: str
    index: int


def infeasibility_of(
    model: LinearModel, result: LinearResult, *, deadline: float, seed: int = 0
) -> tuple[Infeasibility, dict[str, str]]:
    """
    Return why a model is infeasible, and for what could not be found the reason.

    `deadline` is on the clock of `time.monotonic`; half of the time left may go into the repair.
    """
    unavailable: dict[str, str] = {}
    crossing = _crossing(model)
    if crossing:
        return Infeasibility(subset=[_conflict(model, member) for member in crossing], total_violation=None, repairs=[]), {
            "infeasibility.repairs": "a lower side lies above its own upper side; correct one of them"
        }
    budget = _budget(deadline, 0.5, seed)
    elastic = solve_elastic(model, budget, Silent())
    repairs: list[Repair] = []
    if elastic is None:
        unavailable["infeasibility.repairs"] = (
            "no change of constraints alone was found to make it feasible: bounds and whole numbers conflict, or time ended"
        )
    else:
        repairs = _repairs(model, elastic, _budget(deadline, 0.5, seed))
    members = irreducible_subset(model, result, deadline=deadline, seed=seed)
    if members is None:
        unavailable["infeasibility.subset"] = "an irreducible subset was not found within the limits"
    total = elastic.total if elastic is not None else result.least_violation
    subset = [_conflict(model, member) for member in members or ()]
    return Infeasibility(subset=subset, total_violation=total, repairs=repairs), unavailable


def irreducible_subset(model: LinearModel, result: LinearResult, *, deadline: float, seed: int = 0) -> list[Member] | None:
    """Return rows and bounds that conflict, none of which can be left out; None when time ends before that is proved."""
    candidates = _support(model, result)
    if len(candidates) > MOST_MEMBERS or _conflicts(model, candidates, _budget(deadline, 1.0, seed)) is not True:
        candidates = _all_members(model)
        if len(candidates) > MOST_MEMBERS or _conflicts(model, candidates, _budget(deadline, 1.0, seed)) is not True:
            return None
    kept = candidates
    size = max(1, len(kept) // 4)
    while True:
        at = 0
        while at < len(kept):
            if time.monotonic() > deadline:
                return None
            trial = kept[:at] + kept[at + size :]
            verdict = _conflicts(model, trial, _budget(deadline, 1.0, seed))
            if verdict is None:
                return None
            if verdict:
                kept = trial
            else:
                at += size
        if size == 1:
            return sorted(kept, key=lambda member: (member.kind != "row", member.index))
        size = max(1, size // 4)


def _support(model: LinearModel, result: LinearResult) -> list[Member]:
    """Return the bounds and rows that the Farkas multipliers use; bounds first, so that rows are kept rather than bounds."""
    if result.farkas is None or not result.farkas.any():
        return _all_members(model)
    multipliers = result.farkas / np.abs(result.farkas).max()
    combined = model.matrix().T @ multipliers
    lower, upper = _domain(model)
    members = [Member("lower", column) for column in np.flatnonzero((combined < -CLEAR) & np.isinf(lower)).tolist()]
    members += [Member("upper", column) for column in np.flatnonzero((combined > CLEAR) & np.isinf(upper)).tolist()]
    return members + [Member("row", row) for row in np.flatnonzero(np.abs(multipliers) > CLEAR).tolist()]


def _all_members(model: LinearModel) -> list[Member]:
    lower, upper = _domain(model)
    bounded_below, bounded_above = np.isfinite(model.column_lower), np.isfinite(model.column_upper)
    members = [Member("lower", column) for column in np.flatnonzero(bounded_below & np.isinf(lower)).tolist()]
    members += [Member("upper", column) for column in np.flatnonzero(bounded_above & np.isinf(upper)).tolist()]
    sided = np.isfinite(model.row_lower) | np.isfinite(model.row_upper)
    return members + [Member("row", row) for row in np.flatnonzero(sided).tolist()]


def _domain(model: LinearModel) -> tuple[Floats, Floats]:
    """Return the bounds that always hold: at least 0, and 0 or 1; infinite where there is none."""
    lower = np.where(model.column_lower == 0, 0.0, -np.inf)
    binary = model.integer & (model.column_lower == 0) & (model.column_upper == 1)
    return lower, np.where(binary, 1.0, np.inf)


def _conflicts(model: LinearModel, members: Sequence[Member], budget: Budget) -> bool | None:
    """Tell whether the members alone cannot hold together (integrality stays); None when the budget ends first."""
    rows = np.asarray(sorted(member.index for member in members if member.kind == "row"), dtype=np.int64)
    part = model.matrix()[rows]
    bounded = np.asarray([member.index for member in members if member.kind != "row"], dtype=np.int64)
    used = np.union1d(part.indices, bounded).astype(np.int64)
    part = part[:, used]
    lower, upper = _domain(model)
    for member in members:
        if member.kind == "lower":
            lower[member.index] = model.column_lower[member.index]
        elif member.kind == "upper":
            upper[member.index] = model.column_upper[member.index]
    trial = replace(
        model,
        indptr=part.indptr.astype(np.int64),
        indices=part.indices.astype(np.int64),
        coefficients=np.asarray(part.data, dtype=np.float64),
        column_lower=lower[used],
        column_upper=upper[used],
        objective=np.zeros(len(used)),
        integer=model.integer[used],
        row_lower=model.row_lower[rows],
        row_upper=model.row_upper[rows],
        offset=0.0,
    )
    if np.any(lower > upper):
        return True
    reason = run_engine(trial, budget, Silent()).reason
    if reason in ("infeasible", "infeasible_or_unbounded"):
        return True
    return False if reason in ("optimal", "unbounded", "feasible") else None


def _repairs(model: LinearModel, elastic: Elastic, budget: Budget) -> list[Repair]:
    """Return one repair for each violated row, re-solved together."""
    if elastic.total <= FEASIBLE_TOTAL:
        return []
    repaired, verified = _repaired(model, elastic.violations), False
    if repaired is not None:
        verified = run_engine(repaired, budget, Silent()).reason in ("optimal", "feasible")
    rows = np.flatnonzero(np.abs(elastic.violations) > FEASIBLE_TOTAL).tolist()
    rows.sort(key=lambda row: abs(elastic.violations[row]))
    return [_repair(model, row, float(elastic.violations[row]), verified) for row in rows]


def _repaired(model: LinearModel, violations: Floats) -> LinearModel:
    """Return the model with violated sides moved, by a hair more than needed, and without costs."""
    hair = 1e-9 * np.maximum(1.0, np.abs(violations))
    down, up = np.maximum(violations, 0.0), np.maximum(-violations, 0.0)
    return replace(
        model,
        objective=np.zeros(model.columns),
        row_lower=np.where(down > 0, model.row_lower - down - hair, model.row_lower),
        row_upper=np.where(up > 0, model.row_upper + up + hair, model.row_upper),
    )


def _repair(model: LinearModel, row: int, violation: float, verified: bool) -> Repair:
    name, unit = model.row_names[row], _unit(model, row)
    side = float(model.row_lower[row] if violation > 0 else model.row_upper[row])
    verb, word = ("Lower", "at least") if violation > 0 else ("Raise", "at most")
    target = number(side - violation)
    what = "the right-hand side" if model.row_lower[row] == model.row_upper[row] else f"what {name} asks for ({word})"
    sentence = f"{verb} {what} of {name} from {number(side)} to {target}{unit}."
    if model.row_lower[row] != model.row_upper[row]:
        sentence = f"{verb} {name}, which asks for {word} {number(side)}{unit}, to {target}{unit}."
    return Repair(name=name, pointer=model.row_pointer(row), amount=abs(violation), sentence=sentence, verified=verified)


def _conflict(model: LinearModel, member: Member) -> Conflict:
    at = member.index
    if member.kind != "row":
        lower = member.kind == "lower"
        bound = float(model.column_lower[at] if lower else model.column_upper[at])
        name = model.column_names[at]
        sentence = f"{name} must be at {'least' if lower else 'most'} {number(bound)}."
        return Conflict(
            name=f"{name} {'>=' if lower else '<='} {number(bound)}", pointer=model.column_pointer(at), sentence=sentence
        )
    sides = between(model.row_names[at], float(model.row_lower[at]), float(model.row_upper[at]))
    few = model.indptr[at + 1] - model.indptr[at] <= MOST_TERMS
    sentence = f"{model.row_names[at]} demands {row_text(model, at) if few else sides}{_unit(model, at)}."
    return Conflict(name=model.row_names[at], pointer=model.row_pointer(at), sentence=sentence)


def _unit(model: LinearModel, row: int) -> str:
    unit = next((group.family.unit for group in model.constraint_groups if group.start <= row < group.stop), None)
    return f" {unit}" if unit else ""


def _crossing(model: LinearModel) -> list[Member]:
    """Return the first bounds or row whose sides cross."""
    columns = np.flatnonzero(model.column_lower > model.column_upper)
    if columns.size:
        return [Member("lower", int(columns[0])), Member("upper", int(columns[0]))]
    rows = np.flatnonzero(model.row_lower > model.row_upper)
    return [Member("row", int(rows[0]))] if rows.size else []


def _budget(deadline: float, share: float, seed: int) -> Budget:
    left = max((deadline - time.monotonic()) * share, LEAST_TIME)
    return Budget(time_limit=left, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
