"""
A plan for many demand scenarios as one linear model: two-stage sample average approximation.

Orders, setups, transfers and overtime are decided once; stock, backorders, lost sales, missing safety stock, disposals and the
ages of what is sent follow in each scenario.
So the columns and rows of the second kind are there once per scenario, with its demand, at 1/N of their cost. With a risk
weight w the objective is (1 - w) E[cost] + w CVaR[cost], CVaR as min over eta of eta + E[(cost - eta)^+] / (1 - level).
`cycle_service[i,t]` is exact for decisions that are made once: what has come by the end of t covers the cumulative demand in
the asked share of the scenarios, which is one number on the right-hand side.

Source: Shapiro, Dentcheva and Ruszczynski (2009), Lectures on Stochastic Programming, chapters 1 and 5; Rockafellar and Uryasev
(2000), Journal of Risk 2, 21-41; Bookbinder and Tan (1988), Management Science 34, 1096-1108 for the service constraint.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.inventory import PlanProblem
from solvers.inventory import plan_scenario_families as families
from solvers.inventory.demand_paths import is_uncertain, scenario_paths
from solvers.inventory.plan_arrays import Booleans, Floats, Integers, terminal_limit
from solvers.inventory.plan_formulation import PlanModel, formulate
from solvers.linear.model import Family, Group, LinearModel

RECOURSE = frozenset({"s_{i,t}", "b_{i,t}", "l_{i,t}", "g_{i,t}", "v_i", "r_{i,k,t}", "s_{i,t,u}", "f_{m,t,u}", "e_{i,t}"})
"""Families of columns that follow from the demand of a scenario."""

CERTAIN = {"demand_uncertainty": None, "cycle_service": None}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScenarioModel:
    """
    The model of all scenarios.

    `base` is the plan of one scenario, `columns` (N, n) says where each of its columns stands in scenario s, `recourse` (n,)
    which of them are decided in each scenario, `parts` the model of each scenario.
    """

    model: LinearModel
    base: PlanModel
    columns: Integers
    recourse: Booleans
    parts: list[LinearModel]


def with_demand(problem: PlanProblem, demand: Floats) -> PlanProblem:
    """Return the problem with certain demand (I, T)."""
    items = [
        item.model_copy(update={"demand": row, "terminal_stock_limit": terminal_limit(item)} | CERTAIN)
        for item, row in zip(problem.items, demand.tolist(), strict=True)
    ]
    return problem.model_copy(update={"items": items})


def formulate_scenarios(problem: PlanProblem, paths: Floats) -> ScenarioModel:
    """Return the model of the paths (N, I, T) of a problem whose semantics have been checked."""
    base = formulate(with_demand(problem, paths.max(axis=0)))
    parts = [formulate(with_demand(problem, path), widest=base.arrays).model for path in paths]
    if any(part.row_names != base.model.row_names or part.column_names != base.model.column_names for part in parts):
        raise ValueError("the models of the scenarios have other rows or columns")
    return _Replication(problem, base, parts).build()


def plan_model(problem: PlanProblem) -> LinearModel:
    """Return the linear model of a plan, of all its scenarios where demand is uncertain."""
    if is_uncertain(problem):
        return formulate_scenarios(problem, scenario_paths(problem)).model
    return formulate(problem).model


class _Replication:
    """Writes the columns and rows of the second stage once per scenario."""

    def __init__(self, problem: PlanProblem, base: PlanModel, parts: list[LinearModel]) -> None:
        self.problem, self.base, self.parts = problem, base, parts
        self.count = len(parts)
        self.recourse = np.zeros(base.model.columns, dtype=np.bool_)
        for group in base.model.variable_groups:
            self.recourse[group.start : group.stop] = group.family.symbol in RECOURSE
        self.columns = np.zeros((self.count, base.model.columns), dtype=np.int64)
        self.variable_groups: list[Group] = []
        self.constraint_groups: list[Group] = []
        self.taken: dict[str, list[Floats]] = {name: [] for name in ("lower", "upper", "cost", "integer", "low", "high")}
        self.names: list[str] = []
        self.pointers: list[str | None] = []
        self.row_names: list[str] = []
        self.row_pointers: list[str | None] = []
        self.blocks: list[sparse.csr_array] = []
        self.width = 0

    def build(self) -> ScenarioModel:
        """Return the model."""
        for group in self.base.model.variable_groups:
            self._add_columns(group)
        risk = self.problem.uncertainty.risk_weight
        if risk > 0:
            self._add_risk_columns(risk)
        for group in self.base.model.constraint_groups:
            self._add_rows(group)
        self._add_cycle_service()
        if risk > 0:
            self._add_risk_rows()
        matrix = sparse.csr_array(sparse.vstack(self.blocks))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        matrix.sort_indices()
        whole = {name: np.concatenate(parts) for name, parts in self.taken.items()}
        base = self.base.model
        model = LinearModel(
            name="inventory plan for many scenarios",
            sense="min",
            objective_family=families.objective(base.objective_family, has_risk=risk > 0),
            sets=(*base.sets, (families.SCENARIOS, self.count)),
            parameters=base.parameters,
            variable_groups=tuple(self.variable_groups),
            constraint_groups=tuple(self.constraint_groups),
            indptr=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int64),
            coefficients=np.asarray(matrix.data, dtype=np.float64),
            column_lower=whole["lower"],
            column_upper=whole["upper"],
            objective=whole["cost"],
            integer=whole["integer"].astype(np.bool_),
            row_lower=whole["low"],
            row_upper=whole["high"],
            column_names=self.names,
            row_names=self.row_names,
            column_pointers=self.pointers,
            row_pointers=self.row_pointers,
        )
        return ScenarioModel(model=model, base=self.base, columns=self.columns, recourse=self.recourse, parts=self.parts)

    def _add_columns(self, group: Group) -> None:
        base, span = self.base.model, slice(group.start, group.stop)
        if group.family.symbol not in RECOURSE:
            self.columns[:, span] = self.width + np.arange(group.stop - group.start)
            self._take(group, base.column_lower[span], base.column_upper[span], base.objective[span], base.integer[span])
            self._name(base.column_names[span], [base.column_pointer(at) for at in range(group.start, group.stop)])
            return
        size, share = group.stop - group.start, (1 - self.problem.uncertainty.risk_weight) / self.count
        self.columns[:, span] = self.width + np.arange(self.count * size).reshape(self.count, size)
        self._take(
            group,
            np.concatenate([part.column_lower[span] for part in self.parts]),
            np.concatenate([part.column_upper[span] for part in self.parts]),
            np.tile(base.objective[span] * share, self.count),
            np.zeros(self.count * size, dtype=np.bool_),
        )
        pointers = [base.column_pointer(at) for at in range(group.start, group.stop)]
        for scenario in range(self.count):
            self._name(_numbered(base.column_names[span], scenario), pointers)

    def _take(self, group: Group, lower: Floats, upper: Floats, cost: Floats, integer: Booleans) -> None:
        stop = self.width + len(cost)
        self.variable_groups.append(Group(family=group.family, start=self.width, stop=stop, term=group.term))
        for name, numbers in (("lower", lower), ("upper", upper), ("cost", cost), ("integer", integer.astype(np.float64))):
            self.taken[name].append(numbers)
        self.width += len(cost)

    def _name(self, names: Sequence[str], pointers: Sequence[str | None]) -> None:
        self.names.extend(names)
        self.pointers.extend(pointers)

    def _add_risk_columns(self, weight: float) -> None:
        share = weight / ((1 - self.problem.uncertainty.risk_level) * self.count)
        level = Group(family=families.RISK_LEVEL, start=0, stop=1, term="risk")
        excess = Group(family=families.RISK_EXCESS, start=0, stop=self.count, term="risk")
        self.risk_at = self.width
        one, many = np.ones(1), np.ones(self.count)
        self._take(level, -np.inf * one, np.inf * one, weight * one, np.zeros(1, dtype=np.bool_))
        self._name(["risk_level[all,1]"], ["/uncertainty"])
        self._take(excess, 0.0 * many, np.inf * many, share * many, np.zeros(self.count, dtype=np.bool_))
        self._name([f"risk_excess[all,{scenario + 1}]" for scenario in range(self.count)], ["/uncertainty"] * self.count)

    def _add_rows(self, group: Group) -> None:
        base, span = self.base.model, slice(group.start, group.stop)
        matrix = sparse.csr_array(base.matrix()[span])
        pointers = [base.row_pointer(at) for at in range(group.start, group.stop)]
        follows = bool(abs(matrix)[:, np.flatnonzero(self.recourse)].sum() > 0)
        if group.family.symbol == "fill_rate":
            share = sparse.vstack([self._placed(matrix, s) for s in range(self.count)]).tocsr()
            mean = sparse.csr_array(np.tile(np.eye(group.stop - group.start), (1, self.count)) / self.count) @ share
            high = np.mean([part.row_upper[span] for part in self.parts], axis=0)
            self._put(group.family, mean, np.full(len(high), -np.inf), high, base.row_names[span], pointers)
        elif not follows:
            low, high = base.row_lower[span], base.row_upper[span]
            self._put(group.family, self._placed(matrix, 0), low, high, base.row_names[span], pointers)
        else:
            names = [name for s in range(self.count) for name in _numbered(base.row_names[span], s)]
            self._put(
                group.family,
                sparse.vstack([self._placed(matrix, s) for s in range(self.count)]),
                np.concatenate([part.row_lower[span] for part in self.parts]),
                np.concatenate([part.row_upper[span] for part in self.parts]),
                names,
                pointers * self.count,
            )

    def _placed(self, matrix: sparse.csr_array, scenario: int) -> sparse.csr_array:
        """Return rows of one scenario over the columns of the whole model."""
        found = matrix.tocoo()
        columns = self.columns[scenario][found.col]
        return sparse.csr_array((found.data, (found.row, columns)), shape=(matrix.shape[0], self.width))

    def _put(
        self,
        family: Family,
        matrix: sparse.csr_array,
        low: Floats,
        high: Floats,
        names: Sequence[str],
        pointers: Sequence[str | None],
    ) -> None:
        at = len(self.row_names)
        self.constraint_groups.append(Group(family=family, start=at, stop=at + len(names)))
        self.blocks.append(sparse.csr_array(matrix))
        self.taken["low"].append(low)
        self.taken["high"].append(high)
        self.row_names.extend(names)
        self.row_pointers.extend(pointers)

    def _add_cycle_service(self) -> None:
        """Let what has come by the end of each period cover the demand so far in the asked share of the scenarios."""
        items = self.problem.items
        asked = [index for index, item in enumerate(items) if item.cycle_service is not None]
        if not asked:
            return
        periods = self.problem.periods
        group = next(group for group in self.base.model.constraint_groups if group.family.symbol == "balance")
        span = slice(group.start, group.stop)
        matrix = sparse.csr_array(self.base.model.matrix()[span]) @ sparse.diags_array((~self.recourse).astype(np.float64))
        so_far = sparse.csr_array(np.tril(np.ones((periods, periods))))
        need = np.array([part.row_lower[span].reshape(-1, periods).cumsum(axis=1) for part in self.parts])
        rows, low, names, pointers = [], [], [], []
        for index in asked:
            share = items[index].cycle_service or 0.0
            place = max(int(np.ceil(share * self.count - 1e-9)) - 1, 0)
            rows.append(so_far @ matrix[index * periods : (index + 1) * periods])
            low.append(np.sort(need[:, index], axis=0)[place])
            names += [f"cycle_service[{self.base.arrays.labels[index]},{t + 1}]" for t in range(periods)]
            pointers += [f"/items/{index}/cycle_service"] * periods
        matrix = self._placed(sparse.csr_array(sparse.vstack(rows)), 0)
        lower = np.concatenate(low)
        self._put(families.CYCLE_SERVICE, matrix, lower, np.full(len(lower), np.inf), names, pointers)

    def _add_risk_rows(self) -> None:
        """Let the excess of each scenario be at least its cost beyond the level."""
        cost = np.where(self.recourse, self.base.model.objective, 0.0)
        at = np.flatnonzero(cost)
        rows = np.repeat(np.arange(self.count), len(at))
        columns = self.columns[:, at].ravel()
        matrix = sparse.coo_array((np.tile(-cost[at], self.count), (rows, columns)), shape=(self.count, self.width)).tolil()
        matrix[:, [self.risk_at]] = 1.0
        matrix[np.arange(self.count), self.risk_at + 1 + np.arange(self.count)] = 1.0
        names = [f"risk[all,{scenario + 1}]" for scenario in range(self.count)]
        zeros = np.zeros(self.count)
        self._put(families.RISK, matrix.tocsr(), zeros, np.full(self.count, np.inf), names, ["/uncertainty"] * self.count)


def _numbered(names: Sequence[str], scenario: int) -> list[str]:
    """Return `stock[butter,3]` as `stock[butter^2,3]` for the second scenario."""
    return [f"{start}^{scenario + 1},{end}" for start, _, end in (name.rpartition(",") for name in names)]
