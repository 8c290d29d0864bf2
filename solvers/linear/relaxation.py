"""
A model in which what is soft may give way at its cost.

Sets        D, U rows whose lower or upper side is soft; L, H columns whose lower or upper bound is soft
Variables   x_j as in the model; s >= 0 by how much each soft side or bound moves
Objective   min sum of cost times s
Constraints row_lower_i - s_i (i in D) <= sum_j a_ij x_j <= row_upper_i + s_i (i in U)
            x_j >= column_lower_j - s_j (j in L),  x_j <= column_upper_j + s_j (j in H)

With a cost of 1 everywhere its optimum is the least total violation (Chinneck, Feasibility and Infeasibility in Optimization,
2008, chapter 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from solvers.base import Budget, Silent
from solvers.linear.engine import run_engine, run_second_engine
from solvers.linear.member import Member, MemberKind
from solvers.linear.model import Floats, Integers, LinearModel
from solvers.linear.softness import Softness

NEGLIGIBLE = 1e-7
"""Moves up to this size (relative to the side that moves, where that is above 1) are noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """By how much each side or bound moves, whether no cheaper way exists, the cost, and a point that then is allowed."""

    moves: Mapping[Member, float]
    is_least: bool
    cost: float
    point: Floats


def least_relaxation(model: LinearModel, soft: Softness, budget: Budget) -> Relaxation | None:
    """Return the cheapest way to move soft sides and bounds so that the model has a point; None when none was found."""
    relaxed, slacks = relaxed_model(model, soft)
    raw = run_engine(relaxed, budget, Silent())
    if relaxed.is_mip and raw.values is None and raw.reason == "no_solution_found":
        # There always is a point when enough is soft: branch and bound that ran late has told none, so another one is asked.
        raw = run_second_engine(relaxed, budget, Silent())
    is_least = raw.reason == "optimal"
    if relaxed.is_mip and raw.values is not None:
        # A vertex for the integers found, free of the tolerance that branch and bound makes use of.
        fixed = run_engine(relaxed.with_fixed_integers(raw.values), budget, Silent())
        raw = fixed if fixed.values is not None else raw
    if raw.values is None:
        return None
    amounts = raw.values[model.columns :].tolist()
    moves = {slack: amount for slack, amount in zip(slacks, amounts, strict=True) if amount > noise_of(model, slack)}
    cost = sum(soft.cost_of(member) * amount for member, amount in moves.items())
    return Relaxation(moves, is_least, cost, raw.values[: model.columns])


def relaxation_at(model: LinearModel, soft: Softness, point: Floats) -> Relaxation | None:
    """Return the moves that allow a point within the bounds of the columns; None when something hard forbids it."""
    activity = model.matrix() @ point
    short, over = model.row_lower - activity, activity - model.row_upper
    moves: dict[Member, float] = {}
    rows: tuple[tuple[MemberKind, Floats], ...] = (("row_lower", short), ("row_upper", over))
    for kind, amounts in rows:
        for row in np.flatnonzero(amounts > NEGLIGIBLE).tolist():
            member = Member(kind, row)
            if amounts[row] > noise_of(model, member):
                moves[member] = float(amounts[row])
    cost = sum(soft.cost_of(member) * amount for member, amount in moves.items())
    return Relaxation(moves, False, cost, point) if np.isfinite(cost) else None


def relaxed_model(model: LinearModel, soft: Softness) -> tuple[LinearModel, list[Member]]:
    """Return the model with one more column for every side or bound that may move, and which one each column moves."""
    down, up, low, high = (np.flatnonzero(np.isfinite(cost)) for cost in soft.costs().values())
    m, n, bounds, slacks = model.rows, model.columns, len(low) + len(high), len(down) + len(up) + len(low) + len(high)
    pick = sparse.coo_array((np.ones(bounds), (np.arange(bounds), np.concatenate([low, high]))), shape=(bounds, n))
    signs = np.repeat([1.0, -1.0, 1.0, -1.0], [len(down), len(up), len(low), len(high)])
    places = np.concatenate([down, up, m + np.arange(bounds)])
    moves = sparse.coo_array((signs, (places, np.arange(slacks))), shape=(m + bounds, slacks))
    matrix = sparse.csr_array(sparse.hstack([sparse.vstack([model.matrix(), pick]), moves], format="csr"))
    matrix.sort_indices()
    column_lower, column_upper = model.column_lower.copy(), model.column_upper.copy()
    column_lower[low], column_upper[high] = -np.inf, np.inf
    lowering, raising = soft.row_lower + soft.tie_break, soft.row_upper + soft.tie_break
    made = replace(
        model,
        sense="min",
        offset=0.0,
        indptr=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        coefficients=np.asarray(matrix.data, dtype=np.float64),
        column_lower=np.concatenate([column_lower, np.zeros(slacks)]),
        column_upper=np.concatenate([column_upper, np.full(slacks, np.inf)]),
        objective=np.concatenate([np.zeros(n), lowering[down], raising[up], soft.lower[low], soft.upper[high]]),
        integer=np.concatenate([model.integer, np.zeros(slacks, dtype=np.bool_)]),
        row_lower=np.concatenate([model.row_lower, model.column_lower[low], np.full(len(high), -np.inf)]),
        row_upper=np.concatenate([model.row_upper, np.full(len(low), np.inf), model.column_upper[high]]),
    )
    return made, [*_members("row_lower", down), *_members("row_upper", up), *_members("lower", low), *_members("upper", high)]


def side_of(model: LinearModel, member: Member) -> float:
    """Return the side or bound that a member stands for."""
    array = {
        "row_lower": model.row_lower,
        "row_upper": model.row_upper,
        "lower": model.column_lower,
        "upper": model.column_upper,
    }[member.kind]
    return float(array[member.index])


def noise_of(model: LinearModel, member: Member) -> float:
    """Return the size of moves of a side or bound that only floating point makes."""
    return NEGLIGIBLE * max(1.0, abs(side_of(model, member)))


def with_sides(model: LinearModel, sides: Mapping[Member, float]) -> LinearModel:
    """Return the model with some sides and bounds replaced, without objective."""
    arrays: dict[MemberKind, Floats] = {
        "row_lower": model.row_lower.copy(),
        "row_upper": model.row_upper.copy(),
        "lower": model.column_lower.copy(),
        "upper": model.column_upper.copy(),
    }
    for member, side in sides.items():
        arrays[member.kind][member.index] = side
    return replace(
        model,
        objective=np.zeros(model.columns),
        offset=0.0,
        row_lower=arrays["row_lower"],
        row_upper=arrays["row_upper"],
        column_lower=arrays["lower"],
        column_upper=arrays["upper"],
    )


def _members(kind: MemberKind, where: Integers) -> list[Member]:
    return [Member(kind, index) for index in where.tolist()]
