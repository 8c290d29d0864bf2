"""
The (r, Q) policy with continuous review: exact for Poisson and normal demand, and four approximations for normal demand.

The stock position is uniform above r, so that the cost rate is (K lambda + sum or integral of G over (r, r + Q]) / Q, where
G(y) is the cost rate with demand of one lead time against y. Sources: Federgruen and Zheng (1992), Operations Research 40,
808-813; Zheng (1992), Management Science 38, 87-103;
Hadley and Whitin (1963), *Analysis of Inventory Systems*, chapter 4; Hopp and
Spearman (2008), *Factory Physics*, section 2.4.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from models.inventory_policy.demand import NormalDemand, PoissonDemand
from models.inventory_policy.stochastic import ReorderQuantity
from solvers.base import Budget
from solvers.inventory.policy.distributions import normal_shortage, poisson, whole_unit_weights
from solvers.inventory.policy.economic_order_quantity import PER_TIME
from solvers.inventory.policy.reorder_up_to import PeriodCost
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.simulate_continuous import simulate_normal, simulate_poisson
from solvers.inventory.policy.working import Working, number, safety_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """Normal demand of a lead time with the costs that it meets."""

    fixed_cost: float
    h: float
    p: float
    rate: float
    mean: float
    sd: float

    def G(self, y: float) -> float:  # noqa: N802  # the field's own letter
        """Return the cost rate with stock position y."""
        return self.h * (y - self.mean) + (self.h + self.p) * self.shortage(y)

    def shortage(self, y: float) -> float:
        """Return the expected shortage n(y)."""
        return normal_shortage(y, mean=self.mean, sd=self.sd)

    def second(self, y: float) -> float:
        """Return the integral of n from y to infinity: half the expected square of the shortage."""
        z = (y - self.mean) / self.sd
        return self.sd**2 / 2 * float((z * z + 1) * ndtr(-z) - z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi))

    def short_on_average(self, r: float, Q: float) -> float:
        """Return the time average of backorders."""
        return (self.second(r) - self.second(r + Q)) / Q

    def rate_of(self, r: float, Q: float) -> float:
        """Return the cost rate of r and Q."""
        held = r + Q / 2 - self.mean
        return self.fixed_cost * self.rate / Q + self.h * held + (self.h + self.p) * self.short_on_average(r, Q)

    def best_r(self, Q: float) -> float:
        """Return the r with G(r) = G(r + Q)."""
        level = self.mean + self.sd * float(ndtri(self.p / (self.p + self.h)))
        low = level - Q
        while self.G(low) < self.G(low + Q):
            low -= self.sd
        return float(brentq(lambda r: self.G(r) - self.G(r + Q), low, level, xtol=1e-12 * max(1.0, abs(level)), rtol=1e-14))


def reorder_quantity(given: ReorderQuantity, budget: Budget) -> PolicyResult:
    """Return r and Q with their cost rate."""
    if not isinstance(given.demand, NormalDemand):
        return _poisson(given, budget)
    lead = LeadTime(
        fixed_cost=given.fixed_cost,
        h=given.holding_cost,
        p=given.stockout_cost,
        rate=given.demand.mean,
        mean=given.demand.mean * given.lead_time,
        sd=given.demand.sd * math.sqrt(given.lead_time),
    )
    r, Q = {
        "exact": _exact,
        "expected_inventory_level": _expected_inventory_level,
        "eoq_with_backorders": _eoq_with_backorders,
        "eoq_plus_safety_stock": _eoq_plus_safety_stock,
        "loss_function": _loss_function,
    }[given.method](lead)
    ordering = lead.fixed_cost * lead.rate / Q
    if given.method == "expected_inventory_level":
        parts = [ordering, lead.h * (r - lead.mean + Q / 2), lead.p * lead.rate * lead.shortage(r) / Q]
    else:
        short = lead.short_on_average(r, Q)
        parts = [ordering, lead.h * (r + Q / 2 - lead.mean + short), lead.p * short]
    result = _result(given, r, Q, parts, lead.mean)
    if given.method == "exact":
        _prove_normal(result, lead, r, Q)
        result.bound = result.value
        result.detail = "G(r) = G(r + Q) = cost rate: the conditions of the only minimum"
    elif given.method != "expected_inventory_level":
        best_r, best_Q = _exact(lead)
        result.bound = min(result.value, lead.rate_of(best_r, best_Q))
        result.detail = f"{given.method}: its exact cost rate beside that of the best r and Q"
    else:
        result.detail = "expected inventory level: its own approximate cost rate, with a cost per unit short"
        _prove_expected_inventory_level(result, lead, r, Q)
    waiting = (lead.shortage(r) - lead.shortage(r + Q)) / Q
    result.simulation = simulate_normal(
        given,
        r,
        Q,
        seed=budget.seed,
        fill=1 - waiting,
        cost=result.value,
    )
    return result


def _exact(lead: LeadTime) -> tuple[float, float]:
    """Return the best r and Q: where the cost rate equals G at both ends."""

    def excess(Q: float) -> float:
        r = lead.best_r(Q)
        return lead.G(r) - lead.rate_of(r, Q)

    low = high = math.sqrt(2 * lead.fixed_cost * lead.rate * (lead.h + lead.p) / (lead.h * lead.p))
    while excess(low) > 0:
        low /= 2
    while excess(high) < 0:
        high *= 2
    Q = low if low == high else float(brentq(excess, low, high, xtol=1e-12 * high, rtol=1e-14))
    return lead.best_r(Q), Q


def _expected_inventory_level(lead: LeadTime) -> tuple[float, float]:
    """Return the fixed point of Whitin's two conditions; a Q beyond which no shortage pays is cut there."""
    Q, r = math.sqrt(2 * lead.fixed_cost * lead.rate / lead.h), math.inf
    for _ in range(10_000):
        share = min(max(1 - Q * lead.h / (lead.p * lead.rate), 1e-12), 1 - 1e-12)
        new_r = lead.mean + lead.sd * float(ndtri(share))
        new_Q = math.sqrt(2 * lead.rate * (lead.fixed_cost + lead.p * lead.shortage(new_r)) / lead.h)
        if abs(new_r - r) <= 1e-10 * lead.sd and abs(new_Q - Q) <= 1e-10 * Q:
            return new_r, new_Q
        r, Q = new_r, new_Q
    return r, Q


