"""Network problems and their answers; node ids are text, `demand` > 0 receives, parallel arcs are kept apart."""

from models.network.assignment import AssignmentProblem, AssignmentSolution
from models.network.explanation import Cut, FacilityLocationExplanation, NetworkExplanation
from models.network.facility_location import FacilityLocationProblem, FacilityLocationSolution
from models.network.maximum_flow import MaximumFlowProblem, MaximumFlowSolution
from models.network.minimum_cost_flow import MinimumCostFlowProblem, MinimumCostFlowSolution
from models.network.shortest_path import ShortestPathProblem, ShortestPathSolution

__all__ = [
    "AssignmentProblem",
    "AssignmentSolution",
    "Cut",
    "FacilityLocationExplanation",
    "FacilityLocationProblem",
    "FacilityLocationSolution",
    "MaximumFlowProblem",
    "MaximumFlowSolution",
    "MinimumCostFlowProblem",
    "MinimumCostFlowSolution",
    "NetworkExplanation",
    "ShortestPathProblem",
    "ShortestPathSolution",
]
