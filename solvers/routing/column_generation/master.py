"""
The restricted master: routes that cover every client at least once, as a linear programme over the columns known so far.

Rows: `coverage` of each client, `fleet` of each kind of vehicle, `capacity` cuts and subset rows. Covering more than once is
allowed: it can only lower the value, and it keeps the prices of clients from falling below 0.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.python.solve import StatusNotOk

from solvers.routing.column_generation.capacity_cuts import CapacityCut
from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import Floats, PricingProblem
from solvers.routing.column_generation.subset_rows import SubsetRow

LEAST_SECONDS = 0.05

USED_ALONE = mathopt.ModelSolveParameters(
    variable_values_filter=mathopt.SparseVectorFilter(skip_zero_values=True),
    reduced_costs_filter=mathopt.SparseVectorFilter(filtered_items=[]),
)
"""What the engine returns: of thousands of columns those that are driven; reading all would take longer than solving."""

MOST_COLUMNS, KEPT_COLUMNS = 4_000, 2_000
"""When there are more columns, the dearest are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """
    Dual values of the rows, in money: clients and capacity cuts at least 0, fleet and subset rows at most 0.

    They are named `restricted_routes`: they weigh the routes known so far and by themselves bound nothing.
    """

    clients: Floats
    fleet: Floats
    capacity: Floats
    subsets: Floats

    def towards(self, other: "Prices", share: float) -> "Prices":
        """Return prices on the way to others; rows that one of them does not know yet have its price 0 there."""
        return Prices(
            clients=_between(self.clients, other.clients, share),
            fleet=_between(self.fleet, other.fleet, share),
            capacity=_between(self.capacity, other.capacity, share),
            subsets=_between(self.subsets, other.subsets, share),
        )


