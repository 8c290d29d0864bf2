"""
What what-if and why-not need to know of each kind of problem, on the side of the front door.

Imported by the process that serves HTTP, so nothing here may load a solver library. A kind that is not listed can be asked
what-if, with the true change but no list of changed decisions, and cannot be asked why-not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.base import Input
from models.force import (
    AssignmentForce,
    FacilityForce,
    FlowForce,
    ForecastForce,
    LinearForce,
    PathForce,
    PlanForce,
    RoutingForce,
)
from solvers.forecasting import alternatives as forecasting
from solvers.inventory import alternatives as inventory
from solvers.linear import alternatives as linear
from solvers.network import alternatives as network
from solvers.network import alternatives_facility as facility
from solvers.routing import alternatives as routing
from solvers.routing.moved_orders import moved_orders
from solvers.routing.unmet_alternative import unmet_alternative

Decisions = dict[str, float | str]


def _unnamed(solution: Mapping[str, Any]) -> Decisions:
    """Return no decision: they are named where two solutions are compared."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """
    How the answer of one kind can be forced and compared.

    `changes` turns a forced alternative into changes of the request (pointer and value); `columns` names the columns of the
    linear model that it forces, None for kinds without a linear program. `decisions` reads names and values off a solution,
    numbers or words; a number that is left out counts as 0. `moved` does so for two solutions at once, for the decisions that
    differ, where a solution by itself does not name them. `unmet` takes the altered problem, the force (None for a what-if) and
    both solutions, and returns status and reason where the objectives do not compare. `has_model` says whether there is a
    linear model.
    """

    force: type[Input]
    changes: Callable[[Any, Any], Sequence[tuple[str, Any]]]
    decisions: Callable[[Mapping[str, Any]], dict[str, float | str]] = _unnamed
    moved: Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Decisions, Decisions]] | None = None
    unmet: Callable[[Any, Any, Mapping[str, Any], Mapping[str, Any]], tuple[str, str] | None] | None = None
    columns: Callable[[Any, Any], list[str]] | None = None
    has_model: bool = True


ALTERNATIVES: Mapping[str, Alternatives] = {
    "forecasting": Alternatives(
        force=ForecastForce, changes=forecasting.forced_changes, decisions=forecasting.decisions, has_model=False
    ),
    "inventory/plan": Alternatives(
        force=PlanForce, changes=inventory.forced_changes, columns=inventory.forced_columns, decisions=inventory.decisions
    ),
    "routing": Alternatives(
        force=RoutingForce, changes=routing.forced_changes, moved=moved_orders, unmet=unmet_alternative, has_model=False
    ),
    "network/shortest-path": Alternatives(
        force=PathForce, changes=network.forced_path, columns=network.forced_arc, decisions=network.arcs_used
    ),
    "network/maximum-flow": Alternatives(force=FlowForce, changes=network.forced_flow, decisions=network.flows),
    "network/minimum-cost-flow": Alternatives(
        force=FlowForce, changes=network.forced_flow, columns=network.forced_arc, decisions=network.flows
    ),
    "network/assignment": Alternatives(
        force=AssignmentForce, changes=network.forced_pair, columns=network.pair_name, decisions=network.pairs_chosen
    ),
    "network/facility-location": Alternatives(
        force=FacilityForce, changes=facility.forced_changes, decisions=facility.decisions
    ),
    "linear": Alternatives(
        force=LinearForce, changes=linear.forced_changes, columns=linear.forced_columns, decisions=linear.decisions
    ),
}
