"""Least cost of small plans of one item that spoils and moves from site 0 to site 1, by dynamic programming over all ages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

Ages = tuple[int, ...]
"""Units by remaining life, the shortest first."""


@dataclass(frozen=True, kw_only=True)
class FreshSites:
    """Two sites; a tuple holds one number per site. All quantities are whole; a life of None keeps for good."""

    demand: tuple[tuple[int, ...], tuple[int, ...]]
    initial: tuple[Ages, Ages]
    life: tuple[int | None, int | None]
    unit_cost: tuple[tuple[int, ...], tuple[int, ...]]
    fixed_cost: tuple[int, int]
    holding_cost: tuple[float, float]
    disposal_cost: tuple[int, int]
    unmet: tuple[Literal["forbidden", "backorder", "lost"], Literal["forbidden", "backorder", "lost"]]
    stockout_cost: int
    most: int
    lead: int
    way_cost: int
    way_fixed: int


def least_cost(plan: FreshSites) -> float:
    """Return the least cost, infinite when there is no plan; which ages are sent is free, and demand takes the oldest units."""
    periods = len(plan.demand[0])
    # What keeps for good is never older than the horizon is long.
    lives = [life or periods + 1 for life in plan.life]

    @cache
    def from_period(period: int, first: Ages, second: Ages, coming: Ages, owed: tuple[int, int]) -> float:
        if period == periods:
            return 0.0
        best = float("inf")
        for orders in product(range(plan.most + 1), repeat=2):
            paid = sum(_order_cost(plan, site, period, orders[site]) for site in (0, 1))
            here = _with_fresh(_renewed(first, plan.life[0]), orders[0])
            there = _with_fresh(_renewed(_sum(second, coming), plan.life[1]), orders[1])
            for sent in product(*(range(units + 1) for units in here)):
                if sum(sent[: plan.lead]) or (sum(sent) and period + plan.lead >= periods):
                    continue
                arriving = _arriving(sent, plan.lead, lives[1], renewed=plan.life[0] is None)
                cost = paid + plan.way_cost * sum(sent) + plan.way_fixed * (sum(sent) > 0)
                left = tuple(units - gone for units, gone in zip(here, sent, strict=True))
                now = _sum(there, arriving) if plan.lead == 0 else there
                later = (0,) * lives[1] if plan.lead == 0 else arriving
                for (cost_0, after_0, owed_0), (cost_1, after_1, owed_1) in product(
                    _ends(plan, 0, period, left, owed[0]), list(_ends(plan, 1, period, now, owed[1]))
                ):
                    onward = from_period(period + 1, after_0, after_1, later, (owed_0, owed_1))
                    best = min(best, cost + cost_0 + cost_1 + onward)
        return best

    return from_period(0, _initial(plan, 0, lives[0]), _initial(plan, 1, lives[1]), (0,) * lives[1], (0, 0))


def _initial(plan: FreshSites, site: int, life: int) -> Ages:
    """Return the initial stock by remaining life."""
    given = plan.initial[site]
    return (*given, *(0,) * (life - len(given))) if plan.life[site] is not None else (*(0,) * (life - 1), sum(given))


def _renewed(ages: Ages, life: int | None) -> Ages:
    """Return what keeps for good as units that are all alike."""
    return ages if life is not None else (*(0,) * (len(ages) - 1), sum(ages))


def _with_fresh(ages: Ages, units: int) -> Ages:
    return (*ages[:-1], ages[-1] + units)


def _sum(ages: Ages, others: Ages) -> Ages:
    return tuple(one + other for one, other in zip(ages, others, strict=True))


def _arriving(sent: Ages, lead: int, life: int, *, renewed: bool) -> Ages:
    """Return what is sent by its remaining life on arrival, never more than the life of the destination."""
    arriving = [0] * life
    for place, units in enumerate(sent):
        if units:
            arriving[life - 1 if renewed else min(place - lead, life - 1)] += units
    return tuple(arriving)


def _order_cost(plan: FreshSites, site: int, period: int, units: int) -> float:
    return units * plan.unit_cost[site][period] + plan.fixed_cost[site] * (units > 0)


def _ends(plan: FreshSites, site: int, period: int, ages: Ages, owed: int) -> Iterator[tuple[float, Ages, int]]:
    """Yield cost, ages at the start of the next period and what is owed, for all that may be served and disposed of."""
    wanted, unmet = owed + plan.demand[site][period], plan.unmet[site]
    least = wanted if unmet == "forbidden" else 0
    for served in range(least, min(wanted, sum(ages)) + 1):
        after, short = _taken(ages, served), wanted - served
        if plan.life[site] is None:
            cost = short * plan.stockout_cost + sum(after) * plan.holding_cost[site]
            yield cost, after, short if unmet == "backorder" else 0
            continue
        for thrown in range(after[0], sum(after) + 1):
            kept = (*_taken(after, thrown)[1:], 0)
            cost = short * plan.stockout_cost + sum(kept) * plan.holding_cost[site] + thrown * plan.disposal_cost[site]
            yield cost, kept, short if unmet == "backorder" else 0


def _taken(ages: Ages, units: int) -> Ages:
    """Return the ages after units have been taken, the oldest first."""
    left = []
    for there in ages:
        gone = min(there, units)
        units -= gone
        left.append(there - gone)
    return tuple(left)
