"""
The newsvendor, the newsvendor with random yield, and the base-stock policy: one balance of too much against too little.

Expected cost of a quantity S: h E[(S - D)^+] + p E[(D - S)^+]; best where P(D <= S) reaches p / (p + h).
Sources: Arrow, Harris and Marschak (1951); Zipkin (2000), *Foundations of Inventory Management*, sections 6.2 and 9.4.
"""

import math

from models.inventory_policy.solution import Figure
from models.inventory_policy.stochastic import BaseStock, Newsvendor, NewsvendorYield
from solvers.base import Budget
from solvers.inventory.policy.distributions import Distribution, distribution_of, over_periods
from solvers.inventory.policy.newsvendor_program import newsvendor_program
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.simulate import simulate_base_stock, simulate_newsvendor
from solvers.inventory.policy.working import Working, number, safety_words

COST = (r"<h>·E[(<S> - D)^+] + <p>·E[(D - <S>)^+]", "<h> · E[(<S> - D)+] + <p> · E[(D - <S>)+]")
PROFIT = (
    r"<r>·E[\min\{D, <S>\}] + <v>·E[(<S> - D)^+] - <c>·<S>",
    "<r> · E[min(D, <S>)] + <v> · E[(<S> - D)+] - <c> · <S>",
)
CRITICAL = r"\frac{<p>}{<p> + <h>}"


def newsvendor(given: Newsvendor, budget: Budget) -> PolicyResult:
    """Return the order of one period with the least expected cost, or the largest expected profit."""
    demand = distribution_of(given.demand)
    h, p = overage_and_underage(given)
    S = demand.quantile(p / (p + h))
    leftover, short = S - demand.mean + demand.shortage(S), demand.shortage(S)
    work = _working("newsvendor", given, demand, S, h, p, unit="money per period")
    _neighbours(work, demand, S, h, p, unit="money per unit")
    terms = [
        Term(name="holding", value=h * leftover, field="holding_cost"),
        Term(name="stockout", value=p * short, field="stockout_cost"),
    ]
    if given.revenue is not None and given.purchase_cost is not None:
        terms = _profit_terms(given, demand, S)
    program = None
    if budget.explain != "none":
        program = newsvendor_program(demand, holding_cost=h, stockout_cost=p, budget=budget)
    total = sum(term.value for term in terms)
    service = simulate_newsvendor(
        demand, S, holding_cost=h, stockout_cost=p, seed=budget.seed, value=total, best=_best_profit(given, demand)
    )
    what = "cost" if given.revenue is None else "profit"
    return PolicyResult(
        method="exact",
        numbers={"order_quantity": S, "order_up_to_level": S},
        terms=terms,
        working=work,
        bound=total,
        detail="closed form: the expected cost is convex in the order quantity",
        figures=_figures(demand, S, h, p),
        simulation=service,
        program=program,
        narrative=_narrative(S, h, p, total, what),
    )


def overage_and_underage(given: Newsvendor) -> tuple[float, float]:
    """Return the cost of a unit too much and of a unit too little."""
    if given.revenue is not None and given.purchase_cost is not None:
        return given.purchase_cost - (given.salvage_value or 0.0), given.revenue - given.purchase_cost
    assert given.holding_cost is not None
    assert given.stockout_cost is not None
    return given.holding_cost, given.stockout_cost


