"""
Dynamic lot sizes of one item (Wagner and Whitin 1958, Management Science 5, 89-96), by backward recursion.

theta_t is the least cost from period t on: an order in t serves t, ..., s - 1, at K + c_t sum d + h sum (i - t) d_i, and s goes
on. A period without demand may be left to the one after it.
"""

import numpy as np
from numpy.typing import NDArray

from models.inventory_policy.continuous_review import DeterministicLots
from solvers.inventory.policy.distributions import Floats
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number

Integers = NDArray[np.int64]
UNIT = "money over the horizon"


def lot_sizes(given: DeterministicLots) -> PolicyResult:
    """Return the lots that cost least over the horizon."""
    demand = np.array(given.demand)
    T = len(demand)
    purchase = np.zeros(T) if given.purchase_cost is None else np.array(given.purchase_cost)
    theta, following = np.zeros(T + 1), np.full(T, T, dtype=np.int64)
    orders_here = np.ones(T, dtype=np.bool_)
    for t in range(T - 1, -1, -1):
        units = np.cumsum(demand[t:])
        carried = np.cumsum(np.arange(T - t) * demand[t:])
        costs = np.where(units > 0, given.fixed_cost, 0.0) + purchase[t] * units + given.holding_cost * carried + theta[t + 1 :]
        best = int(np.argmin(costs))
        theta[t], following[t] = costs[best], t + 1 + best
        if demand[t] == 0 and theta[t + 1] <= theta[t]:
            theta[t], following[t], orders_here[t] = theta[t + 1], t + 1, False
    orders, t = np.zeros(T), 0
    while t < T:
        if orders_here[t]:
            orders[t] = demand[t : following[t]].sum()
        t = int(following[t])
    stock = np.maximum(np.cumsum(orders) - np.cumsum(demand), 0.0)
    terms = [
        Term(name="ordering", value=given.fixed_cost * int((orders > 0).sum()), field="fixed_cost"),
        Term(name="holding", value=given.holding_cost * float(stock.sum()), field="holding_cost"),
    ]
    if given.purchase_cost is not None:
        terms.append(Term(name="purchase", value=float(purchase @ orders), field="purchase_cost"))
    total = sum(term.value for term in terms)
    placed = np.flatnonzero(orders > 0)
    return PolicyResult(
        method="exact",
        numbers={
            "orders": orders.tolist(),
            "cost_to_go": theta.tolist(),
            "next_order": (following + 1).tolist(),
        },
        terms=terms,
        working=_working(given, demand, orders, following, total),
        bound=total,
        detail="dynamic programming over the periods of the next order",
        figures=[figure("number_of_orders", len(placed), "orders", "Orders over the horizon.")],
        narrative=[
            f"Place {len(placed)} orders in {T} periods: "
            + ", ".join(f"{number(float(orders[t]))} in period {t + 1}" for t in placed[:12].tolist())
            + (" and so on." if len(placed) > 12 else "."),
            (
                f"All costs come to {number(total)}; an order in every period with demand would cost "
                f"{number(_lot_for_lot(given, demand, purchase))}."
            ),
        ],
    )


def _lot_for_lot(given: DeterministicLots, demand: Floats, purchase: Floats) -> float:
    return given.fixed_cost * int((demand > 0).sum()) + float(purchase @ demand)


def _working(given: DeterministicLots, demand: Floats, orders: Floats, following: Integers, total: float) -> Working:
    work = Working(
        "dynamic lot sizes",
        objective=(
            r"\theta_t = \min_{s > t} \left\{ <K> + c_t \sum_{i<s} d_i + <h>·\sum_{i<s} (i - t)·d_i + \theta_s \right\}",
            "theta[t] = min over s > t: <K> + c[t] · sum d[i] + <h> · sum (i - t) · d[i] + theta[s]",
        ),
        unit=UNIT,
        meaning="least cost from period t on",
    )
    work.given("K", "K", given.fixed_cost, "cost of an order", unit="money", field="fixed_cost")
    work.given("h", "h", given.holding_cost, "holding cost", unit="money per unit and period", field="holding_cost")
    work.decided("n", "n", float((orders > 0).sum()), "number of orders", unit="orders")
    stock = float(np.maximum(np.cumsum(orders) - np.cumsum(demand), 0.0).sum())
    buying = total - given.fixed_cost * float((orders > 0).sum()) - given.holding_cost * stock
    work.derived("I", r"\sum_t I_t", stock)
    work.derived("c", r"\sum_t c_t x_t", buying)
    work.formula(
        "cost", latex=r"\theta_1 = <n>·<K> + <h>·<I> + <c>", text="theta = <n> · <K> + <h> · <I> + <c>", value=total, unit=UNIT
    )
    if given.purchase_cost is None:
        for t in np.flatnonzero(orders > 0)[:20].tolist():
            last = int(following[t]) - 1
            if last > t and demand[last] > 0:
                carrying = given.holding_cost * (last - t) * float(demand[last])
                work.at_most(
                    f"carry period {last + 1} from {t + 1}",
                    carrying,
                    given.fixed_cost,
                    unit="money",
                    sentence=f"Carrying the {number(float(demand[last]))} units of period {last + 1} from the order of period "
                    f"{t + 1} costs {number(carrying)}, no more than an order of their own at {number(given.fixed_cost)}.",
                )
    return work
