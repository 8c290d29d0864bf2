"""
The (s, S) policy with periodic review: exact by Zheng and Federgruen, or by the power approximation.

After an order the stock position is S; it then falls by the demands of the periods until it is at or below s. With m(j) the
expected number of periods at S - j and M their sum, the cost per period is (K + sum m(j) G(S - j)) / M, where G(y) is the
expected cost of the period that an order placed now is the last to help. Sources: Zheng and Federgruen (1991), Operations
Research 39, 654-665; Ehrhardt and Mosier (1984), Management Science 30, 618-622.
"""

import math
from collections.abc import Callable

import numpy as np

from models.inventory_policy.demand import NormalDemand
from models.inventory_policy.stochastic import ReorderUpTo
from solvers.base import Budget
from solvers.inventory.policy.distributions import (
    Floats,
    convolution_power,
    normal_shortage,
    whole_unit_weights,
)
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.simulate_periodic import simulate_reorder_up_to
from solvers.inventory.policy.working import Working, number

UNIT = "money per period"
CELLS = 400
"""Cells between s and S over which normal demand is spread when a policy with fractions is priced."""


class PeriodCost:
    """Expected cost of a period in which the stock position was y, for demand of lead time and one period in whole units."""

    def __init__(self, weights: Floats, holding_cost: float, stockout_cost: float) -> None:
        self.holding_cost, self.stockout_cost = holding_cost, stockout_cost
        # Both by sums of positive numbers: as the difference of the other and the mean, a small one would drown in rounding.
        self._leftover = np.concatenate(([0.0], np.cumsum(np.cumsum(weights))))
        above = np.cumsum(weights[::-1])[::-1]
        self._shortage = np.concatenate((np.cumsum(above[:0:-1])[::-1], [0.0, 0.0]))
        self.mean = float(np.arange(len(weights)) @ weights)

    def parts(self, y: Floats) -> tuple[Floats, Floats]:
        """Return expected leftover and shortage in units for whole stock positions, of any shape."""
        last = len(self._leftover) - 1
        place = np.clip(y, 0, last).astype(np.int64)
        left = np.where(y <= 0, 0.0, self._leftover[place] + np.maximum(y - last, 0.0))
        return left, self._shortage[place] + np.maximum(-y, 0.0)

    def __call__(self, y: Floats) -> Floats:
        """Return the expected cost."""
        left, short = self.parts(np.asarray(y, dtype=np.float64))
        return np.asarray(self.holding_cost * left + self.stockout_cost * short)


class Renewal:
    """m(j), expected periods at j units below S, computed as far as they are asked for."""

    def __init__(self, weights: Floats) -> None:
        self._weights, self._m = weights, np.array([1 / (1 - weights[0])])

    def upto(self, count: int) -> Floats:
        """Return m(0), ..., m(count - 1)."""
        if count > len(self._m):
            have = len(self._m)
            grown = np.zeros(max(count, 2 * have))
            grown[:have] = self._m
            weights, scale = self._weights, 1 / (1 - self._weights[0])
            for j in range(have, len(grown)):
                reach = min(j, len(weights) - 1)
                grown[j] = scale * float(weights[1 : reach + 1] @ grown[j - reach : j][::-1])
            self._m = grown
        return np.asarray(self._m[:count], dtype=np.float64)


