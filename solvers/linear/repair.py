"""
Ways to make an infeasible model feasible: each re-solved, with its whole numbers, before it is handed on.

The cheapest way moves whatever costs least in total. Beside it stand single changes that suffice alone (each member of the
conflict is tried: a change that suffices must resolve this conflict too) and, where there is none, one with fewer changes.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.explanation import RepairKind
from solvers.base import Budget
from solvers.errors import EngineError
from solvers.linear.feasible_point import TOLERANCE, feasible_point
from solvers.linear.member import Member, domain_violation, members_of, violation
from solvers.linear.model import Floats, LinearModel
from solvers.linear.relaxation import Relaxation, least_relaxation, relaxation_at, side_of, with_sides
from solvers.linear.softness import Softness

MOST_SINGLE = 12
"""So many members of the conflict are tried as single changes."""

MOST_LEFT_OUT = 30
"""Of a repair with more changes none are tried to be left out."""

MOST_REPAIRS = 8
LEAST_TIME = 0.02
ROUNDINGS = 9
SHORT = 6
"""Decimals of a moved side; of a large one so many digits after the first."""

NOISE, ULPS = 1e-9, 1e-14
"""Absolute and relative size of differences that only floating point makes."""

SHARE, INTEGER_SHARE = 0.5, 0.3
"""Share of the time left that the search for the cheapest repair may use, of an LP and of a MIP."""

HAIRS = (0.0, 1e-9, 1e-7)
"""By how much more than needed a side moves, relative to its size, until an engine accepts it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One repair: the new sides and bounds, and what they cost; `is_least` when nothing costs less."""

    kind: RepairKind
    sides: Mapping[Member, float]
    cost: float


@dataclass(frozen=True, slots=True)
class Ways:
    """
    All repairs that were found, least cost first.

    `is_impossible` when it is proved that no change of what is soft helps; `least_cost` when it is known.
    """

    ways: list[Way]
    least_cost: float | None
    is_impossible: bool


def repairs_of(
    model: LinearModel,
    soft: Softness,
    subset: Sequence[Member],
    *,
    deadline: float,
    seed: int = 0,
    compromise: Floats | None = None,
) -> Ways:
    """
    Return the repairs of a model; `subset` is a conflict in it.

    `compromise` is a point (n) that violates rows only, which is made use of where the cheapest repair takes too long.
    `deadline` is on the clock of `time.monotonic`.
    """
    least = _relaxation(model, soft, deadline, INTEGER_SHARE if model.is_mip else SHARE, seed)
    if compromise is not None and not model.is_mip and (least is None or not least.is_least):
        allowed = relaxation_at(model, soft, compromise)
        least = allowed if allowed is not None and (least is None or allowed.cost < least.cost) else least
    ways: list[Way] = []
    first = None
    if least is not None:
        first = _verified(model, soft, least, "least_cost" if least.is_least else "found", deadline, seed)
        ways += [first] if first is not None else []
    is_impossible = (
        least is None and first is None and time.monotonic() < deadline - LEAST_TIME and _is_rigid(model, soft, deadline, seed)
    )
    if not is_impossible:
        singles = list(_single_changes(model, soft, subset, deadline, seed))
        ways += [way for way in singles if first is None or way.sides.keys() != first.sides.keys()]
        if first is not None and 1 < len(first.sides) <= MOST_LEFT_OUT and not singles:
            ways += _fewer(model, soft, first, deadline, seed)
    ways.sort(key=lambda way: (round(way.cost, ROUNDINGS), len(way.sides), way.kind != "least_cost"))
    total = round(least.cost, ROUNDINGS) if least is not None and least.is_least else None
    return Ways(ways[:MOST_REPAIRS], total, is_impossible)


def _is_rigid(model: LinearModel, soft: Softness, deadline: float, seed: int) -> bool:
    """Tell whether the model stays infeasible when all that is soft is taken away."""
    gone: dict[Member, float] = {}
    for kind, costs in soft.costs().items():
        side = -np.inf if kind in ("row_lower", "lower") else np.inf
        gone |= {Member(kind, index): side for index in np.flatnonzero(np.isfinite(costs)).tolist()}
    return feasible_point(with_sides(model, gone), deadline=deadline, seed=seed).feasible is False


def _single_changes(model: LinearModel, soft: Softness, subset: Sequence[Member], deadline: float, seed: int) -> Iterator[Way]:
    """Yield the changes of one member of a conflict that suffice alone; an equation may give way on either side."""
    sides = [side for member in subset for side in _sides_of(member) if np.isfinite(soft.cost_of(side)) and soft.cost_of(side)]
    for side in sides[:MOST_SINGLE]:
        if time.monotonic() > deadline:
            return
        found = _relaxation(model, soft.only([side]), deadline, 0.25, seed)
        if found is not None and found.moves:
            way = _verified(model, soft, found, "single_change", deadline, seed)
            if way is not None:
                yield way


def _fewer(model: LinearModel, soft: Softness, least: Way, deadline: float, seed: int) -> list[Way]:
    """Return a way that makes do with fewer of the changes of the cheapest one, if leaving some out helps."""
    kept = sorted(least.sides, key=lambda member: abs(least.sides[member] - side_of(model, member)))
    best: Relaxation | None = None
    for member in list(kept):
        if time.monotonic() > deadline:
            break
        rest = [other for other in kept if other != member]
        found = _relaxation(model, soft.only(rest), deadline, 0.25, seed) if rest else None
        if found is not None:
            kept, best = [other for other in rest if other in found.moves], found
    if best is None:
        return []
    way = _verified(model, soft, best, "fewer_changes", deadline, seed)
    return [way] if way is not None else []


def _sides_of(member: Member) -> list[Member]:
    if member.kind == "row":
        return [Member("row_lower", member.index), Member("row_upper", member.index)]
    return [member] if member.kind != "whole" else []


def _relaxation(model: LinearModel, soft: Softness, deadline: float, share: float, seed: int) -> Relaxation | None:
    left = (deadline - time.monotonic()) * share
    if left <= 0:
        return None
    budget = Budget(time_limit=max(left, LEAST_TIME), iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
    try:
        return least_relaxation(model, soft, budget)
    except EngineError:
        return None


def _verified(
    model: LinearModel, soft: Softness, found: Relaxation, kind: RepairKind, deadline: float, seed: int
) -> Way | None:
    """Return a relaxation as new sides, or None when the model with exactly these sides was not solved again."""
    for hair in HAIRS:
        sides = {member: _moved(model, member, amount, hair) for member, amount in found.moves.items()}
        repaired = with_sides(model, sides)
        again = feasible_point(repaired, deadline=_part(deadline), seed=seed).feasible
        if again or (again is None and _allows(repaired, found.point)):
            shown = {member: side for member, side in sides.items() if soft.cost_of(member)}
            cost = sum(soft.cost_of(member) * abs(side - side_of(model, member)) for member, side in shown.items())
            return Way(kind, shown, cost)
        if time.monotonic() > deadline:
            return None
    return None


def _part(deadline: float) -> float:
    """Return the end of half of the time left."""
    now = time.monotonic()
    return now + (deadline - now) / 2


def _allows(model: LinearModel, point: Floats) -> bool:
    """Tell whether a point satisfies all of a model, recomputed: what counts where solving it again takes too long."""
    members = members_of(model)
    held = violation(model, members, point) <= TOLERANCE
    return bool(held.all()) and domain_violation(model, point) <= TOLERANCE


def _moved(model: LinearModel, member: Member, amount: float, hair: float) -> float:
    """Return a side after its move: a short number where that changes only noise, else rounded away from the conflict."""
    way = -1.0 if member.kind in ("row_lower", "lower") else 1.0
    side = side_of(model, member) + way * amount + way * hair * max(1.0, abs(side_of(model, member)))
    near = round(side, SHORT)
    if abs(side - near) <= max(NOISE, ULPS * abs(side)):
        return near
    step = 10.0 ** (math.floor(math.log10(max(1.0, abs(side)))) - SHORT)
    return round(way * math.ceil(way * side / step) * step, ROUNDINGS)
