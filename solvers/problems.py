"""
Every kind of problem, on the side of the front door: its types, what makes a request invalid, what looks odd in it.

Imported by the process that serves HTTP, so nothing here may load a solver library. The solving side of the same kinds is
`solvers.registry`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from models.errors import Issue
from models.explanation import Explanation, LinearModelExplanation
from models.forecasting import (
    ForecastExplanation,
    ForecastProblem,
    ForecastSolution,
    UpdateExplanation,
    UpdateProblem,
    UpdateSolution,
)
from models.inventory import PlanProblem, PlanSolution
from models.inventory_multi_echelon import MultiEchelonExplanation, MultiEchelonProblem, MultiEchelonSolution
from models.inventory_policy import PolicyExplanation, PolicyProblem, PolicySolution
from models.linear import LinearProblem, LinearSolution
from models.network import (
    AssignmentProblem,
    AssignmentSolution,
    FacilityLocationExplanation,
    FacilityLocationProblem,
    FacilityLocationSolution,
    MaximumFlowProblem,
    MaximumFlowSolution,
    MinimumCostFlowProblem,
    MinimumCostFlowSolution,
    NetworkExplanation,
    ShortestPathProblem,
    ShortestPathSolution,
)
from models.routing import (
    EvaluationExplanation,
    EvaluationProblem,
    EvaluationSolution,
    RoutingExplanation,
    RoutingProblem,
    RoutingSolution,
    SuggestionExplanation,
    SuggestionProblem,
    SuggestionSolution,
)
from models.run import RunWarning
from solvers.forecasting import semantics as forecasting
from solvers.forecasting import update_semantics as forecasting_update
from solvers.inventory import semantics as inventory
from solvers.inventory import semantics_multi_echelon as multi_echelon
from solvers.inventory import semantics_policy as inventory_policy
from solvers.linear import semantics as linear
from solvers.network import semantics as network
from solvers.routing import semantics as routing
from solvers.routing.evaluation import semantics as evaluation
from solvers.routing.insertion import semantics as insertion


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem: `issues` are errors that only show when fields are compared, `warnings` are only oddities."""

    problem: type[BaseModel]
    solution: type[BaseModel]
    explanation: type[Explanation]
    issues: Callable[[Any], Sequence[Issue]]
    warnings: Callable[[Any], Sequence[RunWarning]]


def _network(problem: type[BaseModel], solution: type[BaseModel]) -> Entry:
    return Entry(problem, solution, NetworkExplanation, network.issues, network.warnings)


PROBLEMS: Mapping[str, Entry] = {
    "forecasting": Entry(ForecastProblem, ForecastSolution, ForecastExplanation, forecasting.issues, forecasting.warnings),
    "forecasting/update": Entry(
        UpdateProblem, UpdateSolution, UpdateExplanation, forecasting_update.issues, forecasting_update.warnings
    ),
    "inventory/plan": Entry(PlanProblem, PlanSolution, LinearModelExplanation, inventory.issues, inventory.warnings),
    "inventory/policy": Entry(
        PolicyProblem, PolicySolution, PolicyExplanation, inventory_policy.issues, inventory_policy.warnings
    ),
    "inventory/multi-echelon": Entry(
        MultiEchelonProblem, MultiEchelonSolution, MultiEchelonExplanation, multi_echelon.issues, multi_echelon.warnings
    ),
    "routing": Entry(RoutingProblem, RoutingSolution, RoutingExplanation, routing.issues, routing.warnings),
    "routing/evaluate": Entry(
        EvaluationProblem, EvaluationSolution, EvaluationExplanation, evaluation.issues, evaluation.warnings
    ),
    "routing/suggest": Entry(
        SuggestionProblem, SuggestionSolution, SuggestionExplanation, insertion.issues, insertion.warnings
    ),
    "network/shortest-path": _network(ShortestPathProblem, ShortestPathSolution),
    "network/maximum-flow": _network(MaximumFlowProblem, MaximumFlowSolution),
    "network/minimum-cost-flow": _network(MinimumCostFlowProblem, MinimumCostFlowSolution),
    "network/assignment": _network(AssignmentProblem, AssignmentSolution),
    "network/facility-location": Entry(
        FacilityLocationProblem, FacilityLocationSolution, FacilityLocationExplanation, network.issues, network.warnings
    ),
    "linear": Entry(LinearProblem, LinearSolution, LinearModelExplanation, linear.issues, linear.warnings),
}
