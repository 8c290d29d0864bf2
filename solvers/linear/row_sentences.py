"""One sentence on each constraint of a linear answer: whether it binds, what one more is worth, and how far that holds."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from solvers.linear.render_text import rounded

SAME = 1e-9
"""Prices of two directions are the same when they differ by less, relative to max(1, |price|)."""


@dataclass(slots=True)
class RowWords:
    """
    What a sentence on a row is made from, in the caller's units; `money` is the unit of the objective behind a number.

    `price`, `up` and `down` are None without a price; `up` and `down` are infinite where no answer is feasible beyond the side
    and NaN where they are not known. `price_at_fixed_integers` is that of an integer model with its whole numbers kept.
    `more` is how far the right-hand side may rise while its price holds (infinite: without end; None: unknown), and `limit` the
    constraint or variable that acts then.
    """

    row: int
    name: str
    lower: float
    upper: float
    activity: float
    slack: float
    binding: bool
    price: float | None
    price_at_fixed_integers: float | None
    up: float | None
    down: float | None
    more: float | None
    limit: str | None
    limit_is_variable: bool
    unit: str | None
    money: str


SentenceOf = Callable[[RowWords], str | None]
"""A feature's own sentence on a row; None for the general one."""


def row_sentence(row: RowWords) -> str:
    """Return one sentence on a row."""
    measure = f" {row.unit}" if row.unit else ""
    if not row.binding:
        sides = " and ".join(
            f"{word} {rounded(side)}" for word, side in (("at least", row.lower), ("at most", row.upper)) if math.isfinite(side)
        )
        worth = "" if row.price is None else ", so its price is 0"
        return (
            f"{row.name} is at {rounded(row.activity)}{measure} ({sides} asked): {rounded(row.slack)}{measure} to spare{worth}."
        )
    if row.lower == row.upper:
        kind = f"holds at {rounded(row.lower)}{measure}"
    else:
        is_upper = row.upper - row.activity <= row.activity - row.lower
        kind = (
            f"binds at its {'upper' if is_upper else 'lower'} side of {rounded(row.upper if is_upper else row.lower)}{measure}"
        )
    if row.price is not None:
        return f"{row.name} {kind}; {_worth(row, row.price, measure)}."
    return f"{row.name} {kind}{_worth_at_fixed_integers(row.price_at_fixed_integers, row.money)}."


def _worth(row: RowWords, price: float, measure: str) -> str:
    more = "one more unit on the right-hand side"
    if row.up is None or row.down is None or (_same(row.up, price) and _same(row.down, price)):
        if price == 0:
            return "a small change of it costs and saves nothing"
        return f"{more} {_change(price, row.money)}{_reach(row, measure)}"
    if math.isnan(row.up) or math.isnan(row.down):
        return f"{more} {_change(price, row.money)}, perhaps in one direction only"
    if math.isinf(row.up) and math.isinf(row.down):
        return "with any other right-hand side no answer is left"
    if math.isinf(row.up):
        return f"no answer is left when it rises, and one unit less {_change(-row.down, row.money)}"
    if math.isinf(row.down):
        return f"{more} {_change(row.up, row.money)}{_reach(row, measure)}; no answer is left when it falls"
    return f"{more} {_change(row.up, row.money)}, one less {_change(-row.down, row.money)}"


def _worth_at_fixed_integers(price: float | None, money: str) -> str:
    if price is None:
        return ""
    if abs(price) <= SAME:
        return "; with the whole numbers kept, a small change of it costs and saves nothing"
    return f"; with the whole numbers kept, one more unit on the right-hand side {_change(price, money)}"


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= SAME * max(1.0, abs(second))


def _change(price: float, money: str) -> str:
    if abs(price) <= SAME:
        return "changes nothing"
    return f"{'raises' if price > 0 else 'lowers'} the objective by {rounded(abs(price))}{money}"


def _reach(row: RowWords, measure: str) -> str:
    """Return how far the price holds when the right-hand side rises."""
    if row.more is None or row.more <= 0:
        return ""
    if math.isinf(row.more):
        return ", however much more"
    ending = ""
    if row.limit is not None:
        ending = f"; then {row.limit} {'reaches its bound' if row.limit_is_variable else 'becomes the limit'}"
    return f", for up to {rounded(row.more)}{measure} more{ending}"