def reorder_up_to(given: ReorderUpTo, budget: Budget) -> PolicyResult:
    """Return s and S with their cost per period."""
    if given.method == "power_approximation":
        return _power_approximation(given, budget)
    weights = whole_unit_weights(given.demand)
    cost = PeriodCost(convolution_power(weights, given.lead_time + 1), given.holding_cost, given.stockout_cost)
    renewal = Renewal(weights)

    def average(s: int, S: int) -> float:
        m = renewal.upto(S - s)
        return (given.fixed_cost + float(m @ cost(S - np.arange(S - s, dtype=np.float64)))) / float(m.sum())

    s, S = _zheng_federgruen(lambda y: float(cost(np.array(y))), average, start=math.ceil(cost.mean))
    m = renewal.upto(S - s)
    left, short = cost.parts(S - np.arange(S - s, dtype=np.float64))
    parts = (given.fixed_cost / m.sum(), given.holding_cost * (m @ left) / m.sum(), given.stockout_cost * (m @ short) / m.sum())
    result = _result(given, float(s), float(S), [float(part) for part in parts], cycle=float(m.sum()))
    for label, (low, high) in {"s - 1": (s - 1, S), "s + 1": (s + 1, S), "S - 1": (s, S - 1), "S + 1": (s, S + 1)}.items():
        if low < high:
            result.working.at_most(
                label,
                result.value,
                average(low, high),
                unit=UNIT,
                sentence=f"With s = {low} and S = {high} a period would cost {number(average(low, high))}, "
                f"with the best levels {number(result.value)}.",
            )
    result.simulation = simulate_reorder_up_to(
        given, float(s), float(S), seed=budget.seed, promised=_promises(given, s, S, m), cost=result.value
    )
    result.bound = result.value
    result.detail = "Zheng and Federgruen's search: no other s and S cost less"
    return result


def _zheng_federgruen(cost: Callable[[int], float], average: Callable[[int, int], float], *, start: int) -> tuple[int, int]:
    """Return the best s and S; `cost` is convex and `average` the cost rate of a pair."""
    y = start
    while cost(y - 1) <= cost(y):
        y -= 1
    while cost(y + 1) < cost(y):
        y += 1
    s = y - 1
    while average(s, y) > cost(s):
        s -= 1
    best, least, S = y, average(s, y), y + 1
    while cost(S) <= least:
        if average(s, S) < least:
            best = S
            while average(s, best) <= cost(s + 1):
                s += 1
            least = average(s, best)
        S += 1
    return s, best


def _promises(given: ReorderUpTo, s: int, S: int, m: Floats) -> dict[str, float]:
    """Return fill rate and probability of no shortage in a period."""
    weights = whole_unit_weights(given.demand)
    mean = float(np.arange(len(weights)) @ weights)
    levels = S - np.arange(S - s, dtype=np.float64)
    whole = convolution_power(weights, given.lead_time + 1)
    after = PeriodCost(whole, 0.0, 1.0)(levels)
    before = PeriodCost(convolution_power(weights, given.lead_time), 0.0, 1.0)(levels)
    cumulative = np.concatenate((np.cumsum(whole), [1.0]))
    enough = np.where(levels < 0, 0.0, cumulative[np.clip(levels, 0, len(whole)).astype(np.int64)])
    return {
        "fill_rate": float(1 - m @ (after - before) / m.sum() / mean),
        "in_stock_probability": float(m @ enough / m.sum()),
    }


def _power_approximation(given: ReorderUpTo, budget: Budget) -> PolicyResult:
    """Return Ehrhardt and Mosier's s and S, priced by renewal over cells of normal demand."""
    assert isinstance(given.demand, NormalDemand)
    mean, sd, h, p = given.demand.mean, given.demand.sd, given.holding_cost, given.stockout_cost
    Q = 1.30 * mean**0.494 * (given.fixed_cost / h) ** 0.506 * (1 + (sd / mean) ** 2) ** 0.116
    z = math.sqrt(Q / sd * h / p)
    s = 0.973 * mean + sd * (0.183 / z + 1.063 - 2.192 * z)
    S = s + Q
    width = Q / (CELLS - 0.5)
    cells = max(1, math.ceil((mean + 9 * sd) / width))
    edges = np.array([_normal_cdf((k + 0.5) * width, mean, sd) for k in range(cells + 1)])
    m = Renewal(np.diff(edges, prepend=0.0) / edges[-1]).upto(CELLS)
    levels = S - width * np.arange(CELLS)
    short = np.array([normal_shortage(float(level), mean=mean, sd=sd) for level in levels])
    left = levels - mean + short
    parts = [given.fixed_cost / m.sum(), h * (m @ left) / m.sum(), p * (m @ short) / m.sum()]
    result = _result(given, s, S, [float(part) for part in parts], cycle=float(m.sum()))
    result.simulation = simulate_reorder_up_to(given, s, S, seed=budget.seed, promised={}, cost=result.value)
    result.detail = "power approximation: fitted to optimal policies, without a bound on its distance from them"
    work = result.working
    work.derived("sd", r"\sigma", sd)
    work.derived("Q", "Q", Q)
    work.derived("z", "z", z)
    work.formula(
        "order_size",
        latex=r"Q = 1.3·<mu>^{0.494}·\left(\frac{<K>}{<h>}\right)^{0.506}·\left(1 + \frac{<sd>^2}{<mu>^2}\right)^{0.116}",
        text="Q = 1.3 · <mu>^0.494 · (<K> / <h>)^0.506 · (1 + (<sd> / <mu>)^2)^0.116",
        value=Q,
        unit="units",
    )
    work.formula(
        "z", latex=r"z = \sqrt{\frac{<Q>·<h>}{<sd>·<p>}}", text="z = sqrt(<Q> · <h> / (<sd> · <p>))", value=z, unit=None
    )
    work.formula(
        "reorder_point",
        latex=r"s = 0.973·<mu> + <sd>·\left(\frac{0.183}{<z>} + 1.063 - 2.192·<z>\right)",
        text="s = 0.973 · <mu> + <sd> · (0.183 / <z> + 1.063 - 2.192 · <z>)",
        value=s,
        unit="units",
    )
    return result


