"""The economic order quantity and its relatives: the cost of a cycle walked through, and that of neighbours."""

from typing import Any

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
