"""Least cost of a product that is made of a component or bought ready, by dynamic programming over whole stocks."""

from functools import cache
from itertools import product

from tests.oracles.suppliers import Offer


def least_cost(
    demand: tuple[int, ...], making: Offer, buying: Offer, component: Offer, *, each: int, initial: int, holding_cost: float
) -> float:
    """
    Return the least cost, infinite when there is no plan.

    A unit made takes `each` units of the component, of which `initial` are there; both goods cost the same to hold, the product
    has no initial stock, and every lead time is 0 or 1.
    """
    offers, last = (making, buying, component), len(demand) - 1

    @cache
    def from_period(period: int, stock: int, parts: int, coming: int, parts_coming: int) -> float:
        if period > last:
            return 0.0
        best = float("inf")
        for made, bought, ordered in product(*[offer.sizes() for offer in offers]):
            orders = (made, bought, ordered)
            if any(units and period + offer.lead > last for units, offer in zip(orders, offers, strict=True)):
                continue
            now = [units if offer.lead == 0 else 0 for units, offer in zip(orders, offers, strict=True)]
            after = stock + coming + now[0] + now[1] - demand[period]
            parts_after = parts + parts_coming + now[2] - each * made
            if after < 0 or parts_after < 0:
                continue
            cost = sum(offer.cost(units) for units, offer in zip(orders, offers, strict=True))
            cost += holding_cost * (after + parts_after)
            later = made + bought - now[0] - now[1]
            best = min(best, cost + from_period(period + 1, after, parts_after, later, ordered - now[2]))
        return best

    return from_period(0, 0, initial, 0, 0)