def newsvendor_yield(given: NewsvendorYield) -> PolicyResult:
    """Return the order when its arrival differs from it by a uniform amount, for known demand."""
    h, p, low, high = given.holding_cost, given.stockout_cost, given.yield_lower, given.yield_upper
    share = p / (p + h)
    Q = max(0.0, given.demand - (high - share * (high - low)))
    least, most = Q + low - given.demand, Q + high - given.demand
    leftover, short = _uniform_part(least, most), _uniform_part(-most, -least)
    work = Working(
        "newsvendor with additive uniform yield",
        objective=(
            r"<h>·E[(<Q> + Y - <d>)^+] + <p>·E[(<d> - <Q> - Y)^+]",
            "<h> · E[(<Q> + Y - <d>)+] + <p> · E[(<d> - <Q> - Y)+]",
        ),
        unit="money per period",
        meaning="expected cost of what is left over and of what is short",
    )
    work.given("h", "h", h, "cost of a unit left over", unit="money per unit", field="holding_cost")
    work.given("p", "p", p, "cost of a unit short", unit="money per unit", field="stockout_cost")
    work.given("d", "d", given.demand, "demand", unit="units", field="demand")
    work.given("a", "a", low, "least difference of the arrival", unit="units", field="yield_lower")
    work.given("b", "b", high, "largest difference of the arrival", unit="units", field="yield_upper")
    work.decided("Q", "Q", Q, "order quantity", unit="units")
    work.formula(
        "order_quantity",
        latex=rf"Q^* = <d> - <b> + {CRITICAL}·(<b> - <a>)",
        text="Q = <d> - <b> + <p> / (<p> + <h>) · (<b> - <a>)",
        value=Q,
        unit="units",
    )
    enough = min(1.0, max(0.0, most / (most - least)))
    if Q > 0:
        work.balance(
            "a unit more against a unit less",
            h * enough,
            p * (1 - enough),
            unit="money per unit",
            sentence=f"Another unit is left over with probability {number(enough)} and is needed with probability "
            f"{number(1 - enough)}: it costs {number(h * enough)} and saves {number(p * (1 - enough))}.",
        )
    total = h * leftover + p * short
    return PolicyResult(
        method="exact",
        numbers={"order_quantity": Q},
        terms=[
            Term(name="holding", value=h * leftover, field="holding_cost"),
            Term(name="stockout", value=p * short, field="stockout_cost"),
        ],
        working=work,
        bound=total,
        detail="closed form: the expected cost is convex in the order quantity",
        figures=[figure("critical_ratio", share, None, "Probability with which enough should arrive.")],
        narrative=[
            (
                f"Order {number(Q)} units for a demand of {number(given.demand)}: {number(Q - given.demand)} more, "
                "because less may arrive."
            ),
            f"Enough arrives with probability {number(enough)}; the expected cost is {number(total)}.",
        ],
    )


def base_stock(given: BaseStock, budget: Budget) -> PolicyResult:
    """Return the base-stock level: a newsvendor for the demand of the lead time and one review period."""
    demand = over_periods(given.demand, given.lead_time + 1)
    h, p = given.holding_cost, given.stockout_cost
    S = demand.quantile(p / (p + h))
    leftover, short = S - demand.mean + demand.shortage(S), demand.shortage(S)
    work = _working("base-stock policy", given, demand, S, h, p, unit="money per period")
    _neighbours(work, demand, S, h, p, unit="money per unit and period")
    total = h * leftover + p * short
    return PolicyResult(
        method="exact",
        numbers={"order_up_to_level": S},
        terms=[
            Term(name="holding", value=h * leftover, field="holding_cost"),
            Term(name="stockout", value=p * short, field="stockout_cost"),
        ],
        working=work,
        bound=total,
        detail="closed form: a newsvendor for the demand of the lead time and one period",
        figures=[
            *_figures(demand, S, h, p),
            figure("safety_stock", S - demand.mean, "units", "Base-stock level less mean demand until the next order arrives."),
        ],
        simulation=simulate_base_stock(given, S, seed=budget.seed, promised=total),
        narrative=[
            f"Every period order what brings the stock position back to {number(S)} units.",
            (
                f"An order must last for {given.lead_time + 1} periods with a mean demand of {number(demand.mean)}; "
                f"{safety_words(S - demand.mean)}."
            ),
            *_narrative(S, h, p, total, "cost")[1:],
        ],
    )