def _eoq_with_backorders(lead: LeadTime) -> tuple[float, float]:
    Q = math.sqrt(2 * lead.fixed_cost * lead.rate * (lead.h + lead.p) / (lead.h * lead.p))
    return lead.best_r(Q), Q


def _eoq_plus_safety_stock(lead: LeadTime) -> tuple[float, float]:
    share = lead.p / (lead.p + lead.h)
    return lead.mean + lead.sd * float(ndtri(share)), math.sqrt(2 * lead.fixed_cost * lead.rate / lead.h)


def _loss_function(lead: LeadTime) -> tuple[float, float]:
    """Return the fixed point in which the shortage above r + Q is neglected."""
    Q, r = math.sqrt(2 * lead.fixed_cost * lead.rate / lead.h), math.inf
    for _ in range(10_000):
        wanted = lead.h * Q / (lead.h + lead.p)
        low = lead.mean - wanted - 10 * lead.sd
        new_r = float(
            brentq(lambda y, wanted=wanted: lead.shortage(y) - wanted, low, lead.mean + 30 * lead.sd, xtol=1e-13 * lead.sd)
        )
        new_Q = math.sqrt(2 * (lead.fixed_cost * lead.rate + (lead.h + lead.p) * lead.second(new_r)) / lead.h)
        if abs(new_r - r) <= 1e-10 * lead.sd and abs(new_Q - Q) <= 1e-10 * Q:
            return new_r, new_Q
        r, Q = new_r, new_Q
    return r, Q


def _poisson(given: ReorderQuantity, budget: Budget) -> PolicyResult:
    """Return the best r and Q for Poisson demand: positions join the cycle from the cheapest outwards."""
    assert not isinstance(given.demand, NormalDemand)
    rate = given.demand.mean
    demand = poisson(rate * given.lead_time)
    whole = PoissonDemand.model_construct(distribution="poisson", mean=demand.mean)
    cost = PeriodCost(whole_unit_weights(whole), given.holding_cost, given.stockout_cost)

    def G(y: int) -> float:  # noqa: N802  # the field's own letter
        return float(cost(np.array(y)))

    low = int(demand.quantile(given.stockout_cost / (given.stockout_cost + given.holding_cost)))
    high, total = low, given.fixed_cost * rate + G(low)
    while min(G(low - 1), G(high + 1)) < total / (high - low + 1):
        if G(low - 1) <= G(high + 1):
            low -= 1
            total += G(low)
        else:
            high += 1
            total += G(high)
    r, Q = low - 1, high - low + 1
    left, short = cost.parts(np.arange(low, high + 1, dtype=np.float64))
    parts = [given.fixed_cost * rate / Q, given.holding_cost * float(left.mean()), given.stockout_cost * float(short.mean())]
    result = _result(given, float(r), float(Q), parts, cost.mean)
    value = result.value
    for name, y in (("position r", r), ("position r + Q + 1", r + Q + 1)):
        result.working.at_most(
            name,
            value,
            G(y),
            unit=PER_TIME,
            sentence=f"Stock position {y} would cost {number(G(y))} per unit of time, above the average of {number(value)}: it "
            "stays outside of the cycle.",
        )
    for name, y in (("position r + 1", r + 1), ("position r + Q", r + Q)):
        result.working.at_most(
            name,
            G(y),
            value,
            unit=PER_TIME,
            sentence=f"Stock position {y} costs {number(G(y))} per unit of time, no more than the average: it is in the cycle.",
        )
    result.bound, result.detail = value, "Federgruen and Zheng's search: the stock positions of a cycle are the cheapest ones"
    waits = np.array([1 - demand.cdf(y - 1) for y in range(r + 1, r + Q + 1)])
    result.simulation = simulate_poisson(given, r, Q, seed=budget.seed, fill=1 - float(waits.mean()), cost=value)
    return result


