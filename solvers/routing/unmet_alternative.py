"""Whether a plan does what was forced, and serves what the plan before it serves; light enough for the front door."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from models.force import RoutingForce
from models.routing import Client, RoutingProblem

INFEASIBLE, NOT_FOUND, SUCCEEDED = "infeasible", "no_solution_found", "succeeded"
MOST_NAMES = 3


def unmet_alternative(
    problem: RoutingProblem, force: RoutingForce | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, str] | None:
    """
    Return why the costs of two plans do not compare: what was forced is not done, or other required orders are served.

    Parameters
    ----------
    problem
        The request with the alternative forced.
    force
        The alternative; None for a what-if.
    before, after
        The two plans.

    Returns
    -------
    tuple or None
        Status and the reason in words: `infeasible` when no plan does what was forced, `no_solution_found` when none was found,
        `succeeded` when it is done and other required orders are left out. None when the plans serve the same required orders.
    """
    missing, lacked = _missing(problem, after), _missing(problem, before)
    named = {} if force is None else {name: missing[name] for name in _named(force) if name in missing}
    if force is not None and named:
        proofs = [*_too_much(problem, force), *(r["message"] for r in named.values() if r["certainty"] == "proven")]
        if proofs:
            return INFEASIBLE, proofs[0]
        name, reason = next(iter(named.items()))
        return NOT_FOUND, f"{name} stays out: {reason['message']}"
    lost, won = [name for name in missing if name not in lacked], [name for name in lacked if name not in missing]
    parts = [f"it leaves out {_listed(lost)}, which the parent serves"] if lost else []
    parts += [f"it serves {_listed(won)}, which the parent leaves out"] if won else []
    return (SUCCEEDED, "; ".join(parts)) if parts else None


def _named(force: RoutingForce) -> dict[str, None]:
    names = [force.client, *(force.together or ()), *(force.apart or ())]
    return dict.fromkeys(name for name in names if name is not None)


def _missing(problem: RoutingProblem, plan: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the required orders that a plan leaves out although nothing stands in for them, with their first reason."""
    required = {client.id for client in problem.clients if client.required}
    required |= {shipment.id for shipment in problem.shipments if shipment.required}
    return {
        left["id"]: left["reasons"][0]
        for left in plan["unassigned"]
        if left["id"] in required and left["reasons"][0]["code"] != "GROUP_SERVED_BY_ANOTHER"
    }


def _too_much(problem: RoutingProblem, force: RoutingForce) -> Iterator[str]:
    """Yield the goods of clients together that are more than any vehicle holds; a reload takes a vehicle out of the proof."""
    clients = [client for client in problem.clients if client.id in set(force.together or ())]
    fleet = [vehicle for vehicle in problem.vehicle_types if vehicle.count and _may_serve(clients, vehicle.id)]
    if not fleet or any(vehicle.reload_depots and vehicle.max_reloads != 0 for vehicle in fleet):
        return
    dimensions = dict.fromkeys(name for client in clients for load in (client.delivery, client.pickup) for name in load)
    for name in dimensions:
        goods = max(math.fsum(getattr(client, end).get(name, 0.0) for client in clients) for end in ("delivery", "pickup"))
        room = max(vehicle.capacity.get(name, math.inf) for vehicle in fleet)
        if goods > room * (1 + 1e-9):
            yield f"together they take {goods:.10g} of {name}, and the largest vehicle that may serve them holds {room:.10g}"


def _may_serve(clients: list[Client], vehicle_type: str) -> bool:
    return all(c.allowed_vehicle_types is None or vehicle_type in c.allowed_vehicle_types for c in clients)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
