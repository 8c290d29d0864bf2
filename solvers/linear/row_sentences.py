"""One sentence on each constraint of a linear answer: whether it binds, what one more is worth, and how far that holds."""

import math
from dataclasses import dataclass

from solvers.linear.render_text import number

SAME = 1e-9
"""Prices of two directions are the same when they differ by less, relative to max(1, |price|)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a right-hand side may rise while its price holds: by `more` (infinite for any), and then which `limit` acts."""

    more: float
    limit: str | None
    limit_is_variable: bool


@dataclass(slots=True)
class RowWords:
    """
    What a sentence on a row is made from, in the caller's units.

    `price`, `up` and `down` are None without a price; `up` and `down` are infinite where no answer is feasible beyond the side
    and NaN where they are not known.
    """

    name: str
    lower: float
    upper: float
    activity: float
    slack: float
    binding: bool
    price: float | None
    up: float | None
    down: float | None
    reach: Reach | None
    unit: str | None
    money: str


def row_sentence(row: RowWords) -> str:
    """Return one sentence on a row."""
    measure = f" {row.unit}" if row.unit else ""
    if not row.binding:
        sides = " and ".join(
            f"{word} {number(side)}" for word, side in (("at least", row.lower), ("at most", row.upper)) if math.isfinite(side)
        )
        worth = "" if row.price is None else ", so its price is 0"
        return (
            f"{row.name} is at {number(row.activity)}{measure} ({sides} asked): {number(row.slack)}{measure} to spare{worth}."
        )
    if row.lower == row.upper:
        kind = f"holds at {number(row.lower)}{measure}"
    else:
        is_upper = row.upper - row.activity <= row.activity - row.lower
        kind = (
            f"binds at its {'upper' if is_upper else 'lower'} side of {number(row.upper if is_upper else row.lower)}{measure}"
        )
    return f"{row.name} {kind}." if row.price is None else f"{row.name} {kind}; {_worth(row, row.price, measure)}."


def _worth(row: RowWords, price: float, measure: str) -> str:
    one = " unit" if row.unit in (None, "units") else measure
    more = f"one more{one} on the right-hand side"
    if row.up is None or row.down is None or (_same(row.up, price) and _same(row.down, price)):
        if price == 0:
            return "a small change of it costs and saves nothing"
        return f"{more} {_change(price, row.money)}{_reach(row.reach, measure)}"
    if math.isnan(row.up) or math.isnan(row.down):
        return f"{more} {_change(price, row.money)}, perhaps in one direction only"
    if math.isinf(row.up) and math.isinf(row.down):
        return "with any other right-hand side no answer is left"
    if math.isinf(row.up):
        return f"no answer is left when it rises, and one{one} less {_change(-row.down, row.money)}"
    if math.isinf(row.down):
        return f"{more} {_change(row.up, row.money)}{_reach(row.reach, measure)}; no answer is left when it falls"
    return f"{more} {_change(row.up, row.money)}, one less {_change(-row.down, row.money)}"


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= SAME * max(1.0, abs(second))


def _change(price: float, money: str) -> str:
    if abs(price) <= SAME:
        return "changes nothing"
    return f"{'raises' if price > 0 else 'lowers'} the objective by {number(abs(price))} {money}"


def _reach(reach: Reach | None, measure: str) -> str:
    """Return how far the price holds when the right-hand side rises."""
    if reach is None or reach.more <= 0:
        return ""
    if math.isinf(reach.more):
        return ", however much more"
    ending = ""
    if reach.limit is not None:
        ending = f"; then {reach.limit} {'reaches its bound' if reach.limit_is_variable else 'becomes the limit'}"
    return f", for up to {number(reach.more)}{measure} more{ending}"
