"""Small problems that several tests post."""

import math
from typing import Any


def routing(clients: int = 12, *, time_limit: float = 1.0, **options: Any) -> dict[str, Any]:
    """Return a routing problem with clients on a spiral around one depot."""
    places = [(round(40 * math.cos(i) * i / clients), round(40 * math.sin(i) * i / clients)) for i in range(1, clients + 1)]
    return {
        "locations": [{"id": "hub", "x": 0, "y": 0}] + [{"id": f"p{i}", "x": x, "y": y} for i, (x, y) in enumerate(places)],
        "travel": {"metric": "euclidean", "rounding": "nearest"},
        "depots": [{"id": "hub", "location": "hub"}],
        "clients": [{"id": f"c{i}", "location": f"p{i}", "delivery": {"load": 1 + i % 4}} for i in range(clients)],
        "vehicle_types": [{"id": "van", "count": clients, "capacity": {"load": 12}, "start_depot": "hub", "end_depot": "hub"}],
        "options": {"time_limit_s": time_limit, **options},
    }


def linear() -> dict[str, Any]:
    """Return the Reddy Mikks production plan (Taha, Operations Research, chapter 2): optimum 21 at x = 3, y = 1.5."""
    return {
        "sense": "max",
        "variables": [{"name": "x", "objective": 5}, {"name": "y", "objective": 4}],
        "constraints": [
            {"name": "m1", "terms": {"x": 6, "y": 4}, "upper": 24},
            {"name": "m2", "terms": {"x": 1, "y": 2}, "upper": 6},
            {"name": "market", "terms": {"x": -1, "y": 1}, "upper": 1},
            {"name": "limit", "terms": {"y": 1}, "upper": 2},
        ],
    }


def facility_location(size: int) -> dict[str, Any]:
    """Return a problem with as many facilities as clients, whose formulation grows with the square of their number."""
    return {
        "facilities": [{"id": f"f{i}", "fixed_cost": 50 + i} for i in range(size)],
        "clients": [{"id": f"c{i}", "demand": 1} for i in range(size)],
        "costs": [[(7 * i + 13 * j) % 97 for j in range(size)] for i in range(size)],
        "options": {"time_limit_s": 5},
    }
