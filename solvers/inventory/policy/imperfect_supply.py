"""
The economic order quantity from a supplier that fails, and with a random yield.

Disruptions: a cycle ends with the stock; with probability psi(Q) the supplier is then down, and demand is lost for 1/mu on
average. Parlar and Berkin (1991), Naval Research Logistics 38, 107-124, corrected by Berk and Arreola-Risa (1994), 41, 129-132.
Yield: Gerchak and others; Snyder and Shen (2019), *Fundamentals of Supply Chain Theory*, section 9.3.
"""

import math

from scipy.optimize import brentq

from models.inventory_policy.continuous_review import Disruption, YieldUncertainty
from solvers.inventory.policy.economic_order_quantity import PER_TIME
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number


def disruption(given: Disruption) -> PolicyResult:
    """Return the order quantity from an unreliable supplier."""
    K, h, p, demand = given.fixed_cost, given.holding_cost, given.stockout_cost, given.demand_rate
    fail, repair = given.disruption_rate, given.recovery_rate
    always = fail / (fail + repair)
    idle = always / repair * demand
    approximate = -idle + math.sqrt(idle**2 + 2 * (K * demand + p * demand * idle) / h)
    Q = approximate if given.method == "approximation" else _least(given, approximate)
    empty = _empty(given, Q)
    cycle = Q / demand + empty / repair
    ordering, holding = K / cycle, h * Q * Q / (2 * demand) / cycle
    lost = p * demand * empty / repair / cycle
    total = ordering + holding + lost
    work = _disruption_working(given, Q, empty, total)
    step = Q * 1e-4
    slope = (_rate(given, Q + step) - _rate(given, Q - step)) / (2 * step)
    if given.method == "exact":
        work.balance(
            "slope of the cost rate",
            slope,
            0.0,
            unit="money per unit of time and unit",
            tolerance=1e-5 * max(1.0, total / Q),
            sentence=f"A unit more or less in the order changes the cost rate by {number(slope)}: nothing to gain either way.",
        )
    return PolicyResult(
        method=given.method,
        numbers={"order_quantity": Q, "cycle_time": cycle},
        terms=[
            Term(name="ordering", value=ordering, field="fixed_cost"),
            Term(name="holding", value=holding, field="holding_cost"),
            Term(name="lost_sales", value=lost, field="stockout_cost"),
        ],
        working=work,
        bound=total if given.method == "exact" else _rate(given, _least(given, approximate)),
        detail="the cost rate has one minimum; its slope was driven to 0",
        figures=[
            figure("probability_of_an_empty_cycle", empty, None, "Chance that the supplier is down when the stock runs out."),
            figure("fill_rate", Q / demand / cycle, None, "Share of demand that is met."),
        ],
        narrative=[
            f"Order {number(Q)} units; ordering, holding and lost sales cost {number(total)} per unit of time.",
            (
                f"A reliable supplier would get {number(math.sqrt(2 * K * demand / h))} units: the larger order covers "
                "disruptions."
            ),
            (
                f"The supplier is down with probability {number(empty)} when the stock runs out, so that "
                f"{number(100 * (1 - Q / demand / cycle))} % of demand is lost."
            ),
        ],
    )


def _empty(given: Disruption, Q: float) -> float:
    """Return the probability that the supplier is down when an order of Q is used up."""
    speed = given.disruption_rate + given.recovery_rate
    return given.disruption_rate / speed * -math.expm1(-speed * Q / given.demand_rate)


def _rate(given: Disruption, Q: float) -> float:
    """Return the cost per unit of time with orders of Q."""
    wait = _empty(given, Q) / given.recovery_rate
    once = (
        given.fixed_cost + given.holding_cost * Q * Q / (2 * given.demand_rate) + given.stockout_cost * given.demand_rate * wait
    )
    return once / (Q / given.demand_rate + wait)


def _slope(given: Disruption, Q: float) -> float:
    """Return the sign-giving part of the derivative of the cost rate: cost' cycle - cost cycle'."""
    speed, demand = given.disruption_rate + given.recovery_rate, given.demand_rate
    wait = _empty(given, Q) / given.recovery_rate
    wait_slope = given.disruption_rate / demand * math.exp(-speed * Q / demand) / given.recovery_rate
    cost = given.fixed_cost + given.holding_cost * Q * Q / (2 * demand) + given.stockout_cost * demand * wait
    cost_slope = given.holding_cost * Q / demand + given.stockout_cost * demand * wait_slope
    return cost_slope * (Q / demand + wait) - cost * (1 / demand + wait_slope)


def _least(given: Disruption, start: float) -> float:
    """Return the order quantity where the slope is 0."""
    low, high = start, start
    while _slope(given, low) > 0:
        low /= 2
    while _slope(given, high) < 0:
        high *= 2
    return low if low == high else float(brentq(lambda Q: _slope(given, Q), low, high, xtol=1e-12 * start, rtol=1e-14))


