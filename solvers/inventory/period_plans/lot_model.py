"""
The facility-location formulation of a plan that shares one capacity, with cuts from prices of demand.

Lots w[i,u,k] >= 0 split what an order brings by the need that it serves, y[i,u] in {0, 1} is its setup:

    demand[i,k]    sum_u w[i,u,k] = r[i,k]
    lot[i,u,k]     w[i,u,k] <= r[i,k] y[i,u]
    capacity[u]    sum_i sum_k a[i] w[i,u,k] + g[i] y[i,u] <= C[u]
    period[u]      sum_i f[i,u] y[i,u] + sum_k (c[i,u,k] - p[i,k]) w[i,u,k] >= -V[u]

where V[u] is the most that the capacity of u can be worth at prices p of the needs. The last rows hold for every plan, for any
p; at the best prices they lift the relaxation to the bound of a decomposition by periods.

Source: Krarup and Bilde (1977), in Optimierung bei graphentheoretischen und ganzzahligen Problemen, Birkhaeuser, for the lots;
Jans and Degraeve (2004), Operations Research Letters 32, 185-195 for the periods.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.inventory.matrix_entries import NONE, Entries
from solvers.inventory.period_plans.lots import SharedLots
from solvers.inventory.plan_arrays import Floats, Integers
from solvers.inventory.plan_lot_sizes import LotSizes
from solvers.linear.model import Family, LinearModel, ModelBuilder


def _family(symbol: str, text: str, meaning: str) -> Family:
    return Family(symbol=symbol, latex=symbol, text=text, meaning=meaning, unit=None, pointer=None)


COST = _family("cost", "cost", "cost of lots and setups")
SETUP = _family("y", "setup[i,u]", "1 where an order of item i takes capacity in u")
LOT = _family("w", "lot[i,u,k]", "units that take capacity in u and serve k")
DEMAND = _family("demand", "demand[i,k]", "every need is served")
LOT_LIMIT = _family("lot", "lot[i,u,k]", "a lot needs its setup")
CAPACITY = _family("capacity", "capacity[u]", "what a period takes fits into its capacity")
PERIOD = _family("period", "period[u]", "no use of a period is worth more at given prices")

ROUNDING = 1e-9
"""Relative slack of the worth of a period in its cut."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodCut:
    """The most that the capacity of each period is worth, shape (T,), at prices of the needs, shape (I, T)."""

    prices: Floats
    worth: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LotModel:
    """The model, the columns of setups (I, T) and lots (I, T, T), -1 where there is none, and the rows of needs (I, T)."""

    lots: SharedLots
    model: LinearModel
    setup: Integers
    lot: Integers
    demand: Integers

    def lot_sizes(self, values: Floats) -> LotSizes:
        """Return receipts and starts by period of arrival at values of the columns, shape (n,)."""
        units = np.where(self.lot == NONE, 0.0, values[np.maximum(self.lot, 0)]).sum(axis=2)
        receipts = self.lots.arrived(units)
        starts = np.where(self.setup == NONE, 0.0, np.round(values[np.maximum(self.setup, 0)]))
        return LotSizes(cost=np.zeros(len(units)), receipts=receipts, starts=self.lots.arrived(starts))

    def setup_values(self, values: Floats) -> Floats:
        """Return the setups by period of arrival, shape (I, T), fractional as they are."""
        return self.lots.arrived(np.where(self.setup == NONE, 0.0, values[np.maximum(self.setup, 0)]))


def lot_model(lots: SharedLots, cuts: Sequence[PeriodCut] = ()) -> LotModel:
    """Return the formulation with the rows of each cut."""
    builder = ModelBuilder(name="lots", sense="min", objective=COST)
    builder.objective_offset = lots.constant
    items, periods = lots.need.shape
    setup = np.full((items, periods), NONE, dtype=np.int64)
    lot = np.full((items, periods, periods), NONE, dtype=np.int64)
    demand = np.full((items, periods), NONE, dtype=np.int64)
    possible = lots.possible
    is_setup = lots.has_setup[:, None] & possible.any(axis=2)
    setup[is_setup] = builder.add_variables(
        SETUP, names=[""] * int(is_setup.sum()), upper=1.0, objective=lots.fixed[is_setup], integer=True
    )
    needs = np.broadcast_to(lots.need[:, None, :], possible.shape)
    lot[possible] = builder.add_variables(
        LOT, names=[""] * int(possible.sum()), upper=needs[possible], objective=lots.cost[possible]
    )
    asked = lots.need > 0
    entries = Entries()
    entries.add(_numbered(asked)[:, None, :], lot, 1.0)
    demand[asked] = _add(builder, DEMAND, entries, int(asked.sum()), lower=lots.need[asked], upper=lots.need[asked])
    tied = possible & (setup != NONE)[:, :, None]
    entries, number = Entries(), _numbered(tied)
    entries.add(number, np.where(tied, lot, NONE), 1.0)
    entries.add(number, np.where(tied, setup[:, :, None], NONE), -needs)
    _add(builder, LOT_LIMIT, entries, int(tied.sum()), upper=0.0)
    entries, period = Entries(), np.arange(periods)
    entries.add(period[None, :, None], lot, lots.per_unit[:, None, None])
    entries.add(period[None, :], setup, lots.per_setup[:, None])
    _add(builder, CAPACITY, entries, periods, upper=lots.capacity)
    for cut in cuts:
        entries = Entries()
        entries.add(period[None, :], setup, lots.fixed)
        worth = np.where(possible, lots.cost - cut.prices[:, None, :], 0.0)
        entries.add(period[None, :, None], lot, worth)
        least = -cut.worth - ROUNDING * (1.0 + np.abs(cut.worth))
        _add(builder, PERIOD, entries, periods, lower=least)
    return LotModel(lots=lots, model=builder.build(), setup=setup, lot=lot, demand=demand)


def _numbered(where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Integers:
    return np.asarray(np.cumsum(where.ravel()).reshape(where.shape) - 1, dtype=np.int64)


def _add(
    builder: ModelBuilder,
    family: Family,
    entries: Entries,
    count: int,
    *,
    lower: Floats | float = -np.inf,
    upper: Floats | float = np.inf,
) -> Integers:
    rows, columns, coefficients = entries.joined()
    return builder.add_constraints(
        family, names=[""] * count, rows=rows, columns=columns, coefficients=coefficients, lower=lower, upper=upper
    )
