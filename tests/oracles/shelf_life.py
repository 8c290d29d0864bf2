"""Least cost of one small item that spoils, by dynamic programming over the ages of its stock."""

from dataclasses import dataclass
from functools import cache
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Perishable:
    """One item with whole quantities; `initial` holds the units by remaining life, the shortest first."""

    demand: tuple[int, ...]
    initial: tuple[int, ...]
    life: int
    lead: int
    most: int
    unit_cost: tuple[int, ...]
    fixed_cost: int
    holding_cost: float
    disposal_cost: float
    terminal_value: float
    unmet: Literal["forbidden", "backorder", "lost"]
    stockout_cost: float
    longest_wait: int | None
    scheduled: tuple[int, ...]


def least_cost(plan: Perishable) -> float:
    """Return the least cost, infinite when there is no plan; units may be disposed of before they spoil."""
    periods = len(plan.demand)

    @cache
    def from_period(period: int, ages: tuple[int, ...], coming: tuple[int, ...], owed: tuple[int, ...]) -> float:
        if period == periods:
            return -plan.terminal_value * min(sum(ages), sum(plan.demand))
        best = float("inf")
        most = plan.most if period + plan.lead < periods else 0
        for order in range(most + 1):
            pipeline = (*coming, order)
            arrived = pipeline[0] + plan.scheduled[period]
            stock = [*ages, arrived] if len(ages) < plan.life else [*ages[:-1], ages[-1] + arrived]
            waiting = [*owed, plan.demand[period]]
            for serve in _served(sum(waiting), sum(stock), plan.unmet):
                after, late = _taken(stock, serve), _taken(waiting, serve)
                cost = order * plan.unit_cost[period] + plan.fixed_cost * (order > 0)
                short = sum(late)
                if plan.unmet == "backorder" and plan.longest_wait is not None and sum(late[: -plan.longest_wait]):
                    continue
                kept = tuple(late) if plan.unmet == "backorder" else ()
                cost += short * plan.stockout_cost
                for thrown in range(after[0], sum(after) + 1):
                    left = _taken(after, thrown)[1:]
                    paid = cost + thrown * plan.disposal_cost + sum(left) * plan.holding_cost
                    best = min(best, paid + from_period(period + 1, (*left,), pipeline[1:], kept))
        return best

    return from_period(0, plan.initial, (0,) * plan.lead, ())


def _served(wanted: int, there: int, unmet: str) -> range:
    most = min(wanted, there)
    return range(most + 1) if unmet != "forbidden" else range(wanted, wanted + 1) if there >= wanted else range(0)


def _taken(lots: list[int], units: int) -> list[int]:
    """Return the lots after units have been taken, the oldest first."""
    left = []
    for lot in lots:
        taken = min(lot, units)
        units -= taken
        left.append(lot - taken)
    return left
