"""The economic order quantity and its relatives: the cost of a cycle walked through, and that of neighbours."""

from itertools import product
from typing import Any

import numpy as np

from solvers.inventory.check_policy.judgement import NEAR, Judgement, around


def judge_eoq(given: Any, solution: Any) -> Judgement:
    """Judge an order quantity by the areas of one cycle: time on stock and time on backorder, each a triangle."""
    Q, share = solution.order_quantity, solution.backorder_share or 0.0
    p = given.stockout_cost or 0.0

    def parts(quantity: float, waiting: float) -> dict[str, float]:
        cycle = quantity / given.demand_rate
        peak = quantity
        if given.production_rate is not None:
            peak = quantity - given.demand_rate * quantity / given.production_rate
        on_stock, owed = peak * (1 - waiting), peak * waiting
        found = {
            "ordering": given.fixed_cost / cycle,
            "holding": given.holding_cost * on_stock / 2 * (1 - waiting),
        }
        if given.stockout_cost is not None:
            found["backorder"] = p * owed / 2 * waiting
        return found

    terms = parts(Q, share)
    near = around(lambda quantity: sum(parts(quantity, share).values()), Q, steps=[-NEAR * Q, NEAR * Q])
    if given.stockout_cost is not None:
        near += [sum(parts(Q, share * factor).values()) for factor in (1 - NEAR, 1 + NEAR)]
    cycle = abs(solution.cycle_time - Q / given.demand_rate) / max(1e-12, solution.cycle_time)
    return Judgement(terms, sum(terms.values()), near, {"cycle_time": cycle})


def judge_discount(given: Any, solution: Any) -> Judgement:
    """Judge an order by what it costs altogether, against 400 quantities from a fiftieth to fifty times of it."""

    def parts(quantity: float) -> dict[str, float]:
        level = max(place for place, start in enumerate(given.breakpoints) if start <= quantity)
        if given.discount == "all_units":
            spent = given.unit_costs[level] * quantity
        else:
            ends = [*given.breakpoints[1 : level + 1], quantity]
            bought = zip(given.breakpoints[: level + 1], ends, given.unit_costs[: level + 1], strict=True)
            spent = sum(price * (end - start) for start, end, price in bought)
        orders = given.demand_rate / quantity
        return {
            "purchase": spent * orders,
            "ordering": given.fixed_cost * orders,
            "holding": given.holding_cost_rate * spent / 2,
        }

    Q = solution.order_quantity
    others = [*np.geomspace(Q / 50, Q * 50, 400).tolist(), *(start for start in given.breakpoints if start > 0)]
    near = [sum(parts(quantity).values()) for quantity in others]
    price = max(place for place, start in enumerate(given.breakpoints) if start <= Q)
    terms = parts(Q)
    return Judgement(terms, sum(terms.values()), near, {"price_level": float(price != solution.price_level)})


def judge_disruption(given: Any, solution: Any) -> Judgement:
    """Judge an order quantity with the supplier's state from the exponential of its generator."""
    generator = np.array([[-given.disruption_rate, given.disruption_rate], [given.recovery_rate, -given.recovery_rate]])

    def parts(quantity: float) -> dict[str, float]:
        down = float(_exponential(generator * (quantity / given.demand_rate))[0, 1])
        cycle = quantity / given.demand_rate + down / given.recovery_rate
        return {
            "ordering": given.fixed_cost / cycle,
            "holding": given.holding_cost * quantity / 2 * (quantity / given.demand_rate) / cycle,
            "lost_sales": given.stockout_cost * given.demand_rate * down / given.recovery_rate / cycle,
        }

    Q = solution.order_quantity
    terms = parts(Q)
    near = around(lambda quantity: sum(parts(quantity).values()), Q, steps=[-NEAR * Q, NEAR * Q, -0.3 * Q, 0.5 * Q])
    return Judgement(terms, sum(terms.values()), near)


def _exponential(matrix: Any) -> Any:
    """Return the exponential of a small matrix by its series, scaled and squared."""
    squarings = max(0, int(np.ceil(np.log2(max(1e-300, np.abs(matrix).sum())))) + 2)
    small, term, total = matrix / 2**squarings, np.eye(len(matrix)), np.eye(len(matrix))
    for k in range(1, 20):
        term = term @ small / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def judge_yield(given: Any, solution: Any) -> Judgement:
    """Judge an order quantity with a yield of two values that has the same mean and variance: cycles are quadratic in it."""

    def parts(quantity: float) -> dict[str, float]:
        values = np.array([given.yield_mean - given.yield_sd, given.yield_mean + given.yield_sd])
        arrives = quantity + values if given.yield_model == "additive" else quantity * values
        length = float(arrives.mean()) / given.demand_rate
        area = float((arrives**2).mean()) / (2 * given.demand_rate)
        return {"ordering": given.fixed_cost / length, "holding": given.holding_cost * area / length}

    Q = solution.order_quantity
    terms = parts(Q)
    steps = [-NEAR * Q, NEAR * Q] if Q > 0 else [NEAR * max(1.0, abs(given.yield_mean))]
    return Judgement(terms, sum(terms.values()), around(lambda x: sum(parts(x).values()), Q, steps=steps))


def judge_joint(given: Any, solution: Any) -> Judgement:
    """Judge base cycle and multiples; neighbours differ in the base cycle or in one multiple, the base cycle adjusted."""
    fixed = np.array([item.fixed_cost for item in given.items])
    rates = np.array([item.demand_rate for item in given.items])
    holding = np.array([item.holding_cost for item in given.items])
    k = np.array([item.multiple for item in solution.items], dtype=np.float64)
    quantities = np.array([item.order_quantity for item in solution.items])

    def cost(multiples: Any, cycle: float) -> float:
        stock = float((holding * rates * multiples).sum()) * cycle / 2
        return float(given.shared_fixed_cost + (fixed / multiples).sum()) / cycle + stock

    def adjusted(multiples: Any) -> float:
        ordering = given.shared_fixed_cost + float((fixed / multiples).sum())
        return 2 * float(np.sqrt(ordering * (holding * rates * multiples).sum() / 2))

    T = solution.cycle_time
    near = [cost(k, T * (1 - NEAR)), cost(k, T * (1 + NEAR))]
    for place in range(len(k)):
        others = [other for other in (k[place] - 1, k[place] + 1) if other >= 1]
        near.extend(adjusted(np.where(np.arange(len(k)) == place, other, k)) for other in others)
    if len(k) <= 3:
        near += [adjusted(np.array(choice, dtype=np.float64)) for choice in product(range(1, 13), repeat=len(k))]
    orders_per_time = rates / quantities
    terms = {
        "shared_ordering": given.shared_fixed_cost / T,
        "item_ordering": float(fixed @ orders_per_time),
        "holding": float(holding @ quantities) / 2,
    }
    whole = float(np.abs(quantities - rates * k * T).max() / max(1.0, float(quantities.max())))
    return Judgement(terms, sum(terms.values()), near, {"quantities": whole})
