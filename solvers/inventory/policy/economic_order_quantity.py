"""
The economic order quantity, with planned backorders and with a finite production rate.

Cost rate of a cycle in which Q units arrive at rate mu and the share x of demand waits, with rho = 1 - lambda / mu (1 when the
order arrives at once): K lambda / Q + h rho Q (1 - x)^2 / 2 + p rho Q x^2 / 2. Sources: Harris (1913); Zipkin (2000),
*Foundations of Inventory Management*, sections 3.2 to 3.4.
"""

import math

from models.inventory_policy.continuous_review import EconomicOrderQuantity
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number

PER_TIME = "money per unit of time"


def economic_order_quantity(given: EconomicOrderQuantity) -> PolicyResult:
    """Return the order quantity that costs least per unit of time."""
    K, h, demand, p = given.fixed_cost, given.holding_cost, given.demand_rate, given.stockout_cost
    rho = 1.0 if given.production_rate is None else 1.0 - demand / given.production_rate
    waiting = 0.0 if p is None else h / (h + p)
    Q = math.sqrt(2 * K * demand / (h * rho * (1 - waiting)))
    ordering = K * demand / Q
    holding = h * rho * Q * (1 - waiting) ** 2 / 2
    backorder = 0.0 if p is None else p * rho * Q * waiting**2 / 2
    working = _working(given, Q, rho, waiting)
    stock = "holding" if p is None else "holding and backorders"
    working.balance(
        "ordering against holding",
        ordering,
        holding + backorder,
        unit=PER_TIME,
        sentence=f"Ordering costs {number(ordering)} and {stock} cost {number(holding + backorder)} per unit "
        "of time: a larger order saves as much of the first as it adds to the second.",
    )
    if p is not None:
        working.balance(
            "share of time without stock",
            waiting,
            h / (h + p),
            unit=None,
            sentence=f"Stock is out for the share h/(h+p) = {number(waiting)} of time, so that a unit held as long as it "
            "is on stock costs as much as a unit owed as long as it is not.",
        )
    terms = [
        Term(name="ordering", value=ordering, field="fixed_cost"),
        Term(name="holding", value=holding, field="holding_cost"),
    ]
    if p is not None:
        terms.append(Term(name="backorder", value=backorder, field="stockout_cost"))
    total = ordering + holding + backorder
    return PolicyResult(
        method="exact",
        numbers={"order_quantity": Q, "cycle_time": Q / demand, "backorder_share": None if p is None else waiting},
        terms=terms,
        working=working,
        bound=total,
        detail="closed form: the cost rate is convex in the order quantity",
        figures=[
            figure("orders_per_time", demand / Q, "orders per unit of time", "How often an order is placed."),
            figure("maximum_stock", rho * Q * (1 - waiting), "units", "Stock when it is highest."),
            figure("maximum_backorder", rho * Q * waiting, "units", "Demand that waits when most of it does."),
        ],
        narrative=[
            f"Order {number(Q)} units every {number(Q / demand)} units of time, which costs {number(total)} per unit of time.",
            (
                f"Ordering takes {number(ordering)} of it and {stock} {number(holding + backorder)}, as "
                "much: that is where the sum is least."
            ),
            f"Twice or half as large, it would cost {number(total * 1.25)}, 25 % more: the cost is flat around its minimum.",
        ],
    )


def _working(given: EconomicOrderQuantity, Q: float, rho: float, waiting: float) -> Working:
    """Return symbols and formulas."""
    backorders, production = given.stockout_cost is not None, given.production_rate is not None
    rate_latex, rate_text = (r"\left(1 - \frac{<D>}{<P>}\right)·", " · (1 - <D> / <P>)") if production else ("", "")
    share_latex, share_text = (r"\frac{<p>}{<h> + <p>}", " · <p> / (<h> + <p>)") if backorders else ("", "")
    inner_latex = (
        rf"\frac{{2·<K>·<D>}}{{<h>·{rate_latex}{share_latex}}}" if share_latex else rf"\frac{{2·<K>·<D>}}{{<h>·{rate_latex}}}"
    )
    holding = (rf"\frac{{<h>·{rate_latex}<Q>}}{{2}}", f"<h>{rate_text} · <Q> / 2")
    if backorders:
        holding = (
            rf"\frac{{<h>·{rate_latex}<Q>·(1 - <x>)^2}}{{2}} + \frac{{<p>·{rate_latex}<Q>·<x>^2}}{{2}}",
            f"<h>{rate_text} · <Q> · (1 - <x>)^2 / 2 + <p>{rate_text} · <Q> · <x>^2 / 2",
        )
    objective = (rf"\frac{{<K>·<D>}}{{<Q>}} + {holding[0]}", f"<K> · <D> / <Q> + {holding[1]}")
    work = Working(
        "economic order quantity", objective=objective, unit=PER_TIME, meaning="cost of ordering and stock per unit of time"
    )
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and time", field="holding_cost")
    work.given("D", r"\lambda", given.demand_rate, "demand rate", unit="units per unit of time", field="demand_rate")
    if given.production_rate is not None:
        work.given(
            "P", r"\mu", given.production_rate, "production rate", unit="units per unit of time", field="production_rate"
        )
    if given.stockout_cost is not None:
        work.given("p", "p", given.stockout_cost, "backorder cost", unit="money per unit and time", field="stockout_cost")
    work.decided("Q", "Q", Q, "order quantity", unit="units")
    if backorders:
        work.decided("x", "x", waiting, "share of demand that waits", unit=None)
        work.formula(
            "backorder_share", latex=r"x^* = \frac{<h>}{<h> + <p>}", text="x = <h> / (<h> + <p>)", value=waiting, unit=None
        )
    work.formula(
        "order_quantity",
        latex=rf"Q^* = \sqrt{{{inner_latex}}}",
        text=f"Q = sqrt(2 · <K> · <D> / (<h>{rate_text}{share_text}))",
        value=Q,
        unit="units",
    )
    total = given.fixed_cost * given.demand_rate / Q + given.holding_cost * rho * Q * (1 - waiting) ** 2 / 2
    total += (given.stockout_cost or 0.0) * rho * Q * waiting**2 / 2
    work.formula("cost", latex=f"g(Q^*) = {objective[0]}", text=f"g(Q) = {objective[1]}", value=total, unit=PER_TIME)
    return work
