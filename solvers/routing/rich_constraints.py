"""
Which conditions of a request only the general search carries, and what that means for those that leave them out.

A bound, a proof or a search that ignores these conditions works on another problem. It is a relaxation, whose bounds stay
valid, unless `relaxed_by_ignoring` says otherwise.
"""

from models.routing import Client, ShipmentStep, VehicleType
from models.routing.constraints import Lateness
from models.routing.problem import RoutingTask

MAX_ORDERS = 3_000
"""Most clients and shipments of a request with such conditions, and most locations."""

FEWEST_VEHICLES = "fewest vehicles first"
"""What compiled ruin and recreate carries too, by a price above any plan."""


def rich_constraints(problem: RoutingTask) -> dict[str, str]:
    """Return the conditions of a request that not every search carries: in words, with where they stand."""
    fleet = [vehicle_type for vehicle_type in problem.vehicle_types if vehicle_type.count]
    ends: list[Client | ShipmentStep] = [*problem.clients]
    clients = len(ends)
    ends += [step for order in problem.shipments for step in (order.pickup, order.delivery)]
    found = [
        ("breaks", "/vehicle_types", any(vehicle_type.breaks for vehicle_type in fleet)),
        ("lateness costs", "/clients", any(is_soft(end) for end in ends)),
        ("overtime", "/vehicle_types", any(vehicle_type.max_overtime for vehicle_type in fleet)),
        ("waiting costs", "/vehicle_types", any(vehicle_type.cost_per_waiting for vehicle_type in fleet)),
        ("setup durations", "/clients", any(end.setup_duration for end in ends)),
        ("several windows of a shipment", "/shipments", any(len(end.time_windows) > 1 for end in ends[clients:])),
        (
            "most stops with shipments or reloads",
            "/vehicle_types",
            any(_counts_stops(problem, vehicle_type) for vehicle_type in fleet),
        ),
        ("groups", "/clients", any(client.group is not None for client in problem.clients)),
        ("relations", "/relations", bool(problem.relations)),
        ("locks", "/locks", bool(problem.locks)),
        (FEWEST_VEHICLES, "/objective/fewest_vehicles", problem.objective.fewest_vehicles),
        ("balance", "/objective/balance", problem.objective.balance is not None),
    ]
    return {name: pointer for name, pointer, holds in found if holds}


def has_rich_constraints(problem: RoutingTask) -> bool:
    """Tell whether a request has a condition that only the general search carries."""
    return bool(rich_constraints(problem))


def judged_whole(problem: RoutingTask) -> dict[str, str]:
    """Return the conditions that need whole routes to be judged: all but fewest vehicles, which only orders the plans."""
    return {name: pointer for name, pointer in rich_constraints(problem).items() if name != FEWEST_VEHICLES}


def relaxed_by_ignoring(problem: RoutingTask) -> bool:
    """
    Tell whether a problem without these conditions is a relaxation: each of its lower bounds holds for the problem, too.

    It is not where a client need not be served because another one of its group is, and where routes may be longer than
    shift and max_duration say.
    """
    return not any(client.group is not None for client in problem.clients) and not any(
        vehicle_type.max_overtime for vehicle_type in problem.vehicle_types if vehicle_type.count
    )


def is_soft(end: Lateness) -> bool:
    """Tell whether service at a client or at one end of a shipment can be late at a price."""
    return end.due_time is not None and end.cost_per_lateness > 0


def _counts_stops(problem: RoutingTask, vehicle_type: VehicleType) -> bool:
    return vehicle_type.max_stops is not None and bool(problem.shipments or vehicle_type.reload_depots)
