"""Small random routing requests with the conditions that only the general search carries."""

import random
from typing import Any

Request = dict[str, Any]

NAMES = ("breaks", "soft", "relations", "groups", "locks", "objective")
"""Families of conditions that `rich` can put into a request."""


def rich(seed: int, *, families: tuple[str, ...], clients: int = 4, shipments: int = 0, vehicles: int = 2) -> Request:
    """Return an integral request with some of the families of conditions, small enough for enumeration."""
    draw = random.Random(seed)
    places = clients + 2 * shipments
    van: Request = {
        "id": "van",
        "count": vehicles,
        "capacity": {"load": draw.randint(20, 40)},
        "start_depot": draw.choice(["d", "d", "d", None]),
        "end_depot": draw.choice(["d", "d", "d", None]),
        "fixed_cost": draw.choice([0, 20]),
        "shift": [0, draw.randint(300, 500)],
        "cost_per_duration": draw.choice([0, 0, 1]),
    }
    request: Request = {
        "locations": [{"id": "l0", "x": 50, "y": 50}, *(_place(draw, i + 1) for i in range(places))],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d", "location": "l0"}],
        "clients": [_client(draw, i) for i in range(clients)],
        "shipments": [_shipment(draw, i, clients) for i in range(shipments)],
        "vehicle_types": [van],
    }
    for family in families:
        CHANGES[family](draw, request)
    return request


def _place(draw: random.Random, i: int) -> Request:
    return {"id": f"l{i}", "x": draw.randint(0, 100), "y": draw.randint(0, 100)}


def _client(draw: random.Random, i: int) -> Request:
    client = {
        "id": f"c{i}",
        "location": f"l{draw.choice([i + 1, i + 1, 1])}",
        "delivery": {"load": draw.randint(0, 15)},
        "service_duration": draw.randint(0, 20),
        "time_windows": _windows(draw, 250),
    }
    return client | ({"required": False, "prize": draw.randint(0, 80)} if draw.random() < 0.3 else {})


def _shipment(draw: random.Random, i: int, clients: int) -> Request:
    first = clients + 1 + 2 * i
    return {
        "id": f"s{i}",
        "amount": {"load": draw.randint(0, 15)},
        "pickup": {"location": f"l{first}", "time_windows": _windows(draw, 200)},
        "delivery": {"location": f"l{first + 1}", "time_windows": _windows(draw, 350)},
    }


def _windows(draw: random.Random, latest: int) -> list[list[int]]:
    starts = [draw.randint(0, latest) for _ in range(draw.choice([0, 1, 1, 2]))]
    return [[start, start + draw.randint(20, 150)] for start in starts]


def _ends(request: Request) -> list[Request]:
    return [*request["clients"], *(shipment[end] for shipment in request["shipments"] for end in ("pickup", "delivery"))]


def _breaks(draw: random.Random, request: Request) -> None:
    early = draw.randint(0, 200)
    pause = {"id": "lunch", "time_window": [early, early + draw.randint(0, 100)], "duration": draw.randint(5, 40)}
    request["vehicle_types"][0]["breaks"] = [pause | {"outside_route": draw.random() < 0.5}]


def _soft(draw: random.Random, request: Request) -> None:
    van = request["vehicle_types"][0]
    for end in _ends(request):
        if draw.random() < 0.5:
            end |= {"due_time": draw.randint(0, 200), "cost_per_lateness": draw.choice([0.5, 1, 3])}
        end["setup_duration"] = draw.choice([0, 0, 10])
    van["cost_per_waiting"] = draw.choice([0, 0.5, 2])
    if draw.random() < 0.6:
        van |= {"shift": [0, draw.randint(100, 250)], "max_overtime": draw.randint(1, 100), "cost_per_overtime": 2}
    if draw.random() < 0.4:
        van["max_duration"] = draw.randint(100, 250)


def _relations(draw: random.Random, request: Request) -> None:
    names = [client["id"] for client in request["clients"]]
    kinds = ["same_vehicle", "different_vehicles", "sequence", "direct_sequence"]
    chosen = draw.sample(names, min(len(names), draw.choice([2, 3])))
    request["relations"] = [{"kind": draw.choice(kinds), "orders": chosen}]


def _groups(draw: random.Random, request: Request) -> None:
    members = draw.sample(request["clients"], 2)
    optional = draw.random() < 0.5
    for client in members:
        client["group"] = "one of them"
        client["required"] = not optional
        client["prize"] = draw.randint(0, 120)


def _locks(draw: random.Random, request: Request) -> None:
    names = draw.sample([client["id"] for client in request["clients"]], 3)
    lock = {"vehicle_type": "van", "vehicle": draw.randint(1, request["vehicle_types"][0]["count"])}
    request["locks"] = [lock | {"prefix": names[:2], "orders": names[2:]}]


def _objective(draw: random.Random, request: Request) -> None:
    balance = {"measure": draw.choice(["distance", "duration", "stops"]), "kind": draw.choice(["max", "range"]), "weight": 0.5}
    request["objective"] = {"fewest_vehicles": draw.random() < 0.5, "balance": draw.choice([None, balance, balance])}


CHANGES = {
    "breaks": _breaks,
    "soft": _soft,
    "relations": _relations,
    "groups": _groups,
    "locks": _locks,
    "objective": _objective,
}
