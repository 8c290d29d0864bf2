"""Least cost of one small item with several suppliers, by dynamic programming over whole stocks."""

from dataclasses import dataclass
from functools import cache
from itertools import product


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The terms of one supplier; `breaks` holds size and unit cost, the first size 0."""

    breaks: tuple[tuple[int, float], ...]
    all_units: bool
    fixed_cost: float
    lead: int
    minimum: int
    multiple: int
    most: int

    def cost(self, units: int) -> float:
        """Return what an order costs."""
        if not units:
            return 0.0
        if self.all_units:
            return self.fixed_cost + units * [price for size, price in self.breaks if units >= size][-1]
        each = [[price for size, price in self.breaks if unit > size][-1] for unit in range(1, units + 1)]
        return self.fixed_cost + sum(each)

    def sizes(self) -> list[int]:
        """Return the orders that are possible."""
        return [units for units in range(self.most + 1) if not units or (units >= self.minimum and units % self.multiple == 0)]


def least_cost(demand: tuple[int, ...], initial: int, holding_cost: float, offers: tuple[Offer, ...], capacity: int) -> float:
    """Return the least cost, infinite when there is no plan; `capacity` bounds the units of the first supplier in a period."""

    @cache
    def from_period(period: int, stock: int, coming: int) -> float:
        if period == len(demand):
            return 0.0
        best = float("inf")
        for orders in product(*[offer.sizes() for offer in offers]):
            late = any(units and period + offer.lead >= len(demand) for units, offer in zip(orders, offers, strict=True))
            if late or orders[0] > capacity:
                continue
            now = sum(units for units, offer in zip(orders, offers, strict=True) if offer.lead == 0)
            after = stock + coming + now - demand[period]
            if after < 0:
                continue
            cost = sum(offer.cost(units) for units, offer in zip(orders, offers, strict=True)) + holding_cost * after
            best = min(best, cost + from_period(period + 1, after, sum(orders) - now))
        return best

    return from_period(0, initial, 0)