class RestrictedMaster:
    """
    The linear programme over the columns known so far, solved by GLOP from its last basis.

    Parameters
    ----------
    problem
        Clients, prizes and fleet.
    missing
        Money for a client that no column covers; above what its route can cost.
    """

    def __init__(self, problem: PricingProblem, *, missing: float) -> None:
        self.problem = problem
        self.columns: list[Column] = []
        self.capacity: list[CapacityCut] = []
        self.subsets: list[SubsetRow] = []
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        self._model = mathopt.Model(name="restricted_master")
        self._variables: list[mathopt.Variable] = []
        self._coverage = [self._model.add_linear_constraint(lb=1.0) for _ in problem.clients]
        self._fleet = [self._model.add_linear_constraint(ub=float(network.vehicles)) for network in problem.networks]
        self._capacity: list[mathopt.LinearConstraint] = []
        self._subsets: list[mathopt.LinearConstraint] = []
        for i, prize in enumerate(problem.prizes.tolist()):
            variable = self._model.add_variable(lb=0.0)
            self._coverage[i].set_coefficient(variable, 1.0)
            self._model.objective.set_linear_coefficient(variable, prize / problem.scale if prize >= 0 else missing)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self.value = math.inf
        self._shares: dict[mathopt.Variable, float] = {}
        self._prices: Prices | None = None

    def add(self, columns: list[Column]) -> int:
        """Add the columns that are not known yet and return how many."""
        added = 0
        for column in columns:
            key = (column.network, column.clients)
            if key in self._known:
                continue
            self._known.add(key)
            added += 1
            variable = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(variable, column.cost / self.problem.scale)
            for client in set(column.clients):
                self._coverage[client].set_coefficient(variable, float(column.clients.count(client)))
            self._fleet[column.network].set_coefficient(variable, 1.0)
            for row, cut in zip(self._capacity, self.capacity, strict=True):
                self._set(row, variable, cut.crossings(column))
            for row, subset in zip(self._subsets, self.subsets, strict=True):
                self._set(row, variable, subset.coefficient(column))
            self.columns.append(column)
            self._variables.append(variable)
        return added

    def add_capacity_cuts(self, cuts: list[CapacityCut]) -> None:
        """Add rows: at least `least` crossings of the border of a set of clients."""
        for cut in cuts:
            row = self._model.add_linear_constraint(lb=float(cut.least))
            self.capacity.append(cut)
            self._capacity.append(row)
            for column, variable in zip(self.columns, self._variables, strict=True):
                self._set(row, variable, cut.crossings(column))

    def add_subset_rows(self, subsets: list[SubsetRow]) -> None:
        """Add rows: at most one route with two of three clients."""
        for subset in subsets:
            row = self._model.add_linear_constraint(ub=1.0)
            self.subsets.append(subset)
            self._subsets.append(row)
            for column, variable in zip(self.columns, self._variables, strict=True):
                self._set(row, variable, subset.coefficient(column))

    def solve(self, *, seconds: float) -> Prices | None:
        """Solve and return the prices, or None when the time was not enough; `value` and `shares` hold the rest."""
        self._tidy()
        result = self._solved(seconds)
        if result is None or result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        self.value = result.objective_value()
        self._shares = result.variable_values()
        self._prices = Prices(
            clients=np.maximum(result.dual_values(self._coverage), 0.0),
            fleet=np.minimum(result.dual_values(self._fleet), 0.0),
            capacity=np.maximum(result.dual_values(self._capacity), 0.0) if self._capacity else np.zeros(0),
            subsets=np.minimum(result.dual_values(self._subsets), 0.0) if self._subsets else np.zeros(0),
        )
        return self._prices

    @property
    def shares(self) -> Floats:
        """How much of each column the last solution drives; columns that came later are not driven."""
        return np.array([self._shares.get(variable, 0.0) for variable in self._variables])

    def keep(self, kept: Sequence[bool]) -> None:
        """Forget all other columns; pricing finds them again when they are needed and allowed."""
        for variable, stays in zip(self._variables, kept, strict=True):
            if not stays:
                self._model.delete_variable(variable)
        self._variables = [v for v, stays in zip(self._variables, kept, strict=True) if stays]
        self.columns = [c for c, stays in zip(self.columns, kept, strict=True) if stays]
        self._known = {(column.network, column.clients) for column in self.columns}

    def _tidy(self) -> None:
        """Forget the dearest columns when there are very many."""
        if len(self.columns) <= MOST_COLUMNS or self._prices is None:
            return
        costs = self._reduced(self._prices)
        self.keep((costs <= np.partition(costs, KEPT_COLUMNS)[KEPT_COLUMNS]).tolist())

    def _reduced(self, prices: Prices) -> Floats:
        """Return the reduced cost of every column in money."""
        costs = np.array([column.cost / self.problem.scale - prices.fleet[column.network] for column in self.columns])
        costs -= [prices.clients[list(column.clients)].sum() for column in self.columns]
        for cut, price in zip(self.capacity, prices.capacity.tolist(), strict=False):
            if price:
                costs -= [price * cut.crossings(column) for column in self.columns]
        for subset, price in zip(self.subsets, prices.subsets.tolist(), strict=False):
            if price:
                costs -= [price * subset.coefficient(column) for column in self.columns]
        return costs

    def _solved(self, seconds: float) -> mathopt.SolveResult | None:
        """Return the result, from scratch where GLOP fails from its last basis, None when it fails then, too."""
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=max(LEAST_SECONDS, seconds)))
        for _ in range(2):
            # MathOpt turns the status of a failed engine into an exception of one kind or another.
            with suppress(StatusNotOk, AttributeError, RuntimeError, ValueError):
                return self._solver.solve(params=parameters, model_params=USED_ALONE)
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        return None

    def _set(self, row: mathopt.LinearConstraint, variable: mathopt.Variable, coefficient: int) -> None:
        if coefficient:
            row.set_coefficient(variable, float(coefficient))


def _between(one: Floats, other: Floats, share: float) -> Floats:
    size = max(len(one), len(other))
    start, end = (np.pad(values, (0, size - len(values))) for values in (one, other))
    return start + share * (end - start)