def _prove_normal(result: PolicyResult, lead: LeadTime, r: float, Q: float) -> None:
    value = result.value
    for name, y in (("cost at r", r), ("cost at r + Q", r + Q)):
        result.working.balance(
            name,
            lead.G(y),
            value,
            unit=PER_TIME,
            sentence=f"With stock position {number(y)} the cost rate is {number(lead.G(y))}, as on average: a longer "
            "cycle would add positions that cost more than the average.",
        )


def _prove_expected_inventory_level(result: PolicyResult, lead: LeadTime, r: float, Q: float) -> None:
    """Add Whitin's condition for r; where a unit short costs less than holding one for a cycle it has no solution."""
    short = float(ndtr((lead.mean - r) / lead.sd))
    if lead.h * Q >= lead.p * lead.rate * (1 - 1e-9):
        return
    result.working.balance(
        "a unit of safety stock",
        lead.h * Q,
        lead.p * lead.rate * short,
        unit=PER_TIME,
        sentence=f"Another unit in r costs {number(lead.h)} per unit of time and saves {number(lead.p)} in a share "
        f"{number(short)} of the cycles.",
    )


def _result(given: ReorderQuantity, r: float, Q: float, parts: list[float], mean: float) -> PolicyResult:
    names = (("ordering", "fixed_cost"), ("holding", "holding_cost"), ("stockout", "stockout_cost"))
    terms = [Term(name=name, value=value, field=field) for (name, field), value in zip(names, parts, strict=True)]
    total = sum(parts)
    objective = (
        (
            r"\frac{<K>·<D>}{<Q>} + <h>·\left(<r> - <mu> + \frac{<Q>}{2}\right) + \frac{<p>·<D>·n(<r>)}{<Q>}",
            "<K> · <D> / <Q> + <h> · (<r> - <mu> + <Q> / 2) + <p> · <D> · n(<r>) / <Q>",
        )
        if given.method == "expected_inventory_level"
        else (
            r"\frac{<K>·<D> + \int_{<r>}^{<r> + <Q>} G(y)\,dy}{<Q>}",
            "(<K> · <D> + integral of G(y) from <r> to <r> + <Q>) / <Q>",
        )
    )
    work = Working("(r, Q) policy with continuous review", objective=objective, unit=PER_TIME, meaning="expected cost rate")
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and time", field="holding_cost")
    unit = "money per unit" if given.method == "expected_inventory_level" else "money per unit and time"
    work.given("p", "p", given.stockout_cost, "stockout cost", unit=unit, field="stockout_cost")
    work.given("D", r"\lambda", given.demand.mean, "demand rate", unit="units per unit of time", field="demand/mean")
    work.given("mu", r"\mu", mean, "mean demand of a lead time", unit="units", field="lead_time")
    work.decided("r", "r", r, "reorder point", unit="units")
    work.decided("Q", "Q", Q, "order quantity", unit="units")
    work.derived("o", r"\frac{K\,\lambda}{Q}", parts[0])
    work.derived("i", r"h\,E[I^+]", parts[1])
    work.derived("b", r"p\,E[I^-]", parts[2])
    work.formula("cost", latex="g(r, Q) = <o> + <i> + <b>", text="g(r, Q) = <o> + <i> + <b>", value=total, unit=PER_TIME)
    return PolicyResult(
        method=given.method,
        numbers={"reorder_point": r, "order_quantity": Q, "cycle_time": Q / given.demand.mean},
        terms=terms,
        working=work,
        detail="",
        figures=[figure("safety_stock", r - mean, "units", "Reorder point less mean demand of a lead time.")],
        narrative=[
            f"When the stock position falls to {number(r)}, order {number(Q)} units.",
            f"Demand during a lead time is {number(mean)} on average; {safety_words(r - mean)}.",
            (
                f"A unit of time costs {number(total)}: ordering {number(parts[0])}, holding {number(parts[1])}, shortage "
                f"{number(parts[2])}."
            ),
        ],
    )
