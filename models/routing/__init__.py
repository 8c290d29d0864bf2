"""Vehicle routing: the problem, the plan, and its explanation."""

from models.routing.explanation import ClientCost, RouteBound, RoutingExplanation
from models.routing.problem import (
    Client,
    Depot,
    Location,
    RoutingOptions,
    RoutingProblem,
    Shipment,
    ShipmentStep,
    VehicleType,
)
from models.routing.solution import Route, RoutingSolution, Stop, Unassigned, UnassignedReason
from models.routing.travel import Profile, Travel

__all__ = [
    "Client",
    "ClientCost",
    "Depot",
    "Location",
    "Profile",
    "Route",
    "RouteBound",
    "RoutingExplanation",
    "RoutingOptions",
    "RoutingProblem",
    "RoutingSolution",
    "Shipment",
    "ShipmentStep",
    "Stop",
    "Travel",
    "Unassigned",
    "UnassignedReason",
    "VehicleType",
]
