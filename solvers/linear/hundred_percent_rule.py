"""
The 100 % rule: whether several numbers may change together without leaving the optimal basis.

Bradley, Hax and Magnanti (1977), Applied Mathematical Programming, section 3.7: the changes that a basis survives form a
convex set, so it survives every mix of single changes whose shares of their own allowable ranges sum to at most 100 %.
Right-hand sides and costs are summed apart: the first can only make the basis infeasible, the second only worse than another.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.explanation import Range

FULL = 1.0 + 1e-9
"""A sum of shares counts as at most 100 % up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One number that changes.

    `kind` is rhs for the active side of a constraint (of a range that does not bind: its nearer side) and cost for an objective
    coefficient; `before` and `after` are in the caller's units; `allowed` is the range from the report of the constraint or
    variable, None when there is none.
    """

    name: str
    kind: Literal["rhs", "cost"]
    before: float
    after: float
    allowed: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """
    The share of its allowable range that one change uses: 0.25 for a quarter, 0 where the range has no end.

    None when the range is unknown or has no room in the direction of the change; `reason` then says which.
    """

    name: str
    kind: Literal["rhs", "cost"]
    share: float | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HundredPercentRule:
    """
    What the rule says: `rhs_total` and `cost_total` are sums of shares, None when one of them is.

    `prices_hold` and `answer_holds` are True when the rule guarantees that all shadow prices (rhs changes) or all values of the
    variables (cost changes) stay; False says only that the rule guarantees nothing. With both, the basis stays optimal.
    """

    shares: tuple[Share, ...]
    rhs_total: float | None
    cost_total: float | None
    prices_hold: bool
    answer_holds: bool
    sentence: str


def hundred_percent_rule(changes: Sequence[Change]) -> HundredPercentRule:
    """Return the share of its allowable range that each change uses, and what their sums guarantee."""
    shares = tuple(_share(change) for change in changes)
    rhs, cost = _total(shares, "rhs"), _total(shares, "cost")
    return HundredPercentRule(
        shares=shares,
        rhs_total=rhs,
        cost_total=cost,
        prices_hold=rhs is not None and rhs <= FULL,
        answer_holds=cost is not None and cost <= FULL,
        sentence=_sentence(shares, rhs, cost),
    )


def _share(change: Change) -> Share:
    share, reason = _used(change)
    return Share(name=change.name, kind=change.kind, share=share, reason=reason)


def _used(change: Change) -> tuple[float | None, str | None]:
    step = change.after - change.before
    if step == 0:
        return 0.0, None
    if change.allowed is None:
        return None, "its allowable range is not known"
    end = change.allowed.upper if step > 0 else change.allowed.lower
    if end is None:
        return 0.0, None
    room = end - change.before if step > 0 else change.before - end
    if room <= 0:
        return None, f"it has no room to {'rise' if step > 0 else 'fall'}: the basis is degenerate there"
    share = abs(step) / room
    return (share, None) if math.isfinite(share) else (None, "its allowable range is too narrow to measure")


def _total(shares: Sequence[Share], kind: str) -> float | None:
    used = [share.share for share in shares if share.kind == kind]
    known = [share for share in used if share is not None]
    return math.fsum(known) if len(known) == len(used) else None


def _sentence(shares: Sequence[Share], rhs: float | None, cost: float | None) -> str:
    """Return what the rule says, for people."""
    if not shares:
        return "Nothing changes."
    parts = []
    for kind, total, what in (
        ("rhs", rhs, "the prices hold and the change of the objective follows from them"),
        ("cost", cost, "the variables keep their values"),
    ):
        if not any(share.kind == kind for share in shares):
            continue
        words = "right-hand sides" if kind == "rhs" else "costs"
        if total is None:
            missing = next(share for share in shares if share.kind == kind and share.share is None)
            parts.append(f"for the {words} the rule guarantees nothing: {missing.name}: {missing.reason}")
        elif total <= FULL:
            parts.append(f"the {words} use {total:.0%} of their allowable ranges in sum, at most 100%: {what}")
        else:
            parts.append(f"the {words} use {total:.0%} of their allowable ranges in sum, above 100%: nothing is guaranteed")
    text = "; ".join(parts)
    return f"By the 100% rule, {text}."