def _disruption_working(given: Disruption, Q: float, empty: float, total: float) -> Working:
    objective = (
        r"\frac{<K> + <h>·<Q>^2 / (2·<D>) + <p>·<D>·<psi> / <m>}{<Q> / <D> + <psi> / <m>}",
        "(<K> + <h> · <Q>^2 / (2 · <D>) + <p> · <D> · <psi> / <m>) / (<Q> / <D> + <psi> / <m>)",
    )
    work = Working(
        "economic order quantity with disruptions", objective=objective, unit=PER_TIME, meaning="cost of a cycle by its length"
    )
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and time", field="holding_cost")
    work.given("p", "p", given.stockout_cost, "cost of lost demand", unit="money per unit", field="stockout_cost")
    work.given("D", "d", given.demand_rate, "demand rate", unit="units per unit of time", field="demand_rate")
    work.given("l", r"\lambda", given.disruption_rate, "disruption rate", unit="per unit of time", field="disruption_rate")
    work.given("m", r"\mu", given.recovery_rate, "recovery rate", unit="per unit of time", field="recovery_rate")
    work.decided("Q", "Q", Q, "order quantity", unit="units")
    work.derived("psi", r"\psi(Q)", empty)
    work.formula(
        "probability_of_an_empty_cycle",
        latex=r"\psi(Q) = \frac{<l>}{<l> + <m>}·\left(1 - e^{-(<l> + <m>)·<Q> / <D>}\right)",
        text="psi = <l> / (<l> + <m>) · (1 - exp(-(<l> + <m>) · <Q> / <D>))",
        value=empty,
        unit=None,
    )
    work.formula("cost", latex=f"g(Q^*) = {objective[0]}", text=f"g(Q) = {objective[1]}", value=total, unit=PER_TIME)
    return work


def yield_uncertainty(given: YieldUncertainty) -> PolicyResult:
    """Return the order quantity when a random amount, or a random share, arrives."""
    K, h, demand, mean, sd = given.fixed_cost, given.holding_cost, given.demand_rate, given.yield_mean, given.yield_sd
    additive = given.yield_model == "additive"
    if additive:
        Q = max(0.0, math.sqrt(2 * K * demand / h + sd**2) - mean)
        arrives, square = Q + mean, (Q + mean) ** 2 + sd**2
    else:
        Q = math.sqrt(2 * K * demand / (h * (mean**2 + sd**2)))
        arrives, square = Q * mean, Q * Q * (mean**2 + sd**2)
    ordering, holding = K * demand / arrives, h * square / (2 * arrives)
    spread = h * (sd**2 if additive else (Q * sd) ** 2) / (2 * arrives)
    total = ordering + holding
    work = _yield_working(given, Q, total, additive=additive)
    if Q > 0:
        left, right = (ordering + spread, holding - spread) if additive else (ordering, holding)
        work.balance(
            "ordering against holding",
            left,
            right,
            unit=PER_TIME,
            sentence=f"What falls with a larger order, {number(left)}, equals what rises with it, {number(right)}.",
        )
    return PolicyResult(
        method="exact",
        numbers={"order_quantity": Q, "cycle_time": arrives / demand},
        terms=[
            Term(name="ordering", value=ordering, field="fixed_cost"),
            Term(name="holding", value=holding, field="holding_cost"),
        ],
        working=work,
        bound=total,
        detail="closed form: the cost rate is convex in the order quantity",
        figures=[
            figure("mean_arrival", arrives, "units", "Units that arrive on average."),
            figure("cost_of_randomness", spread, PER_TIME, "Part of the holding cost that a certain yield would not have."),
        ],
        narrative=[
            f"Order {number(Q)} units, of which {number(arrives)} arrive on average; the cost rate is {number(total)}.",
            f"Ordering takes {number(ordering)} and holding {number(holding)}, {number(spread)} of it for the random yield.",
        ],
    )


def _yield_working(given: YieldUncertainty, Q: float, total: float, *, additive: bool) -> Working:
    objective = (
        (
            r"\frac{<K>·<D>}{<Q> + <m>} + \frac{<h>·\left((<Q> + <m>)^2 + <s>^2\right)}{2·(<Q> + <m>)}",
            "<K> · <D> / (<Q> + <m>) + <h> · ((<Q> + <m>)^2 + <s>^2) / (2 · (<Q> + <m>))",
        )
        if additive
        else (
            r"\frac{<K>·<D>}{<Q>·<m>} + \frac{<h>·<Q>·(<m>^2 + <s>^2)}{2·<m>}",
            "<K> · <D> / (<Q> · <m>) + <h> · <Q> · (<m>^2 + <s>^2) / (2 · <m>)",
        )
    )
    work = Working(
        f"economic order quantity with {given.yield_model} yield",
        objective=objective,
        unit=PER_TIME,
        meaning="expected cost of a cycle by its expected length",
    )
    unit = "units" if additive else None
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and time", field="holding_cost")
    work.given("D", r"\lambda", given.demand_rate, "demand rate", unit="units per unit of time", field="demand_rate")
    work.given("m", r"\mu", given.yield_mean, "mean of the yield", unit=unit, field="yield_mean")
    work.given("s", r"\sigma", given.yield_sd, "standard deviation of the yield", unit=unit, field="yield_sd")
    work.decided("Q", "Q", Q, "order quantity", unit="units")
    quantity = (
        (r"Q^* = \sqrt{\frac{2·<K>·<D>}{<h>} + <s>^2} - <m>", "Q = sqrt(2 · <K> · <D> / <h> + <s>^2) - <m>")
        if additive
        else (
            r"Q^* = \sqrt{\frac{2·<K>·<D>}{<h>·(<m>^2 + <s>^2)}}",
            "Q = sqrt(2 · <K> · <D> / (<h> · (<m>^2 + <s>^2)))",
        )
    )
    work.formula("order_quantity", latex=quantity[0], text=quantity[1], value=Q, unit="units")
    work.formula("cost", latex=f"g(Q^*) = {objective[0]}", text=f"g(Q) = {objective[1]}", value=total, unit=PER_TIME)
    return work
