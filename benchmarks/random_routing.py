"""Random small routing requests that mix what the contract offers, made from a seed."""

import random
from typing import Any

Request = dict[str, Any]

PLAIN = ("cvrp", "vrptw", "pdptw", "prizes", "heterogeneous")
"""Families that plain enumeration can solve: in the plane, with whole numbers, without reloads."""

FAMILIES = (*PLAIN, "mixed", "mixed", "mixed", "matrix", "road")


def request_of(seed: int) -> tuple[str, Request]:
    """Return a family and a request of it; the same for the same seed."""
    draw = Draw(seed)
    family = draw.pick(FAMILIES)
    return family, (plain(draw, family) if family in PLAIN else mixed(draw, family))


class Draw:
    """Random numbers of one request: whole ones, or with some decimals."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.decimals = self.rng.choice([0, 0, 1, 2, 6])

    def between(self, low: int, high: int) -> int:
        """Return a whole number."""
        return self.rng.randint(low, high)

    def pick(self, options: Any) -> Any:
        """Return one of the options."""
        return self.rng.choice(options)

    def chance(self, probability: float) -> bool:
        """Return true with a probability."""
        return self.rng.random() < probability

    def number(self, low: float, high: float) -> float:
        """Return a number with the decimals of this request."""
        value = round(self.rng.uniform(low, high), self.decimals)
        return int(value) if self.decimals == 0 else value

    def windows(self, counts: list[int], *, latest: int, width: int = 200) -> list[list[float]]:
        """Return some time windows."""
        starts = [self.number(0, latest) for _ in range(self.pick(counts))]
        return [[start, start + self.number(5, width)] for start in starts]

    def some(self, extras: list[tuple[float, Request]]) -> Request:
        """Return the fields that chance adds, each group with its own probability."""
        return {name: value for probability, extra in extras if self.chance(probability) for name, value in extra.items()}


def plain(draw: Draw, family: str) -> Request:
    """Return a request with at most seven stops that enumeration can solve."""
    draw.decimals = 0
    timed = family in ("vrptw", "pdptw") or draw.chance(0.3)
    shipments = draw.pick([1, 2, 2, 3]) if family == "pdptw" else 0
    clients = draw.pick([3, 4, 4, 5, 5, 6]) if not shipments else draw.between(0, 6 - 2 * shipments)
    places = [f"l{i}" for i in range(clients + 2 * shipments + 2)]
    several = family in ("heterogeneous", "prizes")
    return {
        "locations": [{"id": place, "x": draw.number(0, 100), "y": draw.number(0, 100)} for place in places],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d0", "location": "l0"}, {"id": "d1", "location": "l1"}],
        "clients": [
            {
                "id": f"c{i}",
                "location": places[i + 2],
                "delivery": {"load": draw.number(0, 20)},
                "service_duration": draw.number(0, 10) if timed else 0,
                "time_windows": draw.windows([0, 1, 2], latest=300) if timed else [],
                **draw.some(
                    [
                        (0.6 * (family == "prizes"), {"required": False, "prize": draw.number(0, 150)}),
                        (0.3 * several, {"skills": ["cold"]}),
                        (0.2 * several, {"pickup": {"load": draw.number(0, 20)}}),
                        (0.3 * timed, {"release_time": draw.number(0, 100)}),
                        (0.2, {"priority": draw.between(0, 5)}),
                    ]
                ),
            }
            for i in range(clients)
        ],
        "shipments": [
            {
                "id": f"s{i}",
                "amount": {"load": draw.number(0, 20)},
                "pickup": {"location": places[clients + 2 + 2 * i], "time_windows": draw.windows([0, 1], latest=200)},
                "delivery": {"location": places[clients + 3 + 2 * i], "time_windows": draw.windows([0, 1], latest=500)},
            }
            for i in range(shipments)
        ],
        "vehicle_types": [_plain_type(draw, name, timed=timed, several=several) for name in ("van", "lorry")[: 1 + several]],
    }


def _plain_type(draw: Draw, name: str, *, timed: bool, several: bool) -> Request:
    base = {
        "id": name,
        "count": draw.between(1, 3),
        "capacity": {"load": draw.number(20, 60)},
        "fixed_cost": draw.number(0, 50),
    }
    ends = {"start_depot": draw.pick(["d0", "d1"]), "end_depot": draw.pick(["d0", "d1", None])} if several else {}
    extras = draw.some(
        [
            (0.5 * timed, {"shift": [draw.number(0, 50), draw.number(400, 600)]}),
            (0.5 * timed, {"cost_per_duration": draw.between(0, 2)}),
            (0.3 * timed, {"max_duration": draw.number(200, 500)}),
            (0.3, {"max_distance": draw.number(150, 400)}),
            (0.3 * several, {"max_stops": draw.between(1, 4)}),
            (0.5 * several, {"skills": ["cold"]}),
            (0.5 * several, {"cost_per_distance": draw.between(1, 3)}),
        ]
    )
    return {"start_depot": "d0", "end_depot": "d0", **base, **ends, **extras}


def mixed(draw: Draw, family: str) -> Request:
    """Return a request that mixes everything, in the plane, with matrices where ways are missing, or on a road network."""
    shipments = draw.pick([0, 0, 0, 1, 2])
    clients = draw.between(1 if shipments else 2, 7)
    count = clients + 2 * shipments + 3
    types = ["a", "b", "c"][: draw.between(1, 3)]
    scale = draw.pick([1, 1, 1, 10])
    locations: list[Request] = [{"id": f"l{i}", "x": draw.number(0, 100), "y": draw.number(0, 100)} for i in range(count)]
    return {
        "locations": locations,
        "travel": {
            **_travel(draw, family, locations),
            "rounding": draw.pick(["none", "none", "nearest", "down"]),
            "scale": scale,
        },
        "depots": [
            {"id": "d0", "location": "l0"},
            {"id": "d1", "location": "l1", "time_window": [draw.number(0, 50 * scale), draw.number(500 * scale, 1000 * scale)]},
            {"id": "d2", "location": "l2"},
        ],
        "clients": [_client(draw, i, f"l{i + 3}", types, scale) for i in range(clients)],
        "shipments": [_shipment(draw, i, clients + 3 + 2 * i, scale) for i in range(shipments)],
        "vehicle_types": [_vehicle_type(draw, name, paired=shipments > 0, scale=scale) for name in types],
    }


def _travel(draw: Draw, family: str, locations: list[Request]) -> Request:
    slow = {"speed": 0.7, "detour_factor": 1.3, "speed_factor": draw.pick([1, 0.8])}
    if family == "mixed":
        return {"profiles": {"default": {}, "slow": slow}}
    if family == "matrix":
        return {"metric": "matrix", "profiles": {name: _matrices(draw, len(locations)) for name in ("default", "slow")}}
    nodes = [f"n{i}" for i in range(draw.between(6, 15))]
    arcs = [
        {"tail": draw.pick(nodes), "head": draw.pick(nodes), "length": draw.number(1, 60), "duration": draw.number(1, 60)}
        for _ in range(4 * len(nodes))
    ]
    road = {"nodes": [{"id": node, "x": draw.number(0, 100), "y": draw.number(0, 100)} for node in nodes], "arcs": arcs}
    slow["route_by"] = draw.pick(["duration", "distance", None])
    return {"metric": "road", "road": road, "profiles": {"default": {}, "slow": slow}}


def _matrices(draw: Draw, count: int) -> Request:
    closed = draw.pick([0.0, 0.0, 0.05, 0.2])
    names = ("distances", "durations") if draw.chance(0.6) else ("distances",)

    def entry(tail: int, head: int) -> float | None:
        return 0 if tail == head else None if draw.chance(closed) else draw.number(1, 100)

    return {name: [[entry(tail, head) for head in range(count)] for tail in range(count)] for name in names}


def _client(draw: Draw, i: int, place: str, types: list[str], scale: int) -> Request:
    return {
        "id": f"c{i}",
        "location": place,
        "delivery": {"load": draw.number(0, 20)},
        "time_windows": draw.windows([0, 0, 1, 2, 3], latest=600 * scale, width=200 * scale),
        **draw.some(
            [
                (0.5, {"service_duration": draw.number(0, 10 * scale)}),
                (0.3, {"pickup": {"load": draw.number(0, 20), "weight": draw.number(0, 5)}}),
                (0.3, {"required": False, "prize": draw.number(0, 100 * scale)}),
                (0.2, {"skills": ["cold"]}),
                (0.15, {"allowed_vehicle_types": [draw.pick(types)]}),
                (0.2, {"release_time": draw.number(0, 200 * scale)}),
                (0.2, {"priority": draw.between(0, 9)}),
            ]
        ),
    }


def _shipment(draw: Draw, i: int, place: int, scale: int) -> Request:
    return {
        "id": f"s{i}",
        "amount": {"load": draw.number(0, 20)},
        "pickup": {"location": f"l{place}", "time_windows": draw.windows([0, 1], latest=200 * scale, width=300 * scale)},
        "delivery": {"location": f"l{place + 1}", "time_windows": draw.windows([0, 1], latest=500 * scale, width=300 * scale)},
        **draw.some([(0.3, {"required": False, "prize": draw.number(0, 100 * scale)}), (0.2, {"skills": ["cold"]})]),
    }


def _vehicle_type(draw: Draw, name: str, *, paired: bool, scale: int) -> Request:
    depots = ["d0", "d0", "d1", "d2", None]
    kind = draw.rng.random()
    return {
        "id": name,
        "count": draw.between(0, 3),
        "capacity": {"load": draw.number(20, 60)},
        "start_depot": draw.pick(depots),
        "end_depot": draw.pick(depots),
        "profile": draw.pick(["default", "slow"]),
        **draw.some(
            [
                (0.4, {"shift": [draw.number(0, 50 * scale), draw.number(400 * scale, 900 * scale)]}),
                (0.4, {"fixed_cost": draw.number(0, 50 * scale)}),
                (0.4, {"cost_per_duration": draw.number(0, 3)}),
                (0.4, {"cost_per_distance": draw.number(0, 3)}),
                (0.3, {"max_distance": draw.number(100 * scale, 500 * scale)}),
                (0.3, {"max_duration": draw.number(100 * scale, 500 * scale)}),
                (0.4, {"skills": ["cold"]}),
                (float(kind < 0.2), {"reload_depots": ["d0"]}),
                (float(kind < 0.1), {"max_reloads": draw.between(0, 2)}),
                (float(0.3 < kind < 0.5 and not paired), {"max_stops": draw.between(0, 4)}),
            ]
        ),
    }
