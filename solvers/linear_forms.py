"""
The linear model behind each kind of problem that has one.

Loaded by solver processes only. For linear, inventory/plan and facility-location it is the model that is solved; flows, paths
and assignments have engines of their own, and the model says the same in rows and columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from solvers.inventory.demand_paths import is_uncertain
from solvers.inventory.plan_formulation import formulate as formulate_plan
from solvers.inventory.plan_scenarios import plan_model
from solvers.inventory.plan_values import whole_numbers
from solvers.linear.formulate import formulate as formulate_linear
from solvers.linear.model import Floats, LinearModel
from solvers.network.facility_location import facility_model
from solvers.network.linear_form import (
    assignment_model,
    maximum_flow_model,
    minimum_cost_flow_model,
    shortest_path_model,
)

LINEAR_FORMS: Mapping[str, Callable[[Any], LinearModel]] = {
    "inventory/plan": plan_model,
    "network/shortest-path": shortest_path_model,
    "network/maximum-flow": maximum_flow_model,
    "network/minimum-cost-flow": minimum_cost_flow_model,
    "network/assignment": assignment_model,
    "network/facility-location": lambda problem: facility_model(problem)[0],
    "linear": formulate_linear,
}


def linear_form(kind: str, problem: Any) -> LinearModel | None:
    """Return the linear model of a problem, or None for kinds that have none."""
    make = LINEAR_FORMS.get(kind)
    return None if make is None else make(problem)


def forced_form(kind: str, model: LinearModel, problem: Any, forced: Any) -> LinearModel | None:
    """
    Return the parent's model with an alternative forced in it, where the altered request has other rows and columns.

    Every path uses a forced arc, so that its flow is at least the number of targets. None: the altered request's own model.
    """
    if kind != "network/shortest-path" or forced.arc not in model.column_names:
        return None
    lower = model.column_lower.copy()
    lower[list(model.column_names).index(forced.arc)] = float(len(problem.targets))
    return replace(model, column_lower=lower)


def whole_values(kind: str, problem: Any, model: LinearModel, solution: Mapping[str, Any]) -> Floats | None:
    """
    Return the values of the integer columns of a model in a stored solution, shape (n,); other columns are 0.

    None when the kind is not known here, or when the solution does not fit the model.
    """
    try:
        values = _WHOLE[kind](problem, model, solution)
    except (KeyError, IndexError):
        return None
    return values


def _linear_values(problem: Any, model: LinearModel, solution: Mapping[str, Any]) -> Floats:
    found = solution["variables"]
    return np.array([found[name] for name in model.column_names], dtype=np.float64)


def _plan_values(problem: Any, model: LinearModel, solution: Mapping[str, Any]) -> Floats:
    if is_uncertain(problem):
        raise KeyError("uncertain demand")
    return whole_numbers(formulate_plan(problem), solution)


def _facility_values(problem: Any, model: LinearModel, solution: Mapping[str, Any]) -> Floats:
    place = {name: column for column, name in enumerate(model.column_names)}
    values = np.zeros(model.columns)
    for site in solution["open"]:
        values[place[f"y[{site['id']}]"]] = 1.0
    for part in solution["services"]:
        values[place[f"x[{part['client']},{part['facility']}]"]] = part["share"]
    return values


_WHOLE: Mapping[str, Callable[[Any, LinearModel, Mapping[str, Any]], Floats]] = {
    "linear": _linear_values,
    "inventory/plan": _plan_values,
    "network/facility-location": _facility_values,
}
