"""
What prices of clients and of cuts prove, by enumeration: every sequence of clients that one vehicle can carry is priced.

Reads the request as plain JSON and shares nothing with the product. Capacity only, one kind of vehicle, distances in the plane
rounded to the nearest integer; at most about seven clients.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A set of clients with a price: its border is crossed `least` times; of three, one route at most visits two."""

    clients: frozenset[int]
    least: int
    price: float


def proved_by(
    request: dict[str, Any], clients: Mapping[int, float], *, fleet: float, borders: Sequence[Cut], threes: Sequence[Cut]
) -> float:
    """Return what every plan costs at least, by weak duality with the least reduced cost of all routes."""
    kind = request["vehicle_types"][0]
    least = 0.0
    for size in range(1, len(clients) + 1):
        for stops in itertools.permutations(clients, size):
            if _load(request, stops) <= kind["capacity"]["load"]:
                least = min(least, _reduced(request, stops, clients, borders, threes) - fleet)
    constant = sum(clients.values()) + sum(cut.least * cut.price for cut in borders) - sum(cut.price for cut in threes)
    return constant + kind["count"] * (fleet + least)


def _load(request: dict[str, Any], stops: Sequence[int]) -> float:
    return float(sum(request["clients"][i].get("delivery", {}).get("load", 0) for i in stops))


def _reduced(
    request: dict[str, Any], stops: Sequence[int], clients: Mapping[int, float], borders: Sequence[Cut], threes: Sequence[Cut]
) -> float:
    places = [request["depots"][0]["location"], *(request["clients"][i]["location"] for i in stops)]
    points = {place["id"]: (place["x"], place["y"]) for place in request["locations"]}
    ways = [math.floor(math.dist(points[tail], points[head]) + 0.5) for tail, head in itertools.pairwise([*places, places[0]])]
    cost = request["vehicle_types"][0].get("fixed_cost", 0) + sum(ways) - sum(clients[i] for i in stops)
    for cut in borders:
        inside = [False, *(i in cut.clients for i in stops), False]
        cost -= cut.price * sum(here != there for here, there in itertools.pairwise(inside))
    return float(cost + sum(cut.price * (len(cut.clients & set(stops)) // 2) for cut in threes))
