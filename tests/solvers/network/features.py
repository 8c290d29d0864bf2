"""The network kinds as the pipeline sees them, and a shortcut from a request body to an answer."""

from typing import Any

from models.network import (
    AssignmentProblem,
    FacilityLocationProblem,
    MaximumFlowProblem,
    MinimumCostFlowProblem,
    ShortestPathProblem,
)
from models.run import Answer
from solvers.base import Silent
from solvers.feature import Feature
from solvers.network.assignment import ShortestAugmentingPath
from solvers.network.certificate_facility import certify_facility_location
from solvers.network.check import check_maximum_flow, check_minimum_cost_flow, check_shortest_path
from solvers.network.check_assignment import check_assignment
from solvers.network.explain_assignment import explain_assignment
from solvers.network.explain_facility import explain_facility_location
from solvers.network.explain_flow import explain_minimum_cost_flow
from solvers.network.explain_maximum_flow import explain_maximum_flow
from solvers.network.explain_path import explain_shortest_path
from solvers.network.facility_location import StrongFormulation
from solvers.network.maximum_flow import PushRelabel
from solvers.network.minimum_cost_flow import CostScaling
from solvers.network.semantics import issues, warnings
from solvers.network.shortest_path import BellmanFord, Dijkstra
from solvers.pipeline import answer

KINDS: dict[str, tuple[Any, Feature]] = {
    "shortest-path": (
        ShortestPathProblem,
        Feature(
            solvers={"dijkstra": Dijkstra(), "bellman_ford": BellmanFord()},
            check=check_shortest_path,
            explain=explain_shortest_path,
        ),
    ),
    "maximum-flow": (
        MaximumFlowProblem,
        Feature(solvers={"push_relabel": PushRelabel()}, check=check_maximum_flow, explain=explain_maximum_flow),
    ),
    "minimum-cost-flow": (
        MinimumCostFlowProblem,
        Feature(solvers={"cost_scaling": CostScaling()}, check=check_minimum_cost_flow, explain=explain_minimum_cost_flow),
    ),
    "assignment": (
        AssignmentProblem,
        Feature(
            solvers={"shortest_augmenting_path": ShortestAugmentingPath()}, check=check_assignment, explain=explain_assignment
        ),
    ),
    "facility-location": (
        FacilityLocationProblem,
        Feature(
            solvers={"strong_formulation": StrongFormulation()},
            check=certify_facility_location,
            explain=explain_facility_location,
        ),
    ),
}


def solve(kind: str, *, level: str = "none", **body: Any) -> Answer[Any, Any]:
    """Return the checked answer to a request body that must be valid."""
    problem_type, feature = KINDS[kind]
    body["options"] = {"explain": level, **body.get("options", {})}
    problem = problem_type.model_validate(body)
    assert issues(problem) == []
    return answer(feature, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))


def proved(answer: Answer[Any, Any]) -> bool:
    """Tell whether the answer's certificate is verified and claims proof."""
    return answer.certificate is not None and answer.certificate.verified and answer.certificate.optimality == "proved"
