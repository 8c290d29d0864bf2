"""Random small routing requests with the conditions of the general search, made from a seed."""

from typing import Any

from benchmarks.random_routing import Draw, Request, mixed
from tests.solvers.routing.rich.instances import NAMES, rich

ENUMERATED = "rich_enumerated"
MIXED = "rich_mixed"
"""Families: up to four orders in the plane with whole numbers, which enumeration can solve, and everything together."""

Change = Any


def rich_request_of(seed: int) -> tuple[str, Request]:
    """Return a family and a request of it; the same for the same seed."""
    draw = Draw(seed)
    if draw.chance(0.5):
        names = tuple(name for name in NAMES if draw.chance(0.45)) or (draw.pick(NAMES),)
        shipments = draw.pick([0, 0, 1])
        return ENUMERATED, rich(draw.between(0, 10**9), families=names, clients=4 - shipments, shipments=shipments)
    request = mixed(draw, draw.pick(["mixed", "mixed", "matrix", "road"]))
    return MIXED, _enriched(draw, request)


def _enriched(draw: Draw, request: Request) -> Request:
    """Return a request with some of the conditions that need whole routes to be judged."""
    scale = request["travel"].get("scale", 1)
    for vehicle_type in request["vehicle_types"]:
        vehicle_type |= _duties(draw, scale)
    ends = [*request["clients"], *(order[end] for order in request["shipments"] for end in ("pickup", "delivery"))]
    for end in ends:
        end |= draw.some(
            [
                (0.4, {"due_time": draw.number(0, 500 * scale), "cost_per_lateness": draw.number(0, 3)}),
                (0.3, {"setup_duration": draw.number(0, 20 * scale)}),
            ]
        )
    orders = [order["id"] for order in (*request["clients"], *request["shipments"])]
    changes: list[tuple[float, Change]] = [(0.4, _group), (0.5, _relation), (0.4, _lock), (0.4, _objective), (0.3, _current)]
    for probability, change in changes:
        if draw.chance(probability):
            change(draw, request, orders)
    return request


def _duties(draw: Draw, scale: int) -> Request:
    """Return breaks and soft limits of a vehicle type."""
    pauses = []
    for i in range(draw.pick([0, 0, 1, 1, 2])):
        early = draw.number(200 * i * scale, (200 * i + 150) * scale)
        window = [early, early + draw.number(0, 150 * scale)]
        duration = draw.number(5 * scale, 40 * scale)
        pauses.append({"id": f"b{i}", "time_window": window, "duration": duration, "outside_route": draw.chance(0.5)})
    return {
        "breaks": pauses,
        **draw.some(
            [
                (0.4, {"cost_per_waiting": draw.number(0, 3)}),
                (0.4, {"max_overtime": draw.number(1, 200 * scale), "cost_per_overtime": draw.number(0, 3)}),
                (0.3, {"max_stops": draw.between(1, 5)}),
            ]
        ),
    }


def _group(draw: Draw, request: Request, orders: list[str]) -> None:
    members = draw.rng.sample(request["clients"], min(len(request["clients"]), draw.pick([2, 3])))
    required = draw.chance(0.5)
    for client in members:
        client |= {"group": "one of them", "required": required, "prize": draw.number(0, 100)}


def _relation(draw: Draw, request: Request, orders: list[str]) -> None:
    clients = [client["id"] for client in request["clients"]]
    kind = draw.pick(["same_vehicle", "different_vehicles", "sequence", "direct_sequence"])
    names = clients if "sequence" in kind else orders
    if len(names) > 1:
        chosen = draw.rng.sample(names, min(len(names), draw.pick([2, 2, 3])))
        request["relations"] = [{"kind": kind, "orders": chosen}]


def _lock(draw: Draw, request: Request, orders: list[str]) -> None:
    clients = [client["id"] for client in request["clients"]]
    vehicle_type = draw.pick(request["vehicle_types"])
    if not vehicle_type["count"]:
        return
    chosen = draw.rng.sample(clients, min(len(clients), draw.pick([1, 2, 3])))
    cut = draw.between(0, len(chosen))
    lock = {"vehicle_type": vehicle_type["id"], "vehicle": draw.between(1, vehicle_type["count"])}
    request["locks"] = [lock | {"prefix": chosen[:cut], "orders": chosen[cut:]}]


def _objective(draw: Draw, request: Request, orders: list[str]) -> None:
    measure, kind = draw.pick(["distance", "duration", "stops"]), draw.pick(["max", "range"])
    balance = {"measure": measure, "kind": kind, "weight": draw.number(0.1, 2) or 0.5}
    request["objective"] = {"fewest_vehicles": draw.chance(0.4), "balance": balance if draw.chance(0.7) else None}


def _current(draw: Draw, request: Request, orders: list[str]) -> None:
    """Give routes that may break anything: stops in random order, some twice, some unknown."""
    stops = [client["id"] for client in request["clients"]] + ["stranger"]
    stops += [f"{end}:{order['id']}" for order in request["shipments"] for end in ("pickup", "delivery")]
    types = [vehicle_type["id"] for vehicle_type in request["vehicle_types"]]
    request["current_routes"] = [
        {"vehicle_type": draw.pick(types), "stops": [draw.pick(stops) for _ in range(draw.between(0, 6))]}
        for _ in range(draw.between(1, 3))
    ]
