"""Vehicle routing: the problem, the plan, and its explanation."""

from models.routing.current_routes import CurrentRoutes
from models.routing.evaluation import (
    EvaluatedRoute,
    EvaluationExplanation,
    EvaluationOptions,
    EvaluationProblem,
    EvaluationSolution,
    Violation,
)
from models.routing.explanation import (
    ClientCost,
    ClientPrice,
    ColumnGeneration,
    Fix,
    OrderObstacle,
    RouteBound,
    RoutingExplanation,
    UnassignedOrder,
)
from models.routing.given_routes import GivenRoute
from models.routing.problem import (
    Client,
    Depot,
    Location,
    RoutingOptions,
    RoutingProblem,
    RoutingTask,
    Shipment,
    ShipmentStep,
    VehicleType,
)
from models.routing.road import Road, RoadArc, RoadArcColumns, RoadLink, RoadNode, RoadNodeColumns
from models.routing.solution import Route, RoutingSolution, SnappedLocation, Stop, Unassigned, UnassignedReason
from models.routing.suggestion import (
    Insertion,
    Obstacle,
    Suggestion,
    SuggestionExplanation,
    SuggestionOptions,
    SuggestionProblem,
    SuggestionSolution,
)
from models.routing.travel import Profile, Travel

__all__ = [
    "Client",
    "ClientCost",
    "ClientPrice",
    "ColumnGeneration",
    "CurrentRoutes",
    "Depot",
    "EvaluatedRoute",
    "EvaluationExplanation",
    "EvaluationOptions",
    "EvaluationProblem",
    "EvaluationSolution",
    "Fix",
    "GivenRoute",
    "Insertion",
    "Location",
    "Obstacle",
    "OrderObstacle",
    "Profile",
    "Road",
    "RoadArc",
    "RoadArcColumns",
    "RoadLink",
    "RoadNode",
    "RoadNodeColumns",
    "Route",
    "RouteBound",
    "RoutingExplanation",
    "RoutingOptions",
    "RoutingProblem",
    "RoutingSolution",
    "RoutingTask",
    "Shipment",
    "ShipmentStep",
    "SnappedLocation",
    "Stop",
    "Suggestion",
    "SuggestionExplanation",
    "SuggestionOptions",
    "SuggestionProblem",
    "SuggestionSolution",
    "Travel",
    "Unassigned",
    "UnassignedOrder",
    "UnassignedReason",
    "VehicleType",
    "Violation",
]