def _normal_cdf(x: float, mean: float, sd: float) -> float:
    return 0.5 * math.erfc((mean - x) / sd / math.sqrt(2))


def _result(given: ReorderUpTo, s: float, S: float, parts: list[float], *, cycle: float) -> PolicyResult:
    names = (("ordering", "fixed_cost"), ("holding", "holding_cost"), ("stockout", "stockout_cost"))
    terms = [Term(name=name, value=value, field=field) for (name, field), value in zip(names, parts, strict=True)]
    total = sum(parts)
    work = Working(
        "(s, S) policy with periodic review",
        objective=(
            r"\frac{<K> + \sum_{j=0}^{S-s-1} m(j)·G(<S> - j)}{\sum_{j=0}^{S-s-1} m(j)}",
            "(<K> + sum over j < S - s: m(j) · G(<S> - j)) / sum over j < S - s: m(j)",
        ),
        unit=UNIT,
        meaning="cost of a cycle between two orders by its length; m(j) = [j = 0] + sum of P(D = i) m(j - i)",
    )
    mean = _mean(given)
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and period", field="holding_cost")
    work.given("p", "p", given.stockout_cost, "stockout cost", unit="money per unit and period", field="stockout_cost")
    work.given("mu", r"\mu", mean, "mean demand of a period", unit="units per period", field="demand")
    work.decided("s", "s", s, "reorder point", unit="units")
    work.decided("S", "S", S, "order-up-to level", unit="units")
    work.derived("M", "M", cycle)
    work.derived("A", r"\sum_j m(j)\,G(S-j)", (total - parts[0]) * cycle)
    work.formula("cost", latex=r"c(s, S) = \frac{<K> + <A>}{<M>}", text="c(s, S) = (<K> + <A>) / <M>", value=total, unit=UNIT)
    return PolicyResult(
        method=given.method,
        numbers={"reorder_point": s, "order_up_to_level": S},
        terms=terms,
        working=work,
        detail="",
        figures=[figure("periods_between_orders", cycle, "periods", "Mean length of a cycle.")],
        narrative=[
            f"When the stock position at a review is {number(s)} or less, order up to {number(S)}.",
            (
                f"An order is placed every {number(cycle)} periods on average; a period costs {number(total)}: ordering "
                f"{number(parts[0])}, holding {number(parts[1])}, shortage {number(parts[2])}."
            ),
        ],
    )


def _mean(given: ReorderUpTo) -> float:
    """Return the mean demand of a period; for the exact method of the whole units it counts."""
    if isinstance(given.demand, NormalDemand) and given.method == "power_approximation":
        return given.demand.mean
    weights = whole_unit_weights(given.demand)
    return float(np.arange(len(weights)) @ weights)
