"""Why there is no plan, in a planner's words, and the least change of what a planner can change that makes one."""

import time
from dataclasses import replace

import numpy as np

from models.explanation import Conflict, Infeasibility, Repair
from models.inventory import PlanProblem
from solvers.base import Budget, Silent
from solvers.inventory.plan_words import bound_of, column_place, demand_of, repair_of, row_place
from solvers.linear.elastic import elastic_model
from solvers.linear.model import Floats, LinearModel
from solvers.linear.solve import solve_linear

PREFERENCE = ("capacity", "storage", "budget", "maximum_order", "minimum_order", "safety_stock", "final_backorder", "balance")
"""What may be changed, in the order in which changes of the same size are preferred."""

TIE_BREAK = 1e-5
"""Extra price of a change per place in the preference, small enough to decide between equals only."""

PRICE_OF_DEMAND = 1_000.0
"""A unit of demand is left out only where nothing else helps: customers' orders are not the planner's to change."""

NEGLIGIBLE = 1e-7
TIME_SHARE = 0.4
LEAST_TIME = 0.05


def in_planner_words(problem: PlanProblem, model: LinearModel, found: Infeasibility) -> list[Conflict]:
    """Return the members of a conflict with sentences in the words of the request."""
    rows = {name: row for row, name in enumerate(model.row_names)}
    columns = {name: column for column, name in enumerate(model.column_names)}
    members = []
    for member in found.subset:
        if member.name in rows:
            row = rows[member.name]
            sentence = demand_of(problem, row_place(model, row), model, row)
        else:
            name, sign, _ = member.name.rsplit(" ", 2)
            column, is_lower = columns[name], sign == ">="
            bound = float((model.column_lower if is_lower else model.column_upper)[column])
            sentence = bound_of(column_place(model, column), is_lower=is_lower, bound=bound)
        members.append(member.model_copy(update={"sentence": sentence}))
    return members


def least_repair(model: LinearModel, *, deadline: float, seed: int) -> list[Repair] | None:
    """
    Return the least total change of capacities, order sizes and stock limits that makes a plan possible.

    Each change counts in the unit of its condition. Demand is cut only where nothing else helps. The tie between an order and
    its setup is never relaxed: that would be no change that a planner can make. `deadline` is on the clock of
    `time.monotonic`; None when time ends before the least change is proved, or when no such change helps.
    """
    soft = _changeable(elastic_model(model), model)
    result = solve_linear(soft, _budget(deadline, seed), Silent())
    if result.termination.reason != "optimal" or result.values is None:
        return None
    slack = result.values[model.columns :]
    violations = slack[: model.rows] - slack[model.rows :]
    violations[np.abs(violations) <= NEGLIGIBLE] = 0.0
    is_verified = _is_feasible(model, violations, _budget(deadline, seed))
    rows = np.flatnonzero(violations).tolist()
    rows.sort(key=lambda row: abs(float(violations[row])))
    return [_repair(model, row, float(violations[row]), is_verified) for row in rows]


def _changeable(soft: LinearModel, model: LinearModel) -> LinearModel:
    """Return the elastic model with changes priced by preference, and none of rows that are not a planner's to change."""
    price, most = np.zeros(model.rows), np.zeros(model.rows)
    for group in model.constraint_groups:
        if group.family.symbol in PREFERENCE:
            base = PRICE_OF_DEMAND if group.family.symbol == "balance" else 1.0
            price[group.start : group.stop] = base + TIE_BREAK * PREFERENCE.index(group.family.symbol)
            most[group.start : group.stop] = np.inf
    objective = np.concatenate([np.zeros(model.columns), price, price])
    upper = np.concatenate([model.column_upper, most, most])
    return replace(soft, objective=objective, column_upper=upper)


def _is_feasible(model: LinearModel, violations: Floats, budget: Budget) -> bool:
    """Tell whether the model has a point once its sides are moved by the violations and a hair more."""
    hair = 1e-7 * np.maximum(1.0, np.abs(violations))
    repaired = replace(
        model,
        objective=np.zeros(model.columns),
        row_lower=model.row_lower - np.where(violations > 0, violations + hair, 0.0),
        row_upper=model.row_upper + np.where(violations < 0, hair - violations, 0.0),
    )
    return solve_linear(repaired, budget, Silent()).status == "succeeded"


def _repair(model: LinearModel, row: int, violation: float, is_verified: bool) -> Repair:
    side = float(model.row_lower[row] if violation > 0 else model.row_upper[row])
    sentence = repair_of(row_place(model, row), change=violation, side=side)
    name, pointer = model.row_names[row], model.row_pointer(row)
    return Repair(name=name, pointer=pointer, amount=abs(violation), sentence=sentence, verified=is_verified)


def _budget(deadline: float, seed: int) -> Budget:
    left = max((deadline - time.monotonic()) * TIME_SHARE, LEAST_TIME)
    return Budget(time_limit=left, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
