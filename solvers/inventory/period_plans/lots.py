"""
Plans whose items share one capacity and nothing else, as lots: what an order brings for the need of one period.

Index u is the period in which an order takes the capacity, k the period of the need that a lot serves. I items, T periods.
"""

from dataclasses import dataclass

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory.plan_arrays import Booleans, Floats, Integers, PlanArrays
from solvers.inventory.plan_lot_sizes import Needs, needs_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedLots:
    """
    A plan by lots.

    `need` (I, T) is what has to arrive by each period and `cost` (I, T, T) what one unit costs that takes the capacity in u and
    serves k, infinite where it comes too late. `fixed` (I, T), by u, is the cost of an order, `has_setup` (I,) says who has
    one. `per_unit` and `per_setup` (I,) are taken of `capacity` (T,). `arrival` (I, T) is the period in which an order of u
    arrives, T where it would be too late or would have been placed too early. `constant` is what the plan costs in any case.
    """

    needs: Needs
    need: Floats
    cost: Floats
    fixed: Floats
    has_setup: Booleans
    per_unit: Floats
    per_setup: Floats
    capacity: Floats
    arrival: Integers
    constant: float

    @property
    def possible(self) -> Booleans:
        """The lots that can be, shape (I, T, T)."""
        return np.asarray(np.isfinite(self.cost) & (self.need > 0)[:, None, :])

    def arrived(self, by_use: Floats) -> Floats:
        """Return (I, T) values by u, moved to the period of arrival."""
        moved = np.zeros((len(by_use), by_use.shape[1] + 1))
        np.add.at(moved, (np.arange(len(by_use))[:, None], self.arrival), by_use)
        return moved[:, :-1]


def shared_lots(problem: PlanProblem, arrays: PlanArrays) -> SharedLots | None:
    """Return the lots of a plan; None where it has other conditions than one capacity without overtime."""
    needs = needs_of(arrays)
    others = problem.budget is not None or any(site.storage_capacity is not None for site in problem.sites)
    if needs is None or others or arrays.resources != 1 or bool(arrays.overtime_limit.any()) or bool(needs.may_wait.any()):
        return None
    periods = np.arange(arrays.periods)
    delay = np.where(arrays.at_receipt[0] > 0, 0, arrays.lead)
    arrival = periods[None, :] + delay[:, None]
    is_reached = arrival < arrays.periods
    clipped = np.minimum(arrival, arrays.periods - 1)
    is_reached &= np.take_along_axis(needs.open, clipped, axis=1)
    ordered = np.take_along_axis(needs.ordered, clipped, axis=1)
    held = np.hstack([np.zeros((arrays.items, 1)), np.cumsum(arrays.holding, axis=1)])[:, :-1]
    kept = held[:, None, :] - np.take_along_axis(held, clipped, axis=1)[:, :, None]
    unit = np.take_along_axis(arrays.unit_cost, ordered, axis=1)
    is_late = (arrival[:, :, None] > periods[None, None, :]) | ~is_reached[:, :, None]
    return SharedLots(
        needs=needs,
        need=needs.net,
        cost=np.where(is_late, np.inf, unit[:, :, None] + kept),
        fixed=np.where(arrays.has_setup[:, None], np.take_along_axis(arrays.fixed_cost, ordered, axis=1), 0.0),
        has_setup=arrays.has_setup,
        per_unit=arrays.per_unit[0],
        per_setup=np.where(arrays.has_setup, arrays.per_setup[0], 0.0),
        capacity=arrays.capacity[0],
        arrival=np.where(is_reached, arrival, arrays.periods),
        constant=float((arrays.holding * needs.baseline).sum()),
    )