def _working(
    name: str, given: Newsvendor | BaseStock, demand: Distribution, S: float, h: float, p: float, *, unit: str
) -> Working:
    priced = isinstance(given, Newsvendor) and given.revenue is not None
    work = Working(
        name,
        objective=PROFIT if priced else COST,
        unit=unit,
        meaning="expected profit" if priced else "expected cost of what is left over and of what is short",
        sense="max" if priced else "min",
    )
    if isinstance(given, Newsvendor) and priced:
        work.given("r", "r", given.revenue or 0.0, "price of a unit", unit="money per unit", field="revenue")
        work.given("c", "c", given.purchase_cost or 0.0, "cost of a unit", unit="money per unit", field="purchase_cost")
        work.given(
            "v", "v", given.salvage_value or 0.0, "worth of a unit left over", unit="money per unit", field="salvage_value"
        )
    work.given("h", "h", h, "cost of a unit too much", unit="money per unit", field=None if priced else "holding_cost")
    work.given("p", "p", p, "cost of a unit too little", unit="money per unit", field=None if priced else "stockout_cost")
    if priced:
        work.formula("overage", latex="h = <c> - <v>", text="h = <c> - <v>", value=h, unit="money per unit")
        work.formula("underage", latex="p = <r> - <c>", text="p = <r> - <c>", value=p, unit="money per unit")
    work.given("m", r"\mu", demand.mean, "mean demand", unit="units", field="demand")
    work.decided("S", "S", S, "quantity", unit="units")
    work.formula("critical_ratio", latex=rf"\rho = {CRITICAL}", text="rho = <p> / (<p> + <h>)", value=p / (p + h), unit=None)
    work.derived("rho", r"\rho", p / (p + h))
    work.formula(
        "quantity",
        latex=r"S^* = \min\{x : P(D \le x) \ge <rho>\}",
        text="S = least x with P(D <= x) >= <rho>",
        value=S,
        unit="units",
    )
    short = demand.shortage(S)
    work.derived("n", "n(S)", short)
    cost = h * (S - demand.mean + short) + p * short
    work.formula(
        "cost",
        latex="g(S^*) = <h>·(<S> - <m> + <n>) + <p>·<n>",
        text="g(S) = <h> · (<S> - <m> + <n>) + <p> · <n>",
        value=cost,
        unit=unit,
    )
    if priced:
        work.derived("g", "g(S^*)", cost)
        work.formula("profit", latex="<p>·<m> - <g>", text="<p> · <m> - <g>", value=p * demand.mean - cost, unit=unit)
    return work


def _neighbours(work: Working, demand: Distribution, S: float, h: float, p: float, *, unit: str) -> None:
    """Add the marginal argument: equality for a density, first differences around S for points."""
    enough = demand.cdf(S)
    if not demand.discrete:
        sentence = (
            f"Another unit is left over with probability {number(enough)} and costs {number(h)} then; it is needed with "
            f"probability {number(1 - enough)} and saves {number(p)} then: both come to {number(h * enough)}."
        )
        work.balance("a unit more against a unit less", h * enough, p * (1 - enough), unit=unit, sentence=sentence)
        return
    before = demand.cdf(math.nextafter(S, -math.inf))
    work.at_most(
        "a unit more",
        p * (1 - enough),
        h * enough,
        unit=unit,
        sentence=f"Beyond {number(S)} another unit saves {number(p * (1 - enough))} and costs {number(h * enough)}.",
    )
    work.at_most(
        "a unit less",
        h * before,
        p * (1 - before),
        unit=unit,
        sentence=f"Below {number(S)} a unit less saves {number(h * before)} and costs {number(p * (1 - before))}.",
    )


def _figures(demand: Distribution, S: float, h: float, p: float) -> list[Figure]:
    return [
        figure("critical_ratio", p / (p + h), None, "Probability with which demand should be met."),
        figure("cycle_service_level", demand.cdf(S), None, "Probability that nothing is short."),
        figure("mean_demand", demand.mean, "units", "Mean of the demand that the quantity must meet."),
        figure("expected_leftover", S - demand.mean + demand.shortage(S), "units", "Units left over on average."),
        figure("expected_shortage", demand.shortage(S), "units", "Units short on average."),
    ]


def _profit_terms(given: Newsvendor, demand: Distribution, S: float) -> list[Term]:
    """Return the profit by its parts: sales, salvage and purchase."""
    short = demand.shortage(S)
    salvage = given.salvage_value or 0.0
    return [
        Term(name="sales", value=(given.revenue or 0.0) * (demand.mean - short), field="revenue"),
        Term(name="salvage", value=salvage * (S - demand.mean + short), field="salvage_value"),
        Term(name="purchase", value=-(given.purchase_cost or 0.0) * S, field="purchase_cost"),
    ]


def _best_profit(given: Newsvendor, demand: Distribution) -> float | None:
    """Return the profit if demand were known beforehand; None when the objective is a cost."""
    if given.revenue is None or given.purchase_cost is None:
        return None
    return (given.revenue - given.purchase_cost) * demand.mean


def _uniform_part(low: float, high: float) -> float:
    """Return E[X^+] of X uniform between two ends."""
    if low >= 0:
        return (low + high) / 2
    return 0.0 if high <= 0 else high * high / (2 * (high - low))


def _narrative(S: float, h: float, p: float, total: float, what: str) -> list[str]:
    return [
        f"The best quantity is {number(S)} units; the expected {what} is {number(total)} per period.",
        (
            f"A unit too few costs {number(p)} and a unit too many {number(h)}, so that demand should be met with probability "
            f"{number(p)} / ({number(p)} + {number(h)}) = {number(p / (p + h))}."
        ),
    ]
