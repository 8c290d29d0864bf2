"""
The economic order quantity with quantity discounts, on all units or incremental.

In each price range the cost rate is that of an economic order quantity; the best order is the best of the ranges' own best.
Source: Hadley and Whitin (1963), *Analysis of Inventory Systems*, sections 2-11 and 2-12.
"""

import math
from dataclasses import dataclass

from models.inventory_policy.continuous_review import QuantityDiscount
from solvers.inventory.policy.economic_order_quantity import PER_TIME
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number


@dataclass(frozen=True, slots=True)
class _Range:
    """The best order within one price range: `extra` is what an order costs beside its units at the range's price."""

    level: int
    quantity: float
    extra: float
    purchase: float
    ordering: float
    holding: float

    @property
    def cost(self) -> float:
        return self.purchase + self.ordering + self.holding


def quantity_discount(given: QuantityDiscount) -> PolicyResult:
    """Return the order quantity that costs least per unit of time, purchase included."""
    ranges = [found for level in range(len(given.unit_costs)) if (found := _best_in_range(given, level)) is not None]
    best = min(ranges, key=lambda found: found.cost)
    work = _working(given, best)
    for other in ranges:
        if other is not best:
            work.at_most(
                f"price {number(given.unit_costs[best.level])} against {number(given.unit_costs[other.level])}",
                best.cost,
                other.cost,
                unit=PER_TIME,
                sentence=f"At the price {number(given.unit_costs[other.level])} the best order is {number(other.quantity)} "
                f"and costs {number(other.cost)} per unit of time, {number(other.cost - best.cost)} more.",
            )
    return PolicyResult(
        method="exact",
        numbers={
            "order_quantity": best.quantity,
            "cycle_time": best.quantity / given.demand_rate,
            "price_level": best.level,
        },
        terms=[
            Term(name="purchase", value=best.purchase, field="unit_costs"),
            Term(name="ordering", value=best.ordering, field="fixed_cost"),
            Term(name="holding", value=best.holding, field="holding_cost_rate"),
        ],
        working=work,
        bound=best.cost,
        detail="closed form: the best order of every price range was compared",
        figures=[
            figure(
                f"cost_at_price_{other.level}", other.cost, PER_TIME, f"Least cost at price {given.unit_costs[other.level]:g}."
            )
            for other in ranges
        ],
        narrative=[
            (
                f"Order {number(best.quantity)} units at the price {number(given.unit_costs[best.level])}, every "
                f"{number(best.quantity / given.demand_rate)} units of time; the cost rate is {number(best.cost)}."
            ),
            f"Purchase takes {number(best.purchase)}, ordering {number(best.ordering)} and holding {number(best.holding)}.",
            _why(given, best),
        ],
    )


def _best_in_range(given: QuantityDiscount, level: int) -> _Range | None:
    """Return the best order of a range; None where it lies beyond the range, since the next price is then better."""
    price, rate, demand = given.unit_costs[level], given.holding_cost_rate, given.demand_rate
    low = given.breakpoints[level]
    high = given.breakpoints[level + 1] if level + 1 < len(given.breakpoints) else math.inf
    extra = 0.0
    if given.discount == "incremental":
        widths = zip(given.breakpoints[:level], given.breakpoints[1 : level + 1], given.unit_costs[:level], strict=True)
        extra = sum(cost * (end - start) for start, end, cost in widths) - price * low
    free = math.sqrt(2 * (given.fixed_cost + extra) * demand / (rate * price))
    quantity = max(free, low)
    if quantity >= high:
        return None
    unit = price + extra / quantity
    return _Range(
        level=level,
        quantity=quantity,
        extra=extra,
        purchase=unit * demand,
        ordering=given.fixed_cost * demand / quantity,
        holding=rate * unit * quantity / 2,
    )


def _working(given: QuantityDiscount, best: _Range) -> Working:
    objective = (
        r"\bar{c}(<Q>)·<D> + \frac{<K>·<D>}{<Q>} + \frac{<i>·\bar{c}(<Q>)·<Q>}{2}",
        "c(<Q>) · <D> + <K> · <D> / <Q> + <i> · c(<Q>) · <Q> / 2",
    )
    work = Working(
        "economic order quantity with quantity discounts",
        objective=objective,
        unit=PER_TIME,
        meaning="purchase, ordering and holding per unit of time; c(Q) is the mean cost of a unit in an order of Q",
    )
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("i", "i", given.holding_cost_rate, "holding cost rate", unit="per unit of time", field="holding_cost_rate")
    work.given("D", r"\lambda", given.demand_rate, "demand rate", unit="units per unit of time", field="demand_rate")
    place = f"unit_costs/{best.level}"
    work.given("c", "c_j", given.unit_costs[best.level], "price of the best range", unit="money per unit", field=place)
    place = f"breakpoints/{best.level}"
    work.given("b", "b_j", given.breakpoints[best.level], "where its range begins", unit="units", field=place)
    work.derived("e", r"\bar{K}_j", best.extra)
    work.decided("Q", "Q", best.quantity, "order quantity", unit="units")
    more = (" + <e>", " + <e>") if given.discount == "incremental" else ("", "")
    work.formula(
        "order_quantity",
        latex=rf"Q^* = \max\left\{{<b>, \sqrt{{\frac{{2·(<K>{more[0]})·<D>}}{{<i>·<c>}}}}\right\}}",
        text=f"Q = max(<b>, sqrt(2 · (<K>{more[1]}) · <D> / (<i> · <c>)))",
        value=best.quantity,
        unit="units",
    )
    work.derived("u", r"\bar{c}(Q)", given.unit_costs[best.level] + best.extra / best.quantity)
    work.formula(
        "cost",
        latex=r"g(Q^*) = <u>·<D> + \frac{<K>·<D>}{<Q>} + \frac{<i>·<u>·<Q>}{2}",
        text="g(Q) = <u> · <D> + <K> · <D> / <Q> + <i> · <u> · <Q> / 2",
        value=best.cost,
        unit=PER_TIME,
    )
    return work


def _why(given: QuantityDiscount, best: _Range) -> str:
    if given.discount == "all_units" and best.quantity == given.breakpoints[best.level] and best.level:
        return (
            f"The order is raised to the breakpoint {number(best.quantity)}: holding more costs less than the discount saves."
        )
    return "Within its price range ordering and holding are in balance."
