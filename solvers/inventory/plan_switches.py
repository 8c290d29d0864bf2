"""What is paid once for an order (a setup, a dispatch, a price range) is on exactly where something is ordered or sent."""

from collections.abc import Iterator

import numpy as np

from solvers.inventory.matrix_entries import NONE
from solvers.inventory.plan_arrays import Booleans, Floats, Integers
from solvers.inventory.plan_formulation import PlanModel
from solvers.inventory.plan_solution import NEGLIGIBLE


def without_idle_setups(plan: PlanModel, values: Floats) -> Floats:
    """Return the values with setups, dispatches and price ranges at 0 where nothing is ordered or sent."""
    cleaned = values.copy()
    for switch, ordered in _switches(plan, values):
        cleaned[switch[(switch != NONE) & ~ordered]] = 0.0
    return np.asarray(cleaned)


def with_every_setup(plan: PlanModel, values: Floats) -> Floats:
    """Return the values with each of them at 1 where something is ordered, even where an engine let it slip, else at 0."""
    completed = values.copy()
    for switch, ordered in _switches(plan, values):
        exists = switch != NONE
        completed[switch[exists]] = np.where(ordered[exists], 1.0, 0.0)
    return np.asarray(completed)


def _switches(plan: PlanModel, values: Floats) -> Iterator[tuple[Integers, Booleans]]:
    """Yield columns of what is paid once (K, T), `NONE` where it is free, and where more than rounding needs it (K, T)."""
    yield plan.setup, _moved(values, plan.order, plan.arrays.unit()[:, None])
    transfers, supplies = plan.parts.transfers, plan.parts.supplies
    if transfers is not None:
        yield transfers.setup, _moved(values, transfers.quantity, np.ones((1, 1)))
    if supplies is not None:
        ordered = _moved(values, supplies.order, supplies.offers.unit[supplies.of_range][:, None])
        yield supplies.choice, ordered
        of_offer = np.zeros(supplies.setup.shape, dtype=np.bool_)
        np.logical_or.at(of_offer, supplies.of_range, ordered)
        yield supplies.setup, of_offer


def _moved(values: Floats, columns: Integers, unit: Floats) -> Booleans:
    """Return where the columns (K, T) hold more than rounding, in units of the item; `NONE` holds nothing."""
    return np.asarray((columns != NONE) & (values[np.maximum(columns, 0)] * unit > NEGLIGIBLE))
