"""
The best (s, S) of every period of a finite horizon, by backward recursion over whole stock levels.

V_t(x) = min over y >= x of K [y > x] + c (y - x) + L(y) + alpha E[V_{t+1}(y - D)].
K-convexity makes (s, S) optimal (Scarf 1960).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory_policy.demand import NormalDemand
from models.inventory_policy.solution import PeriodLevels
from models.inventory_policy.stochastic import FiniteHorizon
from solvers.inventory.policy.distributions import Floats, normal_shortage, whole_unit_weights
from solvers.inventory.policy.reorder_up_to import PeriodCost
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number

Integers = NDArray[np.int64]
UNIT = "money over the horizon"
MOST_LEVELS = 400_000


@dataclass(frozen=True, slots=True)
class _Period:
    """What to do in a period: stock level to order up to from each level, and the parts of the cost of the period."""

    after: Floats
    low: int


def finite_horizon(given: FiniteHorizon) -> PolicyResult:
    """Return (s, S) of every period and the least expected cost from the initial stock on."""
    first, weights = demand_weights(given)
    span = math.ceil(2 * math.sqrt(2 * given.fixed_cost * max(1.0, _mean(given)) / given.holding_cost)) + len(weights) + 10
    low = min(given.initial_stock, 0) - span - first
    high = max(given.initial_stock, first + len(weights)) + span
    idle = 0
    while True:
        periods, values = _recursion(given, first, weights, low, high)
        at_end = any(int(period.after[0]) >= high - 1 for period in periods)
        never = sum(bool((period.after == np.arange(low, high + 1)).all()) for period in periods)
        if (not at_end and never <= idle) or high - low > MOST_LEVELS:
            break
        if never > idle:
            low -= (never - idle) * (first + len(weights))
            idle = never
        if at_end:
            high += high - low
    levels = [_levels(period, number_of) for number_of, period in enumerate(periods, start=1)]
    total = float(values[given.initial_stock - low])
    terms = _terms(given, first, weights, periods, total)
    work = _working(given, total)
    opening = levels[0]
    return PolicyResult(
        method="exact",
        numbers={
            "levels": levels,
            "reorder_point": opening.reorder_point,
            "order_up_to_level": opening.order_up_to_level,
        },
        terms=terms,
        working=work,
        bound=total,
        detail="dynamic programming over all whole stock levels",
        figures=[
            figure(
                "first_order",
                max(0.0, float(periods[0].after[given.initial_stock - low]) - given.initial_stock),
                "units",
                "Units to order in the first period, with the initial stock.",
            )
        ],
        narrative=[
            _opening(opening),
            f"From an initial stock of {given.initial_stock} the {given.periods} periods cost {number(total)} in expectation.",
        ],
    )


def _opening(levels: PeriodLevels) -> str:
    if levels.reorder_point is None or levels.order_up_to_level is None:
        return "In period 1 no order is worth its cost, whatever the stock."
    return (
        f"In period 1 order up to {number(levels.order_up_to_level)} when the stock is {number(levels.reorder_point)} or less."
    )


def demand_weights(given: FiniteHorizon) -> tuple[int, Floats]:
    """Return the least demand with a weight and the weights; normal demand within the spread, what is beyond left out."""
    if not isinstance(given.demand, NormalDemand):
        return 0, whole_unit_weights(given.demand)
    mean, sd = given.demand.mean, given.demand.sd
    low = max(0, round(mean - given.demand_spread * sd))
    high = round(mean + given.demand_spread * sd)
    edges = np.array([0.5 * math.erfc((mean - x) / sd / math.sqrt(2)) for x in np.arange(low - 0.5, high + 1)])
    return low, np.diff(edges)


def _mean(given: FiniteHorizon) -> float:
    if isinstance(given.demand, NormalDemand):
        return given.demand.mean
    weights = whole_unit_weights(given.demand)
    return float(np.arange(len(weights)) @ weights)


def _period_parts(given: FiniteHorizon, levels: Floats) -> tuple[Floats, Floats]:
    """Return expected leftover and shortage of a period from each level."""
    if isinstance(given.demand, NormalDemand):
        mean, sd = given.demand.mean, given.demand.sd
        short = np.array([normal_shortage(float(y), mean=mean, sd=sd) for y in levels])
        return levels - mean + short, short
    return PeriodCost(whole_unit_weights(given.demand), 1.0, 1.0).parts(levels)


def _expected(values: Floats, first: int, weights: Floats) -> Floats:
    """Return E[values(y - D)] for every level; below the lowest level values go on in a straight line."""
    reach = first + len(weights) - 1
    slope = values[1] - values[0]
    longer = np.concatenate((values[0] - slope * np.arange(reach, 0, -1), values))
    return np.convolve(longer, weights)[reach - first : reach - first + len(values)]


def _recursion(given: FiniteHorizon, first: int, weights: Floats, low: int, high: int) -> tuple[list[_Period], Floats]:
    levels = np.arange(low, high + 1, dtype=np.float64)
    left, short = _period_parts(given, levels)
    now = given.holding_cost * left + given.stockout_cost * short
    values = given.terminal_holding_cost * np.maximum(levels, 0.0) + given.terminal_stockout_cost * np.maximum(-levels, 0.0)
    periods = []
    for _ in range(given.periods):
        stay = now + given.discount_factor * _expected(values, first, weights)
        bought = stay + given.purchase_cost * levels
        best = np.minimum.accumulate(bought[::-1])[::-1]
        place = _last_minimum(bought)
        ordered = best - given.purchase_cost * levels + given.fixed_cost
        orders = (ordered < stay - 1e-12 * np.abs(stay)) & (place > np.arange(len(levels)))
        values = np.where(orders, ordered, stay)
        periods.append(_Period(np.where(orders, levels[place], levels), low))
    return periods[::-1], values


def _last_minimum(values: Floats) -> Integers:
    """Return, for each place, where the least value at or after it stands; the first of equal ones."""
    place = np.zeros(len(values), dtype=np.int64)
    best = len(values) - 1
    for at in range(len(values) - 1, -1, -1):
        if values[at] <= values[best]:
            best = at
        place[at] = best
    return place


def _levels(period: _Period, at: int) -> PeriodLevels:
    """Return s and S: the highest level from which is ordered up to the level of the lowest."""
    moved = np.flatnonzero(period.after > np.arange(period.low, period.low + len(period.after)))
    if not len(moved):
        return PeriodLevels(period=at, reorder_point=None, order_up_to_level=None)
    S, s = float(period.after[0]), float(period.low + moved[-1])
    return PeriodLevels(period=at, reorder_point=S if s == S - 1 else s, order_up_to_level=S)


def _terms(given: FiniteHorizon, first: int, weights: Floats, periods: list[_Period], total: float) -> list[Term]:
    """Return the expected cost by its parts, from the distribution of the stock carried forward."""
    low = periods[0].low
    size = len(periods[0].after)
    levels = np.arange(low, low + size, dtype=np.float64)
    left, short = _period_parts(given, levels)
    chance = np.zeros(size)
    chance[given.initial_stock - low] = 1.0
    parts, worth = dict.fromkeys(("ordering", "purchase", "holding", "stockout", "terminal"), 0.0), 1.0
    for period in periods:
        moved = period.after - levels
        parts["ordering"] += worth * given.fixed_cost * float(chance[moved > 0].sum())
        parts["purchase"] += worth * given.purchase_cost * float(chance @ moved)
        after = np.bincount((period.after - low).astype(np.int64), weights=chance, minlength=size)
        parts["holding"] += worth * given.holding_cost * float(after @ left)
        parts["stockout"] += worth * given.stockout_cost * float(after @ short)
        falling = np.concatenate((np.zeros(first), np.convolve(after[::-1], weights)))
        chance = falling[:size][::-1]
        worth *= given.discount_factor
    end = given.terminal_holding_cost * np.maximum(levels, 0.0) + given.terminal_stockout_cost * np.maximum(-levels, 0.0)
    parts["terminal"] = worth * float(chance @ end)
    fields = {"ordering": "fixed_cost", "purchase": "purchase_cost", "holding": "holding_cost", "stockout": "stockout_cost"}
    return [
        Term(name=name, value=value, field=fields.get(name, "terminal_holding_cost")) for name, value in parts.items() if value
    ]


def _working(given: FiniteHorizon, total: float) -> Working:
    work = Working(
        "finite-horizon stochastic lot sizes",
        objective=(
            r"V_t(x) = \min_{y \ge x} \left\{ <K>·[y > x] + <c>·(y - x) + L(y) + <a>·E[V_{t+1}(y - D)] \right\}",
            "V[t](x) = min over y >= x: <K> · [y > x] + <c> · (y - x) + L(y) + <a> · E[V[t+1](y - D)]",
        ),
        unit=UNIT,
        meaning="least expected cost from period t on with stock x; L(y) = h E[(y - D)+] + p E[(D - y)+]",
    )
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("c", "c", given.purchase_cost, "cost of a unit", unit="money per unit", field="purchase_cost")
    work.given("a", r"\alpha", given.discount_factor, "discount factor", unit=None, field="discount_factor")
    work.given("x", "x_1", float(given.initial_stock), "initial stock", unit="units", field="initial_stock")
    work.derived("V", "V_1", total)
    work.formula("cost", latex="V_1(<x>)", text="V[1](<x>)", value=total, unit=UNIT)
    return work
